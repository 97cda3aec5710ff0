"""Where to look for buildings: the places that look most like the roofs that are known."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.locate import patches_holding
from encoder_tool.refine.likeness.roof_cells import RoofCells
from encoder_tool.segment import Segmenter
from encoder_tool.types import LOGIT_CELL, BoxPixel, CoordArray, FloatArray, PatchId

LEAST_LIKENESS = 0.4
"""Of a place that is asked at; measured on scenes: with 0.5, a tenth more of the missing buildings
is not asked at, with 0.3 a third more places are."""

APART = 7
"""Logit cells: a place is the likeliest within this square. Sheds are 8 to 12 cells wide."""

BLUR = 1.4
"""Standard deviation, in cells, of the smoothing before the likeliest are looked for."""


def likely_places(
    segmenter: Segmenter, roofs: RoofCells, on_share: Callable[[float], None]
) -> CoordArray:
    """Places [N, 2] in level-0 pixels, patch by patch; each in the patch that shows it best.

    on_share: told, before each patch, what share of them is done; what it raises ends the work
    """
    grid = segmenter.manifest.pyramid.level(0)
    patches = [p for p in grid.patches() if segmenter.state(p) is PatchStatus.PRESENT]
    found: list[CoordArray] = [np.empty((0, 2), np.float64)]
    for done, patch in enumerate(patches):
        on_share(done / len(patches))
        likeness = roofs.in_patch(patch)
        if likeness is None:
            continue
        window = segmenter.window(patch)
        rows, cols = peaks(likeness)
        origin = np.array([window.col_off, window.row_off], np.float64)
        places: CoordArray = origin + LOGIT_CELL * (np.column_stack([cols, rows]) + 0.5)
        is_here = [_best_patch(segmenter, place) == patch for place in places]
        found.append(places[np.array(is_here, np.bool_)])
    return np.concatenate(found)


def peaks(likeness: FloatArray) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows and columns [N] of the likeliest cells of a map [256, 256]; of cells that are alike and
    touch, as on a large roof, the one in their middle."""
    smooth = cv2.GaussianBlur(likeness.astype(np.float32), (0, 0), BLUR)
    highest = cv2.dilate(smooth, np.ones((APART, APART), np.uint8))
    likeliest = (smooth >= highest) & (smooth > LEAST_LIKENESS)
    count, parts, _, middles = cv2.connectedComponentsWithStats(likeliest.astype(np.uint8))
    rows, cols = np.nonzero(parts)
    part = parts[rows, cols]
    off = (cols - middles[part, 0]) ** 2 + (rows - middles[part, 1]) ** 2
    order = np.lexsort([off, part])
    first = order[np.searchsorted(part[order], np.arange(1, count))]
    return rows[first], cols[first]


def _best_patch(segmenter: Segmenter, place: CoordArray) -> PatchId | None:
    """The encoded patch of level 0 in which a place is furthest from the border."""
    x, y = place.tolist()
    grid = segmenter.manifest.pyramid.level(0)
    for patch in patches_holding(grid, BoxPixel(x, y, x, y)):
        if segmenter.state(patch) is PatchStatus.PRESENT:
            return patch
    return None
