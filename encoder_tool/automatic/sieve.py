"""Which objects are kept: by extent, mask layer and area; and their class by majority."""

from __future__ import annotations

from math import ceil, floor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import rasterio
import rasterio.errors
import rasterio.features
import shapely
from affine import Affine
from rasterio.windows import Window as RasterWindow

from encoder_tool.automatic.objects import ObjectFilter
from encoder_tool.cache.manifest import Manifest
from encoder_tool.errors import OutputError, RasterError, UsageError
from encoder_tool.outline import Polygonal, valid
from encoder_tool.polygons import geodesic_area_m2, to_crs, to_map
from encoder_tool.truth import read_truth
from encoder_tool.types import BoxPixel, Window

LEAST_SHARE = 0.5
"""Of an object, that has to lie in the mask layer's polygons."""

CLASS_PIXELS = 1 << 22
"""A window of the class raster is read with at most about so many pixels."""


class Sieve:
    """A filter made ready for one raster; a context manager, for the class raster stays open.

    Raises UsageError for a mask layer, or RasterError for a class raster, that cannot be used.
    """

    def __init__(self, wanted: ObjectFilter, manifest: Manifest) -> None:
        self._wanted = wanted
        self._manifest = manifest
        self._mask = None if wanted.mask is None else _mask_layer(wanted.mask, manifest)
        self._classes = None if wanted.classes is None else _open_classes(wanted.classes, manifest)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._classes is not None:
            self._classes.close()

    def narrowed(self, window: Window) -> Window | None:
        """The part of a window of level-0 pixels in which the mask layer lies; None when it lies
        elsewhere."""
        if self._mask is None:
            return window
        xmin, ymin, xmax, ymax = shapely.total_bounds(self._mask.geometries)
        left, top = max(floor(xmin), window.col_off), max(floor(ymin), window.row_off)
        right, bottom = min(ceil(xmax), window.col_end), min(ceil(ymax), window.row_end)
        if left >= right or top >= bottom:
            return None
        return Window(left, top, right - left, bottom - top)

    def may_keep_some_in(self, box: BoxPixel, margin: float) -> bool:
        """Whether an object within a margin of a box could be kept; both in level-0 pixels."""
        left, top, right, bottom = box
        square = shapely.box(left - margin, top - margin, right + margin, bottom + margin)
        if self._mask is not None and not len(self._mask.query(square, "intersects")):
            return False
        if self._wanted.extent is None:
            return True
        extent = shapely.box(*self._wanted.extent)
        return bool(extent.intersects(to_map(square, self._manifest.affine)))

    def keeps(self, geometry: Polygonal) -> bool:
        """Whether an object, in level-0 pixels, is to be kept."""
        if self._wanted.extent is not None:
            x, y = self._manifest.affine @ geometry.representative_point().coords[0]
            xmin, ymin, xmax, ymax = self._wanted.extent
            # Of extents side by side, what lies on their common edge belongs to one of them.
            if not (xmin <= x < xmax and ymin <= y < ymax):
                return False
        if self._mask is not None:
            parts = self._mask.geometries[self._mask.query(geometry)]
            shared = shapely.area(shapely.intersection(parts, geometry)).sum()
            if shared < LEAST_SHARE * geometry.area:
                return False
        if self._wanted.min_area <= 0 and self._wanted.max_area is None:
            return True
        area = self._area(geometry)
        most = self._wanted.max_area
        return area >= self._wanted.min_area and (most is None or area <= most)

    def _area(self, geometry: Polygonal) -> float:
        on_map = to_map(geometry, self._manifest.affine)
        area = geodesic_area_m2(on_map, self._manifest.raster.crs_wkt)
        return float(geometry.area) if area is None else area

    def class_of(self, geometry: Polygonal) -> int | None:
        """The class that most of an object, in level-0 pixels, has; None without a class raster
        or where it knows none."""
        if self._classes is None:
            return None
        on_map = to_map(geometry, self._manifest.affine)
        source = self._manifest.raster.crs_wkt
        if source is not None and self._classes.crs is not None:
            try:
                on_map = to_crs(on_map, source, self._classes.crs.to_wkt())
            except OutputError:  # there is no such place in the class raster's CRS
                return None
        values = _values_under(on_map, self._classes)
        if not len(values):
            return None
        classes, counts = np.unique(values, return_counts=True)
        return int(classes[counts.argmax()])


def _mask_layer(path: Path, manifest: Manifest) -> shapely.STRtree:
    """What the polygons of a vector file cover, in parts that do not overlap, in level-0 pixels.

    Of a mask of 22,500 buildings, what an object shares with it takes 3 ms by its parts, and 71 ms
    as one geometry.
    """
    if not path.exists():
        raise UsageError(f"There is no mask layer {path}.", "Name a file of polygons.")
    try:
        polygons = [found.geometry for found in read_truth(path, manifest.raster.crs_wkt)]
    except UsageError as error:
        raise UsageError(error.message, "Name a file of polygons as the mask layer.") from error
    covered = to_map(valid(shapely.union_all(polygons)), ~manifest.affine)
    return shapely.STRtree(shapely.get_parts(covered))


def _open_classes(path: Path, manifest: Manifest) -> Any:
    try:
        classes = rasterio.open(path)
    except rasterio.errors.RasterioError as error:
        raise RasterError(f"The class raster {path} cannot be read ({error}).") from error
    if np.dtype(classes.dtypes[0]).kind not in "iu":
        classes.close()
        raise RasterError(
            f"The class raster {path} has no whole numbers but {classes.dtypes[0]}.",
            "Name a raster whose first band numbers the classes.",
        )
    if manifest.raster.crs_wkt is None and classes.crs is not None:
        classes.close()
        raise RasterError(
            f"The class raster {path} has a CRS and the encoded raster has none.",
            "Give one to the raster and encode it again.",
        )
    return classes


def _values_under(geometry: Polygonal, classes: Any) -> Any:
    """The known classes [N] of the pixels whose centres lie in a polygon, or of those that it
    touches where it is smaller than that."""
    window = _window_around(geometry, classes)
    if window is None:
        return np.empty(0, np.int64)
    shrink = max(1.0, np.sqrt(window.width * window.height / CLASS_PIXELS))
    shape = max(1, round(window.height / shrink)), max(1, round(window.width / shrink))
    values = classes.read(1, window=window, out_shape=shape)
    known = classes.read_masks(1, window=window, out_shape=shape) > 0
    corner = Affine.translation(window.col_off, window.row_off)
    pixel = Affine.scale(window.width / shape[1], window.height / shape[0])
    transform = classes.transform @ corner @ pixel
    for all_touched in (False, True):
        inside = rasterio.features.geometry_mask(
            [geometry], shape, transform, all_touched=all_touched, invert=True
        )
        if inside.any():
            return values[inside & known]
    return np.empty(0, values.dtype)


def _window_around(geometry: Polygonal, classes: Any) -> RasterWindow | None:
    """The class raster's pixels that a polygon's bounds touch; None when it is beside them."""
    to_pixel = ~classes.transform
    xmin, ymin, xmax, ymax = geometry.bounds
    corners = [to_pixel @ (x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
    cols, rows = np.array(corners).T
    left, right = max(floor(cols.min()), 0), min(ceil(cols.max()), classes.width)
    top, bottom = max(floor(rows.min()), 0), min(ceil(rows.max()), classes.height)
    if left >= right or top >= bottom:
        return None
    return RasterWindow(left, top, right - left, bottom - top)
