"""Encoding: what is planned, what is stored, and how it ends."""

from __future__ import annotations

import errno
import json
import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from affine import Affine

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import open_cache
from encoder_tool.crs import transform_points
from encoder_tool.encode import (
    EncodePlan,
    EncodeProgress,
    EncodeRequest,
    EncodeSummary,
    pipeline,
    plan_encode,
    run_encode,
)
from encoder_tool.encode.ahead import ReadAhead
from encoder_tool.encode.plan import select_patches
from encoder_tool.errors import (
    DeviceMemoryError,
    DiskFullError,
    ExtentError,
    MissingRasterError,
    OutputError,
    RasterError,
    UsageError,
)
from encoder_tool.grid import LevelGrid, Pyramid, levels_to_fit
from encoder_tool.raster import RasterReader, open_raster
from encoder_tool.types import BoundsMap, PatchId, Window
from tests.support.fakes import FILL, FakeModel, expected_features, same_features, tree_bytes
from tests.support.rasters import NORTH_UP, UTM_33N, noise, write_raster

WIDTH, HEIGHT = 1800, 1100
PATCHES = {0: 6, 1: 1}
"""By level: 3 x 2 and 1."""

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_raster(tmp_path_factory.mktemp("raster") / "scene.tif", noise(3, WIDTH, HEIGHT))


def run(
    request: EncodeRequest, model: FakeModel | None = None, **callbacks: object
) -> EncodeSummary:
    return run_encode(plan_encode(request, model=model or FakeModel()), **callbacks)  # type: ignore[arg-type]


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


class TestSelection:
    pyramid = Pyramid(30_000, 30_000, levels_to_fit(30_000, 30_000))

    def test_everything(self) -> None:
        patches = select_patches(self.pyramid, None, None)
        assert sorted(patches) == sorted(self.pyramid.patches())
        assert [p.level for p in patches] == sorted((p.level for p in patches), reverse=True)

    @pytest.mark.parametrize(
        ("extent", "levels"),
        [
            (Window(14_592, 14_592, 900, 900), 1),
            (Window(14_592, 14_592, 1025, 900), 2),
            # What is no larger than a patch may lie across the borders of several.
            (Window(15_000, 15_000, 900, 900), 3),
            (Window(15_360, 15_000, 1000, 1500), 4),
            (Window(29_990, 29_990, 10, 10), 1),
            (Window(0, 0, 30_000, 30_000), 6),
        ],
    )
    def test_levels_stop_where_one_patch_holds_the_extent(
        self, extent: Window, levels: int
    ) -> None:
        patches = select_patches(self.pyramid, extent, None)
        assert {patch.level for patch in patches} == set(range(levels))
        for level in range(levels):
            factor = 1 << level
            windows = [
                self.pyramid.level(level).window(patch.row, patch.col)
                for patch in patches
                if patch.level == level
            ]
            held = any(
                window.col_off * factor <= extent.col_off
                and window.row_off * factor <= extent.row_off
                and extent.col_end <= window.col_end * factor
                and extent.row_end <= window.row_end * factor
                for window in windows
            )
            assert held == (level == levels - 1)

    @pytest.mark.parametrize(
        ("levels", "expected"), [(1, {0}), (3, {0, 1, 2}), (99, set(range(6)))]
    )
    def test_levels_can_be_chosen(self, levels: int, expected: set[int]) -> None:
        patches = select_patches(self.pyramid, Window(15_000, 15_000, 1500, 1500), levels)
        assert {patch.level for patch in patches} == expected

    def test_the_patches_cover_the_extent_and_all_meet_it(self) -> None:
        extent = Window(15_001, 14_003, 1500, 700)
        patches = set(select_patches(self.pyramid, extent, 2))
        for patch in self.pyramid.patches():
            window = self.pyramid.level(patch.level).window(patch.row, patch.col)
            factor = 1 << patch.level
            meets = (
                window.col_off * factor < extent.col_end
                and window.col_end * factor > extent.col_off
                and window.row_off * factor < extent.row_end
                and window.row_end * factor > extent.row_off
            )
            assert (patch in patches) == (meets and patch.level < 2)


def test_an_extent_selects_patches_of_the_whole_rasters_grid(raster: Path, tmp_path: Path) -> None:
    x0, y0 = NORTH_UP @ (1600, 0)
    extent = BoundsMap(x0, y0 - 30, x0 + 30, y0)
    first = run(EncodeRequest(raster, tmp_path / "c", extent=extent))
    cache = open_cache(tmp_path / "c")
    assert (first.patches_total, first.encoded) == (4, 4)
    assert cache.pyramid.levels == 2
    present = {patch for patch in cache.pyramid.patches() if cache.is_present(patch)}
    assert present == {PatchId(0, row, col) for row in (0, 1) for col in (1, 2)}
    kept = tree_bytes(tmp_path / "c/levels/0/high_res_0/c/0/1")
    whole = run(EncodeRequest(raster, tmp_path / "c"))
    assert (whole.action, whole.skipped, whole.encoded) == ("resume", 4, 3)
    assert tree_bytes(tmp_path / "c/levels/0/high_res_0/c/0/1") == kept


def test_an_extent_in_another_crs_is_bounded_by_its_bent_outline(tmp_path: Path) -> None:
    """Over 340 km a parallel sags by some 90 of the raster's pixels: its ends lie above the
    third row of patches (from pixel row 1536 on), its middle in it."""
    transform = Affine(30, 0, 320_000, 0, -30, 5_500_000)
    path = write_raster(
        tmp_path / "wide.tif", np.ones((1, 2600, 12_000), np.uint8), transform=transform
    )
    south = 5_500_000 - 1500 * 30
    ends = np.array([(330_000, south), (670_000, south)], np.float64)
    (west, low), (east, low_too) = transform_points(ends, UTM_33N, "EPSG:4326")
    assert low == pytest.approx(low_too)
    request = EncodeRequest(
        path,
        tmp_path / "c",
        extent=BoundsMap(west, low, east, low + 0.3),
        extent_crs="EPSG:4326",
        levels=1,
    )
    plan = plan_encode(request, model=FakeModel())
    assert {patch.row for patch in plan.patches} == {0, 1, 2, 3}
    with open_raster(path) as reader:
        corners = reader.extent_window(BoundsMap(330_000, south, 670_000, south + 33_000))
    assert {p.row for p in select_patches(plan.manifest.pyramid, corners, 1)} == {0, 1}


@pytest.mark.parametrize(
    ("extent", "sentence"),
    [
        (BoundsMap(15.002, 41.99, 15.0, 42.0), "empty"),  # to PROJ: once around the world
        (BoundsMap(15.0, 42.0, 15.002, 41.99), "empty"),
        (BoundsMap(float("nan"), 41.99, 15.0, 42.0), "empty"),
        (BoundsMap(500_000, 4_649_000, 500_100, 4_649_100), "cannot be expressed"),
    ],
)
def test_an_extent_that_is_none_is_an_error_in_any_crs(
    raster: Path, tmp_path: Path, extent: BoundsMap, sentence: str
) -> None:
    request = EncodeRequest(raster, tmp_path / "c", extent=extent, extent_crs="EPSG:4326")
    with pytest.raises(ExtentError, match=sentence):
        plan_encode(request, model=FakeModel())


def test_an_extent_that_misses_is_an_error(raster: Path, tmp_path: Path) -> None:
    away = EncodeRequest(raster, tmp_path / "c", extent=BoundsMap(0, 0, 10, 10))
    with pytest.raises(ExtentError, match="outside"):
        plan_encode(away, model=FakeModel())
    local = write_raster(tmp_path / "local.tif", noise(1, 300, 200), crs=None)
    placed = EncodeRequest(
        local, tmp_path / "c", extent=BoundsMap(0, 0, 1, 1), extent_crs="EPSG:4326"
    )
    with pytest.raises(ExtentError, match="no CRS"):
        plan_encode(placed, model=FakeModel())
    with pytest.raises(UsageError, match="not known"):
        extent = BoundsMap(0, 0, 1, 1)
        plan_encode(
            EncodeRequest(raster, tmp_path / "c", extent=extent, extent_crs="EPSG:nonsense"),
            model=FakeModel(),
        )


@pytest.mark.parametrize(
    "options",
    [
        {"levels": 0}, {"batch": 0}, {"threads": 0}, {"dtype": "int4"}, {"extent_crs": "EPSG:4326"},
    ],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        EncodeRequest(Path("scene.tif"), **options)  # type: ignore[arg-type]


def test_an_overlap_off_the_grid_is_refused(raster: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="overlap"):
        plan_encode(EncodeRequest(raster, tmp_path / "c", overlap=255), model=FakeModel())


def test_a_missing_raster_is_an_error_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(MissingRasterError):
        plan_encode(EncodeRequest(tmp_path / "no.tif"), model=FakeModel())
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_the_way_stays(raster: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "holiday.jpg").write_text("precious")
    (tmp_path / "notes.txt").write_text("precious")
    before = tree_bytes(tmp_path)
    for out in (folder, tmp_path / "notes.txt"):
        for restart in (False, True):
            with pytest.raises(OutputError, match="left as it is"):
                plan_encode(EncodeRequest(raster, out, restart=restart), model=FakeModel())
    assert tree_bytes(tmp_path) == before


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


def test_a_resolution_beyond_all_memory_is_refused_before_anything_is_listed(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1,800 x 1,100 pixels as 13 x 8 million: 174 million patches, and a third for the levels."""
    monkeypatch.setattr(LevelGrid, "patches_meeting", lambda *_: pytest.fail("listed"))
    request = EncodeRequest(raster, tmp_path / "c", resolution=0.3 / 7200)
    with pytest.raises(DiskFullError, match=r"^232041787 patches take"):
        plan_encode(request, model=FakeModel(), disk_usage=lambda _: Usage(10**12, 0, 10**12))


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


def test_a_disk_that_fills_up_leaves_a_usable_cache(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zarr.storage import _local

    put, written = _local._put, []

    def limited(path: Path, *args: object, **options: object) -> int:
        if "high_res_1" in str(path) and path.name == "0":
            if len(written) == 3:
                raise OSError(errno.ENOSPC, "No space left on device")
            written.append(path)
        return put(path, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(_local, "_put", limited)
        with pytest.raises(DiskFullError, match="full"):
            run(EncodeRequest(raster, tmp_path / "c"))
    cache = open_cache(tmp_path / "c")
    assert sum(cache.is_present(p) for p in cache.pyramid.patches()) == 3
    assert cache.find_damage() == []
    assert cache.summary().writer is None
    assert run(EncodeRequest(raster, tmp_path / "c")).encoded == 4


def test_stopping_keeps_everything_up_to_the_current_batch(raster: Path, tmp_path: Path) -> None:
    model = FakeModel()
    summary = run(
        EncodeRequest(raster, tmp_path / "c", batch=2),
        model,
        should_stop=lambda: len(model.encoders[0].batches) == 2,
    )
    assert (summary.stopped, summary.encoded) == (True, 4)
    rest = run(EncodeRequest(raster, tmp_path / "c"))
    assert (rest.stopped, rest.encoded, rest.skipped) == (False, 3, 4)


def test_stopping_at_the_very_end_is_no_stop(raster: Path, tmp_path: Path) -> None:
    model = FakeModel()
    request = EncodeRequest(raster, tmp_path / "c", batch=7)
    summary = run(request, model, should_stop=lambda: bool(model.encoders[0].batches))
    assert (summary.stopped, summary.encoded) == (False, 7)


def test_what_is_stopped_before_its_first_patch_leaves_no_trace(
    raster: Path, tmp_path: Path
) -> None:
    """The model may take long to be loaded. A cache that is to be replaced stays, too."""
    fresh, old = EncodeRequest(raster, tmp_path / "c"), EncodeRequest(raster, tmp_path / "old")
    summary = run(fresh, should_stop=lambda: True)
    assert (summary.stopped, summary.encoded, summary.bytes_on_disk) == (True, 0, 0)
    assert summary.say_stopped() == "Stopped before the first patch."
    assert not (tmp_path / "c").exists()
    run(old)
    before = tree_bytes(tmp_path / "old")
    assert run(replace(old, restart=True, dtype="float16"), should_stop=lambda: True).stopped
    assert tree_bytes(tmp_path / "old") == before


def test_what_goes_on_can_be_stopped_before_its_next_patch(raster: Path, tmp_path: Path) -> None:
    run(EncodeRequest(raster, tmp_path / "c", levels=1))
    model = FakeModel()
    summary = run(EncodeRequest(raster, tmp_path / "c"), model, should_stop=lambda: True)
    assert (summary.stopped, summary.encoded, model.encoders[0].batches) == (True, 0, [])
    assert "6 of 7 patches are in" in summary.say_stopped()


def test_a_run_of_nodata_can_be_stopped_within(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is encoded meanwhile, and at a coarse level each takes as long to read as ten."""
    patches = 30
    path = write_raster(
        tmp_path / "scene.tif", np.zeros((1, 40, 1024 + 768 * (patches - 1)), np.uint8), nodata=0
    )
    read_patch, read = RasterReader.read_patch, []

    def counted(self: RasterReader, *args: object) -> object:
        read.append(args)
        return read_patch(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(RasterReader, "read_patch", counted)
    request = EncodeRequest(path, tmp_path / "c", levels=1)
    summary = run(request, should_stop=lambda: len(read) >= 3)
    assert summary.stopped
    assert 1 <= summary.empty <= len(read) <= 8
    assert run(request).empty == patches - summary.empty


def test_a_raster_that_fails_half_way_ends_the_run_with_its_error(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_patch, reads = RasterReader.read_patch, []

    def failing(self: RasterReader, *args: object) -> object:
        reads.append(args)
        if len(reads) == 4:
            raise RasterError("The disk was pulled out.")
        return read_patch(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(RasterReader, "read_patch", failing)
    with pytest.raises(RasterError, match="pulled out"):
        run(EncodeRequest(raster, tmp_path / "c"))
    cache = open_cache(tmp_path / "c")
    assert sum(cache.is_present(p) for p in cache.pyramid.patches()) == 3
    assert cache.summary().writer is None


class TestMemory:
    def test_a_smaller_batch_is_tried_first(self, raster: Path, tmp_path: Path) -> None:
        model, notices = FakeModel(capacity={"cuda": 2}), []
        summary = run(
            EncodeRequest(raster, tmp_path / "c", device="cuda", batch=7, dtype="float32"),
            model,
            on_notice=notices.append,
        )
        assert (summary.encoded, summary.device, summary.batch) == (7, "cuda", 1)
        assert model.encoders[0].batches == [1] * 7
        assert "does not hold a batch of 7: going on with 3" in notices[1]
        assert "does not hold a batch of 3: going on with 1" in notices[2]

    def test_then_the_cpu(self, raster: Path, tmp_path: Path) -> None:
        model, notices = FakeModel(capacity={"cuda": 0}), []
        summary = run(
            EncodeRequest(raster, tmp_path / "c", device="cuda", batch=2, dtype="float32"),
            model,
            on_notice=notices.append,
        )
        assert (summary.encoded, summary.device, summary.batch) == (7, "cpu", 1)
        assert [encoder.device for encoder in model.encoders] == ["cuda", "cpu"]
        assert any("going on on the CPU" in notice for notice in notices)
        reference = run(EncodeRequest(raster, tmp_path / "reference", dtype="float32"))
        assert reference.encoded == 7
        one, other = open_cache(tmp_path / "c"), open_cache(tmp_path / "reference")
        for patch in one.pyramid.patches():
            assert same_features(one.load(patch), other.load(patch))

    def test_a_cpu_without_memory_is_an_error_that_keeps_the_cache(
        self, raster: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(DeviceMemoryError):
            run(EncodeRequest(raster, tmp_path / "c"), FakeModel(capacity={"cpu": 0}))
        assert run(EncodeRequest(raster, tmp_path / "c")).encoded == 7


def test_a_resolution_is_that_of_level_0(raster: Path, tmp_path: Path) -> None:
    summary = run(EncodeRequest(raster, tmp_path / "c", resolution=0.6))
    cache = open_cache(tmp_path / "c")
    assert (cache.pyramid.width, cache.pyramid.height) == (900, 550)
    assert summary.encoded == 1
    assert cache.manifest.affine.a == pytest.approx(0.6)
    assert cache.manifest.raster.width == WIDTH


def test_the_default_place_is_beside_the_raster(raster: Path, tmp_path: Path) -> None:
    copy = tmp_path / "scene.tif"
    shutil.copy(raster, copy)
    plan: EncodePlan = plan_encode(EncodeRequest(copy), model=FakeModel())
    assert plan.path == tmp_path / "scene.tif.fake.sam2.zarr"


class TestReadAhead:
    def test_what_is_expected_is_read_in_its_order(self) -> None:
        read = []
        with ReadAhead(lambda key: read.append(key) or -key) as ahead:
            ahead.expect([3, 1, 2])
            assert [ahead.take(key) for key in (3, 1, 2)] == [-3, -1, -2]
        assert read == [3, 1, 2]

    def test_what_is_not_expected_is_read_when_it_is_asked_for(self) -> None:
        with ReadAhead(str) as ahead:
            ahead.expect([1])
            assert ahead.take(7) == "7"

    def test_nothing_is_read_twice_and_what_is_not_wanted_any_more_not_at_all(self) -> None:
        begun, go_on, read = Event(), Event(), []

        def slowly(key: int) -> int:
            begun.set()
            go_on.wait()
            read.append(key)
            return key

        with ReadAhead(slowly) as ahead:
            ahead.expect([1, 2, 3])
            begun.wait()
            ahead.expect([1, 5])
            go_on.set()
            assert ahead.take(1) == 1
            assert ahead.take(5) == 5
        assert read == [1, 5]

    def test_an_error_is_raised_to_whoever_asks(self) -> None:
        def fail(key: int) -> int:
            raise ValueError(f"{key} is broken")

        with ReadAhead(fail) as ahead:
            ahead.expect([2])
            with pytest.raises(ValueError, match="2 is broken"):
                ahead.take(2)
