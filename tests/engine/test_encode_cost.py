"""The benchmark of encoding: what it counts, and its smallest run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio

from benchmarks import encode_cost
from benchmarks.support.encode_once import chosen_patches
from encoder_tool.grid import patch_origins
from tests.support.fake_cache import make_manifest


@pytest.mark.parametrize(("side", "patches"), [(800, 1), (1024, 1), (1025, 4), (2048, 9)])
def test_upstream_covers_the_raster_at_its_stride(side: int, patches: int) -> None:
    assert encode_cost.upstream_patches(side) == patches
    a_side = len(patch_origins(side, 1024, encode_cost.UPSTREAM_STRIDE))
    assert patches == a_side**2


def test_a_sample_is_spread_over_all_levels() -> None:
    manifest = make_manifest(9000, 9000)
    chosen = chosen_patches(manifest, 16)
    by_level = {k: [p for p in chosen if p.level == k] for k in range(manifest.pyramid.levels)}
    assert {k: len(found) for k, found in by_level.items()} == {0: 16, 1: 4, 2: 1, 3: 1, 4: 1}
    assert len(set(chosen)) == len(chosen)
    rows = [patch.row for patch in by_level[0]]
    assert max(rows) - min(rows) > manifest.pyramid.level(0).rows / 2


def test_a_raster_is_written_window_by_window(tmp_path: Path) -> None:
    with rasterio.open(encode_cost.write_raster(tmp_path / "a.tif", 1300)) as raster:
        values = raster.read()
    assert values.shape == (3, 1300, 1300)
    assert np.array_equal(values[:, 1024:, :276], values[:, :276, 1024:])


@pytest.mark.slow
def test_the_smallest_run_gives_a_row_of_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "cost.json"
    encode_cost.main(
        ["--model", "nano", "--side", "1024", "--side", "1500", "--whole-up-to", "1024",
         "--sample", "1", "--out", str(out), "--markdown"]
    )  # fmt: skip
    whole, part = json.loads(out.read_text())["encoding"]
    assert (whole["extrapolated"], part["extrapolated"]) == (False, True)
    assert (whole["patches"], part["patches_level_0"], part["patches"]) == (1, 4, 5)
    assert part["seconds"] == pytest.approx(part["seconds_level_0"] * 5 / 4)
    for cost in (whole, part):
        assert cost["overhead"] >= 1
        assert cost["once_seconds"] > 0
        assert 5e7 < cost["peak_bytes"] < 4e9
        assert 1e6 < cost["disk_bytes"] < 1e8
    shown = capsys.readouterr().out
    assert "| nano | 1500 px | 4 + 1 |" in shown and "~" in shown
    assert shown.count("| nano |") == 2
