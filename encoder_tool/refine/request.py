"""What is asked of a refining run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from encoder_tool.errors import UsageError
from encoder_tool.refine.parameters import DEFAULT_PARAMETERS, RefineParameters

Trust = Literal["features", "imagery"]
"""Which side is right where the two differ as a whole."""

LEAST_LIKENESS = 0.5
"""docs/refine.md has what others give."""

TRUSTS: tuple[Trust, ...] = get_args(Trust)


@dataclass(frozen=True, slots=True)
class Protection:
    """Features that stay as they are: those that have a value in a field or, among the tags of
    OpenStreetMap, a key. value: None for any"""

    name: str
    value: str | None = None

    @classmethod
    def parse(cls, text: str) -> Protection:
        """`NAME` or `NAME=VALUE`. Raises UsageError for text without a name."""
        name, equals, value = text.partition("=")
        if not name.strip():
            raise UsageError(f"{text!r} names no field.", "Write FIELD or FIELD=VALUE.")
        return cls(name.strip(), value.strip() if equals else None)


@dataclass(frozen=True, slots=True)
class RefineRequest:
    """buildings: a vector layer of polygons, or a .osm or .osm.pbf file; layer: of it, None for
        the first one
    out: .gpkg, .geojson or .shp for the refined layer, .osm or .osc for the changes to
        OpenStreetMap; None to write nothing; also: further ones
    osm: the file that a plain layer was made from, for .osm or .osc; delete_gone: take what is
        gone out of OpenStreetMap, too
    trust: "features" where the imagery is off: they stay, and what is drawn anew is moved to fit
        them; "imagery" where they are off, and are moved
    level: pinned, None for the finest at which a building is seen with what surrounds it
    right_angles: for new outlines whose shape that is (see `right_angles`); snap: turn them to
        the direction that the neighbourhood has
    clean_walls: neighbours neither overlap nor leave slivers where one of them is changed
    min_area_m2: no smaller outline is proposed
    find_missing: look for buildings that the layer lacks, everywhere; missing_points: a layer of
        points, at which they are looked for instead
    min_likeness: to the buildings that are known, 0 to 1; what has less is not proposed
    """

    buildings: Path
    out: Path | None = None
    also: tuple[Path, ...] = ()
    overwrite: bool = False
    layer: str | None = None
    osm: Path | None = None
    delete_gone: bool = False
    trust: Trust = "features"
    level: int | None = None
    right_angles: bool = False
    snap: bool = False
    clean_walls: bool = False
    min_area_m2: float = 0.0
    protect: tuple[Protection, ...] = ()
    find_missing: bool = False
    missing_points: Path | None = None
    min_likeness: float = LEAST_LIKENESS
    parameters: RefineParameters = DEFAULT_PARAMETERS

    def __post_init__(self) -> None:
        if self.trust not in TRUSTS:
            raise UsageError(f"Trust is one of {', '.join(TRUSTS)}, not {self.trust!r}.")
        if not 0 <= self.min_likeness <= 1:
            raise UsageError(
                f"The least likeness is a number from 0 to 1, not {self.min_likeness:g}."
            )

    @property
    def outs(self) -> tuple[Path, ...]:
        """Everything that is written."""
        return self.also if self.out is None else (self.out, *self.also)

    @property
    def wants_missing(self) -> bool:
        return self.find_missing or self.missing_points is not None
