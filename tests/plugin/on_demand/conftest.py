"""An image that is a row of patches, in the dock, with a played engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from by_hand import UTM
from on_demand.row_of_patches import Stub, make_row, show
from qgis.core import QgsProject
from qgis_window import Window, raster_layer, settle, wait_for

from geosam_plugin.window.workspace import Workspace


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A row of patches that nobody has encoded."""
    return make_row(tmp_path / "row.tif")


@pytest.fixture
def workspaces(
    window: Window, project: QgsProject, image: Path, stub: Stub
) -> Iterator[Callable[..., Workspace]]:
    """The dock open, the image on the map."""
    made: list[Workspace] = []

    def make(*how: str) -> Workspace:
        window.show_layer(raster_layer(image, project), UTM)
        show(window, 5)
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


@pytest.fixture
def gated(workspaces: Callable[..., Workspace]) -> Workspace:
    """No patch comes before `record.open_gate()`."""
    return workspaces("gate")
