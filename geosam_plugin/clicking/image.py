"""An image that is clicked, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY, QgsRectangle

from geosam_plugin.clicking.draft import PatchKey
from geosam_plugin.clicking.options import Options
from geosam_plugin.clicking.prompts import Point, Prompts
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.raster_axes import RasterAxes

NOT_YET = ("NotEncodedError", "CacheNotFoundError")
"""What comes with the next patches of an image that is being encoded."""


def middle_of(points: Sequence[Point]) -> QgsPointXY:
    """Of the box around them; `points`: one at least."""
    xs, ys = zip(*points)
    return QgsRectangle(min(xs), min(ys), max(xs), max(ys)).center()


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
    is_filling: it is being encoded while it is clicked; there need not be a cache yet
    grown: how often more of it came meanwhile
    extent: of its layer, for as long as the engine cannot tell
    core: of a part of a web map: where what is clicked is its own. Around it is a margin, which
        other parts have, too; None for other images
    """

    cache: str = ""
    crs: QgsCoordinateReferenceSystem = field(default_factory=QgsCoordinateReferenceSystem)
    raster: str = ""
    axes: RasterAxes = field(default_factory=RasterAxes)
    described: dict[str, Any] = field(default_factory=dict)
    is_opening: bool = False
    coverage: QgsGeometry = field(default_factory=QgsGeometry)
    outside: Prompts = ()
    is_filling: bool = False
    grown: int = 0
    extent: QgsRectangle | None = None
    core: QgsRectangle | None = None

    @property
    def is_block(self) -> bool:
        """Whether it is a part of a web map, of which there is more around it."""
        return self.core is not None

    @property
    def params(self) -> dict[str, Any]:
        """As parameters of the worker's `predict`. While the image is filling, no patch is asked
        that is worse than one to come of its level: what is found depends on no order, but for
        coarser levels, which are asked as well where the model is unsure, once they are there."""
        return {"cache": self.cache, **({"exact": True} if self.is_filling else {})}

    def covers(self, points: Sequence[Point]) -> bool:
        """Whether what is drawn by these points meets the raster."""
        if not points:
            return False  # the raster's CRS does not reach there
        if "bounds" in self.described:
            raster = self.axes.rectangle(self.described["bounds"])
        elif self.extent is not None:
            raster = self.extent
        else:
            return True  # not known yet: the engine will tell
        xs, ys = zip(*points)
        return raster.intersects(QgsRectangle(min(xs), min(ys), max(xs), max(ys)))

    def is_home_of(self, place: QgsPointXY) -> bool:
        """Whether what is clicked there is to be answered here, if that is on the raster: of parts
        of a web map, which overlap, one is."""
        return self.core is None or self.core.contains(place)

    def awaits(self, error: EngineError, grown: int | None = None) -> bool:
        """Whether the same question may have an answer when more is encoded; or has one by now,
        when `grown` was another when it was asked."""
        has_grown = grown not in (None, self.grown)
        return error.type in NOT_YET and (self.is_filling or has_grown)

    def keep_outside(self, asked: Prompts, left: Prompts) -> None:
        """What an object has lost of its prompts, since nothing is encoded there, is for when
        something is. Of several the last go first, one for each answer."""
        if left != asked and self.outside[: len(asked)] != asked:
            self.outside = asked

    def focus(
        self, points: Sequence[Point], pixel_size: float | None, options: Options
    ) -> dict[str, Any]:
        """As the worker's `encode` and `focus` take it: what a prompt at these points would need
        is to be encoded first."""
        xs, ys = zip(*points)
        edges = self.axes.edges([min(xs), min(ys), max(xs), max(ys)])
        place = {"point": edges[:2]} if len(points) == 1 else {"bounds": edges}
        return {**place, "pixel_size": pixel_size, "level": options.level}

    def place_of(self, patch: PatchKey) -> dict[str, Any]:
        """The same for one patch: its middle, on its level. Of an image that is described."""
        level, row, col = patch
        manifest = self.described["manifest"]
        patch_px, stride = manifest["grid"]["patch"], manifest["grid"]["stride"]
        x, y = ((n * stride + patch_px / 2) * 2**level for n in (col, row))
        a, b, c, d, e, f = manifest["raster"]["transform"]
        return {"point": [a * x + b * y + c, d * x + e * y + f], "level": level}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ClickedImage):
            return NotImplemented
        if self.raster and other.raster:
            return self.raster == other.raster
        return self.cache == other.cache
