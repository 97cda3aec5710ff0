"""The page "Engine": what is installed, and what can be done about it."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QApplication, QMessageBox, QVBoxLayout, QWidget

from geosam_plugin.install.installer import EngineStatus, Installer, engine_root, engine_status
from geosam_plugin.install.state import read_current
from geosam_plugin.install.steps import RECOMMENDED_MODEL, Flavour, Source
from geosam_plugin.install.work import InstallRequest
from geosam_plugin.settings import EngineSettings
from geosam_plugin.window.engine_sections import (
    EngineSection,
    LogSection,
    ModelSection,
    SourcesSection,
    StateSection,
    is_offered,
)

translate = QCoreApplication.translate


class EnginePage(QWidget):
    """Shows the engine's state and drives `installer`, which outlives the page."""

    def __init__(self, installer: Installer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._installer = installer
        self.state = StateSection()
        self.models = ModelSection()
        self.engine = EngineSection()
        self.sources = SourcesSection()
        self.log = LogSection(installer.log_text)
        layout = QVBoxLayout(self)
        for section in (self.state, self.models, self.engine, self.sources, self.log):
            layout.addWidget(section)
        layout.addStretch(1)
        self._show_settings(EngineSettings.load())
        self._connect()
        self.refresh()

    def settings(self) -> EngineSettings:
        """What the page says now."""
        return EngineSettings(
            python=self.sources.python_path,
            is_complete=self.sources.uses_own,
            flavour=self.engine.chosen.value,
            wheels=self.sources.wheels.filePath().strip(),
            index_url=self.sources.index.text().strip(),
        )

    def save(self) -> None:
        self.settings().save()

    def refresh(self) -> None:
        """Show the state, and allow what can be done in it."""
        busy, status = self._installer.is_running, engine_status()
        if not busy:
            self.state.say(self._state_text(status), is_problem=status is EngineStatus.BROKEN)
        self.state.show_busy(busy)
        is_there = status in (EngineStatus.READY, EngineStatus.OUTDATED, EngineStatus.BROKEN)
        uses_own = self.sources.uses_own
        self.sources.as_it_is.setEnabled(bool(self.sources.python_path) and not busy)
        for button in (self.models.recommended, self.engine.download):
            button.setEnabled(not busy and not uses_own and is_offered(Flavour.FULL))
        self.models.preview.setEnabled(not busy and not uses_own and status is EngineStatus.MISSING)
        current = read_current(engine_root())
        self.models.show_recommended(current is not None and current.model == RECOMMENDED_MODEL)
        self.engine.install.setText(self._install_text(status, uses_own))
        self.engine.install.setEnabled(not busy and (uses_own or self._would_change(status)))
        self.engine.repair.setEnabled(not busy and is_there and not uses_own)
        self.engine.remove.setEnabled(not busy and is_there and not uses_own)

    def _connect(self) -> None:
        installer, engine = self._installer, self.engine
        self.state.cancel.clicked.connect(installer.cancel)
        self.models.recommended.clicked.connect(lambda: self._install_with(RECOMMENDED_MODEL))
        self.models.preview.clicked.connect(self._install_preview)
        engine.install.clicked.connect(self._install_or_verify)
        engine.repair.clicked.connect(lambda: self._start(repair=True))
        engine.remove.clicked.connect(self._ask_and_remove)
        engine.download.clicked.connect(lambda: self._install_with(engine.model.currentText()))
        engine.flavour.currentIndexChanged.connect(self.refresh)
        self.sources.python.fileChanged.connect(self.refresh)
        self.sources.as_it_is.toggled.connect(self.refresh)
        self.log.copy.clicked.connect(lambda: QApplication.clipboard().setText(installer.log_text))
        installer.progress.connect(self.state.say)
        installer.logged.connect(self.log.lines.appendPlainText)
        installer.finished.connect(self._show_end)

    def _show_settings(self, settings: EngineSettings) -> None:
        self.sources.python.setFilePath(settings.python)
        self.sources.as_it_is.setChecked(settings.is_complete)
        self.sources.wheels.setFilePath(settings.wheels)
        self.sources.index.setText(settings.index_url)
        current = read_current(engine_root())
        self.engine.choose(current.flavour if current else settings.flavour)
        # What most people never need is out of the way until there is an engine.
        self.engine.setCollapsed(engine_status() is EngineStatus.MISSING)

    def _state_text(self, status: EngineStatus) -> str:
        current = read_current(engine_root())
        if status is EngineStatus.MISSING:
            return translate(
                "GeoSAM",
                "Not installed yet. GeoSAM finds outlines with an engine of its own, in a folder "
                "of its own: nothing in QGIS is changed. Choose below what to install.",
            )
        if status is EngineStatus.OWN:
            return translate("GeoSAM", "Your own Python is used.")
        if status is EngineStatus.BROKEN or current is None:
            return translate("GeoSAM", "The engine's Python has gone. Repair installs it anew.")
        text = {
            Flavour.BASE.value: translate("GeoSAM", "Ready: the small engine, with Python {0}."),
            Flavour.FULL.value: translate("GeoSAM", "Ready: the full engine, with Python {0}."),
            Flavour.CUDA.value: translate(
                "GeoSAM", "Ready: the full engine for NVIDIA cards, with Python {0}."
            ),
        }[current.flavour].format(current.python_version)
        if status is EngineStatus.OUTDATED:
            next_step = translate(
                "GeoSAM", "{ready} This version of GeoSAM brings newer packages: press “Update”."
            )
        else:
            next_step = translate(
                "GeoSAM",
                "{ready} Close this window. If the dock is not open then, press “Segment by "
                "clicks” in the toolbar.",
            )
        return next_step.format(ready=text)

    def _install_text(self, status: EngineStatus, uses_own: bool) -> str:
        if uses_own:
            return translate("GeoSAM", "Test")
        if status is EngineStatus.OUTDATED:
            return translate("GeoSAM", "Update")
        return translate("GeoSAM", "Install")

    def _would_change(self, status: EngineStatus) -> bool:
        """Would an installation bring anything that is not there?"""
        current = read_current(engine_root())
        is_same = current is not None and current.flavour == self.engine.chosen.value
        return not (status is EngineStatus.READY and is_same)

    def _install_or_verify(self) -> None:
        settings = self.settings()
        if not settings.is_complete:
            self._start()
            return
        self.log.begin()
        settings.save()
        self._installer.verify(settings.python, Flavour.BASE)
        self.refresh()

    def _install_with(self, model: str) -> None:
        """A model to download, and the engine that can encode with it."""
        if self.engine.chosen is Flavour.BASE:
            self.engine.choose(Flavour.FULL.value)
        self._start(model=model)

    def _install_preview(self) -> None:
        self.engine.choose(Flavour.BASE.value)
        self._start()

    def _start(self, *, model: str | None = None, repair: bool = False) -> None:
        settings = self.settings()
        settings.save()
        self.log.begin()
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
            self.log.begin()
            self._installer.remove()
            self.refresh()

    def _show_end(self, succeeded: bool, sentence: str) -> None:
        self.refresh()
        if not succeeded:
            self.state.say(sentence, is_problem=True)
