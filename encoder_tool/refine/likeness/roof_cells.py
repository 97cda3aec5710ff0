"""How much the ground under a footprint looks like the roofs that the layer knows, cell by cell.

Learnt on the spot from the layer's own footprints: cells well inside of them against cells well
away from all of them. That most footprints are about right is enough; those that are not are left
out when it is learnt once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import rasterio.features
import shapely
from affine import Affine

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import CacheDamagedError
from encoder_tool.locate import patches_holding
from encoder_tool.outline import Polygonal
from encoder_tool.refine.likeness.discriminant import FOLDS, Likeness, learn
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
CELLS_OF_FOOTPRINT = 40
GROUND_CELLS_OF_PATCH = 1200
"""From which it is learnt: more say the same, and large roofs must not outvote small ones."""

KNOWN_FOLDS = 3
"""Parts of the footprints of which each is judged by what was learnt from the others: what is
learnt from a footprint that is wrong finds it right."""

DOUBTFUL = 0.2
"""Footprints with a lower likeness are left out when it is learnt once more."""

BeforePatch = Callable[[], None]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Samples:
    """roofs, ground: cells [N, C], [M, C]; owners: which footprint each cell of a roof is of [N]"""

    roofs: FloatArray
    ground: FloatArray
    owners: IntArray


class RoofCells:
    """Learns from footprints in level-0 pixels, and tells of others.

    clear_px: `CLEAR_M` in level-0 pixels
    before_patch: called before each patch is read to learn, or to tell of footprints; what it
        raises ends the work
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
        self._count = len(footprints)
        self._likeness: Likeness | None = None
        self._of_fold: list[Likeness | None] = [None] * KNOWN_FOLDS
        if len(footprints) < LEAST_FOOTPRINTS:
            return
        samples = self._samples(footprints, clear_px)
        everything = np.ones(len(footprints), np.bool_)
        self._learn(samples, everything)
        sure = ~(self.of_known(footprints) < DOUBTFUL)
        if LEAST_FOOTPRINTS <= np.count_nonzero(sure) < len(footprints):
            self._learn(samples, sure)

    def of(self, footprints: Sequence[Polygonal]) -> CoordArray:
        """The mean likeness [N] of the cells inside each, from 0 to 1; NaN where nothing is known,
        or nothing could be learnt."""
        return self._told(footprints, [self._likeness] * len(footprints))

    def of_known(self, footprints: Sequence[Polygonal]) -> CoordArray:
        """As `of`, for the footprints that it was learnt from, in their order and wherever they
        are put: each is judged by what was learnt without it."""
        return self._told(footprints, [self._of_fold[i % KNOWN_FOLDS] for i in range(self._count)])

    def _told(
        self, footprints: Sequence[Polygonal], likenesses: Sequence[Likeness | None]
    ) -> CoordArray:
        found = np.full(len(footprints), np.nan)
        by_patch: dict[PatchId, list[int]] = defaultdict(list)
        for index, footprint in enumerate(footprints):
            patch = self._patch_of(footprint) if likenesses[index] else None
            if patch is not None:
                by_patch[patch].append(index)
        for patch, indices in sorted(by_patch.items()):
            self._before_patch()
            features = self._features(patch)
            if features is None:
                continue
            cells = cell_features(features)
            for index in indices:
                inside = self._inside([footprints[index]], patch) > 0
                if not inside.any():
                    inside = self._inside([footprints[index]], patch, all_touched=True) > 0
                likeness = likenesses[index]
                if inside.any() and likeness is not None:
                    found[index] = likeness.of(cells[:, inside].T).mean()
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

    def _samples(self, footprints: Sequence[Polygonal], clear_px: float) -> _Samples:
        inner = [shape.buffer(-INNER_SHARE * _half_width(shape)) for shape in footprints]
        around = [shape.buffer(clear_px) for shape in footprints]
        rng = np.random.default_rng(0)
        roofs, ground, owners = list[FloatArray](), list[FloatArray](), list[IntArray]()
        for patch in self._patches_of(footprints):
            self._before_patch()
            features = self._features(patch)
            if features is None:
                continue
            cells = cell_features(features).reshape(-1, LOGIT_SIZE**2)
            on_raster = self._on_raster(patch).ravel()
            owner = self._inside(inner, patch).ravel()
            clear = self._inside(around, patch, all_touched=True).ravel() == 0
            for kind, mask in ((roofs, owner > 0), (ground, clear)):
                places = rng.permutation(np.flatnonzero(mask & on_raster))
                if kind is roofs:
                    places = _some_of_each(places, owner[places])
                    owners.append(owner[places] - 1)
                else:
                    places = places[:GROUND_CELLS_OF_PATCH]
                kind.append(cells[:, places].T)
        if not roofs:
            nothing = np.empty((0, 1), np.float32)
            return _Samples(nothing, nothing, np.empty(0, np.int64))
        return _Samples(np.concatenate(roofs), np.concatenate(ground), np.concatenate(owners))

    def _learn(self, samples: _Samples, wanted: BoolArray) -> None:
        """From the cells of the wanted footprints [N]; for each fold, of those in the others."""
        is_wanted = wanted[samples.owners]
        folds = samples.owners % KNOWN_FOLDS
        chosen = [is_wanted, *(is_wanted & (folds != fold) for fold in range(KNOWN_FOLDS))]
        self._likeness, *self._of_fold = [
            learn(samples.roofs[cells], samples.ground)
            if cells.sum() >= FOLDS and len(samples.ground) >= FOLDS else None
            for cells in chosen
        ]  # fmt: skip

    def _patches_of(self, footprints: Sequence[Polygonal]) -> list[PatchId]:
        """Some that hold footprints, spread over all that do."""
        holding = sorted({p for f in footprints if (p := self._patch_of(f)) is not None})
        step = max(1, -(-len(holding) // LEARNT_PATCHES))
        return holding[::step]

    def _patch_of(self, footprint: Polygonal) -> PatchId | None:
        grid = self._segmenter.manifest.pyramid.level(0)
        xmin, ymin, xmax, ymax = footprint.bounds
        box = BoxPixel(
            max(xmin, 0.0), max(ymin, 0.0),
            min(xmax, float(grid.width)), min(ymax, float(grid.height)),
        )  # fmt: skip
        for patch in patches_holding(grid, box):
            if self._segmenter.state(patch) is PatchStatus.PRESENT:
                return patch
        return None

    def _features(self, patch: PatchId) -> Features | None:
        try:
            return self._segmenter.cache.load(patch)
        except CacheDamagedError:
            return None

    def _inside(
        self, shapes: Sequence[shapely.Geometry], patch: PatchId, *, all_touched: bool = False
    ) -> IntArray:
        """Which of the shapes, counted from 1, covers each logit cell of a patch [256, 256]; 0 for
        none."""
        window = self._segmenter.window(patch)
        box = shapely.box(window.col_off, window.row_off, window.col_end, window.row_end)
        here = [
            (shape, number) for number, shape in enumerate(shapes, 1)
            if not shape.is_empty and shape.intersects(box)
        ]  # fmt: skip
        if not here:
            return np.zeros((LOGIT_SIZE, LOGIT_SIZE), np.int64)
        to_patch = Affine.translation(window.col_off, window.row_off) @ Affine.scale(LOGIT_CELL)
        burnt = rasterio.features.rasterize(
            here, (LOGIT_SIZE, LOGIT_SIZE), transform=to_patch, all_touched=all_touched,
            dtype=np.int32,
        )  # fmt: skip
        return np.asarray(burnt, np.int64)

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


def _some_of_each(places: IntArray, owners: IntArray) -> IntArray:
    """The first `CELLS_OF_FOOTPRINT` places of each owner."""
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], owners[order])
    return places[order[np.arange(len(order)) - starts < CELLS_OF_FOOTPRINT]]


def _half_width(shape: Polygonal) -> float:
    """Of a square of its area."""
    return float(np.sqrt(shape.area)) / 2
