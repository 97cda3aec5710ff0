"""All masks of one patch, as sam2's `SAM2AutomaticMaskGenerator` finds those of an image.

The order of its steps is kept: three masks for each point; optionally each decoded once more
with itself as an earlier mask; then the filters by score and by stability, and the boxes'
non-maximum suppression. Stability and boxes are of the mask at full resolution. What is left to
others here is what becomes of masks that reach the border of their patch (see `joining`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from encoder_tool.automatic.parameters import MaskParameters
from encoder_tool.automatic.point_grid import coarse_to_fine, point_grid, points_on
from encoder_tool.model.seam import PatchState, PromptDecoder
from encoder_tool.types import (
    LOGIT_CELL,
    LOGIT_SIZE,
    BoolArray,
    BoxPixel,
    CoordArray,
    FloatArray,
    Prompt,
)

FILLED, EMPTIED = 10.0, -10.0
"""What sam2 sets the logits of small holes and specks to."""

CROP_PAD = 2
"""Cells around a mask that are kept with it: its outline is interpolated between cells."""


@dataclass(frozen=True, eq=False)
class FoundMask:
    """One mask of a patch.

    logits: [h, w], the cells around the mask; beyond them everything is outside
    row, col: where they begin in the patch's 256 x 256 cells
    score: the model's own estimate of the mask's IoU
    stability: see `MaskParameters`
    box: first and last pixel columns and rows of the mask in the patch, as sam2 counts
    area_px: pixels of the patch
    points: [P, 2] in patch pixels, what was asked
    """

    logits: FloatArray
    row: int
    col: int
    score: float
    stability: float
    box: BoxPixel
    area_px: int
    points: CoordArray


def find_patch_masks(
    decoder: PromptDecoder,
    state: PatchState,
    parameters: MaskParameters,
    points_per_side: int,
    clip: BoxPixel,
    *,
    all_parts: bool,
) -> list[FoundMask]:
    """The masks of a prepared patch, the best-scored first.

    clip: the part of the patch that the raster covers, in patch pixels
    all_parts: False to drop the parts of a mask that its point does not mean; sam2 keeps them
    """
    found: list[FoundMask] = []
    remaining = point_grid(points_per_side)
    if parameters.skip_covered:
        remaining = remaining[coarse_to_fine(points_per_side)]
    remaining = points_on(remaining, clip)
    covered = np.zeros((LOGIT_SIZE, LOGIT_SIZE), np.bool_)
    while len(remaining):
        batch, remaining = np.split(remaining, [parameters.points_per_batch])
        masks = _masks_at(decoder, state, batch, parameters)
        if not all_parts:
            masks = [meant for mask in masks if (meant := without_strays(mask)) is not None]
        if parameters.skip_covered:
            remaining = _uncovered(remaining, covered, masks)
        found += masks
    return without_overlapping_boxes(found, parameters.box_nms_thresh)


def _uncovered(points: CoordArray, covered: BoolArray, masks: Sequence[FoundMask]) -> CoordArray:
    """The points that lie in none of the masks, nor in `covered` [256, 256], which learns them."""
    for mask in masks:
        height, width = mask.logits.shape
        covered[mask.row : mask.row + height, mask.col : mask.col + width] |= mask.logits > 0
    cols, rows = (points // LOGIT_CELL).astype(np.intp).clip(0, LOGIT_SIZE - 1).T
    return np.asarray(points[~covered[rows, cols]])


def _masks_at(
    decoder: PromptDecoder, state: PatchState, points: CoordArray, parameters: MaskParameters
) -> list[FoundMask]:
    """The masks of some points that pass the filters, point by point."""
    label = np.ones(1, np.int64)
    prompts = [Prompt(point[np.newaxis], label) for point in points]
    answers = decoder.decode(state, prompts, multimask=True)
    logits = np.concatenate([masks.logits for masks in answers])
    scores = np.concatenate([masks.iou_predictions for masks in answers])
    asked = np.repeat(points, [len(masks.logits) for masks in answers], axis=0)
    if parameters.use_m2m:
        logits, scores = _refined(decoder, state, asked, logits, parameters.points_per_batch)
    passing = scores > parameters.pred_iou_thresh if parameters.pred_iou_thresh > 0 else scores > -1
    masks = []
    for index in np.flatnonzero(passing):
        mask = measure_mask(logits[index], float(scores[index]), asked[index], parameters)
        if mask is not None:
            masks.append(mask)
    return masks


def _refined(
    decoder: PromptDecoder,
    state: PatchState,
    points: CoordArray,
    logits: FloatArray,
    at_once: int,
) -> tuple[FloatArray, FloatArray]:
    """Each mask decoded once more with its point and itself, the single mask taken."""
    label = np.ones(1, np.int64)
    refined, scores = np.empty_like(logits), np.empty(len(logits), np.float32)
    for start in range(0, len(points), at_once):
        prompts = [
            Prompt(points[index][np.newaxis], label).with_mask(logits[index])
            for index in range(start, min(start + at_once, len(points)))
        ]
        for index, masks in enumerate(decoder.decode(state, prompts, multimask=False), start):
            refined[index], scores[index] = masks.logits[0], masks.iou_predictions[0]
    return refined, scores


def measure_mask(
    logits: FloatArray, score: float, point: CoordArray, parameters: MaskParameters
) -> FoundMask | None:
    """A mask [256, 256] with its stability and box; None if it is empty or not stable enough."""
    offset, least = parameters.stability_score_offset, parameters.stability_score_thresh
    if parameters.min_mask_region_area > 0:
        logits = without_small_regions(logits, parameters.min_mask_region_area)
    reach = cells_around(logits > -offset)
    if reach is None:
        return None
    # Interpolation keeps within its four cells, so what lies beyond the crop is below -offset.
    full = full_resolution(logits[reach])
    inside = full > 0
    if not inside.any():
        return None
    stability = np.count_nonzero(full > offset) / np.count_nonzero(full > -offset)
    if stability < least:
        return None
    top, left = reach[0].start, reach[1].start
    rows, cols = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    kept = cells_around(logits > 0)
    # Full resolution reaches above zero only where a cell does.
    assert kept is not None
    return FoundMask(
        logits=logits[kept].copy(),
        row=kept[0].start,
        col=kept[1].start,
        score=score,
        stability=stability,
        box=BoxPixel(
            float(cols[0] + LOGIT_CELL * left), float(rows[0] + LOGIT_CELL * top),
            float(cols[-1] + LOGIT_CELL * left), float(rows[-1] + LOGIT_CELL * top),
        ),
        area_px=int(np.count_nonzero(inside)),
        points=point.reshape(1, 2),
    )  # fmt: skip


def full_resolution(logits: FloatArray) -> FloatArray:
    """Logits [h, w] per cell as [4h, 4w] per pixel, as sam2 enlarges them."""
    height, width = logits.shape
    size = (LOGIT_CELL * width, LOGIT_CELL * height)
    return np.asarray(
        cv2.resize(np.ascontiguousarray(logits), size, interpolation=cv2.INTER_LINEAR), np.float32
    )


def cells_around(inside: BoolArray) -> tuple[slice, slice] | None:
    """Rows and columns that hold all set cells and `CROP_PAD` more; None when none is set."""
    rows, cols = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return None
    return (
        slice(max(int(rows[0]) - CROP_PAD, 0), min(int(rows[-1]) + CROP_PAD + 1, len(inside))),
        slice(max(int(cols[0]) - CROP_PAD, 0), min(int(cols[-1]) + CROP_PAD + 1, inside.shape[1])),
    )


def without_small_regions(logits: FloatArray, largest: int) -> FloatArray:
    """Holes and then specks of at most `largest` cells removed, as sam2 does on its way to full
    resolution. (Without its CUDA extension it leaves them, with a warning.)"""
    inside = logits > 0
    logits = np.where(_small_regions(~inside, largest), np.float32(FILLED), logits)
    return np.where(_small_regions(inside, largest), np.float32(EMPTIED), logits)


def _small_regions(cells: BoolArray, largest: int) -> BoolArray:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cells.astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= largest
    small[0] = False  # what is not in any region
    return np.asarray(small[labels])


def without_strays(mask: FoundMask) -> FoundMask | None:
    """The part of the mask that its point means, which is the nearest one; None for a mask that
    is nothing but strays too small to be told from them."""
    inside = mask.logits > 0
    count, labels = cv2.connectedComponents(inside.astype(np.uint8), connectivity=8)
    if count <= 2:
        return mask
    rows, cols = np.nonzero(inside)
    x, y = mask.points[0] / LOGIT_CELL - 0.5 - (mask.col, mask.row)
    nearest = int(np.argmin((cols - x) ** 2 + (rows - y) ** 2))
    meant = labels == labels[rows[nearest], cols[nearest]]
    kept = cells_around(meant)
    assert kept is not None
    logits = np.where(inside & ~meant, np.float32(EMPTIED), mask.logits)[kept]
    full = full_resolution(logits) > 0
    if not full.any():
        return None
    top, left = mask.row + kept[0].start, mask.col + kept[1].start
    full_rows, full_cols = np.flatnonzero(full.any(axis=1)), np.flatnonzero(full.any(axis=0))
    return replace(
        mask,
        logits=logits,
        row=top,
        col=left,
        box=BoxPixel(
            float(full_cols[0] + LOGIT_CELL * left), float(full_rows[0] + LOGIT_CELL * top),
            float(full_cols[-1] + LOGIT_CELL * left), float(full_rows[-1] + LOGIT_CELL * top),
        ),
        area_px=int(np.count_nonzero(full)),
    )  # fmt: skip


def without_overlapping_boxes(masks: Sequence[FoundMask], threshold: float) -> list[FoundMask]:
    """Of masks whose boxes have a larger IoU than `threshold` the better-scored one, in the
    order of their scores; of equal scores the earlier one."""
    if not masks:
        return []
    boxes = np.array([mask.box for mask in masks], np.float32)
    order = np.argsort([-mask.score for mask in masks], kind="stable")
    low, high = boxes[:, :2], boxes[:, 2:]
    areas = (high - low).prod(axis=1)
    kept: list[int] = []
    open_: npt.NDArray[np.intp] = order
    while len(open_):
        best, open_ = open_[0], open_[1:]
        kept.append(int(best))
        sides = np.minimum(high[open_], high[best]) - np.maximum(low[open_], low[best])
        shared = sides.clip(0).prod(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            iou = shared / (areas[open_] + areas[best] - shared)
        open_ = open_[~(iou > threshold)]
    return [masks[index] for index in kept]
