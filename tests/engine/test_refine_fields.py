"""Fits of known shapes on fields, and where outlines run."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from shapely import affinity

from encoder_tool.refine.footprints.asking import Answer, Unasked
from encoder_tool.refine.footprints.ground import Frame, Ground
from encoder_tool.refine.footprints.mask_field import MaskField, Move, Moves
from encoder_tool.refine.footprints.outline_bias import (
    BIASES,
    OF_A_SIZE,
    SURE,
    _log_ratios,
    outline_biases,
)
from encoder_tool.refine.footprints.registration import best_shift, best_similarity, best_turn
from encoder_tool.refine.footprints.sight import Sight
from encoder_tool.types import XY
from tests.support.grid_oracle import iou
from tests.support.oracle import Outline as OracleShape

CELL = 4.0
ORIGIN = XY(1000.0, 2000.0)
L_SHAPE = affinity.translate(
    shapely.Polygon([(0, 0), (60, 0), (60, 30), (30, 30), (30, 70), (0, 70)]), 1080, 2080
)
COURT = shapely.box(1080, 2080, 1150, 2150).difference(shapely.box(1100, 2100, 1130, 2120))


def logits_of(shape: shapely.Geometry, cells: int = 60) -> np.ndarray:
    """Twice the signed distances in cells, as a mask's logits look."""
    centres = CELL * (np.arange(cells) + 0.5)
    x, y = np.meshgrid(centres + ORIGIN.x, centres + ORIGIN.y)
    return (2 * OracleShape(shape).signed_distance(x, y) / CELL).astype(np.float32)


def answer_of(shape: shapely.Geometry) -> Answer:
    return Answer(ORIGIN, CELL, logits_of(shape).astype(np.float16), 0.9, None)


def field_of(shape: shapely.Geometry) -> MaskField:
    return answer_of(shape).field(0.0)


def seen(shape: shapely.Geometry) -> Sight:
    return Sight(field_of(shape))


def moves(*shifts: tuple[float, float], angle: float = 0.0, factor: float = 1.0) -> Moves:
    return Moves.by(np.array(shifts, np.float64), angle, factor)


class TestMaskField:
    @pytest.mark.parametrize("shape", [L_SHAPE, COURT, shapely.MultiPolygon([L_SHAPE.buffer(-5)])])
    @pytest.mark.parametrize("angle, factor", [(0.0, 1.0), (25.0, 1.0), (-40.0, 1.2)])
    def test_integrals_are_those_of_the_cells_below_a_moved_shape(self, shape, angle, factor):
        field = MaskField(ORIGIN, CELL, np.random.default_rng(3).random((60, 60), np.float32))
        some = moves((0.0, 0.0), (13.7, -8.2), (-21.0, 5.5), angle=angle, factor=factor)
        found = field.integrals(field.outline(shape), some)
        for index, value in enumerate(found):
            moved = some.one(index).of(shape)
            expected = 0.0
            for row in range(60):
                for col in range(60):
                    x, y = ORIGIN.x + CELL * col, ORIGIN.y + CELL * row
                    cell = shapely.box(x, y, x + CELL, y + CELL)
                    expected += field.values[row, col] * moved.intersection(cell).area
            # Between the rows' middles the field is taken as linear.
            assert value == pytest.approx(expected, rel=0.03)

    def test_the_shape_that_is_seen_has_an_iou_near_one(self):
        assert field_of(L_SHAPE).soft_iou(L_SHAPE) > 0.8
        assert field_of(L_SHAPE).soft_iou(affinity.translate(L_SHAPE, 200, 0)) < 0.01

    def test_what_others_sit_on_is_none_of_it(self):
        left, right = shapely.box(1080, 2080, 1130, 2130), shapely.box(1130, 2080, 1180, 2130)
        both = field_of(shapely.union_all([left, right]))
        assert both.soft_iou(left) < 0.6
        alone = both.without([right])
        assert alone.soft_iou(left) > 0.8
        assert alone.total == pytest.approx(left.area, rel=0.15)

    def test_of_a_shape_that_the_border_cuts_what_is_seen_counts(self):
        """The raster ends in the middle of the building: the footprint fits as well as it can."""
        ends_at = 1115.0
        seen = L_SHAPE.intersection(shapely.box(0, 0, ends_at, 9999))
        raster = np.outer(
            np.ones(60), np.clip((ends_at - ORIGIN.x) / CELL - np.arange(60), 0, 1)
        ).astype(np.float32)
        cut = field_of(seen)
        whole = MaskField(cut.origin, cut.cell, cut.values, MaskField(ORIGIN, CELL, raster))
        assert cut.soft_iou(L_SHAPE) < 0.75
        assert whole.soft_iou(L_SHAPE) > 0.8
        # Of what lies almost wholly beyond, nothing can be said.
        assert whole.soft_iou(affinity.translate(L_SHAPE, 30, 0)) == 0


class TestRegistration:
    @pytest.mark.parametrize("shift", [(0.0, 0.0), (11.3, -7.7), (-18.0, 2.4)])
    def test_a_shift_is_found_to_a_fraction_of_a_cell(self, shift):
        old = affinity.translate(L_SHAPE, -shift[0], -shift[1])
        found = best_shift(seen(L_SHAPE), old, reach=24.0)
        assert found.move.is_shift
        assert np.hypot(*(np.array(found.move.shift) - shift)) < 0.75
        assert found.score > 0.8

    def test_nothing_is_found_beyond_the_reach(self):
        old = affinity.translate(L_SHAPE, -40, 0)
        found = best_shift(seen(L_SHAPE), old, reach=16.0)
        assert np.hypot(*found.move.shift) <= 20.0
        around = best_shift(seen(L_SHAPE), old, reach=16.0, around=XY(30.0, 0.0))
        assert np.hypot(*(np.array(around.move.shift) - (40.0, 0.0))) < 0.75

    @pytest.mark.parametrize("angle", [-27.0, 12.0])
    def test_a_turn_is_found(self, angle):
        old = affinity.rotate(L_SHAPE, -angle, "centroid")
        found = best_turn(seen(L_SHAPE), old, [XY(0.0, 0.0)])
        assert found.move.angle == pytest.approx(angle, abs=1.5)
        assert found.move.factor == 1.0
        assert iou(found.move.of(old), L_SHAPE) > 0.96

    @pytest.mark.parametrize("factor", [0.82, 1.18])
    def test_another_size_is_found_with_a_turn_and_a_shift(self, factor):
        old = affinity.rotate(L_SHAPE, 14, "centroid")
        old = affinity.scale(old, 1 / factor, 1 / factor, origin="centroid")
        old = affinity.translate(old, 5.0, -3.0)
        found = best_similarity(seen(L_SHAPE), old, [XY(-4.0, 4.0)])
        assert found.move.factor == pytest.approx(factor, rel=0.04)
        assert iou(found.move.of(old), L_SHAPE) > 0.93

    def test_a_move_is_what_its_integral_is_taken_of(self):
        some = moves((3.0, -2.0), angle=30.0, factor=1.1)
        moved = some.one(0).of(COURT)
        assert moved.area == pytest.approx(1.21 * COURT.area)
        assert moved.centroid.x == pytest.approx(COURT.centroid.x + 3.0)
        assert Move().of(COURT).equals(COURT)


class TestOutlineBias:
    def test_outlines_run_where_masks_have_the_size_of_most_footprints(self):
        """Masks that are a cell too large all round: the logit is two there."""
        sizes = np.linspace(40, 90, 40)
        shapes = [shapely.box(1050, 2050, 1050 + side, 2050 + side) for side in sizes]
        answers = [answer_of(shape.buffer(CELL, join_style="mitre")) for shape in shapes]
        # A tenth of the footprints is far too large: the others decide.
        footprints = [s if i % 10 else s.buffer(15) for i, s in enumerate(shapes)]
        biases = outline_biases(answers, footprints)
        assert biases == pytest.approx(np.full(40, 2 * 40 / 45), abs=0.3)

    def test_few_footprints_say_little_and_none_nothing(self):
        box = shapely.box(1050, 2050, 1100, 2100)
        one = outline_biases([answer_of(box.buffer(CELL, join_style="mitre"))], [box])
        assert 0 < one[0] < 0.5
        assert outline_biases([Unasked.OUTSIDE], [box]).tolist() == [0.0]


class TestOnGroundThatPixelsStretch:
    """At 60 degrees north a degree of longitude is half as long as one of latitude."""

    FRAME = Frame(np.diag([np.sqrt(0.5), np.sqrt(2.0)]))

    def in_pixels(self, shape: shapely.Geometry) -> shapely.Geometry:
        """A shape on the ground, about the middle of the field."""
        middle = np.array(ORIGIN) + 120.0
        return shapely.transform(shape, lambda points: self.FRAME.pixels(points - middle) + middle)

    def corners(self, shape: shapely.Geometry) -> np.ndarray:
        """Angles on the ground, in degrees."""
        points = self.FRAME.ground(shapely.get_coordinates(shape))
        steps = np.diff(points, axis=0)
        turns = np.angle(steps[:, 0] + 1j * steps[:, 1], deg=True)
        return np.abs((np.diff(turns) + 180) % 360 - 180)

    HOUSE = shapely.box(1090, 2100, 1150, 2140)

    @pytest.mark.parametrize("best", [best_turn, best_similarity])
    def test_a_turned_shape_keeps_its_right_angles(self, best):
        now = self.in_pixels(affinity.rotate(self.HOUSE, 20))
        old = self.in_pixels(self.HOUSE)
        found = best(seen(now), old, [XY(0.0, 0.0)], self.FRAME)
        assert found.move.angle == pytest.approx(20, abs=2)
        assert found.move.factor == pytest.approx(1, abs=0.04)
        placed = found.move.of(old)
        assert iou(placed, now) > 0.95
        assert np.allclose(self.corners(placed), 90, atol=1e-6)
        assert not np.allclose(self.corners(Move(angle=20).of(old)), 90, atol=5)

    def test_it_is_searched_as_far_in_every_direction(self):
        """Of the ground: in pixels, further to the east."""
        for east, south in ((22.0, 0.0), (0.0, 22.0)):
            now = self.in_pixels(affinity.translate(self.HOUSE, east, south))
            found = best_shift(seen(now), self.in_pixels(self.HOUSE), reach=24.0, frame=self.FRAME)
            shift = self.FRAME.ground(np.array(found.move.shift))
            assert shift == pytest.approx((east, south), abs=1.5)
            short = best_shift(seen(now), self.in_pixels(self.HOUSE), reach=14.0, frame=self.FRAME)
            assert np.hypot(*self.FRAME.ground(np.array(short.move.shift))) <= 14 + 4

    def test_lengths_are_those_on_the_ground(self):
        ground = Ground(0.5, Affine(np.sqrt(0.5), 0, 0, 0, -np.sqrt(2.0), 0))
        assert ground.lengths_m(np.array([[10.0, 0.0], [0.0, 10.0]])) == pytest.approx(
            (5 * np.sqrt(0.5), 5 * np.sqrt(2.0))
        )
        assert ground.frame.to_ground == pytest.approx(self.FRAME.to_ground)
        assert ground.most_px(5.0) == pytest.approx(10 / np.sqrt(0.5))


def test_the_bias_is_told_by_those_nearest_in_size():
    """However many there are: against every footprint, compared with every one."""
    rng = np.random.default_rng(3)
    sides = rng.uniform(30, 110, 160)
    footprints = [shapely.box(1040, 2040, 1040 + s, 2040 + s) for s in sides]
    answers = [answer_of(one.buffer(rng.uniform(-2, 8), join_style="mitre")) for one in footprints]
    answers[5] = answers[77] = Unasked.NOT_ENCODED
    answered = [i for i, answer in enumerate(answers) if isinstance(answer, Answer)]
    ratios = {i: _log_ratios(answers[i], footprints[i]) for i in answered}
    expected = []
    for side in sides:
        near = sorted(answered, key=lambda i: abs(np.log(sides[i]) - np.log(side)))[:OF_A_SIZE]
        median = np.median([ratios[i] for i in near], axis=0)
        expected.append(BIASES[np.abs(median).argmin()] * OF_A_SIZE / (OF_A_SIZE + SURE))
    assert outline_biases(answers, footprints) == pytest.approx(expected)
    assert len(set(expected)) > 3
