"""What is asked of rasters of tiles, and servers that fail once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import rasterio

from encoder_tool.tiles.web_mercator import Tile
from tests.support.tile_server import Reply, tile_png

HTML = b"<html><head><title>Too many  requests</title></head><body>Go away</body></html>"
TILES = 12


def right(path: Path) -> bool:
    """Whether the raster is whole and of the tiles that the server has."""
    with rasterio.open(path) as dataset:
        return bool((dataset.read(4) == 255).all())


def good(tile: Tile) -> Reply:
    return Reply(body=tile_png(tile))


def once(fault: Callable[[Tile], Reply]) -> Callable[[Tile, int], Reply]:
    """The fault the first time that a tile is asked for, the tile afterwards."""
    return lambda tile, nth: fault(tile) if nth == 1 else good(tile)
