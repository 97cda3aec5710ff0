"""Blocks of the web tiles of the server on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from encoder_tool.tiles.web_mercator import HALF_WORLD_M, Tile
from encoder_tool.types import XY

ZOOM = 14
X, Y = 8832, 6080
"""Multiples of 64: in the south of Italy."""

SIDE = 16
"""Tiles: 4096 pixels, with three levels of 5 x 5, 3 x 3 and 1 patches."""


def write_block(path: Path, url: str, **changes: object) -> Path:
    """A description of a block; `changes` replace its members, and None removes one."""
    document = {
        "format": "encoder-tool tiles", "format_version": 1, "url": url, "zoom": ZOOM,
        "tile_px": 256, "x": X, "y": Y, "columns": SIDE, "rows": SIDE, "min_zoom": 0,
        "name": "Synthetic", "attribution": "© Somebody", **changes,
    }  # fmt: skip
    document = {name: value for name, value in document.items() if value is not None}
    path.write_text(json.dumps(document), "utf-8")
    return path


def place(column: float, row: float) -> XY:
    """A pixel of the block on the map."""
    pixel_m = 2 * HALF_WORLD_M / (256 << ZOOM)
    return XY((X * 256 + column) * pixel_m - HALF_WORLD_M, HALF_WORLD_M - (Y * 256 + row) * pixel_m)


def world_pixels(
    col_off: int, row_off: int, size: int, halvings: int = 0
) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Columns and rows, modulo 4096, of a window of a level in the world of that level's zoom."""
    columns = (X * 256 >> halvings) + col_off + np.arange(size)
    rows = (Y * 256 >> halvings) + row_off + np.arange(size)
    return columns % 4096, rows % 4096


def tiles_at(zoom: int, asked: list[Tile]) -> set[Tile]:
    return {tile for tile in asked if tile.zoom == zoom}
