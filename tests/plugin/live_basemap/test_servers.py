"""Web maps of servers that fail, and the way to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from live_basemap.web_layer import begin, click, in_patch, press_click_now, show, wait_for_shape
from qgis.core import QgsNetworkAccessManager, QgsSettings
from qgis.PyQt.QtNetwork import QNetworkProxy
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, settle, wait_for
from record import Record

from geosam_plugin.clicking.fill import FillState
from geosam_plugin.engine.command import EngineCommand, with_variables
from geosam_plugin.window import on_demand
from geosam_plugin.window.workspace import Workspace

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
