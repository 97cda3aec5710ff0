"""Whom to name for an image is named by every layer of what was found in it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from by_hand import wait_for_saved
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis_window import PATIENCE_S, Window, wait_for
from reference import UTM, centre, large_buildings, layer_with

from geosam_plugin.attribution import attribution_of, name_source
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.settings import EngineSettings
from geosam_plugin.window.workspace import Workspace

NAMED = "© Ärial & Co, CC BY 4.0"


@pytest.fixture(scope="module")
def named_image(
    scene: Path, command: EngineCommand, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The sample, which says whom to name, with its cache."""
    image = tmp_path_factory.mktemp("named") / "scene.tif"
    shutil.copy(scene, image)
    dataset = gdal.Open(str(image), gdal.GA_Update)
    dataset.SetMetadataItem("TIFFTAG_COPYRIGHT", NAMED)
    dataset = None  # closes it
    subprocess.run(
        [command.program, "-m", "encoder_tool", "encode", str(image), "--threads", "2"],
        env=dict(command.environment), check=True, timeout=PATIENCE_S,
    )  # fmt: skip
    return image


@pytest.fixture
def cache(named_image: Path) -> Path:
    return named_image.with_name("scene.tif.nano.sam2.zarr")


@pytest.fixture
def encoded_image(named_image: Path) -> Path:
    return named_image


def test_a_layer_of_clicked_objects(
    workspace: Workspace, window: Window, objects: list[QgsGeometry], project: QgsProject
) -> None:
    theirs = QgsVectorLayer(f"MultiPolygon?crs={UTM}", "theirs", "memory")
    project.addMapLayer(theirs)
    for number, target in enumerate((None, theirs), 1):
        workspace.dock.target.set_layer(target)
        box = objects[number].boundingBox()
        corners = ((box.xMinimum(), box.yMaximum()), (box.xMaximum(), box.yMinimum()))
        first, last = (window.pixel(QgsPointXY(*corner), project.crs()) for corner in corners)
        window.drag(first, last)
        wait_for(lambda: workspace.controller.session.draft.is_answered)
        window.key(Qt.Key.Key_Return)
        wait_for_saved(workspace, number)
    (mine,) = (layer for layer in project.mapLayers().values() if layer.name().startswith("Obj"))
    assert mine.metadata().rights() == [NAMED]
    assert theirs.featureCount() == 1
    assert not theirs.metadata().rights(), "what a user's own layer says is the user's"


@pytest.fixture
def context(
    provider: GeoSamProvider, command: EngineCommand, project: QgsProject
) -> Iterator[QgsProcessingContext]:
    EngineSettings(python=command.program, is_complete=True).save()
    context = QgsProcessingContext()
    context.setProject(project)
    yield context


@pytest.mark.parametrize("output", ["memory:", "found.gpkg"])
def test_outputs_of_the_toolbox(
    context: QgsProcessingContext, scene: Path, cache: Path, tmp_path: Path, output: str
) -> None:
    prompts = layer_with("Point", UTM, [(centre(large_buildings(scene)[0]).asWkt(), ["a", ""])])
    place = output if output == "memory:" else str(tmp_path / output)
    given = {"INPUT": prompts, "CACHE": str(cache), "OUTPUT": place}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geosam:segmentprompts")
    results, is_fine = algorithm.run(given, context, QgsProcessingFeedback(), catchExceptions=False)
    assert is_fine and results["POLYGONS"] == 1
    layer = context.getMapLayer(results["OUTPUT"]) or QgsVectorLayer(place)
    assert layer.featureCount() == 1
    assert layer.metadata().rights() == [NAMED]


@pytest.mark.parametrize("output", ["memory:", "refined.gpkg"])
def test_a_refined_layer(
    context: QgsProcessingContext, scene: Path, cache: Path, tmp_path: Path, output: str
) -> None:
    outlines = [(outline.asWkt(), ["a", ""]) for outline in large_buildings(scene)[:4]]
    place = output if output == "memory:" else str(tmp_path / output)
    given = {"INPUT": layer_with("Polygon", UTM, outlines), "CACHE": str(cache), "OUTPUT": place}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geosam:refinefootprints")
    results, is_fine = algorithm.run(given, context, QgsProcessingFeedback(), catchExceptions=False)
    assert is_fine
    layer = context.getMapLayer(results["OUTPUT"]) or QgsVectorLayer(place)
    assert layer.featureCount() == len(outlines)
    assert layer.metadata().rights() == [NAMED]


def test_the_project_gets_it_with_any_format(
    context: QgsProcessingContext, scene: Path, cache: Path, tmp_path: Path, project: QgsProject
) -> None:
    from processing.core.Processing import Processing
    from processing.gui.Postprocessing import handleAlgorithmResults

    Processing.initialize()
    prompts = layer_with("Point", UTM, [(centre(large_buildings(scene)[0]).asWkt(), ["a", ""])])
    place = str(tmp_path / "found.geojson")
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geosam:segmentprompts")
    context.addLayerToLoadOnCompletion(
        place, QgsProcessingContext.LayerDetails("found", project, "OUTPUT")
    )
    feedback = QgsProcessingFeedback()
    given = {"INPUT": prompts, "CACHE": str(cache), "OUTPUT": place}
    assert algorithm.run(given, context, feedback, catchExceptions=False)[1]
    handleAlgorithmResults(algorithm, context, feedback)
    (layer,) = (layer for layer in project.mapLayers().values() if place in layer.source())
    assert layer.metadata().rights() == [NAMED]


def test_what_a_layer_names(project: QgsProject, named_image: Path) -> None:
    layer = new_layer(project.crs(), "objects")
    assert attribution_of(layer) == ""
    name_source(layer, "")
    assert layer.metadata().rights() == []
    for _ in range(2):
        name_source(layer, NAMED)
        name_source(layer, "another")
    assert layer.metadata().rights() == [NAMED, "another"]
    assert attribution_of(layer) == f"{NAMED}, another"
    assert attribution_of(QgsRasterLayer(str(named_image))) == NAMED
