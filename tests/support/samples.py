"""Encoded images to test with, each made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.sample import write_sample
from tests.support.made_once import made_once


@pytest.fixture(scope="session")
def sample_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By nano, of a sample of 1280 pixels: four patches at level 0, one at level 1. The sample is
    `scene.tif` beside it; both are to be left as they are."""

    def encode(folder: Path) -> None:
        run_encode(plan_encode(EncodeRequest(write_sample(folder, size=1280).scene)))

    return made_once(tmp_path_factory, "encoded", encode) / "scene.tif.nano.sam2.zarr"
