"""Which layers are reviewed: of the engine, of OpenStreetMap, changed meanwhile, gone."""

from __future__ import annotations

import subprocess
from pathlib import Path

from qgis.core import QgsFeatureRequest, QgsGeometry, QgsProject, QgsVectorLayer
from qgis_window import Window, settle, wait_for
from review.refined_layers import (
    SHIFT_M,
    Key,
    Layers,
    begin,
    feature_of,
    is_at,
    moved,
    name_of,
    states,
    written,
)

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.review.candidates import overlap
from geosam_plugin.window.workspace import Workspace


def test_what_the_engine_proposes_is_reviewed(
    workspace: Workspace, window: Window, project: QgsProject, scene: Path, cache: Path,
    command: EngineCommand, tmp_path: Path,
) -> None:  # fmt: skip
    """The whole way: an old map, `refine`, and every proposal accepted."""
    truth = QgsVectorLayer(str(scene.with_name("truth.gpkg")), "truth", "ogr")
    inner = truth.extent().buffered(-6)
    true = [
        QgsGeometry(feature.geometry())
        for feature in truth.getFeatures("\"class\" = 'building'")
        if inner.contains(feature.geometry().boundingBox())
    ]
    drawn = QgsVectorLayer("Polygon?crs=EPSG:32633&field=name:string", "drawn", "memory")
    for number, shape in enumerate(true):
        drawn.dataProvider().addFeature(feature_of(drawn, moved_by(shape), str(number)))
    target, out = written(drawn, tmp_path / "footprints.gpkg"), tmp_path / "refined.gpkg"
    done = subprocess.run(
        [command.program, "-m", "encoder_tool", "refine", str(cache),
         str(tmp_path / "footprints.gpkg"), "--trust", "imagery", "--out", str(out)],
        env=dict(command.environment), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    refined = QgsVectorLayer(str(out), "refined", "ogr")
    assert refined.featureCount() >= len(true)
    project.addMapLayers([target, refined])
    begin(workspace, Layers(refined, target, {}, {}))
    count = len(workspace.review.queue.candidates)
    assert count >= len(true) / 2, "all of them are shifted"
    for _ in range(count):
        window.key(Key.Key_A)
    assert states(workspace) == {"accepted": count}
    found = {feature["name"]: feature.geometry() for feature in target.getFeatures()}
    before = [overlap(moved_by(shape), shape) for shape in true]
    after = [overlap(found[str(i)], shape) for i, shape in enumerate(true) if str(i) in found]
    assert sum(after) / len(true) >= sum(before) / len(true) + 0.15


def moved_by(shape: QgsGeometry) -> QgsGeometry:
    old = QgsGeometry(shape)
    old.translate(*SHIFT_M)
    return old


def test_a_layer_that_was_not_refined_is_refused(
    workspace: Workspace, window: Window, project: QgsProject, layers: Layers, tmp_path: Path
) -> None:
    elsewhere = QgsVectorLayer("Polygon?crs=EPSG:32633&field=name:string", "other", "memory")
    for number in range(len(layers.old)):
        shape = QgsGeometry.fromRect(layers.target.extent())
        shape.translate(5000 + 100 * number, 0)
        elsewhere.dataProvider().addFeature(feature_of(elsewhere, shape, str(number)))
    other = written(elsewhere, tmp_path / "other.gpkg")
    project.addMapLayer(other)
    workspace.dock.review.target.setLayer(other)
    workspace.dock.review.button.click()
    wait_for(lambda: "not the layer that “refined” was made from" in workspace.messages.text)
    assert not workspace.review.is_on
    assert not workspace.dock.review.inner.isVisible()


def test_of_a_temporary_result_it_is_said_that_decisions_go_with_it(
    workspace: Workspace, window: Window, project: QgsProject, layers: Layers
) -> None:
    copy = layers.refined.materialize(QgsFeatureRequest())
    copy.setName("in memory")
    project.removeMapLayer(layers.refined)
    project.addMapLayer(copy)
    begin(workspace, Layers(copy, layers.target, layers.old, layers.new))
    assert "“in memory” is a temporary layer" in workspace.messages.text


def test_a_feature_that_is_not_where_it_was_is_not_replaced(
    workspace: Workspace, window: Window, layers: Layers
) -> None:
    """Another one has its id by now: it stays as it is, and that is said."""
    name = "shift 0"
    far = QgsGeometry(layers.old[name])
    far.translate(800, 0)
    feature = layers.features()[name]
    assert layers.target.startEditing()
    layers.target.changeGeometry(feature.id(), moved(far, layers.target.crs()))
    assert layers.target.commitChanges()
    begin(workspace, layers)
    assert "1 feature" in workspace.messages.text
    (one,) = [c for c in workspace.review.queue.candidates if c.source_fid == feature.id()]
    workspace.review.queue.go_to(one)
    window.key(Key.Key_A)
    settle()
    assert "no longer in" in workspace.messages.text
    assert is_at(layers, name, far)


def test_buildings_of_openstreetmap_are_known_by_their_ids(
    workspace: Workspace, window: Window, project: QgsProject, layers: Layers, tmp_path: Path
) -> None:
    """A file that counts its features from 0, and others of the same names before its own."""
    told = "field=osm_type:string&field=osm_id:integer&field=name:string"
    plain = QgsVectorLayer(f"Polygon?crs=EPSG:32633&{told}", "town", "memory")
    own = "&field=source_fid:integer&field=verdict:string&field=reason:string&field=score:double"
    more = "".join(f"{own.replace(':', f'{number}:')}" for number in ("", "_1", "_2"))
    found = QgsVectorLayer(f"Polygon?crs=EPSG:32633&{told}{more}", "of the town", "memory")
    for number, name in enumerate(layers.old):
        start = ["way", 1000 + number, name]
        plain.dataProvider().addFeature(feature_of(plain, layers.old[name], *start))
        before = [99, "keep", "Of an earlier run.", 0.1]
        now = [number + 1, "shift", "It is off.", 0.9]
        values = [*start, *before, *before, *now]
        found.dataProvider().addFeature(feature_of(found, layers.new[name], *values))
    target, refined = written(plain, tmp_path / "t.geojson"), written(found, tmp_path / "r.gpkg")
    assert next(target.getFeatures()).id() == 0
    project.removeMapLayer(layers.refined)
    project.addMapLayers([target, refined])
    town = Layers(refined, target, layers.old, layers.new)
    begin(workspace, town)
    assert len(workspace.review.queue.candidates) == len(layers.old)
    name = name_of(workspace, town)
    window.key(Key.Key_A)
    settle()
    assert is_at(town, name, layers.new[name])
    others = [other for other in layers.old if other != name]
    assert all(is_at(town, other, layers.old[other]) for other in others)


def test_it_ends_with_its_layers(
    workspace: Workspace, window: Window, project: QgsProject, reviewed: Layers
) -> None:
    window.key(Key.Key_A)
    project.removeMapLayer(reviewed.refined)
    settle()
    assert not workspace.review.is_on
    assert workspace.dock.review.refined.currentLayer() is None
    assert not workspace.dock.review.button.isEnabled()


def test_it_ends_with_the_layer_that_is_corrected(
    workspace: Workspace, window: Window, project: QgsProject, reviewed: Layers
) -> None:
    """And what was decided is there when that layer is added again."""
    section, path = workspace.dock.review, reviewed.target.source()
    window.key(Key.Key_R)
    project.removeMapLayer(reviewed.target)
    settle()
    assert not workspace.review.is_on
    assert section.refined.currentLayer() == reviewed.refined
    assert section.target.currentLayer() is None and not section.button.isEnabled()
    again = QgsVectorLayer(path, "again", "ogr")
    project.addMapLayer(again)
    begin(workspace, Layers(reviewed.refined, again, reviewed.old, reviewed.new))
    assert states(workspace)["rejected"] == 1


def test_of_two_results_the_chosen_one_is_reviewed(
    workspace: Workspace, window: Window, project: QgsProject, layers: Layers, tmp_path: Path
) -> None:
    """A run with other parameters: each has its own decisions."""
    section = workspace.dock.review
    some = layers.refined.materialize(
        QgsFeatureRequest().setFilterExpression("verdict in ('shift', 'keep')")
    )
    other = written(some, tmp_path / "other.gpkg")
    project.addMapLayer(other)
    for refined in (layers.refined, other):
        section.refined.setLayer(refined)
        assert section.refined.currentLayer() == refined
        begin(workspace, Layers(refined, layers.target, layers.old, layers.new))
        verdicts = {one.verdict for one in workspace.review.queue.candidates}
        assert (verdicts == {"shift"}) == (refined is other)
        assert set(states(workspace)) == {"pending"}
        window.key(Key.Key_R)
        section.button.click()
        assert not workspace.review.is_on
    section.refined.setLayer(layers.refined)
    begin(workspace, layers)
    assert states(workspace)["rejected"] == 1
