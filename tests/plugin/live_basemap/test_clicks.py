"""Web maps are clicked as if they were rasters, in QGIS's window, with a played engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from by_hand import features, is_idle, wait_for_saved
from live_basemap.web_layer import (
    NORTH,
    Y,
    begin,
    click,
    in_patch,
    is_at_block_of,
    press_click_now,
    show,
    wait_for_shape,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, settle, wait_for
from record import Record

from geosam_plugin.basemap.block import block_at
from geosam_plugin.basemap.source import source_of
from geosam_plugin.clicking.fill import FillState
from geosam_plugin.window.workspace import Workspace

# --- the first clicks


def test_a_web_map_is_clicked_like_a_file(
    workspace: Workspace, window: Window, record: Record
) -> None:
    dock = workspace.dock
    assert not dock.image.basemap.isHidden()
    assert dock.image.basemap.attribution.text() == "© Example"
    assert dock.image.state.text() == "Not encoded yet."
    assert not dock.image.encode.isEnabled()
    assert dock.next_step.text().startswith("2. Zoom to what you want to outline")
    block = block_at(source_of(dock.image.layer), 18, in_patch(100))
    assert not block.path.exists()  # nothing is asked for, nor written, before somebody says so

    begin(workspace)
    (asked,) = record.of("encode")
    assert asked["raster"] == str(block.path)
    assert asked["out"] == f"{block.path}.nano.sam2.zarr"
    assert (asked["bands"], asked["stretch"]) == (None, None)
    assert asked["focus"]["point"] == pytest.approx([*in_patch(100)], abs=2)
    west, south, east, north = asked["focus"]["extent"]
    assert (east - west, north - south) == pytest.approx((600, 600), abs=4)
    assert json.loads(block.path.read_text(encoding="utf-8"))["name"] == "Aerials"
    assert dock.prompt.clicking.isChecked()

    click(window, in_patch(101))
    wait_for_shape(workspace, in_patch(101))
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    dock.target.layer.rollBack()


def test_only_what_the_map_shows_is_fetched(
    workspace: Workspace, window: Window, record: Record
) -> None:
    begin(workspace)
    row, cache = workspace.dock.image.fill, Path(workspace.controller.cache)

    def encoded() -> set[int]:
        return {int(file.name) for file in cache.iterdir() if file.name.isdigit()}

    assert row.text.text() == "What the map shows is encoded."
    assert encoded() == set(range(97, 104))
    QTest.qWait(500)
    assert encoded() == set(range(97, 104))
    show(window, 110)
    wait_for(lambda: 113 in encoded() and workspace.on_demand.fill.is_waiting)
    assert encoded() == {*range(97, 104), *range(107, 114)}
    assert len(record.of("encode")) == 1


def test_where_the_mouse_points_comes_before_the_rest_of_what_is_shown(
    workspace: Workspace, record: Record
) -> None:
    """And does not take its place."""
    begin(workspace)
    (begun,) = record.of("encode")
    pointed = {"point": [*in_patch(99)], "pixel_size": 1.0, "level": None}
    workspace.controller.hoverMissed.emit(pointed)
    wait_for(lambda: bool(record.of("focus")))
    assert record.of("focus")[-1] == {**pointed, "extent": begun["focus"]["extent"]}


def test_a_click_beside_what_is_shown_is_fetched_for(workspace: Workspace, window: Window) -> None:
    """The map was moved, and does not rest yet."""
    begin(workspace)
    show(window, 130)
    click(window, in_patch(131))
    wait_for_shape(workspace, in_patch(131))


def test_an_object_that_goes_on_beyond_what_is_shown_is_followed(
    workspaces: Callable[..., Workspace], window: Window
) -> None:
    workspace = workspaces("long")
    begin(workspace)
    click(window, in_patch(102))
    controller, cache = workspace.controller, Path(workspace.controller.cache)
    wait_for(lambda: controller.shape is not None and not controller.session.draft.missing)
    assert controller.shape.geometry.contains(in_patch(104))
    assert (cache / "104").exists()
    assert not (cache / "105").exists()


def test_whose_the_map_is_and_what_its_terms_say_is_told_once(
    workspaces: Callable[..., Workspace],
) -> None:
    workspace = workspaces()
    press_click_now(workspace)
    assert "fetched from tiles.example.org and kept" in workspace.messages.text
    assert workspace.messages.button.text() == "What is allowed"
    workspace.close()
    settle()
    again = workspaces()
    press_click_now(again)
    assert "“Aerials” is encoded as you click" in again.messages.text


# --- blocks


def test_another_block_is_gone_on_with(
    workspace: Workspace, window: Window, record: Record
) -> None:
    begin(workspace)
    click(window, in_patch(100))
    wait_for_shape(workspace, in_patch(100))
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    target = workspace.dock.target.layer
    show(window, 100, Y + NORTH)
    wait_for(lambda: is_at_block_of(workspace, in_patch(100, Y + NORTH), 18))
    wait_for(lambda: len(record.of("encode")) == 2 and workspace.on_demand.fill.is_waiting)
    # The first block's border is not fetched for what is seen beyond it.
    assert all(abs(place["point"][1] - Y) < NORTH / 2 for place in record.of("focus"))
    assert workspace.dock.prompt.clicking.isChecked()
    assert workspace.controller.session.saved == 1
    assert workspace.dock.target.layer is target
    show(window, 100)
    wait_for(lambda: is_at_block_of(workspace, in_patch(100), 18) and is_idle(workspace))
    wait_for(lambda: len(record.of("encode")) == 3 and workspace.on_demand.fill.is_waiting)
    assert workspace.on_demand.fill.done == 0  # all of it is there
    target.rollBack()


def test_an_object_at_hand_stays_until_it_is_saved(workspace: Workspace, window: Window) -> None:
    begin(workspace)
    click(window, in_patch(100))
    wait_for_shape(workspace, in_patch(100))
    shape = workspace.controller.shape.geometry.asWkt()
    show(window, 100, Y + NORTH)
    QTest.qWait(800)
    assert is_at_block_of(workspace, in_patch(100), 18)
    assert workspace.controller.shape.geometry.asWkt() == shape
    window.click(QPoint(300, 300))
    assert "than the object at hand: save that first" in workspace.messages.text
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    assert features(workspace.dock.target.layer)[0].geometry().contains(in_patch(100))
    wait_for(lambda: is_at_block_of(workspace, in_patch(100, Y + NORTH), 18))
    workspace.dock.target.layer.rollBack()


def test_who_has_stopped_is_not_gone_on_with(
    workspace: Workspace, window: Window, record: Record
) -> None:
    begin(workspace)
    QTest.mouseClick(workspace.dock.image.fill.stop, LEFT)
    wait_for(lambda: workspace.on_demand.fill.state is FillState.STOPPED)
    show(window, 100, Y + NORTH)
    wait_for(lambda: not workspace.controller.cache)
    assert workspace.dock.image.state.text() == "Not encoded yet."
    assert workspace.dock.image.click_now.isEnabled()
    assert len(record.of("encode")) == 1


def test_what_was_encoded_is_found_again(
    workspaces: Callable[..., Workspace], window: Window, record: Record
) -> None:
    workspace = workspaces()
    begin(workspace)
    workspace.close()
    settle()
    again = workspaces()
    wait_for(lambda: bool(again.controller.described))
    assert again.dock.image.state.text() == "Encoded with nano, as far as you have looked."
    QTest.mouseClick(again.dock.prompt.clicking, LEFT)
    click(window, in_patch(102))
    wait_for_shape(again, in_patch(102))
    assert len(record.of("encode")) == 1


def test_another_address_is_another_image(
    workspace: Workspace, window: Window, record: Record
) -> None:
    begin(workspace)
    layer = workspace.dock.image.layer
    layer.setDataSource(layer.source().replace(".png", ".png?TIME=2020"), "Aerials", "wms")
    wait_for(lambda: not workspace.controller.cache)
    assert workspace.dock.image.state.text() == "Not encoded yet."
    begin(workspace)
    first, second = (Path(params["raster"]) for params in record.of("encode"))
    assert (first.name, first.parent.parent) == (second.name, second.parent.parent)
    assert first.parent != second.parent
