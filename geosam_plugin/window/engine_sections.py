"""The sections of the page "Engine". Each shows what it is told and has the buttons; none knows
the installer."""

from __future__ import annotations

from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from geosam_plugin.install.platform import this_platform
from geosam_plugin.install.problems import Problem
from geosam_plugin.install.steps import RECOMMENDED_MODEL, Flavour, lock_uses
from geosam_plugin.install.uv_fetch import DEFAULT_INDEX
from geosam_plugin.models import MODELS

translate = QCoreApplication.translate

MAX_LOG_LINES = 5_000


class StateSection(QWidget):
    """What is installed, or being done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(8)
        self.cancel = QPushButton(translate("GeoSAM", "Cancel"))
        row = QHBoxLayout()
        row.addWidget(self.text, 1)
        row.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.bar)

    def say(self, text: str, *, is_problem: bool = False) -> None:
        colour = "#d73027" if is_problem else "#1a9850"
        self.text.setStyleSheet(
            f"background: palette(base); border-left: 4px solid {colour}; padding: 6px;"
        )
        self.text.setText(text)

    def show_busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)


class ModelSection(QGroupBox):
    """The choice that a newcomer has: one click each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "What to install"), parent)
        self.recommended = QPushButton()
        self.preview = QPushButton(translate("GeoSAM", "Install nano"))
        grid = QGridLayout(self)
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(12)
        self._add(
            grid,
            translate("GeoSAM", "SAM 2.1 tiny (recommended)"),
            translate(
                "GeoSAM",
                "Finds all kinds of objects: buildings, trees, fields, water. With the full engine "
                "that it needs, about 0.6 GB are downloaded, once.",
            ),
            self.recommended,
        )
        self._add(
            grid,
            translate("GeoSAM", "nano (offline preview)"),
            translate(
                "GeoSAM",
                "The quick default: comes with GeoSAM, and is best with buildings. The small "
                "engine is enough: about 0.2 GB are downloaded. Other models can be added on this "
                "page later.",
            ),
            self.preview,
        )

    def show_recommended(self, is_there: bool) -> None:
        self.recommended.setText(
            translate("GeoSAM", "Check the download")
            if is_there
            else translate("GeoSAM", "Install SAM 2.1 tiny")
        )

    def _add(self, grid: QGridLayout, name: str, about: str, button: QPushButton) -> None:
        title, text = QLabel(name), QLabel(about)
        bold = title.font()
        bold.setBold(True)
        title.setFont(bold)
        text.setWordWrap(True)
        both = QVBoxLayout()
        both.setSpacing(2)
        both.addWidget(title)
        both.addWidget(text)
        row = grid.rowCount()
        grid.addLayout(both, row, 0)
        grid.addWidget(button, row, 1)


class EngineSection(QgsCollapsibleGroupBox):
    """The engine itself, for who wants another one than the choice above gives."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "Engine"), parent)
        self.flavour = QComboBox()
        for flavour, text in (
            (
                Flavour.BASE,
                translate("GeoSAM", "Small (0.6 GB): nano, and clicking in every cache"),
            ),
            (
                Flavour.FULL,
                translate("GeoSAM", "Full (1.4 GB): encodes with the SAM 2.1 models as well"),
            ),
            (Flavour.CUDA, translate("GeoSAM", "Full for NVIDIA cards (about 6 GB)")),
        ):
            if is_offered(flavour):
                self.flavour.addItem(text, flavour.value)
        self.install = QPushButton()
        self.repair = QPushButton(translate("GeoSAM", "Repair"))
        self.repair.setToolTip(
            translate("GeoSAM", "Installs the engine anew and replaces the old one.")
        )
        self.remove = QPushButton(translate("GeoSAM", "Remove"))
        buttons = QHBoxLayout()
        for button in (self.install, self.repair, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.model = QComboBox()
        self.model.addItems([model for model in MODELS if model not in ("nano", RECOMMENDED_MODEL)])
        self.download = QPushButton(translate("GeoSAM", "Download"))
        larger = QHBoxLayout()
        for widget in (QLabel(translate("GeoSAM", "Larger model:")), self.model, self.download):
            larger.addWidget(widget)
        larger.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.flavour)
        layout.addLayout(buttons)
        layout.addLayout(larger)

    @property
    def chosen(self) -> Flavour:
        return Flavour(self.flavour.currentData())

    def choose(self, flavour: str) -> None:
        self.flavour.setCurrentIndex(max(0, self.flavour.findData(flavour)))


class SourcesSection(QgsCollapsibleGroupBox):
    """Where the engine comes from, for networks and computers that are not like most."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "Other sources"), parent)
        self.python = QgsFileWidget()
        self.python.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self.python.lineEdit().setPlaceholderText(translate("GeoSAM", "found, or downloaded"))
        self.as_it_is = QCheckBox(translate("GeoSAM", "It has all packages: use it as it is"))
        self.wheels = QgsFileWidget()
        self.wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.wheels.setToolTip(
            translate("GeoSAM", "Installs from this folder, without the network.")
        )
        self.index = QLineEdit()
        self.index.setPlaceholderText(DEFAULT_INDEX)
        self.index.setToolTip(
            translate("GeoSAM", "QGIS's proxy and this computer's certificates are used for it.")
        )
        form = QFormLayout(self)
        form.addRow(translate("GeoSAM", "Use this Python"), self.python)
        form.addRow("", self.as_it_is)
        form.addRow(translate("GeoSAM", "Folder of wheels"), self.wheels)
        form.addRow(translate("GeoSAM", "Package index"), self.index)
        self.setCollapsed(True)

    @property
    def python_path(self) -> str:
        return self.python.filePath().strip()

    @property
    def uses_own(self) -> bool:
        """A Python of the user's, with packages of his own."""
        return self.as_it_is.isChecked() and bool(self.python_path)


class LogSection(QgsCollapsibleGroupBox):
    """What the installation's programs say."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(translate("GeoSAM", "Log"), parent)
        self.lines = QPlainTextEdit(text)
        self.lines.setReadOnly(True)
        self.lines.setMaximumBlockCount(MAX_LOG_LINES)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.lines.setMinimumHeight(160)
        self.copy = QPushButton(translate("GeoSAM", "Copy"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.lines)
        layout.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignRight)
        self.setCollapsed(not text)

    def begin(self) -> None:
        self.lines.clear()
        self.setCollapsed(False)


def is_offered(flavour: Flavour) -> bool:
    """Is there such an engine for this computer? The small one is always shown: installing it
    says why it cannot be had."""
    try:
        lock_uses(this_platform(), flavour)
    except Problem:
        return flavour is Flavour.BASE
    return True
