"""Points of a vector file in pixels of the raster."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from encoder_tool.cache.manifest import Manifest
from encoder_tool.crs import transform_points
from encoder_tool.errors import OutsideRasterError, UsageError
from encoder_tool.types import CoordArray
from encoder_tool.vector_in import read_vector

WANTED = "a layer of points"


def read_points(path: Path, manifest: Manifest) -> CoordArray:
    """The points [N, 2] of the first layer that lie on the raster, in level-0 pixels.

    Raises UsageError for what cannot be read or is no layer of points, OutsideRasterError when
    none lies on the raster.
    """
    points, crs = _read(path)
    raster_crs = manifest.raster.crs_wkt
    if (crs is None) != (raster_crs is None):
        which = f"{path} has" if crs is None else "The raster has"
        raise UsageError(f"{which} no CRS.", "Say in its program which one it is in.")
    if crs is not None and raster_crs is not None:
        points = transform_points(points, crs, raster_crs)
    a, b, c, d, e, f = (~manifest.affine)[:6]
    x, y = points.T
    pixels = np.column_stack([a * x + b * y + c, d * x + e * y + f])
    size = manifest.pyramid.width, manifest.pyramid.height
    on_raster = np.isfinite(pixels).all(axis=1) & ((pixels >= 0) & (pixels <= size)).all(axis=1)
    if not on_raster.any():
        raise OutsideRasterError(
            f"No point of {path} lies on the raster.", "Is the layer's CRS the right one?"
        )
    return np.asarray(pixels[on_raster])


def _read(path: Path) -> tuple[CoordArray, str | None]:
    layer = read_vector(path, wanted=WANTED, columns=[])
    shapes = shapely.get_parts(layer.geometries)
    if any(not isinstance(shape, shapely.Point) for shape in shapes):
        raise UsageError(f"{path} holds more than points.", f"Give {WANTED}.")
    found = shapely.get_coordinates(shapes)
    if not len(found):
        raise UsageError(f"{path} holds no points.", f"Give {WANTED}.")
    return found, layer.crs
