"""From the map to the raster and back: everything that crosses the door is in the raster's CRS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

from qgis.core import QgsCoordinateReferenceSystem, QgsCsException, QgsPointXY, QgsProject

from geosam_plugin.clicking.prompts import Point
from geosam_plugin.geometry import transform_between


@dataclass(frozen=True)
class MapView:
    """The map on which something was clicked.

    pixel_size: side of a screen pixel, in map units
    is_upright: the screen's edges are along the axes of the map's CRS
    """

    crs: QgsCoordinateReferenceSystem
    pixel_size: float
    is_upright: bool = True


@dataclass(frozen=True)
class Placing:
    """The raster's CRS is that of its layer, which the user may have overridden; an unknown one
    is taken for the map's."""

    crs: QgsCoordinateReferenceSystem
    project: QgsProject

    def to_raster(
        self, points: Sequence[QgsPointXY], crs: QgsCoordinateReferenceSystem
    ) -> list[Point]:
        """Empty where the raster's CRS cannot express them."""
        moved = self._moved(points, crs, self.crs)
        return [(point.x(), point.y()) for point in moved]

    def to_map(
        self, points: Sequence[Point], crs: QgsCoordinateReferenceSystem
    ) -> list[QgsPointXY]:
        """Empty where the map's CRS cannot express them."""
        return self._moved([QgsPointXY(x, y) for x, y in points], self.crs, crs)

    def pixel_size(self, where: QgsPointXY, view: MapView) -> float | None:
        """A screen pixel's side in units of the raster's CRS; None where it cannot be told."""
        step = view.pixel_size
        corner = [
            where,
            QgsPointXY(where.x() + step, where.y()),
            QgsPointXY(where.x(), where.y() + step),
        ]
        points = self.to_raster(corner, view.crs)
        if not points:
            return None
        (x0, y0), (x1, y1), (x2, y2) = points
        area = abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))
        return sqrt(area) or None

    def _moved(
        self,
        points: Sequence[QgsPointXY],
        source: QgsCoordinateReferenceSystem,
        target: QgsCoordinateReferenceSystem,
    ) -> list[QgsPointXY]:
        transform = transform_between(source, target, self.project)
        try:
            moved = [transform.transform(point) for point in points]
        except QgsCsException:
            return []
        return moved if all(isfinite(p.x()) and isfinite(p.y()) for p in moved) else []
