"""What may be true of a footprint, and how well each fits what the image shows: it is right where
it is, it is off by a shift, it is turned or of another size too, or it has another outline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine

from encoder_tool.outline import Polygonal, PolygonOptions, mask_to_pixels, valid
from encoder_tool.refine.footprints.asking import Answer
from encoder_tool.refine.footprints.ground import SQUARE, Frame
from encoder_tool.refine.footprints.mask_field import Move
from encoder_tool.refine.footprints.registration import Fit, best_similarity, best_turn
from encoder_tool.refine.footprints.sight import UNMOVED, Sight
from encoder_tool.types import LOGIT_CELL, XY


@dataclass(frozen=True, eq=False)
class Hypotheses:
    """Of one footprint; in level-0 pixels. All fits are those of
    `SeenShape.scores`.

    at_rest: of the footprint where the layer's offset puts it, with the answer to it there;
        edges_at_rest: how strong the image's are along it there, NaN where they are not known
    moved: the shift that fits best, and how well; changed: 1 - IoU of the footprint at rest and
        there; turned: the same turned, too; similar: turned and scaled
    outline: of the mask, None where it is empty; outline_fit: its own
    likeness: of the ground to roofs, where it is and where it is moved to; NaN where not known
    """

    at_rest: float
    moved: Fit
    changed: float
    turned: Fit
    similar: Fit
    outline: Polygonal | None
    outline_fit: float
    likeness: float
    likeness_moved: float
    edges_at_rest: float = math.nan


def mask_outline(
    answer: Answer, options: PolygonOptions, bias: float = 0.0, to_ground: Affine | None = None
) -> Polygonal | None:
    """The outline of an answer, in level-0 pixels; None when it is empty.

    bias: the logit at which it runs; to_ground: as for `mask_to_pixels`
    """
    logits = (answer.logits - bias).astype(np.float32)
    in_cells = mask_to_pixels(logits, options, to_ground=to_ground)
    if in_cells.is_empty:
        return None
    scale, origin = answer.cell / LOGIT_CELL, np.array(answer.origin)
    return valid(shapely.transform(in_cells, lambda points: scale * points + origin))


def hypotheses_of(
    footprint: Polygonal,
    resting: XY,
    at_rest: Sight,
    moved: Sight,
    move: Fit,
    starts: Sequence[XY],
    outline: Polygonal | None,
    likeness: tuple[float, float],
    frame: Frame = SQUARE,
    *,
    is_elsewhere: bool = False,
) -> Hypotheses:
    """footprint: as the layer has it; resting: the shift that the layer's offset gives it
    at_rest, moved: what is seen when it is asked for there, and where it fits best
    starts: shifts about which it is turned; frame: in which it is
    is_elsewhere: whether the best place is another one than that where it rests
    """
    there = at_rest.of(Move(resting).of(footprint))
    # Each by what is seen where it is asked for: one that is turned where it is may look like a
    # neighbour, shifted.
    seen = [(moved, starts), (at_rest, [resting])] if is_elsewhere else [(moved, starts)]
    turned, similar = (
        max(
            (best(sight, footprint, about, frame) for sight, about in seen),
            key=lambda fit: fit.score,
        )
        for best in (best_turn, best_similarity)
    )
    return Hypotheses(
        at_rest=float(there.scores(UNMOVED)[0]),
        edges_at_rest=there.edges(UNMOVED),
        moved=move,
        changed=_changed(footprint, move, resting),
        turned=turned,
        similar=similar,
        outline=outline,
        outline_fit=0.0 if outline is None else moved.score(outline),
        likeness=likeness[0],
        likeness_moved=likeness[1],
    )


def _changed(footprint: Polygonal, move: Fit, resting: XY) -> float:
    beyond = np.array(move.move.shift) - np.array(resting)
    shared = footprint.intersection(Move(XY(*beyond.tolist())).of(footprint)).area
    return float(1 - shared / (2 * footprint.area - shared))
