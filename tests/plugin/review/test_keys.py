"""Which keys the review takes, and which it leaves to others."""

from __future__ import annotations

from by_hand import CONTROL, is_idle
from qgis.gui import QgsMapToolEdit, QgsMapToolPan
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication
from qgis_window import NONE, Window, settle, wait_for
from review.refined_layers import COUNT, Key, Layers, go_to, states

from geosam_plugin.review.decisions import State
from geosam_plugin.window.workspace import Workspace


def test_keys_are_letters_in_text_fields(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    line = workspace.dock.target.class_name.lineEdit()
    line.clear()
    line.setFocus()
    QTest.keyClicks(line, "area")
    assert line.text() == "area"
    assert states(workspace) == {"pending": COUNT}
    workspace.dock.review.button.click()
    assert not workspace.review.is_on
    window.key(Key.Key_A)
    assert not reviewed.target.isEditable()
    assert workspace.review.outlines.old.isEmpty()


def test_keys_are_taken_from_shortcuts_while_it_is_on(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    def is_taken(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(window.canvas, event)
        return event.isAccepted()

    keys = [Key.Key_A, Key.Key_R, Key.Key_E, Key.Key_N, Key.Key_P, Key.Key_U]
    assert all(is_taken(key) for key in keys)
    assert not is_taken(Key.Key_A, CONTROL)
    assert not is_taken(Key.Key_F)
    assert states(workspace) == {"pending": COUNT}, "they come back as keys"
    workspace.dock.review.button.click()
    assert not any(is_taken(key) for key in keys)


def test_keys_are_left_to_tools_that_draw(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    """P, A and R mean something to those, too."""
    tool = QgsMapToolEdit(window.canvas)
    window.canvas.setMapTool(tool)
    for key in (Key.Key_A, Key.Key_R, Key.Key_N):
        window.key(key)
    assert states(workspace) == {"pending": COUNT}
    pan = QgsMapToolPan(window.canvas)
    window.canvas.setMapTool(pan)
    window.key(Key.Key_R)
    assert states(workspace)["rejected"] == 1


def test_u_first_lets_an_open_edit_go(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    window.key(Key.Key_R)
    section = workspace.dock.review

    def open_it() -> None:
        window.key(Key.Key_E)
        wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))

    open_it()
    window.key(Key.Key_U)
    assert workspace.controller.session.draft.prompts == ()
    assert states(workspace)["rejected"] == 1, "nothing else is undone"
    open_it()
    section.verdict.setCurrentIndex(section.verdict.findData("gone"))
    section.verdict.activated.emit(section.verdict.currentIndex())
    assert workspace.controller.session.draft.prompts == ()
    window.key(Key.Key_U)
    assert states(workspace)["rejected"] == 0


def test_a_vertex_that_is_moved_by_hand_leaves_it_accepted(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    name = go_to(workspace, window, reviewed, "shift")
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    feature = reviewed.features()[name]
    touched = feature.geometry()
    corner = touched.vertexAt(0)
    assert touched.moveVertex(corner.x() + 0.2, corner.y(), 0)
    reviewed.target.changeGeometry(feature.id(), touched)
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED
    reviewed.target.changeGeometry(feature.id(), reviewed.old[name])
    settle()
    assert workspace.review.queue.state(one) is State.PENDING
