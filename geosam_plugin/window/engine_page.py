"""The page "Engine": what is installed, and what can be done about it."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from geosam_plugin.install.installer import EngineStatus, Installer, engine_root, engine_status
from geosam_plugin.install.platform import this_platform
from geosam_plugin.install.problems import Problem
from geosam_plugin.install.state import read_current
from geosam_plugin.install.steps import RECOMMENDED_MODEL, Flavour, Source, lock_uses
from geosam_plugin.install.uv_fetch import DEFAULT_INDEX
from geosam_plugin.install.work import InstallRequest
from geosam_plugin.settings import EngineSettings

translate = QCoreApplication.translate


class EnginePage(QWidget):
    """Shows the engine's state and drives `installer`, which outlives the page."""

    def __init__(self, installer: Installer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._installer = installer
        layout = QVBoxLayout(self)
        layout.addWidget(self._recommended_box())
        layout.addWidget(self._state_box())
        layout.addWidget(self._options_box())
        layout.addWidget(self._log_box(), 1)
        self._show_settings(EngineSettings.load())
        self._python.fileChanged.connect(self.refresh)
        self._flavour.currentIndexChanged.connect(self.refresh)
        installer.progress.connect(self._show_progress)
        installer.logged.connect(self._show_line)
        installer.finished.connect(self._show_end)
        self.refresh()

    def settings(self) -> EngineSettings:
        """What the page says now."""
        python = self._python.filePath().strip()
        return EngineSettings(
            python=python,
            is_complete=bool(python) and self._as_it_is.isChecked(),
            flavour=self._flavour.currentData(),
            wheels=self._wheels.filePath().strip(),
            index_url=self._index.text().strip(),
        )

    def save(self) -> None:
        self.settings().save()

    def refresh(self) -> None:
        """Show the state, and allow what can be done in it."""
        busy, status = self._installer.is_running, engine_status()
        if not busy:
            self._state.setText(self._state_text(status))
        is_there = status in (EngineStatus.READY, EngineStatus.OUTDATED, EngineStatus.BROKEN)
        uses_own = self._as_it_is.isChecked() and bool(self._python.filePath().strip())
        self._as_it_is.setEnabled(bool(self._python.filePath().strip()) and not busy)
        self._install.setText(self._install_text(status, uses_own))
        self._install.setEnabled(not busy and (uses_own or self._would_change(status)))
        self._recommended.setEnabled(not busy and not uses_own)
        self._repair.setEnabled(not busy and is_there and not uses_own)
        self._remove.setEnabled(not busy and is_there and not uses_own)
        self._bar.setVisible(busy)
        self._cancel.setVisible(busy)

    def _recommended_box(self) -> QWidget:
        box = QGroupBox(translate("GeoSAM", "Recommended"), self)
        text = QLabel(
            translate(
                "GeoSAM",
                "SAM 2.1 tiny finds all kinds of objects; this installs it with the full engine. "
                "The built-in model “nano” is an offline preview: quick, made for roofs.",
            ),
            box,
        )
        text.setWordWrap(True)
        self._recommended = QPushButton(translate("GeoSAM", "Install SAM 2.1 tiny (156 MB)"), box)
        self._recommended.clicked.connect(self._install_recommended)
        row = QHBoxLayout(box)
        row.addWidget(text, 1)
        row.addWidget(self._recommended)
        return box

    def _state_box(self) -> QWidget:
        box = QGroupBox(translate("GeoSAM", "Engine"), self)
        self._state = QLabel(box)
        self._state.setWordWrap(True)
        self._state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._flavour = QComboBox(box)
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
            if _is_offered(flavour):
                self._flavour.addItem(text, flavour.value)
        self._install = QPushButton(box)
        self._install.clicked.connect(self._install_or_verify)
        self._repair = QPushButton(translate("GeoSAM", "Repair"), box)
        self._repair.setToolTip(
            translate("GeoSAM", "Installs the engine anew and replaces the old one.")
        )
        self._repair.clicked.connect(lambda: self._start(repair=True))
        self._remove = QPushButton(translate("GeoSAM", "Remove"), box)
        self._remove.clicked.connect(self._ask_and_remove)
        self._bar = QProgressBar(box)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setMaximumHeight(8)
        self._cancel = QPushButton(translate("GeoSAM", "Cancel"), box)
        self._cancel.clicked.connect(self._installer.cancel)
        buttons = QHBoxLayout()
        for button in (self._install, self._repair, self._remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        layout = QVBoxLayout(box)
        layout.addWidget(self._state)
        layout.addWidget(self._flavour)
        layout.addLayout(buttons)
        layout.addWidget(self._bar)
        return box

    def _options_box(self) -> QWidget:
        box = QgsCollapsibleGroupBox(translate("GeoSAM", "Other sources"), self)
        self._python = QgsFileWidget(box)
        self._python.setStorageMode(QgsFileWidget.StorageMode.GetFile)
        self._python.lineEdit().setPlaceholderText(translate("GeoSAM", "found, or downloaded"))
        self._as_it_is = QCheckBox(translate("GeoSAM", "It has all packages: use it as it is"), box)
        self._as_it_is.toggled.connect(self.refresh)
        self._wheels = QgsFileWidget(box)
        self._wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self._wheels.setToolTip(
            translate("GeoSAM", "Installs from this folder, without the network.")
        )
        self._index = QLineEdit(box)
        self._index.setPlaceholderText(DEFAULT_INDEX)
        self._index.setToolTip(
            translate("GeoSAM", "QGIS's proxy and this computer's certificates are used for it.")
        )
        form = QFormLayout(box)
        form.addRow(translate("GeoSAM", "Use this Python"), self._python)
        form.addRow("", self._as_it_is)
        form.addRow(translate("GeoSAM", "Folder of wheels"), self._wheels)
        form.addRow(translate("GeoSAM", "Package index"), self._index)
        box.setCollapsed(True)
        return box

    def _log_box(self) -> QWidget:
        box = QGroupBox(translate("GeoSAM", "Log"), self)
        self._log = QPlainTextEdit(self._installer.log_text, box)
        self._log.setReadOnly(True)
        self._log.setMaximumBlockCount(5_000)
        self._log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._log.setMinimumHeight(80)
        self._copy = QPushButton(translate("GeoSAM", "Copy"), box)
        self._copy.clicked.connect(
            lambda: QApplication.clipboard().setText(self._installer.log_text)
        )
        layout = QVBoxLayout(box)
        layout.addWidget(self._log)
        layout.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignRight)
        return box

    def _show_settings(self, settings: EngineSettings) -> None:
        self._python.setFilePath(settings.python)
        self._as_it_is.setChecked(settings.is_complete)
        self._wheels.setFilePath(settings.wheels)
        self._index.setText(settings.index_url)
        current = read_current(engine_root())
        flavour = current.flavour if current else settings.flavour
        self._flavour.setCurrentIndex(max(0, self._flavour.findData(flavour)))

    def _state_text(self, status: EngineStatus) -> str:
        current = read_current(engine_root())
        if status is EngineStatus.MISSING:
            return translate("GeoSAM", "Not installed yet. Encoding and clicking need it.")
        if status is EngineStatus.OWN:
            return translate("GeoSAM", "Your own Python is used.")
        if status is EngineStatus.BROKEN or current is None:
            return translate("GeoSAM", "The engine's Python has gone. Repair installs it anew.")
        text = {
            Flavour.BASE.value: translate("GeoSAM", "Ready: the small engine, with Python {0}."),
            Flavour.FULL.value: translate("GeoSAM", "Ready: the full engine, with Python {0}."),
            Flavour.CUDA.value: translate(
                "GeoSAM", "Ready: the full engine for NVIDIA cards, Python {0}."
            ),
        }[current.flavour].format(current.python_version)
        if status is EngineStatus.OUTDATED:
            text += " " + translate("GeoSAM", "This version of GeoSAM brings newer packages.")
        return text

    def _install_text(self, status: EngineStatus, uses_own: bool) -> str:
        if uses_own:
            return translate("GeoSAM", "Test")
        return (
            translate("GeoSAM", "Update")
            if status is EngineStatus.OUTDATED
            else translate("GeoSAM", "Install")
        )

    def _would_change(self, status: EngineStatus) -> bool:
        """Would an installation bring anything that is not there?"""
        current = read_current(engine_root())
        is_same = current is not None and current.flavour == self._flavour.currentData()
        return not (status is EngineStatus.READY and is_same)

    def _install_or_verify(self) -> None:
        settings = self.settings()
        if not settings.is_complete:
            self._start()
            return
        self._log.clear()
        settings.save()
        self._installer.verify(settings.python, Flavour.BASE)
        self.refresh()

    def _install_recommended(self) -> None:
        if self._flavour.currentData() == Flavour.BASE.value:
            self._flavour.setCurrentIndex(max(0, self._flavour.findData(Flavour.FULL.value)))
        self._start(model=RECOMMENDED_MODEL)

    def _start(self, *, model: str | None = None, repair: bool = False) -> None:
        settings = self.settings()
        settings.save()
        self._log.clear()
        source = Source(
            wheels=Path(settings.wheels) if settings.wheels else None,
            index_url=settings.index_url or None,
        )
        flavour = Flavour(settings.flavour)
        self._installer.install(
            InstallRequest(flavour, source, settings.python or None, model, repair)
        )
        self.refresh()

    def _ask_and_remove(self) -> None:
        answer = QMessageBox.question(
            self,
            translate("GeoSAM", "Remove the engine"),
            translate("GeoSAM", "Remove the engine? Caches, models and layers stay."),
        )
        if answer == QMessageBox.StandardButton.Yes:
            self._log.clear()
            self._installer.remove()
            self.refresh()

    def _show_progress(self, text: str) -> None:
        self._state.setText(text)

    def _show_line(self, line: str) -> None:
        self._log.appendPlainText(line)
        bar = self._log.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _show_end(self, succeeded: bool, sentence: str) -> None:
        self.refresh()
        if not succeeded:
            self._state.setText(sentence)


def _is_offered(flavour: Flavour) -> bool:
    """Is there such an engine for this computer? The small one is always shown: installing it
    says why it cannot be had."""
    try:
        lock_uses(this_platform(), flavour)
    except Problem:
        return flavour is Flavour.BASE
    return True
