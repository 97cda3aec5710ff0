"""A QGIS window for tests: a canvas, a message bar and docks, as an interface hands them out."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayerTreeModel,
    QgsMapLayer,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
)
from qgis.gui import QgsBrowserGuiModel, QgsLayerTreeView, QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QMainWindow, QMenu, QVBoxLayout, QWidget

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier

CANVAS = QSize(600, 600)

PATIENCE_S = 600.0
"""Nothing that is waited for takes that long, unless something hangs: that the computer is busy
with other things is no fault of the code."""


class Window:
    """Stands in for QgisInterface, with real widgets."""

    def __init__(self) -> None:
        self.window = QMainWindow()
        self.canvas = QgsMapCanvas()
        self.bar = QgsMessageBar()
        self.browser = QgsBrowserGuiModel(self.window)
        self.tree = QgsLayerTreeView(self.window)
        self.tree.setModel(QgsLayerTreeModel(QgsProject.instance().layerTreeRoot(), self.tree))
        self.menu = QMenu("Plugins", self.window)
        self.toolbar = self.window.addToolBar("Plugins")
        self.factories: list[object] = []
        self.shown_pages: list[str] = []
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.addWidget(self.bar)
        layout.addWidget(self.canvas)
        self.canvas.setFixedSize(CANVAS)
        self.window.setCentralWidget(central)
        self.window.show()

    def close(self) -> None:
        self.canvas.setLayers([])
        self.canvas.stopRendering()
        self.window.close()
        self.window.deleteLater()
        settle()

    # --- QgisInterface

    def mapCanvas(self) -> QgsMapCanvas:  # noqa: N802
        return self.canvas

    def messageBar(self) -> QgsMessageBar:  # noqa: N802
        return self.bar

    def mainWindow(self) -> QMainWindow:  # noqa: N802
        return self.window

    def addDockWidget(self, area: Qt.DockWidgetArea, dock: QDockWidget) -> None:  # noqa: N802
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock: QDockWidget) -> None:  # noqa: N802
        self.window.removeDockWidget(dock)

    def addPluginToMenu(self, _name: str, action: QAction) -> None:  # noqa: N802
        self.menu.addAction(action)

    def removePluginMenu(self, _name: str, action: QAction) -> None:  # noqa: N802
        self.menu.removeAction(action)

    def addToolBarIcon(self, action: QAction) -> None:  # noqa: N802
        self.toolbar.addAction(action)

    def removeToolBarIcon(self, action: QAction) -> None:  # noqa: N802
        self.toolbar.removeAction(action)

    def registerOptionsWidgetFactory(self, factory: object) -> None:  # noqa: N802
        self.factories.append(factory)

    def unregisterOptionsWidgetFactory(self, factory: object) -> None:  # noqa: N802
        self.factories.remove(factory)

    def browserModel(self) -> QgsBrowserGuiModel:  # noqa: N802
        return self.browser

    def layerTreeView(self) -> QgsLayerTreeView:  # noqa: N802
        return self.tree

    def setActiveLayer(self, layer: QgsMapLayer) -> None:  # noqa: N802
        self.active = layer

    def activeLayer(self) -> None:  # noqa: N802
        return None

    def showOptionsDialog(self, _parent: QWidget, page: str) -> None:  # noqa: N802
        self.shown_pages.append(page)

    # --- what a user does

    def show_layer(self, layer: QgsRasterLayer, crs: QgsCoordinateReferenceSystem) -> None:
        """The whole layer on the map, in a CRS."""
        self.canvas.setDestinationCrs(crs)
        self.canvas.setLayers([layer])
        settings = self.canvas.mapSettings()
        self.canvas.setExtent(settings.layerExtentToOutputExtent(layer, layer.extent()))
        settle()

    def pixel(self, where: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> QPoint:
        """The pixel of the viewport at a place."""
        from qgis.core import QgsCoordinateTransform

        to_map = QgsCoordinateTransform(
            crs, self.canvas.mapSettings().destinationCrs(), QgsProject.instance()
        )
        place = self.canvas.getCoordinateTransform().transform(to_map.transform(where))
        return QPoint(round(place.x()), round(place.y()))

    def click(self, at: QPoint, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseMove(self.canvas.viewport(), at + QPoint(1, 1))
        QTest.mouseMove(self.canvas.viewport(), at)
        QTest.mouseClick(self.canvas.viewport(), button, NONE, at)

    def drag(self, start: QPoint, end: QPoint) -> None:
        viewport = self.canvas.viewport()
        QTest.mousePress(viewport, LEFT, NONE, start)
        for step in range(1, 5):
            drag_to(viewport, start + (end - start) * step / 4)
        QTest.mouseRelease(viewport, LEFT, NONE, end)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.canvas, key, modifier)


def drag_to(viewport: QWidget, at: QPoint) -> None:
    """QTest's own mouseMove has no button held."""
    from qgis.PyQt.QtCore import QPointF
    from qgis.PyQt.QtGui import QMouseEvent

    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(viewport.mapToGlobal(at)),
        Qt.MouseButton.NoButton, LEFT, NONE,
    )  # fmt: skip
    QCoreApplication.sendEvent(viewport, event)


def settle() -> None:
    """Let Qt do what it has put off, deletions included."""
    for _ in range(3):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def wait_for(done: Callable[[], bool]) -> None:
    """Let Qt work until something has happened."""
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end, "it did not happen in time"
        QCoreApplication.processEvents()
        time.sleep(0.005)


def raster_layer(path: Path, project: QgsProject) -> QgsRasterLayer:
    layer = QgsRasterLayer(str(path), path.stem)
    assert layer.isValid()
    project.addMapLayer(layer)
    return layer
