"""Layers of every other kind as a GeoTIFF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from coordinate_services import SIDE, coordinate_services
from layer_rasters import (
    COLUMN,
    ROW,
    Make,
    mean_shift_px,
)
from osgeo import gdal
from qgis.core import (
    Qgis,
    QgsContrastEnhancement,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsMultiBandColorRenderer,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRectangle,
    QgsSingleBandGrayRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from reference import write_tiff
from served_tiles import (
    PIXEL_M,
    ServedTiles,
    extent_px,
    position_error_px,
)

from geosam_plugin.layer_to_raster import run


def test_a_styled_raster_has_the_pixels_that_are_seen(make_raster: Make, tmp_path: Path) -> None:
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
    made = make_raster(layer)
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


def test_a_raster_at_half_its_resolution_is_averaged(make_raster: Make, tmp_path: Path) -> None:
    values = np.zeros((3, 64, 64), np.uint8)
    values[:, ::2] = 200
    write_tiff(tmp_path / "lines.tif", values)
    layer = QgsRasterLayer(str(tmp_path / "lines.tif"), "lines")
    make_raster(layer, RESOLUTION=2 * layer.rasterUnitsPerPixelX())
    pixels = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()
    assert np.abs(pixels[:3, 2:-2, 2:-2].astype(int) - 100).max() <= 2


def test_a_vector_layer_is_drawn_where_it_lies(make_raster: Make, tmp_path: Path) -> None:
    """Across two blocks, which meet without a seam."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633", "field", "memory")
    field = QgsFeature()
    field.setGeometry(QgsGeometry.fromRect(QgsRectangle(500100, 4649000, 501500, 4649500)))
    layer.dataProvider().addFeatures([field])
    symbol = QgsFillSymbol.createSimple({"color": "255,0,0", "outline_style": "no"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    make_raster(layer, EXTENT="500000,501600,4648800,4649600 [EPSG:32633]", RESOLUTION=1)
    dataset = gdal.Open(str(tmp_path / "out.tif"))
    assert (dataset.RasterXSize, dataset.RasterYSize) == (1600, 800)
    red, green, blue, alpha = dataset.ReadAsArray()
    expected = np.zeros((800, 1600), bool)
    expected[100:600, 100:1500] = True
    assert np.array_equal(alpha > 127, expected)
    assert (red[expected] == 255).all() and not green[expected].any() and not blue[expected].any()


def test_a_layer_that_is_hidden_at_that_scale_says_so(make_raster: Make) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633", "field", "memory")
    field = QgsFeature()
    field.setGeometry(QgsGeometry.fromRect(QgsRectangle(500100, 4649000, 501500, 4649500)))
    layer.dataProvider().addFeatures([field])
    layer.setScaleBasedVisibility(True)
    layer.setMinimumScale(1000)
    with pytest.raises(QgsProcessingException, match=r"“field” is hidden at the scale .* 1:37"):
        make_raster(layer, EXTENT="500000,501600,4648800,4649600 [EPSG:32633]", RESOLUTION=1)


def test_vector_tiles_that_do_not_come_are_an_error(
    tiles: ServedTiles, make_raster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    tiles.reply("500")
    url = quote(f"{tiles.url}/{{z}}/{{x}}/{{y}}.pbf?vector", safe=":/")
    layer = QgsVectorTileLayer(f"type=xyz&url={url}&zmin=0&zmax=14", "streets")
    assert layer.isValid()
    with pytest.raises(QgsProcessingException, match="Internal Server Error"):
        make_raster(layer, EXTENT=extent_px(COLUMN, ROW, 300, 300), RESOLUTION=PIXEL_M)


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
    services: str, make_raster: Make, tmp_path: Path, dpi: str
) -> None:
    """In several pictures, which fit together, and whatever it is told about screens."""
    layer = wms(f"{services}/wms?", more=dpi)
    made = make_raster(layer, EXTENT=extent_px(COLUMN, ROW, 1500, 1200), RESOLUTION=PIXEL_M)
    assert 1500 <= made["COLUMNS"] <= 1501 and 1200 <= made["ROWS"] <= 1201
    # Its edges are at multiples of a pixel's size, where the zoom's are, too.
    assert position_error_px(tmp_path / "out.tif") < 0.01


@pytest.mark.parametrize(
    ("style", "sentence"), [("fire", "The roof is on fire"), ("broken", "Internal Server Error")]
)
def test_what_a_wms_says_is_told(
    services: str, make_raster: Make, style: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    layer = wms(f"{services}/wms?", style)
    with pytest.raises(QgsProcessingException, match=sentence):
        make_raster(layer, EXTENT=extent_px(COLUMN, ROW, 300, 300), RESOLUTION=PIXEL_M)


@pytest.mark.parametrize("scale", [1.0, 1.9])
def test_a_wmts_has_the_pixels_of_its_tiles(
    services: str, make_raster: Make, tmp_path: Path, scale: float
) -> None:
    capabilities = quote(f"{services}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", safe=":/")
    layer = wms(capabilities, "default", "&tileMatrixSet=web")
    resolution = round(scale * PIXEL_M, 5)
    make_raster(
        layer, EXTENT=extent_px(8875 * 256 + 20, 6091 * 256 + 20, 200, 200), RESOLUTION=resolution
    )
    if scale == 1:
        assert position_error_px(tmp_path / "out.tif") < 0.01
    else:
        assert mean_shift_px(tmp_path / "out.tif") < 0.05


def test_a_wcs_has_the_pixels_of_its_coverage(
    services: str, make_raster: Make, tmp_path: Path
) -> None:
    source = f"cache=AlwaysNetwork&crs=EPSG:3857&format=GeoTIFF&identifier=ortho&url={services}/wcs"
    layer = QgsRasterLayer(source, "coverage", "wcs")
    assert layer.isValid()
    plain = QgsMultiBandColorRenderer(layer.dataProvider(), 1, 2, 3)
    layer.setRenderer(plain)
    made = make_raster(layer)
    assert (made["COLUMNS"], made["ROWS"]) == (SIDE, SIDE)
    assert position_error_px(tmp_path / "out.tif") < 0.01
