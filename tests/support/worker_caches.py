"""What workers are asked about: the sample's cache by pixels, a raster of several patches."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from encoder_tool.cache.store import open_cache
from encoder_tool.types import XY, BoundsMap
from tests.support.rasters import write_raster
from tests.support.worker import WorkerProcess

WIDE_PATCHES = 4


@pytest.fixture
def cache(sample_cache: Path) -> Path:
    return sample_cache


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
    """A worker for the tests that leave it as it was."""
    with WorkerProcess(tmp_path_factory.mktemp("worker") / "log") as worker:
        yield worker


@pytest.fixture
def wide_raster(tmp_path: Path) -> Path:
    """Patches of noise in a row, at level 0."""
    width = 1024 + 768 * (WIDE_PATCHES - 1)
    values = np.random.default_rng(1).integers(0, 255, (3, 200, width), np.uint8)
    return write_raster(tmp_path / "wide.tif", values)


def at(cache: Path, x: float, y: float) -> XY:
    """The map position of a level-0 pixel."""
    return XY(*(open_cache(cache).manifest.affine @ (x, y)))


def box_at(cache: Path, xmin: float, ymin: float, xmax: float, ymax: float) -> BoundsMap:
    (left, top), (right, bottom) = at(cache, xmin, ymin), at(cache, xmax, ymax)
    return BoundsMap(left, bottom, right, top)


def polygon(described: dict[str, Any]) -> shapely.Geometry:
    return shapely.from_wkb(base64.b64decode(described["wkb"]))


def iou(a: shapely.Geometry, b: shapely.Geometry) -> float:
    return float(a.intersection(b).area / a.union(b).area)


def wide_encode(raster: Path) -> dict[str, Any]:
    return {"raster": str(raster), "levels": 1, "batch": 1, "threads": 1}
