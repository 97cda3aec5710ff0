"""The algorithms in QGIS, with real workers and nano: against what the engine gives by itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    NULL,
    QgsApplication,
    QgsContrastEnhancement,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsMultiBandColorRenderer,
    QgsPointXY,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterLayer,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QDate, QEventLoop, QTimer
from qgis.PyQt.QtWidgets import QTextEdit
from qgis_window import PATIENCE_S
from reference import (
    MERCATOR,
    UTM,
    WGS84,
    centre,
    engine_polygons,
    iou,
    large_buildings,
    layer_with,
    points_of,
    write_tiff,
)

from geosam_plugin.cache_paths import default_cache_path, is_cache
from geosam_plugin.clicking.options import Options
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.process import EngineProcess, EngineSession
from geosam_plugin.models import MODELS
from geosam_plugin.processing.appearance import appearance_of
from geosam_plugin.processing.encode_parameters import is_stretch
from geosam_plugin.processing.prompt_layers import UnusablePrompt, is_include
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.saving.provenance import prompts_of
from geosam_plugin.settings import EngineSettings

SAMPLE_SIDE_M = 1024 * 0.3

Results = dict[str, Any]


class Feedback(QgsProcessingFeedback):
    """Remembers what it is told; cancels itself when a progress is reached."""

    def __init__(self, cancel_at: float = 101) -> None:
        super().__init__()
        self.infos: list[str] = []
        self.warnings: list[str] = []
        self.texts: list[str] = []
        self.reached: list[float] = []
        self.progressChanged.connect(self.reached.append)
        self.cancel_at = cancel_at

    def pushInfo(self, info: str) -> None:  # noqa: N802
        self.infos.append(info)

    def pushWarning(self, warning: str) -> None:  # noqa: N802
        self.warnings.append(warning)

    def setProgressText(self, text: str) -> None:  # noqa: N802
        self.texts.append(text)

    def isCanceled(self) -> bool:  # noqa: N802
        return super().isCanceled() or self.progress() >= self.cancel_at


@pytest.fixture(scope="module")
def provider(qgis_app: QgsApplication, engine_python: str) -> Iterator[GeoSamProvider]:
    before = EngineSettings.load()
    EngineSettings(python=engine_python, is_complete=True).save()
    provider = GeoSamProvider()
    registry = QgsApplication.processingRegistry()
    assert registry.addProvider(provider)
    yield provider
    registry.removeProvider(provider)
    before.save()


@pytest.fixture
def context(qgis_app: QgsApplication) -> Iterator[QgsProcessingContext]:
    project = QgsProject.instance()
    project.clear()
    project.setEllipsoid("EPSG:7030")
    context = QgsProcessingContext()
    context.setProject(project)
    yield context
    # pytest lets go of the last test's fixtures after QGIS has ended, and GDAL with it: a raster
    # that is closed then crashes.
    context.temporaryLayerStore().removeAllMapLayers()


Run = Callable[..., Results]


@pytest.fixture
def run(provider: GeoSamProvider, context: QgsProcessingContext) -> Run:
    """Runs an algorithm as a script does, on the main thread."""

    def run(
        name: str, parameters: Results, feedback: QgsProcessingFeedback | None = None
    ) -> Results:
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"geosam:{name}")
        is_fine, message = algorithm.checkParameterValues(parameters, context)
        assert is_fine, message
        results, is_fine = algorithm.run(
            parameters, context, feedback or Feedback(), catchExceptions=False
        )
        assert is_fine
        return results

    return run


@pytest.fixture
def sample(scene: Path, tmp_path: Path) -> Path:
    """The sample without a cache."""
    return Path(shutil.copy(scene, tmp_path / "scene.tif"))


@pytest.fixture(scope="module")
def buildings(scene: Path) -> list[QgsGeometry]:
    return large_buildings(scene)


def features_of(results: Results, context: QgsProcessingContext, name: str = "OUTPUT") -> Any:
    layer = context.getMapLayer(results[name])
    return layer, list(layer.getFeatures())


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Five patches of noise in a row, at level 0."""
    rng = np.random.default_rng(0)
    values = rng.integers(0, 255, (3, 200, 1024 + 4 * 768), np.uint8, endpoint=True)
    return write_tiff(tmp_path / "wide.tif", values)


def attributes_of(cache: Path) -> dict[str, Any]:
    return json.loads((cache / "zarr.json").read_text("utf-8"))["attributes"]


# --- encoderaster


def test_encode_on_a_background_thread(
    provider: GeoSamProvider, context: QgsProcessingContext, sample: Path, cache: Path
) -> None:
    layer = QgsRasterLayer(str(sample), "sample")
    QgsProject.instance().addMapLayer(layer)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geosam:encoderaster")
    feedback = Feedback()
    task = QgsProcessingAlgRunnerTask(
        algorithm, {"INPUT": layer.id(), "COVERAGE": "memory:"}, context, feedback
    )
    ended: list[tuple[bool, Results]] = []
    task.executed.connect(lambda is_fine, results: ended.append((is_fine, results)))
    QgsApplication.taskManager().addTask(task)
    deadline = time.monotonic() + PATIENCE_S
    while not ended and time.monotonic() < deadline:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        time.sleep(0.005)
    assert ended, "the encode took too long"
    is_fine, results = ended[0]
    assert is_fine, feedback.htmlLog()

    made = Path(results["OUTPUT"])
    assert made == sample.with_name("scene.tif.nano.sam2.zarr")
    assert (results["PATCHES"], results["ENCODED"], results["SKIPPED"]) == (1, 1, 0)
    assert feedback.reached[-1] == 100
    assert feedback.texts[0] == "Patches: 0 of 1"
    ours, theirs = attributes_of(made), attributes_of(cache)
    for key in ("bands", "grid", "model", "dtype"):
        assert ours.get(key) == theirs.get(key), key
    assert (ours["stretch"]["low"], ours["stretch"]["high"]) == (
        theirs["stretch"]["low"], theirs["stretch"]["high"]
    )  # fmt: skip
    coverage, patches = features_of(results, context, "COVERAGE")
    assert coverage.crs().authid() == UTM
    assert [feature.attributes() for feature in patches] == [[0, 0, 0, "present", 0.3]]
    assert patches[0].geometry().area() == pytest.approx(SAMPLE_SIDE_M**2)
    assert patches[0].geometry().boundingBox() == layer.extent()


def test_what_is_cancelled_is_gone_on_with(run: Run, wide: Path) -> None:
    parameters = {"INPUT": str(wide), "LEVELS": 1, "BATCH": 1}
    feedback = Feedback(cancel_at=20)
    results = run("encoderaster", parameters, feedback)
    assert Path(results["OUTPUT"]) == wide.with_name("wide.tif.nano.sam2.zarr")
    assert any("goes on from there" in info for info in feedback.infos)
    feedback = Feedback()
    results = run("encoderaster", {**parameters, "COVERAGE": "memory:"}, feedback)
    assert 1 <= results["SKIPPED"] < 5
    assert results["ENCODED"] == 5 - results["SKIPPED"]
    assert feedback.texts[0] == f"Patches: 0 of {results['ENCODED']}"
    if results["ENCODED"] > 1:
        assert "left" in feedback.texts[1]


def test_the_main_thread_goes_on_while_it_waits(
    run: Run, wide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QGIS's batch dialog runs algorithms on the GUI thread: its windows live and its Cancel
    button is heard, without anybody looking every now and then whether it was pressed."""
    monkeypatch.setattr("geosam_plugin.engine.process.POLL_MS", 60_000)
    feedback = QgsProcessingFeedback()
    turns: list[float] = []
    ticker = QTimer()
    ticker.timeout.connect(lambda: turns.append(time.perf_counter()))
    ticker.start(20)
    feedback.progressChanged.connect(lambda _progress: feedback.cancel())
    results = run("encoderaster", {"INPUT": str(wide), "LEVELS": 1, "BATCH": 1}, feedback)
    ticker.stop()
    assert "ENCODED" not in results, "it was cancelled after the first patch"
    assert len(turns) > 5


def test_an_extent_in_any_crs_selects_patches(
    run: Run, context: QgsProcessingContext, wide: Path
) -> None:
    """The third patch alone holds x = 1850 ± 50 pixels (of 1536 to 2560, its neighbours end at
    1792 and begin at 2304)."""
    layer = QgsRasterLayer(str(wide))
    transform = QgsCoordinateTransform(
        layer.crs(), QgsCoordinateReferenceSystem(WGS84), QgsProject.instance()
    )
    extent = layer.extent()
    extent.setXMinimum(500000 + 0.3 * 1850)
    extent.setXMaximum(500000 + 0.3 * 1950)
    box = transform.transformBoundingBox(extent)
    results = run(
        "encoderaster",
        {
            "INPUT": str(wide),
            "LEVELS": 1,
            "EXTENT": f"{box.xMinimum()},{box.xMaximum()},{box.yMinimum()},{box.yMaximum()} "
            f"[{WGS84}]",
            "COVERAGE": "memory:",
        },
    )
    assert (results["PATCHES"], results["ENCODED"]) == (1, 1)
    _, patches = features_of(results, context, "COVERAGE")
    states = {(patch["level"], patch["col"]): patch["status"] for patch in patches}
    assert [states[0, col] for col in range(5)] == [
        "missing", "missing", "present", "missing", "missing"
    ]  # fmt: skip
    (done,) = (patch for patch in patches if patch["status"] == "present")
    assert done.geometry().boundingBox().xMinimum() == pytest.approx(500000 + 0.3 * 1536)
    described = run("cacheinfo", {"CACHE": results["OUTPUT"], "COVERAGE": "memory:"})
    assert (described["PATCHES"], described["MISSING"]) == (1, len(patches) - 1)
    _, again = features_of(described, context, "COVERAGE")
    assert [f.attributes() for f in again] == [f.attributes() for f in patches]


def test_the_style_decides_bands_and_stretch_and_a_cache_keeps_its_own(
    run: Run, context: QgsProcessingContext, tmp_path: Path
) -> None:
    rng = np.random.default_rng(1)
    path = write_tiff(
        tmp_path / "four.tif", rng.integers(200, 3000, (4, 300, 300)).astype(np.uint16)
    )
    layer = QgsRasterLayer(str(path), "four")
    context.project().addMapLayer(layer)
    layer.setRenderer(coloured(layer, (4, 3, 2), [(100, 2500), (110, 2600), (120, 2700)]))
    results = run("encoderaster", {"INPUT": layer.id()})
    attributes = attributes_of(Path(results["OUTPUT"]))
    assert attributes["bands"] == [4, 3, 2]
    assert attributes["stretch"]["low"] == [100, 110, 120]
    assert attributes["stretch"]["high"] == [2500, 2600, 2700]

    layer.setRenderer(coloured(layer, (4, 3, 2), [(300, 900)] * 3))
    again = run("encoderaster", {"INPUT": layer.id()})
    assert (again["SKIPPED"], again["ENCODED"]) == (1, 0)
    with pytest.raises(QgsProcessingException, match=r"\(OUTPUT\): .*stretch .*Replace the cache"):
        run("encoderaster", {"INPUT": layer.id(), "STRETCH": "0:5000"})
    explicit = {"INPUT": layer.id(), "BANDS": [1], "STRETCH": "5, 95", "RESTART": True,
                "OUTPUT": str(tmp_path / "other.sam2.zarr"), "RESOLUTION": 0.6,
                "DTYPE": "float32", "OVERLAP": 128}  # fmt: skip
    made = attributes_of(Path(run("encoderaster", explicit)["OUTPUT"]))
    assert (made["bands"], made["dtype"]) == ([1], "float32")
    del explicit["DTYPE"]
    assert run("encoderaster", {**explicit, "RESTART": False})["ENCODED"] == 0
    assert made["stretch"]["method"] == "5,95"
    assert 300 < made["stretch"]["low"][0] < 400


def test_a_folder_gets_the_cache_under_its_usual_name(run: Run, wide: Path, tmp_path: Path) -> None:
    folder = tmp_path / "caches"
    folder.mkdir()
    small = {"EXTENT": f"500000,500100,4649950,4650000 [{UTM}]", "LEVELS": 1}
    results = run("encoderaster", {"INPUT": str(wide), "OUTPUT": str(folder), **small})
    assert Path(results["OUTPUT"]) == folder / "wide.tif.nano.sam2.zarr"
    named = tmp_path / "named.sam2.zarr"
    results = run("encoderaster", {"INPUT": str(wide), "OUTPUT": str(named), **small})
    assert Path(results["OUTPUT"]) == named


def test_what_dialogs_hand_over_for_nothing(run: Run, wide: Path, tmp_path: Path) -> None:
    """QGIS 3.22's batch dialog, column by column."""
    extent = f"500000,500100,4649950,4650000 [{UTM}]"
    nothing = {
        "BANDS": None, "BATCH": None, "CHECKPOINT": NULL, "LEVELS": None, "RESOLUTION": None,
        "OUTPUT": "", "STRETCH": "", "COVERAGE": QgsProcessingOutputLayerDefinition(""),
    }  # fmt: skip
    results = run("encoderaster", {"INPUT": str(wide), "EXTENT": extent, **nothing})
    assert results["ENCODED"] == 1
    assert "COVERAGE" not in results


def test_batch_dialog_with_three_rasters(
    provider: GeoSamProvider, context: QgsProcessingContext, scene: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.syspath_prepend(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.gui import BatchPanel
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    rasters = [tmp_path / f"part{number}.tif" for number in range(3)]
    for number, raster in enumerate(rasters):
        gdal.Translate(str(raster), str(scene), srcWin=[300 * number, 0, 400, 400])
    panel = BatchPanel.BatchPanel
    is_new = hasattr(panel, "CURRENT_FORMAT")  # since QGIS 3.40
    values = [str(raster) if is_new else repr(str(raster)) for raster in rasters]
    rows = [{"PARAMETERS": {"INPUT": value}, "OUTPUTS": {}} for value in values]
    batch = tmp_path / "batch.json"
    batch.write_text(
        json.dumps({panel.FORMAT: panel.CURRENT_FORMAT, panel.ROWS: rows} if is_new else rows)
    )
    monkeypatch.setattr(
        BatchPanel.QFileDialog, "getOpenFileName", lambda *_args, **_more: (str(batch), "")
    )
    dialog = BatchAlgorithmDialog(provider.algorithm("encoderaster").create())
    dialog.mainWidget().load()
    assert dialog.mainWidget().batchRowCount() == 3
    dialog.show()  # since QGIS 3.40, one that is not seen goes when it is done
    dialog.runAlgorithm()

    def log() -> str:
        return "\n".join(box.toPlainText() for box in dialog.findChildren(QTextEdit))

    deadline = time.monotonic() + PATIENCE_S
    while "Batch execution completed" not in log() and time.monotonic() < deadline:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    assert log().count("correctly executed") == 3, log()
    for raster in rasters:
        assert is_cache(raster.with_name(f"{raster.name}.nano.sam2.zarr"))
    dialog.close()
    dialog.deleteLater()


def coloured(
    layer: QgsRasterLayer, bands: tuple[int, int, int], limits: list[tuple[float, float] | None]
) -> QgsMultiBandColorRenderer:
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *bands)
    setters = (
        renderer.setRedContrastEnhancement,
        renderer.setGreenContrastEnhancement,
        renderer.setBlueContrastEnhancement,
    )
    for band, limit, setter in zip(bands, limits, setters, strict=True):
        if limit is None:
            continue
        enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(max(band, 1)))
        enhancement.setMinimumValue(limit[0])
        enhancement.setMaximumValue(limit[1])
        enhancement.setContrastEnhancementAlgorithm(
            QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
        )
        setter(enhancement)
    return renderer


@pytest.mark.parametrize(
    ("bands", "limits", "expected_bands", "expected_stretch"),
    [
        ((3, 2, 1), [(0, 9), (1, 8), (2, 7)], (3, 2, 1), "0.0:9.0,1.0:8.0,2.0:7.0"),
        ((3, 2, 1), [(0, 9), None, (2, 7)], (3, 2, 1), None),
        ((2, 2, 2), [(0, 9)] * 3, (2,), "0.0:9.0"),
        ((3, -1, 1), [(0, 9), None, (2, 7)], (3, 1), "0.0:9.0,2.0:7.0"),
        ((1, 2, 3), [(5, 5), (1, 8), (2, 7)], (1, 2, 3), None),
    ],
)
def test_appearance_of_colours(
    qgis_app: QgsApplication, wide: Path, bands: Any, limits: Any, expected_bands: Any,
    expected_stretch: str | None,
) -> None:  # fmt: skip
    layer = QgsRasterLayer(str(wide))
    layer.setRenderer(coloured(layer, bands, limits))
    appearance = appearance_of(layer)
    assert appearance.bands == expected_bands
    assert appearance.stretch(appearance.bands) == expected_stretch


@pytest.mark.parametrize(
    ("parameters", "name", "words"),
    [
        ({"INPUT": "nowhere.tif"}, "INPUT", ""),
        ({"BANDS": [1, 2, 3, 1]}, "BANDS", "one to three"),
        ({"BANDS": [7]}, "BANDS", "no band 7"),
        ({"STRETCH": "a lot"}, "STRETCH", "2,98"),
        ({"OVERLAP": 130}, "OVERLAP", "multiple of 4"),
        ({"OVERLAP": 1024}, "OVERLAP", "1020"),
        ({"RESOLUTION": 0}, "RESOLUTION", "above 0"),
        ({"LEVELS": 0}, "LEVELS", ""),
        ({"MODEL": "sam9"}, "MODEL", ""),
        ({"EXTENT": f"0,10,0,10 [{UTM}]"}, "EXTENT", "does not meet"),
        ({"CHECKPOINT": "/nowhere/weights.pt"}, "CHECKPOINT", "no file"),
        ({"OUTPUT": __file__}, "OUTPUT", "not a folder"),
    ],
)
def test_messages_name_the_parameter(
    provider: GeoSamProvider, context: QgsProcessingContext, wide: Path, parameters: Results,
    name: str, words: str,
) -> None:  # fmt: skip
    algorithm = provider.algorithm("encoderaster")
    is_fine, message = algorithm.checkParameterValues({"INPUT": str(wide), **parameters}, context)
    assert not is_fine
    assert name in message
    assert words in message


def test_what_only_the_engine_finds_wrong_names_the_parameter_too(run: Run, wide: Path) -> None:
    weights = wide.with_name("weights.pt")
    weights.write_text("These are no weights.")
    with pytest.raises(QgsProcessingException, match=r"\(CHECKPOINT\): .*weights\.pt") as told:
        run("encoderaster", {"INPUT": str(wide), "CHECKPOINT": str(weights)})
    assert "--" not in str(told.value)
    broken = wide.with_name("broken.sam2.zarr")
    broken.mkdir()
    (broken / "zarr.json").write_text("{}")
    with pytest.raises(QgsProcessingException, match=r"\(CACHE\): "):
        run("cacheinfo", {"CACHE": str(broken)})
    with pytest.raises(QgsProcessingException, match=r"\(OUTPUT\): "):
        run("encoderaster", {"INPUT": str(wide), "OUTPUT": str(broken)})


def test_a_layer_that_is_no_file_is_encoded_by_way_of_one(
    run: Run, context: QgsProcessingContext, wide: Path, tmp_path: Path
) -> None:
    archive = shutil.make_archive(str(tmp_path / "wide"), "zip", wide.parent, wide.name)
    layer = QgsRasterLayer(f"/vsizip/{archive}/wide.tif", "packed")
    assert layer.isValid()
    context.project().addMapLayer(layer)
    folder = tmp_path / "caches"
    folder.mkdir()
    results = run("encoderaster", {"INPUT": layer.id(), "LEVELS": 1, "OUTPUT": str(folder)})
    assert (results["PATCHES"], results["ENCODED"]) == (5, 5)
    raster = Path(results["RASTER"])
    assert raster.parent == Path(results["OUTPUT"]).parent == folder
    given, made = (gdal.Open(str(path)) for path in (wide, raster))
    assert np.array_equal(made.ReadAsArray()[:3], given.ReadAsArray())
    assert made.GetGeoTransform() == pytest.approx(given.GetGeoTransform(), rel=1e-9)


def test_what_only_control_points_place_is_to_be_warped_first(
    provider: GeoSamProvider, context: QgsProcessingContext, tmp_path: Path
) -> None:
    """Its cache would know pixels only, while QGIS shows it on the map."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "scan.tif"), 40, 30, 1)
    corners = ((0, 0), (40, 0), (0, 30), (40, 30))
    reference = QgsCoordinateReferenceSystem(UTM).toWkt()
    dataset.SetGCPs([gdal.GCP(5e5 + x, 4e6 - y, 0, x, y) for x, y in corners], reference)
    dataset = None
    is_fine, message = provider.algorithm("encoderaster").checkParameterValues(
        {"INPUT": str(tmp_path / "scan.tif")}, context
    )
    assert not is_fine
    assert "(INPUT): “scan” is placed by control points only. Warp it first" in message
    warped = tmp_path / "warped.tif"
    gdal.Warp(str(warped), str(tmp_path / "scan.tif"))
    is_fine, message = provider.algorithm("encoderaster").checkParameterValues(
        {"INPUT": str(warped)}, context
    )
    assert is_fine, message


def test_without_an_engine_there_is_a_sentence(
    provider: GeoSamProvider, context: QgsProcessingContext, wide: Path
) -> None:
    installed = EngineSettings.load()
    EngineSettings(python="/nowhere/python", is_complete=True).save()
    try:
        with pytest.raises(QgsProcessingException, match="not installed"):
            provider.algorithm("encoderaster").create().run(
                {"INPUT": str(wide)}, context, Feedback(), catchExceptions=False
            )
    finally:
        installed.save()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("auto", True), ("None", True), ("2,98", True), (" 2 , 98 ", True), ("0:3000", True),
     ("-1.5:3e3,0:1,.5:2.", True), ("", False), ("2", False), ("0:1,2:3,4:5,6:7", False),
     ("0-3000", False), ("a:b", False)],
)  # fmt: skip
def test_stretches(text: str, expected: bool) -> None:
    assert is_stretch(text) is expected


# --- segmentprompts


def test_points_in_degrees_give_what_the_engine_gives(
    run: Run, context: QgsProcessingContext, command: EngineCommand, cache: Path,
    buildings: list[QgsGeometry],
) -> None:  # fmt: skip
    layer = layer_with(
        "Point", WGS84, [(centre(b).asWkt(12), [f"b{i}", ""]) for i, b in enumerate(buildings)]
    )
    feedback = Feedback()
    results = run(
        "segmentprompts", {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:"}, feedback
    )
    output, found = features_of(results, context)
    expected = engine_polygons(
        command, cache, [{"include": [point], "crs": WGS84} for point in points_of(layer)]
    )
    assert results["POLYGONS"] == len(found) == len(buildings)
    assert (results["FAILED"], feedback.warnings) == (0, [])
    assert output.crs().authid() == UTM
    assert feedback.reached[-1] == 100
    for index, (feature, (polygon,)) in enumerate(zip(found, expected, strict=True)):
        assert feature["name"] == f"b{index}"
        assert iou(feature.geometry(), polygon) >= 0.99
        assert feature.geometry().isGeosValid()
        assert feature.geometry().isMultipart()
        assert 0 < feature["score"] <= 1
        # UTM's scale at the central meridian, 0.9996, squared.
        assert feature["area_m2"] == pytest.approx(feature.geometry().area() / 0.9996**2, rel=1e-4)
        assert (feature["n_include"], feature["n_exclude"], feature["model"]) == (1, 0, "nano")
        assert (feature["level"], feature["candidate"] in (1, 2, 3)) == (0, True)
        assert (feature["raster"], feature["box"]) == ("scene.tif", 0)
        assert feature["created"].date() == QDate.currentDate()
        prompts = prompts_of(feature)
        assert (prompts["crs"], prompts["raster"], prompts["model"]) == (UTM, "scene.tif", "nano")
        assert QgsGeometry.fromPointXY(QgsPointXY(*prompts["include"][0])).within(
            buildings[index].buffer(0.01, 4)
        )
        assert prompts["candidate"] == feature["candidate"]
        assert prompts["options"] == Options().params() | {
            "min_hole_px": 16.0, "right_angles": False,
        }  # fmt: skip


def test_boxes_in_another_crs(
    run: Run, context: QgsProcessingContext, command: EngineCommand, cache: Path,
    buildings: list[QgsGeometry],
) -> None:  # fmt: skip
    layer = layer_with(
        "Polygon", MERCATOR, [(b.asWkt(12), [f"b{i}", ""]) for i, b in enumerate(buildings)]
    )
    results = run("segmentprompts", {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:"})
    _, found = features_of(results, context)
    boxes = [feature.geometry().boundingBox() for feature in layer.getFeatures()]
    expected = engine_polygons(
        command,
        cache,
        [
            {"box": [b.xMinimum(), b.yMinimum(), b.xMaximum(), b.yMaximum()], "crs": MERCATOR}
            for b in boxes
        ],
    )
    assert len(found) == len(buildings)
    for index, (feature, (polygon,)) in enumerate(zip(found, expected, strict=True)):
        assert feature["name"] == f"b{index}"
        assert iou(feature.geometry(), polygon) >= 0.99
        assert (feature["box"], feature["n_include"]) == (1, 0)
        assert len(prompts_of(feature)["box_outline"]) == 64
    hits = [iou(f.geometry(), b) > 0.5 for f, b in zip(found, buildings, strict=True)]
    assert sum(hits) >= 6, "nano finds most of the sample's large buildings by their boxes"


def test_right_angles(
    run: Run, context: QgsProcessingContext, cache: Path, buildings: list[QgsGeometry]
) -> None:
    """Of what they are asked for, the buildings whose masks have them; the rest stays."""
    layer = layer_with("Polygon", UTM, [(b.asWkt(12), ["", ""]) for b in buildings])
    asked = {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:"}
    plain, squared = (
        [
            feature.geometry()
            for feature in features_of(
                run("segmentprompts", asked | {"RIGHT_ANGLES": wanted}), context
            )[1]
        ]
        for wanted in (False, True)
    )
    changed = [
        (before, after) for before, after in zip(plain, squared, strict=True)
        if not before.equals(after)
    ]  # fmt: skip
    assert changed
    for before, after in changed:
        assert iou(before, after) >= 0.9 and after.isGeosValid()
        assert sum(1 for _ in after.vertices()) < sum(1 for _ in before.vertices()) / 2
    outlines = [
        [QgsPointXY(point) for point in after.vertices()]
        for _, after in changed if after.constGet().numGeometries() == 1
    ]  # fmt: skip
    corners = [
        (c.azimuth(b) - a.azimuth(b)) % 90
        for points in outlines for a, b, c in zip(points, points[1:], points[2:], strict=False)
    ]  # fmt: skip
    right = [min(turn, 90 - turn) < 0.01 for turn in corners]
    assert len(right) >= 3 and sum(right) >= 0.8 * len(right), "where the raster does not cut them"


def test_points_are_grouped_and_told_apart(
    run: Run, context: QgsProcessingContext, command: EngineCommand, cache: Path,
    buildings: list[QgsGeometry],
) -> None:  # fmt: skip
    first, second, third = (centre(b) for b in buildings[:3])
    near = QgsGeometry(first)
    near.translate(1.5, 0.6)
    away = QgsGeometry(first)
    away.translate(30, 0)
    layer = layer_with(
        "Point",
        UTM,
        [
            (first.asWkt(12), ["one", "include"]),
            (second.asWkt(12), ["two", "1"]),
            (away.asWkt(12), ["one", "Exclude"]),
            (near.asWkt(12), ["one", ""]),
            (third.asWkt(12), [None, None]),
        ],
    )
    options = {"LABEL_FIELD": "label", "OBJECT_FIELD": "name", "OUTPUT": "memory:"}
    results = run("segmentprompts", {"INPUT": layer, "CACHE": str(cache), **options})
    _, found = features_of(results, context)
    p = points_of(layer)
    expected = engine_polygons(
        command,
        cache,
        [
            {"include": [p[0], p[3]], "exclude": [p[2]], "crs": UTM},
            {"include": [p[1]], "crs": UTM},
            {"include": [p[4]], "crs": UTM},
        ],
    )
    assert [(f["n_include"], f["n_exclude"], f["label"] or None) for f in found] == [
        (2, 1, "include"), (1, 0, "1"), (1, 0, None)
    ]  # fmt: skip
    for feature, (polygon,) in zip(found, expected, strict=True):
        assert iou(feature.geometry(), polygon) >= 0.99


def test_a_prompt_that_fails_is_told_and_left_out(
    run: Run, context: QgsProcessingContext, cache: Path, buildings: list[QgsGeometry]
) -> None:
    layer = layer_with(
        "Point",
        UTM,
        [
            ("Point (400000 4650000)", ["outside", ""]),
            (centre(buildings[0]).asWkt(12), ["fine", ""]),
            (centre(buildings[1]).asWkt(12), ["unclear", "perhaps"]),
        ],
    )
    parameters = {
        "INPUT": layer, "CACHE": str(cache), "LABEL_FIELD": "label", "OUTPUT": "memory:"
    }  # fmt: skip
    feedback = Feedback()
    results = run("segmentprompts", parameters, feedback)
    _, found = features_of(results, context)
    assert [feature["name"] for feature in found] == ["fine"]
    assert (results["POLYGONS"], results["FAILED"]) == (1, 2)
    outside, unclear, count = feedback.warnings
    assert unclear == "Feature 3: “perhaps” means neither include nor exclude."
    assert outside.startswith("Feature 1: ")
    assert count == "Prompts without a polygon, left out: 2."

    layer.dataProvider().deleteFeatures([2])
    with pytest.raises(QgsProcessingException, match=r"No prompt gave a polygon\. Feature 1"):
        run("segmentprompts", parameters)


def test_candidates_and_names_that_are_taken(
    run: Run, context: QgsProcessingContext, cache: Path, buildings: list[QgsGeometry]
) -> None:
    layer = QgsVectorLayer(f"Point?crs={UTM}&field=score:integer", "x", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(centre(buildings[0]))
    feature.setAttributes([7])
    layer.dataProvider().addFeature(feature)
    results = run(
        "segmentprompts",
        {"INPUT": layer, "CACHE": str(cache), "CANDIDATE": "all", "OUTPUT": "memory:"},
    )
    output, found = features_of(results, context)
    assert [field.name() for field in output.fields()][:2] == ["score", "score_2"]
    candidates = [feature["candidate"] for feature in found]
    assert 2 <= len(found) <= 3
    assert candidates == sorted(set(candidates))
    assert {feature["score"] for feature in found} == {7}


def test_each_patch_is_asked_once_and_results_keep_the_layers_order(
    run: Run, context: QgsProcessingContext, wide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points that jump from patch to patch would have the engine load each of them again."""
    cache = run("encoderaster", {"INPUT": str(wide), "LEVELS": 1})["OUTPUT"]
    request, patches = EngineSession.request, []

    def recorded(self: EngineSession, method: str, *given: Any) -> Results:
        answer = request(self, method, *given)
        if method == "predict":
            patches.append(tuple(answer["patch"]))
        return answer

    monkeypatch.setattr(EngineSession, "request", recorded)
    columns = [4, 0, 2, 1, 3, 0, 4, 3, 2, 1, 2, 0]
    points = [
        (f"Point ({500000 + 0.3 * (512 + 768 * column)} {4650000 - 30})", [str(number), ""])
        for number, column in enumerate(columns)
    ]
    parameters = {"CACHE": cache, "CANDIDATE": "all", "MIN_AREA": 0, "OUTPUT": "memory:"}
    results = run("segmentprompts", {"INPUT": layer_with("Point", UTM, points), **parameters})
    assert [patch for patch, _ in groupby(patches)] == [(0, column) for column in range(5)]
    _, found = features_of(results, context)
    numbers = [int(feature["name"]) for feature in found]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) + results["FAILED"] == len(columns)
    for feature in found:
        middle = 512 + 768 * columns[int(feature["name"])]
        assert prompts_of(feature)["include"][0][0] == pytest.approx(500000 + 0.3 * middle)


def test_segmenting_is_cancelled_at_once(
    run: Run, context: QgsProcessingContext, cache: Path, buildings: list[QgsGeometry]
) -> None:
    layer = layer_with("Point", UTM, [(centre(b).asWkt(12), ["", ""]) for b in buildings])
    results = run(
        "segmentprompts",
        {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:"},
        Feedback(cancel_at=30),
    )
    assert results["POLYGONS"] == 3


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"CACHE": "/nowhere"}, "CACHE"),
        ({"CACHE": os.path.dirname(__file__)}, "CACHE"),  # noqa: PTH120
        ({"LABEL_FIELD": "nothing"}, "LABEL_FIELD"),
        ({"OBJECT_FIELD": "nothing"}, "OBJECT_FIELD"),
        ({"INPUT": "LineString"}, "INPUT"),
        ({"MIN_AREA": -1}, "MIN_AREA"),
    ],
)
def test_messages_of_segmenting_name_the_parameter(
    provider: GeoSamProvider, context: QgsProcessingContext, cache: Path, parameters: Results,
    name: str,
) -> None:  # fmt: skip
    layer = layer_with(parameters.pop("INPUT", "Point"), UTM, [])
    given = {"INPUT": layer, "CACHE": str(cache), "OUTPUT": "memory:", **parameters}
    is_fine, message = provider.algorithm("segmentprompts").checkParameterValues(given, context)
    assert not is_fine
    assert name in message


@pytest.mark.parametrize(
    ("label", "expected"),
    [(None, True), ("", True), ("Include", True), (1, True), (2.5, True), (True, True),
     ("exclude ", False), (0, False), (-1, False), (False, False), ("-", False)],
)  # fmt: skip
def test_labels(label: Any, expected: bool) -> None:
    assert is_include(label) is expected


def test_labels_that_say_nothing() -> None:
    with pytest.raises(UnusablePrompt, match="maybe"):
        is_include("maybe")


# --- cacheinfo, models, agreement with the engine


def test_cacheinfo(
    run: Run, context: QgsProcessingContext, scene: Path, cache: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    results = run(
        "cacheinfo",
        {
            "CACHE": str(cache),
            "RASTER": str(scene),
            "OUTPUT_HTML_FILE": str(report),
            "COVERAGE": "memory:",
        },
    )
    assert results["MODEL"] == "nano"
    assert (results["RASTER_NAME"], results["RASTER_STATE"]) == ("scene.tif", "unchanged")
    assert (results["CRS"], results["LEVELS"]) == (UTM, 1)
    assert (results["PATCHES"], results["EMPTY"], results["MISSING"]) == (1, 0, 0)
    stored = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file())
    assert results["SIZE_BYTES"] == stored
    text = report.read_text("utf-8")
    assert "1024 x 1024 pixels of 0.3 x 0.3" in text
    assert "it is the raster that was encoded" in text
    _, patches = features_of(results, context, "COVERAGE")
    assert len(patches) == 1


@pytest.mark.parametrize("name", ["cacheinfo", "segmentprompts"])
def test_a_raster_will_do_where_it_has_a_cache(
    provider: GeoSamProvider, context: QgsProcessingContext, tmp_path: Path, name: str
) -> None:
    raster = tmp_path / "bare.tif"
    write_tiff(raster, np.zeros((1, 8, 8), np.uint8))
    algorithm = provider.algorithm(name)
    given = {"CACHE": str(raster), "INPUT": layer_with("Point", UTM, []), "OUTPUT": "memory:"}
    is_fine, message = algorithm.checkParameterValues(given, context)
    assert not is_fine
    assert f"(CACHE): {raster} is a file for which no feature cache was found" in message
    made = raster.with_name("bare.tif.nano.sam2.zarr")
    made.mkdir()
    (made / "zarr.json").write_text("{}")
    is_fine, message = algorithm.checkParameterValues(given, context)
    assert is_fine, message
    assert algorithm.cache_path(given, context) == made


def test_cacheinfo_finds_the_cache_of_a_raster(run: Run, scene: Path, cache: Path) -> None:
    results = run("cacheinfo", {"CACHE": str(scene)})
    assert (Path(results["CACHE"]), results["PATCHES"]) == (cache, 1)


def test_cacheinfo_sees_a_changed_raster(run: Run, cache: Path, sample: Path) -> None:
    dataset = gdal.Open(str(sample), gdal.GA_Update)
    dataset.WriteArray(np.zeros((3, 50, 50), np.uint8), 100, 100)
    dataset = None
    results = run("cacheinfo", {"CACHE": str(cache), "RASTER": str(sample)})
    assert results["RASTER_STATE"] == "changed"


def test_a_model_encodes_and_segments(
    provider: GeoSamProvider, context: QgsProcessingContext, sample: Path,
    buildings: list[QgsGeometry],
) -> None:  # fmt: skip
    model = QgsProcessingModelAlgorithm("clicks", "tests")
    for parameter in (
        QgsProcessingParameterRasterLayer("RASTER", "Raster"),
        QgsProcessingParameterFeatureSource("POINTS", "Points"),
    ):
        model.addModelParameter(parameter, QgsProcessingModelParameter(parameter.name()))
    source = QgsProcessingModelChildParameterSource
    encode = QgsProcessingModelChildAlgorithm("geosam:encoderaster")
    encode.setChildId("encode")
    encode.addParameterSources("INPUT", [source.fromModelParameter("RASTER")])
    model.addChildAlgorithm(encode)
    segment = QgsProcessingModelChildAlgorithm("geosam:segmentprompts")
    segment.setChildId("segment")
    segment.addParameterSources("INPUT", [source.fromModelParameter("POINTS")])
    segment.addParameterSources("CACHE", [source.fromChildOutput("encode", "OUTPUT")])
    segment.addParameterSources("OUTPUT", [source.fromStaticValue("memory:")])
    model.addChildAlgorithm(segment)
    points = layer_with("Point", UTM, [(centre(b).asWkt(12), ["", ""]) for b in buildings[:2]])
    feedback = Feedback()
    results, is_fine = model.run(
        {"RASTER": str(sample), "POINTS": points}, context, feedback, catchExceptions=False
    )
    assert is_fine
    assert results["CHILD_RESULTS"]["encode"]["ENCODED"] == 1
    assert results["CHILD_RESULTS"]["segment"]["POLYGONS"] == 2


def test_models_are_those_of_the_engine(qgis_app: QgsApplication, command: EngineCommand) -> None:
    hello = EngineProcess(command).run_blocking("hello", {}, allow_gui_thread=True)
    assert tuple(model["name"] for model in hello["capabilities"]["models"]) == MODELS


def test_defaults_are_those_of_the_engine(provider: GeoSamProvider, command: EngineCommand) -> None:
    """The dialog and the dock start with what the command line does."""
    code = (
        "import dataclasses, json; from encoder_tool.polygons import DEFAULT_OPTIONS as options; "
        "print(json.dumps(dataclasses.asdict(options)))"
    )
    told = subprocess.run(
        [command.program, "-c", code], env=dict(command.environment), capture_output=True,
        text=True, timeout=PATIENCE_S, check=True,
    ).stdout  # fmt: skip
    theirs = json.loads(told)
    parameters = provider.algorithm("segmentprompts").parameterDefinition
    assert theirs == {
        "simplify_px": parameters("SIMPLIFY").defaultValue(),
        "min_area_px": parameters("MIN_AREA").defaultValue(),
        "min_hole_px": parameters("MIN_HOLE").defaultValue(),
        "largest_part_only": parameters("LARGEST_PART").defaultValue(),
        "all_parts": False,  # not offered in QGIS
        "right_angles": parameters("RIGHT_ANGLES").defaultValue(),
    }
    clicked = Options().params()
    assert clicked == {name: theirs[name] for name in clicked}


def test_caches_lie_where_the_engine_looks(
    command: EngineCommand, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    elsewhere = Path("/vsicurl/nowhere/far.tif")
    code = (
        "import sys; from encoder_tool.cache.location import default_cache_path as f; "
        "print('\\n'.join(str(f(path, 'nano')) for path in sys.argv[1:]))"
    )
    told = subprocess.run(
        [command.program, "-c", code, str(sample), str(elsewhere)],
        env={**command.environment, "XDG_CACHE_HOME": str(tmp_path / "user")},
        capture_output=True, text=True, timeout=PATIENCE_S, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert [str(default_cache_path(path, "nano")) for path in (sample, elsewhere)] == told


def test_algorithms_present_themselves(provider: GeoSamProvider) -> None:
    algorithms = provider.algorithms()
    assert {a.name() for a in algorithms} == {
        "layertoraster", "encoderaster", "segmentprompts", "segmentall", "refinefootprints",
        "cacheinfo",
    }  # fmt: skip
    assert not provider.icon().isNull()
    for algorithm in algorithms:
        assert Path(algorithm.svgIconPath()).is_file()
        assert algorithm.group()
        assert len(algorithm.shortHelpString()) > 200
        for parameter in algorithm.parameterDefinitions():
            assert parameter.help() or parameter.isDestination(), parameter.name()
