"""The image that is chosen in the dock: its cache is looked for, added to, and clicked."""

from __future__ import annotations

from pathlib import Path

from qgis.core import Qgis, QgsApplication, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog

from geosam_plugin.cache_finder import CacheSearch, remember_cache
from geosam_plugin.cache_paths import is_cache
from geosam_plugin.clicking.controller import Controller
from geosam_plugin.install.installer import downloaded_model
from geosam_plugin.raster_axes import RasterAxes
from geosam_plugin.raster_file import raster_path
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.encode_dialog import EncodeDialogs
from geosam_plugin.window.messages import Messages
from geosam_plugin.window.on_demand import OnDemand

translate = QCoreApplication.translate


class ChosenImage(QObject):
    """Between the dock's raster layer and the cache that the controller clicks in.

    layer: the chosen one; None for none
    dialogClosed: whichever of them
    """

    dialogClosed = pyqtSignal()  # noqa: N815 - Qt's way

    def __init__(
        self,
        controller: Controller,
        dock: GeoSamDock,
        on_demand: OnDemand,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._dock = dock
        self._on_demand = on_demand
        self._messages = messages
        self._project = QgsProject.instance()
        self._is_closed = False
        self.layer: QgsRasterLayer | None = None
        self.search = CacheSearch(self)
        self.encode_dialogs = EncodeDialogs(self)
        dock.image.raster.layerChanged.connect(self.look_for_cache)
        dock.image.encodeWanted.connect(lambda: self.encode())
        dock.image.clickNowWanted.connect(lambda: on_demand.begin(self.layer))
        dock.image.chooseWanted.connect(self._choose_cache)
        self.search.found.connect(self._on_found)
        QgsApplication.taskManager().allTasksFinished.connect(self._on_tasks_finished)
        self.encode_dialogs.encoded.connect(self.on_encoded)
        self.encode_dialogs.dialogClosed.connect(self.dialogClosed)
        on_demand.ended.connect(lambda: self.look_for_cache(self.layer))
        controller.cacheChanged.connect(self._on_cache)
        controller.notEncoded.connect(self._on_not_encoded)

    def close(self) -> None:
        self._is_closed = True
        QgsApplication.taskManager().allTasksFinished.disconnect(self._on_tasks_finished)
        self._watch_crs(None)
        self.search.stop()
        self.encode_dialogs.close()

    # --- its cache

    def look_for_cache(self, layer: QgsRasterLayer | None) -> None:
        """Click in the cache that belongs to a layer, as soon as it is found."""
        is_another = layer is not self.layer
        self._watch_crs(layer)
        self.search.look_for(layer)
        if layer is None or (self.search.is_looking and is_another):
            self._use_cache(layer, None)

    def _on_found(self, layer_id: str, cache: Path | None) -> None:
        layer = self._project.mapLayer(layer_id)
        if layer is not None and layer is self.layer:
            self._use_cache(layer, self._on_demand.cache_of(layer) or cache)

    def _on_tasks_finished(self) -> None:
        """An encode that was begun in the toolbox may have been among them."""
        layer = self._dock.image.raster.currentLayer()
        if not self._controller.cache and not self.search.is_looking:
            self.search.look_for(layer)

    def _watch_crs(self, layer: QgsRasterLayer | None) -> None:
        """The user may tell a layer another CRS while it is clicked."""
        if self.layer is not None and not sip.isdeleted(self.layer):
            self.layer.crsChanged.disconnect(self._on_crs)
        self.layer = layer
        if layer is not None:
            layer.crsChanged.connect(self._on_crs)

    def _on_crs(self) -> None:
        self.look_for_cache(self.layer)

    def _use_cache(self, layer: QgsRasterLayer | None, cache: Path | None) -> None:
        if layer is None:
            self._controller.use_cache("", self._project.crs())
            return
        raster = raster_path(layer)
        self._controller.use_cache(
            str(cache) if cache else "",
            layer.crs(),
            str(raster) if raster else "",
            RasterAxes.of_layer(layer),
        )

    def _on_cache(self) -> None:
        self._dock.show_cache(self._controller, self.search.is_looking)
        self._on_demand.show()
        if not self._controller.cache and not self.search.is_looking:
            self._dock.prompt.clicking.setChecked(False)

    def _choose_cache(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self._dock, translate("GeoSAM", "Choose a feature cache (…sam2.zarr)")
        )
        if self._is_closed:
            return
        self.dialogClosed.emit()
        if not folder:
            return
        layer = self._dock.image.raster.currentLayer()
        if not is_cache(Path(folder)):
            text = translate(
                "GeoSAM",
                "“{folder}” is no feature cache. Choose a folder whose name ends in .sam2.zarr.",
            )
            self._messages.say(text.format(folder=Path(folder).name))
        elif layer is not None:
            remember_cache(layer, Path(folder))
            self._use_cache(layer, Path(folder))

    # --- encoding

    def encode(self, extent: QgsRectangle | None = None) -> None:
        """Open the dialog that encodes, filled in: the cache that is clicked is added to."""
        layer = self._dock.image.raster.currentLayer()
        if layer is not None:
            described = self._controller.described
            model = described.get("model") or downloaded_model()
            self.encode_dialogs.open(layer, extent, model, described)

    def on_encoded(self, layer_id: str, cache: str) -> None:
        """A layer has a cache, or more is in it."""
        layer = self._project.mapLayer(layer_id)
        if self._is_closed or layer is None:
            return
        remember_cache(layer, Path(cache))
        if layer is self._dock.image.raster.currentLayer():
            self._use_cache(layer, Path(cache))
            self._controller.cache_grew()

    def _on_not_encoded(self, text: str, extent: QgsRectangle) -> None:
        self._messages.say(
            text,
            Qgis.MessageLevel.Info,
            (translate("GeoSAM", "Encode here"), lambda: self.encode(extent)),
        )
