"""What of a raster is read, and how bright: masks, nodata, palettes, bands, the stretch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from rasterio.enums import ColorInterp

from encoder_tool.errors import BandError, RasterError, UsageError
from encoder_tool.raster import open_raster
from tests.support.rasters import noise, write_raster
from tests.support.reading import BYTES, GREY, everything, read_bytes

# --- masks, palettes, bands -----------------------------------------------------------------


def test_nodata_of_unsigned_bands_must_be_in_all_of_them(tmp_path: Path) -> None:
    values = np.full((3, 4, 4), 90, np.uint8)
    values[0, 0, 0] = 0
    values[:, 1, 1] = 0
    path = write_raster(tmp_path / "a.tif", values, nodata=0)
    with open_raster(path) as reader:
        read = read_bytes(reader)
    assert_allclose(read[:, 0, 0], [0, 90, 90], atol=1e-4)
    assert np.argwhere(np.isnan(read[0])).tolist() == [[1, 1]]


@pytest.mark.parametrize("dtype", ["int16", "float32", "float64"])
def test_a_sentinel_in_one_band_masks_the_pixel(tmp_path: Path, dtype: str) -> None:
    values = np.full((3, 4, 4), 90, dtype)
    values[2, 0, 3] = -9999
    path = write_raster(tmp_path / "a.tif", values, nodata=-9999)
    with open_raster(path) as reader:
        assert np.argwhere(np.isnan(read_bytes(reader)[0])).tolist() == [[0, 3]]


def test_nodata_that_float32_rounds(tmp_path: Path) -> None:
    values = np.full((1, 4, 4), 90, np.float32)
    values[0, 2, 2] = -3.4028234663852886e38
    path = write_raster(tmp_path / "a.tif", values, nodata=-3.4028234663852886e38)
    with open_raster(path) as reader:
        assert np.isnan(read_bytes(reader)[0]).sum() == 1
        assert reader.sample_stretch("minmax").low[0] == 89.5


def test_nodata_nan_is_recorded_as_none(tmp_path: Path) -> None:
    values = np.full((1, 4, 4), np.nan, np.float32)
    path = write_raster(tmp_path / "a.tif", values, nodata=np.nan)
    with open_raster(path) as reader:
        assert reader.record().nodata is None, "JSON has no NaN"
        assert np.isnan(read_bytes(reader)).all()
        with pytest.raises(RasterError, match="No valid pixel"):
            reader.sample_stretch("auto")


def test_a_chosen_alpha_band_is_data(tmp_path: Path) -> None:
    values = noise(4, 8, 8)
    values[3, 0, 0] = 0
    rgba = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
    path = write_raster(tmp_path / "a.tif", values, colours=rgba)
    with open_raster(path) as reader:
        assert reader.bands == (1, 2, 3)
        assert np.isnan(read_bytes(reader)[0, 0, 0])
    with open_raster(path, bands=(4, 1, 2)) as reader:
        assert_allclose(read_bytes(reader), values[[3, 0, 1]], atol=1e-3)


def test_a_palette_is_expanded_before_averaging(tmp_path: Path) -> None:
    index = np.array([[0, 1], [2, 3]], np.uint8).repeat(4, axis=0).repeat(4, axis=1)
    index[:2, :2] = 1
    palette = {0: (10, 20, 30, 255), 1: (250, 0, 0, 255), 2: (0, 200, 0, 255), 3: (9, 9, 9, 0)}
    path = write_raster(tmp_path / "a.png", index[None], palette=palette, driver="PNG")
    with open_raster(path) as reader:
        assert any("palette" in note for note in reader.notes)
        assert reader.sample_stretch() == BYTES
        read = read_bytes(reader, level=2)
    mixed = (np.array([10, 20, 30]) * 12 + np.array([250, 0, 0]) * 4) / 16
    assert_allclose(read[:, 0, 0], mixed, atol=1e-3)
    assert_allclose(read[:, 0, 1], [250, 0, 0], atol=1e-3)
    assert_allclose(read[:, 1, 0], [0, 200, 0], atol=1e-3)
    assert np.isnan(read[:, 1, 1]).all(), "a transparent entry is masked"


def test_bands_are_chosen_by_number(tmp_path: Path) -> None:
    values = noise(4, 8, 8)
    path = write_raster(tmp_path / "a.tif", values, photometric="minisblack")
    with open_raster(path, bands=[4]) as reader:
        assert_allclose(read_bytes(reader), values[[3, 3, 3]], atol=1e-3)
    with open_raster(path, bands=(3, 2, 1)) as reader:
        assert_allclose(read_bytes(reader), values[[2, 1, 0]], atol=1e-3)
    with open_raster(path, bands=(2, 3)) as reader:
        two = values[[1, 2]].astype(float)
        assert_allclose(read_bytes(reader), [*two, two.mean(axis=0)], atol=1e-3)


@pytest.mark.parametrize(
    ("count", "colours", "bands"),
    [
        (1, None, (1,)),
        (2, None, (1,)),
        (3, None, (1, 2, 3)),
        (5, None, (1, 2, 3)),
        (2, (ColorInterp.gray, ColorInterp.alpha), (1,)),
        (
            4,
            (ColorInterp.blue, ColorInterp.green, ColorInterp.red, ColorInterp.undefined),
            (3, 2, 1),
        ),
    ],
)
def test_default_bands(
    tmp_path: Path, count: int, colours: tuple[ColorInterp, ...] | None, bands: tuple[int, ...]
) -> None:
    path = write_raster(tmp_path / "a.tif", noise(count, 8, 8), colours=colours)
    with open_raster(path) as reader:
        assert reader.bands == bands


@pytest.mark.parametrize(
    "dtype", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]
)
def test_every_type_is_read_and_stretched(tmp_path: Path, dtype: str) -> None:
    values = (np.arange(10_000).reshape(1, 100, 100) % 100).astype(dtype)
    path = write_raster(tmp_path / "a.tif", values)
    with open_raster(path) as reader:
        stretch = reader.sample_stretch("10,90")
        assert (stretch.low[0], stretch.high[0]) == pytest.approx((9.9, 89.1), abs=5)
        image = reader.read_patch(0, everything(reader), stretch, GREY).image
    assert (image == 0).any() and (image == 1).any() and 0.4 < image.mean() < 0.6


# --- stretch --------------------------------------------------------------------------------


def test_auto_stretch_by_type(tmp_path: Path) -> None:
    with open_raster(write_raster(tmp_path / "8.tif", noise(3, 64, 64))) as reader:
        assert reader.sample_stretch() == reader.sample_stretch("none") == BYTES
    values = noise(3, 64, 64, "uint16") // 20 + 500
    with open_raster(write_raster(tmp_path / "16.tif", values)) as reader:
        stretch = reader.sample_stretch()
        assert stretch == reader.sample_stretch("2,98")
        assert_allclose(stretch.low, np.percentile(values, 2, axis=(1, 2)), rtol=0.1)
        assert_allclose(stretch.high, np.percentile(values, 98, axis=(1, 2)), rtol=0.1)
        assert reader.sample_stretch("none").high == (65535,) * 3
        assert reader.sample_stretch("minmax").low == tuple(values.min(axis=(1, 2)))
        assert reader.sample_stretch("1:2,3:4,5:6").low == (1, 3, 5)
        with pytest.raises(UsageError, match="3 bands"):
            reader.sample_stretch("1:2,3:4")


def test_none_knows_how_many_bits_are_used(tmp_path: Path) -> None:
    values = noise(1, 8, 8) // 16
    with open_raster(write_raster(tmp_path / "4.tif", values, nbits=4)) as reader:
        assert reader.sample_stretch().high == (15, 15, 15)
    # GDAL gives bilevel images a palette of black and white.
    with open_raster(write_raster(tmp_path / "1.tif", values // 8, nbits=1)) as reader:
        patch = reader.read_patch(0, everything(reader), reader.sample_stretch(), GREY)
        assert_array_equal(patch.image[0], values[0] // 8)


def test_stretch_is_of_the_whole_raster_from_a_bounded_sample(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", noise(1, 5000, 4000, "uint16"), tiled=True)
    with open_raster(path) as reader:
        stretch = reader.sample_stretch()
        assert stretch == reader.sample_stretch(), "deterministic"
    assert stretch.low[0] == pytest.approx(0.02 * 65535, rel=0.05)
    assert stretch.high[0] == pytest.approx(0.98 * 65535, rel=0.05)


@pytest.mark.parametrize(
    ("bands", "sentence"),
    [
        ((), "No bands are chosen."),
        ((1, 2, 3, 1), "4 bands are chosen, but the model takes at most three."),
        ((1, 5), "There is no band 5: a.tif has 3 bands."),
        ((0,), "There is no band 0: a.tif has 3 bands."),
    ],
)
def test_bad_bands(tmp_path: Path, bands: tuple[int, ...], sentence: str) -> None:
    path = write_raster(tmp_path / "a.tif", noise(3, 8, 8))
    with pytest.raises(BandError) as caught:
        open_raster(path, bands=bands)
    assert caught.value.message == sentence
