"""An image that is a row of patches, in the dock, with a played engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from by_hand import UTM
from on_demand.row_of_patches import Stub, make_row, show
from open_workspaces import open_workspaces
from qgis.core import QgsProject
from qgis_window import Window, raster_layer

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
    with open_workspaces(window, stub) as open_one:

        def make(*how: str) -> Workspace:
            window.show_layer(raster_layer(image, project), UTM)
            show(window, 5)
            return open_one(*how)

        yield make


@pytest.fixture
def workspace(workspaces: Callable[..., Workspace]) -> Workspace:
    return workspaces()


@pytest.fixture
def gated(workspaces: Callable[..., Workspace]) -> Workspace:
    """No patch comes before `record.open_gate()`."""
    return workspaces("gate")
