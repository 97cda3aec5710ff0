"""Single keys on the map while something is reviewed."""

from __future__ import annotations

from qgis.gui import QgsMapCanvas, QgsMapTool, QgsMapToolEdit
from qgis.PyQt.QtCore import QEvent, QObject, Qt, pyqtSignal

ACCEPT, REJECT, EDIT, NEXT, PREVIOUS, UNDO = "accept", "reject", "edit", "next", "previous", "undo"

KEYS = {
    ACCEPT: Qt.Key.Key_A,
    REJECT: Qt.Key.Key_R,
    EDIT: Qt.Key.Key_E,
    NEXT: Qt.Key.Key_N,
    PREVIOUS: Qt.Key.Key_P,
    UNDO: Qt.Key.Key_U,
}
"""None of them is one of the click tool's, which may be on as well."""


class ReviewKeys(QObject):
    """Takes the keys from the canvas alone: in text fields they are letters; and while nothing is
    drawn there by hand.

    pressed: one of KEYS
    """

    pressed = pyqtSignal(str)

    def __init__(self, canvas: QgsMapCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._means = {key: name for name, key in KEYS.items()}

    def start(self) -> None:
        for watched in (self._canvas, self._canvas.viewport()):
            watched.installEventFilter(self)
        self._canvas.setFocus()

    def stop(self) -> None:
        for watched in (self._canvas, self._canvas.viewport()):
            watched.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Ahead of the canvas and its tool, and of QGIS's own shortcuts."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        name = self._means.get(event.key())
        if (
            name is None
            or self._is_drawing()
            or event.modifiers() != Qt.KeyboardModifier.NoModifier
        ):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()  # comes back as a key, not as somebody's shortcut
        elif not event.isAutoRepeat():
            self.pressed.emit(name)
        return True

    def _is_drawing(self) -> bool:
        """Whether QGIS's own tools draw or move vertices: they have some of these keys as well."""
        tool = self._canvas.mapTool()
        return isinstance(tool, QgsMapToolEdit) or (
            tool is not None and bool(tool.flags() & QgsMapTool.Flag.EditTool)
        )
