"""An engine's client with a real worker, and what it is asked about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_client.asked_engine import Answers, running
from osgeo import gdal
from qgis.core import QgsApplication

from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand


@pytest.fixture
def client(qgis_app: QgsApplication, command: EngineCommand) -> Iterator[EngineClient]:
    with running(command) as client:
        yield client


@pytest.fixture(scope="module")
def lasting_client(qgis_app: QgsApplication, command: EngineCommand) -> Iterator[EngineClient]:
    with running(command) as client:
        yield client


@pytest.fixture
def answers(client: EngineClient) -> Answers:
    return Answers(client)


@pytest.fixture
def shared(lasting_client: EngineClient) -> Answers:
    """Of a client for the tests that leave it as it was."""
    return Answers(lasting_client)


@pytest.fixture
def wide_raster(tmp_path: Path) -> Path:
    """Three patches of noise in a row, at level 0."""
    width, height = 1024 + 2 * 768, 200
    raster = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "wide.tif"), width, height, 3)
    raster.SetGeoTransform((500_000, 0.3, 0, 4_650_000, 0, -0.3))
    raster.WriteRaster(0, 0, width, height, os.urandom(3 * width * height))
    raster.FlushCache()
    return tmp_path / "wide.tif"
