"""Everything at once on a scene of many patches, by a decoder that knows the truth."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely

from encoder_tool.automatic import AutomaticProgress, AutomaticRequest, MaskParameters, ObjectFilter
from encoder_tool.automatic.outputs import Outputs
from encoder_tool.automatic.segment_all import AutomaticSummary, Reports, segment_all
from encoder_tool.automatic.work_file import work_file_of
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import (
    Cancelled,
    DiskFullError,
    NotEncodedError,
    NothingFoundError,
    OutputError,
)
from encoder_tool.types import BoundsMap, PatchId
from tests.support.cli import environment
from tests.support.fake_cache import UTM_AFFINE, FakeCache, make_manifest
from tests.support.grid_oracle import GridOracle, iou, matched
from tests.support.oracle import Disc, Outline, rectangle
from tests.support.patience import PATIENCE_S

WIDTH, HEIGHT = 2600, 2000


def scene(shift=0):
    """Shapes, moved right and down by some pixels."""
    u_shape = shapely.box(500, 1250, 1000, 1900).difference(shapely.box(650, 1390, 1010, 1760))
    return (
        Disc(300 + shift, 300 + shift, 110),  # in one patch
        rectangle(900 + shift, 400 + shift, 500, 200, 20),  # in two, larger than their overlap
        Disc(1120 + shift, 900 + shift, 190),  # in four
        rectangle(1700 + shift, 1450 + shift, 1700, 140),  # in a whole row
        rectangle(1700 + shift, 400 + shift, 380, 560, -10),
        Disc(2450 + shift, 250 + shift, 160),  # cut by the raster's edge
        # Its two arms go from the patches on the left into those on the right.
        Outline(shapely.affinity.translate(u_shape, shift, shift)),
    )


SHAPES = scene()

COARSE = MaskParameters(points_per_side=8)


def truth(shapes=SHAPES, width=WIDTH, height=HEIGHT):
    raster = shapely.box(0, 0, width, height)
    return [shapely.intersection(shape.polygon, raster) for shape in shapes]


def in_pixels(geometries):
    a, b, c, d, e, f = (~UTM_AFFINE)[:6]
    return [
        shapely.transform(g, lambda p: p @ np.array([[a, d], [b, e]]) + (c, f)) for g in geometries
    ]


class Run:
    """A run with the oracle, and what came out, in level-0 pixels."""

    def __init__(self, folder, *shapes, width=WIDTH, height=HEIGHT, **request):
        self.cache = FakeCache(make_manifest(width, height))
        self.oracle = GridOracle(*(shapes or SHAPES))
        self.request = AutomaticRequest(**{"parameters": COARSE, **request})
        self.out = folder / "found.gpkg"
        self.progress: list[AutomaticProgress] = []
        self.told = []

    def start(self, stop_after=math.inf, overwrite=False) -> AutomaticSummary:
        reports = Reports(
            self.progress.append,
            self.told.extend,
            lambda _sentence: None,
            lambda: len(self.progress) >= stop_after,
        )
        return segment_all(
            self.cache, self.request, Outputs(self.out),
            overwrite=overwrite, reports=reports, decoder=self.oracle,
        )  # fmt: skip

    def objects(self):
        _, _, wkb, _ = pyogrio.raw.read(self.out)
        parts = [shapely.get_parts(g) for g in shapely.from_wkb(wkb)]
        assert all(len(p) == 1 for p in parts)
        return in_pixels([p[0] for p in parts])


def found(folder, *shapes, **request):
    run = Run(folder, *shapes, **request)
    run.start()
    return run.objects()


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    """What is found of the scene."""
    return found(tmp_path_factory.mktemp("once"))


class TestEachObjectOnce:
    def test_whole_and_once(self, objects):
        matches = matched(objects, truth())
        assert len(objects) == len(SHAPES)
        assert {index for index, _ in matches} == set(range(len(SHAPES)))
        assert min(score for _, score in matches) >= 0.99

    def test_no_duplicates(self, objects):
        assert not [pair for pair in combinations(objects, 2) if iou(*pair) > 0.8]

    def test_no_outline_runs_along_a_patch_border(self, objects):
        borders = [768.0, 1024.0, 1536.0, 1576.0, 1792.0, 2560.0, 976.0]
        for geometry in objects:
            points = shapely.get_coordinates(geometry)
            for axis in (0, 1):
                along = np.isin(np.round(points[:, axis]), borders)
                steps = np.abs(np.diff(points[:, 1 - axis]))[along[1:] & along[:-1]]
                assert not len(steps) or steps.max() < 20

    def test_a_raster_that_begins_half_a_patch_earlier_has_the_same_objects(
        self, tmp_path, objects
    ):
        there = Run(tmp_path, *scene(512), width=WIDTH + 512, height=HEIGHT + 512)
        there.start()
        back = [shapely.affinity.translate(g, -512, -512) for g in there.objects()]
        assert len(back) == len(objects)
        assert min(score for _, score in matched(back, objects)) >= 0.98

    def test_a_part_is_no_duplicate_of_its_whole(self, tmp_path):
        field, pond = rectangle(900, 500, 900, 700), Disc(900, 500, 150)
        objects = found(
            tmp_path,
            pond,
            Outline(field.polygon.difference(shapely.Point(900, 500).buffer(150, quad_segs=4))),
        )
        assert sorted(round(g.area, -4) for g in objects) == [70_000, 560_000]

    def test_what_only_one_patch_was_asked_about_is_followed_into_the_others(self, tmp_path):
        """The grid's points miss what lies of the object in the second patch."""
        key = Outline(shapely.box(200, 500, 760, 650).union(shapely.box(740, 590, 1100, 630)))
        (only,) = found(tmp_path, key)
        assert iou(only, key.polygon) >= 0.99


class TestLevels:
    def test_a_coarser_level(self, tmp_path):
        (lake,) = found(tmp_path, Disc(1300, 1000, 800), level=1)
        assert iou(lake, Disc(1300, 1000, 800).polygon) >= 0.98

    def test_crop_layers_look_at_finer_levels_and_are_preferred(self, tmp_path):
        """At level 1 the small disc is not stable enough."""
        small, large = Disc(900, 900, 90), rectangle(1800, 1000, 900, 700)
        layered = replace(COARSE, crop_n_layers=1)
        run = Run(tmp_path, small, large, level=1, parameters=layered)
        run.start()
        assert len(run.objects()) == 2
        _, _, _, fields = pyogrio.raw.read(run.out, columns=["level"])
        assert fields[0].tolist() == [0, 0]


class TestFilters:
    def test_extent(self, tmp_path):
        """Each object belongs to one of two extents side by side."""
        middle = 431_000 + 0.3 * 1000
        counts = []
        for name, xmin, xmax in (("west", 0, middle), ("east", middle, 1e6)):
            (tmp_path / name).mkdir()
            extent = BoundsMap(xmin, 5_400_000, xmax, 5_500_000)
            objects = found(tmp_path / name, filter=ObjectFilter(extent=extent))
            assert min(max(iou(o, t) for t in truth()) for o in objects) >= 0.98
            counts.append(len(objects))
        assert sum(counts) == len(SHAPES)
        assert min(counts) > 0

    def test_area(self, tmp_path):
        """Square metres: a pixel has 0.09."""
        areas = sorted(0.09 * polygon.area for polygon in truth())
        limits = ObjectFilter(min_area=1.01 * areas[0], max_area=0.99 * areas[-1])
        assert len(found(tmp_path, filter=limits)) == len(SHAPES) - 2

    def test_mask_layer(self, tmp_path):
        square = shapely.transform(
            shapely.box(0, 0, 600, 600), lambda p: np.array([UTM_AFFINE @ tuple(q) for q in p])
        )
        mask = tmp_path / "mask.gpkg"
        pyogrio.raw.write(
            mask, shapely.to_wkb(np.array([square])), [], [], driver="GPKG",
            geometry_type="Polygon", crs="EPSG:32633",
        )  # fmt: skip
        (only,) = found(tmp_path, filter=ObjectFilter(mask=mask))
        assert iou(only, SHAPES[0].polygon) >= 0.99


class TestResume:
    def test_stopped_and_run_again(self, tmp_path):
        run = Run(tmp_path)
        with pytest.raises(Cancelled, match="5 of 12 patches"):
            run.start(stop_after=5)
        assert not run.out.exists()
        again = Run(tmp_path)
        summary = again.start()
        assert summary.kept == 5
        assert summary.patches == 12
        assert again.oracle.asked < 8 * 64  # seven patches, and what is followed
        assert len(again.objects()) == len(SHAPES)
        assert not work_file_of(run.out).exists()

    def test_other_parameters_begin_anew(self, tmp_path):
        with pytest.raises(Cancelled):
            Run(tmp_path).start(stop_after=5)
        other = Run(tmp_path, parameters=replace(COARSE, pred_iou_thresh=0.7))
        assert other.start().kept == 0

    def test_killed_and_run_again_is_as_if_nothing_had_happened(self, tmp_path):
        script = tmp_path / "killed.py"
        script.write_text(KILLED)
        killed = subprocess.run(
            [sys.executable, script, tmp_path], env=environment(), capture_output=True, text=True,
            timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        assert killed.returncode == -9, killed.stderr
        resumed = Run(tmp_path)
        assert resumed.start().kept == 7
        (tmp_path / "apart").mkdir()
        uninterrupted = Run(tmp_path / "apart")
        uninterrupted.start()
        assert _content(resumed.out) == _content(uninterrupted.out)

    def test_what_could_not_be_written_is_written_by_the_next_run(self, tmp_path, monkeypatch):
        def no_room(*_arguments):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("encoder_tool.automatic.outputs.make_features", no_room)
            with pytest.raises(DiskFullError, match=r"no room on the disk for found\.gpkg"):
                Run(tmp_path).start()
        again = Run(tmp_path)
        assert again.start().kept == 12
        assert again.oracle.asked < 64  # what is followed
        assert len(again.objects()) == len(SHAPES)

    def test_two_runs_do_not_share_an_output(self, tmp_path):
        first, second = Run(tmp_path), Run(tmp_path)
        refused = []

        def meanwhile(told):
            if told.done == 2:
                with pytest.raises(OutputError, match=r"Another run is writing found\.gpkg"):
                    second.start()
                refused.append(told)

        reports = Reports(meanwhile, lambda _found: None, lambda _said: None, lambda: False)
        segment_all(
            first.cache, first.request, Outputs(first.out), reports=reports, decoder=first.oracle
        )
        assert refused


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.engine.test_automatic import Run

class Deadly(list):
    def append(self, told):
        if told.done == 7:
            os.kill(os.getpid(), signal.SIGKILL)

run = Run(Path(sys.argv[1]))
run.progress = Deadly()
run.start()
"""


def _content(path: Path):
    _, _, wkb, fields = pyogrio.raw.read(path)
    return [bytes(w) for w in wkb], [field.tolist() for field in fields]


class TestProgress:
    def test_objects_are_told_of_as_they_are_found(self, tmp_path):
        run = Run(tmp_path)
        summary = run.start()
        assert [told.done for told in run.progress] == list(range(1, 13))
        assert run.progress[-1].total == summary.patches == 12
        assert [f.number for f in run.told] == list(range(1, summary.objects + 1))

    def test_only_rows_that_meet_are_in_memory(self, tmp_path, monkeypatch):
        from encoder_tool.automatic.joining import Joiner

        rows = []
        feed = Joiner.feed

        def watched(self, patch, masks):
            feed(self, patch, masks)
            rows.append({live.row for live in self._live})

        monkeypatch.setattr(Joiner, "feed", watched)
        tall = [Disc(500, 400 + 1000 * number, 150) for number in range(8)]
        run = Run(tmp_path, *tall, width=1024, height=8400)
        run.start()
        assert len(run.objects()) == 8
        assert max(map(len, rows)) <= 2
        told = [progress.objects for progress in run.progress]
        assert told[1] >= 1  # as soon as no later patch can add to it
        assert told[-1] >= 7


class TestRefusals:
    def test_nothing_encoded(self, tmp_path):
        run = Run(tmp_path)
        run.cache.keep_only(PatchId(1, 0, 0))
        with pytest.raises(NotEncodedError, match="Nothing is encoded there at level 0"):
            run.start()

    def test_part_of_it_encoded(self, tmp_path):
        run = Run(tmp_path, Disc(300, 300, 110))
        run.cache.keep_only(PatchId(0, 0, 0), PatchId(0, 0, 1))
        run.cache.states[PatchId(0, 0, 2)] = PatchStatus.EMPTY
        said = []
        reports = Reports(lambda _t: None, lambda _f: None, said.append, lambda: False)
        segment_all(
            run.cache, run.request, Outputs(run.out), reports=reports, decoder=run.oracle
        )  # fmt: skip
        assert said == ["9 of 11 patches are not encoded: nothing is found there."]
        assert len(run.objects()) == 1

    def test_no_object(self, tmp_path):
        run = Run(tmp_path, Disc(-500, -500, 10))
        with pytest.raises(NothingFoundError, match="No object was found"):
            run.start()
        assert list(tmp_path.iterdir()) == []

    def test_an_output_that_exists(self, tmp_path):
        run = Run(tmp_path)
        run.out.write_text("mine")
        with pytest.raises(OutputError, match="exists already"):
            run.start()
        assert run.out.read_text() == "mine"
