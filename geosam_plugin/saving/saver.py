"""Objects on their way into layers: the target is found or made, and its journal kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeedback,
    QgsMapLayer,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorFileWriterTask,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.clicking.session import Draft
from geosam_plugin.geometry import LayerError, Shape, crs_text
from geosam_plugin.result_fields import Source
from geosam_plugin.saving.count import SavedCount
from geosam_plugin.saving.journal import Journal, Lost, lost_objects
from geosam_plugin.saving.layer_fields import attributes
from geosam_plugin.saving.layers import OWN_LAYER, new_layer
from geosam_plugin.saving.plan import Plan, SavedObject, Target
from geosam_plugin.saving.provenance import TakenUp
from geosam_plugin.saving.reading import ReadTask


@dataclass(frozen=True)
class How:
    """What was set when the user saved; the answer of the engine may come later.

    layer_id: of the target, "" for a new layer
    """

    layer_id: str
    mode: SaveMode
    class_name: str
    avoid_overlaps: bool
    source: Source


class Saver(QObject):
    """Puts finished objects into their layers, in their order.

    saved: a Draft that is in its layer now
    refused: a Draft that is not, and a sentence that says why
    counted: how many objects are saved, as others are or their saving is undone
    targetMade: id of a layer that was made for them
    lostChanged: `lost` has other layers in it
    exported: a sentence, when a memory layer has become a file, or could not
    """

    saved = pyqtSignal(object)
    refused = pyqtSignal(object, str)
    counted = pyqtSignal(int)
    targetMade = pyqtSignal(str)  # noqa: N815 - Qt's way
    lostChanged = pyqtSignal()  # noqa: N815
    exported = pyqtSignal(bool, str)

    def __init__(self, project: QgsProject, folder: Path, parent: QObject | None = None) -> None:
        """folder: where journals are kept"""
        super().__init__(parent)
        self._project = project
        self._folder = folder
        self._journals: dict[str, Journal] = {}
        self._new_layers: dict[str, str] = {}
        self._queue: deque[tuple[Draft, Shape]] = deque()
        self._is_busy = False
        self._task: ReadTask | None = None
        self._count = SavedCount(self)
        self._count.changed.connect(self.counted)
        self.lost: list[Lost] = lost_objects(folder)
        self._on_added(list(project.mapLayers().values()))
        project.layersAdded.connect(self._on_added)
        project.layerWillBeRemoved.connect(self._on_removed)

    def close(self) -> None:
        """The layers live on without being journaled."""
        self._project.layersAdded.disconnect(self._on_added)
        self._project.layerWillBeRemoved.disconnect(self._on_removed)
        if self._task is not None:
            self._task.cancel()
        self._queue.clear()
        for journal in self._journals.values():
            journal.forget()
        self._journals.clear()
        for lost in self.lost:
            lost.lock.unlock()
        self.lost = []

    # --- objects

    def save(self, draft: Draft, shape: Shape) -> None:
        """Put an object into its layer; answered by `saved` or `refused`, at once unless existing
        features must be read from a file or a server first."""
        self._queue.append((draft, shape))
        self._go_on()

    def _go_on(self) -> None:
        """Save what waits, up to an object that needs what must be read first."""
        while self._queue and self._task is None:
            draft, shape = self._queue.popleft()
            with self._answered(draft):
                plan = self._plan(draft, shape)
                if plan.takes_long_to_read:
                    self._task = ReadTask(plan, partial(self._on_read, draft, plan))
                    QgsApplication.taskManager().addTask(self._task)
                else:
                    plan.read(QgsFeedback())
                    self._write(plan)

    def _on_read(self, draft: Draft, plan: Plan, problem: LayerError | None) -> None:
        if sip.isdeleted(self):
            return
        self._task = None
        with self._answered(draft):
            if problem is not None:
                raise problem
            self._write(plan)
        self._go_on()

    @contextmanager
    def _answered(self, draft: Draft) -> Iterator[None]:
        """Whatever goes wrong with an object, it is told, and those after it go on."""
        refusal = QCoreApplication.translate("GeoSAM", "The object could not be saved.")
        try:
            yield
            refusal = ""
        except LayerError as error:
            refusal = str(error)
        finally:
            if refusal:
                self.refused.emit(draft, refusal)
            elif self._task is None:
                self.saved.emit(draft)

    def _plan(self, draft: Draft, shape: Shape) -> Plan:
        how: How = draft.how
        taken: TakenUp | None = draft.replaces if how.mode is SaveMode.REPLACE else None
        layer = self._target(how, taken, shape.crs)
        target = Target(layer, self._project, how.avoid_overlaps)
        found = SavedObject(shape, attributes(draft, how.source, how.class_name))
        return Plan(target, found, how.mode, taken)

    def _write(self, plan: Plan) -> None:
        if sip.isdeleted(plan.layer) or self._project.mapLayer(plan.layer.id()) is None:
            raise LayerError(_say_gone())
        if self.unsaved(plan.layer):
            self._keep_journal(plan.layer)
        plan.write()
        self._count.add(plan.layer)

    # --- layers

    def _target(
        self, how: How, taken: TakenUp | None, crs: QgsCoordinateReferenceSystem
    ) -> QgsVectorLayer:
        layer_id = taken.layer_id if taken is not None else how.layer_id
        if layer_id:
            layer = self._project.mapLayer(layer_id)
            if layer is None:
                raise LayerError(_say_gone())
            return layer
        if how.mode is not SaveMode.NEW:
            raise LayerError(
                QCoreApplication.translate(
                    "GeoSAM", "Choose the layer with the selected feature as the target first."
                )
            )
        # Objects that were saved while the first one was awaited belong into the same layer.
        made = self._project.mapLayer(self._new_layers.get(how.source.raster, ""))
        return made if made is not None else self._make_layer(how.source.raster, crs)

    def _make_layer(self, raster: str, crs: QgsCoordinateReferenceSystem) -> QgsVectorLayer:
        text = QCoreApplication.translate("GeoSAM", "Objects in {raster}")
        layer = new_layer(
            crs if crs.isValid() else self._project.crs(), text.format(raster=Path(raster).stem)
        )
        self._project.addMapLayer(layer)
        self._new_layers[raster] = layer.id()
        self.targetMade.emit(layer.id())
        return layer

    def start_new_layer(self) -> None:
        """The next object without a target gets a layer of its own."""
        self._new_layers.clear()

    def unsaved(self, layer: QgsMapLayer | None) -> bool:
        """A memory layer, which QGIS does not keep."""
        return isinstance(layer, QgsVectorLayer) and layer.providerType() == "memory"

    # --- what would be lost

    def restore(self) -> None:
        """Bring all lost objects back, in memory layers."""
        for lost in self.lost:
            self._project.addMapLayer(lost.restore())
            lost.discard()
        self.lost = []
        self.lostChanged.emit()

    def discard(self) -> None:
        for lost in self.lost:
            lost.discard()
        self.lost = []
        self.lostChanged.emit()

    def _on_added(self, layers: list[QgsMapLayer]) -> None:
        for layer in layers:
            if self.unsaved(layer) and layer.customProperty(OWN_LAYER):
                self._keep_journal(layer)

    def _keep_journal(self, layer: QgsVectorLayer) -> None:
        if layer.id() not in self._journals:
            self._journals[layer.id()] = Journal(layer, self._folder, self)

    def _on_removed(self, layer_id: str) -> None:
        journal = self._journals.pop(layer_id, None)
        if journal is not None:
            journal.keep()
            journal.deleteLater()
            self.lost = [*self.lost, *lost_objects(self._folder)]
            self.lostChanged.emit()

    # --- to a file

    def export(self, layer: QgsVectorLayer, path: str) -> None:
        """Make a memory layer a GeoPackage's, in the background; its edits are committed."""
        if layer.isEditable() and not layer.commitChanges():
            self.exported.emit(False, " ".join(layer.commitErrors()))
            return
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = "GPKG"
        options.layerName = Path(path).stem
        options.layerOptions = ["FID=fid"]
        if Path(path).exists():  # other layers may be in it
            options.actionOnExistingFile = (
                QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
            )
        task = QgsVectorFileWriterTask(layer, path, options)
        layer_id, name = layer.id(), layer.name()
        task.writeComplete.connect(lambda written: self._on_written(layer_id, written))
        task.errorOccurred.connect(lambda _code, why: self._on_not_written(name, why))
        QgsApplication.taskManager().addTask(task)

    def _on_written(self, layer_id: str, path: str) -> None:
        layer = self._project.mapLayer(layer_id)
        if layer is None:
            return
        if layer.isEditable():  # what came since is in the memory layer alone
            text = QCoreApplication.translate("GeoSAM", "it was edited meanwhile. Save it again.")
            self._on_not_written(layer.name(), text)
            return
        layer.setDataSource(f"{path}|layername={Path(path).stem}", layer.name(), "ogr", False)
        journal = self._journals.pop(layer_id, None)
        if journal is not None:
            journal.forget()
            journal.deleteLater()
        text = QCoreApplication.translate("GeoSAM", 'The layer "{layer}" is now kept in {path}.')
        self.exported.emit(True, text.format(layer=layer.name(), path=path))

    def _on_not_written(self, name: str, why: str) -> None:
        text = QCoreApplication.translate("GeoSAM", 'The layer "{layer}" was not saved: {why}')
        self.exported.emit(False, text.format(layer=name, why=why))


def source_of(described: dict[str, Any], crs: QgsCoordinateReferenceSystem, options: Any) -> Source:
    """Where objects of an opened cache come from."""
    return Source(
        str(described.get("raster", "")),
        str(described.get("model", "")),
        crs_text(crs),
        options.params(),
    )


def _say_gone() -> str:
    return QCoreApplication.translate(
        "GeoSAM", "The target layer is gone. Choose another one and save again."
    )
