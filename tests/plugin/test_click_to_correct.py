"""Ctrl+click on a polygon of the target layer: its shape is the prompt, and saving replaces it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from by_hand import CONTROL, UTM, WGS84, is_idle
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, RIGHT, Window, wait_for

from geosam_plugin.clicking.prompts import SHAPE
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import Shape, in_crs
from geosam_plugin.window.workspace import Workspace

FOOTPRINTS = 8
SHIFT_M = (1.8, -1.5)

Footprints = Callable[[QgsCoordinateReferenceSystem, str], QgsVectorLayer]


def features(layer: QgsVectorLayer) -> list[QgsFeature]:
    return sorted(layer.getFeatures(), key=lambda feature: feature.id())


def moved(truth: QgsGeometry) -> QgsGeometry:
    shape = QgsGeometry(truth)
    shape.translate(*SHIFT_M)
    return shape


@pytest.fixture
def buildings(scene: Path) -> list[QgsGeometry]:
    """Of the truth, those with room around them, the largest first."""
    layer = QgsVectorLayer(str(scene.with_name("truth.gpkg")), "truth", "ogr")
    inner = layer.extent().buffered(-15)
    found = [
        QgsGeometry(feature.geometry())
        for feature in layer.getFeatures()
        if feature["class"] == "building" and inner.contains(feature.geometry().boundingBox())
    ]
    return sorted(found, key=lambda geometry: -geometry.area())[:FOOTPRINTS]


@pytest.fixture
def footprints(
    project: QgsProject, workspace: Workspace, buildings: list[QgsGeometry], tmp_path: Path
) -> Footprints:
    """Makes a mapper's own layer, the buildings shifted, and has objects saved to it."""

    def make(crs: QgsCoordinateReferenceSystem, driver: str) -> QgsVectorLayer:
        fields = "field=name:string&field=level:string&field=area_m2:double"
        layer = QgsVectorLayer(f"MultiPolygon?crs={crs.authid()}&{fields}", "footprints", "memory")
        for number, truth in enumerate(buildings):
            feature = QgsFeature(layer.fields())
            shape = moved(truth)
            shape.transform(QgsCoordinateTransform(UTM, crs, project))
            feature.setGeometry(shape)
            feature.setAttributes([f"house {number}", "ground", 1.0])
            layer.dataProvider().addFeature(feature)
        if driver != "memory":
            path = str(tmp_path / "footprints.gpkg")
            options = QgsVectorFileWriter.SaveVectorOptions()
            QgsVectorFileWriter.writeAsVectorFormatV3(
                layer, path, project.transformContext(), options
            )
            layer = QgsVectorLayer(path, "footprints", "ogr")
        project.addMapLayer(layer)
        workspace.dock.target.set_layer(layer)
        return layer

    return make


def iou(one: QgsGeometry, other: QgsGeometry) -> float:
    both = one.intersection(other).area()
    return both / (one.area() + other.area() - both)


def control_click(window: Window, where: QgsPointXY) -> None:
    QTest.mouseClick(window.canvas.viewport(), LEFT, CONTROL, window.pixel(where, UTM))


def take_up(workspace: Workspace, window: Window, truth: QgsGeometry) -> None:
    control_click(window, moved(truth).pointOnSurface().asPoint())
    wait_for(lambda: bool(workspace.controller.session.draft.prompts) and is_idle(workspace))


@pytest.mark.parametrize(
    ("crs", "driver"), [(UTM, "memory"), (WGS84, "GPKG")], ids=["memory", "gpkg-degrees"]
)
def test_wrong_footprints_are_corrected_and_keep_their_attributes(
    workspace: Workspace, window: Window, project: QgsProject, footprints: Footprints,
    buildings: list[QgsGeometry], crs: QgsCoordinateReferenceSystem, driver: str,
) -> None:  # fmt: skip
    layer = footprints(crs, driver)
    before = [feature.attributes() for feature in features(layer)]
    ids = [feature.id() for feature in features(layer)]
    for truth in buildings:
        take_up(workspace, window, truth)
        assert workspace.dock.target.save_mode is SaveMode.REPLACE
        steps = layer.undoStack().count()
        window.key(Qt.Key.Key_Return)
        wait_for(lambda steps=steps: layer.undoStack().count() == steps + 1)
    found = [in_crs(Shape(f.geometry(), crs), UTM, project) for f in features(layer)]
    was = [iou(moved(truth), truth) for truth in buildings]
    now = [iou(shape, truth) for shape, truth in zip(found, buildings, strict=True)]
    assert sum(now) / len(now) >= sum(was) / len(was) + 0.15, (was, now)
    assert [feature.attributes() for feature in features(layer)] == before
    assert [feature.id() for feature in features(layer)] == ids
    assert workspace.controller.session.saved == 0  # none is new
    for _ in buildings:
        layer.undoStack().undo()
    again = [in_crs(Shape(f.geometry(), crs), UTM, project) for f in features(layer)]
    assert all(
        iou(shape, moved(truth)) > 0.999 for shape, truth in zip(again, buildings, strict=True)
    )


def test_further_clicks_refine_what_was_taken_up(
    workspace: Workspace, window: Window, footprints: Footprints, buildings: list[QgsGeometry]
) -> None:
    footprints(UTM, "memory")
    take_up(workspace, window, buildings[0])
    asked = workspace.controller.session.draft
    first = workspace.controller.shape
    box = buildings[0].boundingBox()
    window.click(window.pixel(QgsPointXY(box.xMinimum() - 1.5, box.yMinimum() - 1.5), UTM), RIGHT)
    wait_for(lambda: is_idle(workspace))
    assert workspace.controller.session.draft is asked
    assert [prompt.kind for prompt in asked.prompts] == [SHAPE, "exclude"]
    assert workspace.controller.shape.geometry.asWkb() != first.geometry.asWkb()
    window.key(Qt.Key.Key_Z, CONTROL)
    wait_for(lambda: is_idle(workspace))
    assert iou(workspace.controller.shape.geometry, first.geometry) > 0.999


def test_esc_lets_go_and_changes_nothing(
    workspace: Workspace, window: Window, footprints: Footprints, buildings: list[QgsGeometry]
) -> None:
    layer = footprints(UTM, "memory")
    before = [feature.geometry().asWkb() for feature in features(layer)]
    take_up(workspace, window, buildings[0])
    window.key(Qt.Key.Key_Escape)
    assert workspace.controller.session.draft.prompts == ()
    assert workspace.overlay.preview.pending.isEmpty()
    assert workspace.dock.target.save_mode is SaveMode.NEW
    assert [feature.geometry().asWkb() for feature in features(layer)] == before
    assert not layer.isEditable()


def test_where_there_is_no_polygon_it_says_so(
    workspace: Workspace, window: Window, footprints: Footprints, buildings: list[QgsGeometry]
) -> None:
    control_click(window, buildings[0].pointOnSurface().asPoint())
    assert "Choose the layer of the polygon" in workspace.messages.text
    layer = footprints(UTM, "GPKG")
    control_click(window, QgsPointXY(layer.extent().xMinimum() - 5, layer.extent().yMinimum() - 5))
    wait_for(lambda: "no polygon of “footprints” there" in workspace.messages.text)
    assert workspace.controller.session.draft.prompts == ()


def test_right_angles_are_seen_before_they_are_saved(
    workspace: Workspace, window: Window, footprints: Footprints, buildings: list[QgsGeometry]
) -> None:
    layer = footprints(UTM, "memory")
    workspace.dock.options.right_angles.setChecked(True)
    squared = 0
    for truth in buildings:
        take_up(workspace, window, truth)
        seen = QgsGeometry(workspace.controller.shape.geometry)
        squared += has_right_angles(seen)
        steps = layer.undoStack().count()
        window.key(Qt.Key.Key_Return)
        wait_for(lambda steps=steps: layer.undoStack().count() == steps + 1)
        assert any(f.geometry().isGeosEqual(seen) for f in features(layer))
    assert squared >= FOOTPRINTS / 2


def has_right_angles(geometry: QgsGeometry) -> bool:
    """Whether every corner is within 1 degree of 90."""
    polygon = geometry.asMultiPolygon()[0] if geometry.isMultipart() else geometry.asPolygon()
    for ring in polygon:
        points = [*ring, ring[1]]
        for a, b, c in zip(points, points[1:], points[2:], strict=False):
            turn = abs(b.azimuth(a) - b.azimuth(c)) % 180
            if abs(turn - 90) > 1:
                return False
    return True
