"""Going on with a cache by another request than the one that made it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import rasterio
from affine import Affine
from rasterio.enums import Resampling

from encoder_tool.cache import layout
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import CacheMismatchError, CacheVersionError
from tests.support.encoded_folder import PATCH, PATCHES, encode
from tests.support.fakes import FakeModel, tree_bytes


def edit_pixels(raster: Path) -> None:
    with rasterio.open(raster, "r+") as dataset:
        values = dataset.read(2)
        values[500, 700] ^= 0xFF
        dataset.write(values, 2)


def move_raster(raster: Path) -> None:
    with rasterio.open(raster, "r+") as dataset:
        dataset.transform = Affine.translation(100, 0) @ dataset.transform


def reproject_raster(raster: Path) -> None:
    with rasterio.open(raster, "r+") as dataset:
        dataset.crs = "EPSG:32634"


class TestMismatch:
    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"bands": (3, 2, 1)}, "bands 1,2,3, not 3,2,1"),
            ({"bands": (1,)}, "bands 1,2,3, not 1"),
            ({"resolution": 0.6}, "another resolution"),
            ({"overlap": 128}, "overlap by 256 pixels, not 128"),
            ({"dtype": "float32"}, "stored as int8, not float32"),
            ({"stretch": "2,98"}, "stretch 0:255, not"),
            ({"stretch": "0:200"}, "stretch 0:255, not 0:200"),
        ],
    )
    def test_another_request_is_refused_with_nothing_destroyed(
        self, folder: Path, options: dict[str, object], sentence: str
    ) -> None:
        before = tree_bytes(folder)
        with pytest.raises(CacheMismatchError, match=sentence) as caught:
            encode(folder, **options)
        assert "--out" in str(caught.value)
        assert "--restart" in str(caught.value)
        assert tree_bytes(folder) == before
        assert encode(folder, **options, restart=True).encoded > 0

    @pytest.mark.parametrize(
        ("model", "sentence"),
        [
            (FakeModel(name="other"), "model fake, not other"),
            (FakeModel(sha256="b" * 64), "other weights of fake"),
        ],
    )
    def test_another_model_is_refused(self, folder: Path, model: FakeModel, sentence: str) -> None:
        before = tree_bytes(folder)
        with pytest.raises(CacheMismatchError, match=sentence):
            encode(folder, model)
        assert tree_bytes(folder) == before

    @pytest.mark.parametrize("edit", [edit_pixels, move_raster, reproject_raster])
    def test_an_edited_raster_is_refused(self, folder: Path, edit: Callable[[Path], None]) -> None:
        edit(folder / "scene.tif")
        before = tree_bytes(folder)
        with pytest.raises(CacheMismatchError, match="pixels or georeferencing"):
            encode(folder)
        assert tree_bytes(folder) == before
        assert encode(folder, restart=True).encoded == PATCHES

    def test_everything_that_differs_is_named(self, folder: Path) -> None:
        with pytest.raises(CacheMismatchError) as caught:
            encode(folder, FakeModel(name="other"), bands=(1,), dtype="float32")
        for word in ("other", "bands", "float32"):
            assert word in caught.value.message

    def test_a_touched_copied_or_overviewed_raster_is_accepted(self, folder: Path) -> None:
        raster = folder / "scene.tif"
        os.utime(raster, (1, 1))
        assert encode(folder).skipped == PATCHES
        raster.rename(folder / "kept.tif")
        shutil.copy(folder / "kept.tif", raster)
        assert encode(folder).skipped == PATCHES
        with rasterio.open(raster, "r+") as dataset:
            dataset.build_overviews([2, 4], Resampling.average)
        assert encode(folder).skipped == PATCHES
        renamed = EncodeRequest(folder / "kept.tif", folder / "cache")
        assert plan_encode(renamed, model=FakeModel()).todo == ()

    def test_the_stretch_of_the_cache_is_kept(self, folder: Path) -> None:
        encode(folder, stretch="10:200", restart=True)
        for stretch in (None, "10:200", "10:200,10:200,10:200"):
            assert encode(folder, stretch=stretch).skipped == PATCHES
        with pytest.raises(CacheMismatchError, match="stretch"):
            encode(folder, stretch="auto")

    def test_a_newer_format_is_refused_and_kept(self, folder: Path) -> None:
        attributes = folder / "cache/zarr.json"
        attributes.write_text(
            attributes.read_text().replace('"format_version": 2', '"format_version": 9')
        )
        before = tree_bytes(folder)
        with pytest.raises(CacheVersionError):
            encode(folder)
        assert tree_bytes(folder) == before


def test_a_cache_replaced_since_the_plan_was_made_is_left_alone(folder: Path) -> None:
    layout.patch_files(folder / "cache", PATCH, "int8")["high_res_0"].unlink()
    plan = plan_encode(EncodeRequest(folder / "scene.tif", folder / "cache"), model=FakeModel())
    encode(folder, FakeModel(name="other", sha256="b" * 64), restart=True)
    before = tree_bytes(folder / "cache")
    with pytest.raises(CacheMismatchError, match="replaced"):
        run_encode(plan)
    assert tree_bytes(folder / "cache") == before
