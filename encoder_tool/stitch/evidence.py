"""What is known of an object where a patch overlaps with what has been answered already: how to
ask the patch for it, and which of its answers is the same object.

The cut mask itself is no prompt: its negative logits at the border would tell the decoder that
the object ends there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from encoder_tool.types import (
    LOGIT_CELL,
    LOGIT_SIZE,
    OUTSIDE_LOGIT,
    BoolArray,
    CoordArray,
    FloatArray,
    Masks,
    Prompt,
)

SAME_OBJECT = 0.5
"""From this IoU on, two masks are said to be of the same object: the customary threshold."""

MAX_INCLUDE, MAX_EXCLUDE = 4, 2

APART_CELLS = 4.0
"""Two points of a prompt are no closer: they would say the same."""

EXCLUDE_CELLS = (3.0, 16.0)
"""How far from the object negative points lie: clear of its outline, and still beside it."""

Ask = Callable[[Prompt, bool], Masks]
"""Decodes a prompt of one patch; True for the three candidates, False for the single mask."""

Answer = tuple[FloatArray, float]
"""Logits [256, 256] and the model's own estimate of their IoU."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Cells of a patch, all [256, 256].

    inside, outside: known to belong to the object, or not to. Of the others nothing is known, or
        they are another part of the mask, which may turn out to belong to it
    trust: how much a cell counts, not negative; 0 where nothing is known
    """

    inside: BoolArray
    outside: BoolArray
    trust: FloatArray

    def agreement(self, logits: FloatArray) -> float:
        """IoU of a mask with what is known, 0 to 1."""
        mask = logits > 0
        both = float(self.trust[self.inside & mask].sum())
        either = float(self.trust[self.inside | (self.outside & mask)].sum())
        return both / either if either > 0 else 0.0

    def prompt(self, more: Prompt | None) -> Prompt | None:
        """Up to four points inside the object and two beside it, away from the borders of what
        is known; None when nothing is known to be inside.

        more: points that the user gave, which count where they lie on the patch
        """
        if not self.inside.any():
            return None
        to_border = _depth(self.trust > 0)
        include = self._include(to_border)
        exclude = self._exclude(to_border, include[0])
        points = LOGIT_CELL * (np.vstack([include, exclude])[:, ::-1] + 0.5)
        labels = np.repeat(np.array([1, 0], np.int64), [len(include), len(exclude)])
        return _with_points(Prompt() if more is None else more, points, labels)

    def _include(self, to_border: FloatArray) -> CoordArray:
        """Cells (row, column), the one deepest inside first."""
        depth = _depth(self.inside)
        clear = self.inside & (to_border >= to_border[self.inside].max() / 2)
        deep = clear & (depth >= depth[clear].max() / 2)
        first = np.unravel_index(np.argmax(np.where(deep, depth, 0)), depth.shape)
        return _spread(deep, np.array([first]), MAX_INCLUDE)

    def _exclude(self, to_border: FloatArray, beside: CoordArray) -> CoordArray:
        """Cells (row, column), the one nearest to `beside` first; there may be none."""
        nearest, furthest = EXCLUDE_CELLS
        clear = _depth(self.outside | (self.trust == 0), padding=1) >= nearest
        near = _depth(~self.inside, padding=1) <= furthest
        fit = self.outside & clear & near
        fit &= to_border >= to_border[self.inside].max() / 4
        cells = np.argwhere(fit)
        if not len(cells):
            return np.empty((0, 2))
        first = cells[np.hypot(*(cells - beside).T).argmin()]
        return _spread(fit, first[np.newaxis], MAX_EXCLUDE)


def same_object(evidence: Evidence, prompt: Prompt, ask: Ask) -> Answer | None:
    """The candidate that agrees best with what is known, refined with its own logits where that
    agrees no less; None when none is the same object."""
    masks = ask(prompt, True)
    agreements = [evidence.agreement(logits) for logits in masks.logits]
    best = int(np.argmax(agreements))
    if agreements[best] < SAME_OBJECT:
        return None
    logits = masks.logits[best]
    earlier = np.clip(logits, OUTSIDE_LOGIT, -OUTSIDE_LOGIT)
    refined = ask(replace(prompt, mask_logits=earlier), False)
    if evidence.agreement(refined.logits[0]) >= agreements[best]:
        return refined.logits[0], float(refined.iou_predictions[0])
    return logits, float(masks.iou_predictions[best])


def _with_points(prompt: Prompt, points: CoordArray, labels: npt.NDArray[np.int64]) -> Prompt:
    """These points and those of a prompt that lie on the patch."""
    size = LOGIT_SIZE * LOGIT_CELL
    here = ((prompt.points >= 0) & (prompt.points <= size)).all(axis=1)
    return Prompt(
        np.vstack([points, prompt.points[here]]), np.concatenate([labels, prompt.labels[here]])
    )


def _depth(cells: BoolArray, padding: int = 0) -> FloatArray:
    """Distance of each of these cells to the nearest other one, in cells.

    padding: what is beyond the patch: 0 for other ones, 1 for more of these
    """
    padded = np.pad(cells.astype(np.uint8), 1, constant_values=padding)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(depth[1:-1, 1:-1], np.float32)


def _spread(cells: BoolArray, first: npt.NDArray[np.int64], count: int) -> CoordArray:
    """`first` [1, 2] and then, each time, the cell furthest from those chosen, [N, 2]."""
    places = np.argwhere(cells)
    chosen = [first[0]]
    nearest = np.hypot(*(places - first[0]).T)
    while len(chosen) < count and nearest.max() >= APART_CELLS:
        chosen.append(places[nearest.argmax()])
        nearest = np.minimum(nearest, np.hypot(*(places - chosen[-1]).T))
    return np.array(chosen, np.float64)
