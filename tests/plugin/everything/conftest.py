"""Houses on a meadow, encoded, and the dock with its section open.

The engine is real, but that its presets ask few points and that its second patch waits."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from by_hand import UTM
from everything.found_objects import Objects, found_by_command, run_engine
from osgeo import gdal
from qgis.core import QgsProject
from qgis_window import Window, raster_layer, settle, wait_for
from reference import write_tiff

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace

WORKER = Path(__file__).parents[2] / "support" / "everything_worker.py"

WIDTH, HEIGHT = 1792, 1024
"""Two patches at level 0, from x 0 and from x 768."""

HOUSES = tuple(
    (x, y)
    for x in (102, 307, 512, 717, 896, 1075, 1280, 1485, 1690)
    for y in (102, 307, 512, 717, 922)
)
"""Their middles, in pixels: where the grid of points is asked, and on the border of a patch."""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, command: EngineCommand) -> Path:
    """Houses on a meadow."""
    values = np.empty((3, HEIGHT, WIDTH))
    values[:] = np.array([80, 115, 60])[:, None, None]
    roofs = np.array([[165, 75, 60], [150, 150, 155], [120, 70, 50]])
    for number, (x, y) in enumerate(HOUSES):
        roof = roofs[number % len(roofs), :, None, None]
        values[:, y - 30 : y + 30, x - 40 : x + 40] = roof
    values += np.random.default_rng(6).normal(0, 6, values.shape)
    path = tmp_path_factory.mktemp("everything") / "houses.tif"
    write_tiff(path, values.clip(0, 255).astype(np.uint8))
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadataItem("TIFFTAG_COPYRIGHT", "© Houses")
    dataset = None  # closes it
    run_engine(command, "encode", path, "--threads", 2)
    return path


@pytest.fixture(scope="module")
def expected(image: Path, command: EngineCommand) -> Objects:
    return found_by_command(image, command)


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The second patch waits for this file."""
    return tmp_path / "gate"


@pytest.fixture
def workspace(
    window: Window, project: QgsProject, image: Path, gate: Path, command: EngineCommand
) -> Iterator[Workspace]:
    """The dock open, the whole image on the map and asked for."""
    window.show_layer(raster_layer(image, project), UTM)
    held = dataclasses.replace(command, arguments=(str(WORKER), str(gate)))
    workspace = Workspace(window, held)
    wait_for(lambda: bool(workspace.controller.described))
    section = workspace.dock.everything
    section.setCollapsed(False)
    section.extent.setCurrentIndex(section.extent.findData(False))
    yield workspace
    workspace.close()
    settle()
