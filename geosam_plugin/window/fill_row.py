"""How far the image is that is encoded while it is clicked."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QLabel, QProgressBar, QToolButton, QWidget

from geosam_plugin.clicking.fill import Fill, FillState

translate = QCoreApplication.translate

BAR_PX = 6


class FillRow(QWidget):
    """A line of text, two buttons, and a thin bar; there as soon as there is something to tell,
    and until another image is chosen: what lies below must not move under the mouse."""

    pauseToggled = pyqtSignal(bool)  # noqa: N815 - Qt's way
    stopWanted = pyqtSignal()  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.pause = _tool_button(
            translate("GeoSAM", "Pause"),
            translate("GeoSAM", "Encode nothing but what you click."),
        )
        self.pause.setCheckable(True)
        self.stop = _tool_button(
            translate("GeoSAM", "Stop"),
            translate("GeoSAM", "What is encoded is kept; it can be gone on with any time."),
        )
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(BAR_PX)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setColumnStretch(0, 1)
        layout.addWidget(self.text, 0, 0)
        layout.addWidget(self.pause, 0, 1)
        layout.addWidget(self.stop, 0, 2)
        layout.addWidget(self.bar, 1, 0, 1, 3)
        self.hide()
        self.pause.clicked.connect(self.pauseToggled)
        self.stop.clicked.connect(lambda: self.stopWanted.emit())

    def show_fill(self, fill: Fill) -> None:
        self.setVisible(fill.state is not FillState.OFF)
        self.text.setText(_say(fill))
        for button in (self.pause, self.stop):
            button.setEnabled(fill.is_on)
        self.pause.setChecked(fill.is_on and fill.is_paused)
        is_counted = fill.total > 0 or fill.is_waiting or not fill.is_on
        self.bar.setRange(0, max(1, fill.total) if is_counted else 0)  # 0 to 0 is "busy"
        self.bar.setValue(self.bar.maximum() if fill.is_waiting else fill.done)


def _say(fill: Fill) -> str:
    if fill.state is FillState.DONE:
        return translate("GeoSAM", "The whole image is encoded.")
    if fill.is_waiting:
        return translate("GeoSAM", "What the map shows is encoded.")
    if fill.state is FillState.STARTING or (fill.is_on and not fill.total):
        return translate("GeoSAM", "Starting to encode…")
    if not fill.total:  # it was ended before that was known
        if fill.state is FillState.STOPPING:
            return translate("GeoSAM", "Stopping…")
        return translate("GeoSAM", "Stopped.")
    counts = {"done": fill.done, "total": fill.total}
    if fill.state is FillState.STOPPING:
        text = translate("GeoSAM", "Stopping: {done} of {total} patches")
    elif not fill.is_on:
        text = translate("GeoSAM", "Stopped: {done} of {total} patches")
    elif fill.is_paused:
        text = translate("GeoSAM", "Paused: {done} of {total} patches")
    else:
        text = translate("GeoSAM", "Encoding: {done} of {total} patches")
    return text.format(**counts)


def _tool_button(text: str, tip: str) -> QToolButton:
    """A small button that leaves the keyboard to the map."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button
