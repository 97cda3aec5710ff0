"""The yardstick's parts, on masks and decoders whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from encoder_tool.metrics import (
    MAX_CLICKS,
    boundary_f,
    click_curve,
    clicks_needed,
    innermost_point,
    iou,
    mask_of,
    next_click,
    truth_mask,
)
from encoder_tool.types import XY, Masks, Prompt

ALL = np.ones((1024, 1024), bool)
SQUARE = shapely.box(200, 300, 400, 500)


def logits_of(polygon: shapely.Geometry) -> np.ndarray:
    """Signed distances at the cell centres."""
    centres = 4 * (np.arange(256) + 0.5)
    x, y = np.meshgrid(centres, centres)
    shapely.prepare(polygon)
    points = shapely.points(x, y)
    distance = shapely.distance(points, polygon.boundary)
    return np.where(shapely.contains(polygon, points), distance, -distance).astype(np.float32)


def test_iou_counts_pixels():
    a, b = truth_mask(shapely.box(0, 0, 10, 10)), truth_mask(shapely.box(5, 0, 15, 10))
    assert iou(a, a) == 1.0
    assert iou(a, b) == pytest.approx(50 / 150)
    assert iou(a, ~ALL) == 0.0
    assert iou(~ALL, ~ALL) == 1.0


def test_truth_masks_hold_the_pixels_whose_centre_is_inside():
    mask = truth_mask(shapely.box(10.4, 20.6, 12.6, 22.4))
    assert np.argwhere(mask).tolist() == [[21, 10], [21, 11], [21, 12]]
    holed = shapely.Polygon(SQUARE.exterior, [shapely.box(250, 350, 300, 400).exterior])
    assert truth_mask(holed).sum() == 200 * 200 - 50 * 50


def test_masks_of_logits_lie_where_their_cells_are():
    mask = mask_of(logits_of(SQUARE))
    assert iou(mask, truth_mask(SQUARE)) > 0.99
    rows, cols = np.nonzero(mask)
    assert (cols.mean() + 0.5, rows.mean() + 0.5) == pytest.approx((300, 400), abs=0.05)


def test_the_innermost_point_is_inside_where_the_centroid_is_not():
    ell = shapely.Polygon([(0, 0), (100, 0), (100, 10), (20, 10), (20, 100), (0, 100)])
    x, y = innermost_point(ell)
    assert ell.contains(shapely.Point(x, y))
    assert shapely.Point(x, y).distance(ell.boundary) == pytest.approx(10.0, abs=0.8)


def test_the_next_click_is_in_the_middle_of_the_largest_error():
    truth = truth_mask(SQUARE)
    missing = truth.copy()
    missing[300:400, 200:241] = False
    point, label = next_click(missing, truth, ALL, [])
    assert label == 1 and point.x == pytest.approx(220.5, abs=1)
    assert 319 <= point.y <= 381
    extra = missing | truth_mask(shapely.box(600, 600, 700, 700))
    point, label = next_click(extra, truth, ALL, [])
    assert label == 0 and (point.x, point.y) == pytest.approx((650, 650), abs=1)
    assert next_click(truth, truth, ALL, []) is None


def test_errors_where_the_raster_ends_do_not_count_and_clicks_are_not_repeated():
    truth = ~ALL
    mask = truth_mask(shapely.box(900, 900, 903, 903))
    valid = ALL.copy()
    valid[:, 950:] = False
    assert next_click(truth_mask(shapely.box(960, 0, 1000, 40)), truth, valid, []) is None
    first, _ = next_click(mask, truth, valid, [])
    assert first == XY(901.5, 901.5)
    second, _ = next_click(mask, truth, valid, [first])
    assert second != first


class Scripted:
    """Answers with given polygons, one per call, the last one for ever; keeps the prompts."""

    def __init__(self, *polygons: shapely.Geometry) -> None:
        self.answers = [20 * logits_of(p) for p in polygons]
        self.prompts: list[Prompt] = []

    def __call__(self, prompt: Prompt) -> Masks:
        logits = self.answers[min(len(self.prompts), len(self.answers) - 1)]
        self.prompts.append(prompt)
        if prompt.is_single_click:
            worse = -np.ones_like(logits)
            return Masks(np.stack([worse, logits, worse]), np.array([0.1, 0.9, 0.2], np.float32))
        return Masks(logits[None], np.array([0.9], np.float32))


def test_a_perfect_decoder_needs_one_click():
    decode = Scripted(SQUARE)
    curve = click_curve(decode, truth_mask(SQUARE), ALL, innermost_point(SQUARE))
    assert len(curve) == 1 and curve[0] > 0.99
    assert [clicks_needed(curve, t) for t in (0.8, 0.85, 0.9)] == [1, 1, 1]


def test_a_failing_decoder_counts_ten():
    decode = Scripted(shapely.box(600, 600, 700, 700))
    curve = click_curve(decode, truth_mask(SQUARE), ALL, innermost_point(SQUARE))
    assert curve == [0.0] * MAX_CLICKS
    assert clicks_needed(curve, 0.8) == 10
    assert len({tuple(p) for p in decode.prompts[-1].points}) == MAX_CLICKS


def test_a_decoder_that_learns_stops_at_each_threshold_in_turn():
    truth = truth_mask(SQUARE)
    steps = [shapely.box(200, 300, 200 + share * 200, 500) for share in (0.5, 0.82, 0.87, 0.95)]
    decode = Scripted(*steps)
    curve = click_curve(decode, truth, ALL, innermost_point(SQUARE))
    assert curve == pytest.approx([0.5, 0.82, 0.87, 0.95], abs=0.02)
    assert [clicks_needed(curve, t) for t in (0.8, 0.85, 0.9)] == [2, 3, 4]
    first, second = decode.prompts[:2]
    assert first.mask_logits is None and first.labels.tolist() == [1]
    # The missed right half: an include click there, and the mask before, clamped.
    assert second.labels.tolist() == [1, 1]
    assert 300 < second.points[1][0] < 400
    assert np.abs(second.mask_logits).max() == 32
    assert np.array_equal(second.mask_logits, np.clip(decode.answers[0], -32, 32))


def test_an_exclude_click_answers_a_mask_that_is_too_large():
    decode = Scripted(shapely.box(200, 300, 700, 500), SQUARE)
    click_curve(decode, truth_mask(SQUARE), ALL, innermost_point(SQUARE))
    assert decode.prompts[1].labels.tolist() == [1, 0]
    assert decode.prompts[1].points[1][0] > 400


def test_the_outline_of_a_mask_moved_by_less_than_the_tolerance_still_counts():
    truth = truth_mask(SQUARE)
    moved = [truth_mask(shapely.affinity.translate(SQUARE, by, 0)) for by in (0, 2, 4, 500)]
    scores = [boundary_f(mask, truth) for mask in moved]
    assert scores[:2] == [1.0, 1.0]
    # Two of four sides are off by 4 px, but for their ends.
    assert scores[2] == pytest.approx(0.5, abs=0.02)
    assert scores[3] == 0
    assert boundary_f(truth, ~ALL) == 0 and boundary_f(~ALL, ~ALL) == 1
