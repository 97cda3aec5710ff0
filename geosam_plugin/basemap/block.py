"""A part of the world as one image: a square block of tiles, described by a small file that the
engine takes for a raster (docs/basemaps.md has its form).

Blocks overlap. What is clicked belongs to the one whose core holds it, and so is always in the
same patches; around the core is a margin, so that a thing on the border of two cores is whole in
both.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from math import floor
from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import QgsPointXY, QgsRectangle

from geosam_plugin.basemap.source import BasemapSource
from geosam_plugin.basemap.tile_grid import HALF_WORLD_M
from geosam_plugin.cache_paths import user_folder

CORE_PX = 16_384
"""Side of a block's core: 2 to 10 km at the zooms of buildings. Cores lie on a grid of that size,
without gaps."""

MARGIN_PX = 2_048
"""Around the core, but where the world ends: two patches. So far beyond the core a thing goes on
that is clicked in it; nothing is fetched there unless it is seen, or such a thing goes on there."""

PLACES_VARIABLE = "ENCODER_TOOL_PLACES"
"""Environment variable that names the folder of web maps that were looked at; the engine's, too."""

SUFFIX = ".tiles.json"

FORMAT, FORMAT_VERSION = "encoder-tool tiles", 1


class TileRange(NamedTuple):
    """A rectangle of tiles; x, y: column and row of the north-western one, from the world's
    north-western corner."""

    x: int
    y: int
    columns: int
    rows: int

    def extent(self, zoom: int) -> QgsRectangle:
        """In EPSG:3857."""
        tile = 2 * HALF_WORLD_M / (1 << zoom)
        left, top = self.x * tile - HALF_WORLD_M, HALF_WORLD_M - self.y * tile
        return QgsRectangle(left, top - self.rows * tile, left + self.columns * tile, top)


@dataclass(frozen=True)
class Block:
    """Tiles of one zoom.

    tiles: all of it, which is the raster
    core: without the margin; what is clicked there belongs to this block
    """

    source: BasemapSource
    zoom: int
    core: TileRange
    tiles: TileRange

    @property
    def extent(self) -> QgsRectangle:
        """Of all of it, in EPSG:3857."""
        return self.tiles.extent(self.zoom)

    @property
    def core_extent(self) -> QgsRectangle:
        """In EPSG:3857."""
        return self.core.extent(self.zoom)

    @property
    def path(self) -> Path:
        """Of the file that stands for it; what it is encoded into lies beside it. Another address,
        style or date is in another folder."""
        x, y, columns, rows = self.tiles
        name = f"z{self.zoom}_x{x}_y{y}_{columns}x{rows}{SUFFIX}"
        return _places_folder() / self.source.folder_name / name

    def write(self, title: str) -> None:
        """Make its file, unless it is there already: a title that has changed is no other image.

        Addresses may hold keys: nobody else may read them. Raises OSError.
        """
        if _is_same(self.path, self._described("")):
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps(self._described(title), indent=1, ensure_ascii=False)
        partial = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            partial.touch(0o600)
            partial.write_text(text, encoding="utf-8")
            partial.replace(self.path)
        except OSError:
            with suppress(OSError):
                partial.unlink()
            raise

    def _described(self, title: str) -> dict[str, Any]:
        source = self.source
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "name": title,
            "url": source.url,
            "headers": dict(source.headers),
            "zoom": self.zoom,
            "min_zoom": min(source.min_zoom, self.zoom),
            "tile_px": source.tile_px,
            **self.tiles._asdict(),
            "attribution": source.attribution or None,
        }


def block_at(source: BasemapSource, zoom: int, place: QgsPointXY) -> Block | None:
    """The block whose core holds a place in EPSG:3857; None beyond the square world."""
    world = 1 << zoom
    side, margin = min(CORE_PX // source.tile_px, world), MARGIN_PX // source.tile_px
    tile = 2 * HALF_WORLD_M / world
    column = floor((place.x() + HALF_WORLD_M) / tile)
    row = floor((HALF_WORLD_M - place.y()) / tile)
    if not (0 <= column < world and 0 <= row < world):
        return None
    x, y = column // side * side, row // side * side
    left, top = max(x - margin, 0), max(y - margin, 0)
    right, bottom = (min(first + side + margin, world) for first in (x, y))
    tiles = TileRange(left, top, right - left, bottom - top)
    return Block(source, zoom, TileRange(x, y, side, side), tiles)


def _places_folder() -> Path:
    named = os.environ.get(PLACES_VARIABLE)
    return Path(named) if named else user_folder() / "places"


def _is_same(path: Path, described: dict[str, Any]) -> bool:
    """Whether a file says the same, but for how the map is called and whom to name."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    told = ("name", "attribution")
    return isinstance(found, dict) and (
        {key: value for key, value in found.items() if key not in told}
        == {key: value for key, value in described.items() if key not in told}
    )
