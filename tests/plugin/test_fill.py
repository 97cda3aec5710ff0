"""An image is encoded while it is clicked: the process and how it is steered; the engine is
played."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication
from qgis_window import settle, wait_for
from record import Record
from stub_engine import PATCHES

from geosam_plugin.clicking import fill as fill_module
from geosam_plugin.clicking.fill import HOLD_S, PAUSE_S, Fill, FillState
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.encoding import SteeredEncode
from geosam_plugin.engine.protocol import EngineError

HERE, THERE, ELSEWHERE = ({"point": [500_000.0 + x, 4_600_050.0]} for x in (50, 10_050, 19_950))

Stub = Callable[..., EngineCommand]
Fills = Callable[..., Fill]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "row.tif.nano.sam2.zarr"


@pytest.fixture
def params(cache: Path) -> dict[str, Any]:
    return {"raster": "row.tif", "out": str(cache)}


@pytest.fixture
def fills(qgis_app: QgsApplication, stub: Stub) -> Iterator[Fills]:
    made: list[Fill] = []

    def make(*how: str) -> Fill:
        fill = Fill(lambda params: SteeredEncode(stub(*how), params))
        made.append(fill)
        return fill

    yield make
    for fill in made:
        fill.close()
        fill.deleteLater()
    settle()


def leave(cache: Path, count: int) -> None:
    """Have all but so many patches encoded already."""
    cache.mkdir()
    for patch in range(count, PATCHES):
        (cache / str(patch)).touch()


def ends_of(fill: Fill) -> list[EngineError | None]:
    ends: list[EngineError | None] = []
    fill.ended.connect(ends.append)
    return ends


# --- the process


def test_an_encode_tells_how_far_it_is_and_that_it_is_done(
    qgis_app: QgsApplication, stub: Stub, record: Record, params: dict[str, Any], cache: Path
) -> None:
    leave(cache, 3)
    encode = SteeredEncode(stub(), {**params, "focus": HERE})
    told: list[dict[str, Any]] = []
    ends: list[EngineError | None] = []
    lines: list[str] = []
    encode.progressed.connect(told.append)
    encode.ended.connect(ends.append)
    encode.logged.connect(lines.append)
    encode.start()
    wait_for(lambda: bool(ends))
    assert ends == [None]
    assert [progress["done"] for progress in told] == [0, 1, 2, 3]
    assert [progress["committed"] for progress in told[1:]] == [[[0, 0, k]] for k in range(3)]
    assert record.of("encode") == [{**params, "focus": HERE}]
    assert "".join(lines) == "encoding\n"
    encode.deleteLater()


def test_a_stopped_encode_ends_by_itself(
    qgis_app: QgsApplication, stub: Stub, record: Record, params: dict[str, Any]
) -> None:
    encode = SteeredEncode(stub(), {**params, "focus": HERE})
    ends: list[EngineError] = []
    encode.ended.connect(ends.append)
    encode.start()
    wait_for(lambda: bool(record.of("encode")))
    encode.stop()
    encode.stop()
    wait_for(lambda: bool(ends))
    assert [error.type for error in ends] == ["Cancelled"]
    assert len(record.of("cancel")) == 1
    encode.deleteLater()


def test_a_program_that_cannot_be_started_is_told(qgis_app: QgsApplication) -> None:
    encode = SteeredEncode(EngineCommand("/no/such/python", (), {}), {})
    ends: list[EngineError] = []
    encode.ended.connect(ends.append)
    encode.start()
    wait_for(lambda: bool(ends))
    assert "cannot be started" in str(ends[0])
    encode.deleteLater()


# --- how it is steered


def test_what_is_waited_for_goes_before_what_is_looked_at(
    fills: Fills, record: Record, params: dict[str, Any], cache: Path
) -> None:
    fill = fills()
    fill.begin(params, HERE)
    assert fill.state is FillState.STARTING
    wait_for(lambda: fill.done > 0)
    assert record.of("encode") == [{**params, "focus": HERE}]
    assert (cache / "0").exists()
    assert (fill.state, fill.total) == (FillState.RUNNING, PATCHES)
    fill.want(THERE)
    fill.look_at(ELSEWHERE)
    fill.look_at(None)
    wait_for((cache / "100").exists)
    fill.want(None)
    wait_for((cache / "199").exists)
    assert record.of("focus") == [THERE, ELSEWHERE]


def test_it_gives_way_to_prompts_unless_they_wait_for_it(
    fills: Fills, record: Record, params: dict[str, Any]
) -> None:
    fill = fills()
    fill.begin(params, HERE)
    wait_for(lambda: fill.done > 0)
    fill.give_way()
    fill.give_way()  # there is time left
    wait_for(lambda: {"seconds": HOLD_S} in record.of("hold"))
    before = fill.done
    fill.want(THERE)
    fill.give_way()
    wait_for(lambda: fill.done > before + 2)
    holds = [params["seconds"] for params in record.of("hold")]
    assert holds[-2:] == [HOLD_S, 0]
    assert holds.count(HOLD_S) == 1


def test_a_paused_fill_encodes_only_what_is_waited_for(
    fills: Fills, record: Record, params: dict[str, Any], cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(fill_module, "RENEW_MS", 100)
    fill = fills()
    fill.begin(params, HERE)
    wait_for(lambda: fill.done > 0)
    fill.pause(True)
    wait_for(lambda: record.of("hold").count({"seconds": PAUSE_S}) > 2)
    before = fill.done
    fill.give_way()
    fill.look_at(ELSEWHERE)
    wait_for(lambda: record.of("focus") == [ELSEWHERE])
    assert {"seconds": HOLD_S} not in record.of("hold")
    assert fill.done <= before + 1  # one may have been under way
    assert not (cache / "199").exists()
    fill.want(THERE)
    wait_for((cache / "100").exists)
    fill.want(None)
    wait_for(lambda: record.of("hold")[-1]["seconds"] == PAUSE_S)
    fill.pause(False)
    wait_for((cache / "199").exists)


def test_a_paused_fill_asks_for_nothing_that_is_only_shown(
    fills: Fills, record: Record, params: dict[str, Any]
) -> None:
    """What the map shows of a web map would be fetched."""
    shown = {"extent": [500_000.0, 4_600_000.0, 502_000.0, 4_600_100.0]}
    fill = fills()
    fill.begin(params, {**HERE, **shown})
    wait_for(lambda: fill.done > 0)
    fill.pause(True)
    fill.want({**THERE, **shown})
    fill.want(None)
    fill.look_at({**ELSEWHERE, **shown})
    fill.pause(False)
    wait_for(lambda: len(record.of("focus")) == 5)
    assert record.of("focus") == [HERE, THERE, HERE, ELSEWHERE, {**ELSEWHERE, **shown}]
    assert fill.state is FillState.RUNNING


# --- how it ends


def test_when_all_is_encoded_it_says_so(fills: Fills, params: dict[str, Any], cache: Path) -> None:
    leave(cache, 3)
    fill = fills()
    ends, grew = ends_of(fill), []
    fill.grew.connect(grew.append)
    fill.begin(params, HERE)
    wait_for(lambda: bool(ends))
    assert (ends, fill.state, fill.done) == ([None], FillState.DONE, 3)
    assert grew == [{(0, 0, 0)}, {(0, 0, 1)}, {(0, 0, 2)}]
    assert fill.process_id == 0


def test_a_stop_is_no_end_of_its_own(fills: Fills, params: dict[str, Any], cache: Path) -> None:
    fill = fills()
    ends = ends_of(fill)
    fill.begin(params, HERE)
    wait_for(lambda: fill.done > 0)
    stops = []
    fill.stopped.connect(lambda: stops.append(fill.process_id))
    fill.stop()
    assert fill.state is FillState.STOPPING
    wait_for(lambda: fill.state is FillState.STOPPED)
    assert not ends
    assert stops == [0]
    assert fill.done == len([*cache.iterdir()]) - 1  # but for its description
    assert fill.process_id == 0


def test_the_next_one_begins_when_the_last_process_has_ended(
    fills: Fills, record: Record, params: dict[str, Any]
) -> None:
    """Two of one raster would be in each other's way."""
    fill = fills()
    fill.begin(params, HERE)
    wait_for(lambda: fill.done > 0)
    first = fill.process_id
    fill.begin({**params, "raster": "other.tif"}, THERE)
    fill.want(ELSEWHERE)
    assert (fill.process_id, fill.done) == (first, 0)
    wait_for(lambda: fill.done > 0)
    assert fill.process_id != first
    assert [params["raster"] for params in record.of("encode")] == ["row.tif", "other.tif"]
    methods = [method for method, _ in record.asked if method in ("cancel", "encode")]
    assert methods == ["encode", "cancel", "encode"]
    assert record.of("encode")[1]["focus"] == ELSEWHERE
    assert record.of("focus") == []


def test_one_that_is_forgotten_before_it_begins_never_does(
    fills: Fills, record: Record, params: dict[str, Any]
) -> None:
    fill = fills()
    fill.begin(params, HERE)
    wait_for(lambda: fill.done > 0)
    fill.begin({**params, "raster": "other.tif"}, THERE)
    fill.forget()
    assert fill.state is FillState.OFF
    wait_for(lambda: fill.process_id == 0)
    settle()
    assert [params["raster"] for params in record.of("encode")] == ["row.tif"]
    assert fill.state is FillState.OFF


def test_a_crash_is_overcome_as_long_as_patches_come(
    fills: Fills, record: Record, params: dict[str, Any]
) -> None:
    fill = fills("crash")
    ends = ends_of(fill)
    fill.begin(params, HERE)
    fill.want(THERE)
    wait_for(lambda: len(record.of("encode")) == 3)
    assert not ends
    assert record.of("encode")[-1] == {**params, "focus": THERE}


def test_an_engine_that_gets_nowhere_is_not_started_again(qgis_app: QgsApplication) -> None:
    command = EngineCommand(sys.executable, ("-c", "raise SystemExit(3)"), dict(os.environ))
    fill = Fill(lambda params: SteeredEncode(command, params))
    ends = ends_of(fill)
    fill.begin({}, HERE)
    wait_for(lambda: bool(ends))
    assert [error.type for error in ends] == ["Crashed"]
    assert fill.state is FillState.FAILED
    fill.deleteLater()


def test_what_follows_the_user_begins_only_when_it_is_known_where(
    fills: Fills, record: Record, params: dict[str, Any]
) -> None:
    """Of a web map nothing is fetched that nobody looks at."""
    fill = fills()
    params["raster"] = "z18.tiles.json"
    fill.begin(params, None, follows=True)
    settle()
    assert fill.is_on and not fill.process_id and not record.of("encode")
    fill.want(HERE)
    wait_for(lambda: fill.is_waiting)
    fill.want(None)
    settle()
    (asked,) = record.of("encode")
    assert asked["focus"] == HERE
    assert not record.of("focus")


def test_what_has_not_begun_can_be_stopped(fills: Fills, params: dict[str, Any]) -> None:
    fill = fills()
    stops: list[bool] = []
    fill.stopped.connect(lambda: stops.append(True))
    fill.begin(params, None, follows=True)
    fill.stop()
    assert fill.state is FillState.STOPPED and stops == [True]
