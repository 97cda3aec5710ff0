"""Objects that are larger than a patch, and which level finds them, with a decoder that knows the
truth.

The raster of 6600 x 6000 pixels has levels 0 to 3; the map's pixel is told in metres, of which
level 0 has 0.3.
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.locate import patches_holding
from encoder_tool.outline import PolygonOptions
from encoder_tool.segment import Segmenter
from encoder_tool.stitch import Cut, Limits
from encoder_tool.types import BoxPixel
from tests.support.oracle import Outline, rectangle
from tests.support.stitching import (
    PATIENT,
    clicked,
    in_pixels,
    iou,
    longest_run_on_border,
    oracle_segmenter,
)

WIDTH, HEIGHT = 6600, 6000


def lake(x: float, y: float, radius: float) -> Outline:
    """Bays and headlands all around."""
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    reach = radius * (0.86 + 0.10 * np.sin(3 * angle) + 0.04 * np.sin(11 * angle + 1))
    return Outline(
        shapely.Polygon(np.column_stack([x + reach * np.cos(angle), y + reach * np.sin(angle)]))
    )


LAKE = lake(3100, 2900, 2000)
FIELD = rectangle(3300, 3100, 2500, 1700, degrees=12)
ESTATE = rectangle(3300, 3000, 3400, 3000, degrees=8)
BOAT = rectangle(3000, 2500, 36, 14, degrees=40)


def segmenter_of(*shapes: Outline, limits: Limits = PATIENT) -> Segmenter:
    return oracle_segmenter(*shapes, width=WIDTH, height=HEIGHT, limits=limits)


class TestByTheMapScale:
    @pytest.mark.parametrize("shape", [LAKE, FIELD])
    @pytest.mark.parametrize(("pixel_m", "level"), [(2.4, 3), (1.5, 2), (1.2, 2)])
    def test_a_large_object_in_a_view_of_all_of_it(self, shape, pixel_m, level):
        assert shape is FIELD or np.ptp(shape.polygon.bounds[::2]) > 3600
        found = clicked(segmenter_of(shape), (3100, 2900), gsd_m=pixel_m)
        assert found.level == level
        assert found.is_complete
        assert iou(found, shape.polygon) >= 0.98

    def test_a_boat_on_a_lake_in_a_near_view(self):
        found = clicked(segmenter_of(BOAT, LAKE), (3000, 2500), gsd_m=0.15)
        assert found.level == 0
        assert iou(found, BOAT.polygon) >= 0.95

    def test_the_lake_beside_the_boat_in_a_far_view(self):
        segmenter = segmenter_of(BOAT, LAKE)
        found = clicked(segmenter, (3300, 2700), gsd_m=2.0)
        assert iou(found, LAKE.polygon) >= 0.98


class TestTooLargeForItsLevel:
    LIMITS = Limits(patches=5, seconds=600)

    def test_found_a_level_higher_and_refined_again(self):
        """The estate takes more than 20 patches of level 0 and 9 of level 1, its outline 18 of
        level 0."""
        segmenter = segmenter_of(ESTATE, limits=Limits(patches=20, seconds=600))
        found = clicked(segmenter, (3300, 3100))
        assert found.level == 0
        assert found.is_complete
        assert iou(found, ESTATE.polygon) >= 0.99
        run = longest_run_on_border(in_pixels(found.geometry), segmenter.manifest.pyramid)
        assert run < 10
        assert {patch.level for patch in segmenter.cache.loads} == {0, 1}

    def test_too_long_an_outline_stays_as_coarse_as_it_was_found(self):
        found = clicked(segmenter_of(LAKE, limits=self.LIMITS), (3100, 2900))
        assert found.level == 2
        assert found.is_complete
        assert iou(found, LAKE.polygon) >= 0.98

    def test_the_options_count_in_pixels_of_the_level_that_it_is_found_on(self):
        island = Outline(LAKE.polygon.difference(shapely.box(3000, 3200, 3080, 3280)))
        segmenter = segmenter_of(island, limits=self.LIMITS)

        def holes(size: float) -> int:
            options = PolygonOptions(min_hole_px=size)
            return len(clicked(segmenter, (3100, 2900), polygons=options).geometry.interiors)

        # 80 x 80 pixels of level 0 are 20 x 20 of level 2.
        assert (holes(300), holes(500)) == (1, 0)

    def test_a_pinned_level_is_stayed_on(self):
        found = clicked(segmenter_of(LAKE, limits=self.LIMITS), (3100, 2900), level=1)
        assert found.level == 1
        assert found.cuts == (Cut.LIMIT,)

    def test_it_ends_at_the_limit_where_nothing_coarser_is_encoded(self):
        segmenter = segmenter_of(LAKE, limits=self.LIMITS)
        segmenter.cache.keep_only(*segmenter.manifest.pyramid.level(0).patches())
        found = clicked(segmenter, (3100, 2900))
        assert found.level == 0
        assert found.cuts == (Cut.LIMIT,)

    @pytest.mark.parametrize("exact", [False, True])
    def test_while_more_is_to_come_it_is_looked_for_in_the_best_coarser_patch_alone(self, exact):
        """Of the patches of level 1 that hold the click, the best is not encoded yet."""
        segmenter = segmenter_of(LAKE, limits=self.LIMITS)
        grid, click = segmenter.manifest.pyramid.level(1), (3100.0, 2900.0)
        best, *others = patches_holding(grid, BoxPixel(*click, *click))
        assert others
        segmenter.cache.states[best] = PatchStatus.ABSENT
        found = clicked(segmenter, click, exact=exact)
        assert (found.level == 0) == exact
        assert (best in found.missing) == exact

    def test_where_the_finer_level_is_not_encoded_the_outline_stays_coarse(self):
        """The answer comes from level 1, since no patch of level 0 holds both clicks."""
        segmenter = segmenter_of(FIELD)
        grid = segmenter.manifest.pyramid.level(0)
        for patch in grid.patches():
            if patch.col != 2:
                segmenter.cache.states[patch] = PatchStatus.ABSENT
        found = clicked(segmenter, (2700, 3100), (3500, 3100))
        assert (found.patch_id.level, found.level) == (1, 0)
        assert found.is_complete
        assert iou(found, FIELD.polygon) >= 0.985
