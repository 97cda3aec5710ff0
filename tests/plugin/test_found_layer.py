"""The layer of objects that arrive faster than they could be drawn: what comes into it and when."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from by_hand import UTM
from qgis.core import QgsFeature, QgsGeometry, QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis_window import settle, wait_for

from geosam_plugin.geometry import AreaMeasure
from geosam_plugin.processing.segment_all_results import ObjectFeatures
from geosam_plugin.raster_axes import RasterAxes
from geosam_plugin.window.found_layer import LOT, FoundLayer, make_found_layer

TRIANGLE = "POLYGON((500000 4600000, 500010 4600000, 500010 4600010, 500000 4600000))"


def told(numbers: range, vertices: int = 4) -> list[dict[str, Any]]:
    """As the worker tells of objects."""
    shape = QgsGeometry.fromWkt(TRIANGLE).densifyByCount(vertices // 3 - 1)
    wkb = base64.b64encode(bytes(shape.asWkb())).decode()
    return [
        {
            "number": n, "made_of": [f"0.0.0.{n}"], "class": None, "score": 0.9, "stability": 0.9,
            "level": 0, "wkb": wkb,
        }
        for n in numbers
    ]  # fmt: skip


@pytest.fixture
def found(project: QgsProject) -> Iterator[FoundLayer]:
    layer = make_found_layer(UTM, "found")
    project.addMapLayer(layer)
    area = AreaMeasure.of_project(UTM, project)
    found = FoundLayer(layer, ObjectFeatures(RasterAxes(), "a.tif", "nano", area))
    yield found
    found.stop()
    found.deleteLater()
    settle()


@pytest.mark.parametrize(("count", "vertices", "lot"), [(2000, 4, LOT), (60, 5000, 2)])
def test_many_at_once_leave_the_event_loop_to_others(
    found: FoundLayer, count: int, vertices: int, lot: int
) -> None:
    """lot: that many at most come in one turn of it"""
    counts: list[int] = []
    ticks = QTimer()
    ticks.timeout.connect(lambda: counts.append(found.layer.featureCount()))
    ticks.start(0)
    found.add(told(range(1, count + 1), vertices))
    assert found.layer.featureCount() == 0
    wait_for(lambda: not found.is_behind)
    ticks.stop()
    steps = [later - earlier for earlier, later in pairwise(counts)]
    assert max(steps) <= 2 * lot
    assert found.layer.featureCount() == found.count == count


def test_an_object_is_known_by_its_masks_and_not_by_its_number(found: FoundLayer) -> None:
    """Going on, objects that lie before it have come, and it has got one mask more."""
    first = {**told(range(1, 2))[0], "made_of": ["0.0.0.7", "0.0.1.2"]}
    found.add([first])
    other, *more = told(range(1, 4))
    found.add([other, {**first, "number": 2, "made_of": ["0.0.1.2", "0.0.2.0"]}, *more[1:]])
    wait_for(lambda: not found.is_behind)
    assert [feature["id"] for feature in found.layer.getFeatures()] == [1, 2, 3]
    assert found.count == 3


def test_an_object_is_taken_once(found: FoundLayer) -> None:
    for numbers in (range(1, 60), range(1, 90)):
        found.add(told(numbers))
        wait_for(lambda: not found.is_behind)
    assert [feature["id"] for feature in found.layer.getFeatures()] == [*range(1, 90)]


def test_a_layer_that_goes_with_objects_on_their_way(
    found: FoundLayer, project: QgsProject
) -> None:
    emptied: list[bool] = []
    found.emptied.connect(lambda: emptied.append(found.is_gone))
    found.add(told(range(1, 200)))
    project.removeMapLayer(found.layer.id())
    wait_for(lambda: bool(emptied))
    assert emptied == [True]


def test_fields_that_the_user_adds_or_takes_do_not_matter(found: FoundLayer) -> None:
    fields = found.layer.fields()
    found.layer.dataProvider().deleteAttributes([fields.indexOf("class"), fields.indexOf("model")])
    found.layer.updateFields()
    found.add(told(range(1, 3)))
    wait_for(lambda: not found.is_behind)
    first: QgsFeature = next(found.layer.getFeatures())
    assert (first["id"], first["score"], first["raster"]) == (1, 0.9, "a.tif")
