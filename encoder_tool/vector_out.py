"""Writing segmented objects as GeoPackage, GeoJSON or Shapefile, atomically.

GeoJSON is longitude/latitude on WGS 84, as RFC 7946 asks, unless another CRS is wanted by name;
then it carries the `crs` member of the older GeoJSON 2008, which GDAL and QGIS read.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyogrio.errors
import pyogrio.raw
import shapely

from encoder_tool.cache.manifest import Manifest
from encoder_tool.crs import geodetic_crs, parse_crs
from encoder_tool.errors import EngineError, OutputError
from encoder_tool.outline import Polygonal
from encoder_tool.polygons import geodesic_area_m2
from encoder_tool.segment import SegmentedObject
from encoder_tool.types import BoolArray

STDOUT = "-"

DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "ESRI Shapefile"}

SHAPEFILE_COMPANIONS = (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx")

GEOJSON_CRS = "EPSG:4326"

DEGREE_DECIMALS = 9
"""0.1 mm; GDAL's default of 7 decimals (11 mm) is a third of a drone image's pixel."""

LAYER = "objects"

GEOJSON_END = "\n]\n}\n"

Columns: TypeAlias = Mapping[str, np.ndarray[Any, Any]]
"""Field values by name."""


@dataclass(frozen=True, eq=False)
class FeatureBatch:
    """Some features of a file.

    columns: their fields by name (10 characters at most, as Shapefile demands)
    unknown: of a field, where it has no value, [N]; fields that are not named are known
    """

    geometries: Sequence[Polygonal]
    columns: Columns
    unknown: Mapping[str, BoolArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provenance:
    """What every feature says about where it comes from, and their file of whom to name."""

    model: str
    raster: str
    attribution: str | None = None

    @classmethod
    def of(cls, manifest: Manifest) -> Provenance:
        return cls(manifest.model.name, manifest.raster.name, manifest.raster.attribution)


def output_crs(out: str | None, out_crs: str | None, raster_crs: str | None) -> str | None:
    """The CRS to ask polygons in: the wanted one, WGS 84 for GeoJSON, else the raster's (None).

    out: path or "-" for GeoJSON on stdout; None for no file
    Raises OutputError for a suffix that names no known format.
    """
    if out_crs is not None or out is None or raster_crs is None:
        return out_crs
    geographic = geodetic_crs(raster_crs) is not None
    return GEOJSON_CRS if driver_of(out) == "GeoJSON" and geographic else None


def driver_of(out: str) -> str:
    """GDAL's name of the format that a path asks for.

    Raises OutputError for a suffix that names no known format.
    """
    if out == STDOUT:
        return "GeoJSON"
    driver = DRIVERS.get(Path(out).suffix.lower())
    if driver is None:
        raise OutputError(
            f"{out} has no suffix that names a known format.",
            f"Use one of {', '.join(DRIVERS)}.",
        )
    return driver


def check_output(out: str, *, overwrite: bool = False) -> None:
    """Refuse a path that cannot or must not be written, before any work is done.

    Raises OutputError when the suffix is unknown, the folder is missing or read-only, or the file
    exists and `overwrite` is not given.
    """
    driver_of(out)
    if out == STDOUT:
        return
    path = Path(out)
    if not path.parent.is_dir():
        raise OutputError(f"The folder {path.parent} does not exist.", "Make it first.")
    if not os.access(path.parent, os.W_OK):
        raise OutputError(f"The folder {path.parent} cannot be written.", "Name a file elsewhere.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder.", "Name a file.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already.", "Name another file, or give --overwrite.")


def write_objects(
    objects: Sequence[SegmentedObject],
    path: Path,
    provenance: Provenance,
    *,
    overwrite: bool = False,
    fields: Columns | None = None,
) -> None:
    """Write the objects, all in one CRS, to a file whose suffix names its format.

    fields: further ones by name, with a value for each object
    The file is made beside its place under another name and moved there when it is whole.
    Raises OutputError as `check_output`, or when the file cannot be written.
    """
    write_atomically(path, overwrite, lambda made: _write(objects, made, provenance, fields or {}))


def write_features(
    batches: Iterable[FeatureBatch],
    path: Path,
    crs: str | None,
    attribution: str | None,
    *,
    overwrite: bool = False,
) -> None:
    """Write any number of features to a file whose suffix names its format, batch by batch.

    There is at least one batch, and none is empty; crs: of the geometries
    attribution: whom to name; a Shapefile has no place for it
    Otherwise as `write_objects`.
    """
    write_atomically(path, overwrite, lambda made: _write_batches(batches, made, crs, attribution))


def write_atomically(path: Path, overwrite: bool, write: Callable[[Path], None]) -> None:
    """What `write` makes under the path that it is given comes to `path` when it is whole.

    Raises OutputError as `check_output`, or when the file cannot be written.
    """
    check_output(str(path), overwrite=overwrite)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
            write(Path(folder) / path.name)
            _move(Path(folder), path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror or error}).") from error


def geojson_text(objects: Sequence[SegmentedObject], provenance: Provenance) -> str:
    """The objects as a GeoJSON FeatureCollection."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{LAYER}.geojson"
        _write(objects, path, provenance, {})
        return path.read_text(encoding="utf-8")


def _move(folder: Path, path: Path) -> None:
    """The main file last: a Shapefile's companions are there when it appears."""
    made = {file.name: file for file in folder.iterdir()}
    main = made.pop(path.name)
    for name, file in made.items():
        file.replace(path.with_name(name))
    if path.suffix.lower() == ".shp":
        for stale in (path.with_suffix(suffix) for suffix in SHAPEFILE_COMPANIONS):
            if stale.name not in made:
                stale.unlink(missing_ok=True)
    main.replace(path)


def _write(
    objects: Sequence[SegmentedObject], path: Path, provenance: Provenance, fields: Columns
) -> None:
    if not objects:
        raise OutputError("There are no objects to write.")
    batch = FeatureBatch(
        geometries=[obj.geometry for obj in objects],
        columns={**_columns(objects, provenance), **fields},
    )
    _write_batches([batch], path, objects[0].crs, provenance.attribution)


def _write_batches(
    batches: Iterable[FeatureBatch], path: Path, crs: str | None, attribution: str | None
) -> None:
    """Into a new file; one batch is in memory at a time."""
    driver = driver_of(str(path))
    name = LAYER if driver == "GPKG" else path.stem
    if driver != "GeoJSON":
        for number, batch in enumerate(batches):
            _write_batch(batch, path, driver, name, crs, attribution, append=number > 0)
        return
    # GDAL adds to a GeoJSON file only by reading all of it, and with another precision.
    part = path.with_name("part.geojson")
    with path.open("w", encoding="utf-8") as whole:
        head = ""
        for batch in batches:
            _write_batch(batch, part, driver, name, crs, attribution, append=False)
            start, features = _split_geojson(part.read_text(encoding="utf-8"))
            whole.write(f",\n{features}" if head else f"{start}{features}")
            head = start
            part.unlink()
        whole.write(GEOJSON_END)


def _split_geojson(text: str) -> tuple[str, str]:
    """What precedes the features as GDAL writes them, and the features."""
    start, opening, rest = text.partition('"features": [\n')
    return start + opening, rest.rpartition("\n]")[0]


def _write_batch(
    batch: FeatureBatch,
    path: Path,
    driver: str,
    layer: str,
    crs: str | None,
    attribution: str | None,
    *,
    append: bool,
) -> None:
    multi = driver != "GeoJSON"
    try:
        with warnings.catch_warnings():
            # A raster may have no CRS; `info` says so, and no reader takes harm.
            warnings.filterwarnings("ignore", message="'crs' was not provided")
            pyogrio.raw.write(
                path,
                geometry=shapely.to_wkb(np.array(batch.geometries, dtype=object)),
                field_data=list(batch.columns.values()),
                fields=list(batch.columns),
                field_mask=[batch.unknown.get(name) for name in batch.columns],
                layer=layer,
                driver=driver,
                geometry_type="MultiPolygon" if multi else "Unknown",
                promote_to_multi=multi,
                crs=None if crs is None else crs_text(crs),
                layer_options=_layer_options(driver, crs, attribution),
                layer_metadata=_layer_metadata(driver, attribution),
                append=append,
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise OutputError(f"{path.name} cannot be written as {driver} ({error}).") from error


def _layer_options(driver: str, crs: str | None, attribution: str | None) -> dict[str, Any]:
    """What QGIS shows as a layer's abstract is the option DESCRIPTION of both formats."""
    described = attribution is not None and driver in ("GPKG", "GeoJSON")
    options: dict[str, Any] = {"DESCRIPTION": attribution} if described else {}
    if driver != "GeoJSON" or crs is None or not parse_crs(crs).equals(GEOJSON_CRS):
        return options
    return {**options, "RFC7946": "YES", "COORDINATE_PRECISION": DEGREE_DECIMALS}


def _layer_metadata(driver: str, attribution: str | None) -> dict[str, str] | None:
    return None if attribution is None or driver != "GPKG" else {"ATTRIBUTION": attribution}


def crs_text(crs: str) -> str:
    """By code where there is one: drivers write codes, and few of them WKT."""
    authority = parse_crs(crs).to_authority(min_confidence=100)
    return ":".join(authority) if authority else parse_crs(crs).to_wkt()


def _columns(objects: Sequence[SegmentedObject], provenance: Provenance) -> Columns:
    """Field values by name (10 characters at most, as Shapefile demands)."""
    count = len(objects)
    return {
        "score": np.array([obj.score for obj in objects], np.float64),
        "candidate": np.array([obj.candidate for obj in objects], np.int32),
        "level": np.array([obj.level for obj in objects], np.int32),
        "area_px": np.array([obj.area_px for obj in objects], np.float64),
        "area_m2": np.array([_area_m2(obj) for obj in objects], np.float64),
        "model": np.array([provenance.model] * count, dtype=object),
        "raster": np.array([provenance.raster] * count, dtype=object),
    }


def _area_m2(obj: SegmentedObject) -> float:
    """NaN, which is written as null, where the CRS does not tell."""
    try:
        area = geodesic_area_m2(obj.geometry, obj.crs)
    except EngineError:
        area = None
    return float("nan") if area is None else area
