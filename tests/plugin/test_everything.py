"""Everything is segmented from the dock: the objects are those of the engine's own command, they
come as they are found, clicks are answered meanwhile, and whatever ends a run leaves what it has
found. The engine is real, but that its presets ask few points."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from by_hand import UTM, is_idle
from osgeo import gdal
from processes import is_alive
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, PATIENCE_S, Window, raster_layer, settle, wait_for
from reference import iou, write_tiff

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window import found_layer
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.workspace import Workspace

WORKER = Path(__file__).parents[1] / "support" / "everything_worker.py"

OPTIONS = (
    "--points-per-side", "5", "--pred-iou-thresh", "0.4", "--stability-score-thresh", "0.4",
)  # fmt: skip
"""What the worker's presets are."""

WIDTH, HEIGHT = 1792, 1024
"""Two patches at level 0, from x 0 and from x 768."""

HOUSES = tuple(
    (x, y)
    for x in (102, 307, 512, 717, 896, 1075, 1280, 1485, 1690)
    for y in (102, 307, 512, 717, 922)
)
"""Their middles, in pixels: where the grid of points is asked, and on the border of a patch."""

HOUSE_M2 = 80 * 60 * 0.09

Objects = list[QgsGeometry]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, command: EngineCommand) -> Path:
    """Houses on a meadow."""
    values = np.empty((3, HEIGHT, WIDTH))
    values[:] = np.array([80, 115, 60])[:, None, None]
    roofs = np.array([[165, 75, 60], [150, 150, 155], [120, 70, 50]])
    for number, (x, y) in enumerate(HOUSES):
        roof = roofs[number % len(roofs), :, None, None]
        values[:, y - 30 : y + 30, x - 40 : x + 40] = roof
    values += np.random.default_rng(6).normal(0, 6, values.shape)
    path = tmp_path_factory.mktemp("everything") / "houses.tif"
    write_tiff(path, values.clip(0, 255).astype(np.uint8))
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadataItem("TIFFTAG_COPYRIGHT", "© Houses")
    dataset = None  # closes it
    run_engine(command, "encode", path, "--threads", 2)
    return path


@pytest.fixture(scope="module")
def expected(image: Path, command: EngineCommand) -> Objects:
    return found_by_command(image, command)


def found_by_command(image: Path, command: EngineCommand, *more: str) -> Objects:
    """What `auto` finds, in its order."""
    out = image.with_name(f"all{len(more)}.geojson")
    cache = image.with_name(f"{image.name}.nano.sam2.zarr")
    run_engine(command, "auto", cache, "--out", out, "--out-crs", "EPSG:32633", *OPTIONS, *more)
    found = list(QgsVectorLayer(str(out)).getFeatures())
    assert len(found) > 5
    assert all(0.8 < f.geometry().area() / HOUSE_M2 < 1.1 for f in found)
    return [feature.geometry() for feature in sorted(found, key=lambda feature: feature["id"])]


def run_engine(command: EngineCommand, *words: object) -> None:
    done = subprocess.run(
        [command.program, "-m", "encoder_tool", *map(str, words)], env=dict(command.environment),
        capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The second patch waits for this file."""
    return tmp_path / "gate"


@pytest.fixture
def workspace(
    window: Window, project: QgsProject, image: Path, gate: Path, command: EngineCommand
) -> Iterator[Workspace]:
    """The dock open, the whole image on the map and asked for."""
    window.show_layer(raster_layer(image, project), UTM)
    held = dataclasses.replace(command, arguments=(str(WORKER), str(gate)))
    workspace = Workspace(window, held)
    wait_for(lambda: bool(workspace.controller.described))
    section = workspace.dock.everything
    section.setCollapsed(False)
    section.extent.setCurrentIndex(section.extent.findData(False))
    yield workspace
    workspace.close()
    settle()


def press(workspace: Workspace) -> None:
    """Begin, or stop."""
    button = workspace.dock.everything.button
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)


def begin(workspace: Workspace) -> QgsVectorLayer:
    """The layer, with the objects of the first patch; those of the second are held."""
    press(workspace)
    wait_for(lambda: workspace.everything.process_id != 0)
    wait_for(lambda: bool(layers()) and layers()[-1].featureCount() > 0)
    return layers()[-1]


def go_on(workspace: Workspace, gate: Path) -> None:
    """To the end."""
    gate.touch()
    if not workspace.everything.is_on:
        press(workspace)
    wait_for(lambda: not workspace.everything.is_on)


def layers() -> list[QgsVectorLayer]:
    every = QgsProject.instance().mapLayers().values()
    return [layer for layer in every if layer.name() == "Everything in houses"]


def objects_in(layer: QgsVectorLayer) -> list[QgsFeature]:
    """By their numbers."""
    return sorted(layer.getFeatures(), key=lambda feature: feature["id"])


def are_those(layer: QgsVectorLayer, expected: Objects) -> bool:
    """Each once, with its number."""
    found = objects_in(layer)
    assert [feature["id"] for feature in found] == [*range(1, len(expected) + 1)]
    return all(iou(f.geometry(), e) > 0.999 for f, e in zip(found, expected, strict=True))


# --- to the end


def test_everything_is_what_the_command_finds(
    workspace: Workspace, gate: Path, expected: Objects
) -> None:
    layer = begin(workspace)
    go_on(workspace, gate)
    assert layers() == [layer]
    assert are_those(layer, expected)
    assert layer.crs() == UTM
    assert isinstance(layer.renderer(), QgsSingleSymbolRenderer)
    assert layer.renderer().orderByEnabled()
    assert not layer.isEditable()
    assert layer.metadata().rights() == ["© Houses"]
    first = objects_in(layer)[0]
    assert (first["model"], first["raster"], first["level"]) == ("nano", "houses.tif", 0)
    assert first["area_m2"] == pytest.approx(expected[0].area(), rel=2e-3)
    assert workspace.messages.text.startswith(f"{len(expected)} object(s) found")
    assert workspace.messages.button.text() == "Save as GeoPackage…"
    section = workspace.dock.everything
    assert section.text.text() == f"Patches: 2 of 2; objects: {len(expected)}"
    assert section.button.text() == "Segment everything"
    assert workspace.everything.process_id == 0
    assert workspace.dock.target.layer is None  # clicked objects go where they went


def test_what_the_map_shows(
    workspace: Workspace, window: Window, gate: Path, image: Path, command: EngineCommand
) -> None:
    """In the map's CRS, which is another one than the image's."""
    gate.touch()
    section = workspace.dock.everything
    section.extent.setCurrentIndex(section.extent.findData(True))
    mercator = QgsCoordinateReferenceSystem("EPSG:3857")
    window.canvas.setDestinationCrs(mercator)
    settings = window.canvas.mapSettings()
    raster = workspace.dock.image.layer
    shown = settings.layerExtentToOutputExtent(raster, raster.extent())
    shown.scale(0.5)
    window.canvas.setExtent(shown)
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    asked = settings_extent(window, raster.crs())
    edges = [asked.xMinimum(), asked.yMinimum(), asked.xMaximum(), asked.yMaximum()]
    within = found_by_command(image, command, f"--extent={','.join(map(repr, edges))}")
    (layer,) = layers()
    assert are_those(layer, within)
    assert all(asked.intersects(feature.geometry().boundingBox()) for feature in objects_in(layer))


def settings_extent(window: Window, crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
    """What the map shows, in another CRS."""
    transform = QgsCoordinateTransform(
        window.canvas.mapSettings().destinationCrs(), crs, QgsProject.instance()
    )
    shown = QgsGeometry.fromRect(window.canvas.extent()).densifyByCount(16)
    shown.transform(transform)
    return shown.boundingBox()


def test_small_objects_are_left_out_and_the_section_is_remembered(
    workspace: Workspace, gate: Path, expected: Objects
) -> None:
    gate.touch()
    least = sorted(geometry.area() for geometry in expected)[len(expected) // 2] + 1
    workspace.dock.everything.min_area.setValue(least)
    workspace.dock.everything.preset.setCurrentIndex(2)
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    (layer,) = layers()
    areas = [feature.geometry().area() for feature in objects_in(layer)]
    assert 0 < len(areas) < len(expected)
    assert min(areas) > 0.99 * least
    settings = DockSettings.load()
    assert (settings.everything_preset, settings.everything_in_view) == ("fast", False)
    assert settings.everything_min_area == pytest.approx(least, abs=0.1)


def test_nothing_found_is_told(workspace: Workspace, gate: Path) -> None:
    gate.touch()
    workspace.dock.everything.min_area.setValue(1_000_000)
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    assert "No object was found" in workspace.messages.text
    assert "Detailed" in workspace.messages.text
    assert layers() == []


def test_a_map_beside_the_image_is_told(workspace: Workspace, window: Window) -> None:
    section = workspace.dock.everything
    section.extent.setCurrentIndex(section.extent.findData(True))
    window.canvas.setExtent(QgsRectangle(0, 0, 100, 100))
    press(workspace)
    assert "does not show the image" in workspace.messages.text
    assert not workspace.everything.is_on


# --- meanwhile


def test_a_click_is_answered_meanwhile(workspace: Workspace, window: Window) -> None:
    layer = begin(workspace)
    workspace.dock.prompt.clicking.setChecked(True)
    place = objects_in(layer)[0].geometry().pointOnSurface().asPoint()
    window.click(window.pixel(QgsPointXY(place), UTM))
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    assert workspace.controller.shape.geometry.area() > 0
    assert workspace.everything.is_on
    assert workspace.client.process_id not in (0, workspace.everything.process_id)
    text = workspace.dock.everything.text.text()
    assert text == f"Patches: 1 of 2; objects: {layer.featureCount()}"


def test_another_image_may_be_chosen_meanwhile(
    workspace: Workspace, project: QgsProject, gate: Path, expected: Objects, scene: Path,
    cache: Path,
) -> None:  # fmt: skip
    layer = begin(workspace)
    workspace.dock.image.raster.setLayer(raster_layer(scene, project))
    wait_for(lambda: bool(workspace.controller.described))
    go_on(workspace, gate)
    assert are_those(layer, expected)


# --- broken off


def test_a_stopped_run_keeps_what_it_has_and_goes_on(
    workspace: Workspace, gate: Path, expected: Objects
) -> None:
    layer = begin(workspace)
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    early = [feature.id() for feature in objects_in(layer)]
    assert 0 < len(early) < len(expected)
    assert workspace.dock.everything.text.text() == "Stopped: 1 of 2 patches"
    assert workspace.messages.text == ""
    press(workspace)
    press(workspace)  # stopped before it is known how far it was
    wait_for(lambda: not workspace.everything.is_on)
    assert workspace.dock.everything.text.text() == "Stopped."
    go_on(workspace, gate)
    assert layers() == [layer]
    assert are_those(layer, expected)
    assert [feature.id() for feature in objects_in(layer)][: len(early)] == early


def test_what_became_of_a_run_is_not_told_of_another_image(
    workspace: Workspace, project: QgsProject, scene: Path, cache: Path
) -> None:
    begin(workspace)
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    assert workspace.dock.everything.text.text() != ""
    workspace.dock.image.raster.setLayer(raster_layer(scene, project))
    wait_for(lambda: bool(workspace.controller.described))
    assert workspace.dock.everything.text.text() == ""
    assert workspace.dock.everything.button.isEnabled()


def test_a_layer_that_takes_no_more_is_told_and_the_next_run_fills_another(
    workspace: Workspace, gate: Path, expected: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = begin(workspace)
    early = layer.featureCount()
    with monkeypatch.context() as patched:
        patched.setattr(found_layer, "QgsVectorLayerUtils", Points)
        go_on(workspace, gate)
    assert workspace.messages.text == "The layer “Everything in houses” takes no more objects."
    assert workspace.dock.everything.text.text().startswith("Stopped")
    go_on(workspace, gate)
    assert layer.featureCount() == early
    (other,) = [one for one in layers() if one is not layer]
    assert are_those(other, expected)


class Points:
    """Features that no layer of polygons takes."""

    @staticmethod
    def makeFeaturesCompatible(  # noqa: N802 - QGIS's name
        features: list[QgsFeature], layer: QgsVectorLayer
    ) -> list[QgsFeature]:
        for feature in features:
            feature.setGeometry(feature.geometry().pointOnSurface())
        return features


def test_what_the_user_deletes_meanwhile_does_not_come_back(
    workspace: Workspace, gate: Path, expected: Objects
) -> None:
    layer = begin(workspace)
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    doomed = objects_in(layer)[0]
    assert layer.dataProvider().deleteFeatures([doomed.id()])
    go_on(workspace, gate)
    numbers = [feature["id"] for feature in objects_in(layer)]
    assert numbers == [*range(2, len(expected) + 1)]


def test_a_killed_engine_is_told_once_and_the_next_run_goes_on(
    workspace: Workspace, window: Window, gate: Path, expected: Objects
) -> None:
    layer = begin(workspace)
    early = layer.featureCount()
    os.kill(workspace.everything.process_id, signal.SIGKILL)
    wait_for(lambda: not workspace.everything.is_on)
    (shown,) = window.bar.items()
    assert "ended unexpectedly" in shown.text()
    assert "What was found is kept" in shown.text()
    assert layer.featureCount() == early
    go_on(workspace, gate)
    assert layers() == [layer]
    assert are_those(layer, expected)


def test_other_parameters_get_a_layer_of_their_own(workspace: Workspace, gate: Path) -> None:
    first = begin(workspace)
    early = first.featureCount()
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    workspace.dock.everything.min_area.setValue(20)
    go_on(workspace, gate)
    assert first.featureCount() == early
    (other,) = [layer for layer in layers() if layer is not first]
    assert other.featureCount() > early


def test_another_cache_in_the_same_place_gets_a_layer_of_its_own(
    workspace: Workspace, gate: Path, expected: Objects
) -> None:
    """Its objects have the same numbers, and are others."""
    first = begin(workspace)
    early = first.featureCount()
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    described = workspace.controller.image.described
    described["manifest"] = {**described["manifest"], "dtype": "float16"}
    go_on(workspace, gate)
    assert first.featureCount() == early
    (other,) = [layer for layer in layers() if layer is not first]
    assert are_those(other, expected)


@pytest.mark.parametrize("what", ["its layer", "the image", "the dock", "the engine"])
def test_it_stops_with(workspace: Workspace, project: QgsProject, what: str) -> None:
    layer = begin(workspace)
    if what == "its layer":
        project.removeMapLayer(layer.id())
    elif what == "the image":
        project.removeMapLayer(workspace.dock.image.layer.id())
    elif what == "the dock":
        workspace.dock.closed.emit()
    else:
        workspace.client.give_up("It is being removed.")
    wait_for(lambda: not workspace.everything.is_on)
    assert workspace.everything.process_id == 0
    if what in ("its layer", "the image"):
        assert workspace.messages.text.startswith("Its layer was removed")
    if what != "its layer":
        assert layer.featureCount() > 0


def test_it_stops_with_the_project(
    workspace: Workspace, window: Window, project: QgsProject
) -> None:
    begin(workspace)
    process = workspace.everything.process_id
    project.clear()
    wait_for(lambda: not workspace.everything.is_on)
    wait_for(lambda: not is_alive(process))
    assert project.mapLayers() == {}
    assert not window.bar.items()
    assert not workspace.dock.everything.button.isEnabled()


def test_it_ends_with_the_workspace(workspace: Workspace) -> None:
    layer = begin(workspace)
    process, count = workspace.everything.process_id, layer.featureCount()
    workspace.close()
    wait_for(lambda: not is_alive(process))
    assert layer.featureCount() == count
