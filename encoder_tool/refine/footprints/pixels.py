"""The pixels of the image around footprints, where the raster lies beside its cache.

Everything can be told from the cache alone, less surely: edges are seen to a pixel, masks to four.
"""

from __future__ import annotations

from typing import Self

import numpy as np

from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import FeatureCache
from encoder_tool.errors import EngineError, RasterError
from encoder_tool.outline import Polygonal
from encoder_tool.raster import RasterReader, open_raster
from encoder_tool.refine.footprints.image_edges import ImageEdges
from encoder_tool.types import XY, Window

EDGES_M = 0.3
"""Side of the pixels in which edges are looked for, at least half of it: finer ones show tiles."""

BORDER_PX = 8
"""Around what is asked for, of those pixels: blurring looks so far."""


class Pixels:
    """Pixels of a raster that is open, at the level where they are about `EDGES_M`."""

    def __init__(self, reader: RasterReader, manifest: Manifest, pixel_m: float) -> None:
        self._reader = reader
        self._manifest = manifest
        self._level = max(0, int(np.floor(np.log2(EDGES_M / pixel_m) + 0.1)))

    @classmethod
    def beside(cls, cache: FeatureCache, pixel_m: float) -> Self | None:
        """Of the raster that lies beside its cache; None where there is none, or it is another
        one, or would have to be fetched.

        pixel_m: side of a level-0 pixel on the ground
        """
        manifest = cache.manifest
        path = cache.path.parent / manifest.raster.name
        if not path.exists():
            return None
        try:
            reader = open_raster(path, manifest.bands)
            native = abs(reader.transform.determinant)
            if not np.isclose(native, abs(manifest.affine.determinant), rtol=1e-6):
                reader.close()
                reader = open_raster(path, manifest.bands, manifest.pixel_size[0])
            if reader.is_fetched or not reader.matches(manifest.raster):
                reader.close()
                return None
        except EngineError:
            return None
        return cls(reader, manifest, pixel_m)

    def edges(self, shape: Polygonal, reach_px: float) -> ImageEdges | None:
        """Around a footprint; None where they cannot be read. reach_px: how far from it, in
        level-0 pixels"""
        cell = 1 << self._level
        bounds = np.array(shape.bounds).reshape(2, 2) / cell
        size = np.array([self._manifest.pyramid.width, self._manifest.pyramid.height]) / cell
        reach = reach_px / cell + BORDER_PX
        low = np.maximum(np.floor(bounds[0] - reach), 0).astype(int)
        high = np.minimum(np.ceil(bounds[1] + reach), np.ceil(size)).astype(int)
        if (high - low < BORDER_PX).any():
            return None
        (left, top), (width, height) = low.tolist(), (high - low).tolist()
        try:
            patch = self._reader.read_patch(
                self._level, Window(left, top, width, height), self._manifest.stretch,
                (0.0, 0.0, 0.0),
            )  # fmt: skip
        except RasterError:
            return None
        origin = XY(float(left * cell), float(top * cell))
        return ImageEdges.of(patch.image, patch.valid, origin, float(cell))

    def close(self) -> None:
        self._reader.close()
