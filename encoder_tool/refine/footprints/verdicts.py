"""Which of its hypotheses a footprint is given, and why: the simplest one that nothing beats
clearly.

How much better one fits than another is told as the share of the misfit that it explains: from a
soft IoU of 0.8 to one of 0.9 is as much as from 0 to 0.5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from encoder_tool.outline import Polygonal
from encoder_tool.refine.footprints.asking import Unasked
from encoder_tool.refine.footprints.ground import Ground
from encoder_tool.refine.footprints.hypotheses import Hypotheses
from encoder_tool.refine.footprints.mask_field import Move
from encoder_tool.refine.footprints.registration import Fit
from encoder_tool.refine.parameters import RefineParameters
from encoder_tool.refine.reasons import Reason
from encoder_tool.types import XY


class Verdict(StrEnum):
    KEEP = "keep"
    SHIFT = "shift"
    RESHAPE = "reshape"
    UNCERTAIN = "uncertain"
    GONE = "gone"
    NEW = "new"


CHANGED = (Verdict.SHIFT, Verdict.RESHAPE)
"""Verdicts that propose another geometry for a feature."""


UNASKED_REASONS = {
    Unasked.OUTSIDE: Reason.OUTSIDE,
    Unasked.NOT_ENCODED: Reason.NOT_ENCODED,
    Unasked.NO_DATA: Reason.NO_DATA,
    Unasked.DAMAGED: Reason.DAMAGED,
}


@dataclass(frozen=True, eq=False)
class Decision:
    """verdict, reason: as they are written
    move: of the footprint to where it fits the image, for keep and shift
    shape: in its place, in level-0 pixels of the image, for reshape
    score: how well that fits; offset: of the footprint from the image, in level-0 pixels; None
    where that is not known
    """

    verdict: Verdict
    reason: str
    move: Move | None = None
    shape: Polygonal | None = None
    score: float | None = None
    offset: XY | None = None

    def outline_of(self, footprint: Polygonal) -> Polygonal | None:
        """What fits the image in the footprint's place, in level-0 pixels; None where that is not
        known."""
        if self.verdict is Verdict.RESHAPE:
            return self.shape
        return None if self.move is None else self.move.of(footprint)


def unasked(why: Unasked) -> Decision:
    return Decision(Verdict.UNCERTAIN, UNASKED_REASONS[why])


@dataclass(frozen=True, slots=True)
class LayerFit:
    """What is usual in a layer: how well footprints fit where they fit best, whether more than a
    few are clearly off for themselves, and how strong the image's edges are along them, NaN where
    these are not known."""

    typical: float
    is_mixed: bool
    edges: float = math.nan

    @classmethod
    def of(
        cls,
        found: Sequence[Hypotheses | Unasked],
        parameters: RefineParameters,
    ) -> LayerFit:
        asked = [one for one in found if isinstance(one, Hypotheses)]
        there = [one for one in asked if not _is_bare(one, parameters)]
        if not there:
            return cls(0.0, False)
        typical = float(np.median([one.moved.score for one in there]))
        sure = cls(typical, False)
        clear = sum(_Evidence(one, sure, parameters).is_clearly_off for one in there)
        is_mixed = clear >= parameters.mixed_count and clear > parameters.mixed_share * len(there)
        edges = [one.moved.edges for one in there if not math.isnan(one.moved.edges)]
        return cls(typical, is_mixed, float(np.median(edges)) if edges else math.nan)


class _Evidence:
    """What speaks for each hypothesis of a footprint."""

    def __init__(self, found: Hypotheses, layer: LayerFit, parameters: RefineParameters) -> None:
        self._found, self._layer, self._parameters = found, layer, parameters
        before = max(found.moved.score, found.at_rest)
        self._shift = explained(found.moved.score, found.at_rest)
        self._turn = explained(found.turned.score, before)
        self._scale = explained(found.similar.score, max(found.turned.score, before))
        best = max(found.similar.score, found.turned.score, before)
        self._outline = explained(found.outline_fit, best)

    @property
    def _is_by_mask(self) -> bool:
        """Alone: edges of the image are not known."""
        return math.isnan(self._found.moved.edges)

    def _is_place(self, fit: Fit, *simpler: float) -> bool:
        """A place where it fits worse than most do is none, nor is one that only the mask is for:
        the image's edges have to be stronger there than along what is simpler."""
        fits_usually = fit.score >= self._parameters.usual_fit * self._layer.typical
        return fits_usually and not fit.edges - max(simpler) < self._parameters.least_edge_gain

    @property
    def is_clearly_off(self) -> bool:
        known = self._parameters
        share = known.clear_share if self._is_by_mask else known.clear_share_edges
        return self._is_shifted_by(share) or self._is_turned_by(share)

    @property
    def is_shifted(self) -> bool:
        known = self._parameters
        share = known.shift_share_mixed if self._layer.is_mixed else known.shift_share
        return self._found.changed >= known.least_change and self._is_shifted_by(share)

    @property
    def is_turned(self) -> bool:
        known = self._parameters
        return self._is_turned_by(
            known.turn_share_mixed if self._layer.is_mixed else known.turn_share
        )

    def _is_shifted_by(self, share: float) -> bool:
        found, known = self._found, self._parameters
        # NaN, where nothing is known of roofs, is no reason against it.
        loses = found.likeness_moved < found.likeness - known.likeness_loss
        explains = self._shift >= share + known.far_share * found.changed
        return explains and self._is_place(found.moved, found.edges_at_rest) and not loses

    def _is_turned_by(self, share: float) -> bool:
        found, fit = self._found, self._found.turned
        is_turn = abs(fit.move.angle) >= self._parameters.least_turn
        is_place = self._is_place(fit, found.edges_at_rest, found.moved.edges)
        return is_turn and self._turn >= share and is_place

    @property
    def is_outlined(self) -> bool:
        return self._layer.is_mixed and self._outline >= self._parameters.outline_share

    @property
    def is_scaled(self) -> bool:
        known, found, fit = self._parameters, self._found, self._found.similar
        mixed = known.scale_share_mixed if self._is_by_mask else known.scale_share_edges
        needed = mixed if self._layer.is_mixed else known.scale_share
        scaled = abs(math.log(fit.move.factor))
        is_scale = math.log1p(known.least_scale) <= scaled <= math.log1p(known.most_scale)
        is_place = self._is_place(fit, found.edges_at_rest, found.moved.edges, found.turned.edges)
        return is_scale and self._scale >= needed and is_place


def explained(better: float, worse: float) -> float:
    """The share of what is left of a misfit, by two soft IoUs."""
    return (better - worse) / max(1 - better, 1e-6)


def _is_bare(found: Hypotheses, parameters: RefineParameters) -> bool:
    """Whether the ground looks like no roof, here and where the footprint fits best."""
    likeness = [v for v in (found.likeness, found.likeness_moved) if not np.isnan(v)]
    return bool(likeness) and max(likeness) < parameters.gone_likeness


def _shows_nothing(found: Hypotheses, layer: LayerFit, parameters: RefineParameters) -> bool:
    """Whether nothing is seen of a footprint where it fits best: no edges along it or, where those
    are not known, nothing that it fits as most do."""
    if math.isnan(found.moved.edges):
        return found.moved.score < parameters.usual_fit * layer.typical
    return found.moved.edges < parameters.gone_edges * layer.edges


def _fits_nowhere(found: Hypotheses, layer: LayerFit, parameters: RefineParameters) -> bool:
    """Whether there is no place for it, where many are off and edges are known: pavements may look
    like roofs, but have no walls."""
    if math.isnan(found.moved.edges) or not layer.is_mixed:
        return False
    best, edges = max(found.turned.score, found.at_rest), found.moved.edges
    return (
        best < parameters.nowhere_fit * layer.typical
        and edges < parameters.nowhere_edges * layer.edges
    )


def _on_bare_ground(
    footprint: Polygonal, found: Hypotheses, layer: LayerFit, parameters: RefineParameters
) -> Decision:
    """What to say of a footprint that does not fit where nothing looks like a roof."""
    if footprint.area < parameters.least_area_px:
        verdict, reason = Verdict.UNCERTAIN, Reason.TOO_SMALL_TO_SEE
    elif _shows_nothing(found, layer, parameters):
        verdict, reason = Verdict.GONE, Reason.BARE
    else:
        verdict, reason = Verdict.UNCERTAIN, Reason.UNLIKE_OTHERS
    return Decision(verdict, reason, score=found.at_rest)


def decide(
    footprint: Polygonal,
    found: Hypotheses,
    resting: XY,
    ground: Ground,
    layer: LayerFit,
    parameters: RefineParameters,
) -> Decision:
    """footprint: as the layer has it, in level-0 pixels; resting: the offset of its place"""
    evidence = _Evidence(found, layer, parameters)
    change = _change(footprint, found, resting, ground, evidence)
    # A building of its shape with walls as clear as those of most is one on any ground.
    if change is not None and change[1] >= parameters.sure_edges * layer.edges:
        return change[0]
    fits_here = found.at_rest >= parameters.usual_fit * layer.typical
    if _is_bare(found, parameters) and not fits_here:
        return _on_bare_ground(footprint, found, layer, parameters)
    if _fits_nowhere(found, layer, parameters) and footprint.area >= parameters.least_area_px:
        return Decision(Verdict.GONE, Reason.NO_GOOD_FIT, score=found.at_rest)
    if change is not None:
        return change[0]
    offset = found.moved.move.shift
    if evidence.is_clearly_off and not layer.is_mixed:
        return Decision(Verdict.UNCERTAIN, Reason.RARELY_OFF, score=found.at_rest, offset=offset)
    if found.at_rest < parameters.least_fit * layer.typical:
        return Decision(Verdict.UNCERTAIN, Reason.NO_GOOD_FIT, score=found.at_rest, offset=offset)
    return Decision(
        Verdict.KEEP, Reason.FITS, move=Move(resting), score=found.at_rest, offset=offset
    )


def _change(
    footprint: Polygonal, found: Hypotheses, resting: XY, ground: Ground, evidence: _Evidence
) -> tuple[Decision, float] | None:
    """The change that the evidence is for, and how strong the image's edges are along what it
    makes of the footprint; None where it is for none."""
    own, offset = found.moved.move, found.moved.move.shift
    if evidence.is_outlined and found.outline is not None:
        decision = Decision(
            Verdict.RESHAPE, Reason.OTHER_OUTLINE, shape=found.outline,
            score=found.outline_fit, offset=offset,
        )  # fmt: skip
        return decision, math.nan
    for is_so, fit, reason in (
        (evidence.is_scaled, found.similar, Reason.OTHER_SIZE),
        (evidence.is_turned, found.turned, Reason.TURNED),
    ):
        if is_so:
            shape = fit.move.of(footprint)
            decision = Decision(
                Verdict.RESHAPE, reason, shape=shape, score=fit.score, offset=offset
            )
            return decision, fit.edges
    if evidence.is_shifted:
        metres = ground.lengths_m(np.array(own.shift) - np.array(resting))
        away = Reason.AWAY.format(metres=f"{metres:.1f}")
        decision = Decision(Verdict.SHIFT, away, move=own, score=found.moved.score, offset=offset)
        return decision, found.moved.edges
    return None


def protected(decision: Decision) -> Decision:
    """What a decision is of a footprint that stays as it is."""
    return replace(decision, verdict=Verdict.KEEP, reason=Reason.PROTECTED, move=None, shape=None)


def in_layer(
    decision: Decision,
    *,
    area_m2: float,
    min_area_m2: float,
    moved_m: float | None,
    least_moved_m: float,
) -> Decision:
    """What a decision, which is on the image, is in the layer.

    area_m2: of the outline that fits; less than `min_area_m2` is not proposed
    moved_m: how far the layer is moved there, less than `least_moved_m` is nothing; None where it
        stays
    """
    if decision.verdict is Verdict.KEEP:
        if moved_m is None or moved_m < least_moved_m:
            return decision
        return replace(decision, verdict=Verdict.SHIFT, reason=Reason.MOVED_ALONG)
    if decision.verdict in CHANGED and area_m2 < min_area_m2:
        return replace(decision, verdict=Verdict.UNCERTAIN, reason=Reason.TOO_SMALL)
    return decision


def overlapping(decision: Decision) -> Decision:
    """Of a footprint that overlaps another one after all."""
    return replace(decision, reason=f"{decision.reason} {Reason.STILL_OVERLAPS}")
