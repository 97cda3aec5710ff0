"""Places of web maps that were seen: a raster of whole tiles each, with its features beside it.

A request's box is widened to blocks of tiles, so that a map that is moved a little is still on
the same raster, with the same patches. A box that lies on a raster that is there already takes
that one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from encoder_tool.errors import OutputError, UsageError
from encoder_tool.tiles import TilesRequest, plan_tiles, run_tiles
from encoder_tool.tiles.open_source import open_source
from encoder_tool.tiles.plan import ASK_ABOVE
from encoder_tool.tiles.request import checked_bbox
from encoder_tool.tiles.source import DEFAULT_TILE_PX, WebSource
from encoder_tool.tiles.store import store_path
from encoder_tool.tiles.web_client import PATIENCE, Patience
from encoder_tool.tiles.web_mercator import (
    MAX_ZOOM,
    Tile,
    TileRange,
    tile_bounds,
    tiles_of,
    window_of,
)
from encoder_tool.types import BoundsMap

PLACES_VARIABLE = "ENCODER_TOOL_PLACES"
"""Environment variable that names the directory of places that were seen."""

BLOCK_TILES = 4
"""Of 256 pixels: a patch."""

_NAME = re.compile(r"z(\d+)_x(\d+)_y(\d+)_(\d+)x(\d+)\.tif")


@dataclass(frozen=True, slots=True)
class Place:
    """raster: of a place; is_new: it was made just now; fetched: tiles that had to come for it"""

    raster: Path
    is_new: bool
    fetched: int


class Places:
    """The places of one source."""

    def __init__(self, source: str, patience: Patience = PATIENCE) -> None:
        """Raises what `open_source` raises."""
        opened = open_source(source, patience=patience)
        if not isinstance(opened, WebSource):
            opened.close()
            raise UsageError(
                "A request is answered from a tile server, not from a file of tiles.",
                "Make a raster of it by `encoder-tool tiles`, and segment that.",
            )
        self._name = source
        self._source = opened
        self._patience = patience
        self._folder = places_directory() / store_path(opened.host, opened.identity).stem

    def at(self, bbox: BoundsMap, zoom: int) -> Place:
        """The place that holds a box, fetched when it was not seen yet.

        Raises UsageError for a box or zoom that cannot be, or that needs too many tiles, and what
        `run_tiles` raises.
        """
        needed = self._needed(bbox, zoom)
        seen = self._seen(needed)
        if seen is not None:
            return Place(seen, is_new=False, fetched=0)
        tiles = self._in_blocks(needed)
        self._make_folder()
        raster = self._folder / _file_name(tiles)
        request = TilesRequest(
            bbox=_bounds(tiles), zoom=zoom, source=self._name, out=raster, overwrite=True
        )
        plan = plan_tiles(request, self._patience)
        summary = run_tiles(plan, lambda *_: None, lambda: False, self._patience)
        return Place(raster, is_new=True, fetched=summary.fetched)

    def _needed(self, bbox: BoundsMap, zoom: int) -> TileRange:
        if not 0 <= zoom <= MAX_ZOOM:
            raise UsageError(f"There is no zoom {zoom}: they go from 0 to {MAX_ZOOM}.")
        window = window_of(checked_bbox(bbox), zoom, DEFAULT_TILE_PX)
        tiles = tiles_of(window, zoom, DEFAULT_TILE_PX)
        if len(tiles) > ASK_ABOVE:
            raise UsageError(
                f"The box has {len(tiles):,} tiles of zoom {zoom}; a request may have "
                f"{ASK_ABOVE:,}.",
                "Send the zoom that the map was seen at, or a smaller box.",
            )
        return tiles

    def _seen(self, needed: TileRange) -> Path | None:
        """The smallest raster that holds the tiles."""
        if not self._folder.is_dir():
            return None
        holding = [
            (len(there), path)
            for path in self._folder.glob("*.tif")
            if (there := _range_of(path)) is not None and _holds(there, needed)
        ]
        return min(holding)[1] if holding else None

    def _in_blocks(self, tiles: TileRange) -> TileRange:
        """Widened to whole blocks, unless those are more than the source's terms allow, or than is
        fetched unasked."""
        last = 1 << tiles.zoom
        x_first, y_first = (n // BLOCK_TILES * BLOCK_TILES for n in (tiles.x_first, tiles.y_first))
        x_end = min(-(-(tiles.x_first + tiles.columns) // BLOCK_TILES) * BLOCK_TILES, last)
        y_end = min(-(-(tiles.y_first + tiles.rows) // BLOCK_TILES) * BLOCK_TILES, last)
        blocks = TileRange(tiles.zoom, x_first, y_first, x_end - x_first, y_end - y_first)
        most = min(self._source.max_tiles or ASK_ABOVE, ASK_ABOVE)
        return tiles if len(blocks) > most else blocks

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"The folder {self._folder} cannot be made ({error.strerror}).",
                f"Name another one by the environment variable {PLACES_VARIABLE}.",
            ) from error


def places_directory() -> Path:
    """Where the places that were seen are kept."""
    named = os.environ.get(PLACES_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("encoder-tool") / "places"


def _file_name(tiles: TileRange) -> str:
    return f"z{tiles.zoom}_x{tiles.x_first}_y{tiles.y_first}_{tiles.columns}x{tiles.rows}.tif"


def _range_of(path: Path) -> TileRange | None:
    match = _NAME.fullmatch(path.name)
    return TileRange(*map(int, match.groups())) if match else None


def _holds(there: TileRange, needed: TileRange) -> bool:
    return (
        there.zoom == needed.zoom
        and there.x_first <= needed.x_first
        and there.y_first <= needed.y_first
        and there.x_first + there.columns >= needed.x_first + needed.columns
        and there.y_first + there.rows >= needed.y_first + needed.rows
    )


def _bounds(tiles: TileRange) -> BoundsMap:
    first = tile_bounds(Tile(tiles.zoom, tiles.x_first, tiles.y_first))
    x_last, y_last = tiles.x_first + tiles.columns - 1, tiles.y_first + tiles.rows - 1
    last = tile_bounds(Tile(tiles.zoom, x_last, y_last))
    return BoundsMap(first.xmin, last.ymin, last.xmax, first.ymax)
