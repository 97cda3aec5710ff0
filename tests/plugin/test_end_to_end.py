"""From a raster to features in a layer, all by Processing, mouse and keys; judged by what the
command line makes of the same prompts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from by_hand import (
    MERCATOR,
    UTM,
    WGS84,
    Clicked,
    compose,
    features,
    is_idle,
    largest_objects,
    wait_for_saved,
)
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDistanceArea,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis_window import PATIENCE_S, Window, raster_layer, wait_for
from reference import iou

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.settings import EngineSettings
from geosam_plugin.window.workspace import Workspace

COUNT = 10

HEAVY = {
    "torch", "sam2", "onnxruntime", "onnx", "zarr", "rasterio", "shapely", "pyproj", "pyogrio",
    "contourpy", "cv2", "scipy", "pandas", "encoder_tool",
}  # fmt: skip

CLI = """
import json, sys
from encoder_tool.cli import run
for arguments in json.load(sys.stdin):
    code = run(arguments)
    if code:
        sys.exit(code)
"""
"""Many commands in one process: most of a command's time goes into its imports."""


@pytest.fixture(scope="module")
def encoded(
    scene: Path, command: EngineCommand, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A copy of the sample, encoded by `geosam:encoderaster`."""
    import processing

    raster = tmp_path_factory.mktemp("image") / scene.name
    shutil.copy(scene, raster)
    provider = GeoSamProvider()
    from qgis.core import QgsApplication

    QgsApplication.processingRegistry().addProvider(provider)
    EngineSettings(python=command.program, is_complete=True).save()
    made = processing.run("geosam:encoderaster", {"INPUT": str(raster), "OUTPUT": ""})
    assert made["ENCODED"] == 1
    assert Path(made["OUTPUT"]).parent == raster.parent
    yield raster
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture
def workspace(window: Window, command: EngineCommand) -> Iterator[Workspace]:
    workspace = Workspace(window, command)
    yield workspace
    workspace.close()


def command_line(
    command: EngineCommand, cache: Path, clicked: list[Clicked], candidates: list[str],
    crs: QgsCoordinateReferenceSystem, out: Path,
) -> list[QgsFeature]:  # fmt: skip
    """What `encoder-tool segment` writes for the same prompts, in the raster's CRS."""
    commands = []
    for number, (prompts, candidate) in enumerate(zip(clicked, candidates, strict=True)):
        arguments = ["segment", str(cache), "--crs", crs.authid(), "--candidate", candidate]
        for option in ("include", "exclude"):
            for point in getattr(prompts, option):
                arguments += [f"--{option}", f"{point.x()!r},{point.y()!r}"]
        box = prompts.box
        corners = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
        arguments += ["--box", ",".join(map(repr, corners)), "--out", str(out / f"{number}.gpkg")]
        commands.append(arguments)
    done = subprocess.run(
        [command.program, "-c", CLI], env=dict(command.environment), input=json.dumps(commands),
        text=True, capture_output=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = []
    for number in range(len(commands)):
        layer = QgsVectorLayer(str(out / f"{number}.gpkg"), "cli", "ogr")
        (feature,) = layer.getFeatures()
        found.append(feature)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("map_crs", "layer_crs"), [(UTM, None), (WGS84, MERCATOR)], ids=["one CRS", "three CRSs"]
)
def test_ten_objects_are_those_of_the_command_line(
    encoded: Path, workspace: Workspace, window: Window, project: QgsProject, scene: Path,
    command: EngineCommand, tmp_path: Path, map_crs: QgsCoordinateReferenceSystem,
    layer_crs: QgsCoordinateReferenceSystem | None,
) -> None:  # fmt: skip
    project.setCrs(map_crs)
    window.show_layer(raster_layer(encoded, project), map_crs)
    wait_for(lambda: bool(workspace.controller.described))
    if layer_crs is not None:
        mine = new_layer(layer_crs, "mine")
        project.addMapLayer(mine)
        workspace.dock.target.set_layer(mine)
    workspace.dock.target.class_name.setCurrentText("building")
    workspace.dock.prompt.clicking.click()

    truths, clicked, candidates = largest_objects(scene, COUNT), [], []
    for number, truth in enumerate(truths):
        clicked.append(compose(workspace, window, truth))
        if number % 2:  # a part instead of the whole, now and then
            window.key(Qt.Key.Key_Tab)
        candidates.append("1" if number % 2 else "single")
        window.key(Qt.Key.Key_Return)
        wait_for_saved(workspace, number + 1)
    layer = workspace.dock.target.layer
    last = features(layer)[-1]
    layer.undoStack().undo()
    assert layer.featureCount() == COUNT - 1
    compose(workspace, window, truths[-1])
    window.key(Qt.Key.Key_Tab)
    window.key(Qt.Key.Key_S)
    wait_for(lambda: is_idle(workspace) and layer.featureCount() == COUNT)
    assert features(layer)[-1].geometry().asWkt() == last.geometry().asWkt()

    assert layer.crs() == (layer_crs or UTM)
    cache = Path(workspace.controller.cache)
    expected = command_line(command, cache, clicked, candidates, map_crs, tmp_path)
    to_raster = QgsCoordinateTransform(layer.crs(), UTM, project)
    measure = QgsDistanceArea()
    measure.setSourceCrs(UTM, project.transformContext())
    measure.setEllipsoid("EPSG:7030")
    for feature, same in zip(features(layer), expected, strict=True):
        shape = QgsGeometry(feature.geometry())
        shape.transform(to_raster)
        assert iou(shape, same.geometry()) >= 0.99
        assert feature["score"] == pytest.approx(same["score"], abs=1e-3)
        assert feature["area_m2"] == pytest.approx(measure.measureArea(shape), rel=1e-4)
        assert feature["class"] == "building"
        assert (feature["n_include"], feature["n_exclude"], feature["box"]) == (3, 1, 1)
        assert (feature["model"], feature["level"]) == ("nano", 0)
        assert feature["raster"] == encoded.name
    overlaps = [
        iou(QgsGeometry(same.geometry()), truth)
        for same, truth in zip(expected, truths, strict=True)
    ]
    # nano is small; but a shape that is in the wrong place would have next to nothing.
    assert sum(overlaps) / COUNT > 0.3, overlaps
    assert not HEAVY & set(sys.modules)  # all of that with nothing foreign in QGIS's process
    layer.rollBack()
