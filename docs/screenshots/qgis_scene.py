"""The sample in QGIS's window, and what a user does there: for `take.py`, within QGIS."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import web_map

WINDOW = (1280, 860)

SAVED_CLASS = "building"
MOST = 10
"""So many buildings at most; the last of them stays pending."""
VIEW_M = 150.0
LEAST_M2 = 8.0
"""Of everything: without specks, which one cannot see in the picture."""
ACCEPTED = 3
"""Before the picture of the review is taken."""


class Camera:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, what: Any, name: str) -> None:
        """what: a widget, or a picture"""
        picture = what.grab() if hasattr(what, "grab") else what
        assert picture.save(str(self._folder / f"{name}.png"))


class Scene:
    """The sample in QGIS's window, and what a user does there."""

    def __init__(self, iface: Any, folder: Path) -> None:
        from qgis.utils import plugins

        self._iface = iface
        self._canvas = iface.mapCanvas()
        self._folder = folder
        self._plugin = plugins["geosam_plugin"]

    @property
    def _workspace(self) -> Any:
        return self._plugin.workspace

    @property
    def dock_widget(self) -> Any:
        return self._workspace.dock

    def open(self) -> None:
        """QGIS with the image and the dock."""
        from qgis.core import QgsProject
        from qgis.PyQt.QtCore import Qt
        from qgis.PyQt.QtWidgets import QDockWidget

        window = self._iface.mainWindow()
        window.move(0, 0)
        window.resize(*WINDOW)
        self._layer = self._make_layer()
        QgsProject.instance().addMapLayer(self._layer)
        self._plugin.show_workspace()
        for dock in window.findChildren(QDockWidget):
            if dock.objectName() in ("Browser", "Browser2"):
                dock.hide()
        layers = window.findChild(QDockWidget, "Layers")
        window.resizeDocks([layers, self.dock_widget], [200, 330], Qt.Orientation.Horizontal)
        QgsProject.instance().layerTreeRoot().findLayer(self._layer).setExpanded(False)
        self._wait(2)
        self._iface.messageBar().clearWidgets()  # of QGIS's own start
        self._canvas.setExtent(self._view())
        self._canvas.refresh()
        self._drawn()

    def _make_layer(self) -> Any:
        from qgis.core import QgsRasterLayer

        return QgsRasterLayer(str(self._folder / "scene.tif"), "scene")

    def _view(self) -> Any:
        """Where most buildings are near to each other."""
        from qgis.core import QgsRectangle, QgsVector

        places = [building.boundingBox().center() for building in self._truth()]
        best = max(places, key=lambda at: sum(at.distance(p) < VIEW_M / 2 for p in places))
        dx, dy = VIEW_M / 2, VIEW_M / 2 * self._canvas.height() / self._canvas.width()
        view = QgsRectangle(best.x() - dx, best.y() - dy, best.x() + dx, best.y() + dy)
        image = self._layer.extent()
        dx = max(image.xMinimum() - view.xMinimum(), 0) + min(image.xMaximum() - view.xMaximum(), 0)
        dy = max(image.yMinimum() - view.yMinimum(), 0) + min(image.yMaximum() - view.yMaximum(), 0)
        return view + QgsVector(dx, dy)

    def _truth(self) -> list[Any]:
        """The buildings that were drawn into the scene."""
        from qgis.core import QgsVectorLayer

        truth = QgsVectorLayer(str(self._folder / "truth.gpkg"), "truth")
        return [item.geometry() for item in truth.getFeatures("\"class\" = 'building'")]

    def open_encode_dialog(self) -> Any:
        from processing.gui.AlgorithmDialog import AlgorithmDialog

        self.dock_widget.image.encode.click()
        window = self._iface.mainWindow()
        self._until(lambda: bool(window.findChildren(AlgorithmDialog)))
        (dialog,) = window.findChildren(AlgorithmDialog)
        dialog.resize(820, 560)
        self._wait(1)
        return dialog

    def encode(self, dialog: Any) -> None:
        dialog.runButton().click()
        self._until(lambda: bool(self._workspace.controller.described), 120)
        dialog.close()

    def start_clicking(self) -> None:
        self.dock_widget.target.class_name.setCurrentText(SAVED_CLASS)
        self.dock_widget.options.largest.setChecked(True)
        self.dock_widget.prompt.clicking.setChecked(True)

    def buildings(self) -> list[Any]:
        """Those wholly in view, the one nearest to the middle last."""
        view = self._canvas.extent()
        seen = view.buffered(-0.03 * view.width())
        found = [shape for shape in self._truth() if seen.contains(shape.boundingBox())]
        found.sort(key=lambda g: -g.boundingBox().center().distance(view.center()))
        return found[-MOST:]

    def box_and_save(self, building: Any) -> None:
        from qgis.PyQt.QtCore import Qt
        from qgis.PyQt.QtTest import QTest

        session = self._workspace.controller.session
        before = session.saved
        box = building.boundingBox().buffered(0.6)
        self._drag(
            self._pixel(box.xMinimum(), box.yMaximum()), self._pixel(box.xMaximum(), box.yMinimum())
        )
        QTest.keyClick(self._canvas, Qt.Key.Key_Return)
        self._until(lambda: session.saved == before + 1)
        self._drawn()

    def click(self, building: Any) -> None:
        """Include its middle, exclude what is beside it: a shape that waits to be saved."""
        from qgis.PyQt.QtCore import Qt
        from qgis.PyQt.QtTest import QTest

        viewport, no_key = self._canvas.viewport(), Qt.KeyboardModifier.NoModifier
        middle = building.pointOnSurface().asPoint()
        box = building.boundingBox()
        self._drag(
            self._pixel(box.xMinimum() - 0.6, box.yMaximum() + 0.6),
            self._pixel(box.xMaximum() + 0.6, box.yMinimum() - 0.6),
        )
        for button, x, y in (
            (Qt.MouseButton.LeftButton, middle.x(), middle.y()),
            (Qt.MouseButton.RightButton, box.xMaximum() + 3, middle.y()),
        ):
            QTest.mouseClick(viewport, button, no_key, self._pixel(x, y))
            self._wait(0.5)
        draft = self._workspace.controller.session.draft
        self._until(lambda: draft.candidate is not None and draft.is_answered)
        self._drawn()

    def review(self) -> None:
        """Of the old map: some of it is accepted, and a building of another shape is shown."""
        from qgis.core import QgsProject, QgsVectorLayer
        from qgis.PyQt.QtCore import Qt
        from qgis.PyQt.QtTest import QTest

        QTest.keyClick(self._canvas, Qt.Key.Key_Escape)
        project = QgsProject.instance()
        layers = {
            name: QgsVectorLayer(str(self._folder / f"{name}.gpkg"), name)
            for name in ("footprints", "refined")
        }
        project.addMapLayers(list(layers.values()))
        clicked = project.layerTreeRoot().findLayer(self.dock_widget.target.layer)
        clicked.setItemVisibilityChecked(False)
        section = self.dock_widget.review
        section.setCollapsed(False)
        section.refined.setLayer(layers["refined"])
        section.target.setLayer(layers["footprints"])
        section.button.click()
        review = self._workspace.review
        self._until(lambda: review.is_on)
        for _ in range(ACCEPTED):
            QTest.keyClick(self._canvas, Qt.Key.Key_A)
        self._wait(0.5)
        self.dock_widget.widget().ensureWidgetVisible(section)
        self._iface.messageBar().clearWidgets()
        self._drawn()
        self._wait(1)

    def leave_review(self) -> None:
        from qgis.core import QgsProject

        section = self.dock_widget.review
        section.button.click()
        section.setCollapsed(True)
        tree = QgsProject.instance().layerTreeRoot()
        for layer in (section.refined.currentLayer(), section.target.currentLayer()):
            tree.findLayer(layer).setItemVisibilityChecked(False)
        self._canvas.setExtent(self._view())
        self._drawn()

    def segment_everything(self) -> None:
        """Of what the map shows, in place of what was clicked."""
        from qgis.core import QgsProject
        from qgis.PyQt.QtCore import Qt
        from qgis.PyQt.QtTest import QTest

        QTest.keyClick(self._canvas, Qt.Key.Key_Escape)
        tree = QgsProject.instance().layerTreeRoot()
        tree.findLayer(self.dock_widget.target.layer).setItemVisibilityChecked(False)
        section = self.dock_widget.everything
        section.setCollapsed(False)
        section.preset.setCurrentIndex(section.preset.findData("fast"))
        section.min_area.setValue(LEAST_M2)
        section.button.click()
        run = self._workspace.everything
        self._until(lambda: not run.is_on, 240)
        self._iface.messageBar().clearWidgets()
        self._wait(1.5)  # the map is drawn once more
        self._drawn()

    def around(self, building: Any) -> Any:
        """The map by itself, about a building."""
        from qgis.PyQt.QtCore import QRect

        middle = building.boundingBox().center()
        area = QRect(0, 0, 640, 480)
        area.moveCenter(self._pixel(middle.x(), middle.y()))
        return self._canvas.grab(area.intersected(self._canvas.rect()))

    def settings_page(self) -> Any:
        """QGIS's options where the plugin opens them, as they are before there is an engine."""
        from qgis.PyQt.QtCore import QTimer
        from qgis.PyQt.QtWidgets import QApplication, QSplitter

        from geosam_plugin.settings import EngineSettings

        taken: list[Any] = []

        def take() -> None:
            dialog = QApplication.activeModalWidget()
            dialog.resize(980, 600)
            for splitter in dialog.findChildren(QSplitter):
                splitter.setSizes([200, 780])
            self._wait(2)
            taken.append(dialog.grab())
            dialog.reject()

        ours = EngineSettings.load()
        EngineSettings().save()
        QTimer.singleShot(2000, take)
        self._plugin.show_settings()
        ours.save()
        return taken[0]

    def raster_of(self, url: str) -> Any:
        """The dialog that has made one of a web map."""
        dialog = web_map.raster_dialog(url, self._until)
        self._wait(1)
        return dialog

    # --- the mouse and the clock

    def _pixel(self, x: float, y: float) -> Any:
        from qgis.PyQt.QtCore import QPoint

        place = self._canvas.getCoordinateTransform().transform(x, y)
        return QPoint(round(place.x()), round(place.y()))

    def _drag(self, start: Any, end: Any) -> None:
        from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPointF, Qt
        from qgis.PyQt.QtGui import QMouseEvent
        from qgis.PyQt.QtTest import QTest

        viewport = self._canvas.viewport()
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(viewport, left, none, start)
        for step in range(1, 5):
            at = QPointF(start + (end - start) * step / 4)
            held = QMouseEvent(
                QEvent.Type.MouseMove, at, QPointF(viewport.mapToGlobal(at.toPoint())),
                Qt.MouseButton.NoButton, left, none,
            )  # fmt: skip
            QCoreApplication.sendEvent(viewport, held)
        QTest.mouseRelease(viewport, left, none, end)

    def _drawn(self) -> None:
        self._wait(0.3)
        self._until(lambda: not self._canvas.isDrawing())

    def _wait(self, seconds: float) -> None:
        from qgis.PyQt.QtCore import QCoreApplication

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QCoreApplication.processEvents()
            time.sleep(0.01)

    def _until(self, done: Callable[[], bool], seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                raise SystemExit(f"It did not happen in {seconds:.0f} s.")
            self._wait(0.05)
