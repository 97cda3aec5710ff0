"""Objects in layers: fields, CRS, geometry types, overlaps, undo, taking up again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from layer_objects import MORE_CLICKS, X, Y, features, found, layer_of, own, polygon, save, square
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCsException,
    QgsDefaultValue,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import LayerError, Shape
from geosam_plugin.result_fields import FIELDS
from geosam_plugin.saving.plan import SavedObject, Target
from geosam_plugin.saving.provenance import prompts_of


def test_a_new_layer_has_all_fields_and_takes_them(project: QgsProject) -> None:
    layer = own(project)
    save(Target(layer, project), found(polygon(0, 0, 10)))
    (feature,) = features(layer)
    assert layer.fields().names() == [name for name, _ in FIELDS]
    assert feature["class"] == "roof"
    assert feature["score"] == pytest.approx(0.8765)
    assert (feature["n_include"], feature["n_exclude"], feature["box"]) == (2, 1 + MORE_CLICKS, 0)
    assert (feature["raster"], feature["model"], feature["level"]) == ("scene.tif", "nano", 0)
    assert feature["created"].isValid()
    # UTM's scale on the central meridian is 0.9996.
    assert feature["area_m2"] == pytest.approx(100 / 0.9996**2, rel=1e-4)
    assert len(feature["prompts"]) > 255  # a memory layer's usual limit
    prompts = json.loads(feature["prompts"])
    assert prompts["include"] == [[X + 1.25, Y + 2.5], [X + 2.0, Y + 2.0]]
    assert prompts["exclude"][0] == [X + 9.0, Y + 9.0]
    assert (prompts["crs"], prompts["options"]) == ("EPSG:32633", {"simplify_px": 0.25})


def test_saving_is_one_step_of_the_layers_own_undo(project: QgsProject) -> None:
    layer = own(project)
    save(Target(layer, project), found(polygon(0, 0, 10)))
    save(Target(layer, project), found(polygon(20, 0, 10)))
    assert layer.isEditable()
    assert layer.undoStack().count() == 2
    layer.undoStack().undo()
    assert layer.featureCount() == 1
    layer.undoStack().redo()
    assert layer.featureCount() == 2


def test_another_crs_keeps_place_and_area(project: QgsProject) -> None:
    layer = own(project, QgsCoordinateReferenceSystem("EPSG:3857"))
    save(Target(layer, project), found(polygon(0, 0, 100)))
    (feature,) = features(layer)
    box = feature.geometry().boundingBox()
    # Longitude 15 in Web Mercator, where lengths at 42 degrees north are stretched by 1 / cos.
    assert box.xMinimum() == pytest.approx(1669792.36, abs=0.1)
    assert box.width() == pytest.approx(100 / 0.743, rel=0.01)
    assert feature["area_m2"] == pytest.approx(1e4 / 0.9996**2, rel=1e-3)


def test_an_existing_layer_keeps_its_own_defaults(project: QgsProject) -> None:
    layer = layer_of(
        "Polygon?crs=EPSG:32633&field=CLASS:string(3)&field=score:integer"
        "&field=area_m2:double&field=owner:string&field=prompts:string(20)",
        project,
    )
    layer.setDefaultValueDefinition(3, QgsDefaultValue("'town'"))
    save(Target(layer, project), found(polygon(0, 0, 10), "car"))
    save(Target(layer, project), found(polygon(50, 0, 10), "building"))
    short, long = features(layer)
    assert short["CLASS"] == "car"
    assert not long["CLASS"]  # too long for the field: nothing rather than a torn value
    for feature in (short, long):
        assert not feature["score"]  # 0.88 is no integer
        assert feature["owner"] == "town"
        assert not feature["prompts"]
        assert feature["area_m2"] > 99


@pytest.mark.parametrize("kind", ["PolygonZ", "MultiPolygonM", "MultiPolygonZM", "MultiPolygon"])
def test_types_and_holes(project: QgsProject, kind: str) -> None:
    layer = layer_of(f"{kind}?crs=EPSG:32633", project)
    holed = QgsGeometry.fromWkt(f"Polygon({square(0, 0, 10)}, {square(2, 2, 3)})")
    save(Target(layer, project), found(holed))
    (feature,) = features(layer)
    assert feature.geometry().wkbType() == layer.wkbType()
    assert feature.geometry().area() == pytest.approx(91)
    assert feature.geometry().isGeosValid()


def test_several_parts_in_a_layer_of_single_parts_are_several_features(
    project: QgsProject,
) -> None:
    parts = QgsGeometry.fromWkt(f"MultiPolygon(({square(0, 0, 10)}), ({square(20, 0, 5)}))")
    single = layer_of("Polygon?crs=EPSG:32633&field=area_m2:double", project)
    save(Target(single, project), found(parts))
    assert [round(f["area_m2"]) for f in features(single)] == [100, 25]
    single.undoStack().undo()
    assert single.featureCount() == 0
    multi = own(project)
    save(Target(multi, project), found(parts))
    assert multi.featureCount() == 1


def test_what_is_not_valid_is_repaired(project: QgsProject) -> None:
    layer = own(project)
    bow = QgsGeometry.fromWkt(
        f"Polygon(({X} {Y}, {X + 10} {Y + 10}, {X + 10} {Y}, {X} {Y + 10}, {X} {Y}))"
    )
    save(Target(layer, project), found(bow))
    (feature,) = features(layer)
    assert feature.geometry().isGeosValid()
    assert feature.geometry().area() == pytest.approx(50)


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
@pytest.mark.parametrize("width", [0, 10])
def test_what_collapses_to_a_line_or_a_point_is_no_polygon(
    project: QgsProject, kind: str, width: int
) -> None:
    layer = layer_of(f"{kind}?crs=EPSG:32633", project)
    flat = QgsGeometry.fromWkt(f"Polygon(({X} {Y}, {X + width} {Y}, {X + width} {Y}, {X} {Y}))")
    with pytest.raises(LayerError, match="no area"):
        save(Target(layer, project), found(flat))
    assert layer.featureCount() == 0


def test_overlaps_are_avoided_on_request_and_as_the_project_says(project: QgsProject) -> None:
    layer, other = own(project), own(project)
    save(Target(layer, project), found(polygon(0, 0, 10)))
    save(Target(layer, project), found(polygon(5, 0, 10)))
    save(Target(layer, project, avoid_overlaps=True), found(polygon(12, 0, 10)))
    assert [round(f.geometry().area()) for f in features(layer)] == [100, 100, 70]
    with pytest.raises(LayerError, match="nothing of it is left"):
        save(Target(layer, project, avoid_overlaps=True), found(polygon(1, 1, 2)))
    assert layer.featureCount() == 3
    project.setAvoidIntersectionsMode(QgsProject.AvoidIntersectionsMode.AvoidIntersectionsLayers)
    project.setAvoidIntersectionsLayers([layer])
    save(Target(other, project), found(polygon(20, 0, 10)))
    assert [round(f.geometry().area()) for f in features(other)] == [80]
    project.setAvoidIntersectionsMode(QgsProject.AvoidIntersectionsMode.AllowIntersections)


def test_add_to_cut_from_and_merge_with_selected_features(project: QgsProject) -> None:
    layer = own(project)
    target = Target(layer, project)
    save(target, found(polygon(0, 0, 10), "first"))
    save(target, found(polygon(30, 0, 10), "second"))
    first, second = (feature.id() for feature in features(layer))
    with pytest.raises(LayerError, match="Select one feature"):
        save(target, found(polygon(5, 0, 10)), SaveMode.ADD)

    layer.select(first)
    assert save(target, found(polygon(5, 0, 10), "x"), SaveMode.ADD) == [first]
    grown = layer.getFeature(first)
    assert (round(grown.geometry().area()), grown["class"]) == (150, "first")
    assert grown["area_m2"] == pytest.approx(150 / 0.9996**2, rel=1e-4)

    save(target, found(polygon(5, 0, 10)), SaveMode.CUT)
    assert round(layer.getFeature(first).geometry().area()) == 50
    with pytest.raises(LayerError, match="nothing would be left"):
        save(target, found(polygon(-5, -5, 50)), SaveMode.CUT)
    with pytest.raises(LayerError, match="does not touch"):
        save(target, found(polygon(100, 0, 10)), SaveMode.CUT)

    layer.select(second)
    save(target, found(polygon(4, 0, 27)), SaveMode.MERGE)
    (merged,) = features(layer)
    assert merged.geometry().contains(polygon(1, 1, 8))
    layer.undoStack().undo()
    assert layer.featureCount() == 2


def test_what_is_joined_or_cut_tells_of_all_its_prompts(project: QgsProject) -> None:
    layer = own(project)
    target = Target(layer, project)
    (first,) = save(target, found(polygon(0, 0, 10), more_clicks=1))
    (second,) = save(target, found(polygon(30, 0, 10), more_clicks=2))
    before = layer.getFeature(first)["prompts"]
    layer.selectByIds([first])
    save(target, found(polygon(5, 0, 10), more_clicks=3), SaveMode.ADD)
    layer.selectByIds([second])
    save(target, found(polygon(35, 0, 10), more_clicks=4), SaveMode.CUT)
    assert prompts_of(layer.getFeature(second)) == {}  # of several objects: taken up by its shape
    layer.selectByIds([first, second])
    save(target, found(polygon(4, 0, 27), more_clicks=5), SaveMode.MERGE)
    (merged,) = features(layer)
    parts = json.loads(merged["prompts"])["parts"]
    told = [(part["mode"], len(part.get("exclude", []))) for part in parts]
    inner = [(part["mode"], len(part["exclude"])) for part in parts[2]["parts"]]
    assert told == [("new", 2), ("add", 4), ("merge", 0), ("merge", 6)]
    assert inner == [("new", 3), ("cut", 5)]
    assert parts[0]["include"] == [[X + 1.25, Y + 2.5], [X + 2.0, Y + 2.0]]
    for _ in range(3):
        layer.undoStack().undo()
    assert layer.getFeature(first)["prompts"] == before


def test_prompts_of_a_part_do_not_become_those_of_what_was_drawn_by_hand(
    project: QgsProject,
) -> None:
    layer = layer_of("Polygon?crs=EPSG:32633&field=name:string&field=prompts:string(0)", project)
    drawn, noted = QgsFeature(layer.fields()), QgsFeature(layer.fields())
    for feature in (drawn, noted):
        feature.setGeometry(polygon(0, 0, 10))
    noted["prompts"] = "ask the owner"
    assert layer.dataProvider().addFeatures([drawn, noted])[0]
    layer.selectAll()
    save(Target(layer, project), found(polygon(5, 0, 10)), SaveMode.CUT)
    first, second = features(layer)
    assert [part["mode"] for part in json.loads(first["prompts"])["parts"]] == ["cut"]
    assert prompts_of(first) == {}
    assert second["prompts"] == "ask the owner"


@pytest.mark.parametrize("mode", [SaveMode.ADD, SaveMode.CUT, SaveMode.MERGE])
def test_a_file_without_a_field_of_prompts_is_added_to_and_cut_from(
    project: QgsProject, tmp_path: Path, mode: SaveMode
) -> None:
    path = str(tmp_path / "plain.geojson")
    source = layer_of("Polygon?crs=EPSG:32633&field=name:string", project)
    drawn = QgsFeature(source.fields())
    drawn.setGeometry(polygon(0, 0, 10))
    drawn["name"] = "mine"
    assert source.dataProvider().addFeatures([drawn])[0]
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GeoJSON"
    QgsVectorFileWriter.writeAsVectorFormatV3(source, path, project.transformContext(), options)
    layer = QgsVectorLayer(path, "plain", "ogr")
    project.addMapLayer(layer)
    layer.selectAll()
    save(Target(layer, project), found(polygon(5, 0, 10)), mode)
    (feature,) = features(layer)
    assert feature["name"] == "mine"
    assert round(feature.geometry().area()) == (50 if mode is SaveMode.CUT else 150)
    layer.rollBack()


def test_prompts_that_hold_no_more_go_where_the_new_ones_do_not_fit(project: QgsProject) -> None:
    short = len(found(polygon(0, 0, 1), more_clicks=1).values["prompts"])
    layer = layer_of(f"Polygon?crs=EPSG:32633&field=prompts:string({short})", project)
    (saved,) = save(Target(layer, project), found(polygon(0, 0, 10), more_clicks=1))
    assert prompts_of(layer.getFeature(saved))
    layer.selectAll()
    save(Target(layer, project), found(polygon(5, 0, 10), more_clicks=1), SaveMode.ADD)
    assert not layer.getFeature(saved)["prompts"]


def test_classes_get_colours_of_their_own(project: QgsProject) -> None:
    layer = own(project)
    for x, name in enumerate(["roof", "tree", "roof", ""]):
        save(Target(layer, project), found(polygon(20 * x, 0, 10), name))
    categories = layer.renderer().categories()
    assert [category.value() for category in categories] == ["roof", "tree", ""]
    assert [category.label() for category in categories] == ["roof", "tree", "no class"]
    assert len({category.symbol().color().name() for category in categories}) == 3


def test_a_layer_that_cannot_be_edited_says_so(project: QgsProject) -> None:
    layer = own(project)
    layer.setReadOnly(True)
    with pytest.raises(LayerError, match="cannot be edited"):
        save(Target(layer, project), found(polygon(0, 0, 10)))


def test_geopackage(project: QgsProject, tmp_path: Path) -> None:
    """A primary key is the provider's own, and what is saved can be committed."""
    path = tmp_path / "objects.gpkg"
    QgsVectorFileWriter.writeAsVectorFormatV3(
        own(project), str(path), project.transformContext(),
        QgsVectorFileWriter.SaveVectorOptions(),
    )  # fmt: skip
    layer = QgsVectorLayer(str(path), "objects", "ogr")
    project.addMapLayer(layer)
    save(Target(layer, project), found(polygon(0, 0, 10)))
    save(Target(layer, project), found(polygon(20, 0, 10)))
    assert layer.commitChanges(), layer.commitErrors()
    assert [feature["class"] for feature in features(layer)] == ["roof", "roof"]


def test_a_place_that_the_layers_crs_does_not_reach_says_so(project: QgsProject) -> None:
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    beyond = QgsGeometry.fromWkt("Polygon((1e9 1e9, 1e9 2e9, 2e9 2e9, 1e9 1e9))")
    layer = own(project)
    with pytest.raises(LayerError, match="EPSG:32633"):
        save(Target(layer, project), SavedObject(Shape(beyond, degrees), {}))
    assert layer.featureCount() == 0


def test_a_failure_leaves_no_edit_command_open(
    project: QgsProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = own(project)

    def fails(*_: object) -> float:
        raise QgsCsException("no area")

    monkeypatch.setattr("geosam_plugin.geometry.AreaMeasure.square_metres", fails)
    with pytest.raises(QgsCsException):
        save(Target(layer, project), found(polygon(0, 0, 5)))
    assert not layer.isEditCommandActive()
    assert layer.featureCount() == 0
