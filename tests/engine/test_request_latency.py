"""The benchmark of requests measures what it says, at its smallest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import request_latency
from benchmarks.request_latency import LEAST_RATIO, MOST_LATER_MS, missed_targets, table
from encoder_tool.request.places import PLACES_VARIABLE
from encoder_tool.tiles.store import TILES_VARIABLE


def test_first_and_later_requests_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (TILES_VARIABLE, PLACES_VARIABLE):
        monkeypatch.setenv(variable, str(tmp_path))  # the benchmark sets them: put back afterwards
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(request_latency, "SEEDS", (5,))
    found = request_latency.measure(2, 20.0, tmp_path)
    assert (found["first"]["turns"], found["later"]["turns"], found["command"]["turns"]) == (
        1,
        3,
        1,
    )
    assert found["first"]["parts"]["tiles"] >= 4 * 20, "16 tiles, four at once"
    assert found["later"]["parts"]["tiles"] < found["first"]["parts"]["tiles"]
    assert found["later"]["parts"]["encode"] < found["first"]["parts"]["encode"]
    assert [row[0] for row in table(found).rows] == [
        "the first on a place", "a later one", "a later one, as a command"
    ]  # fmt: skip


def test_targets_that_are_missed_are_said() -> None:
    good: dict[str, Any] = {"later": {"p50_ms": MOST_LATER_MS - 1}, "ratio": LEAST_RATIO + 1}
    assert missed_targets(good) == []
    slow = {"later": {"p50_ms": MOST_LATER_MS + 1}, "ratio": LEAST_RATIO - 1}
    assert len(missed_targets(slow)) == 2
