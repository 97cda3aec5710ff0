"""What the controller makes of answers that are not the usual ones; the engine is played."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.correction import correction_of, correction_of_shape
from geosam_plugin.clicking.filling import begin_filling, end_filled, end_unfilled, grow
from geosam_plugin.clicking.image import ClickedImage
from geosam_plugin.clicking.options import Options
from geosam_plugin.clicking.placing import MapView
from geosam_plugin.clicking.prompts import SHAPE, prompt_params
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.geometry import Shape
from geosam_plugin.result_fields import Source, prompts_text, result_fields
from geosam_plugin.saving.provenance import prompts_of

UTM = QgsCoordinateReferenceSystem("EPSG:32633")
WGS84 = QgsCoordinateReferenceSystem("EPSG:4326")
VIEW = MapView(UTM, 0.5)

WKB = base64.b64encode(
    bytes(QgsGeometry.fromWkt("Polygon ((0 0, 1 0, 1 1, 0 1, 0 0))").asWkb())
).decode()
FOUND = {
    "objects": [{"candidate": 1, "score": 0.9, "wkb": WKB}],
    "level": 0, "timings_ms": {"total": 5.0},
}  # fmt: skip
DESCRIBED = {"raster": "a.tif", "model": "nano", "bounds": [0, 0, 100, 100], "levels": []}
NOT_ENCODED = EngineError("NotEncodedError", "Nothing there.", details={"extent": [0, 0, 9, 9]})


class Engine:
    """Takes the requests down, to be answered by the test."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any], Callable, Callable]] = []

    def request(
        self, method: str, params: dict[str, Any], on_result: Callable,
        on_error: Callable = lambda _: None,
    ) -> None:  # fmt: skip
        self.asked.append((method, params, on_result, on_error))

    def hover(self, params: dict[str, Any], on_result: Callable, on_error: Callable) -> None:
        self.request("hover", params, on_result, on_error)

    @property
    def waiting(self) -> list[tuple[str, dict[str, Any]]]:
        return [(method, params) for method, params, _, _ in self.asked]

    def answer(self, answer: dict[str, Any] | EngineError) -> dict[str, Any]:
        """The first that waits; returns what was asked."""
        _, params, on_result, on_error = self.asked.pop(0)
        if isinstance(answer, EngineError):
            on_error(answer)
        else:
            on_result(answer)
        return params


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def controller(engine: Engine, project: QgsProject) -> Controller:
    controller = Controller(engine, project)
    controller.use_cache("/a.zarr", UTM, "/a.tif")
    engine.answer(dict(DESCRIBED))
    return controller


@pytest.fixture
def told(controller: Controller) -> list[str]:
    told: list[str] = []
    controller.said.connect(told.append)
    controller.noted.connect(told.append)
    controller.notEncoded.connect(lambda text, _extent: told.append(text))
    return told


def click(controller: Controller, x: float = 50.0) -> None:
    controller.click(QgsPointXY(x, 50), True, VIEW)


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


# --- an image that is being encoded

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


# --- corrections


def saved(**prompts: Any) -> dict[str, Any]:
    return {"crs": "EPSG:32633", "candidate": 0, "pixel_size": 0.5, **prompts}


def test_a_box_stays_upright_only_in_its_own_crs(project: QgsProject) -> None:
    box = [500000.0, 4649000.0, 500100.0, 4649100.0]
    same = correction_of(saved(box=box), "it", ClickedImage("/a", UTM), project)
    (prompt,) = same.prompts
    assert prompt.upright
    assert prompt.bounds == tuple(box)
    assert (prompt.pixel_size, same.replaces) == (0.5, "it")

    other = correction_of(saved(box=box), "it", ClickedImage("/a", WGS84), project)
    (prompt,) = other.prompts
    assert not prompt.upright
    assert len(prompt.points) == 64
    assert prompt.bounds == pytest.approx((15.0, 41.98, 15.0012, 41.9944), abs=0.02)
    assert prompt.pixel_size == pytest.approx(0.5 / 95e3, rel=0.1)


def test_a_shape_is_taken_up_from_any_crs_and_from_what_was_saved(project: QgsProject) -> None:
    outer = [(500000.0, 4649000.0), (500100.0, 4649000.0), (500100.0, 4649100.0)]
    court = [(500060.0, 4649020.0), (500080.0, 4649020.0), (500080.0, 4649040.0)]
    rings = [[QgsPointXY(*point) for point in ring] for ring in (outer, court)]
    polygon = QgsGeometry.fromPolygonXY(rings)
    degrees = QgsGeometry(polygon)
    degrees.transform(QgsCoordinateTransform(UTM, WGS84, project))
    image = ClickedImage("/a", UTM)
    for shape in (Shape(polygon, UTM), Shape(degrees, WGS84)):
        draft = correction_of_shape(shape, "it", image, project)
        (prompt,) = draft.prompts
        assert (prompt.kind, draft.replaces, draft.pixel_size) == (SHAPE, "it", None)
        assert [list(ring) for ring in prompt.rings] == [
            [pytest.approx(point, abs=1e-3) for point in ring] for ring in (outer, court)
        ]
    text = prompts_text(
        Source("a.tif", "nano", "EPSG:32633", {}), prompt_params(draft.prompts),
        candidate=0, level=0, pixel_size=None,
    )  # fmt: skip
    feature = QgsFeature(result_fields())
    feature["prompts"] = text
    again = correction_of(prompts_of(feature), "it", image, project)
    assert again.prompts == draft.prompts
    assert correction_of_shape(Shape(QgsGeometry(), UTM), "it", image, project) is None


def test_prompts_keep_their_kinds(project: QgsProject) -> None:
    found = saved(include=[[1, 2], [3, 4]], exclude=[[5, 6]], box_outline=[[0, 0], [9, 1], [5, 9]])
    draft = correction_of(found, "it", ClickedImage("/a", UTM), project)
    assert [prompt.kind for prompt in draft.prompts] == ["include", "include", "exclude", "box"]
    assert not draft.prompts[-1].upright


def test_a_place_that_the_image_cannot_express_is_none(project: QgsProject) -> None:
    found = saved(include=[[0, 95]], crs="EPSG:4326")
    mercator = QgsCoordinateReferenceSystem("EPSG:3857")
    assert correction_of(found, "it", ClickedImage("/a", mercator), project) is None


def test_a_correction_where_nothing_is_encoded_is_asked_once_and_keeps_its_prompts(
    controller: Controller, engine: Engine, told: list[str], project: QgsProject
) -> None:
    draft = correction_of(
        saved(include=[[5, 5]], exclude=[[9, 9]]), "it", controller.image, project
    )
    assert controller.correct(draft)
    engine.answer(NOT_ENCODED)
    assert engine.waiting == []
    assert len(told) == 1
    assert len(draft.prompts) == 2
    controller.cache_grew()
    engine.asked = [one for one in engine.asked if one[0] == "predict"]
    engine.answer(FOUND)
    assert draft.is_answered
    assert controller.image.outside == ()  # it will not come a second time
    click(controller, 60)  # what comes on top of it is to blame for itself
    engine.answer(NOT_ENCODED)
    assert len(draft.prompts) == 2


def test_what_another_cache_has_not_encoded_keeps_its_prompts(
    controller: Controller, engine: Engine, told: list[str]
) -> None:
    click(controller)
    engine.answer(FOUND)
    click(controller, 60)
    engine.answer(FOUND)
    controller.use_cache("/a.large.zarr", UTM, "/a.tif")
    engine.answer(dict(DESCRIBED, model="large"))
    engine.answer(NOT_ENCODED)
    assert engine.waiting == []
    assert len(told) == 1
    assert len(controller.session.draft.prompts) == 2


def test_what_is_taken_up_again_is_asked_with_the_options_of_now(
    controller: Controller, engine: Engine
) -> None:
    click(controller)
    engine.answer(FOUND)
    draft = controller.session.draft
    controller.save("how")
    controller.session.give_back(draft)  # the layer did not take it
    assert controller.session.draft is draft
    controller.set_options(Options(simplify_px=9.0))
    engine.answer(FOUND)
    click(controller, 60)
    engine.answer(FOUND)
    controller.save("how")
    click(controller, 70)
    engine.answer(FOUND)
    controller.session.give_back(draft)
    controller.set_options(Options(simplify_px=3.0))
    engine.answer(FOUND)
    controller.take_up()
    assert engine.answer(FOUND)["simplify_px"] == 3.0
    assert controller.session.draft is draft
