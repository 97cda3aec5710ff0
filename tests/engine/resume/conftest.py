"""A raster with a finished cache, of which each test has a copy of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from tests.support.fakes import FakeModel
from tests.support.rasters import noise, write_raster


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a raster and its finished cache; copy it before use."""
    folder = tmp_path_factory.mktemp("encoded")
    raster = write_raster(folder / "scene.tif", noise(4, 1800, 1100))
    run_encode(plan_encode(EncodeRequest(raster, folder / "cache"), model=FakeModel()))
    return folder


@pytest.fixture
def folder(encoded: Path, tmp_path: Path) -> Path:
    """scene.tif and cache, as the encode left them."""
    return Path(shutil.copytree(encoded, tmp_path / "work"))
