"""From mask logits to polygons in pixels of their patch.

Contours are traced at sub-pixel precision on the logits themselves, by linear interpolation
between cell centres, never on a 0/1 staircase. Tolerances and areas are in pixels of the
patch's level, so that the same options mean the same picture detail at every level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine
from contourpy import FillType, contour_generator
from shapely import MultiPolygon, Polygon

from encoder_tool.errors import UsageError
from encoder_tool.parts import SMALLEST_SHARE
from encoder_tool.right_angles import with_right_angles
from encoder_tool.types import LOGIT_CELL, OUTSIDE_LOGIT, BoxPixel, CoordArray, FloatArray, Prompt

Polygonal: TypeAlias = Polygon | MultiPolygon
Parts: TypeAlias = npt.NDArray[np.object_]
"""Polygons [P]."""

EDGE_PAD = 2
"""Cells added around the logits: one of edge replication, one that is outside the object."""


@dataclass(frozen=True, slots=True)
class PolygonOptions:
    """How a mask becomes polygons; lengths and areas in pixels of the patch's level.

    simplify_px: how far the outline may move when vertices are left out; 0 keeps them all
    min_area_px: parts smaller than this are dropped
    min_hole_px: holes smaller than this are filled
    largest_part_only: keep one part, the largest
    all_parts: keep the parts that no prompt means, too (see `mask_to_pixels`)
    right_angles: parts whose shape that is get right angles only (see `right_angles`)

    A logit cell is 4 x 4 pixels: what is smaller than that (the default) is interpolation.
    """

    simplify_px: float = 0.25
    min_area_px: float = float(LOGIT_CELL**2)
    min_hole_px: float = float(LOGIT_CELL**2)
    largest_part_only: bool = False
    all_parts: bool = False
    right_angles: bool = False

    def __post_init__(self) -> None:
        for name in ("simplify_px", "min_area_px", "min_hole_px"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0):
                raise UsageError(f"{name} must be a number of at least 0, not {value}.")


DEFAULT_OPTIONS = PolygonOptions()


def mask_to_pixels(
    logits: FloatArray,
    options: PolygonOptions = DEFAULT_OPTIONS,
    clip: BoxPixel | None = None,
    prompt: Prompt | None = None,
    to_ground: Affine | None = None,
) -> Polygonal:
    """The mask's outline in pixels of its patch: always valid, empty when nothing is left.

    logits: [H, W], positive inside; cell (r, c) is centred at pixel (4(c+0.5), 4(r+0.5))
    clip: the part of the patch that the raster covers, in patch pixels; None for all of it
    prompt: what the mask answers; None to keep parts wherever they are
    to_ground: the shape of a pixel on the ground (see `locate.pixel_to_ground`), where angles are
        to be right; None for square pixels

    Of a mask in several parts, each include point means the part that is nearest to it (as a
    rule the one that it lies on), and a box the largest that it meets and those half as large;
    the others are strays, which are dropped but for `options.all_parts`. docs/accuracy.md has
    what that is worth.

    An object that reaches the border of the patch (or of `clip`) ends exactly there.
    """
    extent = _extent(logits, clip)
    parts = _large_enough(_trace(logits), options)
    if prompt is None or options.all_parts:
        kept = _finished(parts, extent, options, to_ground)
    else:
        kept = _finished(_meant(parts, prompt), extent, options, to_ground)
        if not len(kept):  # too small after all: of what is left, another one is meant
            kept = _meant(_finished(parts, extent, options, to_ground), prompt)
    if options.largest_part_only and len(kept):
        kept = kept[[shapely.area(kept).argmax()]]
    return valid(polygonal(kept))


def _finished(
    parts: Parts, extent: BoxPixel, options: PolygonOptions, to_ground: Affine | None
) -> Parts:
    """Simplified or squared, valid, within the extent, and none of them small."""
    finished = parts
    if options.simplify_px > 0:
        finished = shapely.simplify(parts, options.simplify_px, preserve_topology=True)
    if options.right_angles:
        found = [_with_right_angles(part, options, to_ground) for part in parts]
        pairs = zip(found, finished, strict=True)
        finished = np.array([plain if one is None else one for one, plain in pairs], object)
    # After the simplification, which would round the corners at the border.
    return _sifted(_clipped(_each_valid(finished), extent), options)


def _with_right_angles(
    part: Polygon, options: PolygonOptions, to_ground: Affine | None
) -> Polygon | None:
    """Of the part as it was traced, but for the holes that will be filled."""
    if not part.is_valid:
        return None
    return with_right_angles(_without_small_holes(part, options.min_hole_px), to_ground)


Rings: TypeAlias = tuple[CoordArray, npt.NDArray[Any], npt.NDArray[Any]]
"""Polygons as GeoArrow has them: points [N, 2]; where each ring begins in them, and the end;
where each polygon begins in the rings, its outer ring first, and the end."""

_NO_RINGS: Rings = (np.empty((0, 2)), np.zeros(1, np.int64), np.zeros(1, np.int64))


def _trace(logits: FloatArray) -> Rings:
    """The zero contour of logits [H, W] in patch pixels, NaN counting as outside.

    Beyond the outermost cell centres, half a cell from the border, the logits are held
    constant: an object that is cut by the border runs straight on and closes outside it, to be
    clipped by the caller.
    """
    inside = logits > 0
    rows, cols = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return _NO_RINGS
    # The mask and two cells around it, of which at the border one or both are padding.
    top, left = int(rows[0]) - EDGE_PAD, int(cols[0]) - EDGE_PAD
    bottom, right = int(rows[-1]) + EDGE_PAD + 1, int(cols[-1]) + EDGE_PAD + 1
    height, width = logits.shape
    field = np.nan_to_num(
        logits[max(top, 0) : bottom, max(left, 0) : right],
        nan=OUTSIDE_LOGIT, neginf=OUTSIDE_LOGIT, posinf=-OUTSIDE_LOGIT,
    )  # fmt: skip
    missing = ((max(-top, 0), max(bottom - height, 0)), (max(-left, 0), max(right - width, 0)))
    if np.any(missing):
        field = np.pad(field, missing, mode="edge")
        field[0], field[-1], field[:, 0], field[:, -1] = (OUTSIDE_LOGIT,) * 4
    generator = contour_generator(
        x=LOGIT_CELL * (np.arange(left, right, dtype=np.float64) + 0.5),
        y=LOGIT_CELL * (np.arange(top, bottom, dtype=np.float64) + 0.5),
        z=field,
        fill_type=FillType.ChunkCombinedOffsetOffset,
    )
    # Of the one chunk that there is.
    filled: tuple[Any, ...] = generator.filled(0.0, float(field.max()) + 1.0)
    (points,), (rings,), (polygons,) = filled
    return points, rings.astype(np.int64), polygons.astype(np.int64)


def _large_enough(rings: Rings, options: PolygonOptions) -> Parts:
    """The parts, and their holes, that may be as large as the options ask for once they are
    simplified: what is not need not be made a geometry at all.

    Simplifying moves no point of a ring further than the tolerance, and so changes its area by
    at most the tolerance times its length.
    """
    points, ring_starts, part_starts = rings
    if len(part_starts) < 2:
        return np.empty(0, object)
    area, length = _ring_measures(points, ring_starts)
    may_have = area + options.simplify_px * length
    outer = part_starts[:-1]
    keeps = may_have >= options.min_hole_px
    keeps[outer] = may_have[outer] >= options.min_area_px
    rings_of_part = np.diff(part_starts)
    keeps &= np.repeat(keeps[outer], rings_of_part)
    kept_of_part = np.add.reduceat(keeps, outer, dtype=np.int64)
    points_of_ring = np.diff(ring_starts)
    return np.asarray(
        shapely.from_ragged_array(
            shapely.GeometryType.POLYGON,
            points[np.repeat(keeps, points_of_ring)],
            (_starts(points_of_ring[keeps]), _starts(kept_of_part[kept_of_part > 0])),
        )
    )


def _ring_measures(points: CoordArray, starts: npt.NDArray[Any]) -> tuple[CoordArray, CoordArray]:
    """Area, positive whichever way a ring runs, and length of each closed ring."""
    x, y = points[:-1].T
    dx, dy = np.diff(points, axis=0).T
    cross, step = x * dy - y * dx, np.hypot(dx, dy)
    between = starts[1:-1] - 1  # from the end of a ring to the beginning of the next
    cross[between], step[between] = 0, 0
    area = np.abs(np.add.reduceat(cross, starts[:-1])) / 2
    return area, np.add.reduceat(step, starts[:-1])


def _starts(counts: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)])


def _meant(parts: Parts, prompt: Prompt) -> Parts:
    """The parts that the prompt's include points and box mean; all when it has neither."""
    include = prompt.points[prompt.labels == 1]
    if len(parts) < 2 or not (len(include) or prompt.box):
        return parts
    meant = np.zeros(len(parts), np.bool_)
    if len(include):
        distances = shapely.distance(parts[:, None], shapely.points(include))
        meant[distances.argmin(axis=0)] = True
    if prompt.box is not None:
        box = shapely.box(*prompt.box)
        met = shapely.intersects(parts, box)
        if met.any():
            areas = shapely.area(parts)
            meant |= met & (areas >= SMALLEST_SHARE * areas[met].max())
        elif not meant.any():
            meant[shapely.distance(parts, box).argmin()] = True
    return parts[meant]


def _each_valid(parts: Parts) -> Parts:
    """A part whose ring meets itself is taken apart; that none is leaves them as they are."""
    good = shapely.is_valid(parts)
    if good.all():
        return parts
    repaired = shapely.make_valid(parts[~good], method="structure", keep_collapsed=False)
    return np.concatenate([parts[good], _flat(repaired)])


def _flat(geometries: Parts) -> Parts:
    """Parts of parts, whatever they are."""
    return np.asarray(shapely.get_parts(shapely.get_parts(geometries)))


def _extent(logits: FloatArray, clip: BoxPixel | None) -> BoxPixel:
    height, width = (float(side * LOGIT_CELL) for side in logits.shape)
    if clip is None:
        return BoxPixel(0.0, 0.0, width, height)
    return BoxPixel(
        max(0.0, clip.xmin), max(0.0, clip.ymin), min(width, clip.xmax), min(height, clip.ymax)
    )


def _clipped(parts: Parts, extent: BoxPixel) -> Parts:
    """What lies within; only what reaches beyond costs anything."""
    xmin, ymin, xmax, ymax = shapely.bounds(parts).T
    beyond = (
        (xmin < extent.xmin) | (ymin < extent.ymin) | (xmax > extent.xmax) | (ymax > extent.ymax)
    )
    if not beyond.any():
        return parts
    box = shapely.box(*extent)
    return np.concatenate([parts[~beyond], _flat(shapely.intersection(parts[beyond], box))])


def _sifted(parts: Parts, options: PolygonOptions) -> Parts:
    """Without the small parts and the small holes, and without what has no area."""
    sifted = [_without_small_holes(part, options.min_hole_px) for part in parts if part.area > 0]
    return np.array([part for part in sifted if part.area >= options.min_area_px], object)


def _without_small_holes(part: Polygon, min_hole_px: float) -> Polygon:
    holes = list(part.interiors)
    kept = [hole for hole in holes if Polygon(hole).area >= min_hole_px]
    return part if len(kept) == len(holes) else Polygon(part.exterior, kept)


def polygonal(polygons: Iterable[Polygon]) -> Polygonal:
    """One geometry of them all, not checked; an empty polygon when there are none."""
    parts = [p for p in polygons if not p.is_empty]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts) if parts else Polygon()


def valid(geometry: shapely.Geometry) -> Polygonal:
    """The same area as a valid geometry; points and lines that a repair leaves are dropped."""
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if isinstance(geometry, Polygon | MultiPolygon):
        return geometry
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return polygonal(part for part in parts if isinstance(part, Polygon))
