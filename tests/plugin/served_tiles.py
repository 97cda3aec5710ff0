"""Web layers whose pixels say where they are: the tests' tile server in a process of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from osgeo import gdal
from qgis.core import QgsRasterLayer

PROGRAM = Path(__file__).resolve().parents[1] / "support" / "serve_tiles.py"

HALF_WORLD_M = 20037508.342789244
ZOOM = 14
PIXEL_M = 2 * HALF_WORLD_M / (256 << ZOOM)


class ServedTiles:
    """url: of the server"""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self.url = process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:")

    def reply(self, kind: str, tile_px: int = 256) -> None:
        """From now on; see serve_tiles.py."""
        self._tell({"reply": kind, "tile_px": tile_px})

    def asked(self) -> list[tuple[int, int, int]]:
        """Zoom, column and row of the tiles that were asked for since the last question."""
        return [tuple(tile) for tile in self._tell({"asked": True})]

    def xyz(self, path: str = "", first: int = 0, last: int = 19, more: str = "") -> QgsRasterLayer:
        """path: behind the address, so that QGIS takes the tiles for others than it has kept"""
        url = quote(f"{self.url}/{{z}}/{{x}}/{{y}}.png?{path}", safe=":/")
        source = f"type=xyz&url={url}&zmin={first}&zmax={last}{more}"
        layer = QgsRasterLayer(source, "basemap", "wms")
        assert layer.isValid()
        return layer

    def _tell(self, command: dict[str, Any]) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def served_tiles(engine_python: str) -> Iterator[ServedTiles]:
    process = subprocess.Popen(
        [engine_python, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield ServedTiles(process)
    finally:
        process.communicate("")


def place_px(column: float, row: float) -> tuple[float, float]:
    """Where a pixel of the zoom's world lies in EPSG:3857."""
    return column * PIXEL_M - HALF_WORLD_M, HALF_WORLD_M - row * PIXEL_M


def extent_px(column: float, row: float, columns: float, rows: float) -> str:
    """A part of the zoom's world, as Processing takes it."""
    left, top = place_px(column, row)
    right, bottom = place_px(column + columns, row + rows)
    return f"{left!r},{right!r},{bottom!r},{top!r} [EPSG:3857]"


def meant_places(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows, modulo 4096, that colours [3, h, w] stand for; see tile_server.py."""
    red, green, blue = rgb.astype(np.int64)
    return red | (blue >> 4) << 8, green | (blue & 15) << 8


def position_error_px(path: Path, size_m: float = PIXEL_M) -> float:
    """The largest distance, in pixels of `size_m`, between where a file of EPSG:3857 says that a
    pixel is and where its colour says."""
    dataset = gdal.Open(str(path))
    left, width, _, top, _, height = dataset.GetGeoTransform()
    pixels = dataset.ReadAsArray()
    assert (pixels[3] == 255).all()
    columns, rows = meant_places(pixels[:3])
    y, x = np.mgrid[: pixels.shape[1], : pixels.shape[2]] + 0.5
    world_x = (left + x * width + HALF_WORLD_M) / size_m
    world_y = (HALF_WORLD_M - (top + y * height)) / size_m
    error_x = (world_x - (columns + 0.5) + 2048) % 4096 - 2048
    error_y = (world_y - (rows + 0.5) + 2048) % 4096 - 2048
    return float(max(np.abs(error_x).max(), np.abs(error_y).max()))
