"""The polygon of a layer that is clicked on, read in the background where that may take long."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeedback,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsTask,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from geosam_plugin.geometry import transform_between
from geosam_plugin.saving.layers import is_in_memory

translate = QCoreApplication.translate

NEAR = 1e-6
"""In units of the layer: rectangles without any extent are no filter to some providers."""


class Picking(QObject):
    """One place at a time: the latest counts.

    picked: the layer, and the feature that lies there
    missed: a sentence that says why there is none
    """

    picked = pyqtSignal(QgsVectorLayer, QgsFeature)
    missed = pyqtSignal(str)

    def __init__(self, project: QgsProject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._task: PickTask | None = None

    def close(self) -> None:
        """What is being read is given up."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    def pick(
        self, layer: QgsVectorLayer, where: QgsPointXY, crs: QgsCoordinateReferenceSystem
    ) -> None:
        """Answered by `picked` or `missed`, at once for a memory layer.

        where: in `crs`
        """
        self.close()
        try:
            there = transform_between(crs, layer.crs(), self._project).transform(where)
        except QgsCsException:
            self._answer(layer, None)
            return
        task = PickTask(layer, there, partial(self._on_read, layer))
        if is_in_memory(layer):
            task.run()
            self._answer(layer, task.found)
        else:
            self._task = task
            QgsApplication.taskManager().addTask(task)

    def _on_read(self, layer: QgsVectorLayer, task: PickTask) -> None:
        if task is self._task and not sip.isdeleted(layer):
            self._task = None
            self._answer(layer, task.found)

    def _answer(self, layer: QgsVectorLayer, found: QgsFeature | None) -> None:
        if found is not None:
            self.picked.emit(layer, found)
        else:
            text = translate("GeoSAM", "There is no polygon of “{layer}” there.")
            self.missed.emit(text.format(layer=layer.name()))


class PickTask(QgsTask):
    """found: of the polygons at a place the smallest, which a click on it can only mean"""

    def __init__(
        self, layer: QgsVectorLayer, where: QgsPointXY, done: Callable[[PickTask], None]
    ) -> None:
        """`done` is called on the GUI's thread; where: in the layer's CRS"""
        super().__init__(translate("GeoSAM", "Look for the polygon"), QgsTask.Flag.CanCancel)
        self.found: QgsFeature | None = None
        self._source = QgsVectorLayerFeatureSource(layer)
        self._where = where
        self._done = done
        self._feedback = QgsFeedback()

    def run(self) -> bool:
        where = QgsGeometry.fromPointXY(self._where)
        around = QgsRectangle(self._where, self._where).buffered(NEAR)
        request = QgsFeatureRequest(around)
        request.setFeedback(self._feedback)
        there = [
            feature
            for feature in self._source.getFeatures(request)
            if feature.hasGeometry() and feature.geometry().intersects(where)
        ]
        self.found = min(there, key=lambda feature: feature.geometry().area(), default=None)
        return not self.isCanceled()

    def cancel(self) -> None:
        self._feedback.cancel()
        super().cancel()

    def finished(self, _result: bool) -> None:
        self._done(self)
