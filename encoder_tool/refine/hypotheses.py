"""What may be true of a footprint, and how well each fits what the image shows: it is right where
it is, it is off by a shift, it is turned or of another size too, or it has another outline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from encoder_tool.outline import Polygonal, PolygonOptions, mask_to_pixels, valid
from encoder_tool.refine.asking import Answer
from encoder_tool.refine.mask_field import Move
from encoder_tool.refine.registration import Fit, best_similarity
from encoder_tool.types import LOGIT_CELL, XY


@dataclass(frozen=True, eq=False)
class Hypotheses:
    """Of one footprint; all fits are soft IoUs with the answers, in level-0 pixels.

    at_rest: of the footprint where the layer's offset puts it; at_rest_there: of the same with the
        answer to the shifted one, as moved_there is of that
    moved: the shift that fits best, and how well; similar: the same turned and scaled, too
    outline: of the mask, and its hard IoU with the shifted footprint; None where there is none
    likeness: of the ground to roofs, where it is and where it is moved to; NaN where not known
    """

    at_rest: float
    at_rest_there: float
    moved: Fit
    similar: Fit
    outline: Polygonal | None
    outline_fit: float
    likeness: float
    likeness_moved: float
    score: float


def mask_outline(answer: Answer, options: PolygonOptions) -> Polygonal | None:
    """The outline of an answer, in level-0 pixels; None when it is empty."""
    in_cells = mask_to_pixels(answer.logits, options)
    if in_cells.is_empty:
        return None
    scale, origin = answer.field.cell / LOGIT_CELL, np.array(answer.field.origin)
    return valid(shapely.transform(in_cells, lambda points: scale * points + origin))


def hypotheses_of(
    footprint: Polygonal,
    resting: XY,
    at_rest: Answer,
    moved: Answer,
    move: Fit,
    likeness: tuple[float, float],
    options: PolygonOptions,
) -> Hypotheses:
    """footprint: as the layer has it; resting: the shift that the layer's offset gives it
    at_rest, moved: answers to it there, and where it fits best"""
    there = Move(resting).of(footprint)
    outline = mask_outline(moved, options)
    return Hypotheses(
        at_rest=at_rest.field.soft_iou(there),
        at_rest_there=moved.field.soft_iou(there),
        moved=move,
        similar=best_similarity(moved.field, footprint, move.move.shift),
        outline=outline,
        outline_fit=0.0 if outline is None else moved.field.soft_iou(outline),
        likeness=likeness[0],
        likeness_moved=likeness[1],
        score=moved.score,
    )
