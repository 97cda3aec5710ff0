"""Writing segmented objects as GeoPackage, GeoJSON or Shapefile, atomically.

GeoJSON is longitude/latitude on WGS 84, as RFC 7946 asks, unless another CRS is wanted by name;
then it carries the `crs` member of the older GeoJSON 2008, which GDAL and QGIS read.
"""

from __future__ import annotations

import sqlite3
import struct
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
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
from encoder_tool.staging import check_place, not_written, put_in_place, staged
from encoder_tool.types import BoolArray

STDOUT = "-"

DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "ESRI Shapefile"}

GEOJSON_CRS = "EPSG:4326"

DEGREE_DECIMALS = 9
"""0.1 mm; GDAL's default of 7 decimals (11 mm) is a third of a drone image's pixel."""

LAYER = "objects"

GEOJSON_END = "\n]\n}\n"

DBF_HEADER = struct.Struct("<4xIHH")
"""Of a Shapefile's table: how many records there are, sizes of the header and of a record."""

GEOPACKAGE_GEOMETRY = "geom"
"""What GDAL calls the column of geometries."""

READ_AT_ONCE = 10_000
"""Features that are in memory at a time while a file is checked."""

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

    Raises OutputError when the suffix is unknown, and as `staging.check_place`.
    """
    driver_of(out)
    if out == STDOUT:
        return
    check_place(Path(out), overwrite=overwrite)


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
    write_atomically(path, overwrite, lambda made: make_features(batches, made, crs, attribution))


def write_atomically(path: Path, overwrite: bool, write: Callable[[Path], None]) -> None:
    """What `write` makes under the path that it is given comes to `path` when it is whole.

    Raises OutputError as `check_output`, or when the file cannot be written.
    """
    check_output(str(path), overwrite=overwrite)
    with staged(path) as made:
        write(made)
        put_in_place(made, path)


def geojson_text(objects: Sequence[SegmentedObject], provenance: Provenance) -> str:
    """The objects as a GeoJSON FeatureCollection."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{LAYER}.geojson"
        _write(objects, path, provenance, {})
        return path.read_text(encoding="utf-8")


def _write(
    objects: Sequence[SegmentedObject], path: Path, provenance: Provenance, fields: Columns
) -> None:
    if not objects:
        raise OutputError("There are no objects to write.")
    batch = FeatureBatch(
        geometries=[obj.geometry for obj in objects],
        columns={**_columns(objects, provenance), **fields},
    )
    make_features([batch], path, objects[0].crs, provenance.attribution)


def make_features(
    batches: Iterable[FeatureBatch], path: Path, crs: str | None, attribution: str | None
) -> None:
    """Write a new file as `write_features` does, but where it is to be made.

    Raises OutputError when it cannot be written whole, DiskFullError when the disk is full.
    """
    driver = driver_of(str(path))
    name = LAYER if driver == "GPKG" else path.stem
    if driver != "GeoJSON":
        count = 0
        for batch in batches:
            _write_batch(batch, path, driver, name, crs, attribution, append=count > 0)
            count += len(batch.geometries)
        if driver == "ESRI Shapefile":
            _require_whole_shapefile(path, count)
        else:
            _require_index(path, name)
        return
    # GDAL adds to a GeoJSON file only by reading all of it, and with another precision.
    part = path.with_name(f"{path.stem}.part.geojson")
    with path.open("w", encoding="utf-8") as whole:
        head = ""
        for batch in batches:
            _write_batch(batch, part, driver, name, crs, attribution, append=False)
            start, features = _split_geojson(part)
            whole.write(f",\n{features}" if head else f"{start}{features}")
            head = start
            part.unlink()
        whole.write(GEOJSON_END)


def _require_index(path: Path, layer: str) -> None:
    """GDAL says nothing when the spatial index of a GeoPackage, which comes last, does not fit on
    the disk: without it, QGIS reads all of the file for each piece of the map."""
    entries = f"SELECT count(*) FROM rtree_{layer}_{GEOPACKAGE_GEOMETRY}_rowid"
    try:
        with closing(sqlite3.connect(path)) as database:
            is_there = database.execute(entries).fetchone()[0] > 0
    except sqlite3.DatabaseError:  # there is no such table
        is_there = False
    if not is_there:
        raise _not_whole(path)


def _require_whole_shapefile(path: Path, count: int) -> None:
    """GDAL says nothing when the last of a Shapefile does not fit on the disk."""
    table = path.with_suffix(".dbf")
    with table.open("rb") as file:
        header = file.read(DBF_HEADER.size)
    records, header_size, record_size = DBF_HEADER.unpack(header)
    # A header that did not fit any more is that of an empty table, whose sizes are 0.
    is_whole = (
        records == count
        and record_size > 0
        and table.stat().st_size >= header_size + count * record_size
    )
    if not (is_whole and _count_shapes(path, count) == count):
        raise _not_whole(path)


def _count_shapes(path: Path, count: int) -> int:
    """Of so many features, those whose shapes can be read."""
    shapes = 0
    try:
        for start in range(0, count, READ_AT_ONCE):
            _, _, wkb, _ = pyogrio.raw.read(
                path, columns=[], skip_features=start, max_features=READ_AT_ONCE
            )
            shapes += sum(shape is not None for shape in wkb)
    except (pyogrio.errors.FeatureError, pyogrio.errors.DataSourceError):
        pass  # of these and what follows, none can
    return shapes


def _not_whole(path: Path) -> EngineError:
    return not_written(
        path,
        f"{path.name} could not be written whole.",
        "Is the disk full? Make room and try again.",
    )


def _split_geojson(part: Path) -> tuple[str, str]:
    """What precedes the features as GDAL writes them, and the features.

    Raises OutputError for a file that is cut, of which GDAL says nothing.
    """
    text = part.read_text(encoding="utf-8")
    start, opening, rest = text.partition('"features": [\n')
    if not rest.endswith(GEOJSON_END):
        raise _not_whole(part)
    return start + opening, rest.removesuffix(GEOJSON_END)


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
        said = f"{path.name} cannot be written as {driver} ({error})."
        raise not_written(path, said) from error


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
