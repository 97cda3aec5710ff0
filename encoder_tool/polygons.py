"""From mask logits to georeferenced polygons.

Contours are traced at sub-pixel precision on the logits themselves, by linear interpolation
between cell centres, never on a 0/1 staircase. Tolerances and areas are in pixels of the
patch's level, so that the same options mean the same picture detail at every level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine
from contourpy import FillType, contour_generator
from pyproj import Geod
from shapely import MultiPolygon, Polygon

from encoder_tool.crs import crs_name, geodetic_crs, parse_crs, transform_points
from encoder_tool.errors import OutputError, UsageError
from encoder_tool.types import LOGIT_CELL, BoxPixel, CoordArray, FloatArray

Polygonal: TypeAlias = Polygon | MultiPolygon
Move: TypeAlias = Callable[[CoordArray], CoordArray]

EDGE_PAD = 2
"""Cells added around the logits: one of edge replication, one that is outside the object."""

OUTSIDE_LOGIT = -32.0
"""What counts as clearly outside the object: NaN cells, and the cells beyond the border."""

DENSIFY_ROUNDS = 16
MAX_EDGES = 50_000


@dataclass(frozen=True, slots=True)
class PolygonOptions:
    """How a mask becomes polygons; lengths and areas in pixels of the patch's level.

    simplify_px: how far the outline may move when vertices are left out; 0 keeps them all
    min_area_px: parts smaller than this are dropped
    min_hole_px: holes smaller than this are filled
    largest_part_only: keep one part, the largest

    A logit cell is 4 x 4 pixels: what is smaller than that (the default) is interpolation.
    """

    simplify_px: float = 0.25
    min_area_px: float = float(LOGIT_CELL**2)
    min_hole_px: float = float(LOGIT_CELL**2)
    largest_part_only: bool = False

    def __post_init__(self) -> None:
        for name in ("simplify_px", "min_area_px", "min_hole_px"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0):
                raise UsageError(f"{name} must be a number of at least 0, not {value}.")


DEFAULT_OPTIONS = PolygonOptions()


def mask_to_polygon(
    logits: FloatArray,
    patch_to_map: Affine,
    options: PolygonOptions = DEFAULT_OPTIONS,
    clip: BoxPixel | None = None,
) -> Polygonal:
    """The mask's outline in map units: always valid, empty when nothing is left.

    logits: [H, W], positive inside; cell (r, c) is centred at pixel (4(c+0.5), 4(r+0.5))
    patch_to_map: pixel (x, y) of the logits' patch to map
    clip: the part of the patch that the raster covers, in patch pixels; None for all of it
    """
    return to_map(mask_to_pixels(logits, options, clip), patch_to_map)


def mask_to_pixels(
    logits: FloatArray,
    options: PolygonOptions = DEFAULT_OPTIONS,
    clip: BoxPixel | None = None,
) -> Polygonal:
    """As `mask_to_polygon`, in pixels of the patch.

    An object that reaches the border of the patch (or of `clip`) ends exactly there. The clip
    comes after the simplification, which would otherwise round its corners.
    """
    outline = trace(logits)
    if outline.is_empty:
        return outline
    if options.simplify_px > 0:
        outline = shapely.simplify(outline, options.simplify_px, preserve_topology=True)
    height, width = (side * LOGIT_CELL for side in logits.shape)
    box = (0.0, 0.0, float(width), float(height))
    if clip is not None:
        box = (max(box[0], clip.xmin), max(box[1], clip.ymin),
               min(box[2], clip.xmax), min(box[3], clip.ymax))  # fmt: skip
    xmin, ymin, xmax, ymax = outline.bounds
    if xmin < box[0] or ymin < box[1] or xmax > box[2] or ymax > box[3]:
        outline = shapely.intersection(_valid(outline), shapely.box(*box))
    return _sifted(_valid(outline), options)


def trace(logits: FloatArray) -> Polygonal:
    """The zero contour of logits [H, W] in patch pixels, NaN counting as outside.

    Beyond the outermost cell centres, half a cell from the border, the logits are held
    constant: an object that is cut by the border runs straight on and closes outside it, to be
    clipped by the caller.
    """
    field = np.nan_to_num(
        logits, nan=OUTSIDE_LOGIT, neginf=OUTSIDE_LOGIT, posinf=-OUTSIDE_LOGIT
    )  # fmt: skip
    field = np.pad(field, 1, mode="edge")
    field = np.pad(field, EDGE_PAD - 1, constant_values=OUTSIDE_LOGIT)
    inside = field > 0
    rows, cols = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return Polygon()
    top, left = rows[0] - 1, cols[0] - 1
    field = field[top : rows[-1] + 2, left : cols[-1] + 2]
    generator = contour_generator(
        x=_cell_centres(left, field.shape[1]),
        y=_cell_centres(top, field.shape[0]),
        z=field,
        fill_type=FillType.OuterOffset,
    )
    outlines = zip(*generator.filled(0.0, float(field.max()) + 1.0), strict=True)
    rings = (_rings(points, offsets) for points, offsets in outlines)
    return _valid(_polygonal(Polygon(outer, holes) for outer, *holes in rings))


def _cell_centres(first: int, count: int) -> CoordArray:
    """Patch pixels of `count` padded cells from index `first` on."""
    return LOGIT_CELL * (np.arange(first, first + count, dtype=np.float64) - EDGE_PAD + 0.5)


def _rings(points: CoordArray, offsets: npt.NDArray[Any]) -> list[CoordArray]:
    return [points[start:stop] for start, stop in pairwise(offsets)]


def _polygonal(polygons: Iterable[Polygon]) -> Polygonal:
    parts = [p for p in polygons if not p.is_empty]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts) if parts else Polygon()


def _valid(geometry: shapely.Geometry) -> Polygonal:
    """The same area as a valid geometry; points and lines that a repair leaves are dropped."""
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if isinstance(geometry, Polygon | MultiPolygon):
        return geometry
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return _polygonal(part for part in parts if isinstance(part, Polygon))


def _sifted(geometry: Polygonal, options: PolygonOptions) -> Polygonal:
    """Without the small parts and the small holes."""
    parts = [
        Polygon(part.exterior, [h for h in part.interiors if _area(h) >= options.min_hole_px])
        for part in shapely.get_parts(geometry)
        if part.area > 0
    ]
    parts = [part for part in parts if part.area >= options.min_area_px]
    if options.largest_part_only and parts:
        parts = [max(parts, key=lambda part: part.area)]
    return _polygonal(parts)


def _area(ring: shapely.LinearRing) -> float:
    return float(Polygon(ring).area)


def to_map(geometry: Polygonal, pixel_to_map: Affine) -> Polygonal:
    """Pixels to map units, by the affine alone."""
    a, b, c, d, e, f = pixel_to_map[:6]

    def apply(points: CoordArray) -> CoordArray:
        x, y = points[:, 0], points[:, 1]
        return np.column_stack([a * x + b * y + c, d * x + e * y + f])

    return _valid(shapely.transform(geometry, apply))


def to_crs(
    geometry: Polygonal, source: str, target: str, tolerance: float | None = None
) -> Polygonal:
    """The geometry in another CRS, its edges kept where they were.

    A straight edge is curved in another CRS, so long edges get vertices until none strays more
    than `tolerance`, in units of the source CRS (default: 1/10,000 of the geometry's extent).
    In longitude and latitude, what crosses the 180th meridian is cut there.

    Raises OutputError when the target CRS is unknown or cannot express the geometry.
    """
    if source == target or geometry.is_empty:
        return geometry
    xmin, ymin, xmax, ymax = geometry.bounds
    if tolerance is None:
        tolerance = 1e-4 * max(xmax - xmin, ymax - ymin)
    try:
        turn = _full_turn(target)
        ((centre, _),) = transform_points(
            np.array([[xmin + xmax, ymin + ymax]]) / 2, source, target
        )

        def move(points: CoordArray) -> CoordArray:
            """Longitudes may leave +-180, so that they do not jump within the geometry."""
            x, y = transform_points(points, source, target).T
            return np.column_stack([x - turn * np.round((x - centre) / turn) if turn else x, y])

        def move_back(points: CoordArray) -> CoordArray:
            return transform_points(points, target, source)

        moved = shapely.transform(_densified(geometry, move, move_back, tolerance), move)
    except UsageError as error:
        raise OutputError(error.message, error.hint) from error
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        raise OutputError(
            f"The polygon cannot be expressed in {crs_name(target)}.",
            "Choose an output CRS that covers the place.",
        )
    return _wrapped(_valid(moved), turn) if turn else _valid(moved)


def _full_turn(crs: str) -> float:
    """A turn in the units of a geographic CRS; 0 for all others."""
    parsed = parse_crs(crs)
    if not parsed.is_geographic:
        return 0.0
    return float(2 * np.pi / parsed.axis_info[0].unit_conversion_factor)


def _wrapped(geometry: Polygonal, turn: float) -> Polygonal:
    """Cut at the 180th meridian, as RFC 7946 asks, and everything back within +-180."""
    xmin, _, xmax, _ = geometry.bounds
    half = turn / 2
    if -half <= xmin and xmax <= half:
        return geometry
    world = shapely.box(-half, -turn, half, turn)
    turned = (shapely.affinity.translate(geometry, k * turn) for k in (-1, 0, 1))
    pieces = [_valid(shapely.intersection(piece, world)) for piece in turned]
    return _polygonal(part for piece in pieces for part in shapely.get_parts(piece))


def _densified(geometry: Polygonal, move: Move, move_back: Move, tolerance: float) -> Polygonal:
    """Vertices added until edges that are straight after `move` stay true before it."""
    for _ in range(DENSIFY_ROUNDS):
        starts, ends = _edges(geometry)
        moved = move(np.vstack([starts, ends]))
        middles = (moved[: len(starts)] + moved[len(starts) :]) / 2
        strays = np.hypot(*(move_back(middles) - (starts + ends) / 2).T)
        worst = int(np.argmax(strays))
        if not strays[worst] > tolerance or not np.isfinite(strays[worst]):
            break
        # An edge strays by the square of its length; a tenth less, for the curvature varies.
        length = 0.9 * np.hypot(*(ends[worst] - starts[worst]))
        length *= max(np.sqrt(tolerance / strays[worst]), 0.1)
        if geometry.length > MAX_EDGES * length:  # torn, not bent: no vertices mend that
            break
        geometry = shapely.segmentize(geometry, length)
    return geometry


def _edges(geometry: Polygonal) -> tuple[CoordArray, CoordArray]:
    """Starts and ends [E, 2] of all edges of all rings."""
    rings = shapely.get_rings(shapely.get_parts(geometry))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    return points[:-1][joined], points[1:][joined]


def geodesic_area_m2(geometry: Polygonal, crs: str | None) -> float | None:
    """The area on the ellipsoid; None without a CRS or in a local one."""
    if crs is None:
        return None
    geodetic = geodetic_crs(crs)
    if geodetic is None:
        return None
    geod = parse_crs(geodetic).get_geod() or Geod(ellps="WGS84")
    area, _ = geod.geometry_area_perimeter(shapely.normalize(to_crs(geometry, crs, geodetic)))
    return abs(float(area))
