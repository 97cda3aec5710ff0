"""A web map of tiles as a GeoTIFF: the right pixels at the right place, and whom to name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from layer_rasters import COLUMN, ROW, Feedback, Make, mean_shift_px
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject
from served_tiles import HALF_WORLD_M, PIXEL_M, ZOOM, ServedTiles, extent_px, position_error_px

from geosam_plugin.layer_to_raster import geotiff


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
