"""Encoding: what is planned, stored and told."""

from __future__ import annotations

import json
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeProgress, EncodeRequest, pipeline, plan_encode, run_encode
from encoder_tool.errors import DiskFullError
from encoder_tool.raster import RasterReader, open_raster
from encoder_tool.types import PatchId
from tests.support.fake_encode import HEIGHT, PATCHES, WIDTH, run
from tests.support.fakes import FILL, FakeModel, expected_features, same_features, tree_bytes
from tests.support.rasters import noise, write_raster

Usage = namedtuple("Usage", "total used free")


def test_every_patch_of_every_level_is_stored_as_the_model_saw_it(
    raster: Path, tmp_path: Path
) -> None:
    summary = run(EncodeRequest(raster, tmp_path / "c", dtype="float32", batch=2))
    assert (summary.patches_total, summary.encoded, summary.skipped) == (7, 7, 0)
    assert not summary.stopped
    assert summary.bytes_on_disk == sum(map(len, tree_bytes(tmp_path / "c").values()))
    cache = open_cache(tmp_path / "c")
    with open_raster(raster) as reader:
        assert cache.manifest.raster == reader.record()
        for patch in cache.pyramid.patches():
            window = cache.pyramid.level(patch.level).window(patch.row, patch.col)
            image = reader.read_patch(patch.level, window, cache.manifest.stretch, FILL).image
            assert same_features(cache.load(patch), expected_features(image))
    assert cache.summary().writer is None
    assert cache.find_damage() == []
    counts = {level.level: level.present for level in cache.summary().levels}
    assert counts == PATCHES
    assert json.loads(json.dumps(summary.to_json()))["cache"] == str(tmp_path / "c")


def test_progress_and_notices_tell_the_truth(raster: Path, tmp_path: Path) -> None:
    reached: list[EncodeProgress] = []
    notices: list[str] = []
    committed: list[int] = []

    def on_progress(told: EncodeProgress) -> None:
        reached.append(told)
        committed.append(sum(k.present for k in open_cache(tmp_path / "c").summary().levels))

    plan = plan_encode(EncodeRequest(raster, tmp_path / "c", batch=3), model=FakeModel())
    assert plan.sentences()[-2:] == [
        f"7 patches to encode into {tmp_path / 'c'}.",
        f"That takes up to {plan.bytes_needed / 1e6:,.0f} MB of disk; "
        f"{plan.bytes_free / 1e6:,.0f} MB are free.",
    ]
    run_encode(plan, on_progress, on_notice=notices.append)
    assert [(told.done, told.total) for told in reached] == [(3, 7), (6, 7), (7, 7)]
    assert all(safe >= told.done for safe, told in zip(committed, reached, strict=True))
    assert [patch for told in reached for patch in told.committed] == list(plan.todo)
    assert reached[-1].eta_s == 0
    assert notices[0] == "Encoding with fake on cpu."
    assert [n for n in notices if "The first 3 patches took" in n] == notices[1:]


def test_the_coarsest_level_comes_first(raster: Path, tmp_path: Path) -> None:
    plan = plan_encode(EncodeRequest(raster, tmp_path / "c"), model=FakeModel())
    assert [patch.level for patch in plan.todo] == [1, 0, 0, 0, 0, 0, 0]
    assert not (tmp_path / "c").exists()


def test_a_patch_of_nodata_is_noted_and_not_encoded(tmp_path: Path) -> None:
    values = noise(3, WIDTH, HEIGHT)
    values[:, :, :1100] = 0
    values[:, :, 1100:] |= 1
    path = write_raster(tmp_path / "scene.tif", values, nodata=0)
    model = FakeModel()
    summary = run(EncodeRequest(path, tmp_path / "c"), model)
    assert (summary.encoded, summary.empty) == (5, 2)
    assert sum(model.encoders[0].batches) == 5
    cache = open_cache(tmp_path / "c")
    empty = [p for p in cache.pyramid.patches() if cache.state(p) is PatchStatus.EMPTY]
    assert empty == [PatchId(0, 0, 0), PatchId(0, 1, 0)]
    again = plan_encode(EncodeRequest(path, tmp_path / "c"), model=model)
    assert again.todo == ()
    assert again.skipped == 7


def test_a_batch_may_be_larger_than_a_lot_of_nodata(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs of nodata are committed in lots, and a lot never cuts a batch of images in two."""
    monkeypatch.setattr(pipeline, "MAX_UNCOMMITTED", 2)
    values = noise(3, 1024 + 768 * 6, 300) | 1
    values[:, :, 1024 + 768 * 3 :] = 0
    path = write_raster(tmp_path / "scene.tif", values, nodata=0)
    model, lots = FakeModel(), []
    plan = plan_encode(EncodeRequest(path, tmp_path / "c", levels=1, batch=3), model=model)
    run_encode(plan, lambda told: lots.append(len(told.committed)))
    assert model.encoders[0].batches == [3, 2]
    assert lots == [3, 3, 1]


@pytest.mark.parametrize("resolution", [None, 0.2])
def test_a_raster_that_is_mostly_nodata_is_mostly_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, resolution: float | None
) -> None:
    """Of 2600 x 2100 pixels, an island of 40. What is skipped is what would have been empty."""
    values = np.zeros((1, 2100, 2600), np.uint8)
    values[0, 100:140, 100:140] = 1 + noise(1, 40, 40)[0] // 2
    path = write_raster(tmp_path / "scene.tif", values, nodata=0, compress="deflate")
    read_patch, read = RasterReader.read_patch, []

    def counted(self: RasterReader, level: int, *args: object) -> object:
        read.append(level)
        return read_patch(self, level, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(RasterReader, "read_patch", counted)
    request = EncodeRequest(path, tmp_path / "c", resolution=resolution)
    summary = run(request)
    assert summary.encoded <= len(read) <= summary.encoded + 2
    assert summary.empty > 2 * len(read)
    cache = open_cache(tmp_path / "c")
    with open_raster(path, resolution=resolution) as raster:
        for patch in cache.pyramid.patches():
            window = cache.pyramid.level(patch.level).window(patch.row, patch.col)
            has_data = read_patch(raster, patch.level, window, cache.manifest.stretch, FILL)
            assert cache.is_present(patch) == has_data.valid.any()


def test_a_raster_of_nodata_alone_needs_no_encoding(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", np.zeros((3, 600, 700), np.uint8), nodata=0)
    assert run(EncodeRequest(path, tmp_path / "c")).to_json()["empty"] == 1


def test_a_disk_that_cannot_hold_it_is_refused_beforehand(raster: Path, tmp_path: Path) -> None:
    asked: list[Path] = []

    def nearly_full(path: Path) -> Usage:
        asked.append(path)
        return Usage(10**12, 10**12 - 10**6, 10**6)

    out = tmp_path / "not" / "there" / "yet"
    with pytest.raises(DiskFullError, match="7 patches take up to 2 MB"):
        plan_encode(EncodeRequest(raster, out), model=FakeModel(), disk_usage=nearly_full)
    assert asked == [tmp_path]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dtype", ["int8", "float16", "float32"])
def test_the_estimate_of_the_disk_is_an_upper_one_and_near(tmp_path: Path, dtype: str) -> None:
    """Of the smallest cache there is, most of which is its decoder."""
    raster = write_raster(tmp_path / "small.tif", noise(3, 900, 900))
    plan = plan_encode(EncodeRequest(raster, tmp_path / "c", dtype=dtype))
    taken = run_encode(plan).bytes_on_disk
    assert taken < plan.bytes_needed < 1.5 * taken


def test_a_cache_that_is_not_beside_the_raster_says_why(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    why = f"That is not beside the raster, because the folder {raster.parent} cannot be written."
    assert why not in plan_encode(EncodeRequest(raster), model=FakeModel()).sentences()
    assert (
        why not in plan_encode(EncodeRequest(raster, tmp_path / "c"), model=FakeModel()).sentences()
    )
    monkeypatch.setattr("os.access", lambda path, mode: path != raster.parent)
    plan = plan_encode(EncodeRequest(raster), model=FakeModel())
    assert tmp_path / "user" in plan.path.parents
    assert why in plan.sentences()


def test_a_finished_cache_needs_no_room(raster: Path, tmp_path: Path) -> None:
    run(EncodeRequest(raster, tmp_path / "c"))
    plan = plan_encode(
        EncodeRequest(raster, tmp_path / "c"),
        model=FakeModel(),
        disk_usage=lambda _: Usage(1, 1, 0),
    )
    assert plan.todo == ()
    assert plan.sentences()[-1] == f"Nothing to encode: {tmp_path / 'c'} has all 7 patches."
    model = FakeModel()
    summary = run_encode(plan)
    assert (summary.encoded, summary.skipped, summary.device) == (0, 7, None)
    assert model.encoders == []
