"""What the terms of well-known tile servers ask of programs like this one, by host.

They hold however a source is named. docs/basemaps.md says the same in plain words.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_CONNECTIONS = 4
MOST_CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class HostRule:
    """The limits of a server.

    connections: at once, where nobody says how many; most_connections: whoever says what
    max_tiles: at once; None where the terms name no number
    remark: a sentence on what the terms say, shown before anything is fetched
    """

    connections: int = DEFAULT_CONNECTIONS
    most_connections: int = MOST_CONNECTIONS
    max_tiles: int | None = None
    remark: str | None = None


OSM_RULE = HostRule(
    connections=2,
    most_connections=2,
    max_tiles=100,
    remark="OpenStreetMap's own servers are paid by donations and forbid bulk downloads and "
    "prefetching: 100 tiles at once is what this program takes from them.",
)

_FORBIDS_KEEPING = (
    "The terms of {} forbid to keep its tiles and to trace or derive data from them, unless a "
    "contract of yours says otherwise."
)

_RULES = {
    "tile.openstreetmap.org": OSM_RULE,
    "tile.osm.org": OSM_RULE,
    "google.com": HostRule(remark=_FORBIDS_KEEPING.format("Google Maps")),
    "googleapis.com": HostRule(remark=_FORBIDS_KEEPING.format("Google Maps")),
    "virtualearth.net": HostRule(remark=_FORBIDS_KEEPING.format("Bing Maps")),
    "arcgisonline.com": HostRule(
        remark="Esri's terms allow its basemaps within its own products and forbid to download "
        "them in bulk; ask Esri for tiles to keep."
    ),
    "mapbox.com": HostRule(
        remark="Mapbox's terms forbid to keep its tiles outside of its own software, and to "
        "trace them for anything but OpenStreetMap and non-commercial use."
    ),
    "geo.admin.ch": HostRule(
        remark="swisstopo asks that its services are not read out in bulk: for work offline it "
        "offers the same images as files (SWISSIMAGE)."
    ),
}


def rule_of(*hosts: str) -> HostRule:
    """The rule of a host or of the domain that it belongs to; of several that take turns, the first
    that there is one for."""
    for host in hosts:
        name = host.rstrip(".")  # the root's dot: the same host
        for domain, rule in _RULES.items():
            if name == domain or name.endswith(f".{domain}"):
                return rule
    return HostRule()
