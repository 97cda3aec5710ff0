"""Where tiles come from: a server, or a file that holds them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from encoder_tool.tiles.web_mercator import MAX_ZOOM, Tile

DEFAULT_TILE_PX = 256


@dataclass(frozen=True, slots=True)
class WebSource:
    """A tile server.

    title: what it is called in sentences and in a raster's metadata; holds no key
    identity: what tells it from others in the tiles' cache; may hold a key
    url_of: the address of a tile
    expected_tile_px: pixels of a tile, as far as the address tells
    max_tiles: that its terms allow at once; None where they name no number
    remark: what its terms say, as a sentence
    headers: that requests have beside the usual ones
    """

    title: str
    host: str
    identity: str
    url_of: Callable[[Tile], str]
    attribution: str | None
    connections: int
    min_zoom: int = 0
    max_zoom: int = MAX_ZOOM
    expected_tile_px: int = DEFAULT_TILE_PX
    max_tiles: int | None = None
    remark: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class TileArchive(Protocol):
    """A file of tiles; one thread at a time."""

    path: Path
    attribution: str | None
    min_zoom: int
    max_zoom: int

    @property
    def title(self) -> str: ...

    def read(self, tile: Tile) -> bytes | None:
        """An image file, or None where there is no tile. Raises TileError for a damaged file."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...


def plain_text(markup: object) -> str | None:
    """An attribution without its links: many are snippets of HTML. None for nothing."""
    if not isinstance(markup, str):
        return None
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split()) or None
