"""Asking an engine, with real workers: order, previews, cancelling, callers that do wrong."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from engine_client.asked_engine import BUILDING, Answers, click, polygons, wait_until
from qgis.core import QgsGeometry
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject

from geosam_plugin.engine.process import EngineProcess
from geosam_plugin.engine.protocol import EngineError


def test_a_click_becomes_polygons(answers: Answers, cache: Path) -> None:
    asked = answers.ask("predict", **click(cache))
    assert asked > 0 and not answers.count, "callbacks never come at once"
    answers.wait(1)
    (result,) = answers.results
    found = polygons(result)
    assert len(found) == len(result["objects"]) >= 1
    assert all(geometry.isGeosValid() and geometry.area() > 1 for geometry in found)
    assert any(geometry.intersects(QgsGeometry.fromWkt(f"POINT({BUILDING[0]} {BUILDING[1]})"))
               for geometry in found)  # fmt: skip
    assert answers.states == ["starting", "ready"]
    assert answers.client.hello["capabilities"]["models"][0]["name"] == "nano"
    assert not answers.told


def test_requests_are_answered_in_order(shared: Answers, cache: Path) -> None:
    order: list[int] = []
    for number in range(12):
        shared.client.request(
            "predict", click(cache, number), lambda _result, n=number: order.append(n)
        )
    wait_until(lambda: len(order) == 12)
    assert order == list(range(12))


def test_the_engines_errors_arrive_as_they_are(shared: Answers, tmp_path: Path) -> None:
    shared.ask("predict", cache=str(tmp_path / "none"), include=[[1, 2]])
    shared.ask("predict", cache=str(tmp_path / "none"))
    shared.wait(2)
    assert [error.type for error in shared.errors] == ["CacheNotFoundError", "PromptError"]
    assert all(error.message and error.hint for error in shared.errors)


def test_of_a_burst_of_previews_the_first_and_the_last_are_answered(
    shared: Answers, cache: Path
) -> None:
    shared.ask("open", cache=str(cache))
    shared.wait(1)
    came: list[int] = []
    for number in range(100):
        shared.client.hover(click(cache, number / 10), lambda _r, n=number: came.append(n))
    shared.ask("predict", **click(cache))
    wait_until(lambda: shared.client.pending == 0)
    assert came == [0, 99]


def test_what_waits_can_be_cancelled(answers: Answers, cache: Path) -> None:
    first = answers.ask("predict", **click(cache))
    second = answers.ask("predict", **click(cache))
    hovered: list[Any] = []
    hover = answers.client.hover(click(cache), hovered.append, hovered.append)
    answers.client.cancel(second)
    answers.client.cancel(hover)
    answers.client.cancel(first + 1000)
    answers.wait(2)
    wait_until(lambda: len(hovered) == 1)
    assert len(answers.results) == 1
    assert [error.type for error in (*answers.errors, *hovered)] == ["Cancelled"] * 2


# --- what callers do wrong


class Careless(QObject):
    """Asks, and falls over the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[EngineError] = []

    def on_result(self, _result: dict[str, Any]) -> None:
        raise RuntimeError("the answer came as a surprise")

    def on_error(self, error: EngineError) -> None:
        self.heard.append(error)
        raise RuntimeError("and so did the error")


def test_a_callback_that_raises_keeps_nobody_waiting(
    shared: Answers, cache: Path, no_exception_goes_unseen: list[str]
) -> None:
    careless = Careless()
    shared.client.request("predict", click(cache), careless.on_result, careless.on_error)
    shared.ask("predict", **click(cache))
    shared.wait(1)
    assert len(shared.results) == 1
    assert shared.client.pending == 0
    assert [error.type for error in careless.heard] == ["Unused"], "who asked learns of it, once"
    first, second = no_exception_goes_unseen
    assert "came as a surprise" in first
    assert "so did the error" in second
    no_exception_goes_unseen.clear()


@pytest.mark.parametrize("bad", [float("nan"), object()])
def test_what_cannot_be_sent_is_told_and_the_next_is_answered(
    shared: Answers, cache: Path, bad: Any
) -> None:
    shared.ask("predict", cache=str(cache), include=[[bad, 1.0]])
    assert not shared.count, "callbacks never come at once"
    shared.ask("predict", **click(cache))
    shared.wait(2)
    assert [error.type for error in shared.errors] == ["Unsent"]
    assert len(shared.results) == 1
    with pytest.raises(EngineError) as caught:
        EngineProcess(shared.client._command).run_blocking(
            "predict", {"include": [[bad, 1.0]]}, allow_gui_thread=True
        )
    assert caught.value.type == "Unsent"


def test_nobody_is_called_back_after_the_end(answers: Answers, cache: Path) -> None:
    waits = answers.ask("predict", **click(cache))
    answers.client.cancel(waits)
    answers.ask("predict", cache=str(cache), include=[[float("nan"), 1.0]])
    answers.client.shutdown()
    for _ in range(20):
        QCoreApplication.processEvents()
    assert not answers.count


def test_whoever_has_gone_is_not_called(shared: Answers, cache: Path) -> None:
    careless = Careless()
    shared.client.request("predict", click(cache), partial(careless.on_result), careless.on_error)
    shared.client.request("none", {}, careless.on_result, partial(careless.on_error))
    sip.delete(careless)
    shared.ask("hello")
    shared.wait(1)
    assert careless.heard == []
