"""Everything that the plugin puts into QGIS's window, put together; taken down by `close`."""

from __future__ import annotations

from qgis.core import Qgis, QgsProject
from qgis.gui import QgisInterface, QgsMapTool
from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.map_overlay import MapOverlay
from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.saving.journal import journal_folder
from geosam_plugin.saving.saver import Saver
from geosam_plugin.window.chosen_image import ChosenImage
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.everything import Everything
from geosam_plugin.window.kept_layers import KeptLayers
from geosam_plugin.window.log_dialog import LogDialog
from geosam_plugin.window.messages import Messages, say_set_aside
from geosam_plugin.window.object_saving import ObjectSaving
from geosam_plugin.window.on_demand import OnDemand
from geosam_plugin.window.refining import Refining
from geosam_plugin.window.review import Review
from geosam_plugin.window.review_edits import ReviewEdits

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
        self.messages = Messages(iface.messageBar())
        self.client = EngineClient(command, self)
        self.controller = Controller(self.client, self._project, self)
        self.saver = Saver(self._project, journal_folder(), self)
        # Before the dock's own boxes hear of it, which would go on to some other layer.
        self._project.layersWillBeRemoved.connect(self._on_layers_removed)
        self.dock = GeoSamDock(DockSettings.load(), iface.mainWindow())
        iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.overlay = MapOverlay(self._canvas, self.controller)
        self.kept = KeptLayers(self.saver, self.dock, self.messages, self)
        self.on_demand = OnDemand(
            self.client, self.controller, self.overlay, self.dock, self.messages, self
        )
        self.image = ChosenImage(
            self.controller, self.dock, self.on_demand, self.overlay, self.messages, self
        )
        self.everything = Everything(
            self.client, self.controller, self.overlay, self.dock, self.messages,
            self.kept.offer_of_file, self,
        )  # fmt: skip
        self._log: LogDialog | None = None
        self._connect()
        self.saving = ObjectSaving(
            iface, self.controller, self.saver, self.dock, self.messages, self
        )
        self.review = Review(
            self._canvas, self.controller, self.saver.keeper, self.dock, self.messages,
            self.saving.save, self.kept.offer_of_file, self,
        )  # fmt: skip
        self.review_edits = ReviewEdits(self.dock.review, self.kept.save_edits, self)
        self.refining = Refining(self.controller, self.dock, self.review, self.messages, self)
        self.refining.dialogClosed.connect(self._give_keyboard_back)
        self.image.look_for_cache(self.dock.image.layer)
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
        self.refining.close()
        self.review_edits.close()
        self.review.close()
        self.saving.close()
        if self._canvas.mapTool() is self.overlay.tool:
            self._canvas.unsetMapTool(self.overlay.tool)
        self.overlay.remove()
        self.image.close()
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
        self.image.dialogClosed.connect(self._give_keyboard_back)
        self.kept.dialogClosed.connect(self._give_keyboard_back)
        self.on_demand.begun.connect(lambda: dock.prompt.clicking.setChecked(True))
        dock.image.coverageToggled.connect(self.overlay.set_coverage)
        dock.prompt.clickingToggled.connect(self._on_clicking)
        dock.prompt.meaningChanged.connect(self._on_meaning)
        dock.prompt.undo.clicked.connect(lambda: controller.undo())
        dock.prompt.redo.clicked.connect(lambda: controller.redo())
        dock.prompt.clear.clicked.connect(lambda: controller.clear())
        dock.prompt.cycle.clicked.connect(lambda: controller.cycle())
        dock.prompt.take_up.clicked.connect(lambda: controller.take_up())
        dock.options.changed.connect(self._on_options)
        dock.options.changed.connect(dock.remember)
        dock.target.class_name.lineEdit().editingFinished.connect(dock.remember)
        dock.closed.connect(lambda: dock.prompt.clicking.setChecked(False))
        dock.engine_button.clicked.connect(self._show_log)
        tool.saveWanted.connect(lambda mode: self.saving.save(mode))
        tool.takeUpWanted.connect(
            lambda where: self.saving.take_up_at(where, self.overlay.view.crs)
        )
        controller.changed.connect(lambda: dock.show_session(controller))
        controller.said.connect(self.messages.say)
        controller.noted.connect(lambda text: self.messages.say(text, Qgis.MessageLevel.Info))
        self.client.stateChanged.connect(self._on_engine)
        self.client.restarted.connect(self.messages.say)
        self.client.failed.connect(self._on_failed)
        self._canvas.mapToolSet.connect(self._on_tool)
        self._project.cleared.connect(self._on_project_cleared)
        self._on_options()

    # --- the map tool

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

    # --- the project

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
