"""`geosam:encoderaster`, opened filled in from the dock or from the map."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCsException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from geosam_plugin.geometry import transform_between
from geosam_plugin.models import MODELS
from geosam_plugin.raster_file import raster_path
from geosam_plugin.window.algorithm_dialogs import AlgorithmDialogs
from geosam_plugin.window.encode_request import as_encoded

ALGORITHM = "geosam:encoderaster"


class EncodeDialogs(QObject):
    """Processing's own dialogs, one for each layer.

    encoded: a layer's id and the path of its cache, finished or cancelled
    """

    encoded = pyqtSignal(str, str)
    dialogClosed = pyqtSignal()  # noqa: N815 - Qt's way

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialogs = AlgorithmDialogs(ALGORITHM, self)
        self._dialogs.ended.connect(self._on_ended)
        self._dialogs.dialogClosed.connect(self.dialogClosed)

    def open(
        self,
        layer: QgsRasterLayer,
        extent: QgsRectangle | None = None,
        model: str = "",
        described: Mapping[str, Any] | None = None,
        resolution: float | None = None,
    ) -> None:
        """Show a layer's dialog, filled in; while it is running, as it is.

        extent: in the layer's CRS; None for all of it
        model: "" for Processing's default
        described: what the engine has told of the cache that is to be added to; None for a new one
        resolution: side of a pixel in units of the layer's CRS; None for the cache's, or its own
        """
        filled_in = partial(_parameters, layer, extent, model, described, resolution)
        self._dialogs.open(layer.id(), filled_in)

    def close(self) -> None:
        """Take all dialogs away; what is running is cancelled, and what it has done is kept."""
        self._dialogs.close()

    def _on_ended(self, layer_id: str, _succeeded: bool, results: dict[str, Any]) -> None:
        # Of a layer without a file a raster is made, which comes as a layer of its own.
        layer = QgsProject.instance().mapLayer(layer_id)
        has_file = layer is not None and raster_path(layer) is not None
        if has_file and results.get("OUTPUT"):  # of a cancelled run, too
            self.encoded.emit(layer_id, results["OUTPUT"])


def _parameters(
    layer: QgsRasterLayer,
    extent: QgsRectangle | None,
    model: str,
    described: Mapping[str, Any] | None,
    resolution: float | None,
) -> dict[str, Any]:
    parameters: dict[str, Any] = {"INPUT": layer.id()}
    if model in MODELS:
        parameters["MODEL"] = model
    if resolution is not None:
        parameters["RESOLUTION"] = resolution
    if described and raster_path(layer) is not None:
        for name, value in as_encoded(described, layer).items():
            parameters["OUTPUT" if name == "out" else name.upper()] = value
    if extent is not None:
        with suppress(QgsCsException):  # then it offers to encode all
            parameters["EXTENT"] = _extent_text(extent, layer.crs())
    return parameters


def _extent_text(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> str:
    """As Processing's dialogs take it: the CRS by its authority's number, and what is said in no
    CRS is the project's. So one without a number is left for degrees."""
    if crs.isValid() and not crs.authid():
        degrees = QgsCoordinateReferenceSystem("EPSG:4326")
        extent = transform_between(crs, degrees, QgsProject.instance()).transformBoundingBox(extent)
        crs = degrees
    corners = (extent.xMinimum(), extent.xMaximum(), extent.yMinimum(), extent.yMaximum())
    return "{!r},{!r},{!r},{!r} [{}]".format(*corners, crs.authid())
