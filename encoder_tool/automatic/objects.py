"""What is asked of an automatic segmentation, and the objects that it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from encoder_tool.automatic.parameters import MaskParameters
from encoder_tool.errors import UsageError
from encoder_tool.outline import DEFAULT_OPTIONS, Polygonal, PolygonOptions
from encoder_tool.types import BoundsMap


@dataclass(frozen=True, slots=True)
class ObjectFilter:
    """Which objects are kept, and what is told of them beside their outline.

    extent: in the raster's CRS; an object belongs to it when a point well inside the object does,
        so that of extents side by side each object belongs to one
    mask: a vector file of polygons, in any CRS; at least half of an object lies in them
    min_area, max_area: in square metres; without a CRS in pixels of the raster
    classes: a raster of classes, in any CRS; which of them takes most of an object becomes the
        object's class
    """

    extent: BoundsMap | None = None
    mask: Path | None = None
    min_area: float = 0.0
    max_area: float | None = None
    classes: Path | None = None

    def __post_init__(self) -> None:
        if self.max_area is not None and self.max_area < self.min_area:
            raise UsageError(
                f"No area is at least {self.min_area:g} and at most {self.max_area:g}.",
                "Give the smaller one as the minimum.",
            )


@dataclass(frozen=True, slots=True)
class AutomaticRequest:
    """All options of an automatic segmentation.

    level: of the pyramid, 0 being the finest
    raster: where it lies; needed only for finer layers than the cache has, None to look beside
        the cache
    """

    parameters: MaskParameters = field(default_factory=MaskParameters)
    level: int = 0
    filter: ObjectFilter = field(default_factory=ObjectFilter)
    polygons: PolygonOptions = DEFAULT_OPTIONS
    raster: Path | None = None


@dataclass(frozen=True, eq=False)
class FoundObject:
    """One object of the raster.

    number: from 1, no two alike
    geometry: in level-0 pixels, valid and never empty
    level: that it was found at; negative for layers finer than the raster
    area_px: in pixels of level 0
    object_class: the majority class; None where none was asked for or is known
    made_of: names of the masks that it was made of. No two objects of a run share one, and a run
        that goes on gives masks the same names. Not kept in files: there it is empty.
    """

    number: int
    geometry: Polygonal
    score: float
    stability: float
    level: int
    object_class: int | None = None
    made_of: tuple[str, ...] = ()

    @property
    def area_px(self) -> float:
        return float(self.geometry.area)
