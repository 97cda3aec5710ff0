"""What the engine reads in a layer's stead."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer, QgsRectangle

from geosam_plugin.basemap.block import Block
from geosam_plugin.basemap.source import WEB_CRS
from geosam_plugin.raster_axes import RasterAxes
from geosam_plugin.raster_file import raster_path


@dataclass(frozen=True)
class LayerRaster:
    """A file, and how it lies in QGIS.

    path: of the layer's own file, or of the one that stands for a block of a web map
    block: of the web map; None for a file of the layer's own
    core: of the block: the part whose clicks are its
    """

    path: Path
    crs: QgsCoordinateReferenceSystem
    extent: QgsRectangle
    axes: RasterAxes
    block: Block | None = None

    @property
    def core(self) -> QgsRectangle | None:
        return self.block.core_extent if self.block is not None else None

    @classmethod
    def of_file(cls, layer: QgsRasterLayer | None) -> LayerRaster | None:
        """None for a layer that is no file."""
        path = raster_path(layer)
        if layer is None or path is None:
            return None
        return cls(path, layer.crs(), layer.extent(), RasterAxes.of_layer(layer))

    @classmethod
    def of_block(cls, block: Block) -> LayerRaster:
        """Its file need not be there yet."""
        crs = QgsCoordinateReferenceSystem(WEB_CRS)
        return cls(block.path, crs, block.extent, RasterAxes(), block)
