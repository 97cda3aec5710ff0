"""What is drawn over the map while an object is clicked: dashed until it is saved."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

INCLUDE_COLOUR = QColor("#1a9850")
EXCLUDE_COLOUR = QColor("#d73027")
PENDING_COLOUR = QColor("#ffe600")
CASING_COLOUR = QColor(0, 0, 0, 150)
"""Behind dashes and dots, so that they are seen on fields as well as on roofs."""
HOVER_COLOUR = QColor("#ffffff")
COVERAGE_COLOUR = QColor("#7b3294")


class Preview:
    """Rubber bands and markers on a canvas; everything is given in the map's CRS, but shapes,
    which come with their own."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._coverage = outline_band(canvas, COVERAGE_COLOUR, 3, 0, Qt.PenStyle.SolidLine)
        self._hover = outline_band(canvas, HOVER_COLOUR, 1, 45, Qt.PenStyle.DotLine)
        self._hover.setSecondaryStrokeColor(CASING_COLOUR)
        self._pending = outline_band(canvas, PENDING_COLOUR, 2, 60, Qt.PenStyle.DashLine)
        self._pending.setSecondaryStrokeColor(CASING_COLOUR)
        self._extent = outline_band(canvas, INCLUDE_COLOUR, 2, 0, Qt.PenStyle.DashDotLine)
        self._drag = outline_band(canvas, INCLUDE_COLOUR, 1, 25, Qt.PenStyle.SolidLine)
        self._markers: list[QgsVertexMarker] = []

    @property
    def pending(self) -> QgsGeometry:
        """The pending shape, in the map's CRS; empty when there is none."""
        return self._pending.asGeometry()

    @property
    def markers(self) -> int:
        return len(self._markers)

    def show_pending(self, geometry: QgsGeometry | None, crs: QgsCoordinateReferenceSystem) -> None:
        show_outline(self._pending, geometry, crs)

    def show_hover(self, geometry: QgsGeometry | None, crs: QgsCoordinateReferenceSystem) -> None:
        show_outline(self._hover, geometry, crs)

    def show_coverage(
        self, geometry: QgsGeometry | None, crs: QgsCoordinateReferenceSystem
    ) -> None:
        show_outline(self._coverage, geometry, crs)

    def show_extent(self, rings: Sequence[Sequence[QgsPointXY]]) -> None:
        """What says how large the object is: a box, or the rings of a shape."""
        self._extent.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
        for ring in rings:
            self._extent.addGeometry(QgsGeometry.fromPolygonXY([list(ring)]), None)

    def show_drag(self, outline: Sequence[QgsPointXY]) -> None:
        _show_ring(self._drag, outline)

    def show_clicks(self, included: Sequence[QgsPointXY], excluded: Sequence[QgsPointXY]) -> None:
        """Shapes as well as colours: not everybody tells red from green."""
        self._remove_markers()
        for point in included:
            self._add_marker(point, QgsVertexMarker.IconType.ICON_CIRCLE, INCLUDE_COLOUR)
        for point in excluded:
            self._add_marker(point, QgsVertexMarker.IconType.ICON_X, EXCLUDE_COLOUR)

    def remove(self) -> None:
        """Take everything off the canvas, for good."""
        self._remove_markers()
        for band in (self._coverage, self._hover, self._pending, self._extent, self._drag):
            self._canvas.scene().removeItem(band)

    def _add_marker(
        self, point: QgsPointXY, icon: QgsVertexMarker.IconType, colour: QColor
    ) -> None:
        marker = QgsVertexMarker(self._canvas)
        marker.setCenter(point)
        marker.setIconType(icon)
        marker.setColor(colour)
        marker.setFillColor(QColor(255, 255, 255, 180))
        marker.setIconSize(12)
        marker.setPenWidth(3)
        self._markers.append(marker)

    def _remove_markers(self) -> None:
        for marker in self._markers:
            self._canvas.scene().removeItem(marker)
        self._markers = []


def outline_band(
    canvas: QgsMapCanvas, colour: QColor, width: int, opacity: int, style: Qt.PenStyle
) -> QgsRubberBand:
    band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
    band.setStrokeColor(colour)
    band.setFillColor(QColor(colour.red(), colour.green(), colour.blue(), opacity))
    band.setWidth(width)
    band.setLineStyle(style)
    return band


def show_outline(
    band: QgsRubberBand, geometry: QgsGeometry | None, crs: QgsCoordinateReferenceSystem
) -> None:
    if geometry is None or geometry.isEmpty():
        band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
    else:
        band.setToGeometry(geometry, crs)


def _show_ring(band: QgsRubberBand, outline: Sequence[QgsPointXY]) -> None:
    if outline:
        band.setToGeometry(QgsGeometry.fromPolygonXY([list(outline)]), None)
    else:
        band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
