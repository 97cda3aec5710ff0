"""A refined layer, reviewed by keys: what is accepted goes into the edits of the layer, and can be
undone there; the review can be left and resumed."""

from __future__ import annotations

import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from by_hand import CONTROL, MERCATOR, UTM, is_idle
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.gui import QgsMapToolEdit, QgsMapToolPan
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication
from qgis_window import NONE, Window, settle, wait_for

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.geometry import Shape, in_crs
from geosam_plugin.review.candidates import overlap
from geosam_plugin.review.decisions import State
from geosam_plugin.window.workspace import Workspace

VERDICTS = ["shift"] * 8 + ["reshape"] * 4 + ["gone"] * 3 + ["uncertain"] * 2
NEW, KEPT = 3, 5
COUNT = len(VERDICTS) + NEW
SHIFT_M = (1.5, -1.5)

Key = Qt.Key


@dataclass
class Layers:
    """target: what is corrected; old, new: outlines in UTM by the target's features' names"""

    refined: QgsVectorLayer
    target: QgsVectorLayer
    old: dict[str, QgsGeometry]
    new: dict[str, QgsGeometry]

    def features(self) -> dict[str, QgsFeature]:
        return {feature["name"]: feature for feature in self.target.getFeatures()}


def moved(shape: QgsGeometry, crs: QgsCoordinateReferenceSystem = UTM) -> QgsGeometry:
    there = QgsGeometry(shape)
    there.transform(QgsCoordinateTransform(UTM, crs, QgsProject.instance()))
    return there


def written(layer: QgsVectorLayer, path: Path) -> QgsVectorLayer:
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = path.stem
    options.driverName = "GeoJSON" if path.suffix == ".geojson" else "GPKG"
    transforms = QgsProject.instance().transformContext()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), transforms, options)
    return QgsVectorLayer(str(path), path.stem, "ogr")


def feature_of(layer: QgsVectorLayer, shape: QgsGeometry, *values: object) -> QgsFeature:
    feature = QgsFeature(layer.fields())
    feature.setGeometry(moved(shape, layer.crs()))
    feature.setAttributes(list(values))
    return feature


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
    assert workspace.dock.review.isVisibleTo(workspace.dock)
    begin(workspace, layers)
    return layers


def begin(workspace: Workspace, layers: Layers) -> None:
    section = workspace.dock.review
    assert section.refined.currentLayer() == layers.refined, "the only one that is refined"
    section.target.setLayer(layers.target)
    section.button.click()
    wait_for(lambda: workspace.review.is_on)


def name_of(workspace: Workspace, layers: Layers) -> str:
    return layers.refined.getFeature(workspace.review.queue.current.fid)["name"]


def go_to(workspace: Workspace, window: Window, layers: Layers, verdict: str) -> str:
    """To the next candidate of a verdict; its name."""
    for _ in range(COUNT):
        one = workspace.review.queue.current
        if one.verdict == verdict and workspace.review.queue.state(one) is State.PENDING:
            return name_of(workspace, layers)
        window.key(Key.Key_N)
    raise AssertionError(f"no {verdict} is left")


def states(workspace: Workspace) -> Counter[str]:
    queue = workspace.review.queue
    return Counter(queue.state(one).value for one in queue.candidates)


def is_at(layers: Layers, name: str, shape: QgsGeometry) -> bool:
    """Whether the target's feature has this outline, which is in UTM."""
    feature = layers.features().get(name)
    if feature is None:
        return False
    there = in_crs(Shape(feature.geometry(), layers.target.crs()), UTM, QgsProject.instance())
    return overlap(there, shape) > 0.999


@pytest.mark.parametrize("crs", [UTM, MERCATOR], ids=lambda crs: crs.authid())
def test_twenty_candidates_by_keys(workspace: Workspace, window: Window, reviewed: Layers) -> None:
    layers, section = reviewed, workspace.dock.review
    assert section.text.text().startswith(f"1 of {COUNT}\n")
    assert "It is shift." in section.text.text()
    names = list(layers.features())
    rejected = set()
    for number in range(COUNT):
        name, verdict = name_of(workspace, layers), workspace.review.queue.current.verdict
        extent = window.canvas.extent()
        shown = workspace.review.outlines
        assert shown.new.isEmpty() == (verdict == "gone")
        assert shown.old.isEmpty() == (verdict == "new")
        outlines = [one for one in (shown.old, shown.new) if not one.isEmpty()]
        assert all(extent.contains(one.boundingBox()) for one in outlines), name
        if number % 4 == 3:
            rejected.add(name)
        window.key(Key.Key_R if number % 4 == 3 else Key.Key_A)
    assert states(workspace) == {"accepted": 15, "rejected": 5}
    assert "15 accepted · 5 rejected · all decided" in section.text.text()
    found = layers.features()
    for name, shape in layers.new.items():
        verdict = name.split()[0]
        if name in rejected or verdict in ("uncertain", "keep"):
            assert (name in found) == (verdict != "new")
            assert verdict == "new" or is_at(layers, name, layers.old[name])
        elif verdict == "gone":
            assert name not in found
        else:
            assert is_at(layers, name, shape), name
    assert all(found[name]["tag"] == "yes" for name in names if name in found)
    added = [feature for name, feature in found.items() if name.startswith("new")]
    assert added and all(feature["tag"] == "built" for feature in added)
    assert layers.target.commitChanges(), layers.target.commitErrors()
    settle()
    assert states(workspace) == {"accepted": 15, "rejected": 5}, "nothing is lost by saving"


@pytest.mark.parametrize("verdict", ["shift", "reshape", "gone", "new"])
def test_what_is_undone_in_qgis_is_pending_again(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    before = {key: feature.attributes() for key, feature in reviewed.features().items()}
    window.key(Key.Key_A)
    stack = reviewed.target.undoStack()
    assert stack.count() == 1 and stack.text(0).startswith("Review: ")
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED
    stack.undo()
    settle()
    assert workspace.review.queue.state(one) is State.PENDING
    assert {key: f.attributes() for key, f in reviewed.features().items()} == before
    assert verdict == "new" or is_at(reviewed, name, reviewed.old[name])
    stack.redo()
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED
    assert (name in reviewed.features()) == (verdict != "gone")


@pytest.mark.parametrize("verdict", ["shift", "gone", "new", "uncertain"])
@pytest.mark.parametrize("is_saved", [False, True], ids=["in the edits", "in the file"])
def test_u_takes_the_last_decision_back(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str, is_saved: bool
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    window.key(Key.Key_R)  # of the next one
    other = reviewed.features()[f"keep {len(VERDICTS)}"].id()
    tag = reviewed.target.fields().lookupField("tag")
    if is_saved:
        reviewed.target.commitChanges(False)
        reviewed.target.startEditing()
        # As many steps as before, but it is not the review's.
        reviewed.target.changeAttributeValue(other, tag, "mine")
        settle()
    window.key(Key.Key_U)
    assert states(workspace)["rejected"] == 0
    window.key(Key.Key_U)
    settle()
    assert reviewed.target.getFeature(other)["tag"] == ("mine" if is_saved else "yes")
    assert states(workspace) == {"pending": COUNT}
    assert workspace.review.queue.current is one
    assert (name in reviewed.features()) == (verdict != "new")
    assert verdict == "new" or is_at(reviewed, name, reviewed.old[name])
    assert verdict == "new" or reviewed.features()[name]["tag"] == "yes"
    window.key(Key.Key_U)  # there is nothing left
    assert states(workspace) == {"pending": COUNT}


@pytest.mark.parametrize("verdict", ["shift", "uncertain", "new"])
def test_an_edited_candidate_counts_as_accepted(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    seen = QgsGeometry(workspace.controller.shape.geometry)
    assert overlap(seen, reviewed.new[name]) > 0.5
    window.key(Key.Key_Return)
    wait_for(lambda: workspace.review.queue.state(one) is State.ACCEPTED)
    assert is_at(reviewed, name, seen)
    assert reviewed.features()[name]["tag"] == ("built" if verdict == "new" else "yes")
    assert workspace.review.queue.current is not one
    assert workspace.controller.session.saved == 0, "no object of its own"
    reviewed.target.undoStack().undo()
    settle()
    assert workspace.review.queue.state(one) is State.PENDING
    reviewed.target.undoStack().redo()
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED


def test_an_edit_that_is_let_go_changes_nothing(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    window.key(Key.Key_Escape)
    assert states(workspace) == {"pending": COUNT}
    assert workspace.controller.session.draft.prompts == ()
    assert not reviewed.target.isEditable()
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    seen = QgsGeometry(workspace.controller.shape.geometry)
    name = name_of(workspace, reviewed)
    window.key(Key.Key_A)  # as Enter does
    wait_for(lambda: states(workspace)["accepted"] == 1)
    assert is_at(reviewed, name, seen)


def test_what_was_accepted_can_be_rejected_after_all(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    section = workspace.dock.review
    names = []
    for verdict in ("shift", "gone", "new"):
        names.append(go_to(workspace, window, reviewed, verdict))
        one = workspace.review.queue.current
        window.key(Key.Key_A)
        workspace.review.queue.go_to(one)
        steps = reviewed.target.undoStack().count()
        window.key(Key.Key_A)  # again: nothing more
        assert reviewed.target.undoStack().count() == steps
        workspace.review.queue.go_to(one)
        window.key(Key.Key_R)
        settle()
        assert workspace.review.queue.state(one) is State.REJECTED
    assert "3 rejected" in section.text.text()
    shifted, gone, new = names
    assert is_at(reviewed, shifted, reviewed.old[shifted])
    assert is_at(reviewed, gone, reviewed.old[gone])
    assert reviewed.features()[gone]["tag"] == "yes"
    assert new not in reviewed.features()


def edit(workspace: Workspace, window: Window, reviewed: Layers) -> None:
    """The current candidate, as it is found there."""
    one, steps = workspace.review.queue.current, reviewed.target.undoStack().count()
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    window.key(Key.Key_Return)
    wait_for(lambda: reviewed.target.undoStack().count() > steps)
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED


@pytest.mark.parametrize("verdict", ["shift", "uncertain", "new"])
def test_what_was_accepted_and_edited_can_be_rejected_after_all(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    workspace.review.queue.go_to(one)
    edit(workspace, window, reviewed)
    workspace.review.queue.go_to(one)
    window.key(Key.Key_R)
    settle()
    assert workspace.review.queue.state(one) is State.REJECTED
    assert (name in reviewed.features()) == (verdict != "new")
    assert verdict == "new" or is_at(reviewed, name, reviewed.old[name])


@pytest.mark.parametrize("verdict", ["shift", "gone", "new"])
@pytest.mark.parametrize("is_saved", [False, True], ids=["in the edits", "in the file"])
def test_u_takes_a_rejection_of_what_was_accepted_back(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str, is_saved: bool
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    workspace.review.queue.go_to(one)
    window.key(Key.Key_R)
    settle()
    if is_saved:
        assert reviewed.target.commitChanges()
        settle()
    window.key(Key.Key_U)
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED
    assert (name in reviewed.features()) == (verdict != "gone")
    assert verdict == "gone" or is_at(reviewed, name, reviewed.new[name])
    window.key(Key.Key_U)
    settle()
    assert workspace.review.queue.state(one) is State.PENDING
    assert (name in reviewed.features()) == (verdict != "new")
    assert verdict == "new" or is_at(reviewed, name, reviewed.old[name])
    window.key(Key.Key_A)
    settle()
    assert (name in reviewed.features()) == (verdict != "gone")


@pytest.mark.parametrize("key", [Key.Key_R, Key.Key_U])
def test_what_cannot_be_taken_back_is_said(
    workspace: Workspace, window: Window, reviewed: Layers, key: Qt.Key
) -> None:
    name = go_to(workspace, window, reviewed, "shift")
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    assert reviewed.target.commitChanges()
    settle()
    reviewed.target.setReadOnly(True)
    workspace.review.queue.go_to(one)
    for _ in range(2):
        window.key(key)
        assert "cannot be edited" in workspace.messages.text
        assert workspace.review.queue.state(one) is State.ACCEPTED
    assert is_at(reviewed, name, reviewed.new[name])
    reviewed.target.setReadOnly(False)
    window.key(key)
    settle()
    assert is_at(reviewed, name, reviewed.old[name])


def test_it_is_resumed_after_the_project_was_opened_again(
    workspace: Workspace, window: Window, project: QgsProject, reviewed: Layers, tmp_path: Path
) -> None:
    shifted = go_to(workspace, window, reviewed, "shift")
    window.key(Key.Key_A)
    added = go_to(workspace, window, reviewed, "new")
    window.key(Key.Key_A)
    edited = go_to(workspace, window, reviewed, "reshape")
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    window.key(Key.Key_Return)
    wait_for(lambda: states(workspace)["accepted"] == 3)
    rejected = go_to(workspace, window, reviewed, "gone")
    window.key(Key.Key_R)
    settle()
    assert reviewed.target.commitChanges()
    dropped = go_to(workspace, window, reviewed, "gone")
    window.key(Key.Key_A)
    assert states(workspace) == {"accepted": 4, "rejected": 1, "pending": COUNT - 5}
    assert project.isDirty()
    reviewed.target.rollBack()  # what the user does not save
    assert project.write(str(tmp_path / "project.qgz"))
    project.clear()
    settle()
    assert not workspace.review.is_on
    assert project.read(str(tmp_path / "project.qgz"))
    (target,) = project.mapLayersByName("footprints")
    (refined,) = project.mapLayersByName("refined")
    again = Layers(refined, target, reviewed.old, reviewed.new)
    begin(workspace, again)
    queue = workspace.review.queue
    by_name = {refined.getFeature(one.fid)["name"]: queue.state(one) for one in queue.candidates}
    assert {name for name, state in by_name.items() if state is State.ACCEPTED} == {
        shifted, added, edited,
    }  # fmt: skip
    assert by_name[rejected] is State.REJECTED
    assert by_name[dropped] is State.PENDING
    assert is_at(again, shifted, reviewed.new[shifted])
    assert queue.state(queue.current) is State.PENDING, "it goes on with what is undecided"


def test_only_those_of_one_verdict(workspace: Workspace, window: Window, reviewed: Layers) -> None:
    section = workspace.dock.review
    texts = [section.verdict.itemText(i) for i in range(section.verdict.count())]
    assert texts[0] == f"All ({COUNT})" and len(texts) == 6
    section.verdict.setCurrentIndex(section.verdict.findData("gone"))
    section.verdict.activated.emit(section.verdict.currentIndex())
    assert window.canvas.hasFocus() or QApplication.activeWindow() is None
    assert section.text.text().startswith("1 of 3\n")
    for _ in range(3):
        assert workspace.review.queue.current.verdict == "gone"
        window.key(Key.Key_A)
    assert "3 accepted" in section.text.text()
    window.key(Key.Key_N)
    window.key(Key.Key_P)
    assert workspace.review.queue.current.verdict == "gone"


def test_keys_are_letters_in_text_fields(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    line = workspace.dock.target.class_name.lineEdit()
    line.clear()
    line.setFocus()
    QTest.keyClicks(line, "area")
    assert line.text() == "area"
    assert states(workspace) == {"pending": COUNT}
    workspace.dock.review.button.click()
    assert not workspace.review.is_on
    window.key(Key.Key_A)
    assert not reviewed.target.isEditable()
    assert workspace.review.outlines.old.isEmpty()


def test_keys_are_taken_from_shortcuts_while_it_is_on(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    def is_taken(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(window.canvas, event)
        return event.isAccepted()

    keys = [Key.Key_A, Key.Key_R, Key.Key_E, Key.Key_N, Key.Key_P, Key.Key_U]
    assert all(is_taken(key) for key in keys)
    assert not is_taken(Key.Key_A, CONTROL)
    assert not is_taken(Key.Key_F)
    assert states(workspace) == {"pending": COUNT}, "they come back as keys"
    workspace.dock.review.button.click()
    assert not any(is_taken(key) for key in keys)


def test_keys_are_left_to_tools_that_draw(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    """P, A and R mean something to those, too."""
    tool = QgsMapToolEdit(window.canvas)
    window.canvas.setMapTool(tool)
    for key in (Key.Key_A, Key.Key_R, Key.Key_N):
        window.key(key)
    assert states(workspace) == {"pending": COUNT}
    pan = QgsMapToolPan(window.canvas)
    window.canvas.setMapTool(pan)
    window.key(Key.Key_R)
    assert states(workspace)["rejected"] == 1


def test_u_first_lets_an_open_edit_go(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    window.key(Key.Key_R)
    section = workspace.dock.review

    def open_it() -> None:
        window.key(Key.Key_E)
        wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))

    open_it()
    window.key(Key.Key_U)
    assert workspace.controller.session.draft.prompts == ()
    assert states(workspace)["rejected"] == 1, "nothing else is undone"
    open_it()
    section.verdict.setCurrentIndex(section.verdict.findData("gone"))
    section.verdict.activated.emit(section.verdict.currentIndex())
    assert workspace.controller.session.draft.prompts == ()
    window.key(Key.Key_U)
    assert states(workspace)["rejected"] == 0


def test_a_vertex_that_is_moved_by_hand_leaves_it_accepted(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    name = go_to(workspace, window, reviewed, "shift")
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    feature = reviewed.features()[name]
    touched = feature.geometry()
    corner = touched.vertexAt(0)
    assert touched.moveVertex(corner.x() + 0.2, corner.y(), 0)
    reviewed.target.changeGeometry(feature.id(), touched)
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED
    reviewed.target.changeGeometry(feature.id(), reviewed.old[name])
    settle()
    assert workspace.review.queue.state(one) is State.PENDING


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
    assert not workspace.dock.review.isVisibleTo(workspace.dock)
