"""Which patches a request selects, and which requests are refused."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
from affine import Affine

from encoder_tool.cache.store import open_cache
from encoder_tool.crs import transform_points
from encoder_tool.encode import EncodePlan, EncodeRequest, plan_encode
from encoder_tool.encode.plan import select_patches
from encoder_tool.errors import (
    DiskFullError,
    ExtentError,
    MissingRasterError,
    OutputError,
    UsageError,
)
from encoder_tool.grid import LevelGrid, Pyramid, levels_to_fit
from encoder_tool.raster import open_raster
from encoder_tool.types import BoundsMap, PatchId, Window
from tests.support.fake_encode import WIDTH, run
from tests.support.fakes import FakeModel, tree_bytes
from tests.support.rasters import NORTH_UP, UTM_33N, noise, write_raster

Usage = namedtuple("Usage", "total used free")


class TestSelection:
    pyramid = Pyramid(30_000, 30_000, levels_to_fit(30_000, 30_000))

    def test_everything(self) -> None:
        patches = select_patches(self.pyramid, None, None)
        assert sorted(patches) == sorted(self.pyramid.patches())
        assert [p.level for p in patches] == sorted((p.level for p in patches), reverse=True)

    @pytest.mark.parametrize(
        ("extent", "levels"),
        [
            (Window(14_592, 14_592, 900, 900), 1),
            (Window(14_592, 14_592, 1025, 900), 2),
            # What is no larger than a patch may lie across the borders of several.
            (Window(15_000, 15_000, 900, 900), 3),
            (Window(15_360, 15_000, 1000, 1500), 4),
            (Window(29_990, 29_990, 10, 10), 1),
            (Window(0, 0, 30_000, 30_000), 6),
        ],
    )
    def test_levels_stop_where_one_patch_holds_the_extent(
        self, extent: Window, levels: int
    ) -> None:
        patches = select_patches(self.pyramid, extent, None)
        assert {patch.level for patch in patches} == set(range(levels))
        for level in range(levels):
            factor = 1 << level
            windows = [
                self.pyramid.level(level).window(patch.row, patch.col)
                for patch in patches
                if patch.level == level
            ]
            held = any(
                window.col_off * factor <= extent.col_off
                and window.row_off * factor <= extent.row_off
                and extent.col_end <= window.col_end * factor
                and extent.row_end <= window.row_end * factor
                for window in windows
            )
            assert held == (level == levels - 1)

    @pytest.mark.parametrize(
        ("levels", "expected"), [(1, {0}), (3, {0, 1, 2}), (99, set(range(6)))]
    )
    def test_levels_can_be_chosen(self, levels: int, expected: set[int]) -> None:
        patches = select_patches(self.pyramid, Window(15_000, 15_000, 1500, 1500), levels)
        assert {patch.level for patch in patches} == expected

    def test_the_patches_cover_the_extent_and_all_meet_it(self) -> None:
        extent = Window(15_001, 14_003, 1500, 700)
        patches = set(select_patches(self.pyramid, extent, 2))
        for patch in self.pyramid.patches():
            window = self.pyramid.level(patch.level).window(patch.row, patch.col)
            factor = 1 << patch.level
            meets = (
                window.col_off * factor < extent.col_end
                and window.col_end * factor > extent.col_off
                and window.row_off * factor < extent.row_end
                and window.row_end * factor > extent.row_off
            )
            assert (patch in patches) == (meets and patch.level < 2)


def test_an_extent_selects_patches_of_the_whole_rasters_grid(raster: Path, tmp_path: Path) -> None:
    x0, y0 = NORTH_UP @ (1600, 0)
    extent = BoundsMap(x0, y0 - 30, x0 + 30, y0)
    first = run(EncodeRequest(raster, tmp_path / "c", extent=extent))
    cache = open_cache(tmp_path / "c")
    assert (first.patches_total, first.encoded) == (4, 4)
    assert cache.pyramid.levels == 2
    present = {patch for patch in cache.pyramid.patches() if cache.is_present(patch)}
    assert present == {PatchId(0, row, col) for row in (0, 1) for col in (1, 2)}
    kept = tree_bytes(tmp_path / "c/levels/0/high_res_0/c/0/1")
    whole = run(EncodeRequest(raster, tmp_path / "c"))
    assert (whole.action, whole.skipped, whole.encoded) == ("resume", 4, 3)
    assert tree_bytes(tmp_path / "c/levels/0/high_res_0/c/0/1") == kept


def test_an_extent_in_another_crs_is_bounded_by_its_bent_outline(tmp_path: Path) -> None:
    """Over 340 km a parallel sags by some 90 of the raster's pixels: its ends lie above the
    third row of patches (from pixel row 1536 on), its middle in it."""
    transform = Affine(30, 0, 320_000, 0, -30, 5_500_000)
    path = write_raster(
        tmp_path / "wide.tif", np.ones((1, 2600, 12_000), np.uint8), transform=transform
    )
    south = 5_500_000 - 1500 * 30
    ends = np.array([(330_000, south), (670_000, south)], np.float64)
    (west, low), (east, low_too) = transform_points(ends, UTM_33N, "EPSG:4326")
    assert low == pytest.approx(low_too)
    request = EncodeRequest(
        path,
        tmp_path / "c",
        extent=BoundsMap(west, low, east, low + 0.3),
        extent_crs="EPSG:4326",
        levels=1,
    )
    plan = plan_encode(request, model=FakeModel())
    assert {patch.row for patch in plan.patches} == {0, 1, 2, 3}
    with open_raster(path) as reader:
        corners = reader.extent_window(BoundsMap(330_000, south, 670_000, south + 33_000))
    assert {p.row for p in select_patches(plan.manifest.pyramid, corners, 1)} == {0, 1}


@pytest.mark.parametrize(
    ("extent", "sentence"),
    [
        (BoundsMap(15.002, 41.99, 15.0, 42.0), "empty"),  # to PROJ: once around the world
        (BoundsMap(15.0, 42.0, 15.002, 41.99), "empty"),
        (BoundsMap(float("nan"), 41.99, 15.0, 42.0), "empty"),
        (BoundsMap(500_000, 4_649_000, 500_100, 4_649_100), "cannot be expressed"),
    ],
)
def test_an_extent_that_is_none_is_an_error_in_any_crs(
    raster: Path, tmp_path: Path, extent: BoundsMap, sentence: str
) -> None:
    request = EncodeRequest(raster, tmp_path / "c", extent=extent, extent_crs="EPSG:4326")
    with pytest.raises(ExtentError, match=sentence):
        plan_encode(request, model=FakeModel())


def test_an_extent_that_misses_is_an_error(raster: Path, tmp_path: Path) -> None:
    away = EncodeRequest(raster, tmp_path / "c", extent=BoundsMap(0, 0, 10, 10))
    with pytest.raises(ExtentError, match="outside"):
        plan_encode(away, model=FakeModel())
    local = write_raster(tmp_path / "local.tif", noise(1, 300, 200), crs=None)
    placed = EncodeRequest(
        local, tmp_path / "c", extent=BoundsMap(0, 0, 1, 1), extent_crs="EPSG:4326"
    )
    with pytest.raises(ExtentError, match="no CRS"):
        plan_encode(placed, model=FakeModel())
    with pytest.raises(UsageError, match="not known"):
        extent = BoundsMap(0, 0, 1, 1)
        plan_encode(
            EncodeRequest(raster, tmp_path / "c", extent=extent, extent_crs="EPSG:nonsense"),
            model=FakeModel(),
        )


@pytest.mark.parametrize(
    "options",
    [
        {"levels": 0}, {"batch": 0}, {"threads": 0}, {"dtype": "int4"}, {"extent_crs": "EPSG:4326"},
    ],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        EncodeRequest(Path("scene.tif"), **options)  # type: ignore[arg-type]


def test_an_overlap_off_the_grid_is_refused(raster: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="overlap"):
        plan_encode(EncodeRequest(raster, tmp_path / "c", overlap=255), model=FakeModel())


def test_a_missing_raster_is_an_error_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(MissingRasterError):
        plan_encode(EncodeRequest(tmp_path / "no.tif"), model=FakeModel())
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_the_way_stays(raster: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "holiday.jpg").write_text("precious")
    (tmp_path / "notes.txt").write_text("precious")
    before = tree_bytes(tmp_path)
    for out in (folder, tmp_path / "notes.txt"):
        for restart in (False, True):
            with pytest.raises(OutputError, match="left as it is"):
                plan_encode(EncodeRequest(raster, out, restart=restart), model=FakeModel())
    assert tree_bytes(tmp_path) == before


def test_a_resolution_beyond_all_memory_is_refused_before_anything_is_listed(
    raster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1,800 x 1,100 pixels as 13 x 8 million: 174 million patches, and a third for the levels."""
    monkeypatch.setattr(LevelGrid, "patches_meeting", lambda *_: pytest.fail("listed"))
    request = EncodeRequest(raster, tmp_path / "c", resolution=0.3 / 7200)
    with pytest.raises(DiskFullError, match=r"^232041787 patches take"):
        plan_encode(request, model=FakeModel(), disk_usage=lambda _: Usage(10**12, 0, 10**12))


def test_a_resolution_is_that_of_level_0(raster: Path, tmp_path: Path) -> None:
    summary = run(EncodeRequest(raster, tmp_path / "c", resolution=0.6))
    cache = open_cache(tmp_path / "c")
    assert (cache.pyramid.width, cache.pyramid.height) == (900, 550)
    assert summary.encoded == 1
    assert cache.manifest.affine.a == pytest.approx(0.6)
    assert cache.manifest.raster.width == WIDTH


def test_the_default_place_is_beside_the_raster(raster: Path, tmp_path: Path) -> None:
    copy = tmp_path / "scene.tif"
    shutil.copy(raster, copy)
    plan: EncodePlan = plan_encode(EncodeRequest(copy), model=FakeModel())
    assert plan.path == tmp_path / "scene.tif.fake.sam2.zarr"
