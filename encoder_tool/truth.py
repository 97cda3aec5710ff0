"""Truth polygons for a yardstick: read from any vector file, in the raster's CRS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from encoder_tool.crs import transform_points
from encoder_tool.errors import UsageError
from encoder_tool.polygons import Polygonal
from encoder_tool.types import CoordArray
from encoder_tool.vector_in import read_vector

CLASS_FIELD = "class"


@dataclass(frozen=True, eq=False)
class TruthObject:
    """One object: a valid polygon in the raster's CRS, and its class if the file has any."""

    geometry: Polygonal
    class_name: str | None


def read_truth(path: Path, raster_crs: str | None, layer: str | None = None) -> list[TruthObject]:
    """All polygons of a layer (the first one by default), made valid, in the raster's CRS.

    A file without a CRS is taken to be in the raster's. Features that are no polygons are left
    out. Raises UsageError when the file or layer cannot be read, or holds no polygon.
    """
    read = read_vector(path, layer, wanted="a file of truth polygons", columns=[CLASS_FIELD])
    classes = read.table.get(CLASS_FIELD, [None] * len(read.geometries))
    objects: list[TruthObject] = []
    for geometry, class_name in zip(read.geometries, classes, strict=True):
        polygon = _in_raster_crs(geometry, read.crs, raster_crs)
        if polygon is not None:
            objects.append(TruthObject(polygon, None if class_name is None else str(class_name)))
    if not objects:
        raise UsageError(f"{path} holds no polygons.", "Choose another layer with --layer.")
    return objects


def _in_raster_crs(
    geometry: shapely.Geometry | None, crs: str | None, raster_crs: str | None
) -> Polygonal | None:
    """A valid polygon, or None for what is no polygon or has no place in the raster's CRS."""
    if geometry is None or geometry.is_empty:
        return None
    if crs is not None and raster_crs is not None:

        def moved(points: CoordArray) -> CoordArray:
            return transform_points(points, crs, raster_crs)

        geometry = shapely.transform(geometry, moved)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None
    return polygonal(geometry)


def polygonal(geometry: shapely.Geometry) -> Polygonal | None:
    """The geometry made valid, its polygons only; None when there are none."""
    valid = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    parts = [
        part
        for part in shapely.get_parts(valid)
        if isinstance(part, shapely.Polygon) and not part.is_empty
    ]
    if not parts:
        return None
    whole: Polygonal = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return whole
