"""Images are clicked before they are encoded, in QGIS's window: with a played engine, and once with
the real one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from by_hand import UTM, features, is_idle, wait_for_saved
from on_demand.row_of_patches import (
    begin,
    cache_of,
    cache_of_workspace,
    click,
    cursor_of,
    in_patch,
    make_row,
    press_click_now,
    shape_of,
    show,
)
from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, raster_layer, settle, wait_for
from record import Record
from stub_engine import PATCH_S

from geosam_plugin.clicking.draft import PATCH
from geosam_plugin.clicking.fill import HOLD_S, FillState
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.window import on_demand
from geosam_plugin.window.workspace import Workspace

# --- the first clicks


def test_a_new_image_is_clicked_at_once(
    gated: Workspace, window: Window, image: Path, record: Record
) -> None:
    workspace, dock = gated, gated.dock
    assert "“Click now”" in dock.next_step.text()
    assert not dock.prompt.clicking.isEnabled()
    assert dock.image.fill.isHidden()
    press_click_now(workspace)
    assert dock.prompt.clicking.isChecked()
    assert "nano, the quick default" in workspace.messages.text
    assert not dock.image.fill.isHidden()
    assert dock.image.state.text() == "Its first part is being encoded…"
    assert not dock.image.click_now.isEnabled()

    click(window, 7)
    wait_for(lambda: workspace.controller.session.draft.waits_for == PATCH)
    assert "being encoded" in dock.next_step.text()
    assert cursor_of(window) == Qt.CursorShape.BusyCursor
    record.open_gate()
    assert shape_of(workspace).contains(in_patch(7))
    assert cursor_of(window) == Qt.CursorShape.CrossCursor
    assert "Press Enter" in dock.next_step.text()
    assert dock.image.state.text().startswith("Encoded with nano")

    (asked,) = record.of("encode")
    assert (asked["raster"], asked["out"], asked["model"]) == (
        str(image), str(cache_of(image)), "nano",
    )  # fmt: skip
    assert asked["focus"]["point"] == pytest.approx([*in_patch(5)], abs=2)
    assert asked["focus"]["pixel_size"] == pytest.approx(1, rel=0.01)
    clicked = record.of("focus")[0]
    assert clicked["point"] == pytest.approx([*in_patch(7)], abs=2)
    assert all(params["exact"] for params in record.of("predict"))
    assert workspace.on_demand.fill.process_id != workspace.client.process_id


def test_the_image_keeps_its_cache(
    workspace: Workspace, window: Window, project: QgsProject, image: Path
) -> None:
    begin(workspace)
    first = workspace.dock.image.layer
    other = raster_layer(make_row(image.with_name("other.tif")), project)
    workspace.dock.image.raster.setLayer(other)
    wait_for(lambda: workspace.on_demand.fill.process_id == 0)
    assert workspace.dock.image.fill.isHidden()
    assert not workspace.dock.prompt.clicking.isChecked()
    workspace.dock.image.raster.setLayer(first)
    wait_for(lambda: bool(workspace.controller.described))
    assert workspace.controller.cache == str(cache_of(image))
    assert workspace.dock.image.click_now.isEnabled()


def test_objects_that_wait_are_saved_in_their_order(
    gated: Workspace, window: Window, record: Record
) -> None:
    workspace = gated
    press_click_now(workspace)
    for patch in (7, 3):
        click(window, patch)
        wait_for(lambda: workspace.controller.session.draft.waits_for == PATCH)
        window.key(Qt.Key.Key_Return)
    assert "waiting to be saved: 2" in workspace.dock.counters.text()
    record.open_gate()
    wait_for_saved(workspace, 2)
    saved = [feature.geometry() for feature in features(workspace.dock.target.layer)]
    assert all(shape.contains(in_patch(n)) for shape, n in zip(saved, (7, 3), strict=True))
    workspace.dock.target.layer.rollBack()


def test_waiting_is_explained_but_not_at_once(
    monkeypatch: pytest.MonkeyPatch, workspaces: Callable[..., Workspace], window: Window,
    record: Record,
) -> None:  # fmt: skip
    monkeypatch.setattr(on_demand, "NOTE_MS", 1)
    workspace = workspaces("gate")
    press_click_now(workspace)
    click(window, 7)
    wait_for(lambda: "the outline comes by itself" in workspace.messages.text)
    record.open_gate()
    shape_of(workspace)
    assert workspace.messages.text == ""


def test_what_is_taken_back_is_not_waited_for(gated: Workspace, window: Window) -> None:
    workspace = gated
    press_click_now(workspace)
    click(window, 7)
    wait_for(lambda: workspace.controller.session.draft.waits_for == PATCH)
    window.key(Qt.Key.Key_Escape)
    assert cursor_of(window) == Qt.CursorShape.CrossCursor
    assert "Click on an object" in workspace.dock.next_step.text()


def test_a_click_beside_the_image_is_told_before_anything_is_known_of_it(
    workspace: Workspace, window: Window
) -> None:
    press_click_now(workspace)
    window.click(QPoint(300, 20))
    assert "outside the image" in workspace.messages.text
    assert not workspace.controller.session.draft.prompts


# --- what comes next


def test_it_follows_the_map_and_the_mouse(
    workspace: Workspace, window: Window, record: Record
) -> None:
    begin(workspace)
    show(window, 150)
    wait_for((cache_of_workspace(workspace) / "150").exists)
    assert record.of("focus")[-1]["point"] == pytest.approx([*in_patch(150)], abs=2)
    workspace.dock.image.fill.pause.click()
    wait_for(lambda: record.of("hold")[-1]["seconds"] > HOLD_S)
    number = next(n for n in (147, 153) if not (cache_of_workspace(workspace) / str(n)).exists())
    workspace.controller.hover(in_patch(number), workspace.overlay.view)
    wait_for(lambda: record.of("focus")[-1]["point"][0] == pytest.approx(in_patch(number).x()))
    workspace.dock.image.fill.pause.click()
    wait_for((cache_of_workspace(workspace) / str(number)).exists)


def test_it_gives_way_to_who_clicks_where_it_has_been(
    workspace: Workspace, window: Window, record: Record
) -> None:
    begin(workspace)
    click(window, 5)
    shape_of(workspace)
    wait_for(lambda: {"seconds": HOLD_S} in record.of("hold"))


def test_while_it_is_paused_only_what_is_clicked_is_encoded(
    workspace: Workspace, window: Window, record: Record
) -> None:
    begin(workspace)
    row, fill = workspace.dock.image.fill, workspace.on_demand.fill
    QTest.mouseClick(row.pause, LEFT)
    assert row.text.text().startswith("Paused: ")
    show(window, 100)
    click(window, 99)
    assert shape_of(workspace).contains(in_patch(99))
    wait_for(lambda: record.of("hold")[-1]["seconds"] > HOLD_S)
    before = fill.done
    QTest.qWait(int(10_000 * PATCH_S))
    assert fill.done <= before + 1  # one may have been under way
    QTest.mouseClick(row.pause, LEFT)
    assert row.text.text().startswith("Encoding: ")


def test_while_it_grows_the_engine_is_not_kept_busy_with_the_raster(
    workspace: Workspace, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To tell whether a copy is still the same takes seconds, in which nobody can click."""
    monkeypatch.setattr(on_demand, "DESCRIBE_MS", 0)
    begin(workspace)
    before = len(record.of("open"))
    wait_for(lambda: len(record.of("open")) > before + 3)
    asked = ["raster" in params for params in record.of("open")]
    assert asked[0] and not any(asked[before:])
    assert workspace.controller.described["raster_state"] == "unchanged"


# --- with the real engine

SIZE = 1792
"""Four patches at level 0, one above them."""


@pytest.fixture
def scene_of_five_patches(tmp_path: Path, command: EngineCommand) -> Path:
    done = subprocess.run(
        [command.program, "-m", "encoder_tool", "sample", str(tmp_path), "--size", str(SIZE)],
        env=dict(command.environment), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Path(shutil.move(tmp_path / "scene.tif", tmp_path / "fresh.tif"))


@pytest.mark.slow
def test_from_a_fresh_image_to_a_polygon_and_on_to_the_whole(
    window: Window, project: QgsProject, provider: GeoSamProvider, with_processing: Window,
    scene_of_five_patches: Path, command: EngineCommand,
) -> None:  # fmt: skip
    import processing

    layer = raster_layer(scene_of_five_patches, project)
    window.show_layer(layer, UTM)
    window.canvas.setExtent(QgsRectangle.fromCenterAndSize(layer.extent().center(), 180, 180))
    workspace = Workspace(window, command)
    fill, session = workspace.on_demand.fill, workspace.controller.session
    wait_for(lambda: not workspace.image.search.is_looking)
    press_click_now(workspace)
    place = QgsPointXY(layer.extent().center().x() + 30, layer.extent().center().y() + 30)
    window.click(window.pixel(place, UTM))
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    early = QgsGeometry(workspace.controller.shape.geometry)
    assert early.distance(QgsGeometry.fromPointXY(place)) < 1
    assert session.draft.level == 0
    assert fill.is_on
    assert fill.done < 4

    QTest.mouseClick(workspace.dock.image.fill.pause, LEFT)
    with pytest.raises(Exception, match="press “Stop” in GeoSAM's dock"):
        processing.run("geosam:encoderaster", {"INPUT": layer, "OUTPUT": ""})
    QTest.mouseClick(workspace.dock.image.fill.stop, LEFT)
    wait_for(lambda: fill.state is FillState.STOPPED)
    done = fill.done
    assert 1 <= done < 5
    press_click_now(workspace)
    wait_for(lambda: fill.state is FillState.DONE)
    assert fill.total == 5 - done
    wait_for(lambda: "100 % of the image" in workspace.dock.image.state.text())

    window.key(Qt.Key.Key_Escape)
    window.click(window.pixel(place, UTM))
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    assert workspace.controller.shape.geometry.equals(early)
    workspace.close()
    settle()
