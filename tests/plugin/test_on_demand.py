"""Images are clicked before they are encoded, in QGIS's window: with a played engine, and once with
the real one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from by_hand import UTM, WGS84, features, is_idle, wait_for_saved
from osgeo import gdal, osr
from processes import is_alive
from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, raster_layer, settle, wait_for
from record import Record
from stub_engine import BOTTOM, PATCH_M, PATCH_S, PATCHES
from stub_engine import LEFT as X0

from geosam_plugin.clicking.draft import PATCH
from geosam_plugin.clicking.fill import HOLD_S, FillState
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.window import on_demand
from geosam_plugin.window.workspace import Workspace

Stub = Callable[..., EngineCommand]

Y = BOTTOM + PATCH_M / 2


def in_patch(number: int) -> QgsPointXY:
    return QgsPointXY(X0 + (number + 0.5) * PATCH_M, Y)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A row of patches that nobody has encoded."""
    return make_row(tmp_path / "row.tif")


def make_row(path: Path) -> Path:
    pixel = PATCH_M / 10
    made = gdal.GetDriverByName("GTiff").Create(str(path), 10 * PATCHES, 10, 1, gdal.GDT_Byte)
    made.SetGeoTransform([X0, pixel, 0, BOTTOM + PATCH_M, 0, -pixel])
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32633)
    made.SetProjection(crs.ExportToWkt())
    made.GetRasterBand(1).Fill(100)
    made.FlushCache()
    return path


def cache_of(image: Path) -> Path:
    return image.with_name(f"{image.name}.nano.sam2.zarr")


def leave(image: Path, count: int) -> None:
    """Have all but so many patches encoded already."""
    cache_of(image).mkdir()
    for name in ("zarr.json", *range(count, PATCHES)):
        (cache_of(image) / str(name)).touch()


def show(window: Window, patch: int) -> None:
    """Six patches, this one in the middle: a metre for each pixel of the screen."""
    window.canvas.setExtent(QgsRectangle.fromCenterAndSize(in_patch(patch), 600, 600))
    settle()


@pytest.fixture
def workspaces(
    window: Window, project: QgsProject, image: Path, stub: Stub
) -> Iterator[Callable[..., Workspace]]:
    """The dock open, the image on the map."""
    made: list[Workspace] = []

    def make(*how: str) -> Workspace:
        window.show_layer(raster_layer(image, project), UTM)
        show(window, 5)
        workspace = Workspace(window, stub(*how))
        made.append(workspace)
        wait_for(lambda: not workspace.image.search.is_looking)
        return workspace

    yield make
    for workspace in made:
        workspace.close()
    settle()


@pytest.fixture
def workspace(workspaces: Callable[..., Workspace]) -> Workspace:
    return workspaces()


@pytest.fixture
def gated(workspaces: Callable[..., Workspace]) -> Workspace:
    """No patch comes before `record.open_gate()`."""
    return workspaces("gate")


def press_click_now(workspace: Workspace) -> None:
    assert workspace.dock.image.click_now.isEnabled()
    QTest.mouseClick(workspace.dock.image.click_now, LEFT)


def click(window: Window, patch: int) -> None:
    window.click(window.pixel(in_patch(patch), UTM))


def cursor_of(window: Window) -> Qt.CursorShape:
    return window.canvas.cursor().shape()


def begin(workspace: Workspace) -> None:
    """And wait for its first patches."""
    press_click_now(workspace)
    wait_for(lambda: workspace.on_demand.fill.done > 1 and bool(workspace.controller.described))


def shape_of(workspace: Workspace) -> QgsGeometry:
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    return workspace.controller.shape.geometry


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


def cache_of_workspace(workspace: Workspace) -> Path:
    return Path(workspace.controller.cache)


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


# --- how it ends


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
