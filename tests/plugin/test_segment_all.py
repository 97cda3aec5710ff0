"""`geosam:segmentall` in QGIS, with a real worker and nano: against the engine by itself."""

from __future__ import annotations

import base64
import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSymbolLayer,
    QgsVectorLayer,
)
from qgis_window import PATIENCE_S
from reference import MERCATOR, UTM, iou, layer_with

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.paths import resource
from geosam_plugin.processing.finishing import finish_later
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.processing.segment_all_results import style_by_object
from geosam_plugin.settings import EngineSettings

LENIENT = {"POINTS_PER_SIDE": 12, "PRED_IOU_THRESH": 0.2, "STABILITY_SCORE_THRESH": 0.2}
QUICK = {"POINTS_PER_SIDE": 6, "PRED_IOU_THRESH": 0.4, "STABILITY_SCORE_THRESH": 0.4}

Results = dict[str, Any]
Run = Callable[..., "tuple[Results, list[QgsFeature]]"]


@pytest.fixture
def run(
    project: QgsProject, provider: GeoSamProvider, cache: Path, engine_python: str
) -> Iterator[Run]:
    """Runs it as a script does, on the main thread; the results, and the features."""
    EngineSettings(python=engine_python, is_complete=True).save()
    context = QgsProcessingContext()
    context.setProject(project)

    def run(
        feedback: QgsProcessingFeedback | None = None, **parameters: Any
    ) -> tuple[Results, list[QgsFeature]]:
        algorithm = provider.algorithm("segmentall").create()
        given = {"CACHE": str(cache), "OUTPUT": "memory:", **QUICK, **parameters}
        is_fine, message = algorithm.checkParameterValues(given, context)
        assert is_fine, message
        results, is_fine = algorithm.run(
            given, context, feedback or QgsProcessingFeedback(), catchExceptions=False
        )
        assert is_fine
        return results, list(context.getMapLayer(results["OUTPUT"]).getFeatures())

    yield run
    context.temporaryLayerStore().removeAllMapLayers()


@pytest.fixture(scope="module")
def expected(
    cache: Path, command: EngineCommand, tmp_path_factory: pytest.TempPathFactory
) -> list[QgsGeometry]:
    """What the engine's own command gives."""
    out = tmp_path_factory.mktemp("expected") / "all.gpkg"
    options = ["--points-per-side", "6", "--pred-iou-thresh", "0.4"]
    subprocess.run(
        [command.program, "-m", "encoder_tool", "auto", str(cache), "--out", str(out), *options,
         "--stability-score-thresh", "0.4"],
        env={**os.environ, **command.environment}, check=True, timeout=PATIENCE_S,
        capture_output=True,
    )  # fmt: skip
    return [feature.geometry() for feature in QgsVectorLayer(str(out)).getFeatures()]


def band(path: str, number: int) -> np.ndarray:
    dataset = gdal.Open(path)
    values: np.ndarray = dataset.GetRasterBand(number).ReadAsArray()
    return values


def test_everything(run: Run, expected: list[QgsGeometry], tmp_path: Path) -> None:
    labels, foreground, overlay = (
        str(tmp_path / f"{name}.tif") for name in ("labels", "foreground", "overlay")
    )
    results, features = run(LABELS=labels, FOREGROUND=foreground, OVERLAY=overlay)
    assert results["POLYGONS"] == len(features) == len(expected) > 2
    for feature, geometry in zip(features, expected, strict=True):
        assert iou(feature.geometry(), geometry) > 0.9999
        assert feature["area_m2"] == pytest.approx(geometry.area(), rel=2e-3)
        assert 0.4 < feature["score"] <= 1
        assert 0.4 <= feature["stability"] <= 1
        assert (feature["model"], feature["raster"]) == ("nano", "scene.tif")
    numbers, colours = band(labels, 1), band(overlay, 4)
    assert set(np.unique(numbers)) <= {0, *(feature["id"] for feature in features)}
    union = QgsGeometry.unaryUnion([feature.geometry() for feature in features])
    assert 0.09 * np.count_nonzero(numbers) == pytest.approx(union.area(), rel=0.02)
    assert np.array_equal(colours > 0, numbers > 0)
    assert np.array_equal(band(foreground, 1), numbers > 0)


def test_the_advanced_parameters_are_auto_s(
    run: Run, provider: GeoSamProvider, cache: Path, command: EngineCommand, tmp_path: Path
) -> None:
    """Each of them with a value that no preset has; what comes out is what the command gives."""
    words = {
        "POINTS_PER_SIDE": "7", "POINTS_PER_BATCH": "5", "PRED_IOU_THRESH": "0.35",
        "STABILITY_SCORE_THRESH": "0.3", "STABILITY_SCORE_OFFSET": "0.8", "BOX_NMS_THRESH": "0.6",
        "CROP_NMS_THRESH": "0.65", "CROP_N_LAYERS": "0", "CROP_N_POINTS_DOWNSCALE_FACTOR": "3",
        "MIN_MASK_REGION_AREA": "9",
    }  # fmt: skip
    options = [part for name, word in words.items() for part in (_option(name), word)]
    out = tmp_path / "all.gpkg"
    subprocess.run(
        [command.program, "-m", "encoder_tool", "auto", str(cache), "--out", str(out), *options,
         "--skip-covered", "--use-m2m", "--all-parts", "--simplify", "3", "--right-angles"],
        env={**os.environ, **command.environment}, check=True, timeout=PATIENCE_S,
        capture_output=True,
    )  # fmt: skip
    told = [feature.geometry() for feature in QgsVectorLayer(str(out)).getFeatures()]
    numbers = {name: float(word) for name, word in words.items()}
    _, features = run(
        **numbers, SKIP_COVERED="yes", USE_M2M="yes", ALL_PARTS=True, SIMPLIFY=3, RIGHT_ANGLES=True
    )
    assert len(features) == len(told) > 2
    assert all(iou(f.geometry(), t) > 0.9999 for f, t in zip(features, told, strict=True))
    advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    algorithm = provider.algorithm("segmentall")
    for name in (*words, "SKIP_COVERED", "USE_M2M", "ALL_PARTS", "SIMPLIFY", "RASTER"):
        assert algorithm.parameterDefinition(name).flags() & advanced, name


def test_a_layer_finer_than_the_raster_looks_at_the_raster_that_is_named(
    run: Run, cache: Path, scene: Path, tmp_path: Path
) -> None:
    """The cache lies elsewhere; one patch of the enlarged raster is encoded."""
    apart = Path(shutil.copytree(cache, tmp_path / "apart" / cache.name))
    given = {"CACHE": str(apart), "EXTENT": _corner(scene), "CROP_N_LAYERS": 1, **LENIENT}
    with pytest.raises(QgsProcessingException, match="look at the raster itself"):
        run(**given)
    _, features = run(**given, RASTER=str(scene))
    assert -1 in {feature["level"] for feature in features}


def _corner(raster: Path) -> QgsRectangle:
    """80 m of it. Its layer does not live on in the traceback of an error that is expected, and
    so beyond QGIS."""
    extent = QgsRasterLayer(str(raster)).extent()
    left, top = extent.xMinimum(), extent.yMaximum()
    return QgsRectangle(left, top - 80, left + 80, top)


def _option(name: str) -> str:
    return "--" + name.lower().replace("_", "-")


def test_filters(run: Run, expected: list[QgsGeometry], tmp_path: Path) -> None:
    """A mask layer in another CRS, an area, and a raster of classes."""
    chosen = max(expected, key=lambda geometry: geometry.area())
    around = QgsGeometry.fromRect(chosen.boundingBox().buffered(1))
    mask = layer_with("Polygon", MERCATOR, [(around.asWkt(), ["", ""])])
    classes = gdal.GetDriverByName("GTiff").Create(
        str(tmp_path / "classes.tif"), 10, 10, 1, gdal.GDT_Byte
    )
    box = chosen.boundingBox().buffered(50)
    classes.SetGeoTransform(
        [box.xMinimum(), box.width() / 10, 0, box.yMaximum(), 0, -box.height() / 10]
    )
    classes.SetProjection(QgsCoordinateReferenceSystem(UTM).toWkt())
    classes.GetRasterBand(1).Fill(7)
    del classes
    results, features = run(
        MASK=mask, MIN_AREA=0.9 * chosen.area(), CLASSES=str(tmp_path / "classes.tif")
    )
    assert results["POLYGONS"] == 1
    assert iou(features[0].geometry(), chosen) > 0.9999
    assert features[0]["class"] == 7


def test_cancelled(provider: GeoSamProvider, cache: Path) -> None:
    """What was told of until then is kept."""
    corner = "POLYGON((500000 4600000, 500010 4600000, 500010 4600010, 500000 4600000))"
    wkb = base64.b64encode(bytes(QgsGeometry.fromWkt(corner).asWkb())).decode()
    found = {"number": 1, "class": None, "score": 0.9, "stability": 0.9, "level": 0, "wkb": wkb}
    feedback, context = QgsProcessingFeedback(), QgsProcessingContext()

    class Engine:
        def request(self, method: str, params: Results, on_told: Any = None) -> Results:
            if method == "open":
                transform = [0.3, 0.0, 500_000.0, 0.0, -0.3, 4_600_000.0]
                manifest = {"raster": {"transform": transform}}
                return {"crs_wkt": "", "raster": "a.tif", "model": "nano", "manifest": manifest}
            on_told({"done": 1, "total": 2, "objects": 0})
            on_told({"found": [found]})
            feedback.cancel()
            raise EngineError("Cancelled", "Stopped.")

    algorithm = provider.algorithm("segmentall").create()
    given = {"CACHE": str(cache), "OUTPUT": "memory:"}
    assert algorithm.prepareAlgorithm(given, context, feedback)
    results = algorithm.execute(given, context, feedback, Engine())
    assert results["POLYGONS"] == 1
    (feature,) = context.getMapLayer(results["OUTPUT"]).getFeatures()
    assert feature.geometry().area() == pytest.approx(50)
    context.temporaryLayerStore().removeAllMapLayers()


def test_the_style_has_a_colour_for_each_object(qgis_app: QgsApplication) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=id:integer", "objects", "memory")
    message, is_fine = layer.loadNamedStyle(str(resource("styles", "segments.qml")))
    assert is_fine, message
    fill = layer.renderer().symbol().symbolLayer(0)
    colour = fill.dataDefinedProperties().property(QgsSymbolLayer.Property.PropertyFillColor)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    shown = []
    for number in (1, 2, 3):
        feature = QgsFeature(layer.fields(), number)
        feature.setAttributes([number])
        context.setFeature(feature)
        value, _ = colour.valueAsColor(context)
        assert value.alphaF() == pytest.approx(0.35, abs=0.01)
        shown.append(value.name())
    assert len(set(shown)) == 3


def test_a_layer_is_styled_once_it_is_in_the_project_and_nothing_of_the_run_stays(
    project: QgsProject,
) -> None:
    for name in ("first", "second", "third"):
        layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=id:integer", name, "memory")
        project.addMapLayer(layer)
        context = QgsProcessingContext()
        details = QgsProcessingContext.LayerDetails(name, project)
        context.addLayerToLoadOnCompletion(layer.id(), details)
        finish_later(context, layer.id(), style_by_object)
        gc.collect()  # what only Python holds goes
        processor = context.layerToLoadOnCompletionDetails(layer.id()).postProcessor()
        processor.postProcessLayer(layer, context, QgsProcessingFeedback())
        assert layer.renderer().orderByEnabled()
        del processor, details, context
    assert len([one for one in gc.get_objects() if type(one).__name__ == "_Finisher"]) <= 2
