"""Coordinate reference systems: parsing, and moving float64 coordinates between them.

A CRS travels as text: an authority code, WKT or a PROJ string. Axes are always x = easting or
longitude, y = northing or latitude, whatever the authority's order is.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from encoder_tool.errors import ExtentError, OutputError, UsageError
from encoder_tool.types import BoundsMap, CoordArray

NAME_LIMIT = 60
"""A sentence names a CRS in at most this many characters."""

EDGE_POINTS = 64
"""Points on each edge of a rectangle's outline when it goes into another CRS."""


@lru_cache(maxsize=64)
def parse_crs(text: str) -> CRS:
    """Raises UsageError for text that names no CRS."""
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise UsageError(
            f"The CRS {_shortened(text)!r} is not known.",
            "Give it as EPSG:32633, as WKT or as a PROJ string.",
        ) from error


def require_output_crs(crs: str, raster_crs: str | None) -> None:
    """Raises UsageError for a raster without a CRS, whose polygons cannot go into another one;
    OutputError for a CRS that is not known."""
    if raster_crs is None:
        raise UsageError(
            "The raster has no CRS, so its polygons cannot go into another one.",
            "Leave the output CRS out.",
        )
    try:
        parse_crs(crs)
    except UsageError as error:
        raise OutputError(error.message, error.hint) from error


def same_crs(one: str | None, other: str | None) -> bool:
    """Whether two texts mean the same CRS: PROJ's versions write one CRS in different words."""
    if one is None or other is None or one == other:
        return one == other
    return bool(parse_crs(one) == parse_crs(other))


def crs_name(text: str | None) -> str:
    """A short name for messages: the authority code where there is one."""
    if text is None:
        return "no CRS"
    crs = parse_crs(text)
    authority = crs.to_authority()
    return ":".join(authority) if authority else _shortened(crs.name)


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> Transformer:
    try:
        return Transformer.from_crs(parse_crs(source), parse_crs(target), always_xy=True)
    except ProjError as error:
        raise UsageError(
            f"Nothing is known about getting from {crs_name(source)} to {crs_name(target)}."
        ) from error


def transform_points(points: CoordArray, source: str, target: str) -> CoordArray:
    """Points [N, 2] as (x, y) from one CRS to another; inf where that fails.

    Raises UsageError when a CRS is unknown or the two cannot be related.
    """
    if source == target or len(points) == 0:
        return points
    x, y = _transformer(source, target).transform(points[:, 0], points[:, 1])
    return np.column_stack([x, y])


def transform_bounds(bounds: BoundsMap, source: str, target: str) -> BoundsMap:
    """The rectangle around a rectangle's outline in another CRS; infinite where that fails.

    The outline and not the corners: its edges bend. Raises as `transform_points` does.
    """
    if source == target:
        return bounds
    moved = _transformer(source, target).transform_bounds(*bounds, densify_pts=EDGE_POINTS)
    return BoundsMap(*moved)


def extent_in_raster_crs(extent: BoundsMap, crs: str, raster_crs: str | None) -> BoundsMap:
    """An extent given in `crs`, as the rectangle around it in the raster's.

    Raises ExtentError where that cannot be, and as `transform_points` does.
    """
    if raster_crs is None:
        raise ExtentError(
            "The raster has no CRS, so an extent in another one cannot be placed on it.",
            "Give the extent in the raster's own coordinates, without --extent-crs.",
        )
    bounds = transform_bounds(extent, crs, raster_crs)
    if not all(map(isfinite, bounds)):
        raise ExtentError(
            f"The extent cannot be expressed in the raster's CRS, {crs_name(raster_crs)}.",
            "Is the extent's CRS the right one, and is x the easting or longitude?",
        )
    return bounds


def geodetic_crs(text: str) -> str | None:
    """The longitude/latitude CRS that a CRS is built on; None for local (engineering) ones."""
    geodetic = parse_crs(text).geodetic_crs
    return None if geodetic is None else geodetic.to_wkt()


def _shortened(text: str) -> str:
    return text if len(text) <= NAME_LIMIT else text[: NAME_LIMIT - 1] + "…"
