"""An image that is clicked, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry

from geosam_plugin.clicking.prompts import Prompts


@dataclass(eq=False)
class ClickedImage:
    """A raster by one of its caches. Objects refer to the image that they were begun in, whatever
    is chosen by the time they are answered and saved. Two caches of one raster, of two models
    say, are equal: objects go from one to the other.

    cache: path; "" for no image
    crs: of the raster's layer, which the user may override at any time
    raster: path of the raster; "" if unknown
    described: what the engine told on opening it; empty until then
    is_opening: the engine is asked for that
    coverage: what is encoded, in the raster's CRS, once it was asked for
    outside: prompts that lie where nothing is encoded yet
    """

    cache: str = ""
    crs: QgsCoordinateReferenceSystem = field(default_factory=QgsCoordinateReferenceSystem)
    raster: str = ""
    described: dict[str, Any] = field(default_factory=dict)
    is_opening: bool = False
    coverage: QgsGeometry = field(default_factory=QgsGeometry)
    outside: Prompts = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ClickedImage):
            return NotImplemented
        if self.raster and other.raster:
            return self.raster == other.raster
        return self.cache == other.cache
