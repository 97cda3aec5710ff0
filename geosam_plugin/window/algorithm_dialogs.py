"""Processing's own dialogs, opened filled in from the dock or from the map."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QDialog, QScrollArea


class AlgorithmDialogs(QObject):
    """Those of one algorithm, one for each layer. Not modal: the map can be used meanwhile.

    ended: a layer's id, whether the run came to its end, and its results
    """

    ended = pyqtSignal(str, bool, dict)
    dialogClosed = pyqtSignal()  # noqa: N815 - Qt's way

    def __init__(self, algorithm: str, parent: QObject | None = None) -> None:
        """algorithm: its id, as Processing knows it"""
        super().__init__(parent)
        self._algorithm = algorithm
        self._dialogs: dict[str, QDialog] = {}

    def open(self, layer_id: str, parameters: Callable[[], dict[str, Any]]) -> None:
        """Show a layer's dialog with these parameters; while it is running, as it is."""
        dialog = self._dialogs.get(layer_id)
        if not _is_running(dialog):
            self._discard(dialog)
            dialog = self._dialogs[layer_id] = self._make(layer_id, parameters())
        self._show(dialog)

    def of(self, layer_id: str) -> QDialog:
        """The one of a layer whose run has `ended`."""
        return self._dialogs[layer_id]

    def close(self) -> None:
        """Take all dialogs away; what is running is cancelled, and what it has done is kept."""
        for dialog in self._dialogs.values():
            self._discard(dialog)
        self._dialogs.clear()

    def _make(self, layer_id: str, parameters: dict[str, Any]) -> QDialog:
        # QGIS's own plugin, there only once all plugins are loaded.
        import processing

        dialog: QDialog = processing.createAlgorithmDialog(self._algorithm, parameters)
        dialog.algorithmFinished.connect(partial(self.ended.emit, layer_id))
        dialog.rejected.connect(self.dialogClosed)  # `finished` is a function of Processing's
        return dialog

    def _show(self, dialog: QDialog) -> None:
        dialog.show()
        _widen(dialog)
        dialog.raise_()
        dialog.activateWindow()

    def _discard(self, dialog: QDialog | None) -> None:
        if dialog is None or sip.isdeleted(dialog):
            return
        if _is_running(dialog):
            # Processing's task tells the dialog when it ends: it must be there until then.
            dialog.algorithmFinished.disconnect()
            dialog.algorithmFinished.connect(dialog.deleteLater)
            dialog.cancelButton().click()
            dialog.hide()
        else:
            dialog.close()
            dialog.deleteLater()


def _widen(dialog: QDialog) -> None:
    """Until all of a parameter's row is seen, its button at the end, too; the help beside it keeps
    its own width where the screen has room for both."""
    scroll = dialog.mainWidget().findChild(QScrollArea)
    screen = dialog.windowHandle().screen().availableGeometry()
    inner = scroll.widget()
    missing = (
        max(inner.sizeHint().width(), inner.minimumSizeHint().width())
        + scroll.verticalScrollBar().sizeHint().width()
        + 2 * scroll.frameWidth()
        - scroll.width()
    )
    if missing <= 0:
        return
    scroll.setMinimumWidth(min(scroll.width() + missing, screen.width() * 2 // 3))
    dialog.resize(min(dialog.width() + missing, screen.width()), dialog.height())


def _is_running(dialog: QDialog | None) -> bool:
    return dialog is not None and not sip.isdeleted(dialog) and dialog.cancelButton().isEnabled()
