"""The Engine page: what it allows in which state, and that it starts what it says."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.PyQt.QtWidgets import QApplication, QLabel

from geosam_plugin.install import installer
from geosam_plugin.install.installer import Installer
from geosam_plugin.install.state import EngineRecord, read_current, switch_current
from geosam_plugin.install.steps import Flavour, lock_uses, locks_hash
from geosam_plugin.install.work import InstallRequest
from geosam_plugin.models import MODELS
from geosam_plugin.paths import locks_directory
from geosam_plugin.settings import EngineSettings
from geosam_plugin.window.engine_page import EnginePage
from geosam_plugin.window.engine_sections import is_offered
from geosam_plugin.window.settings_pages import PAGE_NAME, OptionsFactory

pytestmark = pytest.mark.usefixtures("qgis_app")


class Recorder(Installer):
    """An installer that only notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[InstallRequest] = []

    def install(self, request: InstallRequest) -> None:
        self.asked.append(request)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(installer.ROOT_VARIABLE, str(tmp_path))
    EngineSettings().save()
    return tmp_path


def put_engine(root: Path, flavour: Flavour, locks: str | None = None) -> None:
    known = locks_hash(locks_directory(), lock_uses(installer.this_platform(), flavour))
    record = EngineRecord("engine-a", "bin/python", "3.12", flavour.value, locks or known)
    record.python_path(root).parent.mkdir(parents=True)
    record.python_path(root).touch()
    switch_current(root, record)


def states(page: EnginePage) -> tuple[bool, bool, bool]:
    engine = page.engine
    return engine.install.isEnabled(), engine.repair.isEnabled(), engine.remove.isEnabled()


def test_a_newcomer_sees_a_choice_of_two(root: Path) -> None:
    page = EnginePage(Recorder())
    assert states(page) == (True, False, False)
    assert "Not installed" in page.state.text.text()
    assert page.models.recommended.isEnabled()
    assert page.models.recommended.text() == "Install SAM 2.1 tiny"
    assert page.models.preview.isEnabled()
    said = " ".join(label.text() for label in page.models.findChildren(QLabel))
    assert "nano (offline preview)" in said
    assert "SAM 2.1 tiny (recommended)" in said
    assert "The quick default" in said and "Other models can be added" in said
    for section in (page.engine, page.sources, page.log):
        assert section.isCollapsed(), "nothing else is in the way"


def test_the_offline_preview_is_one_click(root: Path) -> None:
    installer = Recorder()
    EnginePage(installer).models.preview.click()
    (request,) = installer.asked
    assert (request.flavour, request.model) == (Flavour.BASE, None)


def test_ready_offers_only_what_would_change_something(root: Path) -> None:
    put_engine(root, Flavour.BASE)
    page = EnginePage(Recorder())
    assert states(page) == (False, True, True)
    assert "If the dock is not open then" in page.state.text.text(), "it opens by itself"
    assert not page.models.preview.isEnabled()
    assert page.models.recommended.isEnabled()
    page.engine.flavour.setCurrentIndex(page.engine.flavour.findData("full"))
    assert page.engine.install.isEnabled()


def test_what_was_downloaded_is_not_offered_as_new(root: Path) -> None:
    put_engine(root, Flavour.FULL)
    record = read_current(root)
    switch_current(root, replace(record, model="sam2.1-tiny"))
    page = EnginePage(Recorder())
    assert page.models.recommended.text() == "Check the download"
    assert page.models.recommended.isEnabled(), "the file may have been deleted since"


def test_the_log_opens_when_there_is_something_to_read(root: Path) -> None:
    page = EnginePage(Recorder())
    page.models.preview.click()
    assert not page.log.isCollapsed()


def test_newer_packages_are_offered(root: Path) -> None:
    put_engine(root, Flavour.BASE, locks="an older lock")
    page = EnginePage(Recorder())
    assert page.engine.install.text() == "Update"
    assert "newer packages" in page.state.text.text()


def test_a_python_that_has_gone(root: Path) -> None:
    put_engine(root, Flavour.BASE)
    (root / "engine-a" / "bin" / "python").unlink()
    page = EnginePage(Recorder())
    assert page.engine.repair.isEnabled()
    assert "Repair" in page.state.text.text()


def test_one_click_brings_torch_and_the_recommended_model(root: Path) -> None:
    installer = Recorder()
    page = EnginePage(installer)
    page.models.recommended.click()
    (request,) = installer.asked
    assert (request.flavour, request.model) == (Flavour.FULL, "sam2.1-tiny")
    assert EngineSettings.load().flavour == "full"


def test_larger_models_are_downloaded_here_too(root: Path) -> None:
    put_engine(root, Flavour.CUDA)
    installer = Recorder()
    page = EnginePage(installer)
    model = page.engine.model
    offered = [model.itemText(index) for index in range(model.count())]
    assert {"nano", "sam2.1-tiny", *offered} == set(MODELS)
    model.setCurrentText("sam2.1-large")
    page.engine.download.click()
    (request,) = installer.asked
    assert request.model == "sam2.1-large"
    assert request.flavour == (Flavour.CUDA if is_offered(Flavour.CUDA) else Flavour.FULL)
    page.sources.python.setFilePath(sys.executable)
    page.sources.as_it_is.setChecked(True)
    assert not page.engine.download.isEnabled(), "the user's own Python is left as it is"


def test_other_sources_reach_the_installer_and_the_settings(root: Path, tmp_path: Path) -> None:
    installer = Recorder()
    page = EnginePage(installer)
    page.sources.python.setFilePath(sys.executable)
    page.sources.wheels.setFilePath(str(tmp_path))
    page.sources.index.setText(" https://mirror.example/simple ")
    page.engine.install.click()
    (request,) = installer.asked
    assert request.python == sys.executable
    assert request.source.wheels == tmp_path
    assert request.source.index_url == "https://mirror.example/simple"
    assert EngineSettings.load() == EngineSettings(
        sys.executable, False, "base", str(tmp_path), "https://mirror.example/simple"
    )


def test_the_log_can_be_copied_and_survives_the_page(root: Path) -> None:
    installer = Installer()
    page = OptionsFactory(installer).createWidget(None)
    assert page.objectName() == PAGE_NAME
    installer._note("GET https://ann:secret@mirror.example")
    page.deleteLater()
    again = EnginePage(installer)
    assert again.log.lines.toPlainText() == "GET https://***@mirror.example"
    again.log.copy.click()
    assert QApplication.clipboard().text() == "GET https://***@mirror.example"
