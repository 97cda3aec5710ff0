"""`geosam:encoderaster` with real workers: in the background, cancelled, on extents, in batches."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from algorithms.algorithm_runs import Feedback, Results, Run, attributes_of, features_of
from osgeo import gdal
from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QTimer
from qgis.PyQt.QtWidgets import QTextEdit
from qgis_window import PATIENCE_S
from reference import UTM, WGS84

from geosam_plugin.cache_paths import is_cache
from geosam_plugin.processing.provider import GeoSamProvider

SAMPLE_SIDE_M = 1024 * 0.3


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


@pytest.mark.slow
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
