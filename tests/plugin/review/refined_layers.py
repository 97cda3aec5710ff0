"""A layer, what is proposed for it, and how a test goes through that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from by_hand import UTM, is_idle
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis_window import Window, settle, wait_for

from geosam_plugin.geometry import Shape, in_crs
from geosam_plugin.review.candidates import overlap
from geosam_plugin.review.decisions import State
from geosam_plugin.window.workspace import Workspace

VERDICTS = ["shift"] * 8 + ["reshape"] * 4 + ["gone"] * 3 + ["uncertain"] * 2
NEW, KEPT = 3, 5
COUNT = len(VERDICTS) + NEW
SHIFT_M = (1.5, -1.5)

Key = Qt.Key


@dataclass
class Layers:
    """target: what is corrected; old, new: outlines in UTM by the target's features' names"""

    refined: QgsVectorLayer
    target: QgsVectorLayer
    old: dict[str, QgsGeometry]
    new: dict[str, QgsGeometry]

    def features(self) -> dict[str, QgsFeature]:
        return {feature["name"]: feature for feature in self.target.getFeatures()}


def moved(shape: QgsGeometry, crs: QgsCoordinateReferenceSystem = UTM) -> QgsGeometry:
    there = QgsGeometry(shape)
    there.transform(QgsCoordinateTransform(UTM, crs, QgsProject.instance()))
    return there


def written(layer: QgsVectorLayer, path: Path) -> QgsVectorLayer:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = path.stem
    options.driverName = "GeoJSON" if path.suffix == ".geojson" else "GPKG"
    transforms = QgsProject.instance().transformContext()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), transforms, options)
    return QgsVectorLayer(str(path), path.stem, "ogr")


def feature_of(layer: QgsVectorLayer, shape: QgsGeometry, *values: object) -> QgsFeature:
    feature = QgsFeature(layer.fields())
    feature.setGeometry(moved(shape, layer.crs()))
    feature.setAttributes(list(values))
    return feature


def begin(workspace: Workspace, layers: Layers) -> None:
    section = workspace.dock.review
    assert section.refined.currentLayer() == layers.refined, "the only one that is refined"
    section.target.setLayer(layers.target)
    section.button.click()
    wait_for(lambda: workspace.review.is_on)


def name_of(workspace: Workspace, layers: Layers) -> str:
    return layers.refined.getFeature(workspace.review.queue.current.fid)["name"]


def go_to(workspace: Workspace, window: Window, layers: Layers, verdict: str) -> str:
    """To the next candidate of a verdict; its name."""
    for _ in range(COUNT):
        one = workspace.review.queue.current
        if one.verdict == verdict and workspace.review.queue.state(one) is State.PENDING:
            return name_of(workspace, layers)
        window.key(Key.Key_N)
    raise AssertionError(f"no {verdict} is left")


def states(workspace: Workspace) -> Counter[str]:
    queue = workspace.review.queue
    return Counter(queue.state(one).value for one in queue.candidates)


def is_at(layers: Layers, name: str, shape: QgsGeometry) -> bool:
    """Whether the target's feature has this outline, which is in UTM."""
    feature = layers.features().get(name)
    if feature is None:
        return False
    there = in_crs(Shape(feature.geometry(), layers.target.crs()), UTM, QgsProject.instance())
    return overlap(there, shape) > 0.999


def edit(workspace: Workspace, window: Window, reviewed: Layers) -> None:
    """The current candidate, as it is found there."""
    one, steps = workspace.review.queue.current, reviewed.target.undoStack().count()
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    window.key(Key.Key_Return)
    wait_for(lambda: reviewed.target.undoStack().count() > steps)
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED
