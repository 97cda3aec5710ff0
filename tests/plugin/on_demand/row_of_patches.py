"""The image that the played engine knows, and how it is clicked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from by_hand import UTM, is_idle
from osgeo import gdal, osr
from qgis.core import QgsGeometry, QgsPointXY, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, settle, wait_for
from stub_engine import BOTTOM, PATCH_M, PATCHES
from stub_engine import LEFT as X0

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace

Stub = Callable[..., EngineCommand]

Y = BOTTOM + PATCH_M / 2


def in_patch(number: int) -> QgsPointXY:
    return QgsPointXY(X0 + (number + 0.5) * PATCH_M, Y)


def make_row(path: Path) -> Path:
    pixel = PATCH_M / 10
    made = gdal.GetDriverByName("GTiff").Create(str(path), 10 * PATCHES, 10, 1, gdal.GDT_Byte)
    made.SetGeoTransform([X0, pixel, 0, BOTTOM + PATCH_M, 0, -pixel])
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32633)
    made.SetProjection(crs.ExportToWkt())
    made.GetRasterBand(1).Fill(100)
    made.FlushCache()
    return path


def cache_of(image: Path) -> Path:
    return image.with_name(f"{image.name}.nano.sam2.zarr")


def leave(image: Path, count: int) -> None:
    """Have all but so many patches encoded already."""
    cache_of(image).mkdir()
    for name in ("zarr.json", *range(count, PATCHES)):
        (cache_of(image) / str(name)).touch()


def show(window: Window, patch: int) -> None:
    """Six patches, this one in the middle: a metre for each pixel of the screen."""
    window.canvas.setExtent(QgsRectangle.fromCenterAndSize(in_patch(patch), 600, 600))
    settle()


def press_click_now(workspace: Workspace) -> None:
    assert workspace.dock.image.click_now.isEnabled()
    QTest.mouseClick(workspace.dock.image.click_now, LEFT)


def click(window: Window, patch: int) -> None:
    window.click(window.pixel(in_patch(patch), UTM))


def cursor_of(window: Window) -> Qt.CursorShape:
    return window.canvas.cursor().shape()


def begin(workspace: Workspace) -> None:
    """And wait for its first patches."""
    press_click_now(workspace)
    wait_for(lambda: workspace.on_demand.fill.done > 1 and bool(workspace.controller.described))


def shape_of(workspace: Workspace) -> QgsGeometry:
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    return workspace.controller.shape.geometry


def cache_of_workspace(workspace: Workspace) -> Path:
    return Path(workspace.controller.cache)
