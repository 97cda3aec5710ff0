"""Reading rasters: any GDAL raster, and blocks of web tiles, as stretched RGB patches of a level of
the pyramid."""

from encoder_tool.raster.opening import open_raster
from encoder_tool.raster.reader import Patch, RasterReader

__all__ = ["Patch", "RasterReader", "open_raster"]
