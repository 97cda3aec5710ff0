"""What is asked of a refining run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from encoder_tool.errors import UsageError
from encoder_tool.refine.parameters import DEFAULT_PARAMETERS, RefineParameters

Trust = Literal["features", "imagery"]
"""Which side is right where the two differ as a whole."""

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
        OpenStreetMap; None to write nothing
    osm: the file that a plain layer was made from, for .osm or .osc; delete_gone: take what is
        gone out of OpenStreetMap, too
    trust: "features" where the imagery is off: they stay, and what is drawn anew is moved to fit
        them; "imagery" where they are off, and are moved
    level: pinned, None for the finest at which a building is seen with what surrounds it
    right_angles: for new outlines whose shape that is (see `right_angles`); snap: turn them to
        the direction that the neighbourhood has
    clean_walls: neighbours neither overlap nor leave slivers where one of them is changed
    min_area_m2: no smaller outline is proposed
    """

    buildings: Path
    out: Path | None = None
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
    parameters: RefineParameters = DEFAULT_PARAMETERS

    def __post_init__(self) -> None:
        if self.trust not in TRUSTS:
            raise UsageError(f"Trust is one of {', '.join(TRUSTS)}, not {self.trust!r}.")
