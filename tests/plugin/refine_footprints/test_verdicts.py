"""What the algorithm says of each building: against the engine by itself, and what is true."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from qgis.core import (
    NULL,
    QgsCategorizedSymbolRenderer,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate
from qgis_window import PATIENCE_S
from reference import MERCATOR, UTM, WGS84, iou, layer_with, write_layer
from refine_footprints.town import VERDICTS, Run, buildings, by_command, in_utm, moved

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.processing.refine_parameters import LIKENESS, SEARCH_M

SAME = {"keep", "uncertain", "gone"}


@pytest.mark.slow
def test_features_come_with_all_they_have_and_a_verdict(
    run: Run, cache: Path, command: EngineCommand, truth: list[QgsGeometry], tmp_path: Path
) -> None:
    """In another CRS, those that are selected, some of them 3 m off; as the command has it."""
    outlines = [moved(o, 3, 0) if i % 5 == 4 else o for i, o in enumerate(truth[:32])]
    layer = buildings(outlines, MERCATOR)
    chosen = [feature.id() for feature in layer.getFeatures()][2:]
    layer.selectByIds(chosen)
    QgsProject.instance().addMapLayer(layer, False)
    given = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
    results, refined = run(INPUT=given)
    before = {feature.id(): feature for feature in layer.getFeatures()}
    found = list(refined.getFeatures())
    assert refined.crs() == layer.crs()
    assert [feature["source_fid"] for feature in found] == chosen
    assert [feature["name"] for feature in found] == [before[fid]["name"] for fid in chosen]
    for feature in found:
        old = before[feature["source_fid"]].geometry()
        assert feature["verdict"] in VERDICTS - {"new"}
        assert feature["reason"]
        assert feature.geometry().equals(old) == (feature["verdict"] in SAME)
    counts = {name: results[name.upper()] for name in VERDICTS}
    assert counts == {v: sum(f["verdict"] == v for f in found) for v in VERDICTS}
    assert abs(results["OFFSET_EAST"]) < 0.5 and abs(results["OFFSET_NORTH"]) < 0.5
    shifted = [f for f in found if int(f["name"]) % 5 == 4 and f["verdict"] == "shift"]
    assert len(shifted) >= 3
    for feature in shifted:
        number = int(feature["name"])
        new = in_utm(feature.geometry(), layer)
        assert iou(new, truth[number]) > iou(outlines[number], truth[number]) + 0.1

    file = tmp_path / "buildings.gpkg"
    write_layer(buildings(outlines[2:], MERCATOR), file)
    told = by_command(command, cache, file, tmp_path / "refined.gpkg")
    assert [feature["verdict"] for feature in told] == [feature["verdict"] for feature in found]
    for feature, other in zip(found, told, strict=True):
        assert iou(feature.geometry(), other.geometry()) > 0.999


@pytest.mark.slow
def test_missing_buildings_are_added_without_attributes(
    run: Run, truth: list[QgsGeometry], tmp_path: Path
) -> None:
    """At points in another CRS; a field of the layer that is called verdict stays what it was."""
    missing = [outline for i, outline in enumerate(truth[:40]) if i % 8 == 3]
    layer = buildings([outline for outline in truth[:40] if outline not in missing])
    layer.startEditing()
    assert layer.renameAttribute(0, "verdict")
    assert layer.commitChanges()
    points = layer_with("Point", WGS84, [(o.pointOnSurface().asWkt(12), ["", ""]) for o in missing])
    warnings: list[str] = []

    class Feedback(QgsProcessingFeedback):
        def pushWarning(self, warning: str) -> None:  # noqa: N802
            warnings.append(warning)

    results, refined = run(
        Feedback(), INPUT=layer, FIND_MISSING=True, MISSING_POINTS=points,
        OUTPUT=str(tmp_path / "out.gpkg"),
    )  # fmt: skip
    assert any("verdict_1" in warning for warning in warnings)
    found = list(refined.getFeatures())
    new = [feature for feature in found if feature["verdict_1"] == "new"]
    assert results["NEW"] == len(new) >= 2
    assert len(found) == layer.featureCount() + len(new)
    assert [f["verdict"] for f in found[: -len(new)]] == [f["verdict"] for f in layer.getFeatures()]
    for feature in new:
        assert feature["source_fid"] == NULL
        assert feature["verdict"] == NULL
        assert 0 < feature["score"] <= 1
        assert not any(
            iou(feature.geometry(), other.geometry()) > 0.3 for other in layer.getFeatures()
        )
    hits = [f for f in new if max(iou(f.geometry(), outline) for outline in missing) > 0.5]
    assert len(hits) >= 2
    assert len(hits) >= len(new) - 1


def test_flags_and_dates_protect_as_numbers_and_texts_do(
    run: Run, truth: list[QgsGeometry]
) -> None:
    fields = "field=checked:bool&field=seen:date&field=floors:double"
    layer = QgsVectorLayer(f"Polygon?crs={UTM}&{fields}", "flags", "memory")
    values = [(True, QDate(2024, 5, 1), 0.0), (False, QDate(2023, 5, 1), 2.0), (NULL, NULL, NULL)]
    for outline, attributes in zip(truth, values, strict=False):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(outline)
        feature.setAttributes(list(attributes))
        assert layer.dataProvider().addFeature(feature)

    def protected(text: str) -> list[int]:
        _, refined = run(INPUT=layer, PROTECT=text)
        found = enumerate(refined.getFeatures())
        return [i for i, feature in found if feature["reason"] == "It is protected."]

    assert protected("checked") == protected("checked = true") == [0]
    assert protected("seen=2023-05-01 ; floors") == [1]


def test_outlines_that_are_invalid_have_heights_or_none_come_back_as_they_were(
    run: Run, truth: list[QgsGeometry]
) -> None:
    """A bow tie, a building with heights, and a feature without an outline."""
    layer = QgsVectorLayer(f"PolygonZ?crs={UTM}&field=name:string", "x", "memory")
    x, y = truth[0].centroid().asPoint()
    bow = QgsGeometry.fromWkt(
        f"PolygonZ(({x} {y} 1, {x + 9} {y + 9} 1, {x + 9} {y} 1, {x} {y + 9} 1, {x} {y} 1))"
    )
    high = QgsGeometry(truth[1])
    high.get().addZValue(7)
    for name, outline in (("bow", bow), ("high", high), ("none", QgsGeometry())):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(outline)
        feature.setAttributes([name])
        assert layer.dataProvider().addFeature(feature)
    _, refined = run(INPUT=layer, PROTECT="name")
    found = list(refined.getFeatures())
    assert QgsWkbTypes.hasZ(refined.wkbType())
    assert [feature["name"] for feature in found] == ["bow", "high", "none"]
    assert [feature["verdict"] for feature in found][2] == "uncertain"
    for feature, old in zip(found, layer.getFeatures(), strict=True):
        assert feature.geometry().asWkt(9) == old.geometry().asWkt(9)


def test_defaults_are_those_of_the_engine(command: EngineCommand) -> None:
    code = (
        "from encoder_tool.refine import RefineParameters as p; "
        "from encoder_tool.refine.request import LEAST_LIKENESS; "
        "print(LEAST_LIKENESS, p().search_m)"
    )
    told = subprocess.run(
        [command.program, "-c", code], env=dict(command.environment), capture_output=True,
        text=True, timeout=PATIENCE_S, check=True,
    ).stdout  # fmt: skip
    assert [float(word) for word in told.split()] == [LIKENESS, SEARCH_M]


def test_in_the_project_each_verdict_has_a_colour(
    run: Run, context: QgsProcessingContext, project: QgsProject, truth: list[QgsGeometry]
) -> None:
    """By the field that has them, where the layer had one of that name before."""
    fields = "field=name:string&field=verdict:string"
    layer = QgsVectorLayer(f"Polygon?crs={UTM}&{fields}", "mine", "memory")
    for number, outline in enumerate(truth[:4]):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(outline)
        feature.setAttributes([str(number), "mine"])
        layer.dataProvider().addFeature(feature)
    output = QgsProcessingOutputLayerDefinition("memory:", project)
    _, refined = run(INPUT=layer, OUTPUT=output)
    finisher = context.layerToLoadOnCompletionDetails(refined.id()).postProcessor()
    finisher.postProcessLayer(refined, context, QgsProcessingFeedback())
    renderer = refined.renderer()
    assert isinstance(renderer, QgsCategorizedSymbolRenderer)
    assert renderer.classAttribute() == "verdict_1"
    colours = {one.value(): one.symbol().color().name() for one in renderer.categories()}
    assert set(colours) == VERDICTS and len(set(colours.values())) == len(VERDICTS)
    assert {feature["verdict_1"] for feature in refined.getFeatures()} <= set(colours)
