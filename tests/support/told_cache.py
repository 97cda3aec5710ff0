"""A cache that answers every prompt with discs about one place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.types import LOGIT_CELL, LOGIT_SIZE, PATCH_SIZE, FloatArray
from tests.support.oracle import Disc
from tests.support.rasters import write_raster
from tests.support.told_decoder import tell

TOLD_PX = (440.0, 580.0)

SINGLE_PX, PART_PX, STRAY_PX = 70.0, 40.0, 30.0
RING_PX, HOLE_PX, WHOLE_PX = 80.0, 20.0, 120.0


@pytest.fixture(scope="session")
def told_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The single mask; a part, with a stray besides; a ring, with its hole beside the middle; the
    whole. Its raster has one patch."""
    folder = tmp_path_factory.mktemp("told")
    raster = write_raster(folder / "plain.tif", np.full((3, PATCH_SIZE, PATCH_SIZE), 90, np.uint8))
    cache = run_encode(plan_encode(EncodeRequest(raster))).cache
    x, y = TOLD_PX
    part = np.maximum(disc(x, y, PART_PX), disc(x + 300, y - 300, STRAY_PX))
    ring = np.minimum(disc(x, y, RING_PX), -disc(x + 45, y, HOLE_PX))
    masks = np.stack([disc(x, y, SINGLE_PX), part, ring, disc(x, y, WHOLE_PX)])
    tell(cache, masks, np.array([0.8, 0.9, 0.3, 0.7], np.float32))
    return cache


def disc(x: float, y: float, radius: float) -> FloatArray:
    """Logits of a disc in the raster's only patch."""
    centres = LOGIT_CELL * (np.arange(LOGIT_SIZE) + 0.5)
    distance = Disc(x, y, radius).signed_distance(*np.meshgrid(centres, centres))
    return distance.astype(np.float32)
