"""New outlines among those that stay: along the directions of the neighbourhood, and with clean
shared walls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import affinity

from encoder_tool.outline import Polygonal, valid
from encoder_tool.types import BoolArray, CoordArray

NEIGHBOURHOOD_M = 60.0
LEAST_NEIGHBOURS = 3
LEAST_AGREEMENT = 0.7
"""Of the walls of a neighbourhood, 0 to 1, where it has a direction at all."""

SNAP_WITHIN = 8.0
"""Degrees: what differs by more stands across on purpose."""

SLIVER_M = 0.6
"""Gaps that are no wider are none: half a logit cell at 0.3 m pixels."""

LEAST_LEFT = 0.8
"""IoU of an outline with what cleaning its walls leaves of it; else it is left as it is."""


def direction(walls: CoordArray) -> tuple[float, float]:
    """The direction [degrees, 0 to 90) that walls and those at right angles to them have, and how
    far they agree, 0 to 1. walls: steps [N, 2] along them"""
    lengths = np.hypot(*walls.T)
    angles = np.arctan2(walls[:, 1], walls[:, 0])
    mean = (lengths * np.exp(4j * angles)).sum() / max(lengths.sum(), 1e-9)
    return float(np.rad2deg(np.angle(mean)) / 4 % 90), float(np.abs(mean))


def along_neighbours(
    shapes: Sequence[Polygonal], changed: BoolArray, to_ground: CoordArray
) -> list[Polygonal]:
    """The shapes, with the changed ones turned to the direction of the unchanged around them where
    these have one and it is nearly theirs.

    to_ground: [2, 2], pixels to metres, east and north: angles are those on the ground
    """
    turned = list(shapes)
    on_ground = [_transformed(shape, to_ground) for shape in shapes]
    unchanged = np.flatnonzero(~changed)
    tree = shapely.STRtree([on_ground[index] for index in unchanged])
    back = np.asarray(np.linalg.inv(to_ground), np.float64)
    for index in np.flatnonzero(changed).tolist():
        shape = on_ground[index]
        near = unchanged[tree.query(shape.buffer(NEIGHBOURHOOD_M), predicate="intersects")]
        if len(near) < LEAST_NEIGHBOURS:
            continue
        there, agreement = direction(np.concatenate([_walls(on_ground[i]) for i in near]))
        own, _ = direction(_walls(shape))
        off = (there - own + 45) % 90 - 45
        if agreement >= LEAST_AGREEMENT and abs(off) <= SNAP_WITHIN:
            turned[index] = _transformed(affinity.rotate(shape, off, "centroid"), back)
    return turned


def with_clean_walls(
    shapes: Sequence[Polygonal], changed: BoolArray, sliver_px: float
) -> list[Polygonal]:
    """The shapes, of which the changed ones end at their neighbours: no overlaps, and no gaps of
    less than `sliver_px`. The unchanged ones stay as they are, and keep what both would have."""
    cleaned = list(shapes)
    tree = shapely.STRtree(cleaned)
    done = ~changed
    for index in np.flatnonzero(changed).tolist():
        near = tree.query(shapes[index].buffer(sliver_px), predicate="intersects")
        fixed = [cleaned[i] for i in near if i != index and done[i]]
        if fixed:
            cleaned[index] = _ending_at(shapes[index], fixed, sliver_px)
        done[index] = True
    return cleaned


def _ending_at(shape: Polygonal, fixed: Sequence[Polygonal], sliver_px: float) -> Polygonal:
    """What is left of a shape beside others that stay."""
    snapped = valid(shapely.snap(shape, shapely.union_all(fixed), sliver_px))
    if snapped.is_empty:
        return shape
    # What both have goes to the first, which are those that stay.
    everything = shapely.coverage_clean(
        [*fixed, snapped], gap_width=sliver_px, snapping_distance=0.0, merge_strategy="min_index"
    )
    own = everything[-1]
    gaps = [
        part
        for grown, before in zip(everything, fixed, strict=False)
        for part in shapely.get_parts(grown.difference(before))
        if part.area > 0 and part.intersection(own).length > 0
    ]
    ended = valid(shapely.union_all([own, *gaps]))
    if ended.is_empty:
        return shape
    shared = ended.intersection(shape).area
    return ended if shared >= LEAST_LEFT * (ended.area + shape.area - shared) else shape


def _walls(shape: Polygonal) -> CoordArray:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return np.concatenate([np.diff(shapely.get_coordinates(ring), axis=0) for ring in rings])


def _transformed(shape: Polygonal, matrix: CoordArray) -> Polygonal:
    moved: Polygonal = shapely.transform(shape, lambda points: points @ matrix.T)
    return moved
