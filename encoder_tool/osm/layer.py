"""Buildings of OpenStreetMap as a vector layer that any program can edit, and back.

A feature knows its element by `osm_type` and `osm_id`, as they are written here; layers that were
made by other programs are understood as well: GDAL's `osm_way_id` (a way) and `osm_id` (a
relation), osm2pgsql's `osm_id` (a relation's below 0), and QuickOSM's `full_id` (w123, r45). What
has no id is new.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely

from encoder_tool.crs import transform_points
from encoder_tool.errors import OutputError, UsageError
from encoder_tool.osm.change import Edits
from encoder_tool.osm.elements import DEGREE_UNITS, ElementId, Kind, OsmData
from encoder_tool.outline import Polygonal, valid
from encoder_tool.types import CoordArray
from encoder_tool.vector_in import read_vector
from encoder_tool.vector_out import FeatureBatch, write_features

CRS = "EPSG:4326"
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
BUILDING, TAGS = "building", "tags"

_KINDS: Mapping[str, Kind] = {"n": "node", "w": "way", "r": "relation"}
_FULL_ID = re.compile(r"\s*([nwr])[a-z]*/?(\d+)\s*")

Table = Mapping[str, npt.NDArray[Any]]


def write_layer(data: OsmData, path: Path, *, overwrite: bool = False) -> None:
    """The buildings of a file, with their ids, versions and tags (as JSON).

    Raises OutputError as `vector_out.write_features`.
    """
    batch = FeatureBatch([building.geometry for building in data.buildings], building_fields(data))
    write_features([batch], path, CRS, ATTRIBUTION, overwrite=overwrite)


def building_fields(data: OsmData) -> dict[str, npt.NDArray[Any]]:
    """Ids, versions and tags of the buildings, by the names of the fields."""
    found = data.buildings
    return {
        "osm_type": np.array([building.id.kind for building in found], object),
        "osm_id": np.array([building.id.number for building in found], np.int64),
        "osm_vers": np.array([building.version for building in found], np.int64),
        BUILDING: np.array([building.tags[BUILDING] for building in found], object),
        TAGS: np.array([json.dumps(dict(b.tags), ensure_ascii=False) for b in found], object),
    }


def read_edits(
    path: Path, data: OsmData, *, layer: str | None = None, remove_missing: bool = False
) -> Edits:
    """What a layer has otherwise than the file that it was made from.

    data: that file; buildings whose outline differs from theirs by a centimetre and more are
        reshaped, features without an id are new
    remove_missing: buildings that the layer lacks are gone; else they are left as they are
    Raises UsageError for what cannot be read, is no polygon, or has an id twice.
    """
    fields, geometries = _table(path, layer)
    originals = {building.id: building.geometry for building in data.buildings}
    reshaped: dict[ElementId, Polygonal] = {}
    new: list[tuple[Polygonal, Mapping[str, str] | None]] = []
    seen = set[ElementId]()
    for row, geometry in enumerate(geometries):
        element = element_of(fields, row)
        if element is None:
            new.append((geometry, tags_of(fields, row)))
            continue
        if element in seen:
            raise UsageError(
                f"{path} has {element.kind} {element.number} twice.",
                "Join the two, or take the id from the one that is new.",
            )
        seen.add(element)
        original = originals.get(element)
        if original is None or not _same_outline(geometry, original):
            reshaped[element] = geometry
    gone = frozenset(originals.keys() - seen) if remove_missing else frozenset[ElementId]()
    return Edits(reshaped, gone, new)


def _table(path: Path, layer: str | None) -> tuple[Table, list[Polygonal]]:
    """Fields by name, and polygons in longitude and latitude."""
    read = read_vector(path, layer, wanted="a layer of buildings")
    geometries = [_polygonal(path, row, g) for row, g in enumerate(read.geometries)]
    crs = read.crs
    if crs is None:
        raise UsageError(f"{path} has no CRS.", "Say in its program which one it is in.")

    def move(points: CoordArray) -> CoordArray:
        return transform_points(points, crs, CRS)

    moved = [cast(Polygonal, shapely.transform(geometry, move)) for geometry in geometries]
    return read.table, moved


def _polygonal(path: Path, row: int, geometry: shapely.Geometry | None) -> Polygonal:
    if not isinstance(geometry, shapely.Polygon | shapely.MultiPolygon) or geometry.is_empty:
        raise UsageError(
            f"Feature {row + 1} of {path} is no polygon.", "Give a layer of building outlines."
        )
    repaired = valid(geometry)
    if repaired.is_empty:
        raise UsageError(f"Feature {row + 1} of {path} has no area.", "Delete it or draw it anew.")
    return repaired


def element_of(fields: Table, row: int) -> ElementId | None:
    """Which element a feature is, by what programs call its id; None for a new one.

    Raises UsageError for a node, which has no outline.
    """
    element = _named_element(fields, row)
    if element is not None and element.kind == "node":
        raise UsageError(
            f"Feature {row + 1} has the id of a node of OpenStreetMap, {element.number}.",
            "Give it that of its way or relation, or none.",
        )
    return element


def _named_element(fields: Table, row: int) -> ElementId | None:
    def value(name: str) -> str:
        found = fields[name][row] if name in fields else None
        if found is None or (isinstance(found, float | np.floating) and np.isnan(found)):
            return ""
        return str(int(found)) if isinstance(found, float | np.floating) else str(found).strip()

    full = _FULL_ID.fullmatch(value("full_id"))
    if full is not None:
        return ElementId(_KINDS[full[1]], int(full[2]))
    kind, way, text = value("osm_type")[:1].casefold(), value("osm_way_id"), value("osm_id")
    if way.isdigit():
        return ElementId("way", int(way))
    number = int(text) if text.removeprefix("-").isdigit() else 0
    if kind in _KINDS:  # below 0 it is new in JOSM, too
        return ElementId(_KINDS[kind], number) if number > 0 else None
    if number < 0:
        return ElementId("relation", -number)
    # GDAL's multipolygons: a relation has its id there, a way has the other field.
    return ElementId("relation" if "osm_way_id" in fields else "way", number) if number else None


def tags_of(fields: Table, row: int) -> dict[str, str] | None:
    """Of a new building; None where the layer says nothing."""
    text = fields[TAGS][row] if TAGS in fields else None
    if text:
        try:
            tags = json.loads(text)
        except ValueError:
            tags = None
        if not isinstance(tags, dict):
            raise OutputError(
                f"The tags of feature {row + 1} are no JSON object: {text!r}.",
                'Write them as {"building": "house"}.',
            )
        return {str(key): str(value) for key, value in tags.items()}
    kind = fields[BUILDING][row] if BUILDING in fields else None
    return {BUILDING: str(kind)} if kind else None


def _same_outline(one: Polygonal, other: Polygonal) -> bool:
    """On the grid of the database, wherever rings begin and whichever way they run."""

    def on_grid(geometry: Polygonal) -> shapely.Geometry:
        whole = shapely.MultiPolygon(list(shapely.get_parts(geometry)))
        snapped = shapely.transform(whole, lambda xy: np.round(xy * DEGREE_UNITS))
        return shapely.normalize(snapped)

    return bool(shapely.equals_exact(on_grid(one), on_grid(other), tolerance=0.0))
