"""A web map in the dock, with a played engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from live_basemap.web_layer import Stub, add_map, show
from qgis.core import QgsProject
from qgis_window import Window, settle, wait_for

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
    made: list[Workspace] = []

    def make(*how: str, more: str = "&zmax=20") -> Workspace:
        if not project.mapLayers():
            add_map(project, more)
        show(window, 100)
        workspace = Workspace(window, stub(*how))
        made.append(workspace)
        wait_for(lambda: not workspace.image.search.is_looking)
        return workspace

    yield make
    for workspace in made:
        workspace.close()
    settle()


@pytest.fixture
def workspace(workspaces: Callable[..., Workspace]) -> Workspace:
    return workspaces()
