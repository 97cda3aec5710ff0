"""Reading rasters: the right values, at the right place, in little memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.testing import assert_allclose, assert_array_equal
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp

from encoder_tool.errors import ExtentError
from encoder_tool.gdal import gdal_environment
from encoder_tool.raster import RasterReader, open_raster
from encoder_tool.raster.source import NativeSource
from encoder_tool.raster.stretch import make_record
from encoder_tool.types import BoundsMap, StretchRecord, Window
from tests.support.memory import require_peak_memory
from tests.support.rasters import NORTH_UP, TRANSFORMS, noise, ramp, write_raster, write_sparse
from tests.support.reading import BYTES, GREY, read_bytes

REPOSITORY = Path(__file__).parents[2]
SHARED = Path(os.environ.get("GEOSAM_SHARED", REPOSITORY.parent / "shared")) / "data"


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
