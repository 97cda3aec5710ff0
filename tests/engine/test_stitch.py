"""Objects across patch borders, with a decoder that knows the truth.

The raster of 5000 x 4000 pixels has patches at x 0, 768, 1536, 2304, 3072, 3840, 3976 and y 0,
768, 1536, 2304, 2976.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import CacheDamagedError, Cancelled
from encoder_tool.grid import Pyramid
from encoder_tool.model.seam import PatchState
from encoder_tool.outline import PolygonOptions
from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest
from encoder_tool.stitch import Cut, Limits, PatchMask, reaches_border, whole_mask
from encoder_tool.types import BoundsMap, Features, Masks, PatchId, Prompt
from tests.support.fake_cache import FakeCache, make_manifest
from tests.support.oracle import PART_PX, Disc, OracleDecoder, Outline, Shape, rectangle
from tests.support.stitching import (
    PATIENT,
    clicked,
    in_pixels,
    iou,
    longest_run_on_border,
    on_map,
    oracle_segmenter,
    road,
)

HOUSE = rectangle(1000, 400, 260, 180, degrees=20)  # over the border at x 1024
CORNER_HOUSE = rectangle(900, 900, 420, 300, degrees=30)  # in four patches
FIELD = Outline(
    shapely.Polygon(
        [(300, 1200), (1700, 1100), (2350, 1500), (2200, 2500), (900, 2700), (250, 2200)]
    )
)
STREET = road(26, (100, 3300), (1500, 3100), (2600, 3350), (4900, 3000))
POND = Disc(4000, 700, 300)
SCENE: Sequence[Shape] = (HOUSE, CORNER_HOUSE, FIELD, STREET, POND)

A_CELL_OR_TWO = 10.0
"""Pixels: of a slanted outline, so much may lie along a border by chance."""


@pytest.fixture
def segmenter() -> Segmenter:
    return oracle_segmenter(*SCENE)


class TestAgainstTheTruth:
    @pytest.mark.parametrize(
        ("shape", "points"),
        [
            (HOUSE, [(950, 400), (1050, 400)]),
            (CORNER_HOUSE, [(900, 900), (760, 850), (1040, 960)]),
            (FIELD, [(1250, 1900), (600, 2000), (2200, 1600)]),
            (STREET, [(1500, 3100), (4000, 3137)]),
            (POND, [(4000, 700), (3800, 600)]),
        ],
    )
    def test_an_object_is_whole_wherever_it_is_clicked(self, segmenter, shape, points):
        for point in points:
            found = clicked(segmenter, point)
            assert found.is_complete
            assert iou(found, shape.polygon) >= 0.99
            run = longest_run_on_border(in_pixels(found.geometry), segmenter.manifest.pyramid)
            assert run < A_CELL_OR_TWO

    def test_each_object_is_one(self, segmenter):
        """However many patches it lies in, and whichever of them is clicked."""
        grid = segmenter.manifest.pyramid.level(0)
        found = []
        for shape in SCENE:
            for patch in list(grid.patches())[::2]:
                window = grid.window(patch.row, patch.col)
                box = shapely.box(window.col_off, window.row_off, window.col_end, window.row_end)
                part = shape.polygon.intersection(box).buffer(-8)
                if not part.is_empty:
                    found.append(clicked(segmenter, part.representative_point().coords[0]).geometry)
        distinct = list[shapely.Geometry]()
        for one in found:
            overlaps = [one.intersection(other).area / one.union(other).area for other in distinct]
            assert all(share < 0.01 or share > 0.99 for share in overlaps)
            if not any(share > 0.99 for share in overlaps):
                distinct.append(one)
        assert len(found) > 2 * len(SCENE)
        assert len(distinct) == len(SCENE)

    @settings(deadline=None, max_examples=15)
    @given(
        st.floats(700, 1900), st.floats(700, 1900),
        st.floats(120, 900), st.floats(120, 900), st.floats(5, 85),
    )  # fmt: skip
    def test_any_rectangle(self, x, y, width, height, degrees):
        shape = rectangle(x, y, width, height, degrees)
        segmenter = oracle_segmenter(shape, width=3000, height=2500)
        found = clicked(segmenter, (x, y))
        assert found.is_complete
        assert iou(found, shape.polygon) >= 0.99
        run = longest_run_on_border(in_pixels(found.geometry), segmenter.manifest.pyramid)
        assert run < A_CELL_OR_TWO

    def test_a_box_that_no_patch_of_its_level_holds_is_answered_at_its_level_all_the_same(
        self, segmenter
    ):
        (left, top), (right, bottom) = on_map((640, 690), (1150, 1110))
        request = SegmentRequest(MapPrompt(box=BoundsMap(left, bottom, right, top)))
        result = segmenter.segment(request)
        (found,) = result.objects
        assert (result.patch_id.level, found.level) == (1, 0)
        assert iou(found, CORNER_HOUSE.polygon) >= 0.99


class TestOptionsKeepTheirMeaning:
    def test_a_candidate_is_continued_as_what_it_is(self, segmenter):
        part = clicked(segmenter, (875, 400), candidate="1")
        whole = clicked(segmenter, (875, 400), candidate="3")
        assert iou(part, HOUSE.polygon.buffer(-PART_PX, join_style="mitre")) >= 0.98
        assert iou(whole, HOUSE.polygon.buffer(PART_PX)) >= 0.98

    def test_a_hole_across_a_border(self):
        court = Outline(CORNER_HOUSE.polygon.difference(rectangle(900, 900, 200, 120, 30).polygon))
        segmenter = oracle_segmenter(court)

        def holes(size: float) -> int:
            options = PolygonOptions(min_hole_px=size)
            return len(clicked(segmenter, (760, 850), polygons=options).geometry.interiors)

        assert (holes(16), holes(30_000)) == (1, 0)

    def test_strays_are_followed_on_request_only(self):
        twins = Outline(HOUSE.polygon.union(rectangle(1000, 900, 300, 100, 10).polygon))
        segmenter = oracle_segmenter(twins)
        alone = clicked(segmenter, (875, 400))
        assert iou(alone, HOUSE.polygon) >= 0.99
        both = clicked(segmenter, (875, 400), polygons=PolygonOptions(all_parts=True))
        assert iou(both, twins.polygon) >= 0.99

    def test_parts_that_meet_in_another_patch_are_one(self):
        """Two wings of a building that are joined beyond the border."""
        wings = [shapely.box(700, y, 1300, y + 120) for y in (300, 560)]
        building = Outline(shapely.union_all([*wings, shapely.box(1200, 300, 1320, 680)]))
        found = clicked(oracle_segmenter(building), (800, 360))
        assert iou(found, building.polygon) >= 0.99

    def test_a_box_s_small_part_that_meets_the_rest_in_another_patch_is_of_it(self):
        """In the patch of the box it is a tenth of the rest, and alone."""
        rest, wing = shapely.box(560, 300, 1300, 560), shapely.box(900, 640, 1300, 690)
        building = Outline(shapely.union_all([rest, wing, shapely.box(1200, 300, 1320, 690)]))
        segmenter = oracle_segmenter(building)
        (left, top), (right, bottom) = on_map((550, 290), (1020, 700))
        request = SegmentRequest(MapPrompt(box=BoundsMap(left, bottom, right, top)))
        alone = segmenter.segment(replace(request, stitch=False)).objects[0]
        assert iou(alone, rest.intersection(shapely.box(0, 0, 1024, 4000))) >= 0.98
        (found,) = segmenter.segment(request).objects
        assert found.patch_id == PatchId(0, 0, 0)
        assert iou(found, building.polygon) >= 0.99

    def test_small_parts_count_as_a_whole(self, segmenter):
        """What is left of a house in one patch may be smaller than what is dropped."""
        sliver = clicked(segmenter, (1078, 340), polygons=PolygonOptions(min_area_px=40_000))
        assert iou(sliver, HOUSE.polygon) >= 0.98

    def test_exclude_points_count_in_the_patch_that_they_are_in(self, segmenter):
        clicked(segmenter, (875, 400), exclude=[(1400, 420)])
        beyond = [p for p in segmenter.decoder.prompts if [1400 - 768, 420] in p.points.tolist()]
        assert len(beyond) == 2
        assert all(0 in prompt.labels for prompt in beyond)


class TestWhereItEnds:
    def test_at_what_is_not_encoded(self, segmenter):
        segmenter.cache.states[PatchId(0, 0, 1)] = PatchStatus.ABSENT
        found = clicked(segmenter, (900, 400))
        assert found.cuts == (Cut.NOT_ENCODED,)
        assert found.missing == (PatchId(0, 0, 1),)
        assert not found.is_complete
        assert iou(found, HOUSE.polygon.intersection(shapely.box(0, 0, 1024, 4000))) >= 0.99

    def test_at_what_is_damaged(self, segmenter, monkeypatch):
        """The patch that was clicked is sound, so there is an answer."""
        load = segmenter.cache.load

        def damaged(patch: PatchId) -> Features:
            if patch == PatchId(0, 0, 1):
                raise CacheDamagedError("Patch 0, 1 of level 0 is damaged.")
            return load(patch)

        monkeypatch.setattr(segmenter.cache, "load", damaged)
        found = clicked(segmenter, (875, 400))
        assert found.cuts == (Cut.NOT_ENCODED,)
        assert found.missing == (PatchId(0, 0, 1),)  # who can encode it makes it sound
        with pytest.raises(CacheDamagedError):
            clicked(segmenter, (1100, 420))

    def test_at_nodata_without_a_word(self, segmenter):
        segmenter.cache.states[PatchId(0, 0, 1)] = PatchStatus.EMPTY
        mask = whole_mask(segmenter, _seed(segmenter, PatchId(0, 0, 0), (900, 400)), PATIENT)
        assert mask.cuts == ()
        assert mask.patches == (PatchId(0, 0, 0),)

    def test_at_patches_that_do_not_overlap(self):
        pyramid = Pyramid(2048, 1024, levels=1, stride=1024)
        cache = FakeCache(replace(make_manifest(2048, 1024), pyramid=pyramid))
        oracle = OracleDecoder(rectangle(1024, 500, 900, 400))
        found = clicked(Segmenter(cache, oracle, limits=PATIENT), (800, 500))
        assert found.cuts == (Cut.UNSURE,)
        assert iou(found, shapely.box(574, 300, 1024, 700)) >= 0.98

    def test_when_it_is_turned_off(self, segmenter):
        found = clicked(segmenter, (875, 400), stitch=False)
        assert (found.cuts, found.missing) == ((Cut.NOT_ASKED,), ())
        assert iou(found, HOUSE.polygon.intersection(shapely.box(0, 0, 1024, 4000))) >= 0.99
        assert clicked(segmenter, (4000, 700), level=3, stitch=False).cuts == ()

    def test_at_the_limit_of_a_pinned_level(self):
        segmenter = oracle_segmenter(*SCENE, limits=Limits(patches=2, seconds=600))
        found = clicked(segmenter, (1250, 1900), level=0)
        assert found.cuts == (Cut.LIMIT,)
        assert found.level == 0
        assert in_pixels(found.geometry).area < 0.7 * FIELD.polygon.area

    def test_when_time_is_up(self):
        segmenter = oracle_segmenter(*SCENE, limits=Limits(seconds=0))
        assert clicked(segmenter, (1250, 1900)).cuts == (Cut.LIMIT,)

    def test_where_the_neighbour_sees_something_else(self):
        segmenter = _segmenter_of(Contrary())
        found = clicked(segmenter, (875, 400))
        assert found.cuts == (Cut.UNSURE,)
        # Nothing of what the neighbour says instead.
        assert in_pixels(found.geometry).difference(HOUSE.polygon).area < 20

    def test_when_it_is_stopped(self, segmenter):
        asked = 0

        def should_stop() -> bool:
            nonlocal asked
            asked += 1
            return asked > 3

        prompt = MapPrompt(include=on_map((1250, 1900)))
        with pytest.raises(Cancelled):
            segmenter.segment(SegmentRequest(prompt), should_stop)
        assert asked == 4


class Contrary(OracleDecoder):
    """To whom everything is the pond, but in the first column of patches."""

    def __init__(self) -> None:
        super().__init__(*SCENE)
        self.pond = OracleDecoder(Disc(1500, 400, 200))

    def decode(
        self, state: PatchState, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        window = state.tensors["window"]
        if window.col_off == 0:
            return super().decode(state, prompts, multimask=multimask)
        there = np.array([[1500.0 - window.col_off, 400.0 - window.row_off]])
        pond = Prompt(there, np.array([1]))
        return self.pond.decode(state, [pond] * len(prompts), multimask=multimask)


def _segmenter_of(decoder: OracleDecoder) -> Segmenter:
    return Segmenter(FakeCache(make_manifest(5000, 4000)), decoder, limits=PATIENT)


def _seed(segmenter: Segmenter, patch: PatchId, point: tuple[float, float]) -> PatchMask:
    """A mask as one has it before anything is stitched."""
    window = segmenter.window(patch)
    at = np.array([[point[0] - window.col_off, point[1] - window.row_off]])
    prompt = Prompt(at, np.array([1]))
    (masks,) = segmenter.decode_patch(patch, [prompt], multimask=False)
    return PatchMask(patch, masks.logits[0], prompt, float(masks.iou_predictions[0]))


class TestCost:
    def test_what_touches_no_border_is_asked_once(self, segmenter):
        shed = rectangle(500, 500, 60, 40)
        segmenter.decoder.shapes = (shed,)
        found = clicked(segmenter, (500, 500))
        assert segmenter.cache.loads == [PatchId(0, 0, 0)]
        assert len(segmenter.decoder.prompts) == 1
        assert found.is_complete

    def test_the_raster_s_edge_is_no_border(self, segmenter):
        segmenter.decoder.shapes = (rectangle(0, 500, 300, 200),)
        found = clicked(segmenter, (50, 500))
        assert (found.is_complete, len(segmenter.decoder.prompts)) == (True, 1)

    def test_each_patch_is_prepared_once_and_asked_twice(self, segmenter):
        clicked(segmenter, (900, 900))
        patches = {PatchId(0, row, col) for row in (0, 1) for col in (0, 1)}
        assert set(segmenter.cache.loads) == patches
        assert segmenter.decoder.prepared == 4
        assert len(segmenter.decoder.prompts) == 1 + 2 * 3

    def test_memory_is_that_of_the_patches(self):
        """Of a raster whose logits would take 900 MB."""
        segmenter = oracle_segmenter(CORNER_HOUSE, width=60_000, height=60_000)
        mask = _seed(segmenter, PatchId(0, 0, 0), (900, 900))
        tracemalloc.start()
        whole = whole_mask(segmenter, mask, PATIENT)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(whole.patches) == 4
        assert peak < 40e6
        assert whole.logits.nbytes < 100_000  # no more than the object

    def test_masks_found_without_a_prompt(self, segmenter):
        """As automatic segmentation has them."""
        mask = _seed(segmenter, PatchId(0, 1, 1), (900, 900))
        mask = PatchMask(mask.patch_id, mask.logits, None, mask.score)
        grid = segmenter.manifest.pyramid.level(0)
        assert reaches_border(mask, grid)
        whole = whole_mask(segmenter, mask, PATIENT)
        area = float((whole.logits > 0).sum()) * 16
        assert area == pytest.approx(CORNER_HOUSE.polygon.area, rel=0.01)
        assert whole.score == mask.score
