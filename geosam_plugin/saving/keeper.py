"""What is in memory alone, in memory layers or in the edits of others: journaled while it is there,
offered back when it is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from geosam_plugin.errands import Errands
from geosam_plugin.saving.edit_journal import EditJournal
from geosam_plugin.saving.journal import Journal
from geosam_plugin.saving.layers import OWN_LAYER, is_in_memory
from geosam_plugin.saving.lost import Lost, lost_objects
from geosam_plugin.saving.restoring import Restoring

PATIENCE_S = 0.02
"""Journals are read in less, but for the largest and for those on a slow network drive."""


class Keeper(QObject):
    """Journals of the layers that the plugin made, and of those that it saves to: of memory layers
    all, of others what it has put into their edits.

    lostChanged: `lost` has other layers in it
    unsavedChanged: `unsaved` may say another number
    removed: list of Lost, of layers that the user has just removed; not with a whole project,
        for QGIS itself asks before it closes one
    failed: a sentence, when nothing can be journaled; once
    """

    lostChanged = pyqtSignal()  # noqa: N815 - Qt's way
    unsavedChanged = pyqtSignal()  # noqa: N815
    removed = pyqtSignal(list)
    failed = pyqtSignal(str)

    def __init__(self, project: QgsProject, folder: Path, parent: QObject | None = None) -> None:
        """folder: where journals are kept"""
        super().__init__(parent)
        self._project = project
        self._folder = folder
        self._journals: dict[str, Journal] = {}
        self._has_failed = False
        self._unwritten: list[Lost] = []  # restored, but their old journals alone have them
        self._removed: set[Path] = set()
        self._asks = QTimer(self)  # once the project is cleared, if it is
        self._asks.setSingleShot(True)
        self._asks.timeout.connect(self._on_asks)
        self._restorings: list[Restoring] = []
        self._errands = Errands("geosam-journals", self)
        self.lost: list[Lost] = []
        self._look()
        self._on_added(list(project.mapLayers().values()))
        project.layersAdded.connect(self._on_added)
        project.layerWillBeRemoved.connect(self._on_removed)
        project.cleared.connect(self._on_cleared)

    def close(self) -> None:
        """The layers live on without being journaled."""
        self._project.layersAdded.disconnect(self._on_added)
        self._project.layerWillBeRemoved.disconnect(self._on_removed)
        self._project.cleared.disconnect(self._on_cleared)
        self._asks.stop()
        self._errands.drop()
        for restoring in self._restorings:
            self._unwritten += [*restoring.stop(), *restoring.unwritten]
        self._restorings = []
        for journal in self._journals.values():
            journal.forget()
        self._journals.clear()
        _let_go([*self.lost, *self._unwritten])
        self.lost, self._unwritten = [], []

    def watch(self, layer: QgsVectorLayer) -> None:
        """Journal a layer that objects are about to be saved to."""
        if layer.id() in self._journals:
            return
        journal = (Journal if is_in_memory(layer) else EditJournal)(layer, self._folder, self)
        journal.failed.connect(self._on_failed)
        if isinstance(journal, EditJournal):
            journal.changed.connect(self.unsavedChanged)
        self._journals[layer.id()] = journal

    def note(self, layer: QgsVectorLayer, ids: Iterable[int]) -> None:
        """Features of a layer that is watched have just been saved."""
        journal = self._journals.get(layer.id())
        if isinstance(journal, EditJournal):
            journal.note(ids)

    def unsaved(self, layer: QgsVectorLayer | None) -> int:
        """How many objects are in a layer's edits, but not in its file."""
        journal = self._journals.get(layer.id()) if layer is not None else None
        return journal.count if isinstance(journal, EditJournal) else 0

    def forget(self, layer_id: str) -> None:
        """A layer is safe elsewhere."""
        journal = self._journals.pop(layer_id, None)
        if journal is not None:
            journal.forget()
            journal.deleteLater()

    def restore(
        self,
        chosen: list[Lost] | None = None,
        on_done: Callable[[list[QgsVectorLayer]], None] | None = None,
    ) -> None:
        """Bring lost objects back in memory layers: all, or those chosen. `on_done` takes the
        layers, at once where the objects are few."""
        done = on_done or (lambda _: None)
        restoring = Restoring(
            self._taken(chosen), self._bring_in, partial(self._on_restored, done), self
        )
        self._restorings.append(restoring)
        restoring.go_on()

    def _bring_in(self, layer: QgsVectorLayer) -> Journal:
        self._project.addMapLayer(layer)
        self.watch(layer)
        return self._journals[layer.id()]

    def _on_restored(
        self, on_done: Callable[[list[QgsVectorLayer]], None], restoring: Restoring
    ) -> None:
        self._restorings.remove(restoring)
        restoring.deleteLater()
        self._unwritten += restoring.unwritten
        on_done(restoring.layers)

    def discard(self, chosen: list[Lost] | None = None) -> None:
        """Do without lost objects: all, or those chosen."""
        for lost in self._taken(chosen):
            lost.discard()

    def _taken(self, chosen: list[Lost] | None) -> list[Lost]:
        taken = [lost for lost in self.lost if chosen is None or lost in chosen]
        self.lost = [lost for lost in self.lost if lost not in taken]
        self.lostChanged.emit()
        return taken

    def _on_added(self, layers: list[QgsMapLayer]) -> None:
        for layer in layers:
            if layer.customProperty(OWN_LAYER) and is_in_memory(layer):
                self.watch(layer)

    def _on_removed(self, layer_id: str) -> None:
        journal = self._journals.pop(layer_id, None)
        if journal is None:
            return
        journal.keep()
        journal.deleteLater()
        self._removed.add(journal.path)
        self._look()

    def _on_cleared(self) -> None:
        self._removed.clear()

    def _on_asks(self) -> None:
        removed = [lost for lost in self.lost if lost.path in self._removed]
        self._removed.difference_update(lost.path for lost in removed)
        if removed:
            self.removed.emit(removed)

    def _look(self) -> None:
        """Read the journals that no layer holds."""
        self._errands.send(
            partial(lost_objects, self._folder),
            self._take,
            if_dropped=_let_go,
            patience_s=PATIENCE_S,
        )

    def _take(self, found: list[Lost]) -> None:
        self.lost = [*self.lost, *found]
        self.lostChanged.emit()
        if not self._errands.is_busy:
            self._asks.start(0)

    def _on_failed(self, why: str) -> None:
        if not self._has_failed:
            self._has_failed = True
            text = QCoreApplication.translate(
                "GeoSAM",
                "Objects of temporary layers cannot be kept for the case that QGIS crashes: "
                "{why}. Save the layers as GeoPackages soon.",
            )
            self.failed.emit(text.format(why=why))


def _let_go(all_lost: list[Lost]) -> None:
    """What nobody waits for any more is there for the next one."""
    for lost in all_lost:
        lost.lock.unlock()
