"""Web maps are clicked as if they were rasters, in QGIS's window, with a played engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from by_hand import MERCATOR, features, is_idle, wait_for_saved
from qgis.core import (
    QgsNetworkAccessManager,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtNetwork import QNetworkProxy
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, settle, wait_for
from record import Record
from stub_engine import BOTTOM, PATCH_M
from stub_engine import LEFT as X0

from geosam_plugin.basemap.block import PLACES_VARIABLE, block_at
from geosam_plugin.basemap.source import source_of
from geosam_plugin.clicking.fill import FillState
from geosam_plugin.engine.command import EngineCommand, with_variables
from geosam_plugin.window import on_demand
from geosam_plugin.window.workspace import Workspace

Stub = Callable[..., EngineCommand]

URL = "https://tiles.example.org/%7Bz%7D/%7Bx%7D/%7By%7D.png"
Y = BOTTOM + PATCH_M / 2
NORTH = 20_000.0
"""Metres, to another block."""


def in_patch(number: int, y: float = Y) -> QgsPointXY:
    return QgsPointXY(X0 + (number + 0.5) * PATCH_M, y)


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PLACES_VARIABLE, str(tmp_path / "places"))
    return tmp_path / "places"


def add_map(project: QgsProject, more: str = "&zmax=20") -> QgsRasterLayer:
    layer = QgsRasterLayer(f"type=xyz&url={URL}{more}", "Aerials", "wms")
    assert layer.isValid()
    layer.setAttribution("© Example")
    project.addMapLayer(layer)
    return layer


def show(window: Window, patch: int, y: float = Y, width: float = 600) -> None:
    """Six patches, this one in the middle: a metre for each pixel of the screen. The map is not
    drawn: there is no such server."""
    window.canvas.setDestinationCrs(MERCATOR)
    window.canvas.setExtent(QgsRectangle.fromCenterAndSize(in_patch(patch, y), width, width))
    settle()


@pytest.fixture
def workspaces(
    window: Window, project: QgsProject, stub: Stub
) -> Iterator[Callable[..., Workspace]]:
    made: list[Workspace] = []

    def make(*how: str, more: str = "&zmax=20") -> Workspace:
        if not project.mapLayers():
            add_map(project, more)
        show(window, 100)
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


def press_click_now(workspace: Workspace) -> None:
    assert workspace.dock.image.click_now.isEnabled()
    QTest.mouseClick(workspace.dock.image.click_now, LEFT)
    wait_for(workspace.dock.prompt.clicking.isChecked)


def begin(workspace: Workspace) -> None:
    """And wait until what the map shows is encoded."""
    press_click_now(workspace)
    wait_for(lambda: workspace.on_demand.fill.is_waiting)


def click(window: Window, place: QgsPointXY) -> None:
    window.click(window.pixel(place, MERCATOR))


def wait_for_shape(workspace: Workspace, place: QgsPointXY) -> None:
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    assert workspace.controller.shape.geometry.contains(place)


def is_at_block_of(workspace: Workspace, place: QgsPointXY, zoom: int) -> bool:
    layer = workspace.dock.image.layer
    block = block_at(source_of(layer), zoom, place)
    return workspace.controller.image.raster == str(block.path)


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


# --- the zoom


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


# --- what goes wrong


def test_a_server_that_fails_at_first_is_told_once(
    workspaces: Callable[..., Workspace], window: Window, record: Record
) -> None:
    workspace = workspaces("lost")
    press_click_now(workspace)
    click(window, in_patch(100))
    wait_for(lambda: workspace.controller.session.awaiting is not None)
    record.let_fail()
    wait_for(lambda: "Some map tiles are missing" in workspace.messages.text)
    wait_for(lambda: workspace.on_demand.fill.process_id == 0)
    assert workspace.messages.button.text() == "Click now"  # so it stays until it is dealt with
    workspace.messages.clear()
    show(window, 102)
    QTest.qWait(800)
    assert workspace.messages.text == ""  # nobody is told again who only looks around
    record.open_gate()
    begin(workspace)
    wait_for_shape(workspace, in_patch(100))  # what was clicked is tried again


def test_where_a_server_fails_another_click_goes_on(
    workspaces: Callable[..., Workspace], window: Window, record: Record
) -> None:
    workspace = workspaces("lost")
    record.let_fail()
    record.open_gate()
    begin(workspace)
    QTest.mouseClick(workspace.dock.image.fill.stop, LEFT)
    wait_for(lambda: workspace.on_demand.fill.state is FillState.STOPPED)
    record.close_gate()
    show(window, 120)
    click(window, in_patch(120))
    wait_for(lambda: "Some map tiles are missing" in workspace.messages.text)
    wait_for(lambda: workspace.on_demand.fill.process_id == 0)
    assert workspace.dock.prompt.clicking.isChecked()
    record.open_gate()
    click(window, in_patch(121))
    wait_for_shape(workspace, in_patch(121))
    assert workspace.messages.text == "", "what failed is gone on with"
    assert len(workspace.controller.session.draft.prompts) == 1


def test_a_click_where_nothing_is_encoded_fetches_again(
    workspaces: Callable[..., Workspace], window: Window, record: Record
) -> None:
    """Nobody needs to press anything: neither after an error, nor next week."""
    workspace = workspaces()
    begin(workspace)
    workspace.close()
    settle()
    again = workspaces()
    wait_for(lambda: bool(again.controller.described))
    QTest.mouseClick(again.dock.prompt.clicking, LEFT)
    show(window, 120)
    click(window, in_patch(121))
    wait_for_shape(again, in_patch(121))
    assert len(record.of("encode")) == 2


def test_a_folder_that_cannot_be_written_to_is_told(workspace: Workspace, places: Path) -> None:
    places.write_text("in the way")
    QTest.mouseClick(workspace.dock.image.click_now, LEFT)
    wait_for(lambda: "cannot be written to" in workspace.messages.text)
    assert not workspace.dock.prompt.clicking.isChecked()
    assert workspace.dock.image.click_now.isEnabled()


# --- the way to the server


def test_the_engine_fetches_through_qgis_s_proxy(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[EngineCommand] = []
    make = on_demand.SteeredEncode

    def remembered(command: EngineCommand, *more: object) -> object:
        commands.append(command)
        return make(command, *more)

    monkeypatch.setattr(on_demand, "SteeredEncode", remembered)
    manager = QgsNetworkAccessManager.instance()
    before = manager.fallbackProxy()
    proxy = QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "proxy.example", 3128, "ann", "a:b")
    manager.setFallbackProxyAndExcludes(proxy, ["https://inside.example"], [])
    try:
        begin(workspace)
    finally:
        manager.setFallbackProxyAndExcludes(before, [], [])
    (command,) = commands
    assert command.environment["HTTPS_PROXY"] == "http://ann:a%3Ab@proxy.example:3128"
    assert "inside.example" in command.environment["NO_PROXY"].split(",")


def test_a_socks_proxy_is_told(workspace: Workspace, record: Record, places: Path) -> None:
    """The engine fetches through HTTP proxies only."""
    manager = QgsNetworkAccessManager.instance()
    before = manager.fallbackProxy()
    proxy = QNetworkProxy(QNetworkProxy.ProxyType.Socks5Proxy, "proxy.example", 1080, "ann", "pw")
    manager.setFallbackProxyAndExcludes(proxy, [], [])
    try:
        QTest.mouseClick(workspace.dock.image.click_now, LEFT)
        wait_for(lambda: "SOCKS proxy" in workspace.messages.text)
    finally:
        manager.setFallbackProxyAndExcludes(before, [], [])
    assert "“Layer to raster”" in workspace.messages.text
    assert not record.of("encode") and not places.exists()
    begin(workspace)


def test_a_proxy_takes_the_place_of_one_in_small_letters() -> None:
    """Python looks for those first."""
    command = EngineCommand("python", (), {"https_proxy": "http://old", "PATH": "/bin"})
    changed = with_variables(command, {"HTTPS_PROXY": "http://new"})
    assert changed.environment == {"PATH": "/bin", "HTTPS_PROXY": "http://new"}


def test_settings_hold_no_address(workspace: Workspace) -> None:
    """It may have a key in it."""
    begin(workspace)
    stored = QgsSettings()
    stored.beginGroup("geosam/basemaps")
    values = [*stored.allKeys(), *(str(stored.value(key)) for key in stored.allKeys())]
    assert values
    assert not any("{z}" in value for value in values)
