"""Outlines that have right angles only, as most buildings do.

The main direction is that in which the outline, simplified, is shortest when it is measured
along two axes alone (Žunić & Rosin, "Rectilinearity measurements for polygons", 2003). Along
it, each ring becomes the closed chain of alternating walls that costs least: the squared
distances of the ring's points from their walls, and a price for each corner. Dynamic
programming finds that chain (Perez & Vidal, "Optimum polygonal approximation of digitized
curves", 1994, with two directions in place of all). Why no library does it: docs/right-angles.md.

All lengths are in pixels of the mask's level, and the thresholds are shares of a logit cell:
masks say nothing about what is smaller.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine
from shapely import LinearRing, Polygon

from encoder_tool.types import LOGIT_CELL, CoordArray

TOLERANCE_PX = 1.5 * LOGIT_CELL
"""No point of the one outline lies further than this from the other one."""

LEAST_IOU = 0.9
"""Of an outline and the same with right angles."""

SIMPLIFY_PX = LOGIT_CELL / 2
"""Tolerance of the plain simplification that right angles must not need more vertices than."""

CORNER_PRICES = (LOGIT_CELL**3, LOGIT_CELL**3 / 2)
"""In px³, the unit of squared distances along a length. The first one at which the result is the
shape of the outline: few corners where these do, more for what is small."""

STEP_PX = LOGIT_CELL / 2
MOST_POINTS = 400
"""How densely rings are sampled: a contour has hardly more than a vertex in each cell."""

SAME_DIRECTION = np.deg2rad(15)
"""Edges that far from the main direction have a say in it. On plans of four kinds with an unease of
half a pixel the direction is then off by 0.09 degrees on average."""

EXACT_CORNER = np.sin(np.deg2rad(0.5))
"""The cosine of a corner that is right."""

Wall = tuple[int, int, int]
"""The points `first` to `last` - 1 of a ring; the coordinate that stays, 0 (x) or 1 (y)."""


def with_right_angles(polygon: Polygon, to_ground: Affine | None = None) -> Polygon | None:
    """The outline with right angles only; None where that is not its shape, and it had better
    be left alone.

    polygon: valid and not empty, in pixels, as it was traced
    to_ground: the shape of a pixel on the ground, an affine of determinant 1 or -1, for the
        angles are to be right there; None for square pixels

    It is its shape when the result is valid, has no more vertices than a simplification by
    `SIMPLIFY_PX` has, overlaps it by `LEAST_IOU` and keeps within `TOLERANCE_PX` of it: stairs
    along a slope or a bank take more vertices, and crowns of trees overlap less.
    """
    on_ground = polygon if to_ground is None else _transformed(polygon, to_ground)
    simple = shapely.simplify(on_ground, SIMPLIFY_PX, preserve_topology=True)
    turn = Affine.rotation(-_main_direction(on_ground, simple))
    turned = _transformed(on_ground, turn)
    for price in CORNER_PRICES:
        squared = _squared(turned, price)
        if squared is None:
            continue
        squared = _transformed(squared, ~turn)
        if _is_shape_of(squared, on_ground, simple):
            return squared if to_ground is None else _transformed(squared, ~to_ground)
    return None


def has_right_angles(polygon: Polygon, to_ground: Affine | None = None) -> bool:
    """Whether all corners are; `to_ground` as for `with_right_angles`."""
    on_ground = polygon if to_ground is None else _transformed(polygon, to_ground)
    for ring in shapely.get_rings(on_ground):
        steps = np.diff(shapely.get_coordinates(ring), axis=0)
        steps /= np.linalg.norm(steps, axis=1, keepdims=True)
        if np.abs((steps * np.roll(steps, 1, axis=0)).sum(axis=1)).max() > EXACT_CORNER:
            return False
    return True


def _is_shape_of(squared: Polygon, outline: Polygon, simple: Polygon) -> bool:
    if not squared.is_valid or _vertices(squared) > _vertices(simple):
        return False
    union = squared.union(outline).area
    if squared.intersection(outline).area < LEAST_IOU * union:
        return False
    # GEOS measures from vertices: here there is one every pixel.
    distance = shapely.hausdorff_distance(
        shapely.segmentize(squared.boundary, 1.0), shapely.segmentize(outline.boundary, 1.0)
    )
    return bool(distance <= TOLERANCE_PX)


def _main_direction(outline: Polygon, simple: Polygon) -> float:
    """In degrees: one of the two directions of a rectilinear outline.

    simple: the same without its noise. Its length along two axes is least where one of them is
        the direction of an edge; how the outline itself runs along them then says it exactly.
    """
    steps, lengths = _edges(simple)
    directions = np.arctan2(steps[:, 1], steps[:, 0])
    between = directions[None, :] - directions[:, None]
    along_axes = (np.abs(np.cos(between)) + np.abs(np.sin(between))) @ lengths
    rough = directions[along_axes.argmin()]
    steps, lengths = _edges(outline)
    off = np.arctan2(steps[:, 1], steps[:, 0]) - rough
    off = (off + np.pi / 4) % (np.pi / 2) - np.pi / 4
    weights = np.where(np.abs(off) <= SAME_DIRECTION, lengths, 0.0)
    return float(np.rad2deg(rough + (off * weights).sum() / max(weights.sum(), 1e-9)))


def _edges(polygon: Polygon) -> tuple[CoordArray, CoordArray]:
    """Steps [E, 2] from vertex to vertex of all rings, and their lengths."""
    steps = np.concatenate(
        [np.diff(shapely.get_coordinates(ring), axis=0) for ring in shapely.get_rings(polygon)]
    )
    return steps, np.hypot(*steps.T)


def _squared(polygon: Polygon, price: float) -> Polygon | None:
    """With walls along x and y, not checked; None when a ring has no four of them."""
    rings = [_squared_ring(ring, price) for ring in (polygon.exterior, *polygon.interiors)]
    found = [ring for ring in rings if ring is not None]
    return Polygon(found[0], found[1:]) if len(found) == len(rings) else None


def _squared_ring(ring: LinearRing, price: float) -> CoordArray | None:
    """The corners [K, 2] of the ring with walls along x and y; None when it has no four."""
    points = _sampled(ring)
    spacing = ring.length / len(points)
    walls = _cheapest_walls(points, spacing, price, first=None)
    if len(walls) < 3:
        return None
    # Where an open chain begins is anybody's choice: begun again at a corner that it found in
    # its middle, it is the chain of the closed ring.
    start, _, first = walls[len(walls) // 2]
    points = np.roll(points, -start, axis=0)
    walls = _cheapest_walls(points, spacing, price, first)
    if len(walls) < 4:
        return None
    # The median leaves least area between a wall and the outline.
    levels = [float(np.median(points[begin:end, axis])) for begin, end, axis in walls]
    corners = np.empty((len(walls), 2))
    sides = pairwise([(levels[-1], walls[-1]), *zip(levels, walls, strict=True)])
    for corner, ((before, _), (level, (_, _, axis))) in zip(corners, sides, strict=True):
        corner[axis], corner[1 - axis] = level, before
    return corners


def _sampled(ring: LinearRing) -> CoordArray:
    """Points [N, 2] at equal distances along it."""
    count = int(np.clip(ring.length / STEP_PX, 16, MOST_POINTS))
    at = (np.arange(count) + 0.5) * ring.length / count
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(ring, at)))


def _cheapest_walls(
    points: CoordArray, spacing: float, price: float, first: int | None
) -> list[Wall]:
    """Walls along all the points, in their order, each along the axis that its neighbours are
    not along.

    first: the coordinate that stays along the first wall and changes along the last one, so
        that the two can meet; None to leave both open
    """
    count = len(points)
    sums = np.vstack([np.zeros((1, 2)), np.cumsum(points, axis=0)])
    squares = np.vstack([np.zeros((1, 2)), np.cumsum(points**2, axis=0)])
    cost = np.full((count + 1, 2), np.inf)
    begin = np.zeros((count + 1, 2), np.int64)
    # cost[i, axis]: of the points before i, the last wall having `axis` as what stays.
    cost[0] = 0.0
    if first is not None:
        cost[0, first] = np.inf
    for end in range(1, count + 1):
        lengths = np.arange(end, 0, -1)[:, None]
        spread = (squares[end] - squares[:end]) - (sums[end] - sums[:end]) ** 2 / lengths
        total = cost[:end, ::-1] + spacing * spread + price
        begin[end] = total.argmin(axis=0)
        cost[end] = total.min(axis=0)
    return _traced_back(begin, int(cost[-1].argmin()) if first is None else 1 - first)


def _traced_back(begin: npt.NDArray[np.int64], axis: int) -> list[Wall]:
    walls: list[Wall] = []
    end = len(begin) - 1
    while end > 0:
        start = int(begin[end, axis])
        walls.append((start, end, axis))
        end, axis = start, 1 - axis
    return walls[::-1]


def _vertices(polygon: Polygon) -> int:
    """The last point of a ring is its first one."""
    return int(shapely.get_num_coordinates(polygon)) - 1 - len(polygon.interiors)


def _transformed(polygon: Polygon, affine: Affine) -> Polygon:
    a, b, _, d, e, _ = affine[:6]
    return shapely.transform(polygon, lambda xy: xy @ np.array([[a, d], [b, e]]))
