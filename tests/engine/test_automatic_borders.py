"""Objects that end up at patch borders, extents and mask layers, by a decoder that knows the truth.

The patches of these rasters, one row of them, begin at x 0, 768, 1536, 2304 …
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyogrio.raw
import pytest
import shapely

from encoder_tool.automatic import AutomaticRequest, MaskParameters, ObjectFilter
from encoder_tool.automatic.layers import make_layers
from encoder_tool.automatic.outputs import Outputs
from encoder_tool.automatic.segment_all import Reports, segment_all
from encoder_tool.automatic.sieve import Sieve
from encoder_tool.errors import Cancelled
from encoder_tool.grid import Pyramid
from encoder_tool.model.seam import PatchState
from encoder_tool.types import BoundsMap, Masks, PatchId, Prompt, Window
from tests.engine.test_automatic import Run
from tests.support.fake_cache import UTM_AFFINE, FakeCache, make_manifest
from tests.support.grid_oracle import GridOracle, iou
from tests.support.oracle import Outline, rectangle

HEIGHT = 1024

KEY = Outline(shapely.box(200, 500, 760, 650).union(shapely.box(740, 590, 1100, 630)))
"""The points of the second patch miss its bit."""


def on_map(xmin: float, xmax: float) -> BoundsMap:
    """All of the raster's height, between two columns."""
    (left, top), (right, bottom) = UTM_AFFINE @ (xmin, 0), UTM_AFFINE @ (xmax, HEIGHT)
    return BoundsMap(left, bottom, right, top)


def mask_layer(folder, xmin: float, xmax: float):
    path = folder / "mask.gpkg"
    square = np.array([shapely.to_wkb(shapely.box(*on_map(xmin, xmax)))])
    pyogrio.raw.write(
        path, square, [], [], driver="GPKG", geometry_type="Polygon", crs="EPSG:32633"
    )  # fmt: skip
    return path


class TestBeyondWhatIsLookedAt:
    FIELD = rectangle(2400, 500, 4400, 400)

    def test_an_object_of_an_extent_is_whole(self, tmp_path):
        """Its middle is in the extent, its end two patches beyond those that are looked at."""
        extent = ObjectFilter(extent=on_map(0, 2600))
        run = Run(tmp_path, self.FIELD, width=5000, height=HEIGHT, filter=extent)
        assert run.start().patches == 4
        (only,) = run.objects()
        assert iou(only, self.FIELD.polygon) >= 0.99

    def test_an_object_of_a_mask_layer_is_whole(self, tmp_path):
        mask = ObjectFilter(mask=mask_layer(tmp_path, 0, 2600))
        run = Run(tmp_path, self.FIELD, width=5000, height=HEIGHT, filter=mask)
        assert run.start().patches == 4
        (only,) = run.objects()
        assert iou(only, self.FIELD.polygon) >= 0.99

    @pytest.mark.parametrize("kind", ["extent", "mask"])
    def test_what_is_looked_at_goes_on_beyond_it_by_half_an_overlap(self, tmp_path, kind):
        barn = rectangle(750, 500, 700, 300)
        wanted = {
            "extent": ObjectFilter(extent=on_map(0, 760)),
            "mask": ObjectFilter(mask=mask_layer(tmp_path, 0, 760)),
        }[kind]
        run = Run(tmp_path, barn, width=3000, height=HEIGHT, filter=wanted)
        assert run.start().patches == 2
        (only,) = run.objects()
        assert iou(only, barn.polygon) >= 0.99


def test_the_raster_is_enlarged_where_a_mask_layer_lies_and_nowhere_else(tmp_path):
    cache = FakeCache(make_manifest(6000, HEIGHT))
    request = AutomaticRequest(
        MaskParameters(crop_n_layers=1),
        filter=ObjectFilter(mask=mask_layer(tmp_path, 2000, 2100)),
    )
    asked = list[Window]()

    def upsample(factor: int, window: Window) -> FakeCache:
        asked.append(window)
        return FakeCache(make_manifest(factor * 6000, factor * HEIGHT))

    with Sieve(request.filter, cache.manifest) as sieve:
        finer, wanted = make_layers(cache, request, sieve, upsample)
    (window,) = asked
    assert (window.col_off, window.col_end) == pytest.approx((2000 - 128, 2100 + 128), abs=1)
    assert {patch.col for patch in wanted.patches} == {2}
    assert {patch.col for patch in finer.patches} == {4, 5}


def test_an_object_is_known_again_when_more_was_encoded_around_the_extent(tmp_path):
    """The pier that came first lies beyond the extent then, so the shed has another number."""
    pier, shed = rectangle(1600, 300, 1400, 100), rectangle(300, 1500, 200, 200)
    wanted = ObjectFilter(extent=BoundsMap(*(UTM_AFFINE @ (0, 1792)), *(UTM_AFFINE @ (1400, 0))))

    def told(encoded_beyond: bool):
        run = Run(tmp_path, pier, shed, width=2600, height=1792, filter=wanted)
        if not encoded_beyond:
            run.cache.keep_only(*(PatchId(0, row, col) for row in (0, 1) for col in (0, 1)))
        run.start(overwrite=True)
        return {round(found.geometry.centroid.x): found for found in run.told}

    before, after = told(False), told(True)
    assert sorted(before) == pytest.approx([300, 1346], abs=3)
    assert sorted(after) == pytest.approx([300], abs=3)
    assert (before[300].number, after[300].number) == (2, 1)
    assert before[300].made_of == after[300].made_of
    assert not set(before[300].made_of) & set(before[max(before)].made_of)


def test_patches_that_do_not_overlap_end_objects_at_their_borders_and_it_is_said(tmp_path):
    field = rectangle(1024, 500, 900, 400)
    run = Run(tmp_path, field, width=2048, height=HEIGHT)
    run.cache.manifest = replace(
        run.cache.manifest, pyramid=Pyramid(2048, HEIGHT, levels=2, stride=1024)
    )
    said: list[str] = []
    reports = Reports(lambda _done: None, lambda _found: None, said.append, lambda: False)
    segment_all(run.cache, run.request, Outputs(run.out), reports=reports, decoder=run.oracle)
    left, right = sorted(run.objects(), key=lambda half: half.bounds[0])
    assert iou(left, field.polygon.intersection(shapely.box(0, 0, 1024, HEIGHT))) >= 0.98
    assert iou(right, field.polygon.intersection(shapely.box(1024, 0, 2048, HEIGHT))) >= 0.98
    assert len(said) == 1
    assert "do not overlap" in said[0]


class TestOpenEnds:
    def test_a_small_end_that_only_one_patch_has_a_mask_of_is_followed_too(self, tmp_path):
        """Two patches agree on the bar; the points of the third miss its handle."""
        bar = Outline(shapely.box(200, 400, 1530, 700).union(shapely.box(1500, 600, 2100, 625)))
        run = Run(tmp_path, bar, width=3400, height=HEIGHT)
        run.start()
        (only,) = run.objects()
        assert iou(only, bar.polygon) >= 0.99
        assert only.bounds[2] == pytest.approx(2100, abs=2)

    def test_what_is_stopped_meanwhile_says_how_to_go_on(self, tmp_path):
        run = Run(tmp_path, KEY, width=1792, height=HEIGHT)
        with pytest.raises(Cancelled, match=r"2 of 2 patches are done") as stopped:
            run.start(stop_after=2)
        assert stopped.value.hint == "Run the same command again to go on."
        run.start()
        assert len(run.objects()) == 1

    def test_a_mask_that_fades_out_right_at_the_border_is_cut_there_all_the_same(self, tmp_path):
        run = Run(tmp_path, width=1900, height=HEIGHT)
        run.oracle = Vague(KEY)
        run.start()
        (only,) = run.objects()
        assert iou(only, KEY.polygon) >= 0.98

    def test_an_end_of_which_no_neighbour_knows_is_no_reason_to_leave_the_object_out(
        self, tmp_path
    ):
        """The third patch sees nothing of the handle, even when it is asked."""
        bar = Outline(shapely.box(200, 400, 1530, 700).union(shapely.box(1500, 600, 2100, 625)))
        run = Run(tmp_path, width=3400, height=HEIGHT)
        run.oracle = Blind(1536, bar)
        run.start()
        (only,) = run.objects()
        assert iou(only, bar.polygon.intersection(shapely.box(0, 0, 1792, HEIGHT))) >= 0.99

    def test_a_piece_of_which_no_neighbour_knows_is_left_out(self, tmp_path):
        shed = rectangle(400, 840, 300, 200)
        run = Run(tmp_path, width=1900, height=HEIGHT)
        run.oracle = Blind(768, KEY, shed)
        run.start()
        (only,) = run.objects()
        assert iou(only, shed.polygon) >= 0.99


class Vague(GridOracle):
    """Sees nothing in the first and last column of cells, but for the raster's edge on the left."""

    def decode(
        self, state: PatchState, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        answers = super().decode(state, prompts, multimask=multimask)
        seen = np.ones(256, np.bool_)
        seen[-1] = False
        seen[0] = state.tensors["window"].col_off == 0
        return [
            Masks(np.where(seen, one.logits, np.float32(-1)), one.iou_predictions)
            for one in answers
        ]


class Blind(GridOracle):
    """Sees nothing at all in the patches from one column on."""

    def __init__(self, first: int, *shapes: Outline) -> None:
        super().__init__(*shapes)
        self.first = first

    def decode(
        self, state: PatchState, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        answers = super().decode(state, prompts, multimask=multimask)
        if state.tensors["window"].col_off < self.first:
            return answers
        return [Masks(np.full_like(o.logits, -9), o.iou_predictions) for o in answers]
