"""What the worker makes ready while nobody asks."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encoder_tool import surest
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.errors import UsageError
from encoder_tool.prompts import PixelPrompt
from encoder_tool.segment import Segmenter
from encoder_tool.types import XY, Features, PatchId
from encoder_tool.worker.ahead import prepare_beside
from encoder_tool.worker.calls import Call, parse_prefetch
from encoder_tool.worker.methods import Methods
from encoder_tool.worker.schedule import Schedule
from encoder_tool.worker.server import Worker
from encoder_tool.worker.wire import Replies, encode_frame, read_frame
from tests.support.fake_cache import FakeCache, make_manifest
from tests.support.oracle import OracleDecoder, rectangle
from tests.support.patience import PATIENCE_S

PREPARED_BYTES = 1000
"""Of the oracle."""


@pytest.fixture
def cache(sample_cache: Path) -> Path:
    return sample_cache


def at(cache: Path, x: float, y: float) -> list[float]:
    """The map position of a level-0 pixel."""
    return list(open_cache(cache).manifest.affine @ (x, y))


def call(method: str, call_id: int = 1, **params: Any) -> Call:
    return Call(call_id, method, params)


class TestNeighbours:
    """On a raster of 3000 x 2500 pixels: at level 0 patches begin every 768 pixels."""

    def segmenter(self, **options: Any) -> Segmenter:
        decoder = OracleDecoder(rectangle(500, 400, 200, 150))
        return Segmenter(FakeCache(make_manifest()), decoder, **options)

    def loads(self, segmenter: Segmenter, x: float, y: float, rounds: int) -> list[PatchId]:
        """What is read after prompts at a level-0 pixel were answered by patch 1, 1."""
        here = PatchId(0, 1, 1)
        segmenter.prepare(here)
        click = PixelPrompt(np.array([[x, y]]), np.empty((0, 2)), None)
        for _ in range(rounds):
            prepare_beside(segmenter, click, here)
        return segmenter.cache.loads[1:]

    def test_one_after_the_other_the_nearest_first(self):
        # Patch 1, 1 is 768 to 1792 both ways.
        loads = self.loads(self.segmenter(), 1600, 1500, rounds=5)
        assert loads == [PatchId(0, 1, 2), PatchId(0, 2, 1), PatchId(0, 2, 2)]

    def test_one_at_a_time(self):
        assert self.loads(self.segmenter(), 1600, 1500, rounds=1) == [PatchId(0, 1, 2)]

    def test_what_is_not_encoded_or_empty_is_passed_over(self):
        segmenter = self.segmenter()
        segmenter.cache.states = {
            PatchId(0, 1, 2): PatchStatus.EMPTY, PatchId(0, 2, 1): PatchStatus.ABSENT,
        }  # fmt: skip
        assert self.loads(segmenter, 1600, 1500, rounds=3) == [PatchId(0, 2, 2)]

    def test_a_raster_has_nothing_beyond_its_border(self):
        segmenter = self.segmenter()
        segmenter.prepare(PatchId(0, 0, 0))
        click = PixelPrompt(np.array([[40.0, 30.0]]), np.empty((0, 2)), None)
        for _ in range(3):
            prepare_beside(segmenter, click, PatchId(0, 0, 0))
        assert segmenter.cache.loads == [PatchId(0, 0, 0)]

    @pytest.mark.parametrize(("fits", "read"), [(1, 0), (2, 1), (3, 2), (9, 3)])
    def test_memory_bounds_it_and_the_patch_at_hand_stays(self, fits, read):
        segmenter = self.segmenter(memory_bytes=fits * PREPARED_BYTES)
        loads = self.loads(segmenter, 1600, 1500, rounds=6)
        assert len(loads) == len(set(loads)) == read
        assert PatchId(0, 1, 1) in segmenter.patches
        assert segmenter.patches.nbytes <= fits * PREPARED_BYTES


class TestSchedule:
    def test_it_waits_for_everything_else(self):
        schedule = Schedule()
        schedule.prefetch(call("prefetch", 1))
        schedule.submit(call("predict", 2, hover=True))
        schedule.submit(call("predict", 3))
        taken = []
        for _ in range(3):
            running = schedule.take()
            taken.append((running.call.id, running.ahead))
            schedule.finish()
        assert taken == [(3, False), (2, False), (1, True)]

    def test_the_latest_counts(self):
        schedule = Schedule()
        schedule.prefetch(call("prefetch", 1))
        schedule.prefetch(call("prefetch", 2))
        assert schedule.take().call.id == 2
        schedule.close()
        assert schedule.take() is None

    def test_what_a_client_wants_goes_before_what_may_follow(self):
        schedule = Schedule()
        schedule.follow(call("predict", 1))
        schedule.prefetch(call("prefetch", 2))
        schedule.follow(call("predict", 3))
        assert schedule.take().call.id == 2

    def test_its_id_may_be_used_again_and_it_is_nothing_to_wait_for(self):
        schedule = Schedule()
        schedule.prefetch(call("prefetch", 1))
        assert schedule.take().ahead
        assert schedule.status() == {"busy": None, "queued": 0}
        schedule.submit(call("predict", 1))
        assert schedule.take().call.method == "predict"

    def test_the_end_does_not_wait_for_it(self):
        schedule = Schedule()
        schedule.prefetch(call("prefetch", 1))
        assert schedule.close() == []
        schedule.prefetch(call("prefetch", 2))
        assert schedule.take() is None


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[PatchId]:
    """What is read of caches, by a model that is sure: else a coarser level would be asked too."""
    monkeypatch.setattr(surest, "UNSURE", 0.0)
    read: list[PatchId] = []
    load = FeatureCache.load

    def noted(self: FeatureCache, patch: PatchId) -> Features:
        read.append(patch)
        return load(self, patch)

    monkeypatch.setattr(FeatureCache, "load", noted)
    return read


class TestMethods:
    def predict(self, methods: Methods, cache: Path, x: float, y: float, **more: Any) -> Call:
        asked = call(
            "predict", cache=str(cache), include=[at(cache, x, y)], candidate="all", **more
        )
        methods.execute(asked, lambda _: None, lambda: False)
        return asked

    def test_a_click_after_it_need_not_prepare(self, cache: Path, loads: list[PatchId]):
        methods = Methods()
        methods.prepare_ahead(call("prefetch", cache=str(cache), point=at(cache, 700, 700)))
        assert len(loads) == 1
        self.predict(methods, cache, 700, 700)
        assert len(loads) == 1
        self.predict(methods, cache, 700, 700, level=1)
        assert len(loads) == 2

    def test_the_size_of_a_screen_pixel_decides_the_level(self, cache: Path, loads: list[PatchId]):
        where = at(cache, 700, 700)
        Methods().prepare_ahead(call("prefetch", cache=str(cache), point=where, pixel_size=0.6))
        assert loads == [PatchId(1, 0, 0)]

    def test_an_answered_click_is_followed_by_its_neighbour(
        self, cache: Path, loads: list[PatchId]
    ):
        methods = Methods()
        asked = self.predict(methods, cache, 550, 300)
        assert loads == [PatchId(0, 0, 0)]
        methods.prepare_ahead(asked)
        assert loads == [PatchId(0, 0, 0), PatchId(0, 0, 1)]
        self.predict(methods, cache, 1100, 300)
        assert len(loads) == 2


def test_the_worker_answers_at_once_and_prepares_when_nothing_waits(
    cache: Path, loads: list[PatchId], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared, done = [], threading.Event()
    prepare_ahead = Methods.prepare_ahead

    def noticed(self: Methods, asked: Call) -> None:
        prepare_ahead(self, asked)
        prepared.append((asked.id, len(loads)))
        if len(prepared) == 2:
            done.set()

    monkeypatch.setattr(Methods, "prepare_ahead", noticed)
    where = at(cache, 700, 700)
    asked = [
        {"id": 1, "method": "prefetch", "params": {"cache": str(cache), "point": where}},
        {"id": 2, "method": "prefetch", "params": {"cache": str(cache)}},
    ]
    click = {"id": 3, "method": "predict", "params": {"cache": str(cache), "include": [where]}}

    class Source(io.BytesIO):
        """Gives the click once the patch is there, and ends after what follows from that."""

        def read(self, size: int | None = -1) -> bytes:
            if self.tell() == len(self.getvalue()):
                if not prepared:
                    while not prepared:
                        threading.Event().wait(0.01)
                    self.write(encode_frame(click))
                    self.seek(-len(encode_frame(click)), io.SEEK_CUR)
                else:
                    assert done.wait(PATIENCE_S)
            return super().read(size)

    sink = io.BytesIO()
    worker = Worker(Source(b"".join(map(encode_frame, asked))), Replies(sink))
    assert worker.serve()
    assert worker.end()
    sink.seek(0)
    answers = [json.loads(frame) for frame in iter(lambda: read_frame(sink), None)]
    first, refused, answered = sorted(answers, key=lambda answer: answer["id"])
    assert first == {"id": 1, "result": {}}
    assert refused["error"]["type"] == "UsageError"
    assert "point" in refused["error"]["message"]
    assert answered["result"]["objects"]
    # One patch for the place, none for the click on it, and then the neighbour.
    assert prepared == [(1, 1), (3, 2)]


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"point": [1, 2]}, "cache"),
        ({"cache": "c"}, "point"),
        ({"cache": "c", "point": [1]}, "point"),
        ({"cache": "c", "point": [1, 2], "pixel_size": 0}, "pixel_size"),
        ({"cache": "c", "point": [1, 2], "levels": 1}, "levels"),
    ],
)
def test_what_is_wrong_with_a_place_is_named(params: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        parse_prefetch(params)


def test_a_place_is_a_click_to_be() -> None:
    place = parse_prefetch({"cache": "c", "point": [1, 2], "pixel_size": 0.5})
    assert (place.point, place.pixel_size, place.level) == (XY(1, 2), 0.5, None)
