"""How an encode ends before its end: stopped, or with a disk, a memory or a raster that fails."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest
from encoder_tool.encode.ahead import ReadAhead
from encoder_tool.errors import DeviceMemoryError, DiskFullError, RasterError
from encoder_tool.raster import RasterReader
from tests.support.fake_encode import run
from tests.support.fakes import FakeModel, same_features, tree_bytes
from tests.support.rasters import write_raster


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
