"""An image that is clicked, and another one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from clicking.clicked import UTM, choose
from qgis.core import QgsProject, QgsRasterLayer
from qgis_window import Window, raster_layer, settle

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace


@pytest.fixture
def image(scene: Path, project: QgsProject) -> QgsRasterLayer:
    return raster_layer(scene, project)


@pytest.fixture
def other(scene: Path, cache: Path, project: QgsProject, tmp_path: Path) -> QgsRasterLayer:
    """The same image again, with a cache of its own."""
    shutil.copytree(cache, tmp_path / "other.tif.nano.sam2.zarr")
    return raster_layer(Path(shutil.copy(scene, tmp_path / "other.tif")), project)


@pytest.fixture
def workspace(
    window: Window, image: QgsRasterLayer, cache: Path, command: EngineCommand
) -> Iterator[Workspace]:
    """Clicking in the image."""
    window.show_layer(image, UTM)
    workspace = Workspace(window, command)
    workspace.saver.keeper.discard()
    choose(workspace, image)
    yield workspace
    workspace.close()
    settle()
