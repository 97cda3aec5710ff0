"""The refined layer: every feature of the input with all its fields, a verdict, and the geometry
that is proposed."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio.errors
import pyogrio.raw
import shapely

from encoder_tool.errors import OutputError
from encoder_tool.outline import Polygonal
from encoder_tool.refine.buildings import UTC_ZONE, ZONE_STEP_MIN, BuildingLayer
from encoder_tool.refine.footprints.verdicts import Verdict
from encoder_tool.types import BoolArray
from encoder_tool.vector_out import check_output, crs_text, driver_of, write_atomically

LAYER = "refined"

FULL_PRECISION = 17
"""Significant digits of a double."""

SHAPEFILE_NAME = 10
"""Characters of a field's name in a Shapefile."""


@dataclass(frozen=True, eq=False)
class RefinedFeature:
    """A feature as it is proposed.

    row: which one of the layer it is, from 0; None for one that the layer lacks
    geometry: in the layer's CRS; of one that stays, the object that the layer has
    iou_old_new: of the layer's geometry and this one; offset_m: how far its outline lies from
        where the image shows it; score: how well this geometry fits, 0 to 1; area_change:
        new / old - 1. None where there is no such value
    """

    row: int | None
    geometry: Polygonal | None
    verdict: Verdict
    reason: str
    iou_old_new: float | None = None
    offset_m: float | None = None
    score: float | None = None
    area_change: float | None = None


def write_refined(
    layer: BuildingLayer, features: Sequence[RefinedFeature], path: Path, *, overwrite: bool = False
) -> dict[str, str]:
    """Write the features, in their order, to a .gpkg, .geojson or .shp file, in the layer's CRS.

    Returns the names of fields that are called otherwise, as `field_names` does.
    Raises OutputError as `vector_out.check_output`, or when the file cannot be written.
    """
    check_output(str(path), overwrite=overwrite)
    names = field_names([field.name for field in layer.fields], path)
    columns, unknown = Columns(), dict[str, BoolArray]()
    kept = zip(names.own, _kept_columns(layer, features), strict=True)
    for name, (values, missing) in kept:
        columns[name], unknown[name] = values, missing
    for name, (values, missing) in _added_columns(layer, features).items():
        columns[names.added[name]], unknown[names.added[name]] = values, missing
    zones = Columns()
    for name, field in zip(names.own, layer.fields, strict=True):
        if field.zones is not None:
            zones[name] = field.zones[_rows(features)]
            if driver_of(str(path)) == "GPKG":
                columns[name], zones[name] = _in_utc(columns[name], zones[name])
    write_atomically(
        path, overwrite, lambda made: _write(layer, features, columns, unknown, zones, made)
    )
    return names.renamed


ADDED = (
    "source_fid", "verdict", "reason", "iou_old_new", "offset_m", "score", "area_change",
)  # fmt: skip
"""Fields that every refined layer has besides those of the layer it was made from."""


@dataclass(frozen=True, slots=True)
class FieldNames:
    """What the fields of a refined layer are called.

    own: those of the layer, in their order; added: by what they are
    renamed: those of both that are not called what they are
    """

    own: tuple[str, ...]
    added: dict[str, str]
    renamed: dict[str, str]


def field_names(own: Sequence[str], path: Path) -> FieldNames:
    """Names that the format of a file takes: for all but GeoJSON, Name and name are the same, and a
    Shapefile has 10 characters for each.

    Raises OutputError where a Shapefile has no room for the number that tells two fields apart.
    """
    driver = driver_of(str(path))
    longest = SHAPEFILE_NAME if driver == "ESRI Shapefile" else None
    given = [name[:longest] for name in own]
    taken = {name.casefold() for name in given}
    names, seen = list[str](), set[str]()
    for short in given:
        key = short if driver == "GeoJSON" else short.casefold()
        names.append(_free_name(short, taken, longest, path) if key in seen else short)
        seen.add(key)
        taken.add(names[-1].casefold())
    added = dict[str, str]()
    for name in ADDED:
        short = name[:longest]
        is_free = short.casefold() not in taken
        added[name] = short if is_free else _free_name(short, taken, longest, path)
        taken.add(added[name].casefold())
    both = (*zip(own, names, strict=True), *added.items())
    return FieldNames(tuple(names), added, {old: new for old, new in both if old != new})


def _free_name(name: str, taken: set[str], longest: int | None, path: Path) -> str:
    number = 1
    while f"{name}_{number}".casefold() in taken:
        number += 1
    free = f"{name}_{number}"
    if longest is not None and len(free) > longest:
        raise OutputError(
            f"{path.name} would have two fields {name!r}, and a Shapefile has no room for another "
            "name.",
            "Write a .gpkg or .geojson.",
        )
    return free


Columns = dict[str, npt.NDArray[Any]]


def _in_utc(
    times: npt.NDArray[Any], zones: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
    """The same times in the only zone that GeoPackage knows; those without one stay."""
    has_zone = zones > 0
    minutes = np.where(has_zone, ZONE_STEP_MIN * (zones - UTC_ZONE), 0)
    return times - minutes.astype("timedelta64[m]"), np.where(has_zone, UTC_ZONE, 0)


def _rows(features: Sequence[RefinedFeature]) -> npt.NDArray[np.intp]:
    """Of the layer; the first one for what it lacks."""
    return np.array([feature.row or 0 for feature in features], np.intp)


def _kept_columns(
    layer: BuildingLayer, features: Sequence[RefinedFeature]
) -> Iterator[tuple[npt.NDArray[Any], BoolArray]]:
    """The layer's own fields in their order, without a value for what it lacks."""
    is_new = np.array([feature.row is None for feature in features], np.bool_)
    rows = _rows(features)
    for field in layer.fields:
        values, unknown = field.values[rows], field.unknown[rows] | is_new
        if values.dtype.kind == "O":
            values[unknown] = None
        yield values, unknown


def _added_columns(
    layer: BuildingLayer, features: Sequence[RefinedFeature]
) -> dict[str, tuple[npt.NDArray[Any], BoolArray]]:
    def reals(name: str) -> tuple[npt.NDArray[Any], BoolArray]:
        values = [getattr(feature, name) for feature in features]
        missing = np.array([value is None for value in values], np.bool_)
        return np.array([0.0 if v is None else v for v in values], np.float64), missing

    rows = [feature.row for feature in features]
    none_missing = np.zeros(len(features), np.bool_)
    return {
        "source_fid": (
            np.array([0 if row is None else layer.fids[row] for row in rows], np.int64),
            np.array([row is None for row in rows], np.bool_),
        ),
        "verdict": (np.array([str(f.verdict) for f in features], object), none_missing),
        "reason": (np.array([f.reason for f in features], object), none_missing),
        **{
            name: reals(name)
            for name in ("iou_old_new", "offset_m", "score", "area_change")
        },
    }  # fmt: skip


def _write(
    layer: BuildingLayer,
    features: Sequence[RefinedFeature],
    columns: Columns,
    unknown: dict[str, BoolArray],
    zones: Columns,
    path: Path,
) -> None:
    driver = driver_of(str(path))
    geometries = np.array([feature.geometry for feature in features], object)
    shapes = [geometry for geometry in geometries if geometry is not None]
    has_multi = any(isinstance(geometry, shapely.MultiPolygon) for geometry in shapes)
    has_z = any(geometry.has_z for geometry in shapes)
    kind = "MultiPolygon" if has_multi else "Polygon"
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="'crs' was not provided")
            pyogrio.raw.write(
                path,
                geometry=shapely.to_wkb(geometries, output_dimension=3 if has_z else 2),
                field_data=list(columns.values()),
                fields=list(columns),
                field_mask=[unknown[name] for name in columns],
                layer=LAYER if driver == "GPKG" else path.stem,
                driver=driver,
                geometry_type=f"{kind} Z" if has_z else kind,
                promote_to_multi=has_multi and driver != "GeoJSON",
                crs=None if layer.crs is None else crs_text(layer.crs),
                gdal_tz_offsets=zones,
                layer_options=_layer_options(driver, columns),
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise OutputError(f"{path.name} cannot be written as {driver} ({error}).") from error


def _layer_options(driver: str, columns: Columns) -> dict[str, Any]:
    """Coordinates that stay are to stay to the bit; and the columns that a GeoPackage itself has
    get names that no field has: a field `fid` would be its key, by which features are ordered."""
    if driver == "GeoJSON":
        return {"SIGNIFICANT_FIGURES": FULL_PRECISION}
    if driver != "GPKG":
        return {}
    taken = {name.casefold() for name in columns}
    names = {"FID": "fid", "GEOMETRY_NAME": "geom"}
    for option, name in names.items():
        number = 1
        while names[option] in taken:
            names[option] = f"{name}_{number}"
            number += 1
    return names
