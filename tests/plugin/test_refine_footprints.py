"""`geosam:refinefootprints` in QGIS, with a real worker and nano: against the engine by itself,
and against what is true of the scene."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from qgis.core import (
    NULL,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
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

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.processing.refine_parameters import LIKENESS, SEARCH_M
from geosam_plugin.settings import EngineSettings

Results = dict[str, Any]
Run = Callable[..., "tuple[Results, QgsVectorLayer]"]

VERDICTS = {"keep", "shift", "reshape", "uncertain", "gone", "new"}
SAME = {"keep", "uncertain", "gone"}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, command: EngineCommand) -> Path:
    """A part of a town of 1024 pixels, EPSG:32633, 0.3 m, with 69 whole buildings."""
    folder = tmp_path_factory.mktemp("town")
    engine(command, "sample", str(folder), "--size", "1024", "--seed", "5")
    return folder / "scene.tif"


@pytest.fixture(scope="module")
def cache(scene: Path, command: EngineCommand) -> Path:
    """By nano: one patch."""
    engine(command, "encode", str(scene), "--threads", "2")
    return scene.with_name("scene.tif.nano.sam2.zarr")


def engine(command: EngineCommand, *arguments: str) -> None:
    done = subprocess.run(
        [command.program, "-m", "encoder_tool", *arguments],
        env={**os.environ, **command.environment}, capture_output=True, text=True,
        timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture
def context(project: QgsProject) -> Iterator[QgsProcessingContext]:
    context = QgsProcessingContext()
    context.setProject(project)
    yield context
    context.temporaryLayerStore().removeAllMapLayers()


@pytest.fixture
def run(
    context: QgsProcessingContext, provider: GeoSamProvider, cache: Path, engine_python: str
) -> Run:
    """Runs it as a script does, on the main thread; the results, and the refined layer."""
    EngineSettings(python=engine_python, is_complete=True).save()

    def run(
        feedback: QgsProcessingFeedback | None = None, **parameters: Any
    ) -> tuple[Results, QgsVectorLayer]:
        algorithm = provider.algorithm("refinefootprints").create()
        given = {"CACHE": str(cache), "OUTPUT": "memory:", **parameters}
        is_fine, message = algorithm.checkParameterValues(given, context)
        assert is_fine, message
        results, is_fine = algorithm.run(
            given, context, feedback or QgsProcessingFeedback(), catchExceptions=False
        )
        assert is_fine
        made = context.getMapLayer(results["OUTPUT"])
        return results, made or QgsVectorLayer(results["OUTPUT"])

    return run


@pytest.fixture(scope="module")
def truth(scene: Path) -> list[QgsGeometry]:
    """The scene's buildings that lie on it whole, the largest first."""
    layer = QgsVectorLayer(f"{scene.with_name('truth.gpkg')}|subset=class = 'building'")
    found = [QgsGeometry(feature.geometry()) for feature in layer.getFeatures()]
    inside = layer.extent().buffered(-1)
    found = [outline for outline in found if inside.contains(outline.boundingBox())]
    assert len(found) > 60
    return sorted(found, key=lambda outline: -outline.area())


def moved(outline: QgsGeometry, dx: float, dy: float) -> QgsGeometry:
    copy = QgsGeometry(outline)
    copy.translate(dx, dy)
    return copy


def in_utm(geometry: QgsGeometry, layer: QgsVectorLayer) -> QgsGeometry:
    copy = QgsGeometry(geometry)
    crs = QgsCoordinateReferenceSystem(UTM)
    copy.transform(QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance()))
    return copy


def buildings(outlines: list[QgsGeometry], crs: str = UTM) -> QgsVectorLayer:
    """`name` numbers them, `label` is empty."""
    return layer_with("Polygon", crs, [(o.asWkt(12), [str(i), ""]) for i, o in enumerate(outlines)])


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


def by_command(
    command: EngineCommand, cache: Path, file: Path, out: Path, *options: str
) -> list[QgsFeature]:
    engine(command, "refine", str(cache), str(file), "--out", str(out), *options)
    return list(QgsVectorLayer(str(out)).getFeatures())


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


OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">{nodes}{ways}</osm>
"""


def osm_file(path: Path, outlines: list[QgsGeometry]) -> Path:
    """Each a way with the tag building=house; ways count from 1001, their nodes from 1."""
    to_degrees = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem(UTM), QgsCoordinateReferenceSystem(WGS84),
        QgsProject.instance(),
    )  # fmt: skip
    nodes, ways, number = [], [], 1
    for way, outline in enumerate(outlines, 1001):
        copy = QgsGeometry(outline)
        copy.transform(to_degrees)
        ring = [*copy.vertices()][:-1]
        refs = list(range(number, number + len(ring)))
        number += len(ring)
        nodes += [
            f'<node id="{ref}" version="3" lat="{point.y():.7f}" lon="{point.x():.7f}"/>'
            for ref, point in zip(refs, ring, strict=True)
        ]
        told = "".join(f'<nd ref="{ref}"/>' for ref in [*refs, refs[0]])
        ways.append(
            f'<way id="{way}" version="7">{told}<tag k="building" v="house"/></way>'
        )  # fmt: skip
    path.write_text(OSM.format(nodes="".join(nodes), ways="".join(ways)), encoding="utf-8")
    return path


def test_a_file_of_openstreetmap_in_and_changes_for_josm_out(
    run: Run, truth: list[QgsGeometry], tmp_path: Path
) -> None:
    outlines = [moved(o, 0, 3) if i % 5 == 4 else o for i, o in enumerate(truth[:15])]
    original = osm_file(tmp_path / "town.osm", outlines)
    changes = tmp_path / "for_josm.osm"
    results, refined = run(OSM=str(original), CHANGES=str(changes))
    assert results["CHANGES"] == str(changes)
    found = list(refined.getFeatures())
    assert refined.crs().authid() == WGS84
    assert [feature["osm_id"] for feature in found] == list(range(1001, 1016))
    changed = {f["osm_id"] for f in found if f["verdict"] in {"shift", "reshape"}}
    assert changed
    ways = ElementTree.parse(changes).getroot().findall("way")
    assert {int(way.get("id")) for way in ways} == changed
    for way in ways:
        assert (way.get("version"), way.get("action")) == ("7", "modify")
        assert way.find("tag").get("v") == "house"

    # The same from a layer that has the ids, as any program may have made it of the file.
    layer = QgsVectorLayer(f"Polygon?crs={UTM}&field=osm_id:string(20)", "town", "memory")
    for number, outline in enumerate(outlines, 1001):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(outline)
        feature.setAttributes([str(number)])
        assert layer.dataProvider().addFeature(feature)
    again = tmp_path / "changes.osc"
    _, refined = run(INPUT=layer, OSM=str(original), CHANGES=str(again))
    also = {int(f["osm_id"]) for f in refined.getFeatures() if f["verdict"] in {"shift", "reshape"}}
    root = ElementTree.parse(again).getroot()
    assert {int(way.get("id")) for way in root.findall("modify/way")} == also
    assert len(also ^ changed) <= 2  # a centimetre more or less


def problem(provider: GeoSamProvider, context: QgsProcessingContext, **parameters: Any) -> str:
    algorithm = provider.algorithm("refinefootprints").create()
    _, message = algorithm.checkParameterValues({"OUTPUT": "memory:", **parameters}, context)
    return str(message)


def test_what_cannot_be_refined_is_said_beforehand(
    provider: GeoSamProvider,
    context: QgsProcessingContext,
    cache: Path,
    truth: list[QgsGeometry],
    engine_python: str,
    tmp_path: Path,
) -> None:
    EngineSettings(python=engine_python, is_complete=True).save()
    few = buildings(truth[:2])

    def said(**parameters: Any) -> str:
        return problem(provider, context, CACHE=str(cache), **parameters)

    lines = layer_with("LineString", UTM, [("LINESTRING(0 0, 1 1)", ["", ""])])
    homeless = QgsVectorLayer("Polygon?field=name:string", "x", "memory")
    homeless.setCrs(QgsCoordinateReferenceSystem())
    assert said(INPUT=few) == ""
    assert "(INPUT): Choose a layer" in said()
    assert "(INPUT): A layer of polygons is needed" in said(INPUT=lines)
    assert "(INPUT): There are no features" in said(INPUT=buildings([]))
    assert "(INPUT): The layer has no CRS" in said(INPUT=homeless)
    assert "(OSM): There is no file" in said(OSM=str(tmp_path / "none.osm"))
    assert "OSM" in said(OSM=str(cache.with_name("truth.gpkg")))
    assert "(OSM): Changes to OpenStreetMap need" in said(
        INPUT=few, CHANGES=str(tmp_path / "c.osm")
    )
    original = osm_file(tmp_path / "town.osm", truth[:2])
    wrong = str(tmp_path / "c.xml")
    assert "(CHANGES): Name a .osm or .osc" in said(OSM=str(original), CHANGES=wrong)
    assert "(DELETE_GONE): Name a file for the changes" in said(INPUT=few, DELETE_GONE=True)
    assert "SEARCH" in said(INPUT=few, SEARCH=60)
    own = said(OSM=str(original), CHANGES=str(original))
    assert "(CHANGES): That file is the one that is read" in own
    assert "(MISSING_POINTS): A layer of points" in said(INPUT=few, MISSING_POINTS=lines)
    assert "(CACHE)" in problem(provider, context, INPUT=few, CACHE=str(tmp_path))


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


def test_where_nothing_changes_no_file_of_an_earlier_run_is_named(
    run: Run, truth: list[QgsGeometry], tmp_path: Path
) -> None:
    original, changes = osm_file(tmp_path / "town.osm", truth[:3]), tmp_path / "for_josm.osm"
    changes.write_text("of an earlier run", encoding="utf-8")
    results, refined = run(OSM=str(original), CHANGES=str(changes), PROTECT="building")
    assert [feature["verdict"] for feature in refined.getFeatures()] == ["keep"] * 3
    assert "CHANGES" not in results
    assert changes.read_text(encoding="utf-8") == "of an earlier run"


def test_what_only_the_engine_can_see_is_said_of_the_layer(
    run: Run, truth: list[QgsGeometry], tmp_path: Path
) -> None:
    """Buildings elsewhere, a field that is not there, a building twice, a damaged file."""
    far = buildings([moved(outline, 90_000, 0) for outline in truth[:3]])
    with pytest.raises(QgsProcessingException, match=r"\(INPUT\).*Is its CRS the right one"):
        run(INPUT=far)
    few = buildings(truth[:3])
    few.setName("my town")
    with pytest.raises(QgsProcessingException, match="neither a field nor a tag 'checked'") as told:
        run(INPUT=few, PROTECT="checked")
    assert "buildings.gpkg" not in str(told.value)
    twice = QgsVectorLayer(f"Polygon?crs={UTM}&field=osm_id:string(20)", "twice", "memory")
    for outline in truth[:2]:
        feature = QgsFeature(twice.fields())
        feature.setGeometry(outline)
        feature.setAttributes(["1001"])
        assert twice.dataProvider().addFeature(feature)
    original = osm_file(tmp_path / "town.osm", truth[:2])
    with pytest.raises(QgsProcessingException, match="way 1001 twice"):
        run(INPUT=twice, OSM=str(original), CHANGES=str(tmp_path / "c.osm"))
    broken = tmp_path / "broken.osm"
    broken.write_text("<osm><node", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="cannot be read as OpenStreetMap"):
        run(OSM=str(broken))


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


def test_cancelled_nothing_is_written(
    provider: GeoSamProvider, context: QgsProcessingContext, cache: Path, truth: list[QgsGeometry]
) -> None:
    feedback = QgsProcessingFeedback()
    seen: list[float] = []
    feedback.progressChanged.connect(seen.append)

    class Engine:
        def request(self, method: str, params: Results, on_told: Any = None) -> Results:
            if method == "open":
                return {}
            assert method == "refine"
            assert QgsVectorLayer(params["buildings"]).featureCount() == 3
            on_told({"stage": "asking", "done": 1, "total": 3})
            raise EngineError("Cancelled", "Stopped; nothing is written.")

    algorithm = provider.algorithm("refinefootprints").create()
    given = {"INPUT": buildings(truth[:3]), "CACHE": str(cache), "OUTPUT": "memory:"}
    with pytest.raises(EngineError, match="Stopped"):
        algorithm.execute(given, context, feedback, Engine())
    assert seen and 0 < seen[-1] < 50


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
