"""Processing's dialog, opened from the dock: filled in, found again, gone with the plugin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.gui import QgsCollapsibleGroupBox
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QScrollArea
from qgis_window import Window, raster_layer, settle, wait_for
from reference import write_tiff

from geosam_plugin.cache_paths import is_cache
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.process import EngineProcess
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.window.encode_dialog import EncodeDialogs
from geosam_plugin.window.workspace import Workspace


@pytest.fixture
def window(with_processing: Window, provider: GeoSamProvider) -> Window:
    return with_processing


@pytest.fixture
def layer(window: Window, tmp_path: Path) -> QgsRasterLayer:
    """Five patches and more."""
    rng = np.random.default_rng(0)
    values = rng.integers(0, 255, (3, 200, 1024 + 4 * 768), np.uint8, endpoint=True)
    return raster_layer(write_tiff(tmp_path / "wide.tif", values), QgsProject.instance())


@pytest.fixture
def dialogs(window: Window) -> Iterator[EncodeDialogs]:
    dialogs = EncodeDialogs()
    yield dialogs
    dialogs.close()
    wait_for(lambda: not shown(window))
    dialogs.deleteLater()
    settle()


def shown(window: Window) -> list[AlgorithmDialog]:
    settle()
    return window.window.findChildren(AlgorithmDialog)


def test_it_is_as_wide_as_its_parameters(
    dialogs: EncodeDialogs, window: Window, layer: QgsRasterLayer
) -> None:
    dialogs.open(layer)
    (dialog,) = shown(window)
    scroll = dialog.mainWidget().findChild(QScrollArea)
    assert scroll.horizontalScrollBar().maximum() == 0
    for group in dialog.mainWidget().findChildren(QgsCollapsibleGroupBox):
        group.setCollapsed(False)
    settle()
    assert scroll.horizontalScrollBar().maximum() == 0
    assert dialog.width() <= dialog.windowHandle().screen().availableGeometry().width()


def test_it_is_filled_in(dialogs: EncodeDialogs, window: Window, layer: QgsRasterLayer) -> None:
    dialogs.open(layer)
    (dialog,) = shown(window)
    values = dialog.createProcessingParameters()
    assert values["INPUT"] == layer.id()
    assert not values.get("EXTENT")
    dialogs.open(layer, QgsRectangle(500010, 4649950, 500110, 4649990))
    (dialog,) = shown(window)
    extent = dialog.createProcessingParameters()["EXTENT"]
    numbers, crs = extent.split(" ")
    assert [float(number) for number in numbers.split(",")] == [500010, 500110, 4649950, 4649990]
    assert crs == "[EPSG:32633]"


def test_the_model_is_filled_in(
    dialogs: EncodeDialogs, window: Window, layer: QgsRasterLayer
) -> None:
    for model, kept in (("sam2.1-tiny", "sam2.1-tiny"), ("own checkpoint", "nano"), ("", "nano")):
        dialogs.open(layer, None, model)
        (dialog,) = shown(window)
        assert dialog.createProcessingParameters().get("MODEL", "nano") == kept


@pytest.mark.slow
def test_a_cache_of_its_own_kind_takes_more(
    dialogs: EncodeDialogs, window: Window, layer: QgsRasterLayer, command: EngineCommand,
    tmp_path: Path,
) -> None:  # fmt: skip
    """Other bands, resolution, overlap and storage than by default, and a place of its own."""
    cache = tmp_path / "mine.sam2.zarr"
    run = EngineProcess(command).run_blocking
    asked = {
        "raster": layer.source(), "out": str(cache), "bands": [2], "resolution": 0.7,
        "overlap": 128, "dtype": "float32", "levels": 1, "stretch": "none",
        "extent": [500010, 4649950, 500020, 4649960],
    }  # fmt: skip
    run("encode", asked, allow_gui_thread=True)
    described = run("open", {"cache": str(cache)}, allow_gui_thread=True)
    done = described["levels"][0]["present"]
    told: list[str] = []
    dialogs.encoded.connect(lambda _layer_id, cache: told.append(cache))
    everything = QgsRectangle(*described["bounds"])
    dialogs.open(layer, everything, described["model"], described)
    (dialog,) = shown(window)
    assert dialog.createProcessingParameters()["OUTPUT"] == str(cache)
    dialog.runButton().click()
    wait_for(lambda: bool(told))
    assert told == [str(cache)]
    described = run("open", {"cache": str(cache)}, allow_gui_thread=True)
    finest = described["levels"][0]
    assert done < finest["present"] == finest["cols"] * finest["rows"]
    assert described["manifest"]["bands"] == [2]


def test_an_extent_in_a_crs_of_the_users_own(
    dialogs: EncodeDialogs, window: Window, layer: QgsRasterLayer
) -> None:
    own = QgsCoordinateReferenceSystem.fromProj("+proj=tmerc +lat_0=3 +lon_0=7.5 +ellps=WGS84")
    layer.setCrs(own)
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    wanted = QgsRectangle(500010, 4649950, 500110, 4649990)
    dialogs.open(layer, wanted)
    (dialog,) = shown(window)
    values = dialog.createProcessingParameters()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    outline = dialog.algorithm().parameterAsExtentGeometry(values, "EXTENT", context, own)
    found = outline.boundingBox()
    assert found.contains(wanted)
    assert found.area() < 1.5 * wanted.area()


def test_what_is_encoded_is_told(
    dialogs: EncodeDialogs, window: Window, layer: QgsRasterLayer
) -> None:
    told: list[tuple[str, str]] = []
    dialogs.encoded.connect(lambda layer_id, cache: told.append((layer_id, cache)))
    dialogs.open(layer, QgsRectangle(500010, 4649950, 500110, 4649990))
    (dialog,) = shown(window)
    dialog.runButton().click()
    dialogs.open(layer)
    assert shown(window) == [dialog], "the one that runs is shown again"
    wait_for(lambda: bool(told))
    (found,) = told
    assert found[0] == layer.id()
    assert is_cache(Path(found[1]))


def test_a_run_is_cancelled_when_it_is_closed(
    dialogs: EncodeDialogs, window: Window, layer: QgsRasterLayer, tmp_path: Path
) -> None:
    """As when the plugin is unloaded."""
    told: list[tuple[str, str]] = []
    dialogs.encoded.connect(lambda layer_id, cache: told.append((layer_id, cache)))
    dialogs.open(layer)
    (dialog,) = shown(window)
    dialog.runButton().click()
    wait_for(lambda: is_cache(tmp_path / "wide.tif.nano.sam2.zarr"))
    dialogs.close()
    assert not dialog.isVisible()
    wait_for(lambda: sip.isdeleted(dialog))
    assert QgsApplication.taskManager().countActiveTasks() == 0
    assert told == []


def test_what_a_cancelled_run_has_encoded_is_told(
    dialogs: EncodeDialogs, window: Window, layer: QgsRasterLayer, tmp_path: Path
) -> None:
    told: list[tuple[str, str]] = []
    dialogs.encoded.connect(lambda layer_id, cache: told.append((layer_id, cache)))
    dialogs.open(layer)
    (dialog,) = shown(window)
    dialog.runButton().click()
    wait_for(lambda: is_cache(tmp_path / "wide.tif.nano.sam2.zarr"))
    dialog.cancelButton().click()
    wait_for(lambda: bool(told))
    assert told == [(layer.id(), str(tmp_path / "wide.tif.nano.sam2.zarr"))]


def test_a_dialog_that_is_not_running_just_goes(
    dialogs: EncodeDialogs, window: Window, layer: QgsRasterLayer
) -> None:
    dialogs.open(layer)
    dialogs.close()
    assert shown(window) == []
    dialogs.open(layer)
    (dialog,) = shown(window)
    sip.delete(dialog)  # Processing's own way to change to its batch dialog
    dialogs.open(layer)
    assert len(shown(window)) == 1


def test_what_runs_is_cancelled_when_the_provider_goes(
    window: Window, layer: QgsRasterLayer, tmp_path: Path
) -> None:
    """The plugin is unloaded during an encode that the toolbox has begun: no engine stays behind,
    and what is done is kept."""
    registry = QgsApplication.processingRegistry()
    algorithm = registry.createAlgorithmById("geosam:encoderaster")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    parameters = {"INPUT": layer.id(), "LEVELS": 1, "BATCH": 1}
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    ended: list[tuple[bool, dict[str, Any]]] = []
    task.executed.connect(lambda is_fine, results: ended.append((is_fine, results)))
    QgsApplication.taskManager().addTask(task)
    wait_for(lambda: feedback.progress() > 0)
    registry.removeProvider("geosam")
    wait_for(lambda: bool(ended))
    ((_, results),) = ended
    assert results == {"OUTPUT": str(tmp_path / "wide.tif.nano.sam2.zarr")}
    assert feedback.isCanceled()
    assert feedback.progress() < 100


def test_what_the_toolbox_has_encoded_is_found_by_the_dock(
    window: Window, layer: QgsRasterLayer, command: EngineCommand
) -> None:
    workspace = Workspace(window, command)
    wait_for(lambda: workspace.dock.image.state.text() == "Not encoded yet.")
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geosam:encoderaster")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    parameters = {"INPUT": layer.id(), "LEVELS": 1, "EXTENT": "500010,500020,4649950,4649960"}
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    QgsApplication.taskManager().addTask(task)
    wait_for(lambda: "nano" in workspace.dock.image.state.text())
    workspace.close()
    settle()
