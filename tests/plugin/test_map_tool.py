"""From the mouse and the keys to features in a layer, with a real worker and a real cache."""

from __future__ import annotations

from by_hand import (
    CONTROL,
    SHIFT,
    UTM,
    WGS84,
    features,
    held,
    is_idle,
    spots,
    wait_for_saved,
)
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
)
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QKeyEvent, QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication
from qgis_window import LEFT, NONE, RIGHT, Window, drag_to, settle, wait_for

from geosam_plugin.clicking.map_tools import SegmentTool
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.window.workspace import Workspace


def test_prompts_and_saves_given_while_the_engine_is_busy_are_kept_in_order(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    with held(workspace):
        for target in objects[:3]:
            for place in spots(target, 2):
                window.click(window.pixel(place, UTM))
            window.key(Qt.Key.Key_Return)
        assert workspace.controller.session.waits_to_save == 3
    wait_for(lambda: workspace.controller.session.saved == 3)
    layer = workspace.dock.target.layer
    for feature, target in zip(features(layer), objects, strict=False):
        assert feature.geometry().intersects(target)


def test_a_single_click_has_three_shapes_and_tab_goes_round(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    window.click(window.pixel(spots(objects[0], 1)[0], UTM))
    wait_for(lambda: is_idle(workspace))
    draft = workspace.controller.session.draft
    assert [c.number for c in draft.candidates] == [1, 2, 3]
    first, shown = draft.chosen, set()
    for _ in range(3):
        shown.add(workspace.overlay.preview.pending.asWkt())
        assert f"{draft.candidate.score:.2f}" in workspace.dock.prompt.candidate.text()
        window.key(Qt.Key.Key_Tab)
    assert draft.chosen == first
    assert len(shown) == 3
    assert QApplication.focusWidget() in (None, window.canvas)


def test_markers_and_pending_shape_come_and_go(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    preview = workspace.overlay.preview
    window.click(window.pixel(spots(objects[0], 1)[0], UTM))
    window.click(QPoint(5, 5), RIGHT)
    wait_for(lambda: is_idle(workspace))
    assert preview.markers == 2
    assert not preview.pending.isEmpty()
    window.key(Qt.Key.Key_Escape)
    assert preview.markers == 0
    assert preview.pending.isEmpty()
    window.key(Qt.Key.Key_Z, CONTROL)
    wait_for(lambda: is_idle(workspace))
    assert preview.markers == 2


def test_hovering_previews_and_says_nothing_outside(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    shapes: list[QgsGeometry | None] = []
    workspace.controller.hoverChanged.connect(shapes.append)
    viewport = window.canvas.viewport()
    place = spots(objects[0], 1)[0]
    QTest.mouseMove(viewport, window.pixel(place, UTM))
    wait_for(lambda: any(shapes))
    assert shapes[-1].buffer(1, 8).contains(place)
    assert workspace.controller.session.draft.prompts == ()
    QApplication.sendEvent(window.canvas, QEvent(QEvent.Type.Leave))
    assert shapes[-1] is None
    workspace.controller.hover(QgsPointXY(0, 0), workspace.overlay.view)
    settle()
    assert workspace.messages.text == ""


def test_clicking_outside_the_image_says_so(workspace: Workspace, window: Window) -> None:
    window.canvas.zoomByFactor(3)
    settle()
    window.click(QPoint(5, 5))
    assert "outside the image" in workspace.messages.text
    assert workspace.controller.session.draft.prompts == ()


def test_space_pans_and_is_not_stuck_after_the_focus_went(
    workspace: Workspace, window: Window
) -> None:
    canvas, viewport = window.canvas, window.canvas.viewport()
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.mousePress(viewport, LEFT, NONE, QPoint(300, 300))
    drag_to(viewport, QPoint(250, 300))
    QTest.mouseRelease(viewport, LEFT, NONE, QPoint(250, 300))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.FocusOut))
    settle()
    assert workspace.controller.session.draft.prompts == ()
    centre = canvas.center()
    drag_to(viewport, QPoint(200, 200))
    settle()
    assert canvas.center() == centre
    window.click(QPoint(300, 300))
    assert len(workspace.controller.session.draft.prompts) == 1


def test_shortcuts_are_taken_only_while_they_mean_something(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    """Ctrl+Z without prompts is the layer's own undo."""

    def is_taken(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
        event.ignore()
        QApplication.sendEvent(window.canvas, event)
        return event.isAccepted()

    assert not is_taken(Qt.Key.Key_Z, CONTROL)
    assert is_taken(Qt.Key.Key_S)
    assert not is_taken(Qt.Key.Key_S, CONTROL)  # saves the project
    window.click(window.pixel(spots(objects[0], 1)[0], UTM))
    assert is_taken(Qt.Key.Key_Z, CONTROL)
    workspace.dock.prompt.clicking.setChecked(False)
    assert not is_taken(Qt.Key.Key_Z, CONTROL)


def test_a_box_is_not_left_over(window: Window, qgis_app: object) -> None:
    tool = SegmentTool(window.canvas, lambda: False, lambda: False)
    window.canvas.setMapTool(tool)
    boxes, clicks = [], []
    tool.boxDragged.connect(boxes.append)
    tool.clicked.connect(lambda *args: clicks.append(args))
    viewport = window.canvas.viewport()
    QTest.mousePress(viewport, LEFT, NONE, QPoint(100, 100))
    drag_to(viewport, QPoint(200, 200))
    QTest.mouseClick(viewport, RIGHT, NONE, QPoint(200, 200))  # meanwhile: nothing
    window.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(viewport, LEFT, NONE, QPoint(200, 200))
    window.click(QPoint(50, 50), RIGHT)
    assert boxes == []
    assert [is_include for _, is_include in clicks] == [False]
    window.canvas.unsetMapTool(tool)


def test_only_a_double_click_is_one_click(window: Window, qgis_app: object) -> None:
    """The mouse need not move between two clicks: after an undo, or for another object."""
    tool = SegmentTool(window.canvas, lambda: False, lambda: False)
    window.canvas.setMapTool(tool)
    clicks = []
    tool.clicked.connect(lambda *args: clicks.append(args))
    viewport, place = window.canvas.viewport(), QPoint(100, 100)
    for button in (LEFT, RIGHT):
        QTest.mouseMove(viewport, place)
        clicks.clear()
        QTest.mouseClick(viewport, button, NONE, place)
        second_press = QMouseEvent(
            QEvent.Type.MouseButtonDblClick, QPointF(place), QPointF(viewport.mapToGlobal(place)),
            button, button, NONE,
        )  # fmt: skip
        QApplication.sendEvent(viewport, second_press)
        QTest.mouseRelease(viewport, button, NONE, place)
        assert len(clicks) == 1
        for count in (2, 3):
            QTest.mouseClick(viewport, button, NONE, place)
            assert len(clicks) == count
    window.canvas.unsetMapTool(tool)


def test_add_to_the_selected_feature_by_shift_enter(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    for number, (target, modifier) in enumerate(((objects[0], NONE), (objects[1], SHIFT)), 1):
        window.click(window.pixel(spots(target, 1)[0], UTM))
        window.key(Qt.Key.Key_Return, modifier)
        wait_for_saved(workspace, number)
        workspace.dock.target.layer.selectAll()
    (feature,) = features(workspace.dock.target.layer)
    assert feature.geometry().intersects(objects[0])
    assert feature.geometry().intersects(objects[1])
    assert workspace.dock.target.save_mode is SaveMode.NEW


def test_the_layers_own_crs_counts(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry]
) -> None:
    """A raster that says zone 33 and lies in zone 32, as the user has told QGIS."""
    zone_32 = QgsCoordinateReferenceSystem("EPSG:32632")
    layer = workspace.dock.image.raster.currentLayer()
    layer.setCrs(zone_32)
    settle()
    window.show_layer(layer, WGS84)
    wait_for(lambda: bool(workspace.controller.described))
    workspace.dock.prompt.clicking.setChecked(True)
    window.click(window.pixel(spots(objects[0], 1)[0], zone_32))
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    assert workspace.dock.target.layer.crs() == zone_32
    (feature,) = features(workspace.dock.target.layer)
    assert feature.geometry().intersects(objects[0])
