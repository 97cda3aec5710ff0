"""GDAL's settings, for whatever reads or writes by it."""

from __future__ import annotations

import rasterio

BLOCK_CACHE_BYTES = 48 << 20
"""What GDAL keeps of decoded blocks. Its own default, 5 % of the machine's memory, fills up as a
raster is read: the larger the raster, the more memory an encode would take."""


def gdal_environment(block_cache_bytes: int = BLOCK_CACHE_BYTES) -> rasterio.Env:
    """GDAL's settings and error handler, for the current thread; its cache is the process's."""
    return rasterio.Env(GDAL_CACHEMAX=block_cache_bytes)
