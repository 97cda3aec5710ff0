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
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from geosam_plugin.attribution import attribution_in, name_source
from geosam_plugin.clicking.draft import Draft
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import LayerError, Shape, crs_text
from geosam_plugin.result_fields import Source
from geosam_plugin.saving.count import SavedCount
from geosam_plugin.saving.export import ExportTask
from geosam_plugin.saving.keeper import Keeper
from geosam_plugin.saving.layer_fields import attributes
from geosam_plugin.saving.layers import OWN_LAYER, new_layer
from geosam_plugin.saving.plan import Plan, SavedObject, Target
from geosam_plugin.saving.provenance import TakenUp
from geosam_plugin.saving.reading import ReadTask


@dataclass(frozen=True)
class How:
    """What was set when the user saved; the answer of the engine may come later.

    layer_id: of the target, "" for a new layer
    selected: its features that were selected then
    """

    layer_id: str
    mode: SaveMode
    class_name: str
    avoid_overlaps: bool
    source: Source
    selected: tuple[int, ...] = ()


class Saver(QObject):
    """Puts finished objects into their layers, in their order.

    saved: a Draft that is in its layer now
    refused: a Draft that is not, and a sentence that says why
    counted: how many objects are saved, as others are or their saving is undone
    targetMade: id of a layer that was made for them
    exported: a sentence, when a memory layer has become a file, or could not
    """

    saved = pyqtSignal(object)
    refused = pyqtSignal(object, str)
    counted = pyqtSignal(int)
    targetMade = pyqtSignal(str)  # noqa: N815 - Qt's way
    exported = pyqtSignal(bool, str)

    def __init__(self, project: QgsProject, folder: Path, parent: QObject | None = None) -> None:
        """folder: where journals are kept"""
        super().__init__(parent)
        self._project = project
        self._new_layers: dict[str, str] = {}
        self._queue: deque[tuple[Draft, Shape]] = deque()
        self._task: ReadTask | None = None
        self._is_closed = False
        self._count = SavedCount(self)
        self._count.changed.connect(self.counted)
        self._exports: list[ExportTask] = []
        self.keeper = Keeper(project, folder, self)

    def close(self) -> None:
        """What is under way is given up; the layers live on."""
        self._is_closed = True
        self._queue.clear()
        for task in (self._task, *self._exports):
            if task is not None:
                task.cancel()
        self.keeper.close()

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
                    self._task = ReadTask(plan, partial(self._on_read, draft, shape))
                    QgsApplication.taskManager().addTask(self._task)
                else:
                    plan.read(QgsFeedback())
                    self._write(plan)

    def _on_read(self, draft: Draft, shape: Shape, task: ReadTask) -> None:
        if self._is_closed:
            return
        self._task = None
        if task.was_edited and not task.isCanceled():
            # What was read is not what is there: writing would undo what the user has done since.
            self._queue.appendleft((draft, shape))
        else:
            with self._answered(draft):
                if task.problem is not None:
                    raise task.problem
                self._write(task.plan)
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
        except Exception:
            QTimer.singleShot(0, self._go_on)
            raise
        finally:
            if refusal:
                self.refused.emit(draft, refusal)
            elif self._task is None:
                self.saved.emit(draft)

    def _plan(self, draft: Draft, shape: Shape) -> Plan:
        how: How = draft.how
        taken: TakenUp | None = draft.replaces if how.mode is SaveMode.REPLACE else None
        layer = self._target(how, taken, shape.crs)
        if layer.customProperty(OWN_LAYER):  # what others say of theirs is for them to say
            name_source(layer, how.source.attribution)
        target = Target(layer, self._project, how.avoid_overlaps, how.selected)
        found = SavedObject(shape, attributes(draft, how.source, how.class_name))
        return Plan(target, found, how.mode, taken)

    def _write(self, plan: Plan) -> None:
        if sip.isdeleted(plan.layer) or self._project.mapLayer(plan.layer.id()) is None:
            raise LayerError(_say_gone())
        self.keeper.watch(plan.layer)
        self.keeper.note(plan.layer, plan.write())
        if not plan.replaces:
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

    # --- to a file

    def export(self, layer: QgsVectorLayer, path: str) -> None:
        """Make a memory layer a GeoPackage's, in the background; its edits are committed."""
        if layer.isEditable() and not layer.commitChanges():
            self._say_not_exported(layer.name(), " ".join(layer.commitErrors()))
            return
        task = ExportTask(layer, Path(path), self._on_exported)
        self._exports.append(task)
        QgsApplication.taskManager().addTask(task)

    def _on_exported(self, task: ExportTask, problem: str) -> None:
        if self._is_closed:
            return
        self._exports.remove(task)
        layer = self._project.mapLayer(task.layer_id)
        if not problem and layer is not None and (task.was_edited or layer.isEditable()):
            # What came since is in the memory layer alone.
            problem = QCoreApplication.translate(
                "GeoSAM", "It was edited meanwhile. Save it again."
            )
        if problem:
            self._say_not_exported(task.name, problem)
            return
        if layer is not None:
            source = f"{task.path}|layername={task.layer_name}"
            layer.setDataSource(source, layer.name(), "ogr", False)
            self.keeper.forget(task.layer_id)
        text = QCoreApplication.translate(
            "GeoSAM",
            "The layer “{layer}” is now kept in {path}. Objects that come later are in its edits "
            "until you save these.",
        )
        self.exported.emit(True, text.format(layer=task.name, path=task.path))

    def _say_not_exported(self, name: str, why: str) -> None:
        text = QCoreApplication.translate("GeoSAM", "The layer “{layer}” was not saved. {why}")
        self.exported.emit(False, text.format(layer=name, why=why))


def source_of(described: dict[str, Any], crs: QgsCoordinateReferenceSystem, options: Any) -> Source:
    """Where objects of an opened cache come from."""
    return Source(
        str(described.get("raster", "")),
        str(described.get("model", "")),
        crs_text(crs),
        options.params(),
        attribution_in(described),
    )


def _say_gone() -> str:
    return QCoreApplication.translate(
        "GeoSAM", "The target layer is gone. Choose another one and save again."
    )
