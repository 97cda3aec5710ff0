"""Which of its hypotheses a footprint is given, and why: the simplest one that nothing beats
clearly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from encoder_tool.outline import Polygonal
from encoder_tool.refine.asking import Unasked
from encoder_tool.refine.hypotheses import Hypotheses
from encoder_tool.refine.mask_field import Move
from encoder_tool.refine.parameters import RefineParameters
from encoder_tool.refine.refined_layer import Verdict
from encoder_tool.types import XY

UNASKED_REASONS = {
    Unasked.OUTSIDE: "It is not wholly on the image.",
    Unasked.NOT_ENCODED: "The image is not encoded there.",
    Unasked.NO_DATA: "The image has no data there.",
    Unasked.DAMAGED: "The cache is damaged there.",
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


def unasked(why: Unasked) -> Decision:
    return Decision(Verdict.UNCERTAIN, UNASKED_REASONS[why])


def decide(
    footprint: Polygonal,
    found: Hypotheses,
    resting: XY,
    pixel_m: float,
    parameters: RefineParameters,
    *,
    is_mixed: bool,
) -> Decision:
    """footprint: as the layer has it, in level-0 pixels; resting: the offset of its place
    is_mixed: whether other features of the layer are clearly off for themselves (see `gain`)
    """
    own = found.moved.move
    offset = own.shift
    likeness = np.nanmax([found.likeness, found.likeness_moved, -1.0])
    if 0 <= likeness < parameters.gone_likeness:
        reason = "Nothing there looks like the other buildings."
        return Decision(Verdict.GONE, reason, score=found.at_rest)
    beyond_m = pixel_m * float(np.hypot(*(np.array(own.shift) - np.array(resting))))
    shift_gain = found.moved.iou - found.at_rest
    turned = found.similar.iou - max(found.moved.iou, found.at_rest)
    best = max(found.moved.iou, found.at_rest)
    needed = parameters.shift_gain_mixed if is_mixed else parameters.shift_gain
    reshaped = parameters.reshape_gain_mixed if is_mixed else parameters.reshape_gain
    if turned >= reshaped and found.similar.iou >= parameters.least_fit:
        return Decision(
            Verdict.RESHAPE, "Turned or of another size, it fits clearly better.",
            shape=found.similar.move.of(footprint), score=found.similar.iou, offset=offset,
        )  # fmt: skip
    if shift_gain >= needed and beyond_m >= parameters.least_shift_m:
        if best < parameters.least_fit:
            return Decision(
                Verdict.UNCERTAIN, "It may be off, but it fits nowhere well.", score=found.at_rest,
                offset=offset,
            )  # fmt: skip
        reason = f"It fits {beyond_m:.1f} m away."
        return Decision(Verdict.SHIFT, reason, move=own, score=found.moved.iou, offset=offset)
    if found.at_rest < parameters.least_fit:
        return Decision(
            Verdict.UNCERTAIN, "The image shows nothing that fits it well.", score=found.at_rest,
            offset=offset,
        )  # fmt: skip
    return Decision(
        Verdict.KEEP, "It fits.", move=Move(resting), score=found.at_rest, offset=offset
    )
