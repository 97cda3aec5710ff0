"""Everything is segmented from the dock: the objects are those of the engine's own command, they
come as they are found, and clicks are answered meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from by_hand import UTM, is_idle
from everything.found_objects import (
    Objects,
    are_those,
    begin,
    found_by_command,
    go_on,
    layers,
    objects_in,
    press,
)
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSingleSymbolRenderer,
)
from qgis_window import Window, raster_layer, wait_for

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.workspace import Workspace


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
