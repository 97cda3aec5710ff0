"""The sections of the dock. Each shows what it is told and says what the user wants; none knows
the engine or the session."""

from __future__ import annotations

from qgis.core import QgsMapLayer, QgsMapLayerProxyModel, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QKeySequence
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from geosam_plugin.clicking.prompts import BOX, EXCLUDE, INCLUDE
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.paths import icon as icon_path
from geosam_plugin.window.basemap_row import BasemapRow
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.fill_row import FillRow
from geosam_plugin.window.layer_raster import LayerRaster

translate = QCoreApplication.translate


def push_button(
    text: str, tip: str = "", *, icon: str = "", checkable: bool = False
) -> QPushButton:
    """A button that leaves the keyboard to the map."""
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if icon:
        button.setIcon(QIcon(icon_path(icon)))
    return button


def keys(portable: str) -> str:
    """A shortcut as this system and the user's language write it."""
    return QKeySequence(portable).toString(QKeySequence.SequenceFormat.NativeText)


def note(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


class UnsavedRow(QWidget):
    """What is said of a layer's edits, and a button that saves them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = note()
        self.save = push_button(
            translate("GeoSAM", "Save edits"),
            translate("GeoSAM", "Write the edits of the layer into its file."),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        row.addWidget(self.save)


class ImageSection(QGroupBox):
    """Which raster, and what is encoded of it.

    file: what the engine reads in the layer's stead; None where there is nothing
    why_not: a sentence that says why there is nothing
    """

    encodeWanted = pyqtSignal()  # noqa: N815 - Qt's way
    clickNowWanted = pyqtSignal()  # noqa: N815
    chooseWanted = pyqtSignal()  # noqa: N815
    coverageToggled = pyqtSignal(bool)  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "Image"), parent)
        self.raster = QgsMapLayerComboBox()
        self.raster.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.state = note()
        self.encode = push_button(
            translate("GeoSAM", "Encode…"),
            translate("GeoSAM", "Prepare this image once, so that it can be clicked ever after."),
            icon="encoderaster",
        )
        self.click_now = push_button(
            translate("GeoSAM", "Click now"),
            translate("GeoSAM", "Do not wait: what you click is encoded first, then the rest."),
            icon="include",
        )
        self.choose = push_button(
            translate("GeoSAM", "Choose cache…"),
            translate("GeoSAM", "Use a feature cache that was made elsewhere."),
        )
        self.coverage = push_button(
            translate("GeoSAM", "Coverage"),
            translate("GeoSAM", "Outline what is encoded."),
            icon="coverage",
            checkable=True,
        )
        self.file: LayerRaster | None = None
        self.why_not = ""
        self.basemap = BasemapRow()
        self.fill = FillRow()
        buttons = QGridLayout()
        for place, button in enumerate((self.encode, self.click_now, self.choose, self.coverage)):
            buttons.addWidget(button, *divmod(place, 2))
        layout = QVBoxLayout(self)
        layout.addWidget(self.raster)
        layout.addWidget(self.basemap)
        layout.addWidget(self.state)
        layout.addLayout(buttons)
        layout.addWidget(self.fill)
        self.click_now.clicked.connect(lambda: self.clickNowWanted.emit())
        self.encode.clicked.connect(lambda: self.encodeWanted.emit())
        self.choose.clicked.connect(lambda: self.chooseWanted.emit())
        self.coverage.toggled.connect(self.coverageToggled)

    @property
    def layer(self) -> QgsRasterLayer | None:
        return self.raster.currentLayer()


class PromptSection(QGroupBox):
    """The object at hand."""

    clickingToggled = pyqtSignal(bool)  # noqa: N815
    meaningChanged = pyqtSignal(str)  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "Object"), parent)
        self.clicking = push_button(
            translate("GeoSAM", "Start clicking"), icon="geosam", checkable=True
        )
        self.clicking.setMinimumHeight(32)
        bold = self.clicking.font()
        bold.setBold(True)
        self.clicking.setFont(bold)
        self.undo = push_button(translate("GeoSAM", "Undo"), keys("Ctrl+Z"))
        self.redo = push_button(translate("GeoSAM", "Redo"), keys("Ctrl+Shift+Z"))
        self.clear = push_button(translate("GeoSAM", "Clear"), keys("Esc"), icon="clear")
        steps = QHBoxLayout()
        for button in (self.undo, self.redo, self.clear):
            steps.addWidget(button)
        self.candidate = note()
        # Room for two lines from the start: buttons must not move under the mouse.
        self.candidate.setMinimumHeight(2 * self.candidate.fontMetrics().height() + 4)
        self.cycle = push_button(
            translate("GeoSAM", "Other shape (Tab)"),
            translate("GeoSAM", "The whole, a part, a part of that."),
            icon="candidates",
        )
        shapes = QHBoxLayout()
        shapes.addWidget(self.candidate, 1)
        shapes.addWidget(self.cycle)
        self.take_up = push_button(
            "", translate("GeoSAM", "Objects that could not be saved, or were left unfinished.")
        )
        self.set_aside(0)
        layout = QVBoxLayout(self)
        layout.addWidget(self.clicking)
        layout.addLayout(self._make_meanings())
        layout.addLayout(steps)
        layout.addLayout(shapes)
        layout.addWidget(self.take_up)
        self.clicking.toggled.connect(self._on_clicking)

    def _make_meanings(self) -> QHBoxLayout:
        """What the left button does."""
        self.meanings = QButtonGroup(self)
        meanings = QHBoxLayout()
        meanings.addWidget(QLabel(translate("GeoSAM", "Left button:")))
        for kind, name, tip in (
            (INCLUDE, translate("GeoSAM", "Include"),
             translate("GeoSAM", "A click says: this belongs to the object. Drag for a box.")),
            (EXCLUDE, translate("GeoSAM", "Exclude"),
             translate("GeoSAM", "A click says: this does not. The right button always does so.")),
            (BOX, translate("GeoSAM", "Box"),
             translate("GeoSAM", "Drag a box around the object.")),
        ):  # fmt: skip
            button = QToolButton()
            button.setText(name)
            button.setIcon(QIcon(icon_path(kind)))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setChecked(kind == INCLUDE)
            button.setProperty("kind", kind)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.meanings.addButton(button)
            meanings.addWidget(button)
        meanings.addStretch()
        self.meanings.buttonClicked.connect(
            lambda button: self.meaningChanged.emit(button.property("kind"))
        )
        return meanings

    def set_aside(self, count: int) -> None:
        """How many objects can be taken up again."""
        self.take_up.setVisible(count > 0)
        self.take_up.setText(translate("GeoSAM", "Take up again (%n)", None, count))

    def _on_clicking(self, is_on: bool) -> None:
        self.clicking.setText(
            translate("GeoSAM", "Stop clicking") if is_on else translate("GeoSAM", "Start clicking")
        )
        self.clickingToggled.emit(is_on)


class TargetSection(QGroupBox):
    """Where objects go, and as what."""

    exportWanted = pyqtSignal()  # noqa: N815
    correctWanted = pyqtSignal()  # noqa: N815

    def __init__(self, settings: DockSettings, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "Save to"), parent)
        self.target = QgsMapLayerComboBox()
        # PyQt 5 makes a number of the two, which QGIS takes under protest since 3.34, when the
        # flags got another name.
        kinds, flags = QgsMapLayerProxyModel.Filter, type(self.target.filters())
        self.target.setFilters(flags(kinds.PolygonLayer | kinds.WritableLayer))
        self.target.setAllowEmptyLayer(True, translate("GeoSAM", "New temporary layer"))
        self.set_layer(None)
        self.class_name = QComboBox()
        self.class_name.setEditable(True)
        self.class_name.addItems(settings.class_names)
        self.class_name.setCurrentText(settings.class_name)
        self.class_name.lineEdit().setPlaceholderText(translate("GeoSAM", "e.g. building"))
        self.mode = self._make_modes()
        self.save = push_button(
            translate("GeoSAM", "Save object (Enter)"), translate("GeoSAM", "Or S"), icon="save"
        )
        self.save.setMinimumHeight(32)
        self.export = push_button(
            translate("GeoSAM", "Save as GeoPackage…"),
            translate("GeoSAM", "A temporary layer is lost when QGIS closes: keep it in a file."),
        )
        self.correct = push_button(
            translate("GeoSAM", "Take up selected feature"),
            translate(
                "GeoSAM",
                "Go on clicking on it; saving replaces its shape. Or click on a "
                "polygon with Ctrl held.",
            ),
        )
        self.correct.setEnabled(False)
        self.unsaved = UnsavedRow()
        self.show_unsaved(0)
        form = QFormLayout()
        form.addRow(translate("GeoSAM", "Layer"), self.target)
        form.addRow(translate("GeoSAM", "Class"), self.class_name)
        form.addRow(translate("GeoSAM", "As"), self.mode)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.save)
        layout.addWidget(self.correct)
        layout.addWidget(self.export)
        layout.addWidget(self.unsaved)
        self.correct.clicked.connect(lambda: self.correctWanted.emit())
        self.export.clicked.connect(lambda: self.exportWanted.emit())
        self._mode_before = 0

    def _make_modes(self) -> QComboBox:
        """What becomes of an object."""
        modes = QComboBox()
        for mode, text in (
            (SaveMode.NEW, translate("GeoSAM", "New feature")),
            (SaveMode.ADD, translate("GeoSAM", "Add to the selected feature")),
            (SaveMode.CUT, translate("GeoSAM", "Cut from the selected features")),
            (SaveMode.MERGE, translate("GeoSAM", "Merge with the selected features")),
        ):
            modes.addItem(text, mode.value)
        modes.setToolTip(
            translate("GeoSAM", "For one object: Shift+Enter adds, Alt+Enter cuts, "
                      "Ctrl+Enter merges.")
        )  # fmt: skip
        return modes

    @property
    def layer(self) -> QgsVectorLayer | None:
        return self.target.currentLayer()

    @property
    def save_mode(self) -> SaveMode:
        return SaveMode(self.mode.currentData())

    def set_correcting(self, is_correcting: bool) -> None:
        """A saved object was taken up: it is replaced, unless the user says otherwise."""
        at = self.mode.findData(SaveMode.REPLACE.value)
        if is_correcting and at < 0:
            self._mode_before = self.mode.currentIndex()
            text = translate("GeoSAM", "Replace the feature that was taken up")
            self.mode.addItem(text, SaveMode.REPLACE.value)
            self.mode.setCurrentIndex(self.mode.count() - 1)
        elif not is_correcting and at >= 0:
            self.mode.removeItem(at)
            self.mode.setCurrentIndex(self._mode_before)

    def show_unsaved(self, count: int) -> None:
        """Objects that are in the layer's edits alone."""
        self.unsaved.setVisible(count > 0)
        text = translate("GeoSAM", "%n object(s) not in the file yet", None, count)
        self.unsaved.text.setText(text)

    def set_layer(self, layer: QgsMapLayer | None) -> None:
        """None for a new layer."""
        if layer is None:
            self.target.setCurrentIndex(0)  # setLayer would show nothing at all
        else:
            self.target.setLayer(layer)

    def set_classes(self, names: list[str]) -> None:
        current = self.class_name.currentText()
        self.class_name.clear()
        self.class_name.addItems(names)
        self.class_name.setCurrentText(current)
