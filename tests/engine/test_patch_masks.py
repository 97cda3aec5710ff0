"""One patch's masks: how they are measured, cleaned and thinned out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from encoder_tool.automatic.parameters import PRESETS, MaskParameters, preset
from encoder_tool.automatic.patch_masks import (
    find_patch_masks,
    full_resolution,
    measure_mask,
    without_overlapping_boxes,
    without_small_regions,
    without_strays,
)
from encoder_tool.automatic.point_grid import coarse_to_fine, point_grid
from encoder_tool.errors import UsageError
from encoder_tool.model.seam import PatchState
from encoder_tool.types import BoxPixel, Window
from tests.support.grid_oracle import GridOracle
from tests.support.oracle import Disc, rectangle

POINT = np.array([402.0, 402.0])
WHOLE = BoxPixel(0, 0, 1024, 1024)
LOOSE = MaskParameters(pred_iou_thresh=0.0, stability_score_thresh=0.0)


def discs(*at, radius=20.0):
    """Logits of discs, in cells: the distance to the nearest one's edge."""
    rows, cols = np.mgrid[:256, :256] + 0.5
    distance = np.min([np.hypot(cols - x, rows - y) for x, y in at], axis=0)
    return (radius - distance).astype(np.float32)


def measured(logits, **changes):
    return measure_mask(logits, 0.9, POINT, replace(LOOSE, **changes))


class TestMeasures:
    def test_of_a_disc(self):
        """Radius 20 cells is 80 pixels, about (100.5, 100.5) cells or (402, 402) pixels."""
        mask = measured(discs((100.5, 100.5)))
        assert mask.area_px == pytest.approx(np.pi * 80**2, rel=0.005)
        assert mask.box == pytest.approx((322, 322, 481, 481), abs=1)
        # Between the circles of 19 and of 21 cells.
        assert mask.stability == pytest.approx((19 / 21) ** 2, abs=0.005)

    def test_the_offset_counts(self):
        mask = measured(discs((100.5, 100.5)), stability_score_offset=2.0)
        assert mask.stability == pytest.approx((18 / 22) ** 2, abs=0.005)

    def test_an_unstable_one_is_left_out(self):
        assert measured(discs((100.5, 100.5)), stability_score_thresh=0.83) is None
        assert measured(discs((100.5, 100.5)), stability_score_thresh=0.81) is not None

    def test_an_empty_one_is_left_out(self):
        assert measured(np.full((256, 256), -1.0, np.float32)) is None

    def test_what_is_kept_is_enough_for_the_mask(self):
        logits = discs((3, 100), (180, 250))
        mask = measured(logits)
        whole = full_resolution(logits) > 0
        kept = full_resolution(mask.logits) > 0
        top, left = 4 * mask.row, 4 * mask.col
        assert np.array_equal(whole[top : top + len(kept), left : left + kept.shape[1]], kept)
        assert np.count_nonzero(whole) == np.count_nonzero(kept) == mask.area_px


class TestSmallRegions:
    def test_holes_and_specks_up_to_a_size(self):
        logits = discs((100.5, 100.5))
        logits[99:102, 99:102] = -1  # a hole of 9 cells
        logits[10:13, 10:13] = 1  # a speck of 9
        assert (without_small_regions(logits, 9) > 0).sum() == (discs((100.5, 100.5)) > 0).sum()
        assert np.array_equal(without_small_regions(logits, 8), logits)

    def test_corners_join_cells(self):
        logits = np.full((256, 256), -1.0, np.float32)
        logits[[10, 11, 12], [10, 11, 12]] = 1
        assert (without_small_regions(logits, 2) > 0).sum() == 3


class TestStrays:
    def test_the_part_at_the_point_stays(self):
        mask = without_strays(measured(discs((100.5, 100.5), (200, 200))))
        assert mask.area_px == pytest.approx(np.pi * 80**2, rel=0.005)
        assert mask.box == pytest.approx((322, 322, 481, 481), abs=1)

    def test_of_parts_away_from_the_point_the_nearest_one_stays(self):
        mask = without_strays(measured(discs((150, 100.5), (240, 240), radius=8)))
        assert mask.box == pytest.approx((568, 370, 631, 433), abs=1)

    def test_one_part_stays_as_it_is(self):
        mask = measured(discs((100.5, 100.5)))
        assert without_strays(mask) is mask


class TestSuppression:
    def at(self, x, score):
        return replace(measured(discs((x, 100.5))), score=score)

    def test_the_better_scored_one_stays(self):
        worse, better = self.at(100.5, 0.8), self.at(103.5, 0.9)  # boxes with an IoU of 0.86
        assert without_overlapping_boxes([worse, better], 0.7) == [better]
        assert without_overlapping_boxes([worse, better], 0.9) == [better, worse]

    def test_what_is_suppressed_suppresses_nothing(self):
        chain = [self.at(100.5 + 5 * n, 0.9 - 0.1 * n) for n in range(3)]
        assert without_overlapping_boxes(chain, 0.7) == [chain[0], chain[2]]

    def test_nothing(self):
        assert without_overlapping_boxes([], 0.7) == []


class TestSkipping:
    def masks(self, parameters):
        oracle = GridOracle(Disc(300, 300, 200), rectangle(800, 700, 300, 300))
        state = PatchState({"level": 0, "window": Window(0, 0, 1024, 1024)}, 0)
        found = find_patch_masks(
            oracle, state, parameters, parameters.points_per_side, WHOLE, all_parts=False
        )
        return oracle.asked, sorted(mask.area_px for mask in found)

    def test_the_same_objects_by_fewer_points(self):
        all_points, objects = self.masks(replace(MaskParameters(), points_per_side=16))
        fewer, same = self.masks(replace(PRESETS["fast"], points_per_side=16))
        assert all_points == 256
        assert fewer < 220  # a fifth of the patch is covered
        assert same == objects
        assert objects == pytest.approx([300**2, np.pi * 200**2], rel=0.01)

    def test_coarse_to_fine_asks_every_point_once(self):
        order = coarse_to_fine(16)
        assert sorted(order) == list(range(256))
        first = point_grid(16)[order[:4]]
        assert sorted(map(tuple, first // 64)) == [(4, 4), (4, 12), (12, 4), (12, 12)]

    def test_padding_is_not_asked(self):
        oracle = GridOracle(Disc(300, 300, 200))
        state = PatchState({"level": 0, "window": Window(0, 0, 1024, 1024)}, 0)
        clip = BoxPixel(0, 0, 512, 256)
        find_patch_masks(oracle, state, MaskParameters(), 8, clip, all_parts=False)
        assert oracle.asked == 8


class TestParameters:
    def test_presets(self):
        assert preset("default", "sam2.1-tiny") == MaskParameters()
        detailed = preset("detailed", "sam2.1-tiny")
        assert (detailed.points_per_side, detailed.pred_iou_thresh) == (32, 0.7)
        assert (detailed.stability_score_thresh, detailed.stability_score_offset) == (0.92, 0.7)
        assert (detailed.crop_n_layers, detailed.crop_n_points_downscale_factor) == (1, 2)
        assert (detailed.min_mask_region_area, detailed.use_m2m) == (150, True)
        assert preset("fast", "sam2.1-tiny").skip_covered

    def test_thresholds_of_nano_are_its_own(self):
        for model in ("nano", "nano-v0"):
            assert preset("default", model).pred_iou_thresh < 0.8
            assert preset("detailed", model).use_m2m
        assert preset("default", "nanosecond") == MaskParameters()

    def test_changes(self):
        changed = PRESETS["detailed"].with_changes({"use_m2m": False, "crop_n_layers": None})
        assert (changed.use_m2m, changed.crop_n_layers) == (False, 1)

    def test_points_of_a_layer(self):
        assert [PRESETS["detailed"].points_of_layer(n) for n in (0, 1, 2)] == [32, 16, 8]
        with pytest.raises(UsageError, match="crop layer 6 has no points left"):
            PRESETS["detailed"].points_of_layer(6)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("points_per_side", 0),
            ("points_per_side", 257),
            ("pred_iou_thresh", 1.5),
            ("crop_n_layers", -1),
            ("stability_score_offset", float("nan")),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, name, value):
        with pytest.raises(UsageError, match=name):
            MaskParameters(**{name: value})

    def test_no_preset(self):
        with pytest.raises(UsageError, match="no preset 'slow'"):
            preset("slow", "nano")
