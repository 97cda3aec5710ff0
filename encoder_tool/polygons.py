"""From mask logits to georeferenced polygons: outlines in pixels go to the map, and from CRS
to CRS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import shapely
from affine import Affine
from pyproj import Geod

from encoder_tool.crs import crs_name, geodetic_crs, parse_crs, transform_points
from encoder_tool.errors import OutputError, UsageError
from encoder_tool.outline import DEFAULT_OPTIONS as DEFAULT_OPTIONS
from encoder_tool.outline import Polygonal as Polygonal
from encoder_tool.outline import PolygonOptions as PolygonOptions
from encoder_tool.outline import mask_to_pixels as mask_to_pixels
from encoder_tool.outline import polygonal, valid
from encoder_tool.types import BoxPixel, CoordArray, FloatArray, Prompt

Move: TypeAlias = Callable[[CoordArray], CoordArray]

DENSIFY_ROUNDS = 16
MAX_EDGES = 50_000


def mask_to_polygon(
    logits: FloatArray,
    patch_to_map: Affine,
    options: PolygonOptions = DEFAULT_OPTIONS,
    clip: BoxPixel | None = None,
    prompt: Prompt | None = None,
) -> Polygonal:
    """As `mask_to_pixels`, in map units: always valid, empty when nothing is left.

    patch_to_map: pixel (x, y) of the logits' patch to map
    """
    return to_map(mask_to_pixels(logits, options, clip, prompt), patch_to_map)


def to_map(geometry: Polygonal, pixel_to_map: Affine) -> Polygonal:
    """Pixels to map units, by the affine alone."""
    a, b, c, d, e, f = pixel_to_map[:6]

    def apply(points: CoordArray) -> CoordArray:
        x, y = points[:, 0], points[:, 1]
        return np.column_stack([a * x + b * y + c, d * x + e * y + f])

    return valid(shapely.transform(geometry, apply))


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
    return _wrapped(valid(moved), turn) if turn else valid(moved)


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
    pieces = [valid(shapely.intersection(piece, world)) for piece in turned]
    return polygonal(part for piece in pieces for part in shapely.get_parts(piece))


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
