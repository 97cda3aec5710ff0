"""Writing tiles as one GeoTIFF, block by block: memory does not grow with the raster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.shutil
from rasterio.enums import Resampling
from rasterio.errors import CRSError, RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window as RasterWindow

from encoder_tool.crs import crs_name
from encoder_tool.errors import OutputError, UsageError
from encoder_tool.gdal import gdal_environment
from encoder_tool.staging import staged
from encoder_tool.tiles.image import RgbaArray
from encoder_tool.tiles.web_mercator import TILE_CRS, Tile, tiles_of, window_affine
from encoder_tool.types import Window

BLOCK = 512
CHUNK = 4 * BLOCK
"""Pixels a side that are in memory at a time."""

_PROFILE: dict[str, Any] = {
    "driver": "GTiff",
    "count": 4,
    "dtype": "uint8",
    "photometric": "RGB",
    "alpha": "NON-PREMULTIPLIED",
    "tiled": True,
    "blockxsize": BLOCK,
    "blockysize": BLOCK,
    "compress": "deflate",
    "predictor": 2,
    "zlevel": 1,  # a quarter of the default's time for 6 % more bytes
    "BIGTIFF": "IF_SAFER",
}

Report = Callable[[int, int], None]
"""Told how many of how many chunks are written."""


@dataclass(frozen=True, slots=True)
class Mosaic:
    """A raster of tiles.

    window: in the world of the zoom, whose tiles have tile_px pixels
    image_of: a tile's pixels; None where there is nothing
    tags: the file's metadata
    """

    window: Window
    zoom: int
    tile_px: int
    image_of: Callable[[Tile], RgbaArray | None]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """What lies in the file."""

    width: int
    height: int
    size_bytes: int


def write_mosaic(
    mosaic: Mosaic, path: Path, target_crs: str | None, *, cog: bool, report: Report
) -> Written:
    """Write red, green, blue and alpha (0: no image there). The file is made beside its place and
    moved there when it is whole.

    target_crs: to warp into; None for the tiles' own
    Raises OutputError when the file cannot be written, UsageError for a CRS that cannot show the
    place, and what `image_of` does.
    """
    with staged(path) as place, _told_of(path), gdal_environment():
        made = place.with_name("tiles.tif")
        _draw(mosaic, made, report)
        if target_crs is not None:
            made = _warped(made, place.with_name("warped.tif"), target_crs, report)
        if cog:
            made = _as_cog(made, place.with_name("cog.tif"))
        with rasterio.open(made) as dataset:
            written = Written(dataset.width, dataset.height, made.stat().st_size)
        made.replace(path)
    return written


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    try:
        yield
    except RasterioError as error:
        raise OutputError(f"{path} cannot be written ({error}).") from error


def _draw(mosaic: Mosaic, path: Path, report: Report) -> None:
    window = mosaic.window
    profile = {
        **_PROFILE,
        "width": window.width,
        "height": window.height,
        "crs": TILE_CRS,
        "transform": window_affine(window, mosaic.zoom, mosaic.tile_px),
    }
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.update_tags(**mosaic.tags)
        for chunk in _chunks(window.width, window.height, report):
            part = Window(
                window.col_off + chunk.col_off,
                window.row_off + chunk.row_off,
                chunk.width,
                chunk.height,
            )
            dataset.write(window_pixels(mosaic, part), window=chunk)


def _chunks(width: int, height: int, report: Report) -> Iterator[RasterWindow]:
    rows, columns = range(0, height, CHUNK), range(0, width, CHUNK)
    total = len(rows) * len(columns)
    for number, (row, col) in enumerate((row, col) for row in rows for col in columns):
        report(number, total)
        yield RasterWindow(col, row, min(CHUNK, width - col), min(CHUNK, height - row))
    report(total, total)


def window_pixels(mosaic: Mosaic, part: Window) -> npt.NDArray[np.uint8]:
    """[4, height, width] of a window of the zoom's world."""
    size = mosaic.tile_px
    pixels = np.zeros((4, part.height, part.width), np.uint8)
    for tile in tiles_of(part, mosaic.zoom, size):
        image = mosaic.image_of(tile)
        if image is None:
            continue
        left, top = tile.x * size - part.col_off, tile.y * size - part.row_off
        row, col = max(top, 0), max(left, 0)
        piece = image[:, row - top : part.height - top, col - left : part.width - left]
        pixels[:, row : row + piece.shape[1], col : col + piece.shape[2]] = piece
    return pixels


def _warped(source: Path, path: Path, crs: str, report: Report) -> Path:
    try:
        with (
            rasterio.open(source) as unwarped,
            WarpedVRT(unwarped, crs=crs, resampling=Resampling.cubic) as warped,
            rasterio.open(
                path, "w", **_PROFILE, width=warped.width, height=warped.height,
                crs=warped.crs, transform=warped.transform,
            ) as dataset,
        ):  # fmt: skip
            dataset.update_tags(**unwarped.tags())
            for chunk in _chunks(warped.width, warped.height, report):
                dataset.write(warped.read(window=chunk), window=chunk)
    except CRSError as error:
        raise UsageError(f"The raster cannot be shown in {crs_name(crs)} ({error}).") from error
    source.unlink()
    return path


def _as_cog(source: Path, path: Path) -> Path:
    rasterio.shutil.copy(
        source, path, driver="COG", COMPRESS="DEFLATE", PREDICTOR="YES",
        OVERVIEW_RESAMPLING="AVERAGE", BIGTIFF="IF_SAFER",
    )  # fmt: skip
    source.unlink()
    return path
