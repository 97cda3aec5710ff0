"""An encode that others steer: what comes first, waiting, stopping, going on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from encoder_tool.cache import layout
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import (
    EncodePlan,
    EncodeProgress,
    EncodeRequest,
    pipeline,
    plan_encode,
    run_encode,
)
from encoder_tool.errors import DiskFullError, UsageError
from encoder_tool.types import XY, BoundsMap, Focus, PatchId
from tests.support.fakes import FakeModel, flip_byte
from tests.support.rasters import NORTH_UP, noise, write_raster
from tests.support.worker import WorkerProcess, kinds

COLS = 6
WIDTH = 1024 + 768 * (COLS - 1)

RIGHT, MIDDLE = XY(*(NORTH_UP @ (WIDTH - 100, 100))), XY(*(NORTH_UP @ (2000, 100)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("on-demand")


@pytest.fixture(scope="module")
def raster(folder: Path) -> Path:
    """Six patches in a row at level 0, three at level 1, two at level 2, one at level 3."""
    return write_raster(folder / "wide.tif", noise(3, WIDTH, 200))


@dataclass
class Wishes:
    """A `Steering`; `told` is called with every report and may change it."""

    focus: Focus | None = None
    held_s: float = 0.0
    reports: list[EncodeProgress] = field(default_factory=list)
    told: Callable[[EncodeProgress], None] = lambda _: None

    def __call__(self, report: EncodeProgress) -> None:
        self.reports.append(report)
        self.told(report)

    @property
    def order(self) -> list[PatchId]:
        return [patch for report in self.reports for patch in report.committed]


def row(*cols: int, level: int = 0) -> list[PatchId]:
    return [PatchId(level, 0, col) for col in cols]


def has_encoded(model: FakeModel) -> bool:
    return bool(model.encoders[0].batches)


class TestOrder:
    def test_what_is_under_the_focus_comes_first(self, raster: Path, tmp_path: Path) -> None:
        wishes = Wishes()
        request = EncodeRequest(raster, tmp_path / "c", focus=Focus(point=RIGHT))
        model = FakeModel()
        run_encode(plan_encode(request, model=model), wishes, steering=wishes)
        assert wishes.order[:6] == row(5, 4, 3, 2, 1, 0)
        assert [patch.level for patch in wishes.order[6:]] == [1, 1, 1, 2, 2, 3]
        assert set(model.encoders[0].batches) == {1}
        first, second = wishes.reports[:2]
        assert (first.done, first.committed, first.focus) == (0, (), (PatchId(0, 0, 5), False))
        assert (second.done, second.committed) == (1, (PatchId(0, 0, 5),))
        assert {report.focus for report in wishes.reports[1:]} == {(PatchId(0, 0, 5), True)}

    def test_another_focus_puts_the_rest_in_another_order(
        self, raster: Path, tmp_path: Path
    ) -> None:
        wishes = Wishes()

        def look_elsewhere(report: EncodeProgress) -> None:
            if report.done == 2:
                wishes.focus = Focus(point=MIDDLE, pixel_size=0.3)

        wishes.told = look_elsewhere
        request = EncodeRequest(raster, tmp_path / "c", focus=Focus(point=RIGHT), levels=2)
        run_encode(plan_encode(request, model=FakeModel()), wishes, steering=wishes)
        assert wishes.order[:6] == row(5, 4, 2, 1, 3, 0)
        assert len(set(wishes.order)) == len(wishes.order) == 9
        told = [report.focus for report in wishes.reports if not report.committed]
        assert told == [(PatchId(0, 0, 5), False), (PatchId(0, 0, 2), False)]

    def test_a_focus_on_what_is_there_says_so(self, raster: Path, tmp_path: Path) -> None:
        request = EncodeRequest(raster, tmp_path / "c", focus=Focus(point=RIGHT))
        wishes, again = Wishes(), Wishes()
        for watched in (wishes, again):
            model = FakeModel()
            run_encode(plan_encode(request, model=model), watched, partial(has_encoded, model))
        assert again.reports[0].focus == (PatchId(0, 0, 5), True)
        assert (wishes.order, again.order) == (row(5), row(4))

    def test_an_encode_without_a_focus_follows_a_later_one(
        self, raster: Path, tmp_path: Path
    ) -> None:
        wishes = Wishes()

        def look(report: EncodeProgress) -> None:
            wishes.focus = Focus(point=RIGHT)

        wishes.told = look
        request = EncodeRequest(raster, tmp_path / "c")
        run_encode(plan_encode(request, model=FakeModel()), wishes, steering=wishes)
        assert wishes.reports[0].focus is None
        # It is told of a batch when the next one is encoded, which is one of the old order.
        assert wishes.order[:4] == [PatchId(3, 0, 0), PatchId(2, 0, 0), *row(5, 4)]


def test_a_hold_begins_no_patch_and_can_be_stopped(raster: Path, tmp_path: Path) -> None:
    """Held after the first patch: looked at it again and again, then stopped."""
    model, asked = FakeModel(), []

    def should_stop() -> bool:
        asked.append(sum(model.encoders[0].batches))
        return asked.count(1) > 3

    wishes = Wishes()

    def hold(report: EncodeProgress) -> None:
        wishes.held_s = 60.0 if report.done else 0.0

    wishes.told = hold
    request = EncodeRequest(raster, tmp_path / "c", focus=Focus(point=RIGHT))
    summary = run_encode(plan_encode(request, model=model), wishes, should_stop, steering=wishes)
    assert asked[-4:] == [1, 1, 1, 1] and not any(asked[:-4])
    assert (summary.stopped, summary.encoded) == (True, 1)
    assert run_encode(plan_encode(request, model=model)).encoded == 11


def test_what_is_awaited_is_told_before_anything_else_is_encoded(
    raster: Path, tmp_path: Path
) -> None:
    """Also of an encode that began without a focus, and while it is held."""
    model, wishes = FakeModel(), Wishes()
    encoded_when_told: dict[PatchId, int] = {}
    held_when_told: list[bool] = []

    def told(report: EncodeProgress) -> None:
        count = sum(model.encoders[0].batches)
        encoded_when_told.update(dict.fromkeys(report.committed, count))
        held_when_told.append(wishes.held_s > 0)
        wishes.focus = Focus(point=RIGHT)
        wishes.held_s = 0.0

    def hold_once() -> bool:
        wishes.held_s = 60.0 if has_encoded(model) and not wishes.reports else 0.0
        return False

    wishes.told = told
    request = EncodeRequest(raster, tmp_path / "c")
    run_encode(plan_encode(request, model=model), wishes, hold_once, steering=wishes)
    assert encoded_when_told[PatchId(3, 0, 0)] == 1, "stored while it is held"
    assert held_when_told[0]
    assert encoded_when_told[PatchId(0, 0, 5)] == 2


def test_nodata_at_the_focus_is_told_before_anything_else_is_read(tmp_path: Path) -> None:
    values = noise(1, WIDTH, 200)
    values[:, :, 1500:] = 0
    raster = write_raster(tmp_path / "half.tif", values, nodata=0)
    model, wishes = FakeModel(), Wishes()
    request = EncodeRequest(raster, tmp_path / "c", focus=Focus(point=RIGHT))
    run_encode(plan_encode(request, model=model), wishes, steering=wishes)
    first = next(report for report in wishes.reports if report.committed)
    assert first.committed == (PatchId(0, 0, 5),)
    assert first.focus == (PatchId(0, 0, 5), True)


def test_the_estimate_leaves_out_the_time_that_was_waited(raster: Path, tmp_path: Path) -> None:
    class Held:
        """For half a second before the first patch."""

        focus = None
        looks = 0

        @property
        def held_s(self) -> float:
            self.looks += 1
            return 1.0 if self.looks <= 10 else 0.0

    reports: list[EncodeProgress] = []
    request = EncodeRequest(raster, tmp_path / "c", focus=Focus(point=RIGHT), levels=1)
    plan = plan_encode(request, model=FakeModel())
    run_encode(plan, reports.append, steering=Held())
    first = next(report for report in reports if report.done == 1)
    waited = 10 * pipeline.HOLD_POLL_S
    assert first.seconds > waited
    assert first.eta_s <= 5 * (first.seconds - waited)


def test_a_fill_needs_no_room_for_the_whole_raster(tmp_path: Path) -> None:
    tall = write_raster(tmp_path / "tall.tif", noise(1, 1024, 1024 + 768 * 20))
    whole = EncodeRequest(tall, tmp_path / "c")
    focussed = replace(whole, focus=Focus(point=XY(*(NORTH_UP @ (5, 5)))))
    needed = plan_encode(whole, model=FakeModel()).bytes_needed

    def plan(request: EncodeRequest, free: int) -> EncodePlan:
        return plan_encode(request, model=FakeModel(), disk_usage=lambda _: (10**12, 0, free))

    with pytest.raises(DiskFullError):
        plan(whole, needed - 1)
    assert plan(focussed, needed - 1).todo == plan(whole, needed).todo
    with pytest.raises(DiskFullError, match="16 patches"):
        plan(focussed, needed // 2)


def test_a_fill_leaves_the_last_of_the_disk(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = iter([2 * pipeline.RESERVE_BYTES, pipeline.RESERVE_BYTES, pipeline.RESERVE_BYTES - 1])
    monkeypatch.setattr(pipeline, "disk_usage", lambda _: SimpleNamespace(free=next(free)))
    request = EncodeRequest(raster, tmp_path / "c", focus=Focus(point=RIGHT))
    with pytest.raises(DiskFullError, match="nearly full"):
        run_encode(plan_encode(request, model=FakeModel()))
    cache = open_cache(tmp_path / "c")
    assert [p for p in cache.pyramid.patches() if cache.is_present(p)] == row(4, 5)
    assert cache.summary().writer is None


def test_going_on_with_a_large_cache_does_not_read_it_first(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_encode(plan_encode(EncodeRequest(raster, tmp_path / "c"), model=FakeModel()))
    files = layout.patch_files(tmp_path / "c", PatchId(0, 0, 1), "int8")
    files["high_res_0"].unlink()
    flip_byte(files["image_embed"])
    monkeypatch.setattr(layout, "is_sound", lambda _: pytest.fail("read"))
    request = EncodeRequest(raster, tmp_path / "c", focus=Focus(point=RIGHT))
    assert plan_encode(request, model=FakeModel()).todo == (PatchId(0, 0, 1),)


@pytest.mark.parametrize("focus", [Focus(), Focus(point=RIGHT, bounds=BoundsMap(0, 0, 1, 1))])
def test_a_focus_is_one_place(raster: Path, focus: Focus) -> None:
    with pytest.raises(UsageError, match="point or bounds"):
        EncodeRequest(raster, focus=focus)


# --- over the worker's protocol

FAKED = """
import sys
from encoder_tool.encode.request import RegisteredModel
from encoder_tool.worker.__main__ import main
from tests.support.fakes import FakeModel

RegisteredModel.of = staticmethod(lambda request: FakeModel(delay_s=0.2))
sys.exit(main())
"""


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[WorkerProcess]:
    """Its model takes 0.2 s for a patch."""
    with WorkerProcess(tmp_path / "log", FAKED) as process:
        yield process


def committed(worker: WorkerProcess) -> list[PatchId]:
    """Everything that progress has named so far."""
    return [PatchId(*p) for told in kinds(worker.messages) for p in told.get("committed", ())]


def test_the_worker_encodes_on_demand(worker: WorkerProcess, raster: Path, tmp_path: Path) -> None:
    params = {"raster": str(raster), "out": str(tmp_path / "c"), "levels": 1}
    encode = worker.send("encode", **params, focus={"point": RIGHT})
    while not committed(worker):
        worker.receive()
    told = [p["focus"] for p in kinds(worker.messages) if "focus" in p]
    assert told[0] == {"patch": [0, 0, 5], "committed": False}
    assert told[-1] == {"patch": [0, 0, 5], "committed": True}
    assert open_cache(tmp_path / "c").is_present(PatchId(0, 0, 5)), "safe when it is told"

    assert worker.result("hold", seconds=60) == {"encode": encode}
    before = len(committed(worker))
    assert worker.result("focus", bounds=box(300, 20, 400, 90)) == {"encode": encode}
    while told_focus(worker) != [0, 0, 0]:
        worker.receive()
    held = committed(worker)
    assert len(held) <= before + 1, "the one that was begun, and no more"
    time.sleep(0.6)  # enough for three
    worker.result("ping")
    assert committed(worker) == held
    assert worker.result("hold", seconds=0) == {"encode": encode}
    assert worker.wait_for(encode)["result"]["encoded"] == COLS
    assert committed(worker)[len(held)] == PatchId(0, 0, 0)
    assert sorted(committed(worker)) == row(*range(COLS))


def told_focus(worker: WorkerProcess) -> list[int]:
    return [p["focus"]["patch"] for p in kinds(worker.messages) if "focus" in p][-1]


def box(xmin: float, ymin: float, xmax: float, ymax: float) -> list[float]:
    (left, top), (right, bottom) = NORTH_UP @ (xmin, ymin), NORTH_UP @ (xmax, ymax)
    return [left, bottom, right, top]


def test_a_killed_encode_on_demand_goes_on_where_it_was(raster: Path, tmp_path: Path) -> None:
    params = {"raster": str(raster), "out": str(tmp_path / "c"), "levels": 1}
    with WorkerProcess(tmp_path / "log", FAKED) as worker:
        worker.send("encode", **params, focus={"point": MIDDLE, "pixel_size": 0.3})
        while len(committed(worker)) < 2:
            worker.receive()
        worker.process.kill()
    with WorkerProcess(tmp_path / "log", FAKED) as worker:
        summary = worker.result("encode", **params, focus={"point": RIGHT})
        assert 2 <= summary["skipped"] <= 3
        assert summary["skipped"] + summary["encoded"] == COLS
        assert committed(worker)[0] == PatchId(0, 0, 5)
    assert not open_cache(tmp_path / "c").find_damage()


def test_a_held_encode_can_be_cancelled(
    worker: WorkerProcess, raster: Path, tmp_path: Path
) -> None:
    params = {"raster": str(raster), "out": str(tmp_path / "c"), "levels": 1}
    encode = worker.send("encode", **params, focus={"point": RIGHT})
    worker.result("hold", seconds=60)
    worker.wait_for(encode, "progress")
    assert worker.result("cancel", id=encode) == {"state": "running"}
    assert worker.wait_for(encode)["error"]["type"] == "Cancelled"


def test_without_an_encode_there_is_nothing_to_steer(worker: WorkerProcess) -> None:
    assert worker.result("focus", point=[1, 2]) == {"encode": None}
    assert worker.result("hold", seconds=5) == {"encode": None}


@pytest.mark.parametrize(
    ("method", "params", "named"),
    [
        ("focus", {}, "either a point or bounds"),
        ("focus", {"point": [1, 2], "bounds": [0, 0, 1, 1]}, "either a point or bounds"),
        ("focus", {"point": [1]}, "point"),
        ("focus", {"bounds": [1, 2, 3]}, "bounds"),
        ("focus", {"point": [1, 2], "pixel_size": 0}, "pixel_size"),
        ("focus", {"point": [1, 2], "level": "0"}, "level"),
        ("focus", {"point": [1, 2], "extent": 1}, "extent"),
        ("hold", {}, "seconds"),
        ("hold", {"seconds": 61}, "0 to 60"),
        ("hold", {"seconds": -1}, "0 to 60"),
        ("encode", {"raster": "a.tif", "focus": [1, 2]}, "focus"),
        ("encode", {"raster": "a.tif", "focus": {}}, "either a point or bounds"),
    ],
)
def test_what_is_wrong_with_a_wish_is_named(
    shared: WorkerProcess, method: str, params: dict[str, Any], named: str
) -> None:
    error = shared.error(method, **params)
    assert error["type"] == "UsageError"
    assert named in error["message"]


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[WorkerProcess]:
    with WorkerProcess(folder / "log") as process:
        yield process
