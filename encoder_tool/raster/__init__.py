"""Reading rasters: any GDAL raster as stretched RGB patches of a level of the pyramid."""

from encoder_tool.raster.reader import Patch, RasterReader, open_raster

__all__ = ["Patch", "RasterReader", "open_raster"]
