"""What is said of a footprint, by what is known of it and of its layer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine

from encoder_tool.errors import UsageError
from encoder_tool.refine.footprints.asking import Unasked
from encoder_tool.refine.footprints.ground import Ground
from encoder_tool.refine.footprints.hypotheses import Hypotheses
from encoder_tool.refine.footprints.mask_field import Move
from encoder_tool.refine.footprints.registration import Fit
from encoder_tool.refine.footprints.verdicts import LayerFit, Verdict, decide, unasked
from encoder_tool.refine.parameters import RefineParameters
from encoder_tool.refine.request import RefineRequest
from encoder_tool.types import XY
from tests.support.grid_oracle import iou


def fit(score: float, shift=(0.0, 0.0), angle=0.0, factor=1.0) -> Fit:
    return Fit(Move(XY(*shift), angle, factor), score)


FOOTPRINT = shapely.box(100, 100, 130, 120)


def hypotheses(at_rest: float, moved: Fit, **given) -> Hypotheses:
    values = {
        "changed": 1 - iou(FOOTPRINT, moved.move.of(FOOTPRINT)),
        "turned": moved, "similar": moved, "outline": None, "outline_fit": 0.0,
        "likeness": 0.9, "likeness_moved": 0.9,
    }  # fmt: skip
    return Hypotheses(at_rest=at_rest, moved=moved, **{**values, **given})


GROUND = Ground(0.3, Affine.scale(1, -1))
RIGHT = hypotheses(0.75, fit(0.76, (0.5, 0.0)))
CLEARLY_OFF = hypotheses(0.35, fit(0.76, (10.0, 0.0)))
A_LITTLE_OFF = hypotheses(0.65, fit(0.75, (4.0, 0.0)))


class TestVerdicts:
    DEFAULT = RefineParameters()

    def verdict(self, found: Hypotheses, others: list, resting=XY(0.0, 0.0)):
        layer = LayerFit.of([found, *others], self.DEFAULT)
        return decide(FOOTPRINT, found, resting, GROUND, layer, self.DEFAULT)

    def test_what_fits_is_kept(self):
        decision = self.verdict(RIGHT, [RIGHT] * 20)
        assert decision.verdict is Verdict.KEEP and decision.score == 0.75

    def test_a_clear_shift_is_one_in_any_layer(self):
        decision = self.verdict(CLEARLY_OFF, [RIGHT] * 60)
        assert decision.verdict is Verdict.SHIFT and decision.reason == "It fits 3.0 m away."
        assert decision.move.shift == (10.0, 0.0)

    def test_a_small_shift_is_one_where_others_are_clearly_off(self):
        assert self.verdict(A_LITTLE_OFF, [RIGHT] * 20).verdict is Verdict.KEEP
        mixed = [RIGHT] * 15 + [CLEARLY_OFF] * 5
        assert self.verdict(A_LITTLE_OFF, mixed).verdict is Verdict.SHIFT

    def test_a_shift_is_counted_from_where_the_layer_puts_a_footprint(self):
        offset = XY(10.0, 0.0)
        moved = hypotheses(0.75, fit(0.76, (10.4, 0.0)))
        decision = self.verdict(moved, [RIGHT] * 20, resting=offset)
        assert decision.verdict is Verdict.KEEP and decision.move.shift == offset

    def test_no_place_where_it_fits_badly_or_where_roofs_end(self):
        badly = hypotheses(0.05, fit(0.45, (10.0, 0.0)))
        assert self.verdict(badly, [RIGHT] * 60).verdict is Verdict.UNCERTAIN
        lost = hypotheses(0.35, fit(0.76, (10.0, 0.0)), likeness_moved=0.4)
        assert self.verdict(lost, [RIGHT] * 60).verdict is not Verdict.SHIFT

    def test_turned_and_of_another_size(self):
        turned = hypotheses(0.6, fit(0.6), turned=fit(0.85, angle=20), similar=fit(0.85, angle=20))
        decision = self.verdict(turned, [RIGHT] * 20)
        assert decision.verdict is Verdict.RESHAPE
        assert decision.shape.equals(Move(angle=20).of(FOOTPRINT))
        larger = hypotheses(0.6, fit(0.6), turned=fit(0.6), similar=fit(0.85, factor=1.15))
        mixed = [RIGHT] * 15 + [CLEARLY_OFF] * 5
        assert self.verdict(larger, [RIGHT] * 20).verdict is Verdict.KEEP
        decision = self.verdict(larger, mixed)
        assert decision.verdict is Verdict.RESHAPE
        assert decision.shape.area == pytest.approx(1.15**2 * FOOTPRINT.area)
        hardly = hypotheses(0.6, fit(0.6), turned=fit(0.85, angle=4), similar=fit(0.85, angle=4))
        assert self.verdict(hardly, mixed).verdict is Verdict.KEEP

    def test_edges_of_the_image_tell_sizes_better_than_a_mask(self):
        mixed = [RIGHT] * 15 + [CLEARLY_OFF] * 5
        larger = fit(0.68, factor=1.15)
        by_mask = hypotheses(0.6, fit(0.6), turned=fit(0.6), similar=larger)
        assert self.verdict(by_mask, mixed).verdict is Verdict.KEEP
        weak, strong = replace(fit(0.6), edges=0.4), replace(larger, edges=0.5)
        by_edges = hypotheses(0.6, weak, edges_at_rest=0.4, turned=weak, similar=strong)
        assert self.verdict(by_edges, mixed).verdict is Verdict.RESHAPE
        assert self.verdict(by_edges, [RIGHT] * 20).verdict is Verdict.KEEP

    def test_what_only_the_mask_is_for_stays_where_edges_are_known(self):
        mixed = [RIGHT] * 15 + [CLEARLY_OFF] * 5
        away = fit(0.75, (10.0, 0.0))
        for edges, verdict in ((0.5, Verdict.SHIFT), (0.4, Verdict.KEEP)):
            found = hypotheses(0.5, replace(away, edges=edges), edges_at_rest=0.38)
            assert self.verdict(found, mixed).verdict is verdict

    def test_the_farther_a_place_is_the_more_it_has_to_explain(self):
        mixed = [RIGHT] * 15 + [CLEARLY_OFF] * 5
        for shift, verdict in ((5.0, Verdict.SHIFT), (25.0, Verdict.KEEP)):
            found = hypotheses(0.65, fit(0.72, (shift, 0.0)))
            assert self.verdict(found, mixed).verdict is verdict

    def test_edges_are_compared_with_those_along_what_is_simpler(self):
        """A mask that was drawn too large is one for a larger footprint, without its walls."""
        mixed = [RIGHT] * 15 + [CLEARLY_OFF] * 5
        moved = replace(fit(0.7, (4.0, 0.0)), edges=0.5)
        for edges, verdict in ((0.52, Verdict.SHIFT), (0.6, Verdict.RESHAPE)):
            larger = replace(fit(0.8, (4.0, 0.0), factor=1.15), edges=edges)
            found = hypotheses(0.5, moved, edges_at_rest=0.4, similar=larger)
            assert self.verdict(found, mixed).verdict is verdict
            turned = replace(fit(0.8, (4.0, 0.0), angle=20), edges=edges)
            found = hypotheses(0.5, moved, edges_at_rest=0.4, turned=turned)
            assert self.verdict(found, mixed).verdict is verdict

    def test_what_fits_far_larger_is_another_building(self):
        mixed = [RIGHT] * 15 + [CLEARLY_OFF] * 5
        here = replace(fit(0.6), edges=0.4)
        for factor, verdict in ((1.2, Verdict.RESHAPE), (1.35, Verdict.KEEP)):
            larger = replace(fit(0.8, factor=factor), edges=0.6)
            found = hypotheses(0.6, here, edges_at_rest=0.4, turned=here, similar=larger)
            assert self.verdict(found, mixed).verdict is verdict

    def test_walls_as_clear_as_usual_make_a_building_of_any_ground(self):
        right = hypotheses(0.75, replace(fit(0.76), edges=0.6), edges_at_rest=0.6)
        off = replace(fit(0.76, (10.0, 0.0)), edges=0.6)
        mixed = [right] * 15 + [hypotheses(0.35, off, edges_at_rest=0.2)] * 5
        bare = {"likeness": 0.02, "likeness_moved": 0.05, "edges_at_rest": 0.2}
        for edges, verdict in ((0.65, Verdict.SHIFT), (0.4, Verdict.GONE)):
            found = hypotheses(0.3, replace(fit(0.7, (10.0, 0.0)), edges=edges), **bare)
            assert self.verdict(found, mixed).verdict is verdict
        # Its own place is elsewhere, and it is turned there.
        lost = replace(fit(0.3), edges=0.3)
        turned = replace(fit(0.6, (8.0, 4.0), angle=25), edges=0.7)
        found = hypotheses(0.3, lost, edges_at_rest=0.3, turned=turned)
        assert self.verdict(found, mixed).verdict is Verdict.RESHAPE

    def test_another_outline_has_to_fit_far_better(self):
        mixed = [RIGHT] * 15 + [CLEARLY_OFF] * 5
        drawn = FOOTPRINT.buffer(3)
        clear = hypotheses(0.6, fit(0.62), outline=drawn, outline_fit=0.92)
        assert self.verdict(clear, mixed).shape is drawn
        assert self.verdict(clear, [RIGHT] * 20).verdict is Verdict.KEEP
        unclear = hypotheses(0.6, fit(0.62), outline=drawn, outline_fit=0.8)
        assert self.verdict(unclear, mixed).verdict is Verdict.KEEP

    def test_one_that_is_off_among_many_that_are_not_is_flagged(self):
        """What a model's error would look like as well."""
        off = hypotheses(0.55, fit(0.75, (8.0, 0.0)))
        decision = self.verdict(off, [RIGHT] * 60)
        assert decision.verdict is Verdict.UNCERTAIN and "off" in decision.reason

    def test_gone_is_what_fits_badly_where_nothing_looks_like_a_roof(self):
        bare = {"likeness": 0.02, "likeness_moved": 0.05}
        empty = hypotheses(0.3, fit(0.4), **bare)
        assert self.verdict(empty, [RIGHT] * 20).verdict is Verdict.GONE
        another_kind = hypotheses(0.75, fit(0.76), **bare)
        assert self.verdict(another_kind, [RIGHT] * 20).verdict is Verdict.KEEP
        beside = hypotheses(0.3, fit(0.7, (8.0, 0.0)), **bare)
        assert self.verdict(beside, [RIGHT] * 20).verdict is Verdict.UNCERTAIN
        unknown = hypotheses(0.75, fit(0.76), likeness=np.nan, likeness_moved=np.nan)
        assert self.verdict(unknown, [RIGHT] * 20).verdict is Verdict.KEEP
        moved_onto = hypotheses(0.2, fit(0.76, (10.0, 0)), likeness=0.02, likeness_moved=0.9)
        assert self.verdict(moved_onto, [RIGHT] * 60).verdict is Verdict.SHIFT

    def test_gone_is_what_has_no_edges_where_they_are_known(self):
        bare = {"likeness": 0.02, "likeness_moved": 0.05}
        others = [hypotheses(0.75, replace(fit(0.76), edges=0.6))] * 20
        shadow = hypotheses(0.3, replace(fit(0.7, (8.0, 0.0)), edges=0.3), **bare)
        assert self.verdict(shadow, others).verdict is Verdict.GONE
        another_kind = hypotheses(0.3, replace(fit(0.4), edges=0.6), **bare)
        assert self.verdict(another_kind, others).verdict is Verdict.UNCERTAIN

    def test_gone_is_what_fits_nowhere_where_many_are_off(self):
        """Pavement looks like a roof, but has no walls."""
        right = hypotheses(0.75, replace(fit(0.76), edges=0.6), edges_at_rest=0.6)
        off = replace(fit(0.76, (10.0, 0.0)), edges=0.6)
        mixed = [right] * 15 + [hypotheses(0.35, off, edges_at_rest=0.2)] * 5
        pavement = hypotheses(0.3, replace(fit(0.4), edges=0.4), edges_at_rest=0.3)
        assert self.verdict(pavement, mixed).verdict is Verdict.GONE
        assert self.verdict(pavement, [right] * 20).verdict is Verdict.UNCERTAIN
        walled = hypotheses(0.3, replace(fit(0.4), edges=0.6), edges_at_rest=0.5)
        assert self.verdict(walled, mixed).verdict is not Verdict.GONE

    def test_of_what_is_too_small_to_be_seen_nothing_is_said(self):
        empty = hypotheses(0.3, fit(0.4), likeness=0.02, likeness_moved=0.05)
        layer = LayerFit.of([empty, *[RIGHT] * 20], self.DEFAULT)
        shed = shapely.box(100, 100, 106, 106)
        decision = decide(shed, empty, XY(0.0, 0.0), GROUND, layer, self.DEFAULT)
        assert decision.verdict is Verdict.UNCERTAIN and "small" in decision.reason

    def test_what_could_not_be_asked_is_uncertain_and_says_why(self):
        reasons = {unasked(why).reason for why in Unasked}
        assert len(reasons) == len(Unasked)
        assert all(unasked(why).verdict is Verdict.UNCERTAIN for why in Unasked)

    def test_thresholds_are_numbers_that_make_sense(self):
        with pytest.raises(UsageError, match="search_m"):
            RefineParameters(search_m=-1)
        with pytest.raises(UsageError, match="at most 50 m"):
            RefineParameters(search_m=50.5)
        with pytest.raises(UsageError, match="usual_fit"):
            RefineParameters(usual_fit=float("nan"))
        with pytest.raises(UsageError, match="Trust"):
            RefineRequest(Path("b.gpkg"), trust="nobody")
