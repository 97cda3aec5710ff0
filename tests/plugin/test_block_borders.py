"""Where blocks of a web map meet: what is clicked belongs to the one whose core holds it, wherever
the middle of the map is; with a played engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from by_hand import MERCATOR, features, is_idle, wait_for_saved
from open_workspaces import open_workspaces
from qgis.core import QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, settle, wait_for
from record import Record
from stub_engine import BOTTOM, PATCH_M

from geosam_plugin.basemap.block import PLACES_VARIABLE, block_at
from geosam_plugin.basemap.source import source_of
from geosam_plugin.clicking.fill import FillState
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace

Stub = Callable[..., EngineCommand]

URL = "https://tiles.example.org/%7Bz%7D/%7Bx%7D/%7By%7D.png"
BORDER = 508_765.53
"""Metres: the cores of two blocks of zoom 18 meet there."""
Y = BOTTOM + PATCH_M / 2


def place(east: float, north: float = 0) -> QgsPointXY:
    """So many metres from the border."""
    return QgsPointXY(BORDER + east, Y + north)


WEST, EAST = place(-150), place(150)


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLACES_VARIABLE, str(tmp_path / "places"))


@pytest.fixture
def workspaces(
    window: Window, project: QgsProject, stub: Stub
) -> Iterator[Callable[..., Workspace]]:
    """The map shows 600 m around a place that is 50 m west of the border."""
    with open_workspaces(window, stub) as open_one:

        def make(*how: str) -> Workspace:
            if not project.mapLayers():
                project.addMapLayer(QgsRasterLayer(f"type=xyz&url={URL}&zmax=20", "Aerials", "wms"))
            look_at(window, place(-50))
            return open_one(*how)

        yield make


@pytest.fixture
def workspace(workspaces: Callable[..., Workspace]) -> Workspace:
    made = workspaces()
    begin(made)
    return made


def look_at(window: Window, middle: QgsPointXY) -> None:
    window.canvas.setDestinationCrs(MERCATOR)
    window.canvas.setExtent(QgsRectangle.fromCenterAndSize(middle, 600, 600))
    settle()


def begin(workspace: Workspace) -> None:
    QTest.mouseClick(workspace.dock.image.click_now, LEFT)
    wait_for(lambda: workspace.on_demand.fill.is_waiting)


def click(window: Window, where: QgsPointXY) -> None:
    window.click(window.pixel(where, MERCATOR))


def raster_of(where: QgsPointXY, workspace: Workspace) -> str:
    block = block_at(source_of(workspace.dock.image.layer), 18, where)
    assert block.core_extent.contains(where)
    return str(block.path)


def wait_for_shape(workspace: Workspace, where: QgsPointXY) -> None:
    controller = workspace.controller
    wait_for(lambda: is_idle(workspace) and controller.shape is not None)
    assert controller.shape.geometry.contains(where)
    assert controller.image.raster == raster_of(where, workspace)


def save(workspace: Workspace, window: Window, count: int) -> None:
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, count)


def test_a_click_beyond_the_border_is_the_other_block_s(
    workspace: Workspace, window: Window, record: Record
) -> None:
    """And the next one on this side is this one's again; all go into one layer."""
    clicked = (WEST, EAST, place(200), place(-200))
    for count, where in enumerate(clicked, 1):
        click(window, where)
        wait_for_shape(workspace, where)
        save(workspace, window, count)
    wait_for(lambda: len(record.of("encode")) == 3)  # begun again for what else the map shows
    assert [asked["raster"] for asked in record.of("encode")] == [
        raster_of(WEST, workspace), raster_of(EAST, workspace), raster_of(WEST, workspace),
    ]  # fmt: skip
    target = workspace.dock.target.layer
    for feature, where in zip(features(target), clicked, strict=True):
        assert feature.geometry().contains(where)
    target.rollBack()


def test_what_the_map_shows_is_what_the_other_block_encodes(
    workspace: Workspace, window: Window, record: Record
) -> None:
    """The click first, and nothing beyond the map; when the map moves, its middle decides."""
    click(window, EAST)
    wait_for_shape(workspace, EAST)
    wait_for(lambda: workspace.on_demand.fill.is_waiting)
    west, _, east, _ = record.of("encode")[1]["focus"]["extent"]
    assert (west, east) == (pytest.approx(BORDER - 350, abs=4), pytest.approx(BORDER + 250, abs=4))
    cache = Path(workspace.controller.cache)
    encoded = {int(file.name) for file in cache.iterdir() if file.name.isdigit()}
    assert encoded == set(range(84, 91))
    save(workspace, window, 1)
    QTest.qWait(800)
    assert workspace.controller.image.raster == raster_of(EAST, workspace)
    look_at(window, place(-60))
    wait_for(lambda: workspace.controller.image.raster == raster_of(WEST, workspace))
    workspace.dock.target.layer.rollBack()


def test_what_is_added_to_an_object_stays_with_its_block(
    workspace: Workspace, window: Window, record: Record
) -> None:
    click(window, WEST)
    wait_for_shape(workspace, WEST)
    click(window, EAST)
    wait_for(lambda: is_idle(workspace) and len(record.of("predict")) > 1)
    assert record.of("predict")[-1]["include"] == [
        pytest.approx([*where], abs=1) for where in (WEST, EAST)
    ]
    assert workspace.controller.image.raster == raster_of(WEST, workspace)
    assert len(record.of("encode")) == 1
    window.key(Qt.Key.Key_Escape)


@pytest.mark.parametrize(("left", "right", "home"), [(-200, 100, WEST), (-100, 200, EAST)])
def test_a_box_across_the_border_is_where_its_middle_is(
    workspace: Workspace, window: Window, record: Record, left: int, right: int, home: QgsPointXY
) -> None:
    ends = (window.pixel(place(*end), MERCATOR) for end in ((left, 20), (right, -20)))
    window.drag(*ends)
    wait_for(lambda: bool(record.of("predict")))
    assert record.of("predict")[-1]["cache"].startswith(raster_of(home, workspace))
    (prompt,) = workspace.controller.session.draft.prompts
    xs = [x for x, _ in prompt.points]
    assert (min(xs), max(xs)) == (
        pytest.approx(BORDER + left, abs=2), pytest.approx(BORDER + right, abs=2),
    )  # fmt: skip
    window.key(Qt.Key.Key_Escape)


def test_the_mouse_may_rest_beyond_the_border(
    workspace: Workspace, window: Window, record: Record
) -> None:
    """The margin answers, and the image stays."""
    wait_for(lambda: bool(workspace.controller.described))
    workspace.controller.hover(EAST, workspace.overlay.view)
    wait_for(lambda: bool(record.of("predict")))
    assert record.of("predict")[-1]["include"] == [pytest.approx([*EAST], abs=1)]
    wait_for(lambda: workspace.client.pending == 0)
    assert workspace.controller.image.raster == raster_of(WEST, workspace)
    assert len(record.of("encode")) == 1


def test_after_stop_a_click_beyond_the_border_fetches(
    workspace: Workspace, window: Window, record: Record
) -> None:
    QTest.mouseClick(workspace.dock.image.fill.stop, LEFT)
    wait_for(lambda: workspace.on_demand.fill.state is FillState.STOPPED)
    click(window, EAST)
    wait_for_shape(workspace, EAST)
    assert len(record.of("encode")) == 2
    window.key(Qt.Key.Key_Escape)


def test_what_is_encoded_beyond_the_border_is_clicked_next_week_without_encoding(
    workspaces: Callable[..., Workspace], window: Window
) -> None:
    """No patch can be encoded then."""
    workspace = workspaces()
    begin(workspace)
    click(window, EAST)
    wait_for_shape(workspace, EAST)
    window.key(Qt.Key.Key_Escape)
    workspace.close()
    settle()
    again = workspaces("gate")
    wait_for(lambda: bool(again.controller.described))
    QTest.mouseClick(again.dock.prompt.clicking, LEFT)
    click(window, EAST)
    wait_for_shape(again, EAST)
    window.key(Qt.Key.Key_Escape)


def test_a_saved_object_is_corrected_in_its_own_block(workspace: Workspace, window: Window) -> None:
    for count, where in enumerate((EAST, WEST), 1):
        click(window, where)
        wait_for_shape(workspace, where)
        save(workspace, window, count)
    target = workspace.dock.target.layer
    assert workspace.controller.image.raster == raster_of(WEST, workspace)
    at = window.pixel(EAST, MERCATOR)
    QTest.mouseClick(window.canvas.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, at)
    wait_for(lambda: workspace.controller.session.draft.replaces is not None)
    wait_for_shape(workspace, EAST)
    more = place(150, 10)
    click(window, more)
    wait_for(lambda: is_idle(workspace) and len(workspace.controller.session.draft.prompts) == 2)
    steps = target.undoStack().count()
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: target.undoStack().count() == steps + 1)
    assert len(features(target)) == 2
    target.rollBack()


def test_a_click_beyond_85_degrees_is_told(
    workspace: Workspace, window: Window, record: Record
) -> None:
    edge = 20_037_508.34
    look_at(window, QgsPointXY(BORDER, edge - 10))
    wait_for(lambda: workspace.on_demand.fill.is_waiting and len(record.of("encode")) == 2)
    click(window, QgsPointXY(BORDER, edge + 100))
    assert "web maps end at 85 degrees" in workspace.messages.text
    assert not workspace.controller.session.draft.prompts
