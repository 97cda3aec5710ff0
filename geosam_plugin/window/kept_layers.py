"""What the user is asked and told about objects that are in no file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from qgis.core import Qgis, QgsFileUtils, QgsProject, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractButton, QDialog, QFileDialog, QMessageBox

from geosam_plugin.raster_file import raster_path
from geosam_plugin.saving.lost import Lost
from geosam_plugin.saving.saver import Saver
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.messages import Action, Messages

translate = QCoreApplication.translate


class KeptLayers(QObject):
    """Export to a file, edits that are not saved, the offer of what was lost, and the question
    about removed layers. No dialog keeps the event loop.

    dialogClosed: whichever of them
    """

    dialogClosed = pyqtSignal()  # noqa: N815 - Qt's way

    def __init__(
        self, saver: Saver, dock: GeoSamDock, messages: Messages, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._saver, self._dock, self._messages = saver, dock, messages
        self._dialogs: list[QDialog] = []
        self._asked: list[Lost] = []
        dock.target.exportWanted.connect(lambda: self.export(dock.target.layer))
        dock.target.unsaved.save.clicked.connect(lambda: self.save_edits(dock.target.layer))
        dock.target.target.layerChanged.connect(self._on_unsaved)
        dock.restore.clicked.connect(lambda: self._restore())
        dock.discard.clicked.connect(lambda: saver.keeper.discard())
        saver.exported.connect(self._on_exported)
        saver.keeper.lostChanged.connect(self._on_lost)
        saver.keeper.unsavedChanged.connect(self._on_unsaved)
        saver.keeper.removed.connect(self._on_removed)
        saver.keeper.failed.connect(messages.say)
        self._on_lost()

    def close(self) -> None:
        for dialog in self._dialogs:
            if not sip.isdeleted(dialog):
                dialog.blockSignals(True)
                dialog.close()
                dialog.deleteLater()
        self._dialogs = []

    def _show(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialogs = [*(one for one in self._dialogs if not sip.isdeleted(one)), dialog]
        dialog.finished.connect(lambda _: self.dialogClosed.emit())
        dialog.open()

    # --- to a file

    def export(self, layer: QgsVectorLayer | None) -> None:
        """Ask for a file and make a memory layer its."""
        if layer is None:
            return
        dialog = QFileDialog(self._dock, translate("GeoSAM", "Save as GeoPackage"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("GeoPackage (*.gpkg)")
        dialog.setDefaultSuffix("gpkg")  # before it asks whether a file may be overwritten
        image = raster_path(self._dock.image.raster.currentLayer())
        dialog.setDirectory(str(image.parent) if image else QgsProject.instance().homePath())
        dialog.selectFile(f"{QgsFileUtils.stringToSafeFilename(layer.name())}.gpkg")
        dialog.fileSelected.connect(partial(self._on_file, layer.id()))
        self._show(dialog)

    def offer_of_file(self, layer: QgsVectorLayer) -> Action:
        """To `export` it, for a message: it may be gone by then."""
        layer_id = layer.id()
        return (
            translate("GeoSAM", "Save as GeoPackage…"),
            lambda: self.export(QgsProject.instance().mapLayer(layer_id)),
        )

    def _on_file(self, layer_id: str, path: str) -> None:
        layer = QgsProject.instance().mapLayer(layer_id)
        if layer is not None:
            self._saver.export(layer, str(Path(path)))

    def _on_exported(self, succeeded: bool, text: str) -> None:
        levels = Qgis.MessageLevel
        self._messages.say(text, levels.Success if succeeded else levels.Critical)

    # --- edits

    def _on_unsaved(self, *_: object) -> None:
        target = self._dock.target
        target.show_unsaved(self._saver.keeper.unsaved(target.layer))

    def save_edits(self, layer: QgsVectorLayer | None) -> None:
        """Into its file; it stays open for more."""
        if layer is not None and layer.isEditable() and not layer.commitChanges(False):
            text = translate("GeoSAM", "The edits of “{layer}” were not saved. {why}")
            why = " ".join(layer.commitErrors())
            self._messages.say(text.format(layer=layer.name(), why=why), Qgis.MessageLevel.Critical)

    # --- lost and found

    def _restore(
        self,
        chosen: list[Lost] | None = None,
        then: Callable[[QgsVectorLayer], None] | None = None,
    ) -> None:
        """then: takes the first layer, once all are back"""
        self._saver.keeper.restore(chosen, partial(self._on_restored, then))

    def _on_restored(
        self, then: Callable[[QgsVectorLayer], None] | None, layers: list[QgsVectorLayer]
    ) -> None:
        """The next object goes to where the ones before it are now."""
        there = [layer for layer in layers if not sip.isdeleted(layer)]
        if there and self._dock.target.layer is None:
            self._dock.target.set_layer(there[-1])
        if there and then is not None:
            then(there[0])

    def _on_lost(self) -> None:
        lost = self._saver.keeper.lost
        self._dock.show_lost(sum(len(one.features) for one in lost), [one.title for one in lost])
        if self._asked and not any(one in lost for one in self._asked):
            self._asked = []
            self.close()  # answered in the dock

    def _on_removed(self, removed: list[Lost]) -> None:
        self._asked = removed
        count = sum(len(one.features) for one in removed)
        box = QMessageBox(self._dock.window())
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(translate("GeoSAM", "Objects are in no file"))
        text = translate(
            "GeoSAM",
            "%n object(s) of a layer that you removed are in no file: {layers}",
            None,
            count,
        )
        box.setText(text.format(layers=", ".join(one.title for one in removed)))
        box.setInformativeText(translate("GeoSAM", "What would you like to do?"))
        roles = QMessageBox.ButtonRole
        keep = box.addButton(translate("GeoSAM", "Keep in the project"), roles.AcceptRole)
        if len(removed) == 1:
            box.addButton(translate("GeoSAM", "Save as GeoPackage…"), roles.YesRole)
        box.addButton(translate("GeoSAM", "Discard"), roles.DestructiveRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.buttonClicked.connect(partial(self._on_answer, box, removed))
        self._show(box)

    def _on_answer(self, box: QMessageBox, removed: list[Lost], button: QAbstractButton) -> None:
        self._asked = []
        role = box.buttonRole(button)
        if role == QMessageBox.ButtonRole.DestructiveRole:
            self._saver.keeper.discard(removed)
            return
        wants_file = role == QMessageBox.ButtonRole.YesRole
        self._restore(removed, self.export if wants_file else None)
