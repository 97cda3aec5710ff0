"""What is clicked outlives whatever happens around it: another image, another engine, a cache
that goes, a project that closes. Real workers and caches."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from by_hand import held, is_idle
from clicking.clicked import ELSEWHERE, MIDDLE, SHIFT, UTM, choose, click, prompts_of, saved
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, drag_to, raster_layer, settle, wait_for

from geosam_plugin import classFactory
from geosam_plugin import plugin as plugin_module
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window import chosen_image
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.workspace import Workspace

# --- another image


def test_what_is_begun_is_there_again_with_its_image(
    workspace: Workspace, window: Window, image: QgsRasterLayer, other: QgsRasterLayer
) -> None:
    click(workspace, window, MIDDLE, ELSEWHERE)
    shape = workspace.overlay.preview.pending.asWkt()
    choose(workspace, other)
    assert "is kept" in workspace.messages.text
    assert (workspace.overlay.preview.markers, prompts_of(workspace)) == (0, 0)
    assert workspace.overlay.preview.pending.isEmpty()
    click(workspace, window, MIDDLE)
    choose(workspace, image)
    assert (workspace.overlay.preview.markers, prompts_of(workspace)) == (2, 2)
    wait_for(lambda: is_idle(workspace))
    assert workspace.overlay.preview.pending.asWkt() == shape
    choose(workspace, other)
    assert prompts_of(workspace) == 1


def test_what_is_queued_is_saved_as_it_was_entered(
    workspace: Workspace, window: Window, other: QgsRasterLayer
) -> None:
    """The other image has other options; the shape is still of the first, as are its fields."""
    options = workspace.dock.options
    options.simplify.setValue(3.0)
    with held(workspace):
        window.click(MIDDLE)
        window.key(Qt.Key.Key_Return)
        workspace.dock.image.raster.setLayer(other)
        options.simplify.setValue(0.5)
    wait_for(lambda: workspace.controller.session.saved == 1)
    feature = saved(workspace)
    assert feature["raster"] == "scene.tif"
    assert json.loads(feature["prompts"])["options"]["simplify_px"] == 3.0
    assert feature.geometry().area() > 0
    assert workspace.controller.session.aside == []


def test_a_pinned_level_stays_where_the_other_image_has_it(
    workspace: Workspace, other: QgsRasterLayer
) -> None:
    workspace.dock.options.level.setCurrentIndex(1)
    assert workspace.controller.options.level == 0
    choose(workspace, other)
    assert workspace.controller.options.level == 0
    assert workspace.dock.options.level.currentText() == "0.3 m"


def test_a_taken_crs_goes_with_what_is_begun(
    workspace: Workspace, window: Window, image: QgsRasterLayer
) -> None:
    """The user tells QGIS where the image really lies: what is clicked stays on its pixels."""
    click(workspace, window, MIDDLE)
    zone_32 = QgsCoordinateReferenceSystem("EPSG:32632")
    image.setCrs(zone_32)
    wait_for(lambda: workspace.controller.crs == zone_32 and is_idle(workspace))
    assert prompts_of(workspace) == 1
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 1)
    assert workspace.dock.target.layer.crs() == zone_32


# --- things that go


def test_an_object_of_a_cache_that_is_gone_is_kept(
    workspace: Workspace, window: Window, other: QgsRasterLayer, cache: Path
) -> None:
    choose(workspace, other)
    doomed = Path(workspace.controller.cache)
    shutil.rmtree(doomed)
    with held(workspace):
        window.click(MIDDLE)
        window.key(Qt.Key.Key_Return)
        window.click(ELSEWHERE)
    wait_for(lambda: workspace.client.pending == 0 and not workspace.controller.cache)
    assert "The object is kept" in workspace.messages.text
    assert len(workspace.messages.text) <= 100, "it is cut off where the window is narrow"
    assert workspace.controller.session.saved == 0
    shutil.copytree(cache, doomed)
    workspace.image.look_for_cache(other)
    wait_for(lambda: bool(workspace.controller.described) and is_idle(workspace))
    assert prompts_of(workspace) == 1  # the one that was begun; the other one waits
    assert workspace.dock.prompt.take_up.isVisibleTo(workspace.dock)
    workspace.dock.prompt.take_up.click()
    wait_for(lambda: is_idle(workspace))
    workspace.dock.prompt.clicking.setChecked(True)
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 1)
    assert len(workspace.controller.session.aside) == 1


def test_what_is_queued_when_the_project_closes_goes_into_no_other_project(
    workspace: Workspace, window: Window, project: QgsProject, scene: Path
) -> None:
    with held(workspace):
        window.click(MIDDLE)
        window.key(Qt.Key.Key_Return)
        project.clear()
    assert "waited to be saved" in workspace.messages.text
    wait_for(lambda: workspace.client.pending == 0)
    settle()
    assert project.mapLayers() == {}
    choose(workspace, raster_layer(scene, project))
    workspace.dock.prompt.take_up.click()
    wait_for(lambda: is_idle(workspace))
    workspace.saving.save()
    wait_for(lambda: workspace.controller.session.saved == 1)


def test_another_engine_answers_what_the_first_one_left(
    workspace: Workspace, window: Window, command: EngineCommand
) -> None:
    click(workspace, window, MIDDLE)
    first = workspace.client.process_id
    renewed = EngineCommand(
        command.program, command.arguments, {**command.environment, "RENEWED": "1"}
    )
    with held(workspace):
        window.click(ELSEWHERE)
        window.key(Qt.Key.Key_Return)
        window.click(MIDDLE)
        workspace.client.use(renewed)
    wait_for(lambda: workspace.controller.session.saved == 1 and is_idle(workspace))
    assert workspace.client.process_id not in (0, first)
    assert prompts_of(workspace) == 1
    assert workspace.messages.text == ""
    second = workspace.client.process_id
    workspace.client.use(renewed)
    assert workspace.client.process_id == second


def test_what_is_clicked_while_there_is_no_engine_is_answered_by_the_next_one(
    workspace: Workspace, window: Window, command: EngineCommand
) -> None:
    with held(workspace):
        window.click(MIDDLE)
        window.key(Qt.Key.Key_Return)
        workspace.client.give_up("It is being removed.")
    window.click(ELSEWHERE)
    wait_for(lambda: workspace.client.pending == 0)
    settle()
    assert workspace.messages.text == "It is being removed."
    assert workspace.controller.session.waits_to_save == 1
    workspace.client.use(command)
    wait_for(lambda: workspace.controller.session.saved == 1 and is_idle(workspace))
    assert workspace.controller.session.draft.candidate is not None


def test_an_installation_takes_nothing_away(
    window: Window, image: QgsRasterLayer, cache: Path, engine_python: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """From removing the engine to having it again, as the plugin hears of it."""
    monkeypatch.setattr(plugin_module, "find_engine", lambda: engine_python)
    window.show_layer(image, UTM)
    plugin = classFactory(window)
    plugin.initGui()
    try:
        plugin.show_workspace()
        workspace = plugin.workspace
        choose(workspace, image)
        click(workspace, window, MIDDLE)
        plugin.installer.finished.emit(True, "It is ready.")  # the same one
        worker = workspace.client.process_id
        assert worker
        plugin.installer.removing.emit()
        assert workspace.client.process_id == 0
        window.click(ELSEWHERE)
        window.key(Qt.Key.Key_Return)
        monkeypatch.setattr(plugin_module, "find_engine", lambda: None)
        plugin.installer.finished.emit(True, "It was removed.")
        settle()
        assert plugin.workspace is workspace
        monkeypatch.setattr(plugin_module, "find_engine", lambda: engine_python)
        plugin.installer.finished.emit(True, "It is ready.")
        wait_for(lambda: workspace.controller.session.saved == 1)
        assert saved(workspace)["n_include"] == 2
    finally:
        plugin.unload()
        settle()


def test_what_is_begun_goes_on_in_a_larger_models_cache(
    workspace: Workspace, window: Window, image: QgsRasterLayer, cache: Path, tmp_path: Path
) -> None:
    click(workspace, window, MIDDLE)
    larger = shutil.copytree(cache, tmp_path / "scene.tif.larger.sam2.zarr")
    workspace.image.encode_dialogs.encoded.emit(image.id(), str(larger))
    wait_for(lambda: workspace.controller.cache == str(larger) and is_idle(workspace))
    assert prompts_of(workspace) == 1
    assert not workspace.overlay.preview.pending.isEmpty()
    assert workspace.messages.text == ""


def test_a_folder_that_is_no_cache_changes_nothing(
    workspace: Workspace, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    click(workspace, window, MIDDLE)
    before = workspace.controller.cache
    monkeypatch.setattr(chosen_image.QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    workspace.dock.image.choose.click()
    settle()
    assert workspace.controller.cache == before
    assert prompts_of(workspace) == 1
    assert "is no feature cache" in workspace.messages.text


# --- the tool


def test_shift_and_drag_zooms_and_draws_no_box(workspace: Workspace, window: Window) -> None:
    before = window.canvas.extent()
    viewport = window.canvas.viewport()
    QTest.mousePress(viewport, LEFT, SHIFT, QPoint(200, 200))
    drag_to(viewport, QPoint(300, 300))
    QTest.mouseRelease(viewport, LEFT, SHIFT, QPoint(400, 400))
    settle()
    assert window.canvas.extent().width() == pytest.approx(before.width() / 3, rel=0.05)
    assert prompts_of(workspace) == 0
    window.drag(QPoint(200, 200), QPoint(400, 400))
    assert workspace.controller.session.draft.prompts[0].kind == "box"


def test_closing_the_dock_ends_clicking(workspace: Workspace, window: Window) -> None:
    assert window.canvas.mapTool() is workspace.overlay.tool
    workspace.dock.close()
    assert window.canvas.mapTool() is not workspace.overlay.tool
    assert not workspace.dock.prompt.clicking.isChecked()


def test_settings_are_kept_at_once(workspace: Workspace, window: Window) -> None:
    """QGIS may crash before anything is closed."""
    workspace.dock.options.simplify.setValue(2.5)
    assert DockSettings.load().simplify_px == 2.5
    workspace.dock.target.class_name.setCurrentText("roof")
    click(workspace, window, MIDDLE)
    window.key(Qt.Key.Key_Return)
    assert DockSettings.load().class_names == ["roof"]


def test_coverage_is_asked_for_only_when_it_is_shown(
    workspace: Workspace, image: QgsRasterLayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    request = workspace.client.request

    def noting(method: str, params: dict, *callbacks: object) -> int:
        asked.append({"method": method, **params})
        return request(method, params, *callbacks)

    monkeypatch.setattr(workspace.client, "request", noting)
    workspace.image.look_for_cache(image)
    wait_for(lambda: workspace.client.pending == 0)
    workspace.dock.image.coverage.setChecked(True)
    wait_for(lambda: workspace.client.pending == 0)
    assert [(one["method"], one.get("coverage")) for one in asked] == [
        ("open", None), ("open", True),
    ]  # fmt: skip
    coverage = workspace.controller.image.coverage
    assert coverage.isGeosEqual(QgsGeometry.fromRect(image.extent()))
