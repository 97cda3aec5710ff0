"""The grid of points that a patch is asked at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from encoder_tool.types import PATCH_SIZE, BoxPixel, CoordArray

UPSTREAM_SHIFT = 0.5
"""sam2 adds half a pixel to what it takes for pixel indices: its grid's x is GDAL's x + 0.5."""


def point_grid(points_per_side: int) -> CoordArray:
    """Evenly spaced points [N, 2] in patch pixels, row by row, as sam2's generator lays them."""
    first = PATCH_SIZE / (2 * points_per_side)
    along = np.linspace(first, PATCH_SIZE - first, points_per_side) + UPSTREAM_SHIFT
    x, y = np.meshgrid(along, along)
    return np.column_stack([x.ravel(), y.ravel()])


def coarse_to_fine(points_per_side: int) -> npt.NDArray[np.intp]:
    """The order in which a grid's points fill it ever more densely: every 8th of every 8th row,
    then every 4th, every 2nd, and the rest. Masks that are found early spare many later points."""
    row, col = np.divmod(np.arange(points_per_side**2), points_per_side)
    pass_of_point = np.full(points_per_side**2, 3)
    for number, stride in ((2, 2), (1, 4), (0, 8)):
        first = stride // 2
        pass_of_point[(row % stride == first) & (col % stride == first)] = number
    return np.argsort(pass_of_point, kind="stable")


def points_on(points: CoordArray, clip: BoxPixel) -> CoordArray:
    """Those that lie within the part of the patch that the raster covers."""
    x, y = points.T
    inside = (x >= clip.xmin) & (x <= clip.xmax) & (y >= clip.ymin) & (y <= clip.ymax)
    return np.asarray(points[inside])
