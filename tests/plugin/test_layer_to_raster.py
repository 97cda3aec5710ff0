"""A web map of tiles as a GeoTIFF: the right pixels at the right place, or a sentence."""

from __future__ import annotations

import os
import time
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from layer_rasters import (
    COLUMN,
    ROW,
    Feedback,
    Make,
    Results,
    mean_shift_px,
)
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMessageLog,
    QgsPointXY,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis.PyQt.QtCore import QTimer
from qgis_window import wait_for
from served_tiles import (
    HALF_WORLD_M,
    PIXEL_M,
    ZOOM,
    ServedTiles,
    extent_px,
    place_px,
    position_error_px,
)

from geosam_plugin.layer_to_raster import geotiff, run
from geosam_plugin.layer_to_raster.plan import Wanted, plan_raster
from geosam_plugin.layer_to_raster.refusal import RefusedError
from geosam_plugin.layer_to_raster.reports import LayerReports
from geosam_plugin.layer_to_raster.staging import ABANDONED_S, MAKING, NAME_CHARS
from geosam_plugin.processing.provider import GeoSamProvider

# --- XYZ


@pytest.mark.parametrize("columns", [700, 2500])
def test_pixels_of_a_zoom_are_where_the_file_says(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path, columns: int
) -> None:
    layer = good_tiles.xyz(f"exact{columns}")
    made = make_raster(layer, EXTENT=extent_px(COLUMN, ROW, columns, 600), ZOOM=ZOOM)
    assert (made["COLUMNS"], made["ROWS"]) == (columns, 600)
    assert position_error_px(tmp_path / "out.tif") < 0.01
    asked = good_tiles.asked()
    assert {zoom for zoom, _, _ in asked} == {ZOOM}
    assert len(asked) == len(set(asked)), "no tile is fetched twice"


def test_memory_is_let_go_of_on_the_way(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of blocks of the file, which are written on later."""
    monkeypatch.setattr(geotiff, "FLUSHED_BYTES", 1)
    make_raster(good_tiles.xyz("flushed"), EXTENT=extent_px(COLUMN, ROW, 2500, 1700), ZOOM=ZOOM)
    assert position_error_px(tmp_path / "out.tif") < 0.01


def test_large_tiles(good_tiles: ServedTiles, make_raster: Make, tmp_path: Path) -> None:
    """512 pixels a side, as the layer says: a zoom has twice the pixels."""
    good_tiles.reply("good", tile_px=512)
    layer = good_tiles.xyz("large", more="&tilePixelRatio=2")
    make_raster(layer, EXTENT=extent_px(COLUMN, ROW, 400, 300), ZOOM=ZOOM)
    assert gdal.Open(str(tmp_path / "out.tif")).RasterXSize == 800
    assert position_error_px(tmp_path / "out.tif", PIXEL_M / 2) < 0.01


def test_a_zoom_is_taken_that_the_resolution_of_the_layer_would_not_be(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path
) -> None:
    """Of an extent of few pixels, QGIS by itself takes whatever zoom fits its picture."""
    extent = extent_px(COLUMN, ROW, 640, 320)
    for zoom, columns in ((12, 160), (16, 2560)):
        make_raster(good_tiles.xyz(f"zoom{zoom}"), EXTENT=extent, ZOOM=zoom)
        assert abs(gdal.Open(str(tmp_path / "out.tif")).RasterXSize - columns) <= 1
        assert {asked[0] for asked in good_tiles.asked()} == {zoom}
        assert position_error_px(tmp_path / "out.tif", PIXEL_M * 2.0 ** (ZOOM - zoom)) < 0.01


def test_a_resolution_that_is_a_zooms_is_exact(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path
) -> None:
    extent = extent_px(COLUMN, ROW, 300, 200)
    make_raster(good_tiles.xyz("res"), EXTENT=extent, RESOLUTION=round(PIXEL_M, 5))
    assert position_error_px(tmp_path / "out.tif") < 0.01


def test_a_resolution_between_zooms_is_resampled_in_place(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path
) -> None:
    """By the finer of the two, and none of it shifted."""
    extent = extent_px(8875 * 256 + 20, 6091 * 256 + 20, 200, 200)
    make_raster(good_tiles.xyz("between"), EXTENT=extent, RESOLUTION=PIXEL_M * 1.25)
    assert {zoom for zoom, _, _ in good_tiles.asked()} == {ZOOM}
    assert mean_shift_px(tmp_path / "out.tif") < 0.02


@pytest.mark.parametrize("crs", ["EPSG:32633", "EPSG:4326", "EPSG:3035"])
def test_another_crs_is_warped_in_place(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path, crs: str
) -> None:
    """What colours say, put through QGIS's own transformation, is where the file says."""
    extent = extent_px(8875 * 256 + 20, 6091 * 256 + 20, 210, 210)
    make_raster(good_tiles.xyz(crs), EXTENT=extent, ZOOM=ZOOM, CRS=crs)
    dataset = gdal.Open(str(tmp_path / "out.tif"))
    left, width, _, top, _, height = dataset.GetGeoTransform()
    pixels = dataset.ReadAsArray().astype(float)
    transform = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem(crs), QgsCoordinateReferenceSystem("EPSG:3857"),
        QgsProject.instance(),
    )  # fmt: skip
    rng = np.random.default_rng(0)
    shifts = []
    places = (rng.integers(10, side - 10, 2000) for side in pixels.shape[1:])
    for row, column in zip(*places, strict=True):
        if (pixels[3, row - 4 : row + 5, column - 4 : column + 5] < 255).any():
            continue
        place = transform.transform(
            QgsPointXY(left + (column + 0.5) * width, top + (row + 0.5) * height)
        )
        world_x = (place.x() + HALF_WORLD_M) / PIXEL_M % 256
        world_y = (HALF_WORLD_M - place.y()) / PIXEL_M % 256
        if 30 < world_x < 220 and 30 < world_y < 220:
            red, green = pixels[:2, row, column] + 0.5
            shifts.append((red - world_x, green - world_y))
    assert len(shifts) > 500
    assert np.abs(shifts).max() < 0.5 + 0.02, "half a colour is rounding"


# --- what a server may do


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


# --- what is refused


WORLD = "-180,180,-90,90 [EPSG:4326]"

REFUSED = {
    "across, written": ({"EXTENT": "179.5,-179.5,-1,1 [EPSG:4326]"},
        "EXTENT.*crosses the antimeridian.*179.5,180,-1,1 and of -180,-179.5,-1,1"),
    "across, beyond": ({"EXTENT": "179.5,180.5,-1,1 [EPSG:4326]"},
        "EXTENT.*crosses the antimeridian.*179.5,180,-1,1 and of -180,-179.5,-1,1"),
    "in metres": ({"EXTENT": "20000000,20100000,0,1000 [EPSG:3857]"},
        "EXTENT.*crosses the antimeridian"),
    "the pole": ({"EXTENT": "10,11,86,87 [EPSG:4326]"}, "EXTENT.*Web maps end at 85.05 degrees"),
    "no extent": ({"EXTENT": None}, "EXTENT.*“basemap” has no end of its own"),
    "no zoom": ({"ZOOM": None}, "ZOOM.*Give a zoom from 0 to 19, or a resolution"),
    "both": ({"RESOLUTION": 1}, "ZOOM.*not both"),
    "a zoom too many": ({"ZOOM": 20}, "ZOOM.*has the zooms 0 to 19, not 20"),
    "no tiff": ({"OUTPUT": "out.png"}, "OUTPUT.*name end in .tif"),
    "no folder": ({"OUTPUT": "/nowhere/out.tif"}, "OUTPUT.*There is no folder /nowhere"),
    "large": ({"ZOOM": 19}, "ALLOW_LARGE.*more than 66 million"),
    "absurd": ({"EXTENT": WORLD, "ZOOM": 19, "ALLOW_LARGE": True}, "more than can be made"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_before_anything_is_fetched(
    good_tiles: ServedTiles, make_raster: Make, case: str
) -> None:
    changes, sentence = REFUSED[case]
    given = {"EXTENT": extent_px(COLUMN, ROW, 700, 700), "ZOOM": ZOOM, **changes}
    with pytest.raises(QgsProcessingException, match=sentence):
        make_raster(good_tiles.xyz(case), **given)
    assert not good_tiles.asked()


@pytest.mark.parametrize(
    ("host", "is_capped"),
    [
        ("tile.openstreetmap.org", True),
        ("tile.openstreetmap.org.", True),
        ("{switch:a,b}.tile.openstreetmap.org:443", True),
        ("{switch:tiles.example.org,a.tile.osm.org}", True),
        ("tile.openstreetmap.org.example", False),
    ],
)
def test_servers_whose_terms_forbid_bulk_downloads_are_asked_for_a_hundred_tiles(
    project: QgsProject, host: str, is_capped: bool
) -> None:
    url = quote(f"https://{host}/{{z}}/{{x}}/{{y}}.png", safe="")
    layer = QgsRasterLayer(f"type=xyz&url={url}&zmax=19", "streets", "wms")
    for side, count in ((10, 100), (11, 121), (31, 961)):
        west, north = place_px(256 * 8875, 256 * 6091)
        east, south = place_px(256 * (8875 + side), 256 * (6091 + side))
        extent = QgsReferencedRectangle(
            QgsRectangle(west, south, east, north), QgsCoordinateReferenceSystem("EPSG:3857")
        )
        wanted = Wanted(layer, extent, project.transformContext(), zoom=ZOOM)
        if is_capped and count > 100:
            with pytest.raises(RefusedError, match=f"{count} tiles.*100 at once") as raised:
                plan_raster(wanted)
            assert raised.value.about == "extent"
        else:
            assert plan_raster(wanted).made.columns == 256 * side


def test_the_world_ends_at_85_degrees(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path
) -> None:
    feedback = Feedback()
    make_raster(good_tiles.xyz("world"), feedback, EXTENT=WORLD, ZOOM=1)
    assert gdal.Open(str(tmp_path / "out.tif")).RasterYSize == 512
    assert position_error_px(tmp_path / "out.tif", PIXEL_M * 2 ** (ZOOM - 1)) < 0.01
    assert any("85.05 degrees: the extent is cut off" in text for text in feedback.said)


# --- whom to name


@pytest.mark.parametrize("where", ["rights", "properties", "parameter", "nobody"])
def test_the_attribution_goes_into_the_file(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path, where: str
) -> None:
    layer, named = good_tiles.xyz("named"), "© Ärial & Co, CC BY 4.0"
    given = {"ATTRIBUTION": named} if where == "parameter" else {}
    if where == "rights":
        metadata = layer.metadata()
        metadata.setRights([named])
        layer.setMetadata(metadata)
    elif where == "properties":
        holder = layer.serverProperties()
        holder = holder if hasattr(holder, "setAttribution") else layer
        holder.setAttribution('<a href="https://x.example">© Ärial &amp; Co</a>, CC BY 4.0')
    feedback = Feedback()
    make_raster(layer, feedback, EXTENT=extent_px(COLUMN, ROW, 100, 100), ZOOM=ZOOM, **given)
    tag = gdal.Open(str(tmp_path / "out.tif")).GetMetadataItem("TIFFTAG_COPYRIGHT")
    assert tag == (None if where == "nobody" else named)
    said = "names no author" if where == "nobody" else f"Name the source: {named}"
    assert any(said in text for text in feedback.said)
