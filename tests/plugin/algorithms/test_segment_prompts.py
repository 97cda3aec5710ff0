"""`geosam:segmentprompts`: against what the engine gives by itself."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from algorithms.algorithm_runs import Feedback, Results, Run, features_of
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate
from reference import MERCATOR, UTM, WGS84, centre, engine_polygons, iou, layer_with, points_of

from geosam_plugin.clicking.options import Options
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.process import EngineSession
from geosam_plugin.processing.prompt_layers import UnusablePrompt, is_include
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.saving.provenance import prompts_of


def test_points_in_degrees_give_what_the_engine_gives(
    run: Run, context: QgsProcessingContext, command: EngineCommand, cache: Path,
    buildings: list[QgsGeometry],
) -> None:  # fmt: skip
    layer = layer_with(
        "Point", WGS84, [(centre(b).asWkt(12), [f"b{i}", ""]) for i, b in enumerate(buildings)]
    )
    feedback = Feedback()
    results = run(
        "segmentprompts", {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:"}, feedback
    )
    output, found = features_of(results, context)
    expected = engine_polygons(
        command, cache, [{"include": [point], "crs": WGS84} for point in points_of(layer)]
    )
    assert results["POLYGONS"] == len(found) == len(buildings)
    assert (results["FAILED"], feedback.warnings) == (0, [])
    assert output.crs().authid() == UTM
    assert feedback.reached[-1] == 100
    for index, (feature, (polygon,)) in enumerate(zip(found, expected, strict=True)):
        assert feature["name"] == f"b{index}"
        assert iou(feature.geometry(), polygon) >= 0.99
        assert feature.geometry().isGeosValid()
        assert feature.geometry().isMultipart()
        assert 0 < feature["score"] <= 1
        # UTM's scale at the central meridian, 0.9996, squared.
        assert feature["area_m2"] == pytest.approx(feature.geometry().area() / 0.9996**2, rel=1e-4)
        assert (feature["n_include"], feature["n_exclude"], feature["model"]) == (1, 0, "nano")
        assert (feature["level"], feature["candidate"] in (1, 2, 3)) == (0, True)
        assert (feature["raster"], feature["box"]) == ("scene.tif", 0)
        assert feature["created"].date() == QDate.currentDate()
        prompts = prompts_of(feature)
        assert (prompts["crs"], prompts["raster"], prompts["model"]) == (UTM, "scene.tif", "nano")
        assert QgsGeometry.fromPointXY(QgsPointXY(*prompts["include"][0])).within(
            buildings[index].buffer(0.01, 4)
        )
        assert prompts["candidate"] == feature["candidate"]
        assert prompts["options"] == Options().params() | {
            "min_hole_px": 16.0, "right_angles": False,
        }  # fmt: skip


def test_boxes_in_another_crs(
    run: Run, context: QgsProcessingContext, command: EngineCommand, cache: Path,
    buildings: list[QgsGeometry],
) -> None:  # fmt: skip
    layer = layer_with(
        "Polygon", MERCATOR, [(b.asWkt(12), [f"b{i}", ""]) for i, b in enumerate(buildings)]
    )
    results = run("segmentprompts", {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:"})
    _, found = features_of(results, context)
    boxes = [feature.geometry().boundingBox() for feature in layer.getFeatures()]
    expected = engine_polygons(
        command,
        cache,
        [
            {"box": [b.xMinimum(), b.yMinimum(), b.xMaximum(), b.yMaximum()], "crs": MERCATOR}
            for b in boxes
        ],
    )
    assert len(found) == len(buildings)
    for index, (feature, (polygon,)) in enumerate(zip(found, expected, strict=True)):
        assert feature["name"] == f"b{index}"
        assert iou(feature.geometry(), polygon) >= 0.99
        assert (feature["box"], feature["n_include"]) == (1, 0)
        assert len(prompts_of(feature)["box_outline"]) == 64
    hits = [iou(f.geometry(), b) > 0.5 for f, b in zip(found, buildings, strict=True)]
    assert sum(hits) >= 6, "nano finds most of the sample's large buildings by their boxes"


def test_right_angles(
    run: Run, context: QgsProcessingContext, cache: Path, buildings: list[QgsGeometry]
) -> None:
    """Of what they are asked for, the buildings whose masks have them; the rest stays."""
    layer = layer_with("Polygon", UTM, [(b.asWkt(12), ["", ""]) for b in buildings])
    asked = {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:"}
    plain, squared = (
        [
            feature.geometry()
            for feature in features_of(
                run("segmentprompts", asked | {"RIGHT_ANGLES": wanted}), context
            )[1]
        ]
        for wanted in (False, True)
    )
    changed = [
        (before, after) for before, after in zip(plain, squared, strict=True)
        if not before.equals(after)
    ]  # fmt: skip
    assert changed
    for before, after in changed:
        assert iou(before, after) >= 0.9 and after.isGeosValid()
        assert sum(1 for _ in after.vertices()) < sum(1 for _ in before.vertices()) / 2
    outlines = [
        [QgsPointXY(point) for point in after.vertices()]
        for _, after in changed if after.constGet().numGeometries() == 1
    ]  # fmt: skip
    corners = [
        (c.azimuth(b) - a.azimuth(b)) % 90
        for points in outlines for a, b, c in zip(points, points[1:], points[2:], strict=False)
    ]  # fmt: skip
    right = [min(turn, 90 - turn) < 0.01 for turn in corners]
    assert len(right) >= 3 and sum(right) >= 0.8 * len(right), "where the raster does not cut them"


def test_points_are_grouped_and_told_apart(
    run: Run, context: QgsProcessingContext, command: EngineCommand, cache: Path,
    buildings: list[QgsGeometry],
) -> None:  # fmt: skip
    first, second, third = (centre(b) for b in buildings[:3])
    near = QgsGeometry(first)
    near.translate(1.5, 0.6)
    away = QgsGeometry(first)
    away.translate(30, 0)
    layer = layer_with(
        "Point",
        UTM,
        [
            (first.asWkt(12), ["one", "include"]),
            (second.asWkt(12), ["two", "1"]),
            (away.asWkt(12), ["one", "Exclude"]),
            (near.asWkt(12), ["one", ""]),
            (third.asWkt(12), [None, None]),
        ],
    )
    options = {"LABEL_FIELD": "label", "OBJECT_FIELD": "name", "OUTPUT": "memory:"}
    results = run("segmentprompts", {"INPUT": layer, "CACHE": str(cache), **options})
    _, found = features_of(results, context)
    p = points_of(layer)
    expected = engine_polygons(
        command,
        cache,
        [
            {"include": [p[0], p[3]], "exclude": [p[2]], "crs": UTM},
            {"include": [p[1]], "crs": UTM},
            {"include": [p[4]], "crs": UTM},
        ],
    )
    assert [(f["n_include"], f["n_exclude"], f["label"] or None) for f in found] == [
        (2, 1, "include"), (1, 0, "1"), (1, 0, None)
    ]  # fmt: skip
    for feature, (polygon,) in zip(found, expected, strict=True):
        assert iou(feature.geometry(), polygon) >= 0.99


def test_a_prompt_that_fails_is_told_and_left_out(
    run: Run, context: QgsProcessingContext, cache: Path, buildings: list[QgsGeometry]
) -> None:
    layer = layer_with(
        "Point",
        UTM,
        [
            ("Point (400000 4650000)", ["outside", ""]),
            (centre(buildings[0]).asWkt(12), ["fine", ""]),
            (centre(buildings[1]).asWkt(12), ["unclear", "perhaps"]),
        ],
    )
    parameters = {
        "INPUT": layer, "CACHE": str(cache), "LABEL_FIELD": "label", "OUTPUT": "memory:"
    }  # fmt: skip
    feedback = Feedback()
    results = run("segmentprompts", parameters, feedback)
    _, found = features_of(results, context)
    assert [feature["name"] for feature in found] == ["fine"]
    assert (results["POLYGONS"], results["FAILED"]) == (1, 2)
    outside, unclear, count = feedback.warnings
    assert unclear == "Feature 3: “perhaps” means neither include nor exclude."
    assert outside.startswith("Feature 1: ")
    assert count == "Prompts without a polygon, left out: 2."

    layer.dataProvider().deleteFeatures([2])
    with pytest.raises(QgsProcessingException, match=r"No prompt gave a polygon\. Feature 1"):
        run("segmentprompts", parameters)


def test_candidates_and_names_that_are_taken(
    run: Run, context: QgsProcessingContext, cache: Path, buildings: list[QgsGeometry]
) -> None:
    layer = QgsVectorLayer(f"Point?crs={UTM}&field=score:integer", "x", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(centre(buildings[0]))
    feature.setAttributes([7])
    layer.dataProvider().addFeature(feature)
    results = run(
        "segmentprompts",
        {"INPUT": layer, "CACHE": str(cache), "CANDIDATE": "all", "OUTPUT": "memory:"},
    )
    output, found = features_of(results, context)
    assert [field.name() for field in output.fields()][:2] == ["score", "score_2"]
    candidates = [feature["candidate"] for feature in found]
    assert 2 <= len(found) <= 3
    assert candidates == sorted(set(candidates))
    assert {feature["score"] for feature in found} == {7}


@pytest.mark.slow
def test_each_patch_is_asked_once_and_results_keep_the_layers_order(
    run: Run, context: QgsProcessingContext, wide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points that jump from patch to patch would have the engine load each of them again."""
    first = f"500000,{500000 + 0.3 * 1792},4649940,4650000 [{UTM}]"  # of the five patches, three
    cache = run("encoderaster", {"INPUT": str(wide), "LEVELS": 1, "EXTENT": first})["OUTPUT"]
    request, patches = EngineSession.request, []

    def recorded(self: EngineSession, method: str, *given: Any) -> Results:
        answer = request(self, method, *given)
        if method == "predict":
            patches.append(tuple(answer["patch"]))
        return answer

    monkeypatch.setattr(EngineSession, "request", recorded)
    columns = [2, 0, 1, 0, 2, 1, 2, 0]
    points = [
        (f"Point ({500000 + 0.3 * (512 + 768 * column)} {4650000 - 30})", [str(number), ""])
        for number, column in enumerate(columns)
    ]
    parameters = {"CACHE": cache, "CANDIDATE": "all", "MIN_AREA": 0, "OUTPUT": "memory:"}
    results = run("segmentprompts", {"INPUT": layer_with("Point", UTM, points), **parameters})
    assert [patch for patch, _ in groupby(patches)] == [(0, column) for column in range(3)]
    _, found = features_of(results, context)
    numbers = [int(feature["name"]) for feature in found]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) + results["FAILED"] == len(columns)
    for feature in found:
        middle = 512 + 768 * columns[int(feature["name"])]
        assert prompts_of(feature)["include"][0][0] == pytest.approx(500000 + 0.3 * middle)


def test_segmenting_is_cancelled_at_once(
    run: Run, context: QgsProcessingContext, cache: Path, buildings: list[QgsGeometry]
) -> None:
    layer = layer_with("Point", UTM, [(centre(b).asWkt(12), ["", ""]) for b in buildings])
    results = run(
        "segmentprompts",
        {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:"},
        Feedback(cancel_at=30),
    )
    assert results["POLYGONS"] == 3


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"CACHE": "/nowhere"}, "CACHE"),
        ({"CACHE": os.path.dirname(__file__)}, "CACHE"),  # noqa: PTH120
        ({"LABEL_FIELD": "nothing"}, "LABEL_FIELD"),
        ({"OBJECT_FIELD": "nothing"}, "OBJECT_FIELD"),
        ({"INPUT": "LineString"}, "INPUT"),
        ({"MIN_AREA": -1}, "MIN_AREA"),
    ],
)
def test_messages_of_segmenting_name_the_parameter(
    provider: GeoSamProvider, context: QgsProcessingContext, cache: Path, parameters: Results,
    name: str,
) -> None:  # fmt: skip
    layer = layer_with(parameters.pop("INPUT", "Point"), UTM, [])
    given = {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:", **parameters}
    is_fine, message = provider.algorithm("segmentprompts").checkParameterValues(given, context)
    assert not is_fine
    assert name in message


@pytest.mark.parametrize(
    ("label", "expected"),
    [(None, True), ("", True), ("Include", True), (1, True), (2.5, True), (True, True),
     ("exclude ", False), (0, False), (-1, False), (False, False), ("-", False)],
)  # fmt: skip
def test_labels(label: Any, expected: bool) -> None:
    assert is_include(label) is expected


def test_labels_that_say_nothing() -> None:
    with pytest.raises(UnusablePrompt, match="maybe"):
        is_include("maybe")
