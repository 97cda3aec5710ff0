"""What the controller makes of answers while the image is being encoded."""

from __future__ import annotations

from typing import Any

import pytest
from answers.played_engine import FOUND, NOT_ENCODED, UTM, VIEW, Engine, click
from qgis.core import QgsPointXY, QgsRectangle

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.filling import begin_filling, end_filled, end_unfilled, grow
from geosam_plugin.clicking.image import ClickedImage
from geosam_plugin.engine.protocol import EngineError

NOTHING_FOUND = EngineError("NothingFoundError", "Nothing.")


@pytest.fixture
def filling(controller: Controller) -> ClickedImage:
    begin_filling(controller.image, QgsRectangle(0, 0, 100, 100))
    return controller.image


def grow_now(controller: Controller) -> None:
    grow(controller.session, controller.image)
    controller.go_on()


def test_a_click_waits_for_its_patch_until_it_is_answered(
    controller: Controller, engine: Engine, told: list[str], filling: ClickedImage
) -> None:
    click(controller)
    engine.answer(NOT_ENCODED)
    for answer in (NOT_ENCODED, FOUND):
        assert engine.waiting == []
        grow_now(controller)
        awaited = controller.session.awaiting
        assert awaited is controller.session.draft, "nothing else is wanted while it is asked again"
        engine.answer(answer)
    assert controller.session.awaiting is None
    assert controller.session.draft.is_answered
    assert told == []


def test_what_has_its_answer_is_not_asked_again_with_every_patch(
    controller: Controller, engine: Engine, told: list[str], filling: ClickedImage
) -> None:
    click(controller)
    engine.answer(NOTHING_FOUND)
    grow_now(controller)
    assert engine.waiting == []
    assert len(told) == 1


@pytest.mark.parametrize("is_last", [False, True])
def test_a_patch_that_comes_while_it_is_asked_for_is_not_missed(
    controller: Controller, engine: Engine, told: list[str], filling: ClickedImage, is_last: bool
) -> None:
    click(controller)
    (end_filled if is_last else grow)(controller.session, filling)
    engine.answer(NOT_ENCODED)  # as it was when the engine looked
    engine.answer(FOUND)
    assert controller.session.draft.is_answered
    assert (told, engine.waiting) == ([], [])


def test_when_all_is_encoded_there_is_nothing_to_wait_for(
    controller: Controller, engine: Engine, told: list[str], filling: ClickedImage
) -> None:
    click(controller)
    engine.answer(NOT_ENCODED)
    end_filled(controller.session, filling)
    controller.go_on()
    engine.answer(NOT_ENCODED)
    assert engine.waiting == []
    assert controller.session.awaiting is None
    assert "not encoded there yet" in told[0]


def test_what_waits_when_no_more_comes_is_kept(
    controller: Controller, engine: Engine, filling: ClickedImage
) -> None:
    click(controller)
    engine.answer(NOT_ENCODED)
    controller.save("how")
    click(controller, 60)
    engine.answer(NOT_ENCODED)
    assert end_unfilled(controller.session, filling) == 1
    controller.go_on()
    assert engine.waiting == []
    assert controller.session.draft.prompts == ()
    assert [draft.prompts[0].points for draft in controller.session.aside] == [((50.0, 50.0),)]
    controller.cache_grew()
    assert engine.answer(FOUND)["include"] == [[60.0, 50.0]]


def test_what_is_being_asked_when_no_more_comes_may_have_its_answer(
    controller: Controller, engine: Engine, filling: ClickedImage
) -> None:
    click(controller)
    engine.answer(NOT_ENCODED)
    grow_now(controller)
    assert end_unfilled(controller.session, filling) == 0
    engine.answer(FOUND)
    assert controller.session.draft.is_answered


def test_a_preview_that_misses_tells_where_but_not_of_another_image(
    controller: Controller, engine: Engine, filling: ClickedImage
) -> None:
    missed: list[dict[str, Any]] = []
    controller.hoverMissed.connect(missed.append)
    controller.hover(QgsPointXY(30, 50), VIEW)
    engine.answer(NOT_ENCODED)
    assert [place["point"] for place in missed] == [[30, 50]]
    controller.hover(QgsPointXY(40, 50), VIEW)
    controller.use_cache("/b.zarr", UTM, "/b.tif")
    begin_filling(controller.image, QgsRectangle(0, 0, 100, 100))
    engine.answer(NOT_ENCODED)
    assert len(missed) == 1


def test_what_the_user_looks_at_is_made_ready_for_a_click(
    controller: Controller, engine: Engine
) -> None:
    shown: list[object] = []
    controller.hoverChanged.connect(shown.append)
    controller.prewarm(QgsPointXY(30, 50), VIEW)
    controller.prewarm(QgsPointXY(300, 50), VIEW)  # beside the image
    ((method, asked),) = engine.waiting
    assert method == "prefetch"
    assert (asked["cache"], asked["point"], asked["pixel_size"]) == ("/a.zarr", [30, 50], 0.5)
    engine.answer({})
    assert shown == []
