"""What the map shows of the image that is clicked, as places that are to be encoded first."""

from __future__ import annotations

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.fill import Place
from geosam_plugin.clicking.map_overlay import MapOverlay
from geosam_plugin.clicking.prompts import Point


class LookedAt:
    """Between a map and the controller's image."""

    def __init__(self, controller: Controller, overlay: MapOverlay) -> None:
        self._controller = controller
        self._overlay = overlay

    @property
    def middle(self) -> Place | None:
        """The middle of the map; None where the image's CRS does not reach, and beyond the core of
        a block: what is seen there is soon another's."""
        point, core = self._point, self._controller.image.core
        if point is None or (core is not None and not core.contains(*point)):
            return None
        return self._place(point)

    @property
    def first(self) -> Place | None:
        """Where to begin: the middle of the map, or the place of a block's core that is nearest to
        it. Where the image's CRS does not reach, the middle of a file; None for a block, of which
        nothing is fetched that nobody looks at."""
        point, image = self._point, self._controller.image
        if image.core is None:
            centre = image.extent.center()
            return self._place(point or (centre.x(), centre.y()))
        if point is None:
            return None
        x, y = point
        core = image.core
        nearest_x = min(max(x, core.xMinimum()), core.xMaximum())
        return self._place((nearest_x, min(max(y, core.yMinimum()), core.yMaximum())))

    def around(self, place: Place) -> Place:
        """With what the map shows, beyond which nothing of a web map is fetched."""
        if not self._controller.image.is_block:
            return place
        outline = self._controller.placing.to_raster(self._overlay.outline, self._overlay.view.crs)
        if not outline:
            return place
        xs, ys = zip(*outline)
        return {**place, "extent": [min(xs), min(ys), max(xs), max(ys)]}

    @property
    def _point(self) -> Point | None:
        """The middle of the map in the image's CRS."""
        points = self._controller.placing.to_raster([self._overlay.middle], self._overlay.view.crs)
        return points[0] if points else None

    def _place(self, point: Point) -> Place:
        size = self._controller.placing.pixel_size(self._overlay.middle, self._overlay.view)
        place = self._controller.image.focus([point], size, self._controller.options)
        return self.around(place)
