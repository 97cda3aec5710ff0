"""The object that several masks are: their logits blended, so that its outline has no seam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from encoder_tool.automatic.cells import hull, placed, shared, within
from encoder_tool.automatic.fragment import Fragment, border_distance
from encoder_tool.types import CoordArray, FloatArray, PatchId, Window

UNKEPT_LOGIT = -8.0
"""What counts for the cells of a patch that are not kept with a mask."""


@dataclass(frozen=True, eq=False)
class JoinedMask:
    """One object of a level.

    logits: [h, w] at `window` of the level's cells; beyond, everything is outside
    points: [P, 2] in pixels of the level, what was asked
    made_of: its masks: a patch, and which of the patch's masks
    """

    logits: FloatArray
    window: Window
    points: CoordArray
    score: float
    stability: float
    made_of: tuple[tuple[PatchId, int], ...]


def blend(fragments: Sequence[Fragment], overlap: int) -> JoinedMask:
    """The object of some masks. Scores are means by area.

    overlap: cells that neighbouring patches share
    """
    window = hull([fragment.reach for fragment in fragments])
    areas = np.array([fragment.mask.area_px for fragment in fragments], np.float64)
    return JoinedMask(
        logits=_blended_logits(fragments, window, overlap),
        window=window,
        points=np.concatenate([fragment.level_points for fragment in fragments]),
        score=float(np.average([f.mask.score for f in fragments], weights=areas)),
        stability=float(np.average([f.mask.stability for f in fragments], weights=areas)),
        made_of=tuple((fragment.patch, fragment.order) for fragment in fragments),
    )


def logits_by_patch(fragments: Sequence[Fragment]) -> dict[PatchId, FloatArray]:
    """What each patch says of the object of some masks, [256, 256]."""
    return {
        fragment.patch: _logits_in(fragment.cells, fragments, fragment.cells)
        for fragment in fragments
    }


def _blended_logits(fragments: Sequence[Fragment], window: Window, overlap: int) -> FloatArray:
    """Each patch counts the more the further a cell lies from its inner borders."""
    if len(fragments) == 1:
        return fragments[0].mask.logits
    total = np.zeros((window.height, window.width), np.float32)
    weights = np.zeros_like(total)
    sides = {fragment.cells: fragment.sides for fragment in fragments}
    for cells in sides:
        seen = shared(cells, window)
        assert seen is not None  # the patch has a mask in the window
        distance = border_distance(cells, sides[cells], seen)
        weight = np.clip((distance + 0.5) / max(overlap, 1), 0, 1)
        here = within(seen, window)
        total[here] += weight * _logits_in(cells, fragments, seen)
        weights[here] += weight
    known = weights > 0
    total[known] /= weights[known]
    total[~known] = UNKEPT_LOGIT
    return total


def _logits_in(patch: Window, fragments: Sequence[Fragment], window: Window) -> FloatArray:
    """The masks of one patch, of several ones, together: [h, w] over a window. All in cells."""
    logits = np.full((window.height, window.width), UNKEPT_LOGIT, np.float32)
    for fragment in fragments:
        if fragment.cells == patch:
            part = placed(fragment.mask.logits, fragment.reach, window, fill=UNKEPT_LOGIT)
            np.maximum(logits, part, out=logits)
    return logits
