"""How the encoding of a clicked image ends: stopped, done, failed, with QGIS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from by_hand import WGS84
from on_demand.row_of_patches import (
    Stub,
    begin,
    cache_of,
    cache_of_workspace,
    click,
    cursor_of,
    in_patch,
    leave,
    make_row,
    press_click_now,
    shape_of,
    show,
)
from osgeo import gdal
from processes import is_alive
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, raster_layer, wait_for
from record import Record
from stub_engine import BOTTOM, PATCHES
from stub_engine import LEFT as X0

from geosam_plugin.clicking.draft import PATCH
from geosam_plugin.clicking.fill import FillState
from geosam_plugin.window.workspace import Workspace


def test_what_is_stopped_goes_on_where_it_was(
    workspace: Workspace, window: Window, record: Record
) -> None:
    begin(workspace)
    row, fill = workspace.dock.image.fill, workspace.on_demand.fill
    QTest.mouseClick(row.stop, LEFT)
    wait_for(lambda: fill.state is FillState.STOPPED)
    assert fill.process_id == 0
    assert row.text.text().startswith("Stopped: ")
    done = fill.done
    assert done == len([*cache_of_workspace(workspace).iterdir()]) - 1  # but for its description
    press_click_now(workspace)
    wait_for(lambda: fill.total > 0)
    assert fill.total == PATCHES - done
    first, second = record.of("encode")
    assert second["out"] == first["out"]
    assert (second["overlap"], second["dtype"], second["bands"]) == (0, "float16", [1])


def test_what_is_stopped_before_its_first_patch_is_as_before(
    gated: Workspace, window: Window, record: Record
) -> None:
    workspace, dock, fill = gated, gated.dock, gated.on_demand.fill
    press_click_now(workspace)
    wait_for(lambda: bool(record.of("encode")))
    QTest.mouseClick(dock.image.fill.stop, LEFT)
    assert dock.image.fill.text.text() == "Stopping…"
    assert not dock.image.click_now.isEnabled()
    wait_for(lambda: fill.process_id == 0 and not workspace.image.search.is_looking)
    assert not workspace.controller.cache
    assert dock.image.state.text() == "Not encoded yet."
    assert not workspace.messages.text or "Click now" in workspace.messages.text
    assert dock.image.fill.isHidden()
    assert not dock.prompt.clicking.isChecked()
    press_click_now(workspace)
    record.open_gate()
    wait_for(lambda: fill.done > 0)


def test_what_is_stopped_at_its_first_patch_has_that(
    workspace: Workspace, window: Window, record: Record
) -> None:
    dock, fill = workspace.dock, workspace.on_demand.fill
    press_click_now(workspace)
    wait_for(lambda: bool(record.of("encode")))
    assert not workspace.controller.described
    QTest.mouseClick(dock.image.fill.stop, LEFT)
    wait_for(lambda: fill.process_id == 0 and bool(workspace.controller.described))
    assert dock.image.fill.text.text() == f"Stopped: {fill.done} of {PATCHES} patches"
    assert fill.done > 0
    assert dock.image.state.text().startswith("Encoded with nano")
    assert dock.image.click_now.isEnabled()
    click(window, 5)
    assert shape_of(workspace).contains(in_patch(5))


def test_a_click_that_waits_when_it_is_stopped_is_there_again_when_it_goes_on(
    workspace: Workspace, window: Window
) -> None:
    begin(workspace)
    QTest.mouseClick(workspace.dock.image.fill.pause, LEFT)
    show(window, 100)
    session = workspace.controller.session
    with_stopped_fill = workspace.on_demand.fill
    click(window, 100)
    wait_for(lambda: session.draft.waits_for == PATCH)
    QTest.mouseClick(workspace.dock.image.fill.stop, LEFT)
    wait_for(lambda: with_stopped_fill.process_id == 0)
    assert cursor_of(window) == Qt.CursorShape.CrossCursor
    if not session.draft.prompts:  # else its patch was the last one
        press_click_now(workspace)
    assert shape_of(workspace).contains(in_patch(100))


def test_when_everything_is_there_it_says_so(
    workspaces: Callable[..., Workspace], window: Window, image: Path
) -> None:
    leave(image, 8)
    workspace = workspaces()
    wait_for(lambda: bool(workspace.controller.described))
    press_click_now(workspace)
    wait_for(lambda: workspace.on_demand.fill.state is FillState.DONE)
    assert workspace.dock.image.fill.text.text() == "The whole image is encoded."
    wait_for(lambda: "100 % of the image" in workspace.dock.image.state.text())
    assert not workspace.dock.image.click_now.isEnabled()
    click(window, 3)
    assert shape_of(workspace).contains(in_patch(3))
    assert "exact" not in workspace.controller.image.params


def test_an_error_is_told_and_the_image_is_as_before(
    workspaces: Callable[..., Workspace], window: Window
) -> None:
    workspace = workspaces("full")
    press_click_now(workspace)
    click(window, 5)
    wait_for(lambda: "The disk is full" in workspace.messages.text)
    wait_for(lambda: not workspace.controller.cache)
    assert workspace.on_demand.fill.state is FillState.OFF
    assert not workspace.dock.prompt.clicking.isChecked()
    assert workspace.dock.image.click_now.isEnabled()
    assert cursor_of(window) != Qt.CursorShape.BusyCursor


def test_an_error_ends_what_was_begun_earlier(
    workspaces: Callable[..., Workspace], window: Window, image: Path
) -> None:
    leave(image, 8)
    workspace = workspaces("full")
    wait_for(lambda: bool(workspace.controller.described))
    press_click_now(workspace)
    assert workspace.dock.image.fill.text.text() == "Starting to encode…"
    wait_for(lambda: "The disk is full" in workspace.messages.text)
    assert workspace.dock.image.fill.text.text() == "Stopped."
    assert workspace.controller.cache == str(cache_of(image))
    assert workspace.dock.image.click_now.isEnabled()


def test_an_image_that_the_engine_cannot_place_is_not_begun(
    workspace: Workspace, window: Window, project: QgsProject, image: Path
) -> None:
    scan = image.with_name("scan.tif")
    made = gdal.GetDriverByName("GTiff").CreateCopy(str(scan), gdal.Open(str(image)))
    corners = ((0, 0), (2000, 0), (2000, 10), (0, 10))
    points = [gdal.GCP(X0 + 10 * x, BOTTOM - 10 * y, 0, x, y) for x, y in corners]
    made.SetGCPs(points, made.GetProjection())
    made = None
    workspace.dock.image.raster.setLayer(raster_layer(scan, project))
    wait_for(lambda: not workspace.image.search.is_looking)
    press_click_now(workspace)
    wait_for(lambda: "placed by control points only" in workspace.messages.text)
    assert not workspace.dock.prompt.clicking.isChecked()
    assert workspace.on_demand.fill.process_id == 0


def test_an_object_that_waits_stays_with_its_image(
    workspace: Workspace, window: Window, project: QgsProject, image: Path
) -> None:
    press_click_now(workspace)
    click(window, 7)
    first = workspace.dock.image.layer
    other = raster_layer(make_row(image.with_name("other.tif")), project)
    workspace.dock.image.raster.setLayer(other)
    assert not workspace.controller.session.draft.prompts
    wait_for(lambda: workspace.on_demand.fill.process_id == 0)
    workspace.dock.image.raster.setLayer(first)
    wait_for(workspace.dock.image.click_now.isEnabled)
    press_click_now(workspace)
    assert shape_of(workspace).contains(in_patch(7))


def test_another_crs_of_the_layer_does_not_end_it(workspace: Workspace, image: Path) -> None:
    press_click_now(workspace)
    layer: QgsRasterLayer = workspace.dock.image.layer
    layer.setCrs(WGS84)
    wait_for(lambda: not workspace.image.search.is_looking)
    assert workspace.on_demand.fill.is_on
    assert workspace.controller.cache == str(cache_of(image))
    wait_for(lambda: bool(workspace.controller.described))


@pytest.mark.parametrize("end", ["closed", "given up", "replaced"])
def test_it_stops_with_the_dock_and_with_the_engine(
    workspace: Workspace, stub: Stub, end: str
) -> None:
    """The packages of an engine may be removed next."""
    begin(workspace)
    if end == "closed":
        workspace.dock.closed.emit()
    elif end == "given up":
        workspace.client.give_up("It is being removed.")
        assert workspace.messages.text == "It is being removed."
    else:
        workspace.client.use(stub("anew"))
    wait_for(lambda: workspace.on_demand.fill.process_id == 0)
    assert workspace.on_demand.fill.state is FillState.STOPPED


def test_it_ends_with_the_workspace(workspace: Workspace) -> None:
    begin(workspace)
    process = workspace.on_demand.fill.process_id
    assert is_alive(process)
    workspace.close()
    wait_for(lambda: not is_alive(process))
