"""Everything that the plugin puts into QGIS's window, put together; taken down by `close`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer
from qgis.gui import QgisInterface, QgsMapTool
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt
from qgis.PyQt.QtWidgets import QFileDialog

from geosam_plugin.cache_finder import CacheSearch, remember_cache
from geosam_plugin.cache_paths import is_cache
from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.correction import correction_of
from geosam_plugin.clicking.draft import Draft
from geosam_plugin.clicking.map_overlay import MapOverlay
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.install.installer import downloaded_model
from geosam_plugin.raster_axes import RasterAxes
from geosam_plugin.raster_file import raster_path
from geosam_plugin.result_fields import PROMPTS
from geosam_plugin.saving.journal import journal_folder
from geosam_plugin.saving.layers import is_in_memory
from geosam_plugin.saving.provenance import say_not_taken_up, taken_up
from geosam_plugin.saving.saver import How, Saver, source_of
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.encode_dialog import EncodeDialogs
from geosam_plugin.window.everything import Everything
from geosam_plugin.window.kept_layers import KeptLayers
from geosam_plugin.window.log_dialog import LogDialog
from geosam_plugin.window.messages import Messages, say_set_aside
from geosam_plugin.window.on_demand import OnDemand

translate = QCoreApplication.translate


class Workspace(QObject):
    """The dock, the map tool and the engine of one QGIS window."""

    def __init__(
        self, iface: QgisInterface, command: EngineCommand, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._project = QgsProject.instance()
        self._closed = False
        self._was_given_up = False
        self._raster: QgsRasterLayer | None = None
        self._target: QgsVectorLayer | None = None
        self.settings = DockSettings.load()
        self.messages = Messages(iface.messageBar())
        self.client = EngineClient(command, self)
        self.controller = Controller(self.client, self._project, self)
        self.search = CacheSearch(self)
        self.encode_dialogs = EncodeDialogs(self)
        self.saver = Saver(self._project, journal_folder(), self)
        # Before the dock's own boxes hear of it, which would go on to some other layer.
        self._project.layersWillBeRemoved.connect(self._on_layers_removed)
        self.dock = GeoSamDock(self.settings, iface.mainWindow())
        iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.overlay = MapOverlay(self._canvas, self.controller)
        self.kept = KeptLayers(self.saver, self.dock, self.messages, self)
        self.on_demand = OnDemand(
            self.client, self.controller, self.overlay, self.dock, self.messages, self
        )
        self.everything = Everything(
            self.client, self.controller, self.overlay, self.dock, self.messages,
            self.kept.export, self,
        )  # fmt: skip
        self._log: LogDialog | None = None
        self._connect()
        self.look_for_cache(self.dock.image.raster.currentLayer())
        self.dock.show_engine(self.client.state)

    def close(self) -> None:
        """Take everything away again; QGIS may be closing."""
        if self._closed:
            return
        self._closed = True
        self.dock.remember()
        self._canvas.mapToolSet.disconnect(self._on_tool)
        self._project.cleared.disconnect(self._on_project_cleared)
        self._project.layersWillBeRemoved.disconnect(self._on_layers_removed)
        QgsApplication.taskManager().allTasksFinished.disconnect(self._on_tasks_finished)
        self._watch_crs(None)
        self._watch_selection(None)
        if self._canvas.mapTool() is self.overlay.tool:
            self._canvas.unsetMapTool(self.overlay.tool)
        self.overlay.remove()
        self.search.stop()
        self.encode_dialogs.close()
        self.on_demand.close()
        self.everything.close()
        self.kept.close()
        self.saver.close()
        self.client.shutdown()
        self.messages.clear()
        if self._log is not None:
            self._log.close()
            self._log.deleteLater()
        self._iface.removeDockWidget(self.dock)
        self.dock.deleteLater()
        self.deleteLater()

    def _connect(self) -> None:
        dock, controller, tool = self.dock, self.controller, self.overlay.tool
        dock.image.raster.layerChanged.connect(self.look_for_cache)
        self.search.found.connect(self._on_found)
        QgsApplication.taskManager().allTasksFinished.connect(self._on_tasks_finished)
        self.encode_dialogs.encoded.connect(self._on_encoded)
        self.encode_dialogs.dialogClosed.connect(self._give_keyboard_back)
        self.kept.dialogClosed.connect(self._give_keyboard_back)
        dock.image.encodeWanted.connect(lambda: self.encode())
        dock.image.clickNowWanted.connect(lambda: self.on_demand.begin(self._raster))
        self.on_demand.begun.connect(lambda: dock.prompt.clicking.setChecked(True))
        self.on_demand.ended.connect(lambda: self.look_for_cache(self._raster))
        dock.image.chooseWanted.connect(self._choose_cache)
        dock.image.coverageToggled.connect(self.overlay.set_coverage)
        dock.prompt.clickingToggled.connect(self._on_clicking)
        dock.prompt.meaningChanged.connect(self._on_meaning)
        dock.prompt.undo.clicked.connect(lambda: controller.undo())
        dock.prompt.redo.clicked.connect(lambda: controller.redo())
        dock.prompt.clear.clicked.connect(lambda: controller.clear())
        dock.prompt.cycle.clicked.connect(lambda: controller.cycle())
        dock.prompt.take_up.clicked.connect(lambda: controller.take_up())
        dock.target.save.clicked.connect(lambda: self.save())
        dock.target.correctWanted.connect(self._correct)
        dock.target.target.layerChanged.connect(self._on_target)
        dock.options.changed.connect(self._on_options)
        dock.options.changed.connect(dock.remember)
        dock.target.class_name.lineEdit().editingFinished.connect(dock.remember)
        dock.closed.connect(lambda: dock.prompt.clicking.setChecked(False))
        dock.engine_button.clicked.connect(self._show_log)
        tool.saveWanted.connect(self.save)
        controller.changed.connect(lambda: dock.show_session(controller))
        controller.cacheChanged.connect(self._on_cache)
        controller.finished.connect(self._on_finished)
        controller.said.connect(self.messages.say)
        controller.noted.connect(lambda text: self.messages.say(text, Qgis.MessageLevel.Info))
        controller.notEncoded.connect(self._on_not_encoded)
        self.saver.refused.connect(self._on_refused)
        self.saver.counted.connect(self._on_counted)
        self.saver.targetMade.connect(self._on_target_made)
        self.saver.exported.connect(lambda *_: self._on_target(dock.target.layer))
        self.client.stateChanged.connect(self._on_engine)
        self.client.restarted.connect(self.messages.say)
        self.client.failed.connect(self._on_failed)
        self._canvas.mapToolSet.connect(self._on_tool)
        self._project.cleared.connect(self._on_project_cleared)
        self._on_options()
        self._on_target(dock.target.layer)

    # --- the image

    def look_for_cache(self, layer: QgsRasterLayer | None) -> None:
        """Click in the cache that belongs to a layer, as soon as it is found."""
        is_another = layer is not self._raster
        self._watch_crs(layer)
        self.search.look_for(layer)
        if layer is None or (self.search.is_looking and is_another):
            self._use_cache(layer, None)

    def _on_found(self, layer_id: str, cache: Path | None) -> None:
        layer = self._project.mapLayer(layer_id)
        if layer is not None and layer is self._raster:
            self._use_cache(layer, self.on_demand.cache_of(layer) or cache)

    def _on_tasks_finished(self) -> None:
        """An encode that was begun in the toolbox may have been among them."""
        layer = self.dock.image.raster.currentLayer()
        if not self.controller.cache and not self.search.is_looking:
            self.search.look_for(layer)

    def _watch_crs(self, layer: QgsRasterLayer | None) -> None:
        """The user may tell a layer another CRS while it is clicked."""
        if self._raster is not None and not sip.isdeleted(self._raster):
            self._raster.crsChanged.disconnect(self._on_crs)
        self._raster = layer
        if layer is not None:
            layer.crsChanged.connect(self._on_crs)

    def _on_crs(self) -> None:
        self.look_for_cache(self._raster)

    def _use_cache(self, layer: QgsRasterLayer | None, cache: Path | None) -> None:
        if layer is None:
            self.controller.use_cache("", self._project.crs())
            return
        raster = raster_path(layer)
        self.controller.use_cache(
            str(cache) if cache else "",
            layer.crs(),
            str(raster) if raster else "",
            RasterAxes.of_layer(layer),
        )

    def _on_cache(self) -> None:
        self.dock.show_cache(self.controller, self.search.is_looking)
        self.on_demand.show()
        if not self.controller.cache and not self.search.is_looking:
            self.dock.prompt.clicking.setChecked(False)
        self._on_selection()

    def encode(self, extent: QgsRectangle | None = None) -> None:
        """Open the dialog that encodes, filled in: the cache that is clicked is added to."""
        layer = self.dock.image.raster.currentLayer()
        if layer is not None:
            model = self.controller.described.get("model") or downloaded_model()
            self.encode_dialogs.open(layer, extent, model, self.controller.described)

    def _on_encoded(self, layer_id: str, cache: str) -> None:
        layer = self._project.mapLayer(layer_id)
        if self._closed or layer is None:
            return
        remember_cache(layer, Path(cache))
        if layer is self.dock.image.raster.currentLayer():
            self._use_cache(layer, Path(cache))
            self.controller.cache_grew()

    def _choose_cache(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self.dock, translate("GeoSAM", "Choose a feature cache (…sam2.zarr)")
        )
        if self._closed:
            return
        self._give_keyboard_back()
        if not folder:
            return
        layer = self.dock.image.raster.currentLayer()
        if not is_cache(Path(folder)):
            text = translate(
                "GeoSAM",
                "“{folder}” is no feature cache. Choose a folder whose name ends in .sam2.zarr.",
            )
            self.messages.say(text.format(folder=Path(folder).name))
        elif layer is not None:
            remember_cache(layer, Path(folder))
            self._use_cache(layer, Path(folder))

    def _on_not_encoded(self, text: str, extent: QgsRectangle) -> None:
        self.messages.say(
            text,
            Qgis.MessageLevel.Info,
            (translate("GeoSAM", "Encode here"), lambda: self.encode(extent)),
        )

    # --- clicking

    def _on_clicking(self, is_on: bool) -> None:
        tool = self.overlay.tool
        if is_on and self._canvas.mapTool() is not tool:
            self._canvas.setMapTool(tool)
            self.controller.prewarm(self._canvas.center(), self.overlay.view)
        elif not is_on and self._canvas.mapTool() is tool:
            self._canvas.unsetMapTool(tool)
        self._give_keyboard_back()
        self.dock.show_session(self.controller)

    def _give_keyboard_back(self) -> None:
        """To the map, for Enter, Tab and Ctrl+Z."""
        if not self._closed and self._canvas.mapTool() is self.overlay.tool:
            self._canvas.setFocus()

    def _on_tool(self, new: QgsMapTool | None, _old: QgsMapTool | None = None) -> None:
        self.dock.prompt.clicking.setChecked(new is self.overlay.tool)

    def _on_meaning(self, kind: str) -> None:
        self.overlay.tool.left_means = kind

    def _on_options(self) -> None:
        self.overlay.hovers = self.dock.options.hover.isChecked()
        self.controller.set_options(self.dock.options.options)

    # --- saving

    def save(self, mode: SaveMode | None = None) -> None:
        """Save the object at hand, now or as soon as its shape is known."""
        target = self.dock.target
        layer = target.layer
        class_name = target.class_name.currentText().strip()
        mode = mode or target.save_mode
        how = How(
            layer.id() if layer is not None else "",
            mode,
            class_name,
            self.dock.options.avoid.isChecked(),
            source_of(self.controller.described, self.controller.crs, self.controller.options),
            tuple(layer.selectedFeatureIds()) if layer is not None else (),
        )
        if self.controller.save(how) and class_name and mode is not SaveMode.REPLACE:
            self.settings.use_class(class_name)
            target.set_classes(self.settings.class_names)
            self.dock.remember()

    def _on_finished(self, draft: Draft) -> None:
        image = draft.image
        source = source_of(image.described, image.crs, draft.options)
        draft.how = replace(draft.how, source=source)
        self.saver.save(draft, self.controller.shape_of(draft))

    def _on_refused(self, draft: Draft, why: str) -> None:
        self.controller.give_back(draft)
        self.messages.say(self.controller.say_kept(draft, why))

    def _on_counted(self, saved: int) -> None:
        self.controller.session.saved = saved
        self.controller.changed.emit()

    def _correct(self) -> None:
        """Go on with the object of the selected feature, in the cache that is open."""
        layer = self.dock.target.layer
        found = taken_up(layer)
        if found is None:
            self.messages.say(say_not_taken_up(layer))
            return
        taken, prompts = found
        draft = correction_of(prompts, taken, self.controller.image, self._project)
        self.dock.target.set_correcting(False)  # whatever the last one was to be saved as
        if draft is None or not self.controller.correct(draft):
            text = translate("GeoSAM", "That feature is of “{raster}”. Choose this image first.")
            self.messages.say(text.format(raster=prompts["raster"]))
            return
        layer.removeSelection()  # its colour would hide what is corrected
        self.dock.prompt.clicking.setChecked(True)

    def _watch_selection(self, layer: QgsVectorLayer | None) -> None:
        if self._target is not None and not sip.isdeleted(self._target):
            self._target.selectionChanged.disconnect(self._on_selection)
        self._target = layer
        if layer is not None:
            layer.selectionChanged.connect(self._on_selection)
        self._on_selection()

    def _on_selection(self) -> None:
        layer = self.dock.target.layer
        can = (
            bool(self.controller.cache)
            and layer is not None
            and layer.selectedFeatureCount() == 1
            and layer.fields().lookupField(PROMPTS) >= 0
        )
        self.dock.target.correct.setEnabled(can)

    def _on_target(self, layer: Any) -> None:
        if layer is None:
            self.saver.start_new_layer()
        self._watch_selection(layer)
        self.dock.target.export.setEnabled(is_in_memory(layer))

    def _on_target_made(self, layer_id: str) -> None:
        layer = self._project.mapLayer(layer_id)
        self.dock.target.set_layer(layer)
        self._iface.setActiveLayer(layer)  # so that QGIS's undo is about it

    def _on_layers_removed(self, layer_ids: list[str]) -> None:
        layer = self.dock.target.layer
        if layer is not None and layer.id() in layer_ids:
            self.dock.target.set_layer(None)

    def _on_project_cleared(self) -> None:
        """What waits to be saved has no layer to go to any more."""
        self.messages.clear()
        count = self.controller.session.set_queue_aside()
        if count:
            self.messages.say(say_set_aside(count))
        self.overlay.show()

    # --- the engine

    def _on_engine(self, state: str) -> None:
        self.dock.show_engine(state)
        if state == "ready" and self._was_given_up:
            # After a mere crash the client itself asks again, but not what the engine died of.
            self._was_given_up = False
            self.controller.retry()

    def _on_failed(self, text: str) -> None:
        self._was_given_up = True
        self.messages.say(
            text,
            Qgis.MessageLevel.Critical,
            (translate("GeoSAM", "Start again"), self.client.start),
        )

    def _show_log(self) -> None:
        if self._log is None:
            self._log = LogDialog(self.client, self._iface.mainWindow())
        self._log.show()
        self._log.raise_()
