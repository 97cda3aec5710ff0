"""A raster of any size is written in bounded memory."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio

from encoder_tool.tiles.web_mercator import Tile, tile_bounds
from tests.support.cli import REPOSITORY, environment
from tests.support.memory import require_peak_memory
from tests.support.tile_server import encoded

SIDE = 40
"""Tiles: 10,240 pixels a side, 420 MB in four bands."""

ALLOWED_BYTES = 250 << 20
"""More than an idle engine has: GDAL's cache of blocks, and what is at work."""

PROGRAM = """
import sys
from pathlib import Path
from encoder_tool.tiles import TilesRequest, plan_tiles, run_tiles
from encoder_tool.types import BoundsMap
from tests.support.memory import peak_memory_bytes

idle = peak_memory_bytes()
source, out, cog, *box = sys.argv[1:]
request = TilesRequest(
    BoundsMap(*map(float, box)), 16, source, Path(out),
    cog=cog == "cog",
)
run_tiles(plan_tiles(request), lambda *_: None, lambda: False)
print(peak_memory_bytes() - idle)
"""


@pytest.mark.slow
@pytest.mark.parametrize("cog", [False, True])
def test_memory_does_not_grow_with_the_raster(tmp_path: Path, cog: bool) -> None:
    require_peak_memory()
    first = Tile(16, 35000, 24000)
    body = encoded(np.full((256, 256, 3), (90, 120, 60), np.uint8))
    path, out = tmp_path / "t.mbtiles", tmp_path / "o.tif"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        database.execute(
            "CREATE TABLE tiles "
            "(zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        for x in range(SIDE):
            for y in range(SIDE):
                row = Tile(16, first.x + x, first.y + y).row_from_south
                database.execute("INSERT INTO tiles VALUES (16, ?, ?, ?)", (first.x + x, row, body))
        database.execute("CREATE INDEX i ON tiles (zoom_level, tile_column, tile_row)")
    database.close()
    west, _, _, north = tile_bounds(first)
    _, south, east, _ = tile_bounds(Tile(16, first.x + SIDE - 1, first.y + SIDE - 1))
    box = [str(value) for value in (west, south, east, north)]
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, path, out, "cog" if cog else "plain", *box],
        cwd=REPOSITORY, env=environment(), check=True, capture_output=True, text=True,
    )  # fmt: skip
    with rasterio.open(out) as dataset:
        assert (dataset.width, dataset.height) == (SIDE * 256, SIDE * 256)
    assert int(ran.stdout) < ALLOWED_BYTES, f"{int(ran.stdout) >> 20} MiB"
