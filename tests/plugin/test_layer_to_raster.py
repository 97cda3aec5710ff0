"""Any layer as a GeoTIFF: the right pixels at the right place, or a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from coordinate_services import SIDE, coordinate_services
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsContrastEnhancement,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsMultiBandColorRenderer,
    QgsPointXY,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSingleBandGrayRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QTimer
from qgis_window import Window, wait_for
from reference import write_tiff
from served_tiles import (
    HALF_WORLD_M,
    PIXEL_M,
    ZOOM,
    ServedTiles,
    extent_px,
    place_px,
    position_error_px,
    served_tiles,
)

from geosam_plugin.attribution import name_source
from geosam_plugin.cache_paths import is_cache
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.layer_to_raster import run
from geosam_plugin.processing import kept_raster
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.settings import EngineSettings
from geosam_plugin.window.encode_dialog import EncodeDialogs

Results = dict[str, Any]
Make = Callable[..., Results]

COLUMN, ROW = 8875 * 256 + 37, 6091 * 256 + 101
"""Within a tile, so that edges of the raster are none of tiles."""


class Feedback(QgsProcessingFeedback):
    """What a user is told."""

    def __init__(self) -> None:
        super().__init__(False)
        self.said: list[str] = []

    def pushInfo(self, text: str) -> None:  # noqa: N802
        self.said.append(text)

    def pushWarning(self, text: str) -> None:  # noqa: N802
        self.said.append(text)


@pytest.fixture(scope="module")
def tiles(engine_python: str) -> Iterator[ServedTiles]:
    with served_tiles(engine_python) as running:
        yield running


@pytest.fixture
def good_tiles(tiles: ServedTiles) -> ServedTiles:
    tiles.reply("good")
    tiles.asked()
    return tiles


@pytest.fixture
def make(provider: GeoSamProvider, project: QgsProject, tmp_path: Path) -> Make:
    """Runs `geosam:layertoraster`, as a script does; raises for what the check refuses, too."""

    def make(layer: Any, feedback: QgsProcessingFeedback | None = None, **parameters: Any) -> Any:
        context = QgsProcessingContext()
        context.setProject(project)
        given = {"INPUT": layer, "OUTPUT": str(tmp_path / "out.tif"), **parameters}
        return run_algorithm("layertoraster", given, context, feedback)

    return make


@pytest.fixture
def encode(provider: GeoSamProvider, project: QgsProject, command: EngineCommand) -> Make:
    """Runs `geosam:encoderaster`."""
    EngineSettings(python=command.program, is_complete=True).save()

    def encode(
        layer: Any,
        feedback: QgsProcessingFeedback | None = None,
        context: QgsProcessingContext | None = None,
        **parameters: Any,
    ) -> Any:
        given = {"INPUT": layer, **parameters}
        return run_algorithm("encoderaster", given, context or QgsProcessingContext(), feedback)

    return encode


@pytest.fixture
def user_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's cache folder is, or would be."""
    folder = tmp_path / "user"
    monkeypatch.setattr(kept_raster, "user_folder", lambda: folder)
    return folder


def run_algorithm(
    name: str,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback | None,
) -> Results:
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"geosam:{name}")
    is_fine, message = algorithm.checkParameterValues(parameters, context)
    if not is_fine:
        raise QgsProcessingException(message)
    results, is_fine = algorithm.run(
        parameters, context, feedback or QgsProcessingFeedback(), catchExceptions=False
    )
    assert is_fine
    return results


def attributes_of(cache: Path) -> dict[str, Any]:
    return json.loads((cache / "zarr.json").read_text("utf-8"))["attributes"]


# --- XYZ


@pytest.mark.parametrize("columns", [700, 2500])
def test_pixels_of_a_zoom_are_where_the_file_says(
    good_tiles: ServedTiles, make: Make, tmp_path: Path, columns: int
) -> None:
    layer = good_tiles.xyz(f"exact{columns}")
    made = make(layer, EXTENT=extent_px(COLUMN, ROW, columns, 600), ZOOM=ZOOM)
    assert (made["COLUMNS"], made["ROWS"]) == (columns, 600)
    assert position_error_px(tmp_path / "out.tif") < 0.01
    asked = good_tiles.asked()
    assert {zoom for zoom, _, _ in asked} == {ZOOM}
    assert len(asked) == len(set(asked)), "no tile is fetched twice"


def test_large_tiles(good_tiles: ServedTiles, make: Make, tmp_path: Path) -> None:
    """512 pixels a side, as the layer says: a zoom has twice the pixels."""
    good_tiles.reply("good", tile_px=512)
    layer = good_tiles.xyz("large", more="&tilePixelRatio=2")
    make(layer, EXTENT=extent_px(COLUMN, ROW, 400, 300), ZOOM=ZOOM)
    assert gdal.Open(str(tmp_path / "out.tif")).RasterXSize == 800
    assert position_error_px(tmp_path / "out.tif", PIXEL_M / 2) < 0.01


def test_a_zoom_is_taken_that_the_resolution_of_the_layer_would_not_be(
    good_tiles: ServedTiles, make: Make, tmp_path: Path
) -> None:
    """Of an extent of few pixels, QGIS by itself takes whatever zoom fits its picture."""
    extent = extent_px(COLUMN, ROW, 640, 320)
    for zoom, columns in ((12, 160), (16, 2560)):
        make(good_tiles.xyz(f"zoom{zoom}"), EXTENT=extent, ZOOM=zoom)
        assert abs(gdal.Open(str(tmp_path / "out.tif")).RasterXSize - columns) <= 1
        assert {asked[0] for asked in good_tiles.asked()} == {zoom}
        assert position_error_px(tmp_path / "out.tif", PIXEL_M * 2.0 ** (ZOOM - zoom)) < 0.01


def test_a_resolution_that_is_a_zooms_is_exact(
    good_tiles: ServedTiles, make: Make, tmp_path: Path
) -> None:
    extent = extent_px(COLUMN, ROW, 300, 200)
    make(good_tiles.xyz("res"), EXTENT=extent, RESOLUTION=round(PIXEL_M, 5))
    assert position_error_px(tmp_path / "out.tif") < 0.01


def test_a_resolution_between_zooms_is_resampled_in_place(
    good_tiles: ServedTiles, make: Make, tmp_path: Path
) -> None:
    """By the finer of the two, and none of it shifted."""
    extent = extent_px(8875 * 256 + 20, 6091 * 256 + 20, 200, 200)
    make(good_tiles.xyz("between"), EXTENT=extent, RESOLUTION=PIXEL_M * 1.25)
    assert {zoom for zoom, _, _ in good_tiles.asked()} == {ZOOM}
    assert mean_shift_px(tmp_path / "out.tif") < 0.02


def mean_shift_px(path: Path) -> float:
    """As `position_error_px`, on average over the inside, where no pixel is next to a border of a
    tile: there red and green start anew."""
    dataset = gdal.Open(str(path))
    left, width, _, top, _, height = dataset.GetGeoTransform()
    pixels = dataset.ReadAsArray().astype(float)[:, 3:-3, 3:-3]
    assert (pixels[3] == 255).all()
    y, x = np.mgrid[3 : 3 + pixels.shape[1], 3 : 3 + pixels.shape[2]] + 0.5
    world_x = (left + x * width + HALF_WORLD_M) / PIXEL_M
    world_y = (HALF_WORLD_M - (top + y * height)) / PIXEL_M
    # A colour is of a pixel's middle.
    shift_x = pixels[0] + 0.5 - world_x % 256
    shift_y = pixels[1] + 0.5 - world_y % 256
    return float(max(abs(shift_x.mean()), abs(shift_y.mean())))


@pytest.mark.parametrize("crs", ["EPSG:32633", "EPSG:4326", "EPSG:3035"])
def test_another_crs_is_warped_in_place(
    good_tiles: ServedTiles, make: Make, tmp_path: Path, crs: str
) -> None:
    """What colours say, put through QGIS's own transformation, is where the file says."""
    extent = extent_px(8875 * 256 + 20, 6091 * 256 + 20, 210, 210)
    make(good_tiles.xyz(crs), EXTENT=extent, ZOOM=ZOOM, CRS=crs)
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
    tiles: ServedTiles, make: Make, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    tiles.reply(kind)
    (tmp_path / "out.tif").write_bytes(b"mine")
    with pytest.raises(QgsProcessingException, match={**LASTING, **PASSING}[kind]) as caught:
        make(
            tiles.xyz(f"{len(kind)}&key=sesame"), EXTENT=extent_px(COLUMN, ROW, 600, 400), ZOOM=ZOOM
        )
    assert "“basemap” does not deliver all of it" in str(caught.value)
    assert "sesame" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["out.tif"]
    assert (tmp_path / "out.tif").read_bytes() == b"mine"


def test_missing_tiles_may_be_left_empty(tiles: ServedTiles, make: Make, tmp_path: Path) -> None:
    tiles.reply("some 404")
    feedback = Feedback()
    layer, extent = tiles.xyz("holes"), extent_px(8874 * 256, 6090 * 256, 768, 768)
    make(layer, feedback, EXTENT=extent, ZOOM=ZOOM, ALLOW_MISSING=True)
    alpha = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()[3]
    expected = np.full((768, 768), 255)
    expected[:256, 256:512] = expected[512:, 256:512] = 0
    assert np.array_equal(alpha, expected)
    assert any("Parts are missing" in text and "Not Found" in text for text in feedback.said)


def test_clear_tiles_are_holes_and_no_error(tiles: ServedTiles, make: Make, tmp_path: Path) -> None:
    tiles.reply("some clear")
    make(tiles.xyz("clear"), EXTENT=extent_px(8874 * 256, 6090 * 256, 768, 768), ZOOM=ZOOM)
    alpha = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()[3]
    assert np.count_nonzero(alpha == 0) == 2 * 256 * 256
    dataset = gdal.Open(str(tmp_path / "out.tif"))
    assert dataset.GetRasterBand(4).GetColorInterpretation() == gdal.GCI_AlphaBand


def test_nothing_at_all_is_an_error(tiles: ServedTiles, make: Make, tmp_path: Path) -> None:
    tiles.reply("clear")
    with pytest.raises(QgsProcessingException, match="“basemap” shows nothing there"):
        make(tiles.xyz("nothing"), EXTENT=extent_px(COLUMN, ROW, 300, 300), ZOOM=ZOOM)
    tiles.reply("404")
    with pytest.raises(QgsProcessingException, match=r"delivers nothing there: .*Not Found"):
        make(
            tiles.xyz("gone"), EXTENT=extent_px(COLUMN, ROW, 300, 300), ZOOM=ZOOM,
            ALLOW_MISSING=True,
        )  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_a_server_that_was_busy_is_asked_again(
    tiles: ServedTiles, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    tiles.reply("once 503")
    make(tiles.xyz("busy"), EXTENT=extent_px(COLUMN, ROW, 600, 400), ZOOM=ZOOM)
    assert position_error_px(tmp_path / "out.tif") < 0.01


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


# --- other layers


def test_a_styled_raster_has_the_pixels_that_are_seen(make: Make, tmp_path: Path) -> None:
    """Of 16 bits, in grey with a stretch, at its own pixels; what is nodata is transparent."""
    values = np.arange(30 * 40, dtype=np.uint16).reshape(1, 30, 40) * 10
    values[0, :5, :5] = 65535
    write_tiff(tmp_path / "heights.tif", values)
    dataset = gdal.Open(str(tmp_path / "heights.tif"), gdal.GA_Update)
    dataset.GetRasterBand(1).SetNoDataValue(65535)
    dataset = None  # closes it
    layer = QgsRasterLayer(str(tmp_path / "heights.tif"), "heights")
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    stretch = QgsContrastEnhancement(Qgis.DataType.UInt16)
    stretch.setMinimumValue(2000)
    stretch.setMaximumValue(7100)
    stretch.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    renderer.setContrastEnhancement(stretch)
    layer.setRenderer(renderer)
    layer.setOpacity(0.3)
    made = make(layer)
    assert (made["COLUMNS"], made["ROWS"]) == (40, 30)
    given, written = (gdal.Open(str(tmp_path / name)) for name in ("heights.tif", "out.tif"))
    assert written.GetGeoTransform() == given.GetGeoTransform()
    pixels = written.ReadAsArray()
    expected = np.clip((values[0].astype(float) - 2000) / 5100 * 255, 0, 255)
    seen = values[0] < 65535
    assert np.array_equal(pixels[3] > 0, seen)
    assert (pixels[3][seen] == 255).all(), "how opaque the layer is shown is no matter"
    for band in pixels[:3]:
        assert np.abs(band[seen] - expected[seen]).max() <= 1


def test_a_raster_at_half_its_resolution_is_averaged(make: Make, tmp_path: Path) -> None:
    values = np.zeros((3, 64, 64), np.uint8)
    values[:, ::2] = 200
    write_tiff(tmp_path / "lines.tif", values)
    layer = QgsRasterLayer(str(tmp_path / "lines.tif"), "lines")
    make(layer, RESOLUTION=2 * layer.rasterUnitsPerPixelX())
    pixels = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()
    assert np.abs(pixels[:3, 2:-2, 2:-2].astype(int) - 100).max() <= 2


def test_a_vector_layer_is_drawn_where_it_lies(make: Make, tmp_path: Path) -> None:
    """Across two blocks, which meet without a seam."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633", "field", "memory")
    field = QgsFeature()
    field.setGeometry(QgsGeometry.fromRect(QgsRectangle(500100, 4649000, 501500, 4649500)))
    layer.dataProvider().addFeatures([field])
    symbol = QgsFillSymbol.createSimple({"color": "255,0,0", "outline_style": "no"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    make(layer, EXTENT="500000,501600,4648800,4649600 [EPSG:32633]", RESOLUTION=1)
    dataset = gdal.Open(str(tmp_path / "out.tif"))
    assert (dataset.RasterXSize, dataset.RasterYSize) == (1600, 800)
    red, green, blue, alpha = dataset.ReadAsArray()
    expected = np.zeros((800, 1600), bool)
    expected[100:600, 100:1500] = True
    assert np.array_equal(alpha > 127, expected)
    assert (red[expected] == 255).all() and not green[expected].any() and not blue[expected].any()


def test_a_layer_that_is_hidden_at_that_scale_says_so(make: Make) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633", "field", "memory")
    field = QgsFeature()
    field.setGeometry(QgsGeometry.fromRect(QgsRectangle(500100, 4649000, 501500, 4649500)))
    layer.dataProvider().addFeatures([field])
    layer.setScaleBasedVisibility(True)
    layer.setMinimumScale(1000)
    with pytest.raises(QgsProcessingException, match=r"“field” is hidden at the scale .* 1:37"):
        make(layer, EXTENT="500000,501600,4648800,4649600 [EPSG:32633]", RESOLUTION=1)


def test_vector_tiles_that_do_not_come_are_an_error(
    tiles: ServedTiles, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    tiles.reply("500")
    url = quote(f"{tiles.url}/{{z}}/{{x}}/{{y}}.pbf?vector", safe=":/")
    layer = QgsVectorTileLayer(f"type=xyz&url={url}&zmin=0&zmax=14", "streets")
    assert layer.isValid()
    with pytest.raises(QgsProcessingException, match="Internal Server Error"):
        make(layer, EXTENT=extent_px(COLUMN, ROW, 300, 300), RESOLUTION=PIXEL_M)


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
    good_tiles: ServedTiles, make: Make, case: str
) -> None:
    changes, sentence = REFUSED[case]
    given = {"EXTENT": extent_px(COLUMN, ROW, 700, 700), "ZOOM": ZOOM, **changes}
    with pytest.raises(QgsProcessingException, match=sentence):
        make(good_tiles.xyz(case), **given)
    assert not good_tiles.asked()


def test_the_world_ends_at_85_degrees(good_tiles: ServedTiles, make: Make, tmp_path: Path) -> None:
    feedback = Feedback()
    make(good_tiles.xyz("world"), feedback, EXTENT=WORLD, ZOOM=1)
    assert gdal.Open(str(tmp_path / "out.tif")).RasterYSize == 512
    assert position_error_px(tmp_path / "out.tif", PIXEL_M * 2 ** (ZOOM - 1)) < 0.01
    assert any("85.05 degrees: the extent is cut off" in text for text in feedback.said)


# --- whom to name


@pytest.mark.parametrize("where", ["rights", "properties", "parameter", "nobody"])
def test_the_attribution_goes_into_the_file(
    good_tiles: ServedTiles, make: Make, tmp_path: Path, where: str
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
    make(layer, feedback, EXTENT=extent_px(COLUMN, ROW, 100, 100), ZOOM=ZOOM, **given)
    tag = gdal.Open(str(tmp_path / "out.tif")).GetMetadataItem("TIFFTAG_COPYRIGHT")
    assert tag == (None if where == "nobody" else named)
    said = "names no author" if where == "nobody" else f"Name the source: {named}"
    assert any(said in text for text in feedback.said)


# --- encoding a layer that is no file


def test_a_web_map_is_encoded_by_way_of_a_raster_that_is_kept(
    good_tiles: ServedTiles,
    encode: Make,
    user_cache: Path,
    project: QgsProject,
) -> None:
    good_tiles.reply("scene")
    layer = good_tiles.xyz("encoded")
    metadata = layer.metadata()
    metadata.setRights(["© Scene"])
    layer.setMetadata(metadata)
    tile = 2 * HALF_WORLD_M / 2**18
    left, top = 140_001 * tile - HALF_WORLD_M, HALF_WORLD_M - 76_801 * tile
    extent = f"{left},{left + 3 * tile},{top - 2 * tile},{top} [EPSG:3857]"
    feedback, context = Feedback(), QgsProcessingContext()
    context.setProject(project)
    # Nearer to zoom 18 than to any other.
    made = encode(layer, feedback, context, EXTENT=extent, RESOLUTION=0.7)
    raster, cache = Path(made["RASTER"]), Path(made["OUTPUT"])
    assert raster.parent == user_cache / "rasters"
    assert cache == raster.with_name(f"{raster.name}.nano.sam2.zarr")
    assert made["ENCODED"] == 1
    assert any("is kept, and encoded now" in text and str(raster) in text for text in feedback.said)
    dataset = gdal.Open(str(raster))
    assert (dataset.RasterXSize, dataset.RasterYSize) == (768, 512)
    described = attributes_of(cache)
    assert described["raster"]["attribution"] == "© Scene"
    assert described["stretch"]["method"] == "none", "8-bit pixels are read as they are"
    assert described["bands"] == [1, 2, 3]
    assert context.willLoadLayerOnCompletion(str(raster))
    assert len(good_tiles.asked()) == 6

    again = encode(layer, feedback, EXTENT=extent, RESOLUTION=0.7)
    assert (again["ENCODED"], again["SKIPPED"], again["RASTER"]) == (0, 1, str(raster))
    assert not good_tiles.asked()
    assert any("that was made before is encoded" in text for text in feedback.said)

    layer.brightnessFilter().setBrightness(60)
    brighter = encode(layer, EXTENT=extent, RESOLUTION=0.7)
    assert brighter["RASTER"] != str(raster), "another style shows something else"
    anew = encode(layer, EXTENT=extent, RESOLUTION=0.7, RESTART=True)
    assert anew["ENCODED"] == 1


def test_a_chosen_cache_has_its_raster_beside_it(
    good_tiles: ServedTiles, encode: Make, user_cache: Path, tmp_path: Path
) -> None:
    extent = extent_px(COLUMN, ROW, 300, 300)
    layer = good_tiles.xyz("beside")
    made = encode(layer, EXTENT=extent, RESOLUTION=PIXEL_M, OUTPUT=str(tmp_path / "mine.sam2.zarr"))
    assert made["OUTPUT"] == str(tmp_path / "mine.sam2.zarr")
    assert Path(made["RASTER"]).parent == tmp_path
    assert position_error_px(Path(made["RASTER"])) < 0.01
    assert not user_cache.exists()


def test_what_a_web_map_needs_to_be_encoded_is_said(
    tiles: ServedTiles, encode: Make, user_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    layer, extent = tiles.xyz("said"), extent_px(COLUMN, ROW, 300, 300)
    for given, sentence in (
        ({"RESOLUTION": 1}, "EXTENT.*has no end of its own"),
        ({"EXTENT": extent}, "RESOLUTION.*Give a zoom from 0 to 19, or a resolution"),
        ({"EXTENT": extent, "RESOLUTION": 1, "BANDS": [1]}, "BANDS.*encoded as it is displayed"),
        ({"EXTENT": extent_px(0, 0, 1e5, 1e5), "RESOLUTION": 10}, "ALLOW_LARGE.*Agree to a large"),
    ):
        with pytest.raises(QgsProcessingException, match=sentence):
            encode(layer, **given)
    tiles.reply("500")
    with pytest.raises(QgsProcessingException, match="Internal Server Error"):
        encode(layer, EXTENT=extent, RESOLUTION=PIXEL_M)
    assert not list((user_cache / "rasters").iterdir())


# --- services that are no XYZ


@pytest.fixture(scope="module")
def services() -> Iterator[str]:
    with coordinate_services() as url:
        yield url


def wms(url: str, style: str = "", more: str = "") -> QgsRasterLayer:
    source = f"crs=EPSG:3857&format=image/png&layers=ortho&styles={style}&url={url}{more}"
    layer = QgsRasterLayer(source, "service", "wms")
    assert layer.isValid()
    return layer


@pytest.mark.parametrize("dpi", ["", "&dpiMode=7", "&dpiMode=1"])
def test_a_wms_is_asked_for_the_pixels_that_are_made(
    services: str, make: Make, tmp_path: Path, dpi: str
) -> None:
    """In several pictures, which fit together, and whatever it is told about screens."""
    layer = wms(f"{services}/wms?", more=dpi)
    made = make(layer, EXTENT=extent_px(COLUMN, ROW, 1500, 1200), RESOLUTION=PIXEL_M)
    assert 1500 <= made["COLUMNS"] <= 1501 and 1200 <= made["ROWS"] <= 1201
    # Its edges are at multiples of a pixel's size, where the zoom's are, too.
    assert position_error_px(tmp_path / "out.tif") < 0.01


@pytest.mark.parametrize(
    ("style", "sentence"), [("fire", "The roof is on fire"), ("broken", "Internal Server Error")]
)
def test_what_a_wms_says_is_told(
    services: str, make: Make, style: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    layer = wms(f"{services}/wms?", style)
    with pytest.raises(QgsProcessingException, match=sentence):
        make(layer, EXTENT=extent_px(COLUMN, ROW, 300, 300), RESOLUTION=PIXEL_M)


@pytest.mark.parametrize("scale", [1.0, 1.9])
def test_a_wmts_has_the_pixels_of_its_tiles(
    services: str, make: Make, tmp_path: Path, scale: float
) -> None:
    capabilities = quote(f"{services}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", safe=":/")
    layer = wms(capabilities, "default", "&tileMatrixSet=web")
    resolution = round(scale * PIXEL_M, 5)
    make(layer, EXTENT=extent_px(8875 * 256 + 20, 6091 * 256 + 20, 200, 200), RESOLUTION=resolution)
    if scale == 1:
        assert position_error_px(tmp_path / "out.tif") < 0.01
    else:
        assert mean_shift_px(tmp_path / "out.tif") < 0.05


def test_a_wcs_has_the_pixels_of_its_coverage(services: str, make: Make, tmp_path: Path) -> None:
    source = f"cache=AlwaysNetwork&crs=EPSG:3857&format=GeoTIFF&identifier=ortho&url={services}/wcs"
    layer = QgsRasterLayer(source, "coverage", "wcs")
    assert layer.isValid()
    plain = QgsMultiBandColorRenderer(layer.dataProvider(), 1, 2, 3)
    layer.setRenderer(plain)
    made = make(layer)
    assert (made["COLUMNS"], made["ROWS"]) == (SIDE, SIDE)
    assert position_error_px(tmp_path / "out.tif") < 0.01


def test_the_docks_dialog_puts_the_raster_into_the_project(
    good_tiles: ServedTiles,
    with_processing: Window,
    provider: GeoSamProvider,
    project: QgsProject,
    user_cache: Path,
) -> None:
    layer = good_tiles.xyz("dialog")
    name_source(layer, "© Tiles")
    project.addMapLayer(layer)
    dialogs, encoded = EncodeDialogs(), []
    dialogs.encoded.connect(lambda *told: encoded.append(told))
    left, top = place_px(COLUMN, ROW)
    extent = QgsRectangle(left, top - 300 * PIXEL_M, left + 400 * PIXEL_M, top)
    dialogs.open(layer, extent, "nano", None, 1.2 * PIXEL_M)
    (dialog,) = dialogs._dialogs.values()
    ended: list[Results] = []
    dialog.algorithmFinished.connect(lambda _is_fine, results: ended.append(results))
    dialog.runButton().click()
    wait_for(lambda: bool(ended) and len(project.mapLayers()) > 1)
    dialogs.close()
    (made,) = (one for one in project.mapLayers().values() if one is not layer)
    assert made.name() == "basemap"
    assert Path(made.source()).parent == user_cache / "rasters"
    assert made.metadata().rights() == ["© Tiles"]
    assert is_cache(Path(ended[0]["OUTPUT"]))
    assert position_error_px(Path(made.source())) < 0.01
    assert not encoded, "the web map itself has no cache"
