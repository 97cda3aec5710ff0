"""What tests of the installer share: settings and a place of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from geosam_plugin.install import installer
from geosam_plugin.settings import EngineSettings


@pytest.fixture(autouse=True)
def own_settings(qgis_new_project: None, monkeypatch: pytest.MonkeyPatch) -> None:
    EngineSettings().save()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(installer.ROOT_VARIABLE, str(tmp_path / "engines"))
    return tmp_path / "engines"
