"""The map tool: what the mouse and the keys mean on the canvas. It knows positions on the map,
and nothing of rasters, prompts or the engine."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtWidgets import QApplication

from geosam_plugin.clicking.prompts import BOX, EXCLUDE, INCLUDE
from geosam_plugin.clicking.save_mode import SaveMode

REST_MS = 120
"""The mouse rests when it has not moved for so long."""

POINTS_PER_EDGE = 16
"""Of a box's outline: its sides are curves in another CRS."""

MIN_BOX_PX = 3

Corners = tuple[QPoint, QPoint]


class SegmentTool(QgsMapTool):
    """Left click = include, right click = exclude, drag = box; keys as DESIGN.md says.

    clicked: place on the map, and whether it is to be included
    boxDragged: the outline on the map, without the first point repeated
    boxChanged: the same while it is being dragged; empty when it ends
    rested: where the mouse rests; moved: it goes on, or has left the map
    saveWanted: a SaveMode, or None for the one that is set
    takeUpWanted: Ctrl and a click on a polygon, at this place on the map
    """

    clicked = pyqtSignal(QgsPointXY, bool)
    boxDragged = pyqtSignal(list)  # noqa: N815 - Qt's way
    boxChanged = pyqtSignal(list)  # noqa: N815
    rested = pyqtSignal(QgsPointXY)
    moved = pyqtSignal()
    undoWanted = pyqtSignal()  # noqa: N815
    redoWanted = pyqtSignal()  # noqa: N815
    clearWanted = pyqtSignal()  # noqa: N815
    cycleWanted = pyqtSignal()  # noqa: N815
    saveWanted = pyqtSignal(object)  # noqa: N815
    takeUpWanted = pyqtSignal(QgsPointXY)  # noqa: N815

    def __init__(
        self, canvas: QgsMapCanvas, can_undo: Callable[[], bool], can_redo: Callable[[], bool]
    ) -> None:
        """can_undo, can_redo: asked before Ctrl+Z is taken from the layer's own undo"""
        super().__init__(canvas)
        self.left_means = INCLUDE
        self._can_undo = can_undo
        self._can_redo = can_redo
        self._pressed: QPoint | None = None
        self._pressed_right: QPoint | None = None
        self._pressed_control: QPoint | None = None
        self._is_dragging = False
        self._space_held = False
        self._last_click: tuple[QPoint, Qt.MouseButton] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._on_rest)
        self._at = QPoint()
        self._is_busy = False
        self.setCursor(Qt.CursorShape.CrossCursor)

    def flags(self) -> QgsMapTool.Flag:
        """Shift+drag zooms, as with QGIS's own tools: the canvas sees to it."""
        return QgsMapTool.Flag.AllowZoomRect

    def activate(self) -> None:
        super().activate()
        self.canvas().installEventFilter(self)
        self.canvas().viewport().installEventFilter(self)
        self.canvas().setFocus()

    def deactivate(self) -> None:
        self.canvas().removeEventFilter(self)
        self.canvas().viewport().removeEventFilter(self)
        self._let_go()
        self._release_space()
        self._end_hover()
        super().deactivate()

    def set_busy(self, is_busy: bool) -> None:
        """The user waits for what was clicked; more can be clicked meanwhile."""
        if is_busy != self._is_busy:  # the canvas has cursors of its own, while it is panned say
            self._is_busy = is_busy
            self.setCursor(Qt.CursorShape.BusyCursor if is_busy else Qt.CursorShape.CrossCursor)

    # --- mouse

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        self._end_hover()
        if self._space_held:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            # With Ctrl, QGIS's tools act on features: it is no prompt.
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._pressed_control = event.pos()
                return
            self._pressed = event.pos()
            self._is_dragging = False
        elif event.button() == Qt.MouseButton.RightButton and self._pressed is None:
            self._pressed_right = event.pos()

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        """One click when the mouse has stayed where it was; at two places they are two."""
        if self._last_click != (event.pos(), event.button()):
            self.canvasPressEvent(event)

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        self._last_click = None
        self._at = event.pos()
        if self._pressed is None:
            self._end_hover()
            if event.buttons() == Qt.MouseButton.NoButton and not self._space_held:
                self._rest.start()
            return
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._let_go()  # released where nobody told us: over a dialog, in another window
            return
        far = (event.pos() - self._pressed).manhattanLength() >= self._drag_distance()
        self._is_dragging = self._is_dragging or far
        if self._is_dragging:
            self.boxChanged.emit(self._outline((self._pressed, event.pos())))

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            pressed, self._pressed_right = self._pressed_right, None
            if pressed is not None and self._pressed is None:
                self._click(pressed, event.button(), is_include=False)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._pressed_control is not None:
            self._take_up(self._pressed_control, event.pos())
            return
        if self._pressed is None:
            return
        pressed, dragged = self._pressed, self._is_dragging
        self._let_go()
        if dragged:
            size = event.pos() - pressed
            if min(abs(size.x()), abs(size.y())) >= MIN_BOX_PX:
                self.boxDragged.emit(self._outline((pressed, event.pos())))
        elif self.left_means != BOX:
            self._click(pressed, event.button(), is_include=self.left_means != EXCLUDE)

    def _take_up(self, pressed: QPoint, released: QPoint) -> None:
        self._let_go()
        if (released - pressed).manhattanLength() < QApplication.startDragDistance():
            self.takeUpWanted.emit(self.toMapCoordinates(pressed))

    def _click(self, where: QPoint, button: Qt.MouseButton, is_include: bool) -> None:
        self._last_click = (where, button)
        self.clicked.emit(self.toMapCoordinates(where), is_include)

    def _drag_distance(self) -> int:
        return MIN_BOX_PX if self.left_means == BOX else QApplication.startDragDistance()

    def _outline(self, corners: Corners) -> list[QgsPointXY]:
        """By the screen's edges, which on a rotated map are not the map's."""
        first, last = corners
        ring = [
            (first.x(), first.y()),
            (last.x(), first.y()),
            (last.x(), last.y()),
            (first.x(), last.y()),
        ]
        to_map = self.canvas().getCoordinateTransform().toMapCoordinatesF
        outline = []
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]):
            for step in range(POINTS_PER_EDGE):
                part = step / POINTS_PER_EDGE
                outline.append(to_map(x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
        return outline

    def _let_go(self) -> None:
        self._pressed = self._pressed_right = self._pressed_control = None
        if self._is_dragging:
            self._is_dragging = False
            self.boxChanged.emit([])

    # --- hovering

    def _on_rest(self) -> None:
        self.rested.emit(self.toMapCoordinates(self._at))

    def _end_hover(self) -> None:
        self._rest.stop()
        self.moved.emit()

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ahead of the canvas, and of Qt, which would move the focus on Tab."""
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride:
            if self._action(event) is not None:
                event.accept()  # comes back as a key, not as somebody's shortcut
                return True
        elif kind == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
                self._space_held = True
                self._let_go()
                return False
            action = self._action(event)
            if action is not None:
                action()
                return True
        elif kind == QEvent.Type.KeyRelease:
            if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
                self._space_held = False
        elif kind == QEvent.Type.FocusOut:
            self._release_space()
        elif kind == QEvent.Type.Leave:
            self._end_hover()
        return False

    def _action(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key means now; None when it is not ours."""
        key = event.key()
        control = Qt.KeyboardModifier.ControlModifier
        shift = Qt.KeyboardModifier.ShiftModifier
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Z and held == control:
            return self.undoWanted.emit if self._can_undo() else None
        if (key == Qt.Key.Key_Z and held == control | shift) or (
            key == Qt.Key.Key_Y and held == control
        ):
            return self.redoWanted.emit if self._can_redo() else None
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._save_action(held)
        if held != Qt.KeyboardModifier.NoModifier:
            return None
        if key == Qt.Key.Key_S:
            return lambda: self.saveWanted.emit(None)
        if key == Qt.Key.Key_Tab:
            return self.cycleWanted.emit
        if key == Qt.Key.Key_Escape:
            return self._escape
        return None

    def _save_action(self, held: Qt.KeyboardModifiers) -> Callable[[], None] | None:
        modes = (
            (Qt.KeyboardModifier.NoModifier, None),
            (Qt.KeyboardModifier.ShiftModifier, SaveMode.ADD),
            (Qt.KeyboardModifier.AltModifier, SaveMode.CUT),
            (Qt.KeyboardModifier.ControlModifier, SaveMode.MERGE),
        )
        for modifier, mode in modes:
            if held == modifier:
                return lambda: self.saveWanted.emit(mode)
        return None

    def _escape(self) -> None:
        """First the box under the mouse, then the prompts."""
        if self._is_dragging:
            self._let_go()
        else:
            self.clearWanted.emit()

    def _release_space(self) -> None:
        """The canvas waits for the key to come up, and pans until then: tell it, when the key
        comes up in another window."""
        if self._space_held:
            self._space_held = False
            released = QKeyEvent(
                QEvent.Type.KeyRelease, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier
            )
            QApplication.sendEvent(self.canvas(), released)
