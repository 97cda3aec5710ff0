"""Clicks in images, and what becomes of them."""

from __future__ import annotations

from by_hand import is_idle
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsRasterLayer
from qgis.PyQt.QtCore import QPoint, Qt
from qgis_window import Window, wait_for

from geosam_plugin.window.workspace import Workspace

UTM = QgsCoordinateReferenceSystem("EPSG:32633")
WGS84 = QgsCoordinateReferenceSystem("EPSG:4326")
MERCATOR = QgsCoordinateReferenceSystem("EPSG:3857")

SHIFT = Qt.KeyboardModifier.ShiftModifier
MIDDLE, ELSEWHERE = QPoint(300, 300), QPoint(150, 420)


def choose(workspace: Workspace, layer: QgsRasterLayer) -> None:
    workspace.dock.image.raster.setLayer(layer)
    wait_for(lambda: workspace.controller.described.get("path", "").startswith(layer.source()))
    workspace.dock.prompt.clicking.setChecked(True)


def click(workspace: Workspace, window: Window, *places: QPoint) -> None:
    for place in places:
        window.click(place)
    wait_for(lambda: is_idle(workspace))


def saved(workspace: Workspace) -> QgsFeature:
    (feature,) = workspace.dock.target.layer.getFeatures()
    return feature


def prompts_of(workspace: Workspace) -> int:
    return len(workspace.controller.session.draft.prompts)


def save_one(workspace: Workspace, window: Window, *places: QPoint) -> QgsFeature:
    click(workspace, window, *places)
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 1)
    workspace.dock.target.layer.selectAll()
    return saved(workspace)


def take_up(workspace: Workspace) -> None:
    assert workspace.dock.target.correct.isEnabled()
    workspace.dock.target.correct.click()
    wait_for(lambda: is_idle(workspace))
