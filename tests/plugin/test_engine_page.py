"""The Engine page: what it allows in which state, and that it starts what it says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from qgis.PyQt.QtWidgets import QApplication

from geosam_plugin.install import installer
from geosam_plugin.install.installer import Installer
from geosam_plugin.install.state import EngineRecord, switch_current
from geosam_plugin.install.steps import Flavour, lock_uses, locks_hash
from geosam_plugin.install.work import InstallRequest
from geosam_plugin.paths import locks_directory
from geosam_plugin.settings import EngineSettings
from geosam_plugin.window.engine_page import EnginePage
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
    return page._install.isEnabled(), page._repair.isEnabled(), page._remove.isEnabled()


def test_nothing_installed(root: Path) -> None:
    page = EnginePage(Recorder())
    assert states(page) == (True, False, False)
    assert "Not installed" in page._state.text()


def test_ready_offers_only_what_would_change_something(root: Path) -> None:
    put_engine(root, Flavour.BASE)
    page = EnginePage(Recorder())
    assert states(page) == (False, True, True)
    page._flavour.setCurrentIndex(page._flavour.findData("full"))
    assert page._install.isEnabled()


def test_newer_packages_are_offered(root: Path) -> None:
    put_engine(root, Flavour.BASE, locks="an older lock")
    page = EnginePage(Recorder())
    assert page._install.text() == "Update"
    assert "newer packages" in page._state.text()


def test_a_python_that_has_gone(root: Path) -> None:
    put_engine(root, Flavour.BASE)
    (root / "engine-a" / "bin" / "python").unlink()
    page = EnginePage(Recorder())
    assert page._repair.isEnabled()
    assert "Repair" in page._state.text()


def test_one_click_brings_torch_and_the_recommended_model(root: Path) -> None:
    installer = Recorder()
    page = EnginePage(installer)
    page._recommended.click()
    (request,) = installer.asked
    assert (request.flavour, request.model) == (Flavour.FULL, "sam2.1-tiny")
    assert EngineSettings.load().flavour == "full"


def test_other_sources_reach_the_installer_and_the_settings(root: Path, tmp_path: Path) -> None:
    installer = Recorder()
    page = EnginePage(installer)
    page._python.setFilePath(sys.executable)
    page._wheels.setFilePath(str(tmp_path))
    page._index.setText(" https://mirror.example/simple ")
    page._install.click()
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
    assert again._log.toPlainText() == "GET https://***@mirror.example"
    again._copy.click()
    assert QApplication.clipboard().text() == "GET https://***@mirror.example"
