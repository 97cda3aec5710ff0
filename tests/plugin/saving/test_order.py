"""The way of finished objects into layers: in order, off the GUI's thread, never lost unsaid."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsGeometry, QgsPointXY, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis_window import Window, settle, wait_for
from saving.saver_story import UTM, Story, X, Y, areas, file_layer, square

from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.plan import Plan
from geosam_plugin.saving.provenance import TakenUp, text_of
from geosam_plugin.window.workspace import Workspace


def test_neighbours_in_a_file_are_read_in_the_background_and_the_order_is_kept(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    story.save("first", 5, layer, avoid=True)
    story.save("second", 12, layer)  # has nothing to read, and waits all the same
    story.save("third", 7, layer, avoid=True)
    settle()
    assert story.told == []
    slow_reading.set()
    story.wait_for("first", "second", "third")
    assert {why for name, why in story.told if name != "third"} == {""}
    assert "nothing of it is left" not in story.told[0][1]
    assert areas(layer) == {"first": 50, "second": 100}
    assert "nothing of it is left" in story.told[2][1]
    assert story.count == 2


def test_what_the_user_edits_while_it_is_read_stays(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    (square_id,) = layer.allFeatureIds()
    layer.selectByIds([square_id])
    story.save("cut", 5, layer, SaveMode.CUT)
    settle()
    layer.startEditing()
    assert layer.changeGeometry(square_id, square(-10, 20))
    slow_reading.set()
    story.wait_for("cut")
    assert story.told == [("cut", "")]
    left = layer.getFeature(square_id).geometry()
    assert left.area() == pytest.approx(20 * 20 - 5 * 10 - 0)
    assert left.boundingBox().xMinimum() == X - 10
    layer.undoStack().undo()
    assert layer.getFeature(square_id).geometry().area() == 400
    layer.rollBack()


def test_what_was_selected_when_the_user_saved_is_cut(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    """Though the selection is another one by the time at which the object's turn has come."""
    layer = file_layer(project, tmp_path / "objects.gpkg", 0, 100)
    meant, other = sorted(layer.allFeatureIds())
    story.save("first", 200, layer, avoid=True)
    layer.selectByIds([meant])
    story.save("cut", 5, layer, SaveMode.CUT)
    layer.selectByIds([other])
    slow_reading.set()
    story.wait_for("first", "cut")
    assert {why for _, why in story.told} == {""}
    assert [layer.getFeature(i).geometry().area() for i in (meant, other)] == [50, 100]
    layer.rollBack()


def test_a_layer_that_goes_while_it_is_read_is_told(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    kept = new_layer(UTM, "kept")
    project.addMapLayer(kept)
    story.save("lost", 5, layer, avoid=True)
    story.save("kept", 5, kept)
    project.removeMapLayer(layer.id())
    slow_reading.set()
    story.wait_for("lost", "kept")
    assert "gone" in story.told[0][1]
    assert areas(kept) == {"kept": 100}


def test_reading_that_is_cancelled_is_told(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    story.save("one", 5, layer, avoid=True)
    settle()
    (task,) = QgsApplication.taskManager().activeTasks()
    task.cancel()
    story.wait_for("one")
    assert "Save the object again" in story.told[0][1]
    assert not layer.isEditable()


def test_a_saver_that_is_closed_while_it_reads_says_nothing_more(
    project: QgsProject, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    story = Story(project, tmp_path / "journal")
    story.save("one", 5, layer, avoid=True)
    story.save("two", 5, layer)
    story.saver.close()
    story.saver.deleteLater()
    settle()
    wait_for(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
    settle()
    assert story.told == []
    assert layer.featureCount() == 1


def test_whatever_goes_wrong_the_object_is_given_back_and_the_next_one_saved(
    project: QgsProject, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_plan: Plan) -> list[int]:
        raise ZeroDivisionError

    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    with monkeypatch.context() as patch:
        patch.setattr(Plan, "write", fails)
        with pytest.raises(ZeroDivisionError):
            story.save("bad", 0, layer)
    story.save("good", 0, layer)
    assert story.told == [("bad", "The object could not be saved."), ("good", "")]


def test_what_waits_behind_an_object_that_goes_wrong_is_saved(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event,
    monkeypatch: pytest.MonkeyPatch, no_exception_goes_unseen: list[str],
) -> None:  # fmt: skip
    write = Plan.write

    def fails(plan: Plan) -> list[int]:
        if plan.layer.name() == "bad":
            raise ZeroDivisionError
        return write(plan)

    monkeypatch.setattr(Plan, "write", fails)
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    bad = new_layer(UTM, "bad")
    project.addMapLayer(bad)
    story.save("first", 5, layer, avoid=True)
    story.save("bad", 20, bad)
    story.save("good", 40, layer)
    slow_reading.set()
    story.wait_for("first", "bad", "good")
    assert [why for _, why in story.told] == ["", "The object could not be saved.", ""]
    assert "ZeroDivisionError" in no_exception_goes_unseen.pop()
    layer.rollBack()


def test_a_layer_whose_editing_is_turned_off_or_rolled_back_takes_the_next_object(
    project: QgsProject, story: Story
) -> None:
    story.save("first", 0, None)
    (layer,) = project.mapLayers().values()
    layer.commitChanges()
    assert not layer.isEditable()
    story.save("second", 20, None)
    layer.rollBack()
    story.save("third", 40, None)
    assert areas(layer) == {"first": 100, "third": 100}
    assert story.count == 2
    project.removeMapLayer(layer.id())
    story.save("fourth", 40, layer=None)
    assert [areas(la) for la in project.mapLayers().values()] == [{"fourth": 100}]


def test_what_is_saved_counts_as_long_as_it_is_not_undone(
    project: QgsProject, story: Story
) -> None:
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    for x in range(3):
        story.save(str(x), 20 * x, layer)
    stack = layer.undoStack()
    assert story.count == 3
    stack.undo()
    stack.undo()
    assert story.count == 1
    stack.redo()
    assert story.count == 2
    layer.deleteFeature(next(layer.getFeatures()).id())  # instead of what was undone
    stack.undo()
    stack.redo()
    assert story.count == 2
    layer.selectAll()
    story.save("joined", 60, layer, SaveMode.MERGE)
    assert story.count == 3
    layer.commitChanges(False)
    assert story.count == 3
    story.save("late", 100, layer)
    assert story.count == 4
    layer.rollBack()
    assert story.count == 3
    project.removeMapLayer(layer.id())
    assert story.count == 3


def test_merging_needs_a_layer_of_its_own(project: QgsProject, story: Story) -> None:
    story.save("one", 0, None, SaveMode.MERGE)
    assert "Choose the layer" in story.told[0][1]


def test_an_object_is_kept_off_the_polygons_of_a_file_and_its_undo_counts(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry],
    tmp_path: Path,
) -> None:  # fmt: skip
    dock = workspace.dock
    place = objects[0].pointOnSurface().asPoint()
    target = file_layer(project, tmp_path / "objects.gpkg", place.x() - X)
    dock.target.set_layer(target)
    dock.options.avoid.setChecked(True)
    (there,) = (QgsGeometry(f.geometry()) for f in target.getFeatures())
    there.translate(0, place.y() - Y)
    target.dataProvider().changeGeometryValues({1: there})
    assert objects[0].intersection(there).area() > 1
    window.click(window.pixel(QgsPointXY(place.x() - 1, place.y() - 1), UTM))
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: "Saved: 1" in dock.counters.text())
    (new,) = [f for f in target.getFeatures() if isinstance(f["score"], float)]
    assert new.geometry().intersection(objects[0]).area() > 1
    assert new.geometry().intersection(there).area() < 0.01
    target.undoStack().undo()
    assert "Saved: 0" in dock.counters.text()
    target.rollBack()


def test_a_replaced_object_is_no_new_one(project: QgsProject, story: Story) -> None:
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    story.save("first", 0, layer)
    (feature,) = layer.getFeatures()
    taken = TakenUp(layer.id(), feature.id(), text_of(feature))
    story.save("again", 5, layer, SaveMode.REPLACE, taken=taken)
    assert len(list(layer.getFeatures())) == 1
    assert story.count == 1
