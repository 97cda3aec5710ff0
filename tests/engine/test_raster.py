"""Reading rasters: the right values, at the right place, with the right mask, in little memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.testing import assert_allclose, assert_array_equal
from pyproj import CRS
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp, Resampling

from encoder_tool.errors import (
    BandError,
    ExtentError,
    MissingRasterError,
    RasterError,
    UsageError,
)
from encoder_tool.gdal import gdal_environment
from encoder_tool.raster import RasterReader, open_raster
from encoder_tool.raster.source import NativeSource
from encoder_tool.raster.stretch import make_record
from encoder_tool.types import BoundsMap, StretchRecord, Window
from tests.support.memory import require_peak_memory
from tests.support.rasters import (
    NORTH_UP,
    TRANSFORMS,
    UTM_33N,
    noise,
    ramp,
    write_raster,
    write_sparse,
)

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("GEOSAM_SHARED", REPOSITORY.parent / "shared")) / "data"

GREY = (0.5, 0.5, 0.5)
BYTES = make_record("none", [(0, 255)])


def everything(reader: RasterReader, level: int = 0) -> Window:
    block = 2**level
    return Window(0, 0, -(-reader.width // block), -(-reader.height // block))


def read_bytes(reader: RasterReader, level: int = 0, window: Window | None = None) -> np.ndarray:
    """Values 0..255, NaN where masked."""
    patch = reader.read_patch(level, window or everything(reader, level), BYTES, GREY)
    return np.where(patch.valid, patch.image * 255, np.nan)


# --- position -------------------------------------------------------------------------------


def ramp_stretch(values: np.ndarray) -> StretchRecord:
    """Maps each ramp to 0..1; the third colour is the mean of the two."""
    limits = [(float(v.min()) - 1, float(v.max()) + 1) for v in values]
    third = ((limits[0][0] + limits[1][0]) / 2, (limits[0][1] + limits[1][1]) / 2)
    return make_record("ramp", [*limits, third])


def assert_reads_its_own_coordinates(
    reader: RasterReader, values: np.ndarray, level: int, window: Window, tolerance: float
) -> None:
    """Values are map coordinates, so that what is read must be the centre of its pixel."""
    stretch = ramp_stretch(values)
    patch = reader.read_patch(level, window, stretch, GREY)
    assert patch.valid.all()
    to_map = reader.transform @ Affine.scale(2**level)
    for band in (0, 1):
        low, high = stretch.low[band], stretch.high[band]
        read = patch.image[band].astype(float) * (high - low) + low
        x, y = np.meshgrid(
            np.arange(window.col_off, window.col_end) + 0.5,
            np.arange(window.row_off, window.row_end) + 0.5,
        )
        expected = (to_map.a * x + to_map.b * y + to_map.c, to_map.d * x + to_map.e * y + to_map.f)
        assert_allclose(read, expected[band], rtol=0, atol=tolerance)
        assert abs(np.mean(read - expected[band])) < 2e-3


@pytest.mark.parametrize("kind", TRANSFORMS)
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_a_level_pixel_is_centred_on_its_block(tmp_path: Path, kind: str, level: int) -> None:
    values = ramp(200, 160, TRANSFORMS[kind])
    path = write_raster(tmp_path / "ramp.tif", values, transform=TRANSFORMS[kind])
    with open_raster(path, bands=(1, 2)) as reader:
        assert (reader.width, reader.height) == (200, 160)
        whole = Window(0, 0, 200 >> level, 160 >> level)
        assert_reads_its_own_coordinates(reader, values, level, whole, 3e-4)
        assert_reads_its_own_coordinates(reader, values, level, Window(3, 5, 11, 9), 3e-4)


@pytest.mark.parametrize("kind", TRANSFORMS)
@pytest.mark.parametrize("resolution", [0.1, 0.15, 0.2, 0.3, 0.42, 0.6, 1.0, 3.0])
@pytest.mark.parametrize("level", [0, 1])
def test_a_resampled_pixel_is_centred_on_its_square(
    tmp_path: Path, kind: str, resolution: float, level: int
) -> None:
    values = ramp(200, 160, TRANSFORMS[kind])
    path = write_raster(tmp_path / "ramp.tif", values, transform=TRANSFORMS[kind])
    with open_raster(path, bands=(1, 2), resolution=resolution) as reader:
        to_map = reader.transform
        assert np.hypot(to_map.a, to_map.d) == pytest.approx(resolution)
        assert np.hypot(to_map.b, to_map.e) == pytest.approx(resolution), "pixels are square"
        assert (to_map.c, to_map.f) == (TRANSFORMS[kind].c, TRANSFORMS[kind].f)
        size = 2**level * resolution
        # The outermost pixel centres end the ramp that enlarging can follow.
        margin = int(np.ceil(0.25 / size)) if size < 0.5 else 0
        pixel_height = 0.5 if kind == "non-square" else 0.3
        cols, rows = int(200 * 0.3 / size), int(160 * pixel_height / size)
        inner = Window(margin, margin, cols - 2 * margin, rows - 2 * margin)
        # Part f of a pixel has the value of its centre, not of that part's: an area average
        # over s pixels is off by up to f (1 - f) / 2s on a ramp, one way or the other.
        uneven = any(s > 1 and not s.is_integer() for s in _ratios(size, pixel_height))
        tolerance = 0.3 * pixel_height / 2 / size if uneven else 3e-4
        assert_reads_its_own_coordinates(reader, values, level, inner, tolerance)


def _ratios(size: float, pixel_height: float) -> list[float]:
    return [round(size / native, 9) for native in (0.3, pixel_height)]


@pytest.mark.parametrize(
    ("native", "resolution", "size"),
    [(300, 0.3, 300), (300, 0.1, 900), (100, 0.9, 34), (7, 0.6, 4), (1, 30.0, 1), (10, 0.2, 15)],
)
def test_working_size_is_rounded_up(
    tmp_path: Path, native: int, resolution: float, size: int
) -> None:
    path = write_raster(tmp_path / "a.tif", noise(1, native, native))
    with open_raster(path, resolution=resolution) as reader:
        assert (reader.width, reader.height) == (size, size)


@pytest.mark.parametrize("resolution", [None, 0.11, 0.2, 0.47, 0.9])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_windows_have_no_seams(tmp_path: Path, resolution: float | None, level: int) -> None:
    path = write_raster(tmp_path / "a.tif", noise(3, 300, 300))
    with open_raster(path, resolution=resolution) as reader:
        whole = read_bytes(reader, level)
        rows, cols = whole.shape[1:]
        for col, row, width, height in ((5, 3, 20, 9), (cols - 13, rows - 7, 13, 7), (1, 1, 7, 8)):
            part = read_bytes(reader, level, Window(col, row, width, height))
            assert_allclose(part, whole[:, row : row + height, col : col + width], atol=1e-3)


# --- averaging ------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [1, 2, 3])
def test_levels_average_exact_blocks_without_rounding(tmp_path: Path, level: int) -> None:
    values = noise(3, 101, 75)
    path = write_raster(tmp_path / "a.tif", values)
    block = 2**level
    with open_raster(path) as reader:
        read = read_bytes(reader, level)
    for row in range(read.shape[1]):
        for col in range(read.shape[2]):
            cell = values[:, row * block : (row + 1) * block, col * block : (col + 1) * block]
            assert_allclose(read[:, row, col], cell.mean(axis=(1, 2)), atol=1e-3)


def test_averaging_down_by_a_ratio_weights_pixels_by_area(tmp_path: Path) -> None:
    values = np.array([[[0, 100, 200, 0, 100, 200]]], np.uint8)
    path = write_raster(tmp_path / "a.tif", values, transform=Affine(1, 0, 0, 0, -1, 0))
    with open_raster(path, resolution=1.5) as reader:
        read = read_bytes(reader)
    assert read.shape == (3, 1, 4)
    expected = [50 / 1.5, 250 / 1.5, 50 / 1.5, 250 / 1.5]
    assert_allclose(read[0, 0], expected, atol=1e-3)


@pytest.mark.parametrize("marker", ["nodata", "nan", "inf", "mask", "alpha"])
@pytest.mark.parametrize("resolution", [None, 0.7])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_masked_pixels_never_bleed_into_colours(
    tmp_path: Path, marker: str, resolution: float | None, level: int
) -> None:
    hole = np.zeros((64, 64), np.bool_)
    hole[:, :21] = True
    hole[40:47, 30:] = True
    hole[50, 50] = True
    spoiled = {"nan": np.nan, "inf": np.inf}.get(marker, -9999.0)
    values = np.where(hole, spoiled, 100.0).astype(np.float32)[None].repeat(3, axis=0)
    options = {}
    if marker == "nodata":
        options["nodata"] = -9999
    elif marker == "mask":
        options["mask"] = ~hole
    elif marker == "alpha":
        values = np.concatenate([values, (~hole).astype(np.float32)[None] * 255])
        rgba = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
        options["colours"] = rgba
    path = write_raster(tmp_path / "a.tif", values, **options)
    with open_raster(path, resolution=resolution) as reader:
        read = read_bytes(reader, level)
        stretch = reader.sample_stretch("minmax")
    assert_allclose(read[~np.isnan(read)], 100, atol=1e-3)
    assert (stretch.low[0] + stretch.high[0]) / 2 == 100, "statistics leave masked pixels out"
    if resolution is None:
        block = 2**level
        cells = hole.reshape(64 // block, block, 64 // block, block)
        assert_array_equal(np.isnan(read[0]), cells.all(axis=(1, 3)))


def test_enlarging_keeps_the_mask_outline_in_place(tmp_path: Path) -> None:
    values = np.full((1, 20, 20), 100, np.uint8)
    values[:, :, 8:] = 0
    path = write_raster(tmp_path / "a.tif", values, nodata=0, transform=Affine(1, 0, 0, 0, -1, 0))
    with open_raster(path, resolution=0.25) as reader:
        read = read_bytes(reader)
    assert_array_equal(np.isnan(read[0]), np.broadcast_to(np.arange(80) >= 32, (80, 80)))
    assert_allclose(read[:, :, :32], 100, atol=1e-3)


def test_beyond_the_raster_is_fill(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", noise(3, 30, 20))
    fill = (0.1, 0.2, 0.3)
    with open_raster(path) as reader:
        patch = reader.read_patch(0, Window(20, 16, 64, 64), BYTES, fill)
        assert patch.valid[:4, :10].all() and patch.valid.sum() == 40
        assert_allclose(patch.image[:, ~patch.valid], np.repeat([fill], 64 * 64 - 40, axis=0).T)
        nothing = reader.read_patch(2, Window(64, 64, 8, 8), BYTES, fill)
        assert not nothing.valid.any()
        # 30 x 20 pixels are 8 x 5 blocks of 4: the last column is ragged, and still there.
        ragged = reader.read_patch(2, Window(0, 0, 16, 16), BYTES, fill)
        assert ragged.valid[:5, :8].all() and ragged.valid.sum() == 40


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


# --- georeference ---------------------------------------------------------------------------


def test_a_raster_without_crs_or_transform_is_read_with_a_note(tmp_path: Path) -> None:
    local = write_raster(tmp_path / "local.tif", noise(1, 8, 8), crs=None)
    with open_raster(local) as reader:
        assert reader.crs_wkt is None and reader.transform == NORTH_UP
        assert reader.notes == ["The raster has no CRS: coordinates are in its own, unnamed units."]
    picture = write_raster(
        tmp_path / "a.png", noise(3, 8, 8), crs=None, transform=None, driver="PNG"
    )
    with open_raster(picture) as reader:
        assert reader.transform == Affine.identity()
        assert any("pixels" in note for note in reader.notes)


def test_ground_control_points_are_not_taken_for_a_transform(tmp_path: Path) -> None:
    points = [
        GroundControlPoint(row, col, 10 + col, 50 - row) for row, col in ((0, 0), (0, 8), (8, 0))
    ]
    path = tmp_path / "a.tif"
    write_raster(path, noise(1, 8, 8), crs="EPSG:4326", transform=None, gcps=points)
    with open_raster(path) as reader:
        assert reader.transform == Affine.identity()
        assert any("ground control points" in note for note in reader.notes)


@pytest.mark.parametrize("kind", TRANSFORMS)
def test_an_extent_is_the_pixels_it_touches(tmp_path: Path, kind: str) -> None:
    transform = TRANSFORMS[kind]
    path = write_raster(tmp_path / "a.tif", noise(1, 100, 80), transform=transform)
    with open_raster(path) as reader:
        # The axis-aligned hull of one pixel's map outline is, turned back, at least that pixel.
        corners = [transform @ (x, y) for x in (30, 31) for y in (40, 41)]
        xs, ys = zip(*corners, strict=True)
        window = reader.extent_window(BoundsMap(min(xs), min(ys), max(xs), max(ys)))
        if kind == "rotated":
            assert window == Window(29, 39, 3, 3)
        else:
            assert window == Window(30, 40, 1, 1)
        everything_else = BoundsMap(-1e9, -1e9, 1e9, 1e9)
        assert reader.extent_window(everything_else) == Window(0, 0, 100, 80)


def test_an_extent_at_another_resolution(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", noise(1, 100, 80), transform=Affine(1, 0, 0, 0, -1, 80))
    with open_raster(path, resolution=4) as reader:
        assert reader.extent_window(BoundsMap(7.9, 40, 12, 90)) == Window(1, 0, 2, 10)


@pytest.mark.parametrize(
    "bounds",
    [(0, 0, 10, 10), (500_000, 5_400_000, 500_010, 5_400_001), (5, 5, 5, 9), (9, 5, 5, 9),
     (float("nan"), 0, 1, 1)],
)  # fmt: skip
def test_an_extent_outside_or_empty(tmp_path: Path, bounds: tuple[float, ...]) -> None:
    path = write_raster(tmp_path / "a.tif", noise(1, 100, 80))
    with open_raster(path) as reader, pytest.raises(ExtentError):
        reader.extent_window(BoundsMap(*bounds))


# --- fingerprint ----------------------------------------------------------------------------


def state_of(path: Path) -> str:
    with open_raster(path) as reader:
        return reader.record().fingerprint


def test_fingerprint_survives_what_leaves_the_pixels_alone(tmp_path: Path) -> None:
    values = noise(3, 600, 500)
    path = write_raster(tmp_path / "a.tif", values, tiled=True, blockxsize=128, blockysize=128)
    with open_raster(path) as reader:
        record = reader.record()
        assert reader.matches(record)
    copy = tmp_path / "b.tif"
    shutil.copy(path, copy)
    os.utime(copy, ns=(1, 1))
    packed = write_raster(tmp_path / "c.tif", values, compress="deflate", predictor=2)
    with rasterio.open(copy, "r+") as dataset:
        dataset.build_overviews([2, 4], Resampling.nearest)
    for same in (copy, packed):
        with open_raster(same) as reader:
            assert reader.record().fingerprint == record.fingerprint
            assert reader.record().size_bytes != record.size_bytes
            assert reader.matches(record)


def test_overviews_do_not_change_what_is_read(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", noise(3, 600, 500))
    vrt = make_vrt(tmp_path / "a.vrt", path)
    before = {}
    for name in (path, vrt):
        with open_raster(name) as reader:
            before[name] = read_bytes(reader, 2)
    with rasterio.open(path, "r+") as dataset:
        dataset.build_overviews([2, 4, 8], Resampling.nearest)
    for name in (path, vrt):
        with open_raster(name) as reader:
            assert_array_equal(read_bytes(reader, 2), before[name])


def make_vrt(path: Path, source: Path) -> Path:
    """A VRT of one RGB source, its size and place taken over."""
    with rasterio.open(source) as dataset:
        width, height, transform = dataset.width, dataset.height, dataset.transform
        crs = dataset.crs.to_wkt()
    bands = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><SimpleSource>'
        f'<SourceFilename relativeToVRT="1">{source.name}</SourceFilename>'
        f"<SourceBand>{band}</SourceBand></SimpleSource></VRTRasterBand>"
        for band in (1, 2, 3)
    )
    geo = ", ".join(map(repr, transform.to_gdal()))
    path.write_text(
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}"><SRS>{crs}</SRS>'
        f"<GeoTransform>{geo}</GeoTransform>{bands}</VRTDataset>"
    )
    return path


def test_editing_a_vrts_source_is_noticed(tmp_path: Path) -> None:
    values = noise(3, 64, 64)
    source = write_raster(tmp_path / "a.tif", values)
    vrt = make_vrt(tmp_path / "a.vrt", source)
    with open_raster(vrt) as reader:
        record = reader.record()
    values[0, 5, 5] ^= 1
    write_raster(source, values)
    with open_raster(vrt) as reader:
        assert not reader.matches(record)


@pytest.mark.parametrize("change", ["pixel", "nodata", "transform", "crs", "size", "type"])
def test_fingerprint_sees_a_change(tmp_path: Path, change: str) -> None:
    values = noise(3, 600, 500)
    values[:, 7, 7] = 0
    with open_raster(write_raster(tmp_path / "a.tif", values)) as reader:
        record = reader.record()
    other, options = values.copy(), {}
    if change == "pixel":
        other[1, 499, 599] ^= 1
    elif change == "nodata":
        options["nodata"] = 0
    elif change == "transform":
        options["transform"] = NORTH_UP @ Affine.translation(1, 0)
    elif change == "crs":
        options["crs"] = "EPSG:32634"
    elif change == "size":
        other = other[:, :-1]
    else:
        other = other.astype("uint16")
    with open_raster(write_raster(tmp_path / "b.tif", other, **options)) as reader:
        # The CRS is compared apart, for what it means.
        assert (reader.record().fingerprint != record.fingerprint) == (change != "crs")
        assert not reader.matches(record)


def test_a_crs_in_the_words_of_another_version_of_proj_is_the_same(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", noise(3, 60, 50))
    with open_raster(path) as reader:
        record = reader.record()
        older = replace(record, crs_wkt=CRS.from_user_input(UTM_33N).to_wkt())
        assert older.crs_wkt != record.crs_wkt
        assert reader.matches(older)
        assert reader.matches(replace(older, mtime_ns=1))
        assert not reader.matches(replace(record, crs_wkt=None))


def test_an_edit_below_a_mosaic_of_mosaics_is_seen(tmp_path: Path) -> None:
    """GDAL names the sources of a VRT, but not those of a VRT within it."""
    content = write_raster(tmp_path / "tile.tif", noise(3, 60, 50))
    inner = make_vrt(tmp_path / "inner.vrt", content)
    outer = make_vrt(tmp_path / "outer.vrt", inner)
    with open_raster(outer) as reader:
        record = reader.record()
        assert record.size_bytes == sum(p.stat().st_size for p in (content, inner, outer))
        assert reader.matches(record)
    write_raster(content, noise(3, 60, 50, seed=1))
    with open_raster(outer) as reader:
        assert not reader.matches(record)


def test_an_edit_of_a_large_raster_is_seen(tmp_path: Path) -> None:
    content = noise(1, 1300, 700)
    path = write_sparse(tmp_path / "a.tif", 30_000, 20_000, content, (17_000, 11_000))
    with open_raster(path) as reader:
        record = reader.record()
    # A thirtieth of both sides, wherever it lies.
    content[0, :680, :1010] //= 2
    write_sparse(tmp_path / "a.tif", 30_000, 20_000, content, (17_000, 11_000))
    with open_raster(path) as reader:
        assert not reader.matches(record)


def test_a_quick_sample_reads_little_and_is_compared_with_its_like(tmp_path: Path) -> None:
    content = noise(1, 1300, 700, "uint16")
    where = (17_000, 11_000)
    path = write_sparse(tmp_path / "a.tif", 30_000, 20_000, content, where)
    read, read_native = [], NativeSource.read

    def counted(self: NativeSource, window: Window) -> object:
        read.append(window.width * window.height)
        return read_native(self, window)

    with pytest.MonkeyPatch.context() as patched, open_raster(path) as reader:
        patched.setattr(NativeSource, "read", counted)
        record = reader.record(quick=True)
        reader.sample_stretch("2,98", quick=True)
    assert len(read) == 2 * 64 and sum(read) < 2.2e6
    os.utime(path, ns=(1, 1))
    with open_raster(path) as reader:
        assert reader.record().fingerprint != record.fingerprint
        assert reader.matches(record), "by its own kind of fingerprint"
    # A seventh of both sides always meets a sampled window.
    edited = write_sparse(
        tmp_path / "b.tif", 30_000, 20_000, np.ones((1, 2900, 4300), np.uint16), (9_000, 9_000)
    )
    with open_raster(edited) as reader:
        assert not reader.matches(record)


def test_a_quick_sample_that_meets_only_nodata_is_followed_by_a_larger_one(tmp_path: Path) -> None:
    content = 100 + noise(1, 1300, 700, "uint16") // 2
    where = (14_000, 9_000)  # between the windows of the quick sample
    path = write_sparse(tmp_path / "a.tif", 30_000, 20_000, content, where, nodata=0)
    with open_raster(path) as reader:
        stretch = reader.sample_stretch("2,98", quick=True)
        assert stretch.low[0] >= 100
        assert stretch == reader.sample_stretch("2,98")


def test_a_small_raster_is_sampled_in_full_however_quick(tmp_path: Path) -> None:
    values = noise(1, 600, 500, "uint16")
    with open_raster(write_raster(tmp_path / "a.tif", values)) as reader:
        record = reader.record(quick=True)
        assert reader.sample_stretch("2,98", quick=True) == reader.sample_stretch("2,98")
    values[0, 333, 333] ^= 1
    with open_raster(write_raster(tmp_path / "b.tif", values)) as reader:
        assert not reader.matches(record)


def test_unchanged_size_and_time_skip_the_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_raster(tmp_path / "a.tif", noise(3, 60, 50))
    with open_raster(path) as reader:
        record = reader.record()

    def refuse(source: object) -> str:
        raise AssertionError("pixels were sampled")

    monkeypatch.setattr("encoder_tool.raster.reader.fingerprint", refuse)
    with open_raster(path) as reader:
        assert reader.matches(record)


# --- size -----------------------------------------------------------------------------------

MEASURE = """
import sys
from encoder_tool.raster import open_raster
from encoder_tool.types import Window
from tests.support.memory import peak_memory_bytes
with open_raster(sys.argv[1]) as reader:
    base = peak_memory_bytes()
    stretch = reader.sample_stretch("2,98")
    reader.record()
    patch = reader.read_patch(5, Window(0, 0, 1024, 1024), stretch, (0.5, 0.5, 0.5))
    assert patch.valid.sum() == int(sys.argv[2]), patch.valid.sum()
    peak = peak_memory_bytes()
print(base >> 20, (peak - base) >> 20)
"""


def test_memory_does_not_grow_with_the_raster(tmp_path: Path) -> None:
    require_peak_memory()
    content = noise(1, 1500, 1500, "uint16")
    path = write_sparse(tmp_path / "huge.tif", 16_000, 16_000, content, (4096, 8192))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path), str(500 * 500)],
        check=True, capture_output=True, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    base, grown = map(int, done.stdout.split())
    assert grown < 450, f"{grown} MiB on top of {base} for a raster of 512 MB"


# --- bad input ------------------------------------------------------------------------------


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MissingRasterError, match="There is no raster at"):
        open_raster(tmp_path / "absent.tif")
    # As a folder that may not be looked into, which root always may.
    with pytest.raises(RasterError, match="cannot be read: File name too long"):
        open_raster("a" * 300)


@pytest.mark.parametrize("content", [b"", b"hello", b"II*\0garbage"])
def test_not_a_raster(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(RasterError, match=r"^a\.tif is not a raster that GDAL can read\.$"):
        open_raster(tmp_path / "a.tif")
    with pytest.raises(RasterError, match="is not a raster"):
        open_raster(tmp_path)


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


@pytest.mark.parametrize("resolution", [0, -1, float("nan"), float("inf"), 1e-12])
def test_bad_resolutions(tmp_path: Path, resolution: float) -> None:
    path = write_raster(tmp_path / "a.tif", noise(1, 8, 8))
    with pytest.raises(UsageError, match="resolution"):
        open_raster(path, resolution=resolution)


def test_complex_values_are_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", np.ones((1, 8, 8), np.complex64))
    with pytest.raises(RasterError, match="complex"):
        open_raster(path)


CUT = """
import sys, threading
from encoder_tool.errors import RasterError
from encoder_tool.raster import open_raster
from encoder_tool.types import Window

def read():
    try:
        reader.read_patch(0, Window(0, 0, 512, 512), stretch, (0.5, 0.5, 0.5))
    except RasterError as error:
        print(error)

with open_raster(sys.argv[1]) as reader:
    stretch = reader.sample_stretch("none")
    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
"""


def test_a_cut_file_is_one_sentence_and_no_noise(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", noise(3, 512, 512))
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    done = subprocess.run(
        [sys.executable, "-c", CUT, str(path)],
        check=True, capture_output=True, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    assert done.stdout.startswith("a.tif cannot be read at columns 0 to 512, rows")
    assert done.stderr == ""


# --- real imagery ---------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="no folder of real imagery (GEOSAM_SHARED)")
def test_real_imagery() -> None:
    paths = sorted(SHARED.glob("*/*.tif"))
    assert paths
    for path in paths:
        with open_raster(path) as reader, rasterio.open(path) as dataset:
            assert reader.transform == dataset.transform
            assert reader.crs_wkt is not None
            window = Window(0, 0, 1024, 1024)
            patch = reader.read_patch(0, window, reader.sample_stretch(), GREY)
            rows, cols = min(1024, dataset.height), min(1024, dataset.width)
            own = dataset.read((1, 2, 3))[:, :rows, :cols]
            inside = patch.valid[:rows, :cols]
            assert patch.valid.sum() == inside.sum() > 0.3 * rows * cols
            assert_allclose(
                patch.image[:, :rows, :cols][:, inside] * 255, own[:, inside], atol=1e-3
            )


def test_a_format_without_georeference_has_pixel_coordinates(tmp_path: Path) -> None:
    """rasterio hands out uninitialised memory as the transform of a PNM file."""
    path = tmp_path / "picture.ppm"
    path.write_bytes(b"P6\n4 3\n255\n" + bytes(range(36)))
    with open_raster(path) as reader:
        assert reader.transform == Affine.identity()
        assert (reader.width, reader.height) == (4, 3)
        assert any("not georeferenced" in note for note in reader.notes)


@pytest.mark.parametrize(
    ("width", "dtype", "tiled", "megabytes"),
    [
        (40_000, "uint8", True, 48),  # whatever its size
        (4_000, "uint8", False, 48),
        (40_000, "uint8", False, 118),  # three bands of a patch's rows, and a strip
        (40_000, "uint16", False, 192),
    ],
)
def test_the_blocks_that_are_kept_do_not_grow_with_the_raster(
    tmp_path: Path, width: int, dtype: str, tiled: bool, megabytes: int
) -> None:
    """But for strips, which all patches of a row have in common."""
    shape = {"tiled": True, "blockxsize": 512, "blockysize": 512} if tiled else {"blockysize": 8}
    path = tmp_path / "wide.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=2000, count=3, dtype=dtype,
        sparse_ok=True, transform=NORTH_UP, **shape,
    ):  # fmt: skip
        pass
    asked = []

    def noted(block_cache_bytes: int) -> rasterio.Env:
        asked.append(block_cache_bytes)
        return gdal_environment(block_cache_bytes)

    with pytest.MonkeyPatch.context() as patched, NativeSource(path, None) as source:
        patched.setattr("encoder_tool.raster.source.gdal_environment", noted)
        source.read(Window(0, 0, 16, 16))
    assert [size >> 20 for size in asked] == [megabytes]
