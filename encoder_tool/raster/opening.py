"""Opening a raster by its name, whatever its pixels come from."""

from __future__ import annotations

import os
from collections.abc import Sequence
from math import isfinite

from encoder_tool.connection import is_block_file
from encoder_tool.errors import UsageError
from encoder_tool.raster.pixel_source import PixelSource
from encoder_tool.raster.reader import RasterReader
from encoder_tool.raster.source import NativeSource


def open_raster(
    path: str | os.PathLike[str],
    bands: Sequence[int] | None = None,
    resolution: float | None = None,
) -> RasterReader:
    """Open any raster that GDAL reads, or a block of web tiles (`tiles.block`).

    bands: one to three band numbers, from 1; by default red, green and blue where the file
        names them, else the first three that are not alpha, else the first
    resolution: side of a level-0 pixel in the units of the raster's CRS; None: native pixels

    Raises MissingRasterError, RasterError, BandError, and UsageError for a bad resolution.
    """
    if resolution is not None and not (isfinite(resolution) and resolution > 0):
        raise UsageError(f"The resolution must be a positive number, not {resolution:g}.")
    source = _open_source(path, bands)
    try:
        return RasterReader(source, resolution)
    except BaseException:
        source.close()
        raise


def _open_source(path: str | os.PathLike[str], bands: Sequence[int] | None) -> PixelSource:
    if not is_block_file(os.fspath(path)):
        return NativeSource(path, bands)
    # Imported late: rasters in files do without what fetching takes.
    from encoder_tool.raster.tiled_source import TiledSource

    return TiledSource(path, bands)
