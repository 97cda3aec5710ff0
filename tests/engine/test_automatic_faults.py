"""Segmenting everything where there is nothing, and where things change under its feet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyogrio.raw
import pytest
import shapely

from encoder_tool.automatic import ObjectFilter
from encoder_tool.automatic.objects import FoundObject
from encoder_tool.automatic.outputs import Outputs
from encoder_tool.automatic.segment_all import segment_all
from encoder_tool.automatic.work_file import WorkFile, unfinished_work, work_file_of
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import (
    CacheError,
    Cancelled,
    ExtentError,
    OutputError,
    UsageError,
)
from encoder_tool.raster_out import RasterOutput
from encoder_tool.types import BoundsMap, PatchId
from tests.engine.test_automatic import Run
from tests.support.fake_cache import UTM_AFFINE, make_manifest

NORTH_WEST = BoundsMap(431_000, 5_479_820, 431_180, 5_480_000)
"""600 x 600 pixels, on one patch."""


class TestNothingThere:
    def test_nodata_only(self, tmp_path):
        """It is encoded: to encode it once more would not help."""
        run = Run(tmp_path, filter=ObjectFilter(extent=NORTH_WEST))
        run.cache.states = {PatchId(0, 0, 0): PatchStatus.EMPTY}
        with pytest.raises(ExtentError, match="only nodata"):
            run.start()

    @pytest.mark.parametrize("with_extent", [False, True])
    def test_a_mask_layer_somewhere_else(self, tmp_path, with_extent):
        """Beside the raster, or on it but far from the extent."""
        extent = NORTH_WEST if with_extent else None
        column = 2500 if with_extent else 5000
        left, top = UTM_AFFINE @ (column, 1500)
        mask = tmp_path / "mask.gpkg"
        pyogrio.raw.write(
            mask, np.array([shapely.to_wkb(shapely.box(left, top - 20, left + 20, top))]), [], [],
            driver="GPKG", geometry_type="Polygon", crs="EPSG:32633",
        )  # fmt: skip
        with pytest.raises(UsageError, match="Nothing of the mask layer"):
            Run(tmp_path, filter=ObjectFilter(extent=extent, mask=mask)).start()


class TestTheCacheMeanwhile:
    @pytest.mark.parametrize("patches", [3, 12])
    def test_of_another_cache_in_its_place_nothing_is_taken(self, tmp_path, monkeypatch, patches):
        run = Run(tmp_path)

        def replaced():
            if len(run.progress) >= patches:
                raise CacheError("The cache was replaced by another.", "Open it again.")

        monkeypatch.setattr(run.cache, "refresh", replaced)
        with pytest.raises(CacheError, match="replaced"):
            run.start()
        assert len(run.progress) == patches
        assert not run.out.exists()
        assert work_file_of(run.out).exists()  # what was found before is still true


class TestAnOutputInAnotherCrs:
    def test_of_a_raster_without_one(self, tmp_path):
        """Its pixels are not degrees."""
        run = Run(tmp_path)
        run.cache.manifest = make_manifest(2600, 2000, crs=None)
        with pytest.raises(UsageError, match="The raster has no CRS"):
            segment_all(
                run.cache, run.request, Outputs(run.out, crs="EPSG:4326"), decoder=run.oracle
            )

    def test_that_does_not_exist_is_told_before(self, tmp_path):
        run = Run(tmp_path)
        with pytest.raises(OutputError):
            segment_all(
                run.cache, run.request, Outputs(run.out, crs="EPSG:999999"), decoder=run.oracle
            )
        assert run.oracle.asked == 0


class TestWhatIsRead:
    @pytest.mark.parametrize("name", ["scene.tif", "elsewhere.tif", "classes.tif", "mask.shp"])
    def test_is_not_overwritten(self, tmp_path, name):
        given = tmp_path / name
        given.write_text("mine")
        run = Run(
            tmp_path, raster=tmp_path / "elsewhere.tif" if name == "elsewhere.tif" else None,
            filter=ObjectFilter(mask=tmp_path / "mask.shp", classes=tmp_path / "classes.tif"),
        )  # fmt: skip
        run.cache.path = tmp_path / "scene.tif.oracle.sam2.zarr"
        outputs = (
            Outputs(given)
            if given.suffix == ".shp"
            else Outputs(run.out, rasters=(RasterOutput(given, "labels"),))
        )
        with pytest.raises(OutputError, match=f"{name} is read for what would be written there"):
            segment_all(run.cache, run.request, outputs, overwrite=True, decoder=run.oracle)
        assert given.read_text() == "mine"
        assert list(tmp_path.iterdir()) == [given]


class TestUnfinishedWork:
    def test_what_an_earlier_run_has_looked_at_elsewhere_is_not_counted(self, tmp_path):
        with pytest.raises(Cancelled):
            Run(tmp_path, filter=ObjectFilter()).start(stop_after=5)
        part = Run(tmp_path, filter=ObjectFilter(extent=NORTH_WEST))
        summary = part.start()
        assert (summary.kept, summary.patches) == (1, 1)
        assert len(part.objects()) == 1

    def test_two_runs_of_which_no_file_comes_are_told_apart_without_a_file_s_name(
        self, tmp_path, monkeypatch
    ):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        path = unfinished_work("a.sam2.zarr", "like this")
        with (
            WorkFile(path, "like this"),
            pytest.raises(OutputError, match="Another run is finding the same objects"),
        ):
            WorkFile(path, "like this")

    def test_masks_are_kept_for_good_and_objects_cost_no_wait_for_the_disk(self, tmp_path):
        one = FoundObject(1, shapely.box(0, 0, 9, 9), 0.9, 0.9, 0)
        said = list[str]()
        with WorkFile(tmp_path / "work", "like this") as work:
            work._database.set_trace_callback(said.append)
            for number in range(1, 50):
                work.add_objects([replace(one, number=number)])
            assert "COMMIT" not in said
            assert work.object_count() == 49
            assert work.object(7).geometry.equals(one.geometry)
            work.keep_masks(0, PatchId(0, 1, 2), [])
            assert said.count("COMMIT") == 1
        with WorkFile(tmp_path / "work", "like this") as work:
            assert work.kept_patches() == {(0, PatchId(0, 1, 2))}
            assert work.object_count() == 0

    def test_a_folder_that_cannot_be_made(self, tmp_path, monkeypatch):
        occupied = tmp_path / "file"
        occupied.write_text("mine")
        monkeypatch.setattr(
            "encoder_tool.automatic.work_file.user_cache_path", lambda _name: occupied
        )
        with pytest.raises(OutputError, match="cannot be made"):
            unfinished_work("a.sam2.zarr", "like this")


def test_what_is_found_does_not_depend_on_what_else_was_looked_at(tmp_path):
    """A run that goes on from one with another extent, and one that begins with this."""
    with pytest.raises(Cancelled):
        Run(tmp_path).start(stop_after=7)
    went_on = Run(tmp_path, filter=ObjectFilter(extent=NORTH_WEST))
    went_on.start()
    (tmp_path / "apart").mkdir()
    alone = Run(tmp_path / "apart", filter=ObjectFilter(extent=NORTH_WEST))
    alone.start()
    assert [g.wkb for g in went_on.objects()] == [g.wkb for g in alone.objects()]
