"""Addresses of tiles: URL templates as QGIS, Leaflet and JOSM write them.

{x} {y} {z}       column, row from the north, zoom; {zoom} too
{-y}              row from the south (TMS)
{q}               quadkey; {quadkey} too
{s}               one of a, b and c
{switch:a,b,c}    one of those that are listed
{r}               @2x: tiles of twice the pixels
{bbox}            edges in EPSG:3857, west, south, east, north: a WMS's GetMap of one tile
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from encoder_tool.errors import UsageError
from encoder_tool.tiles.web_mercator import Tile, tile_edges

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

_ESCAPED = re.compile(r"%7B(-?[xyzqrs]|zoom|quadkey|bbox|switch:[^{}%]+)%7D", re.IGNORECASE)
"""Placeholders in the sources of QGIS's layers; other braces may belong to the address."""

_SWITCH = "switch:"

_SUBDOMAINS = ("a", "b", "c")

_RETINA = "@2x"


def _bbox(tile: Tile) -> str:
    """To a micrometre, never in scientific notation, which some servers do not read."""
    return ",".join(f"{edge:.6f}" for edge in tile_edges(tile))


_OF_TILE: dict[str, Callable[[Tile], str]] = {
    "x": lambda tile: str(tile.x),
    "y": lambda tile: str(tile.y),
    "-y": lambda tile: str(tile.row_from_south),
    "z": lambda tile: str(tile.zoom),
    "zoom": lambda tile: str(tile.zoom),
    "q": lambda tile: tile.quadkey,
    "quadkey": lambda tile: tile.quadkey,
    "r": lambda tile: _RETINA,
    "bbox": _bbox,
    "bbox-epsg-3857": _bbox,
}

_COMPLETE = ({"x"}, {"y", "-y"}, {"z", "zoom"})
"""One of each names a tile, where none of these does by itself."""

_BBOXES = {"bbox", "bbox-epsg-3857"}

_COMPLETE_ALONE = {"q", "quadkey"} | _BBOXES

_WEB_CRS = {"EPSG:3857", "EPSG:900913", "EPSG:102100", "EPSG:102113", "EPSG:3785"}
"""One CRS, as servers have called it."""

_KEY_WORDS = ("key", "token", "secret", "access", "signature", "auth")


@dataclass(frozen=True, slots=True)
class UrlTemplate:
    """A checked template."""

    text: str

    @property
    def host(self) -> str:
        """The server's name, for sentences: the address itself may hold a key."""
        return host_of(self.text)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of all servers that take turns."""
        turns = max((len(_choices(name)) for name in _PLACEHOLDER.findall(self.text)), default=1)
        return tuple(dict.fromkeys(host_of(self.text, turn) for turn in range(turns)))

    @property
    def is_retina(self) -> bool:
        return "{r}" in self.text or _RETINA in self.text

    def url(self, tile: Tile) -> str:
        """Where a tile is; the same tile is always at the same place, so that caches find it."""

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name == "s" or name.startswith(_SWITCH):
                choices = _choices(name)
                return choices[(tile.x + tile.y) % len(choices)]
            return _OF_TILE[name](tile)

        return _PLACEHOLDER.sub(value, self.text)


def parse_template(text: str) -> UrlTemplate:
    """Raises UsageError for what is no template of http(s) addresses, saying what it lacks."""
    if not text.lower().startswith(("http://", "https://")):
        scheme, mark, _ = text.partition("://")
        # An address without one may hold a key anywhere.
        end = f", not from {scheme}." if mark and scheme.isalnum() else ": the address begins so."
        raise UsageError(
            f"Tiles are fetched from http or https{end}",
            "Local tiles are read from an .mbtiles or .pmtiles file.",
        )
    text = _ESCAPED.sub(r"{\1}", text)
    names = _PLACEHOLDER.findall(text)
    for name in names:
        if name in _OF_TILE or name == "s" or (name.startswith(_SWITCH) and all(_choices(name))):
            continue
        if any(word in name.lower() for word in _KEY_WORDS):
            raise UsageError(
                f"The source needs a key: write yours in place of {{{name}}}.",
                "Its provider hands them out, and its terms say what they allow.",
            )
        raise UsageError(
            f"The template has {{{name}}}, which is not known.",
            "Known are {x}, {y}, {-y}, {z}, {q}, {bbox}, {s}, {switch:a,b,c} and {r}.",
        )
    if not _COMPLETE_ALONE & set(names) and not all(part & set(names) for part in _COMPLETE):
        raise UsageError(
            "The address does not say where the numbers of a tile go.",
            "Write {x}, {y} and {z} in it, as in https://host/{z}/{x}/{y}.png, {q}, or {bbox}.",
        )
    template = UrlTemplate(text)
    if not template.host:
        raise UsageError("The address names no host.")
    if _BBOXES & set(names):
        _require_web_crs(text)
    return template


def _require_web_crs(url: str) -> None:
    """A server would take the edges for those of another CRS, and show another place."""
    for name, value in parse_qsl(urlsplit(url).query):
        if name.lower() in ("crs", "srs") and value.upper() not in _WEB_CRS:
            raise UsageError(
                f"{{bbox}} is in EPSG:3857, and the address asks for {value}.",
                "Write EPSG:3857 there, if the server has it.",
            )


def host_of(url: str, turn: int = 0) -> str:
    """The host of an address, without port, user and password; empty where there is none.

    turn: of servers that take turns, this one
    """

    def choice(match: re.Match[str]) -> str:
        choices = _choices(match[1])
        return choices[turn % len(choices)]

    try:
        return urlsplit(_PLACEHOLDER.sub(choice, url)).hostname or ""
    except ValueError:  # brackets that are no IPv6 address
        return ""


def _choices(name: str) -> tuple[str, ...]:
    if name.startswith(_SWITCH):
        return tuple(name.removeprefix(_SWITCH).split(","))
    return _SUBDOMAINS
