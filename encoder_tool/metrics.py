"""How good masks are: IoU, and the clicks an object takes (NoC).

The click protocol is that of the interactive-segmentation papers (RITM, SimpleClick, SAM): the
first click at the point furthest inside the object, each further one at the centre of the
largest error region, include or exclude as the error asks; the mask before goes back in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import shapely
from rasterio.features import rasterize

from encoder_tool.types import PATCH_SIZE, XY, BoolArray, FloatArray, Masks, Prompt

MAX_CLICKS = 10
NOC_THRESHOLDS = (0.80, 0.85, 0.90)

Decode = Callable[[Prompt], Masks]


def mask_of(logits: FloatArray) -> BoolArray:
    """Logits [256, 256] to a mask [1024, 1024]: bilinear between the cells' centres, then > 0.

    This is how sam2's predictor makes its masks.
    """
    fine = cv2.resize(logits, (PATCH_SIZE, PATCH_SIZE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(fine > 0, np.bool_)


def truth_mask(polygon: shapely.Geometry) -> BoolArray:
    """A polygon in patch pixels to a mask [1024, 1024]: pixels whose centre is inside."""
    if polygon.is_empty:
        return np.zeros((PATCH_SIZE, PATCH_SIZE), np.bool_)
    burnt = rasterize([(polygon, 1)], out_shape=(PATCH_SIZE, PATCH_SIZE), fill=0, dtype=np.uint8)
    return np.asarray(burnt, np.bool_)


def iou(mask: BoolArray, truth: BoolArray) -> float:
    """Intersection over union; two empty masks agree."""
    union = int(np.count_nonzero(mask | truth))
    return int(np.count_nonzero(mask & truth)) / union if union else 1.0


def boundary_f(mask: BoolArray, truth: BoolArray, tolerance_px: float = 2.0) -> float:
    """F-score of outlines: how much of each lies within `tolerance_px` of the other (Csurka et
    al. 2013). 1 for two empty masks, 0 when one is empty."""
    if not mask.any() or not truth.any():
        return float(mask.any() == truth.any())
    rows, cols = np.nonzero(mask | truth)
    # Beyond this margin nothing is near enough to count.
    margin = int(np.ceil(tolerance_px)) + 2
    box = (
        slice(max(rows.min() - margin, 0), rows.max() + margin + 1),
        slice(max(cols.min() - margin, 0), cols.max() + margin + 1),
    )
    found, wanted = _outline(mask[box]), _outline(truth[box])
    precision = float((_distance_to(wanted)[found] <= tolerance_px).mean())
    recall = float((_distance_to(found)[wanted] <= tolerance_px).mean())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _outline(mask: BoolArray) -> BoolArray:
    """The mask's pixels that have a neighbour outside it."""
    padded = np.pad(mask, 1).astype(np.uint8)
    inner = cv2.erode(padded, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))
    outline: BoolArray = mask & (inner[1:-1, 1:-1] == 0)
    return outline


def _distance_to(pixels: BoolArray) -> FloatArray:
    distance = cv2.distanceTransform((~pixels).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance, np.float32)


def innermost_point(polygon: shapely.Geometry) -> XY:
    """The pole of inaccessibility: the centre of the largest circle inside."""
    circle = shapely.maximum_inscribed_circle(polygon)
    x, y = shapely.get_coordinates(circle)[0]
    return XY(float(x), float(y))


def next_click(
    mask: BoolArray, truth: BoolArray, valid: BoolArray, clicked: Sequence[XY]
) -> tuple[XY, int] | None:
    """Where to click next, and with which label: the pixel furthest inside an error region.

    Missed pixels ask for an include click (1), wrongly taken ones for an exclude click (0).
    `valid` says which pixels count; a pixel already clicked is not clicked again. None when
    there is no error left.
    """
    open_pixels = valid.copy()
    for x, y in clicked:
        open_pixels[int(y), int(x)] = False
    missed, label_missed = _deepest(truth & ~mask & valid, open_pixels), 1
    wrong = _deepest(mask & ~truth & valid, open_pixels)
    depth, row, col, label = max((*missed, label_missed), (*wrong, 0), key=lambda hit: hit[0])
    if depth <= 0:
        return None
    return XY(col + 0.5, row + 0.5), label


def _deepest(region: BoolArray, open_pixels: BoolArray) -> tuple[float, int, int]:
    """(distance to the region's border, row, col) of its deepest open pixel; distance 0 for
    none. The patch's border counts as one of the region's."""
    if not region.any():
        return 0.0, 0, 0
    rows, cols = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    top, left = int(rows[0]), int(cols[0])
    part = region[top : rows[-1] + 1, left : cols[-1] + 1]
    padded = np.pad(part, 1).astype(np.uint8)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    depth = depth * open_pixels[top : rows[-1] + 1, left : cols[-1] + 1]
    row, col = np.unravel_index(int(np.argmax(depth)), depth.shape)
    return float(depth[row, col]), int(row) + top, int(col) + left


def click_curve(
    decode: Decode,
    truth: BoolArray,
    valid: BoolArray,
    first: XY,
    *,
    enough: float = max(NOC_THRESHOLDS),
    max_clicks: int = MAX_CLICKS,
) -> list[float]:
    """The IoU after each click, until it is `enough` or the clicks run out.

    decode: answers a prompt in patch pixels; of several candidates the best-scored counts, and
    goes back in with the next click, its logits clamped as sam2 does
    truth, valid: [1024, 1024]; only valid pixels count
    """
    clicks, labels, reached = [first], [1], list[float]()
    before: FloatArray | None = None
    while True:
        prompt = Prompt(np.array(clicks, np.float64), np.array(labels, np.int64))
        masks = decode(prompt if before is None else prompt.with_mask(before))
        chosen = masks.logits[masks.best]
        mask = mask_of(chosen) & valid
        reached.append(iou(mask, truth))
        if reached[-1] >= enough or len(clicks) == max_clicks:
            return reached
        click = next_click(mask, truth, valid, clicks)
        if click is None:
            return reached
        clicks.append(click[0])
        labels.append(click[1])
        before = chosen


def clicks_needed(curve: Sequence[float], threshold: float, max_clicks: int = MAX_CLICKS) -> int:
    """NoC: the number of clicks after which the IoU first reaches `threshold`; `max_clicks`
    when it never does."""
    return next((i for i, value in enumerate(curve, 1) if value >= threshold), max_clicks)
