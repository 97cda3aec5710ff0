"""Where a raster of tiles says that its pixels are, against what their colours say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio

from encoder_tool.tiles.web_mercator import HALF_WORLD_M
from tests.support.tile_server import coordinates_of


def position_error_px(path: Path, zoom: int, tile_px: int) -> float:
    """The largest distance, in pixels, between where the file says that a pixel is and where its
    colour says; reckoned by PROJ, not by the code that is tested."""
    with rasterio.open(path) as dataset:
        assert dataset.crs.to_epsg() == 3857
        columns, rows = coordinates_of(dataset.read([1, 2, 3]))
        y, x = np.mgrid[: dataset.height, : dataset.width] + 0.5
        to_map = dataset.transform
        map_x, map_y = to_map.a * x + to_map.c, to_map.e * y + to_map.f
        assert (dataset.read(4) == 255).all()
    pixels_per_m = tile_px * 2**zoom / (2 * HALF_WORLD_M)
    world_x, world_y = (map_x + HALF_WORLD_M) * pixels_per_m, (HALF_WORLD_M - map_y) * pixels_per_m
    error_x = (world_x - (columns + 0.5) + 2048) % 4096 - 2048
    error_y = (world_y - (rows + 0.5) + 2048) % 4096 - 2048
    return float(max(np.abs(error_x).max(), np.abs(error_y).max()))
