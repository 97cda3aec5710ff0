"""New outlines among their neighbours: their direction, their walls, their right angles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine
from shapely import affinity

from encoder_tool.refine.footprints.ground import Ground
from encoder_tool.refine.footprints.judging import Judged
from encoder_tool.refine.footprints.offsets import NO_OFFSET
from encoder_tool.refine.footprints.verdicts import Decision, Verdict
from encoder_tool.refine.left import Left
from encoder_tool.refine.neighbours import along_neighbours, direction, with_clean_walls
from encoder_tool.refine.proposals import Proposal, _among_neighbours
from encoder_tool.refine.reasons import Reason
from encoder_tool.refine.request import RefineRequest
from encoder_tool.refine.run import _without_right_angles
from tests.support.grid_oracle import iou


class TestNeighbours:
    ROW = tuple(shapely.box(40 * i, 0, 40 * i + 30, 20) for i in range(6))
    SQUARE = np.eye(2)

    def test_walls_have_a_direction_of_a_right_angle(self):
        walls = np.diff(shapely.get_coordinates(affinity.rotate(self.ROW[0], 17)), axis=0)
        angle, agreement = direction(walls)
        assert angle == pytest.approx(17) and agreement == pytest.approx(1)

    def test_a_new_outline_turns_to_its_neighbours(self):
        askew = [*self.ROW[:3], affinity.rotate(self.ROW[3], 5), *self.ROW[4:]]
        changed = np.arange(6) == 3
        found = along_neighbours(askew, changed, self.SQUARE)
        assert iou(found[3], self.ROW[3]) > 0.999
        assert all(found[i] is askew[i] for i in range(6) if i != 3)

    def test_one_that_stands_across_or_alone_is_left(self):
        across = [*self.ROW[:5], affinity.rotate(self.ROW[5], 30)]
        changed = np.arange(6) == 5
        assert along_neighbours(across, changed, self.SQUARE)[5].equals(across[5])
        alone = [affinity.rotate(self.ROW[0], 5)]
        assert along_neighbours(alone, np.ones(1, np.bool_), self.SQUARE)[0].equals(alone[0])

    def test_directions_are_those_on_the_ground(self):
        """Pixels twice as wide as high: a right angle there is none in pixels."""
        to_ground = np.diag([2.0, -1.0])

        def in_pixels(shape):
            return shapely.transform(shape, lambda xy: xy @ np.linalg.inv(to_ground).T)

        row = [in_pixels(affinity.rotate(box, 20, origin=(0, 0))) for box in self.ROW]
        turned = affinity.rotate(affinity.rotate(self.ROW[2], 20, origin=(0, 0)), 4)
        askew = [*row[:2], in_pixels(turned), *row[3:]]
        found = along_neighbours(askew, np.arange(6) == 2, to_ground)
        assert iou(found[2], row[2]) > 0.999

    def test_walls_are_shared_without_overlap_and_sliver(self):
        left, right = shapely.box(0, 0, 20, 20), shapely.box(21.5, 0, 40, 20)
        above = shapely.box(0, 18, 20, 40)
        found = with_clean_walls([left, above, right], np.array([False, True, True]), 2.0)
        assert found[0] is left
        assert found[0].intersection(found[1]).area == pytest.approx(0)
        assert found[1].equals(shapely.box(0, 20, 20, 40))
        assert found[0].distance(found[2]) == pytest.approx(0)
        assert found[2].equals(shapely.box(20, 0, 40, 20))
        assert all(shape.is_valid for shape in found)

    def test_what_would_lose_its_shape_is_left(self):
        big, inside = shapely.box(0, 0, 40, 40), shapely.box(5, 5, 30, 30)
        found = with_clean_walls([big, inside], np.array([False, True]), 2.0)
        assert found[1].equals(inside)


class TestCleanWallsOfProposals:
    REQUEST = RefineRequest(Path("b.gpkg"), clean_walls=True)
    JUDGED = Judged([], np.zeros((2, 2)), NO_OFFSET, Ground(0.5, Affine.scale(1, -1)), 0.0, None)

    def cleaned(self, neighbour: Proposal, beside: shapely.Geometry) -> Proposal:
        """A building that is drawn anew, 20 pixels wide, beside another one."""
        drawn = Proposal(Decision(Verdict.RESHAPE, "Why."), shapely.box(0, 0, 20, 20))
        found = _among_neighbours(
            [drawn, neighbour], [shapely.box(0, 0, 19, 20), beside], self.JUDGED, self.REQUEST
        )
        return found[0]

    def test_what_is_gone_ends_nobodys_walls(self):
        beside = shapely.box(18, 0, 40, 20)
        stays = Proposal(Decision(Verdict.KEEP, "It fits."))
        assert self.cleaned(stays, beside).shape.bounds == (0, 0, 18, 20)
        gone = Proposal(Decision(Verdict.GONE, "Nothing is there."))
        assert self.cleaned(gone, beside).shape.bounds == (0, 0, 20, 20)

    def test_an_overlap_that_stays_is_told(self):
        """Cleaning would take more than a fifth of the outline."""
        stays = Proposal(Decision(Verdict.KEEP, "It fits."))
        found = self.cleaned(stays, shapely.box(12, 0, 40, 20))
        assert found.shape.bounds == (0, 0, 20, 20)
        assert found.decision.reason == f"Why. {Reason.STILL_OVERLAPS}"
        little = self.cleaned(stays, shapely.box(18, 0, 40, 20))
        assert little.decision.reason == "Why."


class TestRightAnglesThatNothingHas:
    """On pixels that are twice as high as wide."""

    GROUND = Ground(0.5, Affine.scale(2**-0.5, -(2**0.5)))
    JUDGED = Judged([], np.zeros((2, 2)), NO_OFFSET, GROUND, 0.0, None)

    def test_nothing_was_drawn(self):
        assert _without_right_angles([], self.JUDGED) == (Left.NOTHING_DRAWN,)

    def test_what_was_drawn_has_none(self):
        crowns = [shapely.Point(x, 0).buffer(10) for x in (0, 50)]
        told = _without_right_angles(crowns, self.JUDGED)
        assert told == (Left.NOTHING_SQUARED.format(count=2),)

    def test_one_that_has_them_on_the_ground(self):
        to_pixels = (~self.GROUND.affine).to_shapely()
        house = affinity.affine_transform(affinity.rotate(shapely.box(0, 0, 20, 10), 30), to_pixels)
        crown = shapely.Point(50, 0).buffer(10)
        assert _without_right_angles([crown, house], self.JUDGED) == ()
        square_in_pixels = affinity.rotate(shapely.box(0, 0, 20, 10), 30)
        assert _without_right_angles([square_in_pixels], self.JUDGED) != ()
