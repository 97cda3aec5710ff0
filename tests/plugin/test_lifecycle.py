"""Loaded, unloaded and loaded again, whatever is going on: nothing of the plugin is left."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from by_hand import UTM, is_idle
from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QPoint, QProcess, QTimer, QTranslator
from qgis.PyQt.QtWidgets import QPushButton, QWidget
from qgis_window import PATIENCE_S, Window, raster_layer, settle, wait_for

from geosam_plugin import classFactory
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.plugin import GeoSamPlugin
from geosam_plugin.window.log_dialog import LogDialog

SCRIPT = Path(__file__).parents[1] / "support" / "plugin_lives.py"

Census = dict[str, int]


@pytest.fixture
def bare(scene: Path, tmp_path: Path) -> Path:
    """The scene, not encoded."""
    return Path(shutil.copy(scene, tmp_path / "bare.tif"))


def census(window: Window) -> Census:
    """All that a plugin may leave behind."""
    settle()
    gc.collect()
    application, project = QgsApplication.instance(), QgsProject.instance()
    kinds = (QTimer, QTranslator, QProcess, AlgorithmDialog)
    alive: Counter[str] = Counter()
    for thing in gc.get_objects():
        if isinstance(thing, kinds) and not sip.isdeleted(thing):
            alive[type(thing).__name__] += 1
    return {
        **alive,
        "widgets": len(window.window.findChildren(QWidget)),
        # QGIS forgets a Help button with each dialog of an algorithm that has no help address.
        "windows": sum(
            not isinstance(widget, QPushButton) for widget in QgsApplication.topLevelWidgets()
        ),
        "menu": len(window.menu.actions()),
        "toolbar": len(window.toolbar.actions()),
        "options pages": len(window.factories),
        "on the map": len(window.canvas.scene().items()),
        "providers": len(QgsApplication.processingRegistry().providers()),
        "tasks": QgsApplication.taskManager().count(),
        "threads": threading.active_count(),
        "processes": len(application.findChildren(QProcess)),
        # Not layersWillBeRemoved: each of Processing's dialogs goes on listening to it.
        "listening to the project": sum(
            project.receivers(signal)
            for signal in (
                project.cleared, project.layersAdded, project.layerWillBeRemoved,
                project.crsChanged,
            )
        ),
        "listening to the canvas": sum(
            window.canvas.receivers(signal)
            for signal in (window.canvas.mapToolSet, window.canvas.destinationCrsChanged)
        ),
    }  # fmt: skip


def engines() -> set[int]:
    """Processes of the engine's that this one started and that run."""
    running = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            is_engine = b"encoder_tool" in (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if state != "Z" and is_engine and int(parent) == os.getpid():
            running.add(int(folder.name))
    return running


# --- what may be going on


def idle(plugin: GeoSamPlugin, window: Window) -> None:
    """Nothing."""


def reading_the_log(plugin: GeoSamPlugin, window: Window) -> None:
    plugin.workspace.dock.engine_button.click()
    assert window.window.findChild(LogDialog).isVisible()


def about_to_encode(plugin: GeoSamPlugin, window: Window) -> None:
    plugin.workspace.dock.image.encode.click()
    assert window.window.findChild(AlgorithmDialog).isVisible()


def encoding(plugin: GeoSamPlugin, window: Window) -> None:
    image = plugin.workspace.dock.image
    image.raster.setLayer(QgsProject.instance().mapLayersByName("bare")[0])
    image.encode.click()
    before = engines()
    window.window.findChild(AlgorithmDialog).runButton().click()
    wait_for(lambda: bool(engines() - before))


def segmenting_everything(plugin: GeoSamPlugin, window: Window) -> None:
    before = engines()
    plugin.workspace.dock.everything.button.click()
    wait_for(lambda: bool(engines() - before))


def clicked(plugin: GeoSamPlugin, window: Window) -> None:
    """An answer is on its way, and an object waits for it to be saved."""
    plugin.workspace.dock.prompt.clicking.setChecked(True)
    window.click(QPoint(300, 300))
    plugin.workspace.saving.save()
    window.click(QPoint(200, 200))
    assert not is_idle(plugin.workspace)


SITUATIONS = (idle, reading_the_log, about_to_encode, encoding, segmenting_everything, clicked)


@pytest.mark.slow
def test_nothing_is_left_of_six_lives(
    with_processing: Window, project: QgsProject, scene: Path, cache: Path, bare: Path
) -> None:
    window = with_processing
    layer = raster_layer(scene, project)
    raster_layer(bare, project)
    window.show_layer(layer, UTM)

    def live(situation: Callable[[GeoSamPlugin, Window], None]) -> Census:
        plugin = classFactory(window)
        plugin.initGui()
        assert QgsApplication.processingRegistry().providerById("geosam") is not None
        plugin.show_workspace()
        plugin.workspace.dock.image.raster.setLayer(layer)
        wait_for(lambda: bool(plugin.workspace.controller.described))
        situation(plugin, window)
        plugin.unload()
        plugin = None  # QGIS forgets it
        wait_for(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
        wait_for(lambda: not engines() and not QgsApplication.instance().findChildren(QProcess))
        return census(window)

    first = [live(situation) for situation in SITUATIONS]  # QGIS makes lasting things of its own
    again = [live(situation) for situation in SITUATIONS]
    assert again == [first[-1]] * len(SITUATIONS)
    assert window.canvas.mapTool() is None
    assert not list(bare.parent.glob("*.lock"))


def test_qgis_itself_loads_and_unloads_it(
    scene: Path, cache: Path, command: EngineCommand, tmp_path: Path
) -> None:
    """By the code behind the plugin manager, which imports the modules anew each time; then QGIS
    is closed, with the plugin loaded and a click on its way."""
    import geosam_plugin

    home = Path(geosam_plugin.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(home), str(scene), command.program],
        env={**os.environ, "HOME": str(tmp_path)}, cwd=tmp_path, capture_output=True, text=True,
        timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["lives"] == [{"modules": 0, "providers": 0, "actions": 0, "answered": True}] * 5
    for trouble in ("Traceback", "QProcess: Destroyed", "QThread: Destroyed", "Segmentation"):
        assert trouble not in done.stderr, done.stderr
