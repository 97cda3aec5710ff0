"""A web map in the dock, with a played engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from live_basemap.web_layer import Stub, add_map, show
from open_workspaces import open_workspaces
from qgis.core import QgsProject
from qgis_window import Window

from geosam_plugin.basemap.block import PLACES_VARIABLE
from geosam_plugin.window.workspace import Workspace


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PLACES_VARIABLE, str(tmp_path / "places"))
    return tmp_path / "places"


@pytest.fixture
def workspaces(
    window: Window, project: QgsProject, stub: Stub
) -> Iterator[Callable[..., Workspace]]:
    with open_workspaces(window, stub) as open_one:

        def make(*how: str, more: str = "&zmax=20") -> Workspace:
            if not project.mapLayers():
                add_map(project, more)
            show(window, 100)
            return open_one(*how)

        yield make


@pytest.fixture
def workspace(workspaces: Callable[..., Workspace]) -> Workspace:
    return workspaces()
