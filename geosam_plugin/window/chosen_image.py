"""The image that is chosen in the dock: its cache is looked for, added to, and clicked."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QFileDialog

from geosam_plugin.cache_finder import CacheSearch, remember_cache
from geosam_plugin.cache_paths import is_cache
from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.map_overlay import MapOverlay
from geosam_plugin.clicking.placing import Placing
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.sentences import tell
from geosam_plugin.install.installer import downloaded_model
from geosam_plugin.layer_to_raster.native_pixels import own_lattice
from geosam_plugin.raster_file import say_not_a_file
from geosam_plugin.window.basemap import Basemap
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.encode_dialog import EncodeDialogs
from geosam_plugin.window.layer_raster import LayerRaster
from geosam_plugin.window.messages import Messages
from geosam_plugin.window.on_demand import OnDemand

translate = QCoreApplication.translate

TERMS_URL = (
    "https://github.com/geosam-plugin/geosam-plugin/blob/main/docs/basemaps.md#what-you-may-fetch"
)

_TERMS_TOLD = "geosam/basemaps/terms_told"
"""Hosts, one a line."""


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
        overlay: MapOverlay,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._dock = dock
        self._on_demand = on_demand
        self._overlay = overlay
        self._messages = messages
        self._project = QgsProject.instance()
        self._is_closed = False
        self.layer: QgsRasterLayer | None = None
        self.search = CacheSearch(self)
        self.encode_dialogs = EncodeDialogs(self)
        self.basemap = Basemap(controller, overlay, dock.image.basemap, self)
        self.basemap.moved.connect(self._on_moved)
        self.basemap.sourceChanged.connect(self._on_source)
        dock.image.raster.layerChanged.connect(self.look_for_cache)
        dock.image.encodeWanted.connect(lambda: self.encode())
        dock.image.clickNowWanted.connect(self._click_now)
        dock.image.chooseWanted.connect(self._choose_cache)
        self.search.found.connect(self._on_found)
        QgsApplication.taskManager().allTasksFinished.connect(self._on_tasks_finished)
        self.encode_dialogs.encoded.connect(self.on_encoded)
        self.encode_dialogs.dialogClosed.connect(self.dialogClosed)
        on_demand.ended.connect(lambda: self.look_for_cache(self.layer))
        on_demand.termsWanted.connect(self._tell_terms)
        on_demand.tileSizeTold.connect(self._on_tile_size)
        on_demand.fill.grew.connect(lambda: self.basemap.keep_tile_size())
        controller.cacheChanged.connect(self._on_cache)
        controller.notEncoded.connect(self._on_not_encoded)
        controller.elsewhere.connect(self._on_elsewhere)

    def close(self) -> None:
        self._is_closed = True
        QgsApplication.taskManager().allTasksFinished.disconnect(self._on_tasks_finished)
        self._watch_crs(None)
        self.basemap.close()
        self.search.stop()
        self.encode_dialogs.close()

    # --- its cache

    def look_for_cache(self, layer: QgsRasterLayer | None) -> None:
        """Click in the cache that belongs to a layer, as soon as it is found."""
        is_another = layer is not self.layer
        self._watch_crs(layer)
        if is_another:
            self.basemap.use(layer)
        self._find_file()
        self._look_for_cache()
        if layer is None or (self.search.is_looking and is_another):
            self._use_cache(layer, None)

    def _find_file(self) -> None:
        """What stands for the layer now."""
        image, block = self._dock.image, self.basemap.block
        image.file = LayerRaster.of_block(block) if block else LayerRaster.of_file(self.layer)
        image.why_not = ""
        if image.file is None and self.layer is not None:
            image.why_not = self.basemap.why_not or say_not_a_file(self.layer)

    def _look_for_cache(self) -> None:
        file = self._dock.image.file
        self.search.look_for(self.layer, file.path if file is not None else None)

    def _on_found(self, layer_id: str, cache: Path | None) -> None:
        layer = self._project.mapLayer(layer_id)
        if layer is None or layer is not self.layer:
            return
        file, clicked = self._dock.image.file, self._controller.carried_to
        cache = self._on_demand.cache_of(file) or cache
        is_clicked = clicked is not None and file is not None and file.core is not None
        if cache is None and is_clicked and file.core.contains(clicked):
            self._click_now()
        else:
            self._use_cache(layer, cache)

    def _on_tasks_finished(self) -> None:
        """An encode that was begun in the toolbox may have been among them."""
        if not self._controller.cache and not self.search.is_looking:
            self._look_for_cache()

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
        file = self._dock.image.file
        if file is None:
            self._controller.use_cache("", layer.crs())
            return
        self._controller.use_cache(
            str(cache) if cache else "",
            file.crs,
            str(file.path),
            file.axes,
            file.core,
        )

    def _on_cache(self) -> None:
        self._dock.show_cache(self._controller, self.search.is_looking)
        self._on_demand.show()
        if not self._controller.cache and not self.search.is_looking:
            self._dock.prompt.clicking.setChecked(False)

    # --- a web map

    def _click_now(self) -> None:
        self.basemap.begin()
        self._on_demand.begin(self.layer)

    def _on_moved(self) -> None:
        """Another part of the web map is the image from now on. Who clicks goes on there."""
        clicks = self._dock.prompt.clicking.isChecked()
        goes_on = self._on_demand.goes_on or (clicks and not self._on_demand.was_ended)
        self._find_file()
        if goes_on and self._dock.image.file is not None:
            self._click_now()
        else:
            self._look_for_cache()

    def _on_elsewhere(self, place: QgsPointXY) -> None:
        """An object is begun in another block: that is clicked from now on."""
        if not self.basemap.turn_to(place):
            self._messages.say(self.basemap.say_beyond())

    def _on_source(self) -> None:
        """The layer's address, or its style, is another."""
        self.basemap.use(self.layer)
        self.look_for_cache(self.layer)

    def _on_tile_size(self, error: EngineError) -> None:
        """QGIS draws tiles of any size, and its layers need not know which they have."""
        if not self.basemap.take_tile_size(error.details["tile_px"]):
            self._messages.say(tell(error))
            return
        self._find_file()
        self._click_now()

    def _tell_terms(self, host: str) -> None:
        """Once for each server."""
        told = QgsSettings().value(_TERMS_TOLD, "", type=str).splitlines()
        if host in told:
            return
        QgsSettings().setValue(_TERMS_TOLD, "\n".join([*told, host]))
        text = translate(
            "GeoSAM",
            "What you look at is fetched from {host} and kept. Many providers of web maps do not "
            "allow that, or to draw data off them: it is for you to know what this one does.",
        )
        self._messages.say(
            text.format(host=host),
            Qgis.MessageLevel.Info,
            (
                translate("GeoSAM", "What is allowed"),
                lambda: QDesktopServices.openUrl(QUrl(TERMS_URL)),
            ),
        )

    # --- a cache from elsewhere

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
        """Open the dialog that encodes, filled in: the cache that is clicked is added to. Of a
        layer that is no file, with what the map shows of it, as fine as that is, or as the layer's
        own pixels are."""
        layer = self._dock.image.raster.currentLayer()
        if layer is None:
            return
        described = self._controller.described
        model = described.get("model") or downloaded_model()
        if self._dock.image.file is not None:
            self.encode_dialogs.open(layer, extent, model, described)
            return
        view, placing = self._overlay.view, Placing(layer.crs(), self._project)
        outline = placing.to_raster(self._overlay.outline, view.crs)
        seen = QgsGeometry.fromMultiPointXY([QgsPointXY(*point) for point in outline]).boundingBox()
        has_pixels = own_lattice(layer) is not None
        size = None if has_pixels else placing.pixel_size(self._overlay.middle, view)
        self.encode_dialogs.open(layer, seen, model, None, size)

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
        if self._controller.image.is_block:
            self._click_now()
            return
        self._messages.say(
            text,
            Qgis.MessageLevel.Info,
            (translate("GeoSAM", "Encode here"), lambda: self.encode(extent)),
        )
