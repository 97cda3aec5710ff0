"""What the controller asks when objects are taken up again."""

from __future__ import annotations

from typing import Any

import pytest
from answers.played_engine import DESCRIBED, FOUND, NOT_ENCODED, UTM, WGS84, Engine, click
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
)

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.correction import correction_of, correction_of_shape
from geosam_plugin.clicking.image import ClickedImage
from geosam_plugin.clicking.options import Options
from geosam_plugin.clicking.prompts import SHAPE, prompt_params
from geosam_plugin.geometry import Shape
from geosam_plugin.result_fields import Source, prompts_text, result_fields
from geosam_plugin.saving.provenance import prompts_of


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
