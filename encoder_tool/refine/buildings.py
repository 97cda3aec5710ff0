"""The layer of buildings as it is given: every feature with its id and fields, as the file has
them, and its outline in pixels of the raster."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from encoder_tool.cache.manifest import Manifest
from encoder_tool.crs import crs_name, parse_crs, transform_points
from encoder_tool.errors import OutsideRasterError, UsageError
from encoder_tool.osm import OsmData, read_osm
from encoder_tool.osm.layer import CRS as OSM_CRS
from encoder_tool.osm.layer import building_fields
from encoder_tool.outline import Polygonal, valid
from encoder_tool.polygons import to_map
from encoder_tool.prompts import raster_bounds
from encoder_tool.refine.left import Left
from encoder_tool.types import BoolArray, CoordArray
from encoder_tool.vector_in import Column, read_column, read_vector

SAME_ID = "Several features with id"
"""GDAL's words; it gives the later ones other ids."""

MEASURED = "Measured (M) geometry types are not supported"
"""pyogrio's words."""

EXACT = 2**53
"""Whole numbers up to it are doubles, too."""

UTC_ZONE, ZONE_STEP_MIN = 100, 15
"""GDAL counts time zones in quarters of an hour from there; 0 is none."""

_ZONE = re.compile(r"T.*?(Z|([+-])(\d\d):?(\d\d))$")

HALF_TURN = 180.0

OSM_SUFFIXES = (".osm", ".pbf")

WANTED = "a layer of building outlines"


@dataclass(frozen=True, eq=False)
class Field:
    """A column of the layer. values: [N], of the type that the file has; unknown: where there is
    none, [N]
    zones: of times, GDAL's numbers of their time zones [N]; None where they have none
    """

    name: str
    values: npt.NDArray[Any]
    unknown: BoolArray
    zones: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class BuildingLayer:
    """The features of a layer in their order.

    fids: [N], as OGR and QGIS tell them
    geometries: as the file has them, polygons and multipolygons, which may be invalid; None where
        a feature has none
    osm: the file itself, where it is one of OpenStreetMap
    left: sentences about what of the file is not here
    """

    path: Path
    crs: str | None
    fids: npt.NDArray[np.int64]
    geometries: tuple[Polygonal | None, ...]
    fields: tuple[Field, ...]
    osm: OsmData | None = None
    left: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.geometries)

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def table(self) -> Mapping[str, npt.NDArray[Any]]:
        """Values by name, None where there is none, as `osm.layer` takes them."""
        return {field.name: _with_none(field.values, field.unknown) for field in self.fields}


def read_buildings(path: Path, layer: str | None = None) -> BuildingLayer:
    """The buildings of a vector layer (the first one by default), or of a .osm or .osm.pbf file.

    Raises UsageError for what cannot be read, is empty, or holds something else than polygons.
    """
    if path.suffix.lower() in OSM_SUFFIXES:
        if layer is not None:
            raise UsageError("A file of OpenStreetMap has no layers.", "Leave out --layer.")
        return _from_osm(path)
    read = read_vector(path, layer, wanted=WANTED, force_2d=False)
    twice = [said for said in read.told if SAME_ID in said]
    if twice:
        raise UsageError(
            f"{path} has an id twice ({twice[0]}).", "Give each feature an id of its own, or none."
        )
    if not len(read.geometries):
        raise UsageError(f"{path} holds no features.", f"Give {WANTED}.")
    geometries = tuple(
        _polygonal(path, fid, shape) for fid, shape in zip(read.fids, read.geometries, strict=True)
    )
    if not any(geometries):
        raise UsageError(f"{path} holds no geometries.", f"Give {WANTED}.")
    return BuildingLayer(
        path, read.crs, read.fids, geometries,
        tuple(_exactly(path, layer, _field(column), column.dtype) for column in read.columns),
        left=(Left.MEASURES,) if any(MEASURED in said for said in read.told) else (),
    )  # fmt: skip


def _from_osm(path: Path) -> BuildingLayer:
    data = read_osm(path)
    columns = building_fields(data)
    return BuildingLayer(
        path, OSM_CRS, np.arange(1, len(data.buildings) + 1, dtype=np.int64),
        tuple(building.geometry for building in data.buildings),
        tuple(Field(n, v, np.zeros(len(v), np.bool_)) for n, v in columns.items()),
        data,
    )  # fmt: skip


def _polygonal(path: Path, fid: int, geometry: shapely.Geometry | None) -> Polygonal | None:
    if geometry is None or geometry.is_empty:
        return None
    if not isinstance(geometry, shapely.Polygon | shapely.MultiPolygon):
        raise UsageError(
            f"Feature {fid} of {path} is no polygon but a {geometry.geom_type}.",
            f"Give {WANTED}.",
        )
    return geometry


def _field(column: Column) -> Field:
    """With the type of the file: numbers that are missing made floats or NaN of all others."""
    name, dtype, values = column.name, column.dtype, column.values
    if values.dtype.kind == "O":
        unknown = np.array([value is None for value in values], np.bool_)
        if dtype.startswith("list"):  # GeoPackage has no lists, and GDAL writes them so
            values = np.array([_as_json(value) for value in values], object)
        return Field(name, values, unknown)
    if values.dtype.kind == "M":
        return Field(name, values, np.isnat(values))
    if values.dtype.kind == "f":
        unknown = np.isnan(values)
        if not dtype.startswith("float"):
            values = np.where(unknown, 0, values).astype(dtype)
        return Field(name, values, unknown)
    return Field(name, values, np.zeros(len(values), np.bool_))


def _exactly(path: Path, layer: str | None, field: Field, dtype: str) -> Field:
    """With what pyogrio's arrays have no room for, read once more: digits of large whole numbers
    in a column that has gaps, and time zones."""
    if field.values.dtype.kind == "M" and dtype != "datetime64[D]":
        texts = read_column(path, layer, field.name, datetime_as_string=True)
        zones = np.array([_zone(text) for text in texts], np.int64)
        return replace(field, zones=zones if zones.any() else None)
    is_whole = dtype in ("int64", "uint64") and field.unknown.any()
    if is_whole and np.abs(field.values.astype(np.float64)).max() >= EXACT:
        name = field.name.replace('"', r"\"")
        known = read_column(path, layer, field.name, where=f'"{name}" IS NOT NULL')
        values = field.values.copy()
        values[~field.unknown] = known
        return replace(field, values=values)
    return field


def _zone(text: str | None) -> int:
    found = None if text is None else _ZONE.search(text)
    if found is None:
        return 0
    if found[1] == "Z":
        return UTC_ZONE
    minutes = 60 * int(found[3]) + int(found[4])
    return UTC_ZONE + (-minutes if found[2] == "-" else minutes) // ZONE_STEP_MIN


def _as_json(values: Iterable[Any] | None) -> str | None:
    return None if values is None else json.dumps(np.asarray(values).tolist(), ensure_ascii=False)


def _with_none(values: npt.NDArray[Any], unknown: BoolArray) -> npt.NDArray[Any]:
    found = values.astype(object)
    found[unknown] = None
    return found


def outlines_in_pixels(layer: BuildingLayer, manifest: Manifest) -> list[Polygonal | None]:
    """The features in level-0 pixels of the raster, valid; None for those without an area, or
    without a place in the raster's CRS.

    Raises UsageError when the layer or the raster has no CRS and the other one has, and
    OutsideRasterError when no feature meets the raster.
    """
    _require_crs(layer, manifest)
    found = [
        None if geometry is None else to_pixels(geometry, layer.crs, manifest)
        for geometry in layer.geometries
    ]
    raster = shapely.box(0, 0, manifest.pyramid.width, manifest.pyramid.height)
    if not any(outline is not None and outline.intersects(raster) for outline in found):
        bounds = ", ".join(f"{value:.10g}" for value in raster_bounds(manifest))
        known = crs_name(manifest.raster.crs_wkt)
        raise OutsideRasterError(
            f"No building of {layer.path} lies on the raster, whose bounds are {bounds} ({known}).",
            f"Is the layer's CRS, {crs_name(layer.crs)}, the right one?",
        )
    return found


def to_pixels(geometry: Polygonal, crs: str | None, manifest: Manifest) -> Polygonal | None:
    """In level-0 pixels, made valid; None when nothing is left, or it has no place there."""
    inverse = ~manifest.affine

    def move(points: CoordArray) -> CoordArray:
        if crs is not None and manifest.raster.crs_wkt is not None:
            points = transform_points(points, crs, manifest.raster.crs_wkt)
        return points

    moved = shapely.transform(shapely.force_2d(geometry), move)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        return None
    # Valid first: a repair must not depend on the pixels' rounding.
    outline = to_map(valid(moved), inverse)
    return None if outline.is_empty else outline


def from_pixels(geometry: Polygonal, crs: str | None, manifest: Manifest) -> Polygonal:
    """From level-0 pixels to the layer's CRS, vertex by vertex: walls are too short to bend.

    What crosses the antimeridian stays in one piece: its longitudes go beyond 180.
    """
    on_map = to_map(geometry, manifest.affine)
    raster_crs = manifest.raster.crs_wkt
    if crs is None or raster_crs is None:
        return on_map

    def move(points: CoordArray) -> CoordArray:
        moved = transform_points(points, raster_crs, crs)
        if is_in_degrees and np.ptp(moved[:, 0]) > HALF_TURN:  # across the antimeridian
            moved[:, 0] %= 2 * HALF_TURN
        return moved

    is_in_degrees = parse_crs(crs).is_geographic
    return valid(shapely.transform(on_map, move))


def _require_crs(layer: BuildingLayer, manifest: Manifest) -> None:
    has_raster = manifest.raster.crs_wkt is not None
    if layer.crs is None and has_raster:
        raise UsageError(f"{layer.path} has no CRS.", "Say in its program which one it is in.")
    if layer.crs is not None and not has_raster:
        raise UsageError(
            f"The raster has no CRS, so the buildings of {layer.path} cannot be placed on it.",
            "Give the raster a CRS and encode it again.",
        )
