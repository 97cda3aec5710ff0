"""What a run writes: polygons, rasters and a style beside the polygons."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from encoder_tool.automatic.objects import FoundObject
from encoder_tool.automatic.work_file import WorkFile
from encoder_tool.cache.manifest import Manifest
from encoder_tool.errors import OutputError
from encoder_tool.outline import Polygonal
from encoder_tool.polygons import geodesic_area_m2, to_crs, to_map
from encoder_tool.raster_out import Numbered, RasterOutput, check_raster_output, make_raster
from encoder_tool.segment import OUTLINE_TOLERANCE_PX
from encoder_tool.staging import check_distinct, put_in_place, staged
from encoder_tool.types import BoxPixel
from encoder_tool.vector_out import (
    FeatureBatch,
    Provenance,
    check_output,
    make_features,
    output_crs,
)

BATCH = 2000
"""Objects that are in memory at a time while they are written."""

STYLE = "segments.qml"


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the objects go.

    polygons: a .gpkg, .geojson or .shp file; None for those who are told of each object
    crs: of the polygons, None for the raster's (longitude and latitude for GeoJSON)
    style: put a QGIS style of the same name beside the polygons
    """

    polygons: Path | None
    crs: str | None = None
    rasters: tuple[RasterOutput, ...] = ()
    style: bool = False

    @property
    def paths(self) -> list[Path]:
        polygons = [] if self.polygons is None else [self.polygons]
        return polygons + [raster.path for raster in self.rasters]

    def check(self, *, overwrite: bool) -> None:
        """Raises OutputError for what cannot or must not be written, before any work is done."""
        if self.polygons is not None:
            self._check_polygons(self.polygons, overwrite=overwrite)
        for raster in self.rasters:
            check_raster_output(raster, overwrite=overwrite)
        check_distinct(self.paths)

    def write(
        self, work: WorkFile, manifest: Manifest, *, with_class: bool, overwrite: bool
    ) -> None:
        """Write all that a finished run has found, which is at least one object. Nothing is put in
        its place before everything is made: a run that ends in between leaves nothing.

        with_class: whether the objects have been given classes
        Raises OutputError as `check`, or when something cannot be written, DiskFullError.
        """
        self.check(overwrite=overwrite)

        def objects_in(box: BoxPixel) -> Iterator[Numbered]:
            for found in work.objects_meeting(box):
                yield found.number, found.geometry

        made: dict[Path, Path] = {}
        with ExitStack() as stack:
            for raster in self.rasters:
                made[raster.path] = stack.enter_context(staged(raster.path))
                make_raster(made[raster.path], raster, manifest, objects_in)
            if self.polygons is not None:
                made[self.polygons] = stack.enter_context(staged(self.polygons))
                self._make_polygons(made[self.polygons], work, manifest, with_class=with_class)
            for path, file in made.items():
                put_in_place(file, path)

    def _check_polygons(self, path: Path, *, overwrite: bool) -> None:
        check_output(str(path), overwrite=overwrite)
        style = path.with_suffix(".qml")
        if self.style and style.exists() and not overwrite:
            raise OutputError(f"{style} exists already.", "Move it away, or give --overwrite.")

    def _make_polygons(
        self, made: Path, work: WorkFile, manifest: Manifest, *, with_class: bool
    ) -> None:
        crs = output_crs(str(made), self.crs, manifest.raster.crs_wkt) or manifest.raster.crs_wkt
        batches = (
            feature_batch(objects, manifest, crs, with_class=with_class)
            for objects in _batches(work.objects())
        )
        make_features(batches, made, crs, manifest.raster.attribution)
        if self.style:
            shutil.copyfile(style_path(), made.with_suffix(".qml"))


def _batches(objects: Iterator[FoundObject]) -> Iterator[list[FoundObject]]:
    while batch := list(islice(objects, BATCH)):
        yield batch


def feature_batch(
    objects: Sequence[FoundObject], manifest: Manifest, crs: str | None, *, with_class: bool
) -> FeatureBatch:
    """Objects with their fields, in a CRS; None where the raster has none."""
    count, provenance = len(objects), Provenance.of(manifest)
    geometries = [map_geometry(found, manifest, crs) for found in objects]
    areas = [geodesic_area_m2(geometry, crs) for geometry in geometries]
    columns: dict[str, npt.NDArray[Any]] = {
        "id": np.array([found.number for found in objects], np.int64),
        "score": np.array([found.score for found in objects], np.float64),
        "stability": np.array([found.stability for found in objects], np.float64),
        "level": np.array([found.level for found in objects], np.int32),
        "area_px": np.array([found.area_px for found in objects], np.float64),
        # NaN is written as null: the CRS does not tell.
        "area_m2": np.array([np.nan if area is None else area for area in areas], np.float64),
        "model": np.array([provenance.model] * count, dtype=object),
        "raster": np.array([provenance.raster] * count, dtype=object),
    }
    unknown = {}
    if with_class:
        columns["class"] = np.array([found.object_class or 0 for found in objects], np.int64)
        unknown["class"] = np.array([found.object_class is None for found in objects], np.bool_)
    return FeatureBatch(geometries, columns, unknown)


def map_geometry(found: FoundObject, manifest: Manifest, crs: str | None) -> Polygonal:
    """An object's outline in a CRS."""
    on_map = to_map(found.geometry, manifest.affine)
    source = manifest.raster.crs_wkt
    if crs is None or source is None:
        return on_map
    tolerance = OUTLINE_TOLERANCE_PX * float(np.sqrt(abs(manifest.affine.determinant)))
    return to_crs(on_map, source, crs, tolerance)


@cache
def style_path() -> Path:
    """The QGIS style: one colour for each object, 35 % opaque."""
    package = Path(__file__).resolve().parents[1]
    for directory in (package / "resources" / "styles", package.parent / "resources" / "styles"):
        if (directory / STYLE).is_file():
            return directory / STYLE
    raise OutputError("The QGIS style is missing from this installation.", "Install it again.")
