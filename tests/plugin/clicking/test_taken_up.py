"""Saved objects are taken up again and replaced, also from other images and layers."""

from __future__ import annotations

import json

import pytest
from by_hand import is_idle
from clicking.clicked import (
    ELSEWHERE,
    MERCATOR,
    MIDDLE,
    UTM,
    WGS84,
    click,
    prompts_of,
    save_one,
    saved,
    take_up,
)
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsProject
from qgis.PyQt.QtCore import QPoint, Qt
from qgis_window import NONE, Window, wait_for

from geosam_plugin.clicking.prompts import SHAPE
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.workspace import Workspace


@pytest.mark.parametrize("crs", [UTM, MERCATOR], ids=lambda crs: crs.authid())
def test_a_saved_object_is_taken_up_and_replaced(
    workspace: Workspace, window: Window, project: QgsProject, crs: QgsCoordinateReferenceSystem
) -> None:
    target = new_layer(crs, "mine")
    project.addMapLayer(target)
    workspace.dock.target.set_layer(target)
    workspace.dock.target.class_name.setCurrentText("roof")
    before = save_one(workspace, window, MIDDLE)
    workspace.dock.target.class_name.setCurrentText("tree")
    window.show_layer(workspace.dock.image.raster.currentLayer(), WGS84)
    take_up(workspace)
    shape = workspace.controller.shape_of(workspace.controller.session.draft)
    again = QgsGeometry(before.geometry())
    again.transform(QgsCoordinateTransform(crs, UTM, project))
    assert again.intersection(shape.geometry).area() > 0.99 * shape.geometry.area()
    assert workspace.dock.target.save_mode is SaveMode.REPLACE
    assert "replaces the feature" in workspace.dock.next_step.text()
    assert target.selectedFeatureCount() == 0  # which would hide what is corrected

    click(workspace, window, ELSEWHERE)
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: saved(workspace)["n_include"] == 2)
    assert workspace.controller.session.saved == 1  # it is no other object
    after = saved(workspace)
    assert after.id() == before.id()
    assert after["class"] == "roof"
    assert (after["n_include"], json.loads(after["prompts"])["candidate"]) == (2, 0)
    assert not after.geometry().equals(before.geometry())
    assert workspace.dock.target.save_mode is SaveMode.NEW
    assert DockSettings.load().class_names == ["roof"]
    target.undoStack().undo()
    assert saved(workspace).attributes() == before.attributes()
    assert saved(workspace).geometry().equals(before.geometry())


def test_the_candidate_that_was_saved_is_chosen_again(workspace: Workspace, window: Window) -> None:
    click(workspace, window, MIDDLE, MIDDLE + QPoint(6, 6))
    window.key(Qt.Key.Key_Tab)
    wait_for(lambda: is_idle(workspace))
    window.key(Qt.Key.Key_Tab)
    number = workspace.controller.session.draft.candidate.number
    assert number == 2
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 1)
    workspace.dock.target.layer.selectAll()
    take_up(workspace)
    assert workspace.controller.session.draft.candidate.number == 2


def test_esc_leaves_a_feature_as_it_was(workspace: Workspace, window: Window) -> None:
    before = save_one(workspace, window, MIDDLE)
    take_up(workspace)
    assert workspace.dock.target.layer.selectedFeatureCount() == 0
    window.key(Qt.Key.Key_Escape)
    click(workspace, window, ELSEWHERE)
    assert workspace.dock.target.save_mode is SaveMode.NEW
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 2)
    layer = workspace.dock.target.layer
    assert layer.featureCount() == 2
    assert layer.getFeature(before.id()).geometry().equals(before.geometry())


def test_each_that_is_taken_up_is_replaced_unless_the_user_says_otherwise(
    workspace: Workspace, window: Window
) -> None:
    save_one(workspace, window, MIDDLE)
    target = workspace.dock.target
    for _ in range(2):
        target.layer.selectAll()
        take_up(workspace)
        assert target.save_mode is SaveMode.REPLACE
        target.mode.setCurrentIndex(target.mode.findData(SaveMode.NEW.value))
        click(workspace, window, ELSEWHERE)
        assert "replaces the feature" not in workspace.dock.next_step.text()
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 2)
    assert target.layer.featureCount() == 2


def test_a_feature_without_prompts_is_taken_up_by_its_shape(
    workspace: Workspace, window: Window
) -> None:
    button, layer = workspace.dock.target.correct, None
    assert not button.isEnabled()
    save_one(workspace, window, MIDDLE)
    layer = workspace.dock.target.layer
    assert button.isEnabled()
    index = layer.fields().lookupField("prompts")
    layer.changeAttributeValue(saved(workspace).id(), index, "drawn by hand")
    take_up(workspace)
    (shape,) = workspace.controller.session.draft.prompts
    assert shape.kind == SHAPE
    assert len(shape.points) == saved(workspace).geometry().constGet().nCoordinates() - 1
    layer.removeSelection()
    assert not button.isEnabled()


def test_a_feature_of_another_image_names_it(workspace: Workspace, window: Window) -> None:
    save_one(workspace, window, MIDDLE)
    layer = workspace.dock.target.layer
    index = layer.fields().lookupField("prompts")
    moved = json.loads(saved(workspace)["prompts"])
    moved.update(include=[[0.0, 0.0]], raster="far_away.tif")
    layer.changeAttributeValue(saved(workspace).id(), index, json.dumps(moved))
    workspace.dock.target.correct.click()
    assert "far_away.tif" in workspace.messages.text
    assert prompts_of(workspace) == 0


def test_what_was_begun_is_kept_while_a_saved_object_is_taken_up(
    workspace: Workspace, window: Window
) -> None:
    save_one(workspace, window, MIDDLE)
    click(workspace, window, ELSEWHERE, QPoint(420, 150))
    take_up(workspace)
    assert prompts_of(workspace) == 1
    window.key(Qt.Key.Key_Return, NONE)
    wait_for(lambda: is_idle(workspace))
    workspace.dock.prompt.take_up.click()
    assert prompts_of(workspace) == 2
