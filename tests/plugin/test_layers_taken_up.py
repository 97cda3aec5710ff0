"""Objects of layers that are taken up again: another shape, the same attributes."""

from __future__ import annotations

from typing import Any

import pytest
from layer_objects import MORE_CLICKS, X, Y, found, layer_of, own, polygon, save
from qgis.core import QgsFeature, QgsProject, QgsVectorLayer

from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import LayerError
from geosam_plugin.saving.plan import Target
from geosam_plugin.saving.provenance import TakenUp, prompts_of, taken_up


def take_up(layer: QgsVectorLayer, feature_id: int) -> tuple[TakenUp, dict[str, Any]]:
    feature = layer.getFeature(feature_id)
    return taken_up(layer, feature), prompts_of(feature)


def test_what_is_taken_up_again_gets_another_shape_and_keeps_the_rest(
    project: QgsProject,
) -> None:
    layer = layer_of(
        "MultiPolygon?crs=EPSG:32633&field=class:string&field=score:double&field=owner:string"
        "&field=n_exclude:integer&field=area_m2:double&field=prompts:string(0)",
        project,
    )
    target = Target(layer, project)
    (saved,) = save(target, found(polygon(0, 0, 10)))
    save(target, found(polygon(50, 0, 10), "other", more_clicks=1))
    layer.changeAttributeValue(saved, layer.fields().indexOf("owner"), "town")
    taken, prompts = take_up(layer, saved)
    assert prompts["include"] == [[X + 1.25, Y + 2.5], [X + 2.0, Y + 2.0]]
    assert (prompts["crs"], prompts["pixel_size"], prompts["level"]) == ("EPSG:32633", 0.3, 0)
    layer.commitChanges(False)  # gives it another id
    before = layer.undoStack().count()

    again = found(polygon(0, 0, 20), "x", more_clicks=2)
    (replaced,) = save(target, again, SaveMode.REPLACE, taken)
    assert layer.undoStack().count() == before + 1
    assert layer.featureCount() == 2
    feature = layer.getFeature(replaced)
    assert feature.geometry().area() == pytest.approx(400)
    assert (feature["class"], feature["owner"], feature["n_exclude"]) == ("roof", "town", 3)
    assert feature["area_m2"] == pytest.approx(400 / 0.9996**2, rel=1e-4)
    assert len(prompts_of(feature)["exclude"]) == 3
    layer.undoStack().undo()
    assert layer.getFeature(replaced).geometry().area() == pytest.approx(100)
    assert layer.getFeature(replaced)["n_exclude"] == 1 + MORE_CLICKS


def test_what_is_taken_up_again_may_overlap_itself_but_no_other(project: QgsProject) -> None:
    layer = own(project)
    target = Target(layer, project, avoid_overlaps=True)
    (saved,) = save(target, found(polygon(0, 0, 10)))
    save(target, found(polygon(20, 0, 10), more_clicks=1))
    taken, _ = take_up(layer, saved)
    save(target, found(polygon(0, 0, 25), more_clicks=2), SaveMode.REPLACE, taken)
    assert layer.getFeature(saved).geometry().area() == pytest.approx(25 * 25 - 50)


def test_what_was_taken_up_and_is_gone_is_told(project: QgsProject) -> None:
    layer = own(project)
    target = Target(layer, project)
    (saved,) = save(target, found(polygon(0, 0, 10)))
    taken, _ = take_up(layer, saved)
    layer.deleteFeature(saved)
    with pytest.raises(LayerError, match="no longer there"):
        save(target, found(polygon(0, 0, 20)), SaveMode.REPLACE, taken)
    assert layer.featureCount() == 0


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"version": 1}', '{"version": 2, "include": [[1, 2]]}',
     '{"version": 1, "include": [[1]], "candidate": 0, "level": 0, "pixel_size": 1, "options": {},'
     ' "crs": "", "raster": "", "model": ""}',
     '{"version": 1, "exclude": [[1, 2]], "candidate": 0, "level": 0, "pixel_size": 1,'
     ' "options": {}, "crs": "", "raster": "", "model": ""}'],
)  # fmt: skip
def test_prompts_that_cannot_be_read_count_as_none(project: QgsProject, text: str) -> None:
    layer = own(project)
    feature = QgsFeature(layer.fields())
    feature["prompts"] = text
    assert prompts_of(feature) == {}
    assert prompts_of(QgsFeature()) == {}
