"""The zoom at which a web map is clicked, and the tiles' size."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from by_hand import is_idle, wait_for_saved
from live_basemap.web_layer import (
    NORTH,
    Y,
    begin,
    click,
    in_patch,
    is_at_block_of,
    press_click_now,
    show,
)
from qgis.core import QgsPointXY, QgsRectangle, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, settle, wait_for
from record import Record

from geosam_plugin.basemap.source import source_of
from geosam_plugin.window.workspace import Workspace


def test_the_zoom_is_proposed_until_it_is_chosen(
    workspaces: Callable[..., Workspace], window: Window
) -> None:
    workspace = workspaces()
    zoom = workspace.dock.image.basemap.zoom
    assert zoom.currentData() == 18
    assert zoom.currentText() == "18 (pixels of 0.47 m)"
    show(window, 100, width=120)
    wait_for(lambda: zoom.currentData() == 19)
    show(window, 100)
    wait_for(lambda: zoom.currentData() == 18)
    zoom.setCurrentIndex(zoom.findData(20))
    zoom.activated.emit(zoom.currentIndex())
    show(window, 101)
    press_click_now(workspace)
    assert is_at_block_of(workspace, in_patch(101), 20)
    workspace.close()
    settle()
    assert workspaces().dock.image.basemap.zoom.currentData() == 20


def test_an_open_list_of_zooms_is_not_emptied_while_the_map_moves(
    workspace: Workspace, window: Window
) -> None:
    zooms = workspace.dock.image.basemap.zoom
    emptied: list[int] = []
    zooms.model().rowsRemoved.connect(lambda *_: emptied.append(zooms.count()))
    before, offered = workspace.image.basemap.block, zooms.count()
    show(window, 100, Y + NORTH / 2)
    wait_for(lambda: workspace.image.basemap.block != before)
    assert offered > 1 and zooms.count() == offered and not emptied


def test_a_zoom_for_countries_stays_only_once_something_is_clicked(
    workspace: Workspace, window: Window
) -> None:
    """Who presses “Click now” first and then goes to a house would click in pixels of kilometres,
    next time too."""
    zoom = workspace.dock.image.basemap.zoom
    show(window, 100, width=600_000)
    wait_for(lambda: zoom.currentData() < 12)
    coarse = zoom.currentData()
    assert all("e+" not in zoom.itemText(number) for number in range(zoom.count()))
    begin(workspace)
    show(window, 100)
    wait_for(lambda: zoom.currentData() == 18)
    wait_for(lambda: is_at_block_of(workspace, in_patch(100), 18))
    wait_for(lambda: workspace.on_demand.fill.is_waiting)
    QTest.mouseClick(workspace.dock.image.fill.stop, LEFT)
    wait_for(lambda: not workspace.on_demand.fill.is_on)

    key = f"geosam/basemaps/zooms/{source_of(workspace.dock.image.layer).folder_name}"
    assert QgsSettings().value(key, type=int) == 18 > coarse


def test_a_coarse_zoom_that_is_clicked_stays(workspace: Workspace, window: Window) -> None:
    zoom = workspace.dock.image.basemap.zoom
    show(window, 100, width=30_000)
    wait_for(lambda: zoom.currentData() < 18)
    coarse = zoom.currentData()
    begin(workspace)
    click(window, in_patch(100))
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    show(window, 100)
    QTest.qWait(800)
    assert zoom.currentData() == coarse
    workspace.dock.target.layer.rollBack()


def test_what_was_proposed_at_first_stays(workspace: Workspace, window: Window) -> None:
    """Who zooms in to look closer wants no other image."""
    begin(workspace)
    show(window, 100, width=100)
    QTest.qWait(800)
    assert workspace.dock.image.basemap.zoom.currentData() == 18
    assert is_at_block_of(workspace, in_patch(100), 18)


def test_beyond_85_degrees_there_is_nothing(workspace: Workspace, window: Window) -> None:
    window.canvas.setExtent(QgsRectangle.fromCenterAndSize(QgsPointXY(0, 2.1e7), 600, 600))
    wait_for(lambda: "web maps end at 85 degrees" in workspace.dock.image.state.text())
    assert not workspace.dock.image.click_now.isEnabled()
    show(window, 100)
    wait_for(workspace.dock.image.click_now.isEnabled)
    assert workspace.dock.image.state.text() == "Not encoded yet."


def test_tiles_of_another_size_than_the_layer_says_are_taken_as_they_are(
    workspaces: Callable[..., Workspace], record: Record
) -> None:
    workspace = workspaces("large")
    begin(workspace)
    first, second = (json.loads(Path(asked["raster"]).read_text()) for asked in record.of("encode"))
    assert (first["tile_px"], first["zoom"], first["columns"]) == (256, 18, 80)
    assert (second["tile_px"], second["zoom"], second["columns"]) == (512, 17, 40)
    assert workspace.dock.prompt.clicking.isChecked()
    workspace.close()
    settle()
    again = workspaces("large")
    wait_for(lambda: bool(again.controller.described))


@pytest.mark.parametrize(("how", "encodes"), [("flips", 2), ("odd", 1)])
def test_tiles_whose_size_changes_or_is_none_that_is_read_are_told_and_given_up(
    workspaces: Callable[..., Workspace], record: Record, how: str, encodes: int
) -> None:
    workspace = workspaces(how)
    for more in (0, 1):  # who tries again is told again
        workspace.messages.clear()
        QTest.mouseClick(workspace.dock.image.click_now, LEFT)
        wait_for(lambda: "tiles are of another size" in workspace.messages.text)
        QTest.qWait(300)
        assert len(record.of("encode")) == encodes + more
        assert workspace.on_demand.fill.process_id == 0
    stored = QgsSettings()
    stored.beginGroup("geosam/basemaps/tile_sizes")
    assert not stored.allKeys()
