"""The section of the dock that segments everything: what is asked for, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import QCoreApplication, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from geosam_plugin.processing.segment_all_parameters import preset_names
from geosam_plugin.window.dock_sections import note, push_button
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.fill_row import BAR_PX

translate = QCoreApplication.translate

MAX_AREA_M2 = 10_000_000.0


@dataclass(frozen=True)
class EverythingChoice:
    """preset: as the engine calls it
    in_view: only what the map shows
    min_area: of an object, in square metres; without a CRS in square pixels
    """

    preset: str
    in_view: bool
    min_area: float


class EverythingSection(QgsCollapsibleGroupBox):
    """One button, which begins, and stops what it has begun."""

    beginWanted = pyqtSignal()  # noqa: N815 - Qt's way
    stopWanted = pyqtSignal()  # noqa: N815

    def __init__(self, settings: DockSettings, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "Everything at once"), parent)
        self._is_on = False
        self.preset = self._make_presets(settings.everything_preset)
        self.extent = QComboBox()
        self.extent.addItem(translate("GeoSAM", "What the map shows"), True)
        self.extent.addItem(translate("GeoSAM", "The whole image"), False)
        self.extent.setCurrentIndex(self.extent.findData(settings.everything_in_view))
        self.min_area = QDoubleSpinBox()
        self.min_area.setRange(0.0, MAX_AREA_M2)
        self.min_area.setDecimals(1)
        self.min_area.setValue(settings.everything_min_area)
        self.min_area.setKeyboardTracking(False)
        self.show_unit(is_metric=True)
        self.button = push_button(
            "",
            translate(
                "GeoSAM",
                "Makes a polygon of every object, in a temporary layer that fills while you go on. "
                "Resolution and outlines are as the options say. What was found is kept when you "
                "stop, and the same run goes on from there.",
            ),
            icon="segmentall",
        )
        self.text = note()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(BAR_PX)
        form = QFormLayout()
        form.addRow(translate("GeoSAM", "Preset"), self.preset)
        form.addRow(translate("GeoSAM", "Extent"), self.extent)
        form.addRow(translate("GeoSAM", "Smallest object"), self.min_area)
        # A widget of its own: what lies in the box itself is all shown when it is opened.
        told = QWidget()
        lines = QVBoxLayout(told)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self.text)
        lines.addWidget(self.bar)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.button)
        layout.addWidget(told)
        self.button.clicked.connect(self._on_button)
        self.show_idle("")

    def _make_presets(self, chosen: str) -> QComboBox:
        box = QComboBox()
        box.setToolTip(
            translate("GeoSAM", "Detailed: small objects as well, at several times the time. "
                      "Fast: a quick look.")
        )  # fmt: skip
        for preset, name in preset_names().items():
            box.addItem(name, preset)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        return box

    @property
    def choice(self) -> EverythingChoice:
        return EverythingChoice(
            self.preset.currentData(), self.extent.currentData(), self.min_area.value()
        )

    def show_unit(self, *, is_metric: bool) -> None:
        """Of areas: an image without a CRS has no metres."""
        metres, pixels = translate("GeoSAM", " m²"), translate("GeoSAM", " pixels")
        self.min_area.setSuffix(metres if is_metric else pixels)

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a cache that it could begin with."""
        self.button.setEnabled(self._is_on or is_ready)

    def show_idle(self, text: str) -> None:
        """text: what became of the last run; "" when there was none for what is chosen now"""
        self._is_on = False
        self.button.setText(translate("GeoSAM", "Segment everything"))
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.bar.hide()

    def show_run(self, text: str, done: int, total: int, *, is_stopping: bool = False) -> None:
        """total: 0 until it is known"""
        self._is_on = True
        self.button.setText(translate("GeoSAM", "Stop"))
        self.button.setEnabled(not is_stopping)
        self.text.setText(text)
        self.text.show()
        self.bar.setRange(0, total)  # 0 to 0 is "busy"
        self.bar.setValue(done)
        self.bar.show()

    def _on_button(self) -> None:
        (self.stopWanted if self._is_on else self.beginWanted).emit()
