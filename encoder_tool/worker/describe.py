"""A cache as `open` tells it: what it is of, how it lies on the map, and how much is encoded."""

from __future__ import annotations

import base64
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
import shapely

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.lock import current_writer
from encoder_tool.cache.store import FeatureCache, directory_size
from encoder_tool.prompts import raster_bounds

_STATUS = {
    PatchStatus.PRESENT: "present",
    PatchStatus.EMPTY: "empty",
    PatchStatus.ABSENT: "missing",
}


def describe_cache(cache: FeatureCache) -> dict[str, Any]:
    """Everything but the patches one by one; raises CacheDamagedError."""
    manifest, pyramid = cache.manifest, cache.pyramid
    writer = current_writer(cache.path)
    return {
        "path": str(cache.path),
        "raster": manifest.raster.title or manifest.raster.name,
        "crs_wkt": manifest.raster.crs_wkt,
        "transform": list(manifest.transform),
        "width": pyramid.width,
        "height": pyramid.height,
        "pixel_size": list(manifest.pixel_size),
        "bounds": list(raster_bounds(manifest)),
        "model": manifest.model.name,
        "levels": [_describe_level(cache, level) for level in range(pyramid.levels)],
        "writer": asdict(writer) if writer else None,
        "manifest": manifest.to_attributes(),
    }


def describe_patches(cache: FeatureCache, with_missing: bool = False) -> list[dict[str, Any]]:
    """The patches that are done, the coarsest level first, each with its part of the raster.

    with_missing: those that are not done as well
    """
    described = []
    for level in reversed(range(cache.pyramid.levels)):
        presence = cache.presence(level)
        wanted = (presence != PatchStatus.ABSENT) | with_missing
        for (row, col), outline in zip(
            np.argwhere(wanted).tolist(), _outlines(cache, level, wanted), strict=True
        ):
            status = _STATUS[PatchStatus(presence[row, col])]
            described.append(
                {"level": level, "row": row, "col": col, "status": status, "wkb": outline}
            )
    return described


def describe_coverage(cache: FeatureCache) -> str:
    """What is done at the finest level, as one outline; an empty polygon when nothing is."""
    done = cache.presence(0) != PatchStatus.ABSENT
    before, after = (np.pad(done, ((0, 0), side)) for side in ((1, 0), (0, 1)))
    rows, first = np.nonzero(done & ~before[:, :-1])
    _, last = np.nonzero(done & ~after[:, 1:])
    # Runs along rows first: one by one, 10,000 patches take half a second.
    boxes = _boxes(cache, 0, rows, first, last)
    # Joined in whole pixels: on a rotated raster, coordinates of the map would not quite meet.
    outline = shapely.union_all(shapely.polygons(boxes)) if len(boxes) else shapely.Polygon()
    return to_base64(shapely.to_wkb(shapely.transform(outline, partial(_to_map, cache, 0))))


def size_on_disk(cache: FeatureCache) -> int:
    """Bytes; slow for a large cache on a network drive."""
    return directory_size(cache.path)


def to_base64(wkb: bytes) -> str:
    """Well-known binary, as JSON can hold it."""
    return base64.b64encode(wkb).decode("ascii")


def _describe_level(cache: FeatureCache, level: int) -> dict[str, Any]:
    presence = cache.presence(level)
    return {
        "level": level,
        "rows": presence.shape[0],
        "cols": presence.shape[1],
        "present": int(np.count_nonzero(presence == PatchStatus.PRESENT)),
        "empty": int(np.count_nonzero(presence == PatchStatus.EMPTY)),
        "pixel_size": [size * (1 << level) for size in cache.manifest.pixel_size],
    }


def _outlines(cache: FeatureCache, level: int, wanted: np.ndarray) -> list[str]:
    """Polygons in the raster's CRS, as WKB, of the wanted patches [rows, cols] in reading order."""
    rows, cols = np.nonzero(wanted)
    corners = _to_map(cache, level, _boxes(cache, level, rows, cols, cols))
    return [to_base64(wkb) for wkb in shapely.to_wkb(shapely.polygons(corners))]


def _boxes(
    cache: FeatureCache, level: int, rows: np.ndarray, first: np.ndarray, last: np.ndarray
) -> np.ndarray:
    """Corners [n, 4, 2] in the level's pixels of patches in a row, from the first column to the
    last; what is beyond the raster is left out."""
    pyramid, scale = cache.pyramid, 1 << level
    grid = pyramid.level(level)
    left, right = (np.array(grid.col_origins, np.float64)[cols] for cols in (first, last))
    top = np.array(grid.row_origins, np.float64)[rows]
    right = np.minimum(right + grid.patch, pyramid.width / scale)
    bottom = np.minimum(top + grid.patch, pyramid.height / scale)
    x = np.stack([left, right, right, left], axis=1)
    y = np.stack([top, top, bottom, bottom], axis=1)
    return np.stack([x, y], axis=-1)


def _to_map(cache: FeatureCache, level: int, pixels: np.ndarray) -> np.ndarray:
    """Of a level's pixels [..., 2]."""
    a, b, c, d, e, f = cache.manifest.level_affine(level)[:6]
    x, y = pixels[..., 0], pixels[..., 1]
    return np.stack([a * x + b * y + c, d * x + e * y + f], axis=-1)
