"""The engine's log, to be read and copied."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from geosam_plugin.engine.client import EngineClient


class LogDialog(QDialog):
    def __init__(self, client: EngineClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("GeoSAM", "GeoSAM: the engine's log"))
        self.resize(640, 400)
        self._client = client
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(
            QCoreApplication.translate("GeoSAM", "Copy"), QDialogButtonBox.ButtonRole.ActionRole
        )
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addWidget(self._text)
        layout.addWidget(buttons)
        client.logChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._text.setPlainText(self._client.log_text)
        bar = self._text.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _copy(self) -> None:
        QgsApplication.clipboard().setText(self._client.log_text)
