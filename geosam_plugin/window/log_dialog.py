"""The engine's log, to be read and copied."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from geosam_plugin.engine.client import EngineClient

MAX_LINES = 2_000


class LogDialog(QDialog):
    """Follows the log while it is shown: what is added is added, the rest stays as it is."""

    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("GeoSAM", "GeoSAM: the engine's log"))
        self.resize(640, 400)
        self._client = client
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setMaximumBlockCount(MAX_LINES)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(
            QCoreApplication.translate("GeoSAM", "Copy"), QDialogButtonBox.ButtonRole.ActionRole
        )
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self._text)
        layout.addWidget(buttons)
        client.logged.connect(self._add)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if event.spontaneous():  # the window was only minimised
            return
        self._text.setPlainText(self._client.log_text.rstrip("\n"))
        bar = self._text.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _add(self, lines: str) -> None:
        """Qt scrolls along where the end is in view, and leaves readers elsewhere alone."""
        if self.isVisible():
            self._text.appendPlainText(lines.rstrip("\n"))

    def _copy(self) -> None:
        QgsApplication.clipboard().setText(self._client.log_text)
