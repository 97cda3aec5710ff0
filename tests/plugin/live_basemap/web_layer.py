"""A web map whose tiles nobody serves, and how it is clicked."""

from __future__ import annotations

from collections.abc import Callable

from by_hand import MERCATOR, is_idle
from qgis.core import QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, settle, wait_for
from stub_engine import BOTTOM, PATCH_M
from stub_engine import LEFT as X0

from geosam_plugin.basemap.block import block_at
from geosam_plugin.basemap.source import source_of
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace

Stub = Callable[..., EngineCommand]

URL = "https://tiles.example.org/%7Bz%7D/%7Bx%7D/%7By%7D.png"
Y = BOTTOM + PATCH_M / 2
NORTH = 20_000.0
"""Metres, to another block."""


def in_patch(number: int, y: float = Y) -> QgsPointXY:
    return QgsPointXY(X0 + (number + 0.5) * PATCH_M, y)


def add_map(project: QgsProject, more: str = "&zmax=20") -> QgsRasterLayer:
    layer = QgsRasterLayer(f"type=xyz&url={URL}{more}", "Aerials", "wms")
    assert layer.isValid()
    layer.setAttribution("© Example")
    project.addMapLayer(layer)
    return layer


def show(window: Window, patch: int, y: float = Y, width: float = 600) -> None:
    """Six patches, this one in the middle: a metre for each pixel of the screen. The map is not
    drawn: there is no such server."""
    window.canvas.setDestinationCrs(MERCATOR)
    window.canvas.setExtent(QgsRectangle.fromCenterAndSize(in_patch(patch, y), width, width))
    settle()


def press_click_now(workspace: Workspace) -> None:
    assert workspace.dock.image.click_now.isEnabled()
    QTest.mouseClick(workspace.dock.image.click_now, LEFT)
    wait_for(workspace.dock.prompt.clicking.isChecked)


def begin(workspace: Workspace) -> None:
    """And wait until what the map shows is encoded."""
    press_click_now(workspace)
    wait_for(lambda: workspace.on_demand.fill.is_waiting)


def click(window: Window, place: QgsPointXY) -> None:
    window.click(window.pixel(place, MERCATOR))


def wait_for_shape(workspace: Workspace, place: QgsPointXY) -> None:
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    assert workspace.controller.shape.geometry.contains(place)


def is_at_block_of(workspace: Workspace, place: QgsPointXY, zoom: int) -> bool:
    layer = workspace.dock.image.layer
    block = block_at(source_of(layer), zoom, place)
    return workspace.controller.image.raster == str(block.path)
