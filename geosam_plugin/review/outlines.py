"""Old and new outline of a candidate on the map, told apart by dashes as well as by colour."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCsException,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from geosam_plugin.clicking.preview import CASING_COLOUR, outline_band, show_outline
from geosam_plugin.geometry import transform_between

OLD_COLOUR, NEW_COLOUR = QColor("#ff7f00"), QColor("#00e5ff")
OLD_STYLE, NEW_STYLE = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
WIDTH_PX = 3

MARGIN = 2.5
"""The map shows so many times what a candidate takes up: one has to see what surrounds it."""

LEAST_SCALE = 150.0
"""No closer, however small it is: 1:150 is 30 m across a window of 750 pixels."""


class Outlines:
    """Two rubber bands on a canvas."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._old = outline_band(canvas, OLD_COLOUR, WIDTH_PX, 0, OLD_STYLE)
        self._new = outline_band(canvas, NEW_COLOUR, WIDTH_PX, 30, NEW_STYLE)
        for band in (self._old, self._new):
            band.setSecondaryStrokeColor(CASING_COLOUR)

    @property
    def old(self) -> QgsGeometry:
        """As shown, in the map's CRS; empty for none."""
        return self._old.asGeometry()

    @property
    def new(self) -> QgsGeometry:
        return self._new.asGeometry()

    def show(
        self,
        old: QgsGeometry | None,
        new: QgsGeometry | None,
        crs: QgsCoordinateReferenceSystem,
    ) -> None:
        show_outline(self._old, old, crs)
        show_outline(self._new, new, crs)

    def hide(self) -> None:
        self.show(None, None, QgsCoordinateReferenceSystem())

    def zoom_to(
        self,
        outlines: Sequence[QgsGeometry],
        crs: QgsCoordinateReferenceSystem,
        project: QgsProject,
    ) -> None:
        """Have the map show these, which are in `crs`, and what surrounds them."""
        extent = QgsRectangle()
        extent.setMinimal()
        for outline in outlines:
            extent.combineExtentWith(outline.boundingBox())
        map_crs = self._canvas.mapSettings().destinationCrs()
        try:
            extent = transform_between(crs, map_crs, project).transformBoundingBox(extent)
        except QgsCsException:
            return  # the map's CRS does not reach there
        extent.scale(MARGIN)
        self._canvas.setExtent(extent)
        if self._canvas.scale() < LEAST_SCALE:
            self._canvas.zoomScale(LEAST_SCALE)
        self._canvas.refresh()

    def remove(self) -> None:
        """Take them off the canvas, for good."""
        for band in (self._old, self._new):
            self._canvas.scene().removeItem(band)
