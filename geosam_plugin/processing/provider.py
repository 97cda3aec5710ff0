"""The provider that puts the algorithms into the toolbox, models and `qgis_process`."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from geosam_plugin.paths import icon
from geosam_plugin.processing.base import cancel_runs
from geosam_plugin.processing.cache_info import CacheInfo
from geosam_plugin.processing.encode_raster import EncodeRaster
from geosam_plugin.processing.layer_to_raster import LayerToRaster
from geosam_plugin.processing.refine_footprints import RefineFootprints
from geosam_plugin.processing.segment_all import SegmentAll
from geosam_plugin.processing.segment_prompts import SegmentPrompts

PROVIDER_ID = "geosam"


class GeoSamProvider(QgsProcessingProvider):
    def id(self) -> str:
        return PROVIDER_ID

    def name(self) -> str:
        return "GeoSAM"

    def icon(self) -> QIcon:
        return QIcon(icon("geosam"))

    def svgIconPath(self) -> str:
        return icon("geosam")

    def unload(self) -> None:
        """The plugin goes: no engine of its runs stays behind."""
        cancel_runs()
        super().unload()

    def loadAlgorithms(self) -> None:
        for algorithm in (
            LayerToRaster, EncodeRaster, SegmentPrompts, SegmentAll, RefineFootprints, CacheInfo
        ):  # fmt: skip
            self.addAlgorithm(algorithm())
