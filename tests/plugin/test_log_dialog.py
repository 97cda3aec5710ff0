"""The log's window: it follows what the engine writes without setting its text anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.PyQt.QtWidgets import QApplication

from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window import log_dialog
from geosam_plugin.window.log_dialog import LogDialog


@pytest.fixture
def client(qgis_app: object, command: EngineCommand) -> Iterator[EngineClient]:
    client = EngineClient(command)
    yield client
    client.shutdown()


@pytest.fixture
def dialog(client: EngineClient) -> Iterator[LogDialog]:
    dialog = LogDialog(client)
    dialog.show()
    yield dialog
    dialog.close()


def shown(dialog: LogDialog) -> list[str]:
    return dialog._text.toPlainText().splitlines()


def test_it_shows_what_was_there_and_what_comes(client: EngineClient) -> None:
    client._note("before")
    dialog = LogDialog(client)
    client._note("hidden")
    dialog.show()
    client._note("after")
    assert shown(dialog) == ["[QGIS] before", "[QGIS] hidden", "[QGIS] after"]
    dialog.close()
    client._note("closed")
    dialog.show()
    assert shown(dialog)[-1] == "[QGIS] closed"
    assert len(shown(dialog)) == 4, "nothing twice"
    dialog.close()


def test_a_burst_is_added_and_the_text_is_bounded(
    client: EngineClient, dialog: LogDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialog._text, "setPlainText", lambda _: pytest.fail("the text is set anew"))
    for number in range(3 * log_dialog.MAX_LINES):
        client._note(f"line {number}")
    lines = shown(dialog)
    assert len(lines) == log_dialog.MAX_LINES
    assert lines[-1] == f"[QGIS] line {3 * log_dialog.MAX_LINES - 1}"


def test_whoever_reads_above_stays_there(client: EngineClient, dialog: LogDialog) -> None:
    for number in range(500):
        client._note(f"line {number}")
    QApplication.processEvents()
    bar = dialog._text.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0, "the end is followed"
    bar.setValue(10)
    client._note("more")
    QApplication.processEvents()
    assert bar.value() == 10


def test_all_of_it_is_copied(client: EngineClient, dialog: LogDialog) -> None:
    client._note("words")
    dialog._copy()
    assert QApplication.clipboard().text() == client.log_text
