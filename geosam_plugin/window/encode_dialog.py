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
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QDialog, QScrollArea

from geosam_plugin.geometry import transform_between
from geosam_plugin.models import MODELS
from geosam_plugin.raster_file import raster_path
from geosam_plugin.window.encode_request import as_encoded

ALGORITHM = "geosam:encoderaster"


class EncodeDialogs(QObject):
    """Processing's own dialogs, one for each layer. Not modal: the map can be used meanwhile.

    encoded: a layer's id and the path of its cache, finished or cancelled
    """

    encoded = pyqtSignal(str, str)
    dialogClosed = pyqtSignal()  # noqa: N815 - Qt's way

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialogs: dict[str, QDialog] = {}

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
        dialog = self._dialogs.get(layer.id())
        if not _is_running(dialog):
            self._discard(dialog)
            dialog = self._dialogs[layer.id()] = self._make(
                layer, extent, model, described, resolution
            )
        dialog.show()
        _widen(dialog)
        dialog.raise_()
        dialog.activateWindow()

    def close(self) -> None:
        """Take all dialogs away; what is running is cancelled, and what it has done is kept."""
        for dialog in self._dialogs.values():
            self._discard(dialog)
        self._dialogs.clear()

    def _make(
        self,
        layer: QgsRasterLayer,
        extent: QgsRectangle | None,
        model: str,
        described: Mapping[str, Any] | None,
        resolution: float | None,
    ) -> QDialog:
        # QGIS's own plugin, there only once all plugins are loaded.
        import processing

        parameters: dict[str, Any] = {"INPUT": layer.id()}
        if model in MODELS:
            parameters["MODEL"] = model
        if resolution is not None:
            parameters["RESOLUTION"] = resolution
        # Of a layer without a file a raster is made, which comes as a layer of its own.
        has_file = raster_path(layer) is not None
        if described and has_file:
            for name, value in as_encoded(described, layer).items():
                parameters["OUTPUT" if name == "out" else name.upper()] = value
        if extent is not None:
            with suppress(QgsCsException):  # then it offers to encode all
                parameters["EXTENT"] = _extent_text(extent, layer.crs())
        dialog: QDialog = processing.createAlgorithmDialog(ALGORITHM, parameters)
        dialog.algorithmFinished.connect(partial(self._on_finished, layer.id() if has_file else ""))
        dialog.rejected.connect(self.dialogClosed)  # `finished` is a function of Processing's
        return dialog

    def _on_finished(self, layer_id: str, _succeeded: bool, results: dict[str, Any]) -> None:
        if layer_id and results.get("OUTPUT"):  # of a cancelled run, too
            self.encoded.emit(layer_id, results["OUTPUT"])

    def _discard(self, dialog: QDialog | None) -> None:
        if dialog is None or sip.isdeleted(dialog):
            return
        if _is_running(dialog):
            # Processing's task tells the dialog when it ends: it must be there until then.
            dialog.algorithmFinished.disconnect()
            dialog.algorithmFinished.connect(dialog.deleteLater)
            dialog.cancelButton().click()
            dialog.hide()
        else:
            dialog.close()
            dialog.deleteLater()


def _widen(dialog: QDialog) -> None:
    """Until all of a parameter's row is seen, its button at the end, too; the help beside it keeps
    its own width where the screen has room for both."""
    scroll = dialog.mainWidget().findChild(QScrollArea)
    screen = dialog.windowHandle().screen().availableGeometry()
    inner = scroll.widget()
    missing = (
        max(inner.sizeHint().width(), inner.minimumSizeHint().width())
        + scroll.verticalScrollBar().sizeHint().width()
        + 2 * scroll.frameWidth()
        - scroll.width()
    )
    if missing <= 0:
        return
    scroll.setMinimumWidth(min(scroll.width() + missing, screen.width() * 2 // 3))
    dialog.resize(min(dialog.width() + missing, screen.width()), dialog.height())


def _extent_text(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> str:
    """As Processing's dialogs take it: the CRS by its authority's number, and what is said in no
    CRS is the project's. So one without a number is left for degrees."""
    if crs.isValid() and not crs.authid():
        degrees = QgsCoordinateReferenceSystem("EPSG:4326")
        extent = transform_between(crs, degrees, QgsProject.instance()).transformBoundingBox(extent)
        crs = degrees
    corners = (extent.xMinimum(), extent.xMaximum(), extent.yMinimum(), extent.yMaximum())
    return "{!r},{!r},{!r},{!r} [{}]".format(*corners, crs.authid())


def _is_running(dialog: QDialog | None) -> bool:
    return dialog is not None and not sip.isdeleted(dialog) and dialog.cancelButton().isEnabled()
