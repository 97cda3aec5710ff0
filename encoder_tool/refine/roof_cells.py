"""How much the ground under a footprint looks like the roofs that the layer knows, cell by cell.

Learnt on the spot from the layer's own footprints: cells well inside of them against cells well
away from all of them. That most footprints are about right is enough; those that are not are left
out when it is learnt once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import rasterio.features
import shapely
from affine import Affine

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import CacheDamagedError
from encoder_tool.locate import patches_holding
from encoder_tool.outline import Polygonal
from encoder_tool.refine.likeness import FOLDS, Likeness, learn
from encoder_tool.segment import Segmenter
from encoder_tool.types import (
    LOGIT_CELL,
    LOGIT_SIZE,
    BoolArray,
    BoxPixel,
    CoordArray,
    Features,
    FloatArray,
    PatchId,
)

LEAST_FOOTPRINTS = 2 * FOLDS
"""Fewer do not say what a roof looks like."""

INNER_SHARE = 0.35
"""Footprints are shrunk by this share of half their width: what is shifted by less is learnt from
where it is a roof."""

CLEAR_M = 4.0
"""Around footprints, nothing is taken for ground."""

LEARNT_PATCHES = 24
CELLS_OF_PATCH = 1200
"""From which it is learnt, of roofs and of ground each: more say the same."""

DOUBTFUL = 0.2
"""Footprints with a lower likeness are left out when it is learnt once more."""

BeforePatch = Callable[[], None]


class RoofCells:
    """Learns from footprints in level-0 pixels, and tells of others.

    clear_px: `CLEAR_M` in level-0 pixels
    before_patch: called before each patch is read; what it raises ends the work
    """

    def __init__(
        self,
        segmenter: Segmenter,
        footprints: Sequence[Polygonal],
        clear_px: float,
        before_patch: BeforePatch,
    ) -> None:
        self._segmenter = segmenter
        self._before_patch = before_patch
        self._likeness: Likeness | None = None
        if len(footprints) < LEAST_FOOTPRINTS:
            return
        self._likeness = self._learnt(footprints, footprints, clear_px)
        if self._likeness is None:
            return
        found = self.of(footprints)
        sure = [f for f, like in zip(footprints, found, strict=True) if like >= DOUBTFUL]
        if LEAST_FOOTPRINTS <= len(sure) < len(footprints):
            self._likeness = self._learnt(sure, footprints, clear_px) or self._likeness

    def of(self, footprints: Sequence[Polygonal]) -> CoordArray:
        """The mean likeness [N] of the cells inside each, from 0 to 1; NaN where nothing is known,
        or nothing could be learnt."""
        found = np.full(len(footprints), np.nan)
        if self._likeness is None:
            return found
        by_patch: dict[PatchId, list[int]] = defaultdict(list)
        for index, footprint in enumerate(footprints):
            patch = self._patch_of(footprint)
            if patch is not None:
                by_patch[patch].append(index)
        for patch, indices in sorted(by_patch.items()):
            features = self._features(patch)
            if features is None:
                continue
            cells = cell_features(features)
            for index in indices:
                inside = self._inside([footprints[index]], patch)
                if not inside.any():
                    inside = self._inside([footprints[index]], patch, all_touched=True)
                if inside.any():
                    found[index] = self._likeness.of(cells[:, inside].T).mean()
        return found

    def in_patch(self, patch: PatchId) -> FloatArray | None:
        """The likeness of each logit cell of a patch of level 0 [256, 256], 0 beyond the raster;
        None where nothing is known."""
        if self._likeness is None:
            return None
        features = self._features(patch)
        if features is None:
            return None
        cells = cell_features(features)
        likeness = self._likeness.of(cells.reshape(len(cells), -1).T)
        shaped = likeness.reshape(LOGIT_SIZE, LOGIT_SIZE) * self._on_raster(patch)
        return shaped.astype(np.float32)

    def _learnt(
        self, roofs: Sequence[Polygonal], known: Sequence[Polygonal], clear_px: float
    ) -> Likeness | None:
        inner = [roof.buffer(-INNER_SHARE * _half_width(roof)) for roof in roofs]
        around = [footprint.buffer(clear_px) for footprint in known]
        rng = np.random.default_rng(0)
        samples: tuple[list[FloatArray], list[FloatArray]] = ([], [])
        for patch in self._patches_of(roofs):
            features = self._features(patch)
            if features is None:
                continue
            cells = cell_features(features)
            on_raster = self._on_raster(patch)
            for chosen, mask in zip(
                samples,
                (self._inside(inner, patch), ~self._inside(around, patch, all_touched=True)),
                strict=True,
            ):
                places = np.flatnonzero(mask & on_raster)
                places = rng.permutation(places)[:CELLS_OF_PATCH]
                chosen.append(cells.reshape(len(cells), -1)[:, places].T)
        if not samples[0]:
            return None
        ones, others = (np.concatenate(part) for part in samples)
        if min(len(ones), len(others)) < FOLDS:
            return None
        return learn(ones, others)

    def _patches_of(self, footprints: Sequence[Polygonal]) -> list[PatchId]:
        """Some that hold footprints, spread over all that do."""
        holding = sorted({p for f in footprints if (p := self._patch_of(f)) is not None})
        step = max(1, -(-len(holding) // LEARNT_PATCHES))
        return holding[::step]

    def _patch_of(self, footprint: Polygonal) -> PatchId | None:
        grid = self._segmenter.manifest.pyramid.level(0)
        for patch in patches_holding(grid, BoxPixel(*footprint.bounds)):
            if self._segmenter.state(patch) is PatchStatus.PRESENT:
                return patch
        return None

    def _features(self, patch: PatchId) -> Features | None:
        self._before_patch()
        try:
            return self._segmenter.cache.load(patch)
        except CacheDamagedError:
            return None

    def _inside(
        self, shapes: Sequence[shapely.Geometry], patch: PatchId, *, all_touched: bool = False
    ) -> BoolArray:
        """The logit cells of a patch that shapes cover [256, 256]."""
        window = self._segmenter.window(patch)
        box = shapely.box(window.col_off, window.row_off, window.col_end, window.row_end)
        here = [(s, 1) for s in shapes if not s.is_empty and s.intersects(box)]
        if not here:
            return np.zeros((LOGIT_SIZE, LOGIT_SIZE), np.bool_)
        to_patch = Affine.translation(window.col_off, window.row_off) @ Affine.scale(LOGIT_CELL)
        burnt = rasterio.features.rasterize(
            here, (LOGIT_SIZE, LOGIT_SIZE), transform=to_patch, all_touched=all_touched,
            dtype=np.uint8,
        )  # fmt: skip
        return np.asarray(burnt, np.bool_)

    def _on_raster(self, patch: PatchId) -> BoolArray:
        area = self._segmenter.raster_in_patch(patch)
        centres = LOGIT_CELL * (np.arange(LOGIT_SIZE) + 0.5)
        return (centres < area.ymax)[:, None] & (centres < area.xmax)[None, :]


def cell_features(features: Features) -> FloatArray:
    """All feature maps [C, 256, 256], the coarser ones enlarged to logit cells."""
    maps = [features.high_res_0]
    for coarse in (features.high_res_1, features.image_embed):
        enlarged = [
            cv2.resize(np.ascontiguousarray(channel), (LOGIT_SIZE, LOGIT_SIZE))
            for channel in coarse.astype(np.float32)
        ]
        maps.append(np.stack(enlarged))
    return np.concatenate(maps).astype(np.float32)


def _half_width(shape: Polygonal) -> float:
    """Of a square of its area."""
    return float(np.sqrt(shape.area)) / 2
