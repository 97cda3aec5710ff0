"""What the image looks like under a polygon: the cached features, pooled.

The mean of each feature map inside the polygon, and how that differs from the mean of a ring
around it: a roof is as much what it stands out from as what it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import rasterio.features
import shapely
from affine import Affine

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import CacheDamagedError
from encoder_tool.grid import LevelGrid
from encoder_tool.locate import patches_holding
from encoder_tool.outline import Polygonal
from encoder_tool.segment import FeatureSource
from encoder_tool.types import LOGIT_CELL, BoxPixel, Features, FloatArray, PatchId, Window

COARSEST = 4
"""Logit cells along a cell of the coarsest feature map, `image_embed`."""

RING_PX = (4.0, 24.0)
"""Where the ring begins and ends, in pixels of the level: beyond what an outline may be off, and
wide enough to hold whole cells of the coarsest map."""

MAPS = ("image_embed", "high_res_0", "high_res_1")


def describe(
    cache: FeatureSource, polygons: Sequence[Polygonal], level: int
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Descriptors [N, D] of polygons in level-0 pixels, and of which there are any [N].

    level: whose features are taken; there are none where no encoded patch holds the polygon, or
        that patch is damaged
    """
    by_patch: dict[PatchId, list[int]] = defaultdict(list)
    for index, polygon in enumerate(polygons):
        patch = _patch_of(cache, polygon, level)
        if patch is not None:
            by_patch[patch].append(index)
    rows: dict[int, FloatArray] = {}
    for patch, indices in sorted(by_patch.items()):
        try:
            features = cache.load(patch)
        except CacheDamagedError:
            continue
        window = cache.manifest.pyramid.level(level).window(patch.row, patch.col)
        for index in indices:
            rows[index] = pooled(features, in_patch(polygons[index], level, window))
    known = np.zeros(len(polygons), np.bool_)
    known[list(rows)] = True
    if not rows:
        return np.empty((len(polygons), 0), np.float32), known
    empty = np.zeros_like(next(iter(rows.values())))
    return np.stack([rows.get(index, empty) for index in range(len(polygons))]), known


def _patch_of(cache: FeatureSource, polygon: Polygonal, level: int) -> PatchId | None:
    """The encoded patch in which a polygon lies furthest from the border; None when it lies in
    none, or in none whole."""
    grid: LevelGrid = cache.manifest.pyramid.level(level)
    for patch in patches_holding(grid, BoxPixel(*polygon.bounds)):
        if cache.state(patch) is PatchStatus.PRESENT:
            return patch
    return None


def in_patch(polygon: Polygonal, level: int, window: Window) -> Polygonal:
    """A polygon in level-0 pixels in those of a patch."""
    scale, origin = 1 / (1 << level), np.array([window.col_off, window.row_off])
    moved: Polygonal = shapely.transform(polygon, lambda points: scale * points - origin)
    return moved


def pooled(features: Features, polygon: Polygonal) -> FloatArray:
    """The descriptor [D] of a polygon in patch pixels."""
    inner, outer = RING_PX
    ring = polygon.buffer(outer).difference(polygon.buffer(inner))
    inside, around = _means(features, polygon), _means(features, ring)
    return np.concatenate([inside, inside - around]).astype(np.float32)


def _means(features: Features, shape: shapely.Geometry) -> FloatArray:
    """The mean under a shape of all channels of all maps [C]; of what lies in the patch."""
    rows, cols, weights = _cell_weights(shape)
    means = []
    for name in MAPS:
        values = getattr(features, name)
        shrink = features.high_res_0.shape[1] // values.shape[1]
        height, width = weights.shape[0] // shrink, weights.shape[1] // shrink
        share = weights.reshape(height, shrink, width, shrink).mean(axis=(1, 3))
        part = values[
            :, rows // shrink : rows // shrink + height, cols // shrink : cols // shrink + width
        ]
        means.append(np.tensordot(part, share, axes=2) / max(float(share.sum()), 1e-9))
    return np.concatenate(means).astype(np.float32)


def _cell_weights(shape: shapely.Geometry) -> tuple[int, int, FloatArray]:
    """First row and column of logit cells, a multiple of `COARSEST`, and which of the cells from
    there on a shape covers [h, w]; at least one."""
    block = LOGIT_CELL * COARSEST
    xmin, ymin, xmax, ymax = np.array(shape.bounds) / block
    left, top = (int(np.clip(np.floor(v), 0, 63)) for v in (xmin, ymin))
    right, bottom = (
        int(np.clip(np.ceil(xmax), left + 1, 64)),
        int(np.clip(np.ceil(ymax), top + 1, 64)),
    )
    cells = COARSEST * (bottom - top), COARSEST * (right - left)
    transform = Affine.translation(block * left, block * top) @ Affine.scale(LOGIT_CELL)
    for all_touched in (False, True):
        inside = rasterio.features.rasterize(
            [(shape, 1)], cells, transform=transform, all_touched=all_touched, dtype=np.uint8
        )
        if inside.any():
            break
    return COARSEST * top, COARSEST * left, inside.astype(np.float32)
