"""Encoding with a model that only says what it saw: a raster for it, and its run."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder_tool.encode import EncodeRequest, EncodeSummary, plan_encode, run_encode
from tests.support.fakes import FakeModel
from tests.support.rasters import noise, write_raster

WIDTH, HEIGHT = 1800, 1100
PATCHES = {0: 6, 1: 1}
"""By level: 3 x 2 and 1."""


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_raster(tmp_path_factory.mktemp("raster") / "scene.tif", noise(3, WIDTH, HEIGHT))


def run(
    request: EncodeRequest, model: FakeModel | None = None, **callbacks: object
) -> EncodeSummary:
    return run_encode(plan_encode(request, model=model or FakeModel()), **callbacks)  # type: ignore[arg-type]
