"""The engine is killed while somebody clicks: what the map, the dock and the message bar show."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QPoint
from qgis.PyQt.QtWidgets import QPushButton
from qgis_window import Window, raster_layer, settle, wait_for

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace

UTM = QgsCoordinateReferenceSystem("EPSG:32633")
ROOF = QgsPointXY(500_150.0, 4_649_850.0)

DEADLY = """
import os, sys
from encoder_tool.worker import methods
from encoder_tool.worker.__main__ import main
methods.predict = lambda *_: os.kill(os.getpid(), 9)
sys.exit(main())
"""


class Screen:
    """What the user sees and does, and all that the message bar was given."""

    def __init__(self, window: Window, workspace: Workspace) -> None:
        self.window, self.workspace = window, workspace
        self.client = workspace.client
        self.said: list[str] = []
        self.asked: list[str] = []
        window.bar.widgetAdded.connect(lambda item: self.said.append(item.text()))
        self.client.stateChanged.connect(self.asked.append)

    @property
    def shown(self) -> list[str]:
        return [item.text() for item in self.window.bar.items()]

    @property
    def area(self) -> float:
        """Of the pending shape; 0 for none."""
        shape = self.workspace.controller.shape
        return shape.geometry.area() if shape is not None else 0.0

    def click(self) -> None:
        self.window.click(self.spot)

    @property
    def spot(self) -> QPoint:
        return self.window.pixel(ROOF, UTM)

    def hang_and_click(self) -> int:
        """A click that the engine has not answered for sure; returns the engine's process."""
        wait_for(lambda: self.client.state == "ready" and not self.client.pending)
        pid = self.client.process_id
        os.kill(pid, signal.SIGSTOP)
        self.click()
        QCoreApplication.processEvents()
        assert self.client.pending
        return pid


def opened(
    window: Window, project: QgsProject, scene: Path, command: EngineCommand
) -> Iterator[Screen]:
    """The dock open, clicking, the scene on the map."""
    layer = raster_layer(scene, project)
    window.show_layer(layer, UTM)
    workspace = Workspace(window, command)
    workspace.saver.keeper.discard()
    wait_for(lambda: bool(workspace.controller.described))
    workspace.dock.options.hover.setChecked(False)  # a preview is not what is killed here
    workspace.controller.clear_hover()
    screen = Screen(window, workspace)
    workspace.dock.prompt.clicking.blockSignals(True)  # no preview to warm up either
    workspace.dock.prompt.clicking.setChecked(True)
    workspace.dock.prompt.clicking.blockSignals(False)
    window.canvas.setMapTool(workspace.overlay.tool)
    yield screen
    workspace.close()
    settle()


@pytest.fixture
def screen(
    window: Window, project: QgsProject, scene: Path, cache: Path, command: EngineCommand
) -> Iterator[Screen]:
    yield from opened(window, project, scene, command)


@pytest.fixture
def deadly(
    window: Window, project: QgsProject, scene: Path, cache: Path, command: EngineCommand
) -> Iterator[Screen]:
    """With an engine that dies of every click."""
    fatal = EngineCommand(command.program, ("-c", DEADLY), command.environment)
    yield from opened(window, project, scene, fatal)


def test_killed_over_a_click_the_polygon_arrives_after_one_message(screen: Screen) -> None:
    pid = screen.hang_and_click()
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: screen.area > 0)
    assert screen.area > 10
    assert len(screen.said) == len(screen.shown) == 1
    assert "started again" in screen.shown[0]
    assert screen.client.process_id not in (0, pid)
    assert "ready" in screen.workspace.dock.engine.text()

    screen.workspace.saving.save()
    wait_for(lambda: screen.workspace.dock.target.layer is not None)
    (feature,) = screen.workspace.dock.target.layer.getFeatures()
    assert feature.geometry().area() == pytest.approx(screen.area or feature.geometry().area())
    assert len(screen.said) == 1


def test_three_kills_in_a_row_are_one_clear_error_and_no_loop(screen: Screen) -> None:
    pid = screen.hang_and_click()
    for _ in range(3):
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda gone=pid: screen.client.process_id not in (gone,))
        if screen.client.state == "failed":
            break
        wait_for(lambda: screen.client.process_id != 0)
        pid = screen.client.process_id
    assert screen.client.state == "failed"
    assert screen.client.process_id == 0
    wait_for(lambda: not screen.client.pending)
    settle()
    assert len(screen.shown) == 1
    assert "in a row" in screen.shown[0]
    assert "not working" in screen.workspace.dock.engine.text()
    before = len(screen.said)

    screen.click()
    for _ in range(100):
        settle()
    assert screen.client.process_id == 0, "no loop"
    assert len(screen.said) == before, "what is known is not told again"
    assert screen.area == 0

    (button,) = window_buttons(screen)
    button.click()
    wait_for(lambda: screen.area > 0)
    assert screen.client.state == "ready"
    assert screen.shown == []


def test_a_click_that_always_kills_is_given_up_and_told(deadly: Screen) -> None:
    deadly.click()
    wait_for(lambda: deadly.asked.count("restarting") >= 2)
    wait_for(lambda: deadly.client.state in ("ready", "failed") and not deadly.client.pending)
    for _ in range(200):
        settle()
    assert deadly.asked.count("restarting") == 2, "sent twice, not a third time"
    assert deadly.client.state == "ready"
    (shown,) = deadly.shown
    assert "twice" in shown
    assert deadly.area == 0
    assert deadly.workspace.controller.session.draft.prompts, "the click can be undone or refined"


def window_buttons(screen: Screen) -> list[QPushButton]:
    return [
        button
        for item in screen.window.bar.items()
        for button in item.findChildren(QPushButton)
        if button.text() == "Start again"
    ]
