"""The benchmark of encoding: what it counts, and its smallest run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio

from benchmarks import encode_cost
from benchmarks.support.clicked_patch import ModelChoice
from benchmarks.support.encode_once import Order, chosen_patches
from benchmarks.support.first_polygon import FirstClick
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


FIRST = {"model": "any", "start_up_s": 1, "encode_s": 2, "first_polygon_s": 3.3, "share": 1.1}


class _Upstream:
    """In place of upstream's predictor: notes the images that it gets."""

    def __init__(self, name: str, weights: Path) -> None:
        self.name, self.weights = name, weights
        self.images: list[np.ndarray] = []

    def set_image(self, image: np.ndarray) -> None:
        self.images.append(image)


def test_upstream_is_asked_before_and_after_in_the_same_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a model with seeded weights, which the table says."""
    weights, out = tmp_path / "seeded.pt", tmp_path / "cost.json"
    asked: list[_Upstream] = []
    images_before: list[int] = []

    def predictor(name: str, weights: Path) -> _Upstream:
        asked.append(_Upstream(name, weights))
        return asked[-1]

    def encode_apart(order: Order) -> dict[str, Any]:
        assert (order.model, order.checkpoint) == ("sam2.1-tiny", str(weights))
        images_before.append(len(asked[0].images))
        return {"encoded": 1, "patch_seconds": 3.3, "model_seconds": 3.0, "once_seconds": 1.0,
                "peak_bytes": 10**9, "bytes_on_disk": 5 * 10**6,
                "decoder_bytes": 2 * 10**6}  # fmt: skip

    ticks = iter(range(1000))
    monkeypatch.setattr(ModelChoice, "_seeded", lambda *_: weights)
    monkeypatch.setattr("tests.support.upstream.predictor", predictor)
    monkeypatch.setattr(encode_cost, "encode_apart", encode_apart)
    monkeypatch.setattr(encode_cost, "first_polygon_row", lambda *_: FIRST)
    monkeypatch.setattr(encode_cost, "gpu_rows", lambda *_: [])
    monkeypatch.setattr(encode_cost.time, "perf_counter", lambda: 2.0 * next(ticks))
    sides = ["--side", "1024", "--side", "1536"]
    encode_cost.main(["--model", "sam2.1-tiny", *sides, "--out", str(out), "--markdown"])

    (theirs,) = asked
    assert theirs.weights == weights
    turns = encode_cost.UPSTREAM_TURNS
    assert images_before == [1 + turns, 1 + 3 * turns], "the first is to get torch ready"
    assert len(theirs.images) == 1 + 4 * turns
    assert {image.shape for image in theirs.images} == {(1024, 1024, 3)}
    assert theirs.images[-1].dtype == np.uint8 and np.ptp(theirs.images[-1]) > 100
    small, large = json.loads(out.read_text())["encoding"]
    # 2 s each by the clock: one patch, and four.
    assert (small["upstream_seconds"], large["upstream_seconds"]) == (2.0, 8.0)
    # Five patches, with one decoder.
    assert (small["disk_bytes"], large["disk_bytes"]) == (5e6, 2e6 + 5 * 3e6)
    shown = capsys.readouterr().out
    assert "| sam2.1-tiny (seeded weights) | 1024 px | 1 + 0 |" in shown
    assert f"| {4 * 3.3 / 8:.2f} | {5 * 3.3 / 8:.2f} |\n" in shown
    assert "| any | 1.00 | 2.00 | 3.30 | 1.10 |" in shown


def test_of_the_first_polygons_the_middle_one_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raster = encode_cost.write_raster(tmp_path / "raster.tif", 1024)
    cache = tmp_path / "raster.tif.nano.sam2.zarr"
    polygons_after = iter([6.0, 3.3, 3.9])

    def first_polygon_apart(asked: FirstClick) -> dict[str, float]:
        assert (asked.x, asked.y) == (500_000 + 0.3 * 700, 4_650_000 - 0.3 * 600)
        assert not cache.exists(), "nobody has encoded it"
        cache.mkdir()
        return {"start_up_s": 1.0, "encode_s": 2.0, "first_polygon_s": next(polygons_after)}

    monkeypatch.setattr(encode_cost, "first_polygon_apart", first_polygon_apart)
    row = encode_cost.first_polygon_row(ModelChoice("nano"), "nano", raster, 1)
    assert row["first_polygon_s"] == 3.9
    assert row["share"] == pytest.approx(1.3)
    assert not cache.exists()


@pytest.mark.slow
def test_the_smallest_run_gives_a_row_of_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "cost.json"
    encode_cost.main(
        ["--model", "nano", "--side", "1024", "--side", "1500", "--whole-up-to", "1024",
         "--sample", "1", "--out", str(out), "--markdown"]
    )  # fmt: skip
    told = json.loads(out.read_text())
    (first,) = told["first_polygon"]
    assert 0 < first["start_up_s"] < first["start_up_s"] + first["encode_s"]
    assert first["share"] > 1, "the patch is stored and opened, the click decoded"
    whole, part = told["encoding"]
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
    assert shown.count("| nano |") == 3
