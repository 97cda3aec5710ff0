"""A known shape as a prompt, such as an old footprint whose outline is to be found anew: a box
around it, points inside it, and the shape itself as the mask of an earlier answer.

docs/accuracy.md has what each of them is worth, by benchmarks/shape_prompt.py.
"""

from __future__ import annotations

import cv2
import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.transform import Affine

from encoder_tool.outline import Polygonal
from encoder_tool.parts import SMALLEST_SHARE
from encoder_tool.types import (
    LOGIT_CELL,
    LOGIT_SIZE,
    OUTSIDE_LOGIT,
    BoxPixel,
    CoordArray,
    FloatArray,
    Prompt,
)

BOX_GROWTH = 0.05
"""Of the longer side of a shape, by which the box around it is larger on every side: what has moved
or grown is still in it. Models take a box at its word: at twice that, what fits gets worse."""

MIN_GROWTH_PX = 2.0

MAX_POINTS = 4
"""Parts of a shape that get a point inside."""

CLEAR_PX = 3.0 * LOGIT_CELL
"""So far from a point that the user excludes, there is no point of the shape's."""

STEEPNESS = 1.0
"""Logits per pixel of distance from the shape's outline. A quarter of that says little; four times
as much, and a shifted shape is answered where it is."""


def shape_prompt(shape: Polygonal, extent: BoxPixel) -> Prompt:
    """The prompt for an object of about this shape.

    shape: not empty, in pixels of a patch; extent: of the raster, in the same pixels
    """
    points = inner_points(shape)
    return Prompt(
        points,
        np.ones(len(points), np.int64),
        box_around(shape, extent),
        shape_logits(shape),
    )


def box_around(shape: Polygonal, extent: BoxPixel) -> BoxPixel:
    """Slightly larger than the shape, and within the extent."""
    xmin, ymin, xmax, ymax = shape.bounds
    margin = max(BOX_GROWTH * max(xmax - xmin, ymax - ymin), MIN_GROWTH_PX)
    return BoxPixel(
        max(xmin - margin, extent.xmin), max(ymin - margin, extent.ymin),
        min(xmax + margin, extent.xmax), min(ymax + margin, extent.ymax),
    )  # fmt: skip


def inner_points(shape: Polygonal, excluded: CoordArray | None = None) -> CoordArray:
    """The point furthest inside each of the large parts, [N, 2], the largest part first.

    excluded: [N, 2], what the user says is no part of the object: points keep clear of it, and
        there is none in a part where they cannot
    """
    if excluded is not None and len(excluded):
        shape = shape.difference(shapely.multipoints(excluded).buffer(CLEAR_PX))
    parts = [part for part in shapely.get_parts(shape) if part.area > 0]
    parts.sort(key=lambda part: -part.area)
    large = [part for part in parts if part.area >= SMALLEST_SHARE * parts[0].area][:MAX_POINTS]
    centres = [shapely.get_coordinates(shapely.maximum_inscribed_circle(part))[0] for part in large]
    return np.array(centres, np.float64).reshape(-1, 2)


def shape_logits(shape: Polygonal) -> FloatArray | None:
    """The shape as mask logits [256, 256]: the distance from its outline, in pixels times
    `STEEPNESS`, positive inside. None for one that is too small for any cell, or lies elsewhere:
    an empty mask would say that there is nothing."""
    cells = rasterize(
        [(shape, 1)], out_shape=(LOGIT_SIZE, LOGIT_SIZE), transform=Affine.scale(LOGIT_CELL),
        fill=0, dtype=np.uint8,
    )  # fmt: skip
    if not cells.any():
        return None
    inside = cv2.distanceTransform(cells, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outside = cv2.distanceTransform(1 - cells, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # Distances are to the nearest cell's centre of the other kind, half a cell too far.
    cells_away = np.where(cells > 0, inside - 0.5, 0.5 - outside)
    logits = np.clip(LOGIT_CELL * STEEPNESS * cells_away, OUTSIDE_LOGIT, -OUTSIDE_LOGIT)
    return np.asarray(logits, np.float32)
