"""What a server, a disk or a user may do while a raster is made of a web map: the right one, or a
sentence."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
from layer_rasters import COLUMN, ROW, Feedback, Make, Results
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsMessageLog,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
)
from qgis.PyQt.QtCore import QTimer
from qgis_window import wait_for
from served_tiles import ZOOM, ServedTiles, extent_px, position_error_px

from geosam_plugin.layer_to_raster import run
from geosam_plugin.layer_to_raster.reports import LayerReports
from geosam_plugin.layer_to_raster.staging import ABANDONED_S, MAKING, NAME_CHARS
from geosam_plugin.processing.provider import GeoSamProvider

LASTING = {"404": "Not Found", "html": "text/html", "not an image": "flawed", "empty": "flawed"}
PASSING = {"500": "Internal Server Error", "cut": "closed", "some 404": "Not Found"}


@pytest.mark.parametrize("kind", [*LASTING, *PASSING])
def test_what_the_server_does_not_deliver_is_an_error(
    tiles: ServedTiles,
    make_raster: Make,
    tmp_path: Path,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    tiles.reply(kind)
    (tmp_path / "out.tif").write_bytes(b"mine")
    with pytest.raises(QgsProcessingException, match={**LASTING, **PASSING}[kind]) as caught:
        make_raster(
            tiles.xyz(f"{len(kind)}&key=sesame"), EXTENT=extent_px(COLUMN, ROW, 600, 400), ZOOM=ZOOM
        )
    assert "“basemap” does not deliver all of it" in str(caught.value)
    assert "sesame" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["out.tif"]
    assert (tmp_path / "out.tif").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Error transferring https://h.org/sesame/1/2.png?a=1 - server replied: Not Found",
         "Error transferring https://h.org - server replied: Not Found"),
        ("It failed (url: https://h.org:8080/a?b=1;key=sesame).",
         "It failed (url: https://h.org:8080)."),
        ("HTTPS://me:sesame@h.org/a, twice", "HTTPS://h.org, twice"),
        ("No picture at /map?b=1;key=sesame at all", "No picture at /map at all"),
        ("https://h.org: nobody there", "https://h.org: nobody there"),
    ],
)  # fmt: skip
def test_of_addresses_only_the_host_is_told(qgis_app: QgsApplication, said: str, told: str) -> None:
    """A key may be anywhere else."""
    reports = LayerReports([])
    reports.listen_here()
    try:
        QgsMessageLog.logMessage(said, "WMS", Qgis.MessageLevel.Warning)
        assert [report.text for report in reports.take()] == [told]
    finally:
        reports.close()


def test_what_a_qgis_that_died_has_left_is_removed(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path
) -> None:
    """But for what somebody may be making still."""
    name = f"{'a' * 240}.tif"
    old, new = (tmp_path / f".{name[:NAME_CHARS]}.{which}{MAKING}" for which in ("old", "new"))
    for folder in (old, new):
        folder.mkdir()
        (folder / "drawn.tif").write_text("half of it")
    long_ago = time.time() - ABANDONED_S - 60
    for place in (old / "drawn.tif", old):
        os.utime(place, (long_ago, long_ago))
    make_raster(
        good_tiles.xyz("left"), EXTENT=extent_px(COLUMN, ROW, 300, 200), ZOOM=ZOOM,
        OUTPUT=str(tmp_path / name),
    )  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == {new.name, name}


def test_missing_tiles_may_be_left_empty(
    tiles: ServedTiles, make_raster: Make, tmp_path: Path
) -> None:
    tiles.reply("some 404")
    feedback = Feedback()
    layer, extent = tiles.xyz("holes"), extent_px(8874 * 256, 6090 * 256, 768, 768)
    make_raster(layer, feedback, EXTENT=extent, ZOOM=ZOOM, ALLOW_MISSING=True)
    alpha = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()[3]
    expected = np.full((768, 768), 255)
    expected[:256, 256:512] = expected[512:, 256:512] = 0
    assert np.array_equal(alpha, expected)
    assert any("Parts are missing" in text and "Not Found" in text for text in feedback.said)


def test_clear_tiles_are_holes_and_no_error(
    tiles: ServedTiles, make_raster: Make, tmp_path: Path
) -> None:
    tiles.reply("some clear")
    make_raster(tiles.xyz("clear"), EXTENT=extent_px(8874 * 256, 6090 * 256, 768, 768), ZOOM=ZOOM)
    alpha = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()[3]
    assert np.count_nonzero(alpha == 0) == 2 * 256 * 256
    dataset = gdal.Open(str(tmp_path / "out.tif"))
    assert dataset.GetRasterBand(4).GetColorInterpretation() == gdal.GCI_AlphaBand


def test_nothing_at_all_is_an_error(tiles: ServedTiles, make_raster: Make, tmp_path: Path) -> None:
    tiles.reply("clear")
    with pytest.raises(QgsProcessingException, match="“basemap” shows nothing there"):
        make_raster(tiles.xyz("nothing"), EXTENT=extent_px(COLUMN, ROW, 300, 300), ZOOM=ZOOM)
    tiles.reply("404")
    with pytest.raises(QgsProcessingException, match=r"delivers nothing there: .*Not Found"):
        make_raster(
            tiles.xyz("gone"), EXTENT=extent_px(COLUMN, ROW, 300, 300), ZOOM=ZOOM,
            ALLOW_MISSING=True,
        )  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_a_server_that_was_busy_is_asked_again(
    tiles: ServedTiles, make_raster: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    tiles.reply("once 503")
    make_raster(tiles.xyz("busy"), EXTENT=extent_px(COLUMN, ROW, 600, 400), ZOOM=ZOOM)
    assert position_error_px(tmp_path / "out.tif") < 0.01


def test_a_disk_that_is_full_is_a_sentence_and_leaves_nothing(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path
) -> None:
    """Played by the largest file that the process may write."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    layer, extent = good_tiles.xyz("full"), extent_px(COLUMN, ROW, 2500, 1700)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(QgsProcessingException, match=r"could not be written\. Make room"):
            make_raster(layer, EXTENT=extent, ZOOM=ZOOM)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not list(tmp_path.iterdir())


def test_on_a_background_thread_the_window_lives_and_a_cancel_leaves_nothing(
    tiles: ServedTiles, provider: GeoSamProvider, project: QgsProject, tmp_path: Path
) -> None:
    tiles.reply("slow")
    layer = tiles.xyz("slow")
    project.addMapLayer(layer, False)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("geosam:layertoraster")
    context, feedback = QgsProcessingContext(), Feedback()
    context.setProject(project)
    given = {
        "INPUT": layer.id(), "EXTENT": extent_px(COLUMN, ROW, 8000, 8000), "ZOOM": ZOOM,
        "OUTPUT": str(tmp_path / "out.tif"),
    }  # fmt: skip
    task = QgsProcessingAlgRunnerTask(algorithm, given, context, feedback)
    ended: list[tuple[bool, Results]] = []
    task.executed.connect(lambda is_fine, results: ended.append((is_fine, results)))
    QgsApplication.taskManager().addTask(task)
    turns = 0
    beat = QTimer()

    def on_beat() -> None:
        nonlocal turns
        turns += 1

    beat.timeout.connect(on_beat)
    beat.start(10)
    wait_for(lambda: feedback.progress() > 0)
    assert turns > 20, "the event loop turned while the tiles came"
    feedback.cancel()
    wait_for(lambda: bool(ended))
    assert not list(tmp_path.iterdir())
    assert any("Nothing is written" in text for text in feedback.said)
