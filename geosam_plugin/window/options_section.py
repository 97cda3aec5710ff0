"""The dock's section of options: how objects are found and outlined."""

from __future__ import annotations

from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QWidget

from geosam_plugin.clicking.options import Options
from geosam_plugin.window.dock_settings import DockSettings

translate = QCoreApplication.translate


class OptionsSection(QgsCollapsibleGroupBox):
    """How objects are found and outlined."""

    changed = pyqtSignal()

    def __init__(self, settings: DockSettings, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "Options"), parent)
        self.hover = _check_box(translate("GeoSAM", "Preview under the mouse"))
        self.hover.setChecked(settings.hover)
        self.level = QComboBox()
        self.level.setToolTip(
            translate("GeoSAM", "Coarser pixels find larger objects. By zoom, the map's scale "
                      "decides.")
        )  # fmt: skip
        self.simplify = _spin(settings.simplify_px, 20.0, 0.25)
        self.min_area = _spin(settings.min_area_px, 100000.0, 16.0)
        self.largest = _check_box(translate("GeoSAM", "Largest part only"))
        self.largest.setChecked(settings.largest_part_only)
        self.right_angles = _check_box(translate("GeoSAM", "Right angles"))
        self.right_angles.setToolTip(
            translate("GeoSAM", "For buildings: a shape that nearly has them gets right angles.")
        )
        self.right_angles.setChecked(settings.right_angles)
        self.avoid = _check_box(translate("GeoSAM", "Avoid overlaps with existing polygons"))
        self.avoid.setChecked(settings.avoid_overlaps)
        form = QFormLayout(self)
        form.addRow(self.hover)
        form.addRow(translate("GeoSAM", "Resolution"), self.level)
        form.addRow(translate("GeoSAM", "Simplify by"), self.simplify)
        form.addRow(translate("GeoSAM", "Smallest part"), self.min_area)
        form.addRow(self.largest)
        form.addRow(self.right_angles)
        form.addRow(self.avoid)
        self.set_levels([], "")
        self.level.currentIndexChanged.connect(lambda _: self.changed.emit())
        for box in (self.simplify, self.min_area):
            box.valueChanged.connect(lambda _: self.changed.emit())
        for check in (self.hover, self.largest, self.right_angles, self.avoid):
            check.toggled.connect(lambda _: self.changed.emit())

    @property
    def options(self) -> Options:
        return Options(
            self.level.currentData(),
            self.simplify.value(),
            self.min_area.value(),
            self.largest.isChecked(),
            self.right_angles.isChecked(),
        )

    def set_levels(self, pixel_sizes: list[float], unit: str) -> None:
        self.level.blockSignals(True)
        chosen = self.level.currentData()
        self.level.clear()
        self.level.addItem(translate("GeoSAM", "By zoom"), None)
        for level, size in enumerate(pixel_sizes):
            self.level.addItem(f"{size:.4g} {unit}".strip(), level)
        self.level.setCurrentIndex(max(0, self.level.findData(chosen)))
        self.level.blockSignals(False)
        if self.level.currentData() != chosen:
            self.changed.emit()  # this cache has no such level


def _check_box(text: str) -> QCheckBox:
    """One whose click leaves the keyboard to the map."""
    box = QCheckBox(text)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return box


def _spin(value: float, maximum: float, step: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0.0, maximum)
    box.setSingleStep(step)
    box.setSuffix(translate("GeoSAM", " pixels"))
    box.setValue(value)
    box.setKeyboardTracking(False)
    return box
