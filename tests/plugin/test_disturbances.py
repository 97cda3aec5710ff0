"""What happens to layers, files and the project while the tool is active and a click is on its
way: the user is told in a sentence, and no object is lost without a word."""

from __future__ import annotations

import shutil
from pathlib import Path

from by_hand import SHIFT, UTM, features, is_idle, spots, wait_for_saved
from qgis.core import QgsGeometry, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapToolPan
from qgis.PyQt.QtCore import Qt
from qgis_window import Window, raster_layer, settle, wait_for

from geosam_plugin.saving.layers import new_layer
from geosam_plugin.window.workspace import Workspace


def test_an_object_that_cannot_be_saved_is_not_lost(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    window.click(window.pixel(spots(objects[0], 1)[0], UTM))
    window.key(Qt.Key.Key_Return, SHIFT)  # there is nothing selected
    wait_for(lambda: "selected feature" in workspace.messages.text)
    assert len(workspace.controller.session.draft.prompts) == 1
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 1)


def test_the_target_layer_is_removed_and_its_objects_come_back(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry]
) -> None:
    window.click(window.pixel(spots(objects[0], 1)[0], UTM))
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 1)
    wkt = features(workspace.dock.target.layer)[0].geometry().asWkt()
    project.removeMapLayer(workspace.dock.target.layer.id())
    wait_for(lambda: workspace.dock.lost.isVisibleTo(workspace.dock))
    workspace.dock.restore.click()
    assert not workspace.dock.lost.isVisibleTo(workspace.dock)
    wait_for(lambda: workspace.dock.target.layer is not None)  # it may take more than one slice
    (restored,) = [la for la in project.mapLayers().values() if isinstance(la, QgsVectorLayer)]
    assert [f.geometry().asWkt() for f in restored.getFeatures()] == [wkt]


def test_a_removed_target_does_not_become_some_other_layer(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry]
) -> None:
    others = [new_layer(UTM, name) for name in ("a", "z")]
    project.addMapLayers(others)
    made = new_layer(UTM, "mine")
    project.addMapLayer(made)
    workspace.dock.target.set_layer(made)
    window.click(window.pixel(spots(objects[0], 1)[0], UTM))
    window.key(Qt.Key.Key_Return)
    project.removeMapLayer(made.id())
    wait_for(lambda: "target layer is gone" in workspace.messages.text)
    assert workspace.dock.target.layer is None
    assert workspace.dock.target.target.currentText() == "New temporary layer"
    assert len(workspace.controller.session.draft.prompts) == 1
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    assert [layer.featureCount() for layer in others] == [0, 0]
    assert window.active is workspace.dock.target.layer


def test_editing_is_turned_off(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    for number, target in enumerate(objects[:2], 1):
        window.click(window.pixel(spots(target, 1)[0], UTM))
        window.key(Qt.Key.Key_Return)
        wait_for_saved(workspace, number)
        workspace.dock.target.layer.commitChanges()
    assert workspace.dock.target.layer.featureCount() == 2


def test_the_raster_is_removed_with_a_click_in_flight(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry]
) -> None:
    window.click(window.pixel(spots(objects[0], 1)[0], UTM))
    project.removeMapLayer(workspace.dock.image.raster.currentLayer().id())
    wait_for(lambda: workspace.client.pending == 0)
    assert workspace.overlay.preview.markers == 0
    assert not workspace.dock.prompt.clicking.isChecked()
    assert "Add an aerial" in workspace.dock.next_step.text()


def test_the_project_is_closed(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry]
) -> None:
    window.click(window.pixel(spots(objects[0], 1)[0], UTM))
    window.key(Qt.Key.Key_Return)
    project.clear()
    wait_for(lambda: workspace.client.pending == 0)
    assert workspace.overlay.preview.markers == 0
    assert not workspace.dock.prompt.clicking.isChecked()


def test_the_cache_is_deleted(
    workspace: Workspace, window: Window, cache: Path, scene: Path, project: QgsProject,
    tmp_path: Path,
    objects: list[QgsGeometry],
) -> None:  # fmt: skip
    copy = tmp_path / scene.name
    shutil.copy(scene, copy)
    doomed = shutil.copytree(cache, tmp_path / cache.name)
    layer = raster_layer(copy, project)
    workspace.dock.image.raster.setLayer(layer)
    wait_for(lambda: bool(workspace.controller.described))
    workspace.dock.prompt.clicking.setChecked(True)
    shutil.rmtree(doomed)
    window.click(window.pixel(spots(objects[0], 1)[0], UTM))
    wait_for(lambda: workspace.messages.text != "")
    assert "cache" in workspace.messages.text
    assert not workspace.dock.prompt.clicking.isChecked()
    assert "Not encoded" in workspace.dock.image.state.text()


def click_on(window: Window, target: QgsGeometry) -> None:
    window.click(window.pixel(spots(target, 1)[0], UTM))


def test_edits_are_thrown_away_with_an_object_on_its_way(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    click_on(window, objects[0])
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    layer = workspace.dock.target.layer
    click_on(window, objects[1])
    window.key(Qt.Key.Key_Return)
    assert workspace.controller.session.waits_to_save
    layer.rollBack()
    assert layer.featureCount() == 0
    wait_for(lambda: is_idle(workspace))
    (feature,) = features(layer)  # the one that came after
    assert feature.geometry().intersects(objects[1])


def test_editing_is_turned_off_with_an_object_on_its_way(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    click_on(window, objects[0])
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    layer = workspace.dock.target.layer
    click_on(window, objects[1])
    window.key(Qt.Key.Key_Return)
    assert layer.commitChanges(), layer.commitErrors()
    wait_for_saved(workspace, 2)
    assert layer.isEditable()
    assert layer.featureCount() == 2


def test_the_target_is_made_read_only_with_an_object_on_its_way(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry]
) -> None:
    mine = new_layer(UTM, "mine")
    project.addMapLayer(mine)
    workspace.dock.target.set_layer(mine)
    click_on(window, objects[0])
    window.key(Qt.Key.Key_Return)
    mine.setReadOnly(True)
    wait_for(lambda: workspace.messages.text != "")
    assert "mine" in workspace.messages.text
    assert mine.featureCount() == 0
    mine.setReadOnly(False)
    workspace.dock.target.set_layer(mine)
    assert len(workspace.controller.session.draft.prompts) == 1  # still there to be saved
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    assert mine.featureCount() == 1


def test_the_feature_to_be_added_to_is_gone_before_the_answer(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry]
) -> None:
    click_on(window, objects[0])
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    layer = workspace.dock.target.layer
    layer.selectAll()
    click_on(window, objects[0])
    window.key(Qt.Key.Key_Return, SHIFT)
    layer.undoStack().undo()  # the selected feature is no more
    wait_for(lambda: "Select one feature" in workspace.messages.text)
    assert len(workspace.controller.session.draft.prompts) == 1


def test_the_image_file_is_deleted(
    workspace: Workspace, window: Window, project: QgsProject, scene: Path, cache: Path,
    tmp_path: Path, objects: list[QgsGeometry],
) -> None:  # fmt: skip
    """All that clicking needs is in the cache."""
    copy = Path(shutil.copy(scene, tmp_path / scene.name))
    shutil.copytree(cache, tmp_path / cache.name)
    workspace.dock.image.raster.setLayer(raster_layer(copy, project))
    wait_for(lambda: bool(workspace.controller.described))
    workspace.dock.prompt.clicking.setChecked(True)
    copy.unlink()
    click_on(window, objects[0])
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    assert workspace.messages.text == ""
    (feature,) = features(workspace.dock.target.layer)
    assert feature.geometry().intersects(objects[0])


def test_another_tool_is_taken_with_a_click_on_its_way(
    workspace: Workspace, window: Window, objects: list[QgsGeometry]
) -> None:
    click_on(window, objects[0])
    other = QgsMapToolPan(window.canvas)
    window.canvas.setMapTool(other)
    assert not workspace.dock.prompt.clicking.isChecked()
    wait_for(lambda: is_idle(workspace))
    workspace.dock.prompt.clicking.setChecked(True)
    assert workspace.overlay.preview.markers == 1
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    window.canvas.unsetMapTool(other)


def test_the_project_is_closed_with_objects_in_it(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry]
) -> None:
    """As QGIS does after it has asked about the temporary layer."""
    click_on(window, objects[0])
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    click_on(window, objects[1])
    window.key(Qt.Key.Key_Return)
    project.clear()
    wait_for(lambda: workspace.client.pending == 0)
    settle()
    assert workspace.overlay.preview.pending.isEmpty()
    assert project.mapLayers() == {}
    assert "Add an aerial" in workspace.dock.next_step.text()
