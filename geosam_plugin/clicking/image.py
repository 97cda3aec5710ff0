"""An image that is clicked, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsRectangle

from geosam_plugin.clicking.prompts import Point, Prompts
from geosam_plugin.raster_axes import RasterAxes


@dataclass(eq=False)
class ClickedImage:
    """A raster by one of its caches. Objects refer to the image that they were begun in, whatever
    is chosen by the time they are answered and saved. Two caches of one raster, of two models
    say, are equal: objects go from one to the other.

    cache: path; "" for no image
    crs: of the raster's layer, which the user may override at any time
    raster: path of the raster; "" if unknown
    axes: how the raster lies for the engine; all places here are those of the layer
    described: what the engine told on opening it; empty until then
    is_opening: the engine is asked for that
    coverage: what is encoded, in the raster's CRS, once it was asked for
    outside: prompts that lie where nothing is encoded yet
    """

    cache: str = ""
    crs: QgsCoordinateReferenceSystem = field(default_factory=QgsCoordinateReferenceSystem)
    raster: str = ""
    axes: RasterAxes = field(default_factory=RasterAxes)
    described: dict[str, Any] = field(default_factory=dict)
    is_opening: bool = False
    coverage: QgsGeometry = field(default_factory=QgsGeometry)
    outside: Prompts = ()

    def covers(self, points: Sequence[Point]) -> bool:
        """Whether what is drawn by these points meets the raster."""
        if not points:
            return False  # the raster's CRS does not reach there
        if "bounds" not in self.described:
            return True  # not known yet: the engine will tell
        xs, ys = zip(*points)
        drawn = QgsRectangle(min(xs), min(ys), max(xs), max(ys))
        return self.axes.rectangle(self.described["bounds"]).intersects(drawn)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ClickedImage):
            return NotImplemented
        if self.raster and other.raster:
            return self.raster == other.raster
        return self.cache == other.cache
