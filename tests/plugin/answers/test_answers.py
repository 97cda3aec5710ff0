"""What the controller makes of answers that are not the usual ones; the engine is played."""

from __future__ import annotations

from typing import Any

import pytest
from answers.played_engine import DESCRIBED, FOUND, NOT_ENCODED, UTM, WKB, Engine, click

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.filling import grow
from geosam_plugin.clicking.options import Options
from geosam_plugin.engine.protocol import EngineError


@pytest.mark.parametrize(
    "answer",
    [{}, {**FOUND, "objects": []}, {**FOUND, "objects": [{}]}, {**FOUND, "timings_ms": None}],
)
def test_an_answer_that_is_none_stops_nothing(
    controller: Controller, engine: Engine, told: list[str], answer: dict[str, Any]
) -> None:
    click(controller)
    engine.answer(answer)
    (sentence,) = told
    assert "misunderstood each other" in sentence
    assert engine.waiting == []
    click(controller, 60)
    engine.answer(FOUND)
    assert controller.session.draft.is_answered
    assert controller.session.draft.candidate is not None


def test_an_answer_that_is_unsure_names_what_might_know_better(
    controller: Controller, engine: Engine
) -> None:
    click(controller)
    engine.answer({**FOUND, "surer": [1, 0, 2]})
    assert controller.session.draft.missing == ((1, 0, 2),)
    grow(controller.session, controller.image, {(0, 0, 0), (1, 0, 2)})
    controller.go_on()
    assert engine.waiting[0][1]["include"] == [[50.0, 50.0]]
    engine.answer({**FOUND, "surer": None})
    assert controller.session.draft.missing == ()


def test_an_answer_that_comes_twice_counts_once(controller: Controller, engine: Engine) -> None:
    click(controller)
    _, _, on_result, on_error = engine.asked.pop()
    on_result(FOUND)
    click(controller, 60)
    on_error(EngineError("Unused", "It was not used."))
    assert len(engine.waiting) == 1
    engine.answer(FOUND)
    assert controller.session.draft.is_answered


def test_a_queued_object_outside_the_coverage_is_kept_with_all_prompts(
    controller: Controller, engine: Engine, told: list[str]
) -> None:
    click(controller)
    controller.save("how")
    click(controller, 60)
    engine.answer(NOT_ENCODED)
    assert "not encoded there yet" in told[0]
    assert "press “Take up again”" in told[0]
    assert [len(draft.prompts) for draft in controller.session.aside] == [1]
    engine.answer(FOUND)
    controller.take_up()
    ((_, params),) = engine.waiting
    assert params["include"] == [[50.0, 50.0]]
    assert len(controller.session.aside) == 1


def test_a_click_outside_the_coverage_comes_back_when_it_grew(
    controller: Controller, engine: Engine, told: list[str]
) -> None:
    click(controller)
    engine.answer(NOT_ENCODED)
    assert "not encoded there yet" in told[0]
    assert controller.session.draft.prompts == ()
    controller.use_cache("/b.zarr", UTM, "/b.tif")
    controller.cache_grew()
    assert controller.session.draft.prompts == ()
    controller.use_cache("/a.zarr", UTM, "/a.tif")
    controller.cache_grew()
    assert len(controller.session.draft.prompts) == 1


def test_all_clicks_outside_the_coverage_come_back_when_it_grew(
    controller: Controller, engine: Engine
) -> None:
    click(controller)
    click(controller, 60)  # before the first one is answered
    while engine.asked:
        engine.answer(NOT_ENCODED)
    assert controller.session.draft.prompts == ()
    controller.cache_grew()
    assert len(controller.session.draft.prompts) == 2


def test_failures_of_what_was_left_behind_are_not_told(
    controller: Controller, engine: Engine, told: list[str]
) -> None:
    click(controller)
    controller.use_cache("/b.zarr", UTM, "/b.tif")
    told.clear()
    engine.answer(EngineError("NothingFoundError", "Nothing."))
    assert told == []
    engine.asked.clear()
    controller.use_cache("/a.zarr", UTM, "/a.tif")
    assert [method for method, _ in engine.waiting] == ["open", "predict"]


def test_what_is_queued_keeps_its_options(controller: Controller, engine: Engine) -> None:
    for x in (50, 60):
        click(controller, x)
        controller.save("how")
    controller.set_options(Options(simplify_px=9.0))
    click(controller, 70)
    asked = [engine.answer(FOUND)["simplify_px"] for _ in range(3)]
    assert asked == [Options().simplify_px, Options().simplify_px, 9.0]


def test_another_cache_of_the_same_raster_answers_what_is_begun(
    controller: Controller, engine: Engine, told: list[str]
) -> None:
    click(controller)
    engine.answer(FOUND)
    controller.use_cache("/a.large.zarr", UTM, "/a.tif")
    assert told == []
    engine.answer(dict(DESCRIBED, model="large"))
    assert engine.answer(FOUND)["cache"] == "/a.large.zarr"
    assert controller.session.draft.is_answered


def test_a_cache_is_opened_when_the_engine_is_there_again(
    controller: Controller, engine: Engine
) -> None:
    controller.use_cache("/b.zarr", UTM, "/b.tif")
    controller.retry()  # it is on its way
    assert [method for method, _ in engine.waiting] == ["open"]
    engine.answer(EngineError("Failed", "No engine."))
    assert controller.cache == "/b.zarr"
    controller.retry()
    engine.answer(dict(DESCRIBED))
    assert controller.described["model"] == "nano"


def test_coverage_of_an_image_that_was_left_is_not_shown(
    controller: Controller, engine: Engine
) -> None:
    controller.show_coverage(True)
    controller.use_cache("/b.zarr", UTM, "/b.tif")
    engine.answer(dict(DESCRIBED, coverage=WKB))
    assert controller.image.coverage.isEmpty()
    engine.answer(dict(DESCRIBED, coverage=WKB))
    assert controller.image.coverage.area() == 1
