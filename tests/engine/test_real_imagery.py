"""The whole engine on real images, where a folder of them is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.evaluate import evaluate_cache
from encoder_tool.segment import Segmenter

REPOSITORY = Path(__file__).parents[2]
DATA = Path(os.environ.get("GEOSAM_SHARED", REPOSITORY.parent / "shared")) / "data"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="no folder of real imagery (GEOSAM_SHARED)"
)


def test_nano_finds_the_roofs_that_volunteers_drew(tmp_path: Path) -> None:
    """Of zanzibar, which nano was trained on."""
    site = DATA / "buildings_oam"
    request = EncodeRequest(site / "zanzibar_0.tif", tmp_path / "cache", levels=1)
    assert run_encode(plan_encode(request)).encoded == 15
    report = evaluate_cache(
        Segmenter(open_cache(tmp_path / "cache")), site / "zanzibar.geojson", limit=20
    )
    assert len(report.scores) == 20
    assert np.mean([score.box for score in report.scores]) > 0.75
    assert np.mean([score.click_best_of_three for score in report.scores]) > 0.5


def test_a_chip_smaller_than_a_patch_is_encoded_whole(tmp_path: Path) -> None:
    chip = min((DATA / "naip_trees").glob("*.tif"))
    summary = run_encode(plan_encode(EncodeRequest(chip, tmp_path / "cache")))
    assert (summary.encoded, summary.patches_total) == (1, 1)
    pyramid = open_cache(tmp_path / "cache").pyramid
    assert (pyramid.width, pyramid.height, pyramid.levels) == (256, 256, 1)
