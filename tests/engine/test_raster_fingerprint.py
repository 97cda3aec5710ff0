"""Which edits of a raster are noticed, and what leaves it the same."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.testing import assert_array_equal
from pyproj import CRS
from rasterio.enums import Resampling

from encoder_tool.raster import open_raster
from encoder_tool.raster.source import NativeSource
from encoder_tool.types import Window
from tests.support.rasters import NORTH_UP, UTM_33N, noise, write_raster, write_sparse
from tests.support.reading import read_bytes


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
