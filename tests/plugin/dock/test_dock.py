"""The dock and the plugin's life: what a newcomer sees, what is remembered, what is left over."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import processing
import pytest
from by_hand import UTM
from osgeo import gdal
from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSettings,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QDialog, QLabel
from qgis_window import PATIENCE_S, Window, raster_layer, settle, wait_for

from geosam_plugin import classFactory
from geosam_plugin import plugin as plugin_module
from geosam_plugin.clicking.draft import Candidate
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.window import chosen_image
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.next_step import next_steps
from geosam_plugin.window.workspace import Workspace

HEAVY = (
    "torch", "sam2", "onnxruntime", "onnx", "zarr", "rasterio", "shapely", "pyproj", "cv2",
    "scipy", "encoder_tool",
)  # fmt: skip


def test_a_newcomer_is_led_from_step_to_step(
    workspace: Workspace,
    window: Window,
    project: QgsProject,
    scene: Path,
    cache: Path,
    tmp_path: Path,
) -> None:
    dock = workspace.dock
    assert "Add an aerial" in dock.next_step.text()
    assert not dock.image.encode.isEnabled()
    bare = tmp_path / "bare.tif"
    bare.write_bytes(scene.read_bytes())
    first = raster_layer(bare, project)
    assert "Encode" in dock.next_step.text()
    assert dock.image.encode.isEnabled()
    assert not dock.prompt.clicking.isEnabled()
    dock.image.raster.setLayer(raster_layer(scene, project))
    wait_for(lambda: "nano" in dock.image.state.text())
    assert "0.3 m" in dock.image.state.text()
    assert "100 %" in dock.image.state.text()
    assert "Start clicking" in dock.next_step.text()
    assert [dock.options.level.itemText(i) for i in range(2)] == ["By zoom", "0.3 m"]
    dock.prompt.clicking.click()
    window.show_layer(dock.image.raster.currentLayer(), UTM)
    assert "Click on an object" in dock.next_step.text()
    window.click(QPoint(300, 300))
    assert "Looking" in dock.next_step.text()
    wait_for(lambda: "Press Enter" in dock.next_step.text())
    assert "last answer" in dock.counters.text()
    dock.target.save.click()
    wait_for(lambda: "Saved: 1" in dock.counters.text())
    assert dock.target.export.isEnabled()
    assert dock.engine.text() == "Engine: ready"
    dock.image.raster.setLayer(first)
    assert not dock.prompt.clicking.isChecked()


def test_coverage_is_drawn_on_demand(
    workspace: Workspace, window: Window, project: QgsProject, scene: Path, cache: Path
) -> None:
    layer = raster_layer(scene, project)
    wait_for(lambda: workspace.dock.image.coverage.isEnabled())
    workspace.dock.image.coverage.click()
    wait_for(lambda: not workspace.controller.image.coverage.isEmpty())
    outline = workspace.controller.image.coverage
    assert outline.boundingBox().toString(1) == layer.extent().toString(1)
    assert "patches" not in workspace.controller.described


def test_what_is_no_file_is_encoded_as_far_as_the_map_shows_it(
    workspace: Workspace, window: Window, project: QgsProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    dock = workspace.dock
    layer = QgsRasterLayer("type=xyz&url=file:///tiles/{z}/{x}/{y}.png", "tiles", "wms")
    assert layer.isValid()
    project.addMapLayer(layer)
    wait_for(lambda: not workspace.image.search.is_looking)
    assert dock.image.raster.currentLayer() is layer
    assert dock.image.state.text().startswith("“tiles” does not come from a server.")
    assert not dock.image.click_now.isEnabled()
    opened: list[Any] = []
    monkeypatch.setattr(workspace.image.encode_dialogs, "open", lambda *given: opened.append(given))
    mercator = QgsCoordinateReferenceSystem("EPSG:3857")
    window.canvas.setDestinationCrs(mercator)
    window.canvas.setExtent(QgsRectangle(1670000, 5130000, 1670600, 5130600))
    dock.image.encode.click()
    ((which, seen, _, described, size),) = opened
    assert which is layer and described is None
    assert seen.xMinimum() == pytest.approx(1670000) and seen.yMaximum() == pytest.approx(5130600)
    assert size == pytest.approx(window.canvas.mapUnitsPerPixel())
    assert dock.next_step.text() == "1. Choose an image that is a file, or a web map."


def test_buttons_stay_where_they_are_while_the_dock_says_more(
    workspace: Workspace, window: Window
) -> None:
    dock = workspace.dock
    for width in (dock.widget().minimumWidth(), 500):
        window.window.resizeDocks([dock], [width], Qt.Orientation.Horizontal)
        places = set()
        for name in next_steps():
            dock.next_step.show_step(name)
            dock.prompt.candidate.setText("" if name == "image" else "Shape 2 of 3 · Score 0.97")
            settle()
            places.add((dock.image.y(), dock.prompt.y(), dock.target.y()))
            assert dock.next_step.height() >= QLabel.heightForWidth(dock.next_step, width - 30)
        assert len(places) == 1


def test_parts_are_counted_and_no_unit_leaves_no_gap(
    workspace: Workspace, window: Window, project: QgsProject, scene: Path, cache: Path
) -> None:
    layer = raster_layer(scene, project)
    dock, controller = workspace.dock, workspace.controller
    wait_for(lambda: bool(controller.described))
    assert dock.image.state.text() == "Encoded with nano, pixels of 0.3 m, 100 % of the image."
    draft = controller.session.draft
    for wkt, told in (
        ("MultiPolygon(((0 0, 1 0, 1 1, 0 0)), ((9 9, 10 9, 10 10, 9 9)))", " · 2 part(s)"),
        ("MultiPolygon(((0 0, 1 0, 1 1, 0 0)))", ""),
    ):
        wkb = QgsGeometry.fromWkt(wkt).asWkb().data()
        draft.candidates = [Candidate(0, 0.5, base64.b64encode(wkb).decode())]
        dock.show_session(controller)
        assert dock.prompt.candidate.text() == f"Score 0.50{told}"
    layer.setCrs(QgsCoordinateReferenceSystem())
    wait_for(lambda: "pixels of 0.3, 100 % of the image" in dock.image.state.text())


def test_settings_are_remembered(window: Window, command: EngineCommand) -> None:
    first = Workspace(window, command)
    first.dock.options.hover.setChecked(False)
    first.dock.options.simplify.setValue(1.5)
    first.dock.options.largest.setChecked(True)
    first.dock.options.right_angles.setChecked(True)
    first.dock.target.class_name.setCurrentText("tree")
    first.dock.settings.use_class("road")
    first.dock.settings.use_class("tree")
    first.close()
    settle()
    second = Workspace(window, command)
    assert not second.dock.options.hover.isChecked()
    assert not second.overlay.hovers
    assert second.controller.options.simplify_px == 1.5
    assert second.controller.options.largest_part_only
    assert second.controller.options.params()["right_angles"] is True
    names = second.dock.target.class_name
    assert names.currentText() == "tree"
    assert [names.itemText(i) for i in range(names.count())] == ["tree", "road"]
    second.close()
    settle()


def test_settings_that_cannot_be_read_count_as_none(project: QgsProject) -> None:
    QgsSettings().setValue("geosam/dock/simplify_px", "much")
    QgsSettings().setValue("geosam/dock/class_name", "roof")
    settings = DockSettings.load()
    assert (settings.simplify_px, settings.class_name) == (0.25, "roof")


def test_encode_here_opens_the_algorithm_filled_in(
    workspace: Workspace, project: QgsProject, scene: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    layer = raster_layer(Path(shutil.copy(scene, tmp_path / "bare.tif")), project)
    opened: list[Any] = []
    monkeypatch.setattr(workspace.image.encode_dialogs, "open", lambda *given: opened.append(given))
    monkeypatch.setattr(chosen_image, "downloaded_model", lambda: "sam2.1-tiny")
    extent = QgsRectangle(500000, 4649900, 500100, 4650000)
    workspace.controller.notEncoded.emit("Nothing is encoded there.", extent)
    assert "Nothing is encoded" in workspace.messages.text
    workspace.messages.button.click()
    assert opened == [(layer, extent, "sam2.1-tiny", {})]
    assert workspace.messages.text == ""
    workspace.dock.image.encode.click()
    assert opened[1] == (layer, None, "sam2.1-tiny", {})


def test_a_click_beyond_the_coverage_is_answered_after_encode_here(
    workspace: Workspace, with_processing: Window, project: QgsProject, scene: Path,
    tmp_path: Path, provider: GeoSamProvider,
) -> None:  # fmt: skip
    """With Processing's own dialog."""
    window = with_processing
    large = tmp_path / "large.tif"
    gdal.Translate(str(large), str(scene), width=1800, height=1000, format="GTiff")
    layer = raster_layer(large, project)
    window.show_layer(layer, UTM)
    west = layer.extent()
    west.setXMaximum(west.xMinimum() + 20)
    processing.run("geosam:encoderaster", {"INPUT": layer, "EXTENT": west, "OUTPUT": ""})
    workspace.image.look_for_cache(layer)
    wait_for(lambda: bool(workspace.controller.described))
    workspace.dock.prompt.clicking.setChecked(True)
    east = QgsPointXY(layer.extent().xMaximum() - 10, layer.extent().center().y())
    window.click(window.pixel(east, UTM))
    wait_for(lambda: "not encoded there" in workspace.messages.text)
    assert workspace.controller.session.draft.prompts == ()
    workspace.messages.button.click()
    (dialog,) = window.window.findChildren(AlgorithmDialog)
    values = dialog.createProcessingParameters()
    assert values["INPUT"] == layer.id()
    xs = [float(part) for part in values["EXTENT"].split()[0].split(",")[:2]]
    assert xs[0] < east.x() < xs[1]
    dialog.runButton().click()
    wait_for(lambda: workspace.controller.session.draft.candidate is not None)
    assert workspace.controller.shape.geometry.intersects(
        QgsGeometry.fromPointXY(east).buffer(30, 8)
    )
    dialog.close()
    dialog.deleteLater()
    settle()


def test_the_cache_that_was_made_elsewhere_is_remembered(
    workspace: Workspace, project: QgsProject, scene: Path, cache: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.tif"
    bare.write_bytes(scene.read_bytes())
    elsewhere = shutil.copytree(cache, tmp_path / "cache" / "mine.sam2.zarr")
    layer = raster_layer(bare, project)
    wait_for(lambda: workspace.dock.image.state.text() == "Not encoded yet.")
    workspace.image.on_encoded(layer.id(), str(elsewhere))
    wait_for(lambda: "nano" in workspace.dock.image.state.text())
    workspace.image.look_for_cache(None)
    assert not workspace.controller.cache
    workspace.image.look_for_cache(layer)
    wait_for(lambda: workspace.controller.cache == str(elsewhere))


def test_a_level_that_another_cache_has_not_is_no_longer_asked_for(workspace: Workspace) -> None:
    options = workspace.dock.options
    options.set_levels([0.3, 0.6, 1.2], "m")
    options.level.setCurrentIndex(3)
    assert workspace.controller.options.level == 2
    options.set_levels([0.3], "m")
    assert workspace.controller.options.level is None


def test_without_an_engine_the_user_is_led_to_its_page(
    window: Window, project: QgsProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_module, "find_engine", lambda: None)
    plugin = classFactory(window)
    plugin.initGui()
    plugin.show_workspace()
    assert window.shown_pages == ["geosamOptions"]
    assert "needs its engine" in window.bar.currentItem().text()
    plugin.unload()


def test_no_heavy_package_comes_into_qgis(workspace: Workspace) -> None:
    """Which would clash with QGIS's own PROJ, NumPy or DLLs."""
    code = (
        "import sys; from qgis.core import QgsApplication\n"
        "app = QgsApplication([], True); app.initQgis()\n"
        f"sys.path[:0] = {sys.path!r}\n"
        "import geosam_plugin.plugin\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.stdout.strip().endswith("[]"), done.stdout + done.stderr
    assert not [name for name in HEAVY if name in sys.modules]


def test_the_log_can_be_read(workspace: Workspace, window: Window) -> None:
    workspace.client.start()
    wait_for(lambda: workspace.client.state == "ready")
    workspace.dock.engine_button.click()
    (dialog,) = window.window.findChildren(
        QDialog, options=Qt.FindChildOption.FindDirectChildrenOnly
    )
    assert dialog.isVisible()
