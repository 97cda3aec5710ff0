"""Points of a vector file in pixels of the raster."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio.errors
import pyogrio.raw
import shapely

from encoder_tool.cache.manifest import Manifest
from encoder_tool.crs import transform_points
from encoder_tool.errors import OutsideRasterError, UsageError
from encoder_tool.types import CoordArray


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
    if not path.exists():
        raise UsageError(f"There is no file {path}.", "Give a layer of points.")
    try:
        meta, _, wkb, _ = pyogrio.raw.read(path, columns=[], force_2d=True)
        shapes = shapely.get_parts(shapely.from_wkb([] if wkb is None else wkb))
    except (
        pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError,
        pyogrio.errors.GeometryError, shapely.errors.GEOSException,
    ) as error:  # fmt: skip
        raise UsageError(f"{path} cannot be read as a vector layer ({error}).") from error
    if any(not isinstance(shape, shapely.Point) for shape in shapes):
        raise UsageError(f"{path} holds more than points.", "Give a layer of points.")
    found = shapely.get_coordinates(shapes)
    if not len(found):
        raise UsageError(f"{path} holds no points.", "Give a layer of points.")
    return found, meta["crs"]
