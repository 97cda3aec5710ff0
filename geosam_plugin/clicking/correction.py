"""A feature that is taken up again, in whatever cache is open now: a saved object from its prompts,
any other polygon from its shape."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY, QgsProject

from geosam_plugin.clicking.draft import Draft, corrected
from geosam_plugin.clicking.image import ClickedImage
from geosam_plugin.clicking.placing import MapView, Placing
from geosam_plugin.clicking.prompts import (
    BOX,
    EXCLUDE,
    INCLUDE,
    SHAPE,
    Point,
    Prompt,
    shape_prompt,
)
from geosam_plugin.geometry import LayerError, Shape, crs_from_text, in_crs

POINTS_PER_EDGE = 16
"""Of a box that comes from another CRS, where its sides are curves."""


def correction_of(
    found: dict[str, Any], replaces: object, image: ClickedImage, project: QgsProject
) -> Draft | None:
    """An object to be clicked on; None when its place cannot be told in the image's CRS.

    found: what it was saved with, as `saving.provenance.prompts_of` reads it
    replaces: the feature that is replaced when it is saved
    """
    crs = crs_from_text(found["crs"])
    if not crs.isValid():
        crs = image.crs
    prompts = _prompts(found, crs, Placing(image.crs, project))
    if not prompts:
        return None
    return corrected(image, tuple(prompts), found["candidate"], replaces)


def correction_of_shape(
    shape: Shape, replaces: object, image: ClickedImage, project: QgsProject
) -> Draft | None:
    """An object of about this shape, to be clicked on; None when its place cannot be told in the
    image's CRS."""
    try:
        rings = _rings(in_crs(shape, image.crs, project))
    except LayerError:
        return None
    return corrected(image, (shape_prompt(rings),), 0, replaces) if rings else None


def _rings(geometry: QgsGeometry) -> list[list[Point]]:
    """Of all parts, holes as well."""
    parts = geometry.asMultiPolygon() if geometry.isMultipart() else [geometry.asPolygon()]
    rings = [[(point.x(), point.y()) for point in ring[:-1]] for part in parts for ring in part]
    return [ring for ring in rings if ring]


def _prompts(
    found: dict[str, Any], crs: QgsCoordinateReferenceSystem, placing: Placing
) -> list[Prompt]:
    """Empty when one of them has no place in the raster's CRS."""
    upright = "box" in found and crs == placing.crs
    given = [(INCLUDE, [point]) for point in found.get("include", [])]
    given += [(EXCLUDE, [point]) for point in found.get("exclude", [])]
    ring_sizes = tuple(len(ring) for ring in found.get("shape", []))
    if ring_sizes:
        given.append((SHAPE, [point for ring in found["shape"] for point in ring]))
    elif "box" in found:
        given.append((BOX, _outline(found["box"], 1 if upright else POINTS_PER_EDGE)))
    elif "box_outline" in found:
        given.append((BOX, found["box_outline"]))
    size = found["pixel_size"]
    if size is not None and given:
        size = placing.pixel_size(QgsPointXY(*given[0][1][0]), MapView(crs, size))
    prompts = []
    for kind, points in given:
        placed = placing.to_raster([QgsPointXY(x, y) for x, y in points], crs)
        if not placed:
            return []
        sizes = ring_sizes if kind == SHAPE else ()
        prompts.append(Prompt(kind, tuple(placed), upright and kind == BOX, size, sizes))
    return prompts


def _outline(box: list[float], per_edge: int) -> list[Point]:
    """Of xmin, ymin, xmax, ymax; the first point is not repeated."""
    xmin, ymin, xmax, ymax = box
    ring = [(xmin, ymin), (xmax, ymin), (xmax, ymax), (xmin, ymax)]
    return [
        (x0 + step / per_edge * (x1 - x0), y0 + step / per_edge * (y1 - y0))
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1])
        for step in range(per_edge)
    ]
