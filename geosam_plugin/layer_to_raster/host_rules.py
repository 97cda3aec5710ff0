"""How many tiles the terms of well-known tile servers let one take at once. The engine has the same
rule for those that it fetches itself."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_MOST_TILES = {"tile.openstreetmap.org": 100, "tile.osm.org": 100}
"""OpenStreetMap's own servers are paid by donations, and forbid bulk downloads."""

_SWITCH = re.compile(r"\{switch:([^}]*)\}")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")


def most_tiles(url: str) -> tuple[str, int] | None:
    """The server that a template of tiles' addresses names, and how many of them it may be asked
    for at once; None where its terms name no number."""
    for host in _hosts(url):
        for domain, most in _MOST_TILES.items():
            if host == domain or host.endswith(f".{domain}"):
                return host, most
    return None


def _hosts(url: str) -> set[str]:
    """Those of servers that take turns, all."""
    switch = _SWITCH.search(url)
    if switch is not None:
        choices = switch[1].split(",")
        return {host for one in choices for host in _hosts(url.replace(switch[0], one))}
    try:
        return {(urlsplit(_PLACEHOLDER.sub("0", url)).hostname or "").rstrip(".")}
    except ValueError:  # brackets that are no IPv6 address
        return set()
