"""The part of the map that is wanted, kept within the world that the layer can show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import atan, degrees, pi, sinh
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.basemap.tile_grid import HALF_WORLD_M
from geosam_plugin.layer_to_raster.native_pixels import WEB_MERCATOR
from geosam_plugin.layer_to_raster.refusal import EXTENT, RefusedError

translate = QCoreApplication.translate

MAX_LATITUDE = degrees(atan(sinh(pi)))
"""Where the square world of web maps ends: 85.05 degrees."""

_NUMBER = r"\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*"
_BOX = re.compile(rf"{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}(?:\[.*\])?\s*", re.IGNORECASE)


def west_and_east(value: Any) -> tuple[float, float] | None:
    """Of an extent as scripts write it, which QGIS puts into the order that suits it: whoever
    writes that the west is east of the east means what lies across the antimeridian."""
    found = _BOX.fullmatch(value) if isinstance(value, str) else None
    return (float(found[1]), float(found[2])) if found else None


@dataclass(frozen=True)
class World:
    """What a CRS has of the earth: from -x to x, and as far as -y to y where web maps show it."""

    x: float
    y: float
    unit: str

    @classmethod
    def of(cls, crs: QgsCoordinateReferenceSystem) -> World | None:
        """None for a CRS of a part of the earth."""
        if crs.isGeographic():
            return cls(180.0, MAX_LATITUDE, "degrees")
        if crs.authid() == WEB_MERCATOR:
            return cls(HALF_WORLD_M, HALF_WORLD_M, "metres")
        return None


def require_one_side(
    extent: QgsReferencedRectangle, west_east: tuple[float, float] | None = None
) -> None:
    """Raises RefusedError for what lies across the antimeridian, where coordinates start anew."""
    world = World.of(extent.crs())
    if world is None:
        return
    west, east = west_east or (extent.xMinimum(), extent.xMaximum())
    slack = 1e-6 * world.x
    if west <= east and west >= -world.x - slack and east <= world.x + slack:
        return
    turn = 2 * world.x
    first, last = (edge - turn if edge > world.x else edge + turn if edge < -world.x else edge
                   for edge in (west, east))  # fmt: skip
    if first < last:
        first, last = west, east  # more than once around
    south, north = extent.yMinimum(), extent.yMaximum()
    raise RefusedError(
        EXTENT,
        translate(
            "GeoSAM",
            "It crosses the antimeridian. Make two rasters, of {west} and of {east}.",
        ).format(
            west=f"{first:.8g},{world.x:.8g},{south:.8g},{north:.8g}",
            east=f"{-world.x:.8g},{last:.8g},{south:.8g},{north:.8g}",
        ),
    )


def cut_to_web_maps(extent: QgsReferencedRectangle) -> QgsReferencedRectangle:
    """What of an extent is in the square world; raises RefusedError where that is nothing."""
    world = World.of(extent.crs())
    if world is None:
        return extent
    square = QgsRectangle(-world.x, -world.y, world.x, world.y)
    cut = extent.intersect(square)
    if cut.isEmpty():
        raise RefusedError(
            EXTENT,
            translate("GeoSAM", "Web maps end at {:.2f} degrees.").format(MAX_LATITUDE),
        )
    return QgsReferencedRectangle(cut, extent.crs())


def box_in(
    extent: QgsReferencedRectangle,
    crs: QgsCoordinateReferenceSystem,
    transforms: QgsCoordinateTransformContext,
) -> QgsRectangle:
    """The box around an extent in another CRS; raises RefusedError where that cannot show it."""
    if not extent.crs().isValid() or not crs.isValid() or extent.crs() == crs:
        return QgsRectangle(extent)
    transform = QgsCoordinateTransform(extent.crs(), crs, transforms)
    try:
        box = transform.transformBoundingBox(extent)
    except QgsCsException:
        box = QgsRectangle()
    if box.isNull() or not box.isFinite() or box.isEmpty():
        raise RefusedError(
            EXTENT,
            translate("GeoSAM", "It has no place in the CRS {crs}.").format(
                crs=crs.authid() or crs.description()
            ),
        )
    return box
