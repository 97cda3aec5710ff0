"""A refined layer in the dock, and its review begun."""

from __future__ import annotations

from pathlib import Path

import pytest
from by_hand import UTM
from qgis.core import NULL, QgsCoordinateReferenceSystem, QgsGeometry, QgsProject, QgsVectorLayer
from review.refined_layers import (
    COUNT,
    KEPT,
    NEW,
    SHIFT_M,
    VERDICTS,
    Layers,
    begin,
    feature_of,
    written,
)

from geosam_plugin.window.workspace import Workspace


@pytest.fixture
def crs() -> QgsCoordinateReferenceSystem:
    """Of the layer that is corrected; a test may give another one."""
    return UTM


@pytest.fixture
def layers(
    project: QgsProject, scene: Path, tmp_path: Path, crs: QgsCoordinateReferenceSystem
) -> Layers:
    """Objects that are shifted, of another shape, gone, uncertain, missing, and some that fit."""
    truth = QgsVectorLayer(str(scene.with_name("truth.gpkg")), "truth", "ogr")
    inner = truth.extent().buffered(-6)
    whole = [
        (
            feature["class"] != "building",
            -feature.geometry().area(),
            QgsGeometry(feature.geometry()),
        )
        for feature in truth.getFeatures()
        if feature["class"] in ("building", "tree")
        and inner.contains(feature.geometry().boundingBox())
    ]
    assert len(whole) >= COUNT + KEPT
    objects = [shape for *_, shape in sorted(whole, key=lambda one: one[:2])]
    plan = VERDICTS + ["keep"] * KEPT
    fields = "field=name:string&field=tag:string"
    old_layer = QgsVectorLayer(f"Polygon?crs={crs.authid()}&{fields}", "old", "memory")
    old, new = {}, {}
    for number, (verdict, shape) in enumerate(zip(plan, objects, strict=False)):
        name = f"{verdict} {number}"
        old[name], new[name] = QgsGeometry(shape), QgsGeometry(shape)
        if verdict == "shift":
            old[name].translate(*SHIFT_M)
        elif verdict == "reshape":
            old[name] = QgsGeometry.fromRect(shape.boundingBox().buffered(2))
        old_layer.dataProvider().addFeature(feature_of(old_layer, old[name], name, "yes"))
    target = written(old_layer, tmp_path / "footprints.gpkg")
    more = (
        "&field=source_fid:integer&field=verdict:string&field=reason:string"
        "&field=iou_old_new:double&field=offset_m:double&field=score:double"
        "&field=area_change:double"
    )
    proposed = QgsVectorLayer(f"Polygon?crs={crs.authid()}&{fields}{more}", "new", "memory")
    for feature in target.getFeatures():
        name = feature["name"]
        verdict = name.split()[0]
        told = (feature.id(), verdict, f"It is {verdict}.", 0.5, 2.1, 0.9, 0.0)
        proposed.dataProvider().addFeature(feature_of(proposed, new[name], name, "yes", *told))
    for number, shape in enumerate(objects[len(plan) : len(plan) + NEW]):
        name = f"new {number}"
        new[name] = QgsGeometry(shape)
        told = (NULL, "new", "Nothing is there.", NULL, NULL, 0.8, NULL)
        proposed.dataProvider().addFeature(feature_of(proposed, shape, name, "built", *told))
    refined = written(proposed, tmp_path / "refined.gpkg")
    project.addMapLayers([target, refined])
    return Layers(refined, target, old, new)


@pytest.fixture
def reviewed(workspace: Workspace, layers: Layers) -> Layers:
    """The review begun."""
    begin(workspace, layers)
    return layers
