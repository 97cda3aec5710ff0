"""Values that cross module borders. Axis order, units and frame live in names, not in comments.

Pixel space is GDAL's: x = column, y = row, floats; pixel (0, 0) covers [0, 1) x [0, 1) and its
centre is (0.5, 0.5). Map space is the raster's CRS, reached by `affine * (x, y)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]
CoordArray = npt.NDArray[np.float64]

PATCH_SIZE = 1024
"""Side of the model's input square, in pixels."""

LOGIT_SIZE = 256
"""Side of the map of mask logits that a decoder returns."""

LOGIT_CELL = PATCH_SIZE // LOGIT_SIZE
"""Patch pixels per logit cell; cell (r, c) is centred at patch pixel (4(c+0.5), 4(r+0.5))."""

OUTSIDE_LOGIT = -32.0
"""Of cells that are clearly outside an object: strays, NaN, what lies beyond the border. sam2
clamps the logits of a mask prompt to it."""

FEATURE_NAMES = ("image_embed", "high_res_0", "high_res_1")
"""The three feature maps of a patch, at strides 16, 4 and 8."""


class Remark(str):
    """A sentence for people, and what it says for programs that have their own words for it.

    kind: which sentence it is; values: what differs from one time to the next, as JSON holds it
    """

    kind: str
    values: dict[str, Any]

    def __new__(cls, kind: str, sentence: str, **values: Any) -> Self:
        remark = super().__new__(cls, sentence)
        remark.kind, remark.values = kind, values
        return remark


class XY(NamedTuple):
    """A position: x grows with columns (or east), y with rows (or north)."""

    x: float
    y: float


class BoundsMap(NamedTuple):
    """An axis-aligned rectangle in map units."""

    xmin: float
    ymin: float
    xmax: float
    ymax: float


class BoxPixel(NamedTuple):
    """An axis-aligned rectangle in pixels (edges, GDAL convention)."""

    xmin: float
    ymin: float
    xmax: float
    ymax: float


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of whole pixels of one level; it may reach beyond the level's right or
    bottom edge, where it is padding."""

    col_off: int
    row_off: int
    width: int
    height: int

    @property
    def col_end(self) -> int:
        return self.col_off + self.width

    @property
    def row_end(self) -> int:
        return self.row_off + self.height


class PatchId(NamedTuple):
    """The address of a patch: pyramid level, then row and column in that level's grid."""

    level: int
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the next prompt is expected: what it would need is encoded first.

    point: a click, or the middle of what is seen, in the raster's CRS; or else
    bounds: what one patch has to hold, such as a box and the clicks that belong to it
    pixel_size: side of a screen pixel in units of the raster's CRS; decides the level
    level: pins it. Without either, the size of the bounds decides, and for a point level 0
    extent: what is seen, in the raster's CRS: where an encode is not to go beyond what is wanted,
        the patches of the level that meet it are wanted, too

    Both places are clipped to the raster.
    """

    point: XY | None = None
    bounds: BoundsMap | None = None
    pixel_size: float | None = None
    level: int | None = None
    extent: BoundsMap | None = None


@dataclass(frozen=True, eq=False)
class Features:
    """What the image encoder says about one patch (no batch axis).

    image_embed: [C, 64, 64], the raw level 2 (without sam2's `no_mem_embed`)
    high_res_0: [C0, 256, 256]
    high_res_1: [C1, 128, 128]
    """

    image_embed: FloatArray
    high_res_0: FloatArray
    high_res_1: FloatArray

    def arrays(self) -> dict[str, FloatArray]:
        return {name: getattr(self, name) for name in FEATURE_NAMES}

    @property
    def nbytes(self) -> int:
        return sum(a.nbytes for a in self.arrays().values())


FeatureShapes = Mapping[str, tuple[int, int, int]]
"""(channels, height, width) of each feature map, by name."""


MASK_LOGIT_LIMIT = 32.0
"""sam2 clamps the logits that go back in as a mask prompt to +-32."""


@dataclass(frozen=True, eq=False)
class Prompt:
    """What the user says about one object, in patch pixels (GDAL convention, float64).

    points: [N, 2] as (x, y)
    labels: [N], 1 = include, 0 = exclude
    box: edges, or None
    mask_logits: [256, 256] logits of an earlier mask of the same patch, or None
    """

    points: CoordArray = field(default_factory=lambda: np.empty((0, 2), np.float64))
    labels: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    box: BoxPixel | None = None
    mask_logits: FloatArray | None = None

    def with_mask(self, logits: FloatArray) -> Prompt:
        """The same with logits [256, 256] of an earlier mask, clamped as sam2 does."""
        return replace(self, mask_logits=logits.clip(-MASK_LOGIT_LIMIT, MASK_LOGIT_LIMIT))

    @property
    def is_single_click(self) -> bool:
        """One click and nothing else: ambiguous, so the decoder answers with candidates."""
        return len(self.labels) == 1 and self.box is None and self.mask_logits is None

    @property
    def is_empty(self) -> bool:
        return len(self.labels) == 0 and self.box is None and self.mask_logits is None


@dataclass(frozen=True, eq=False)
class Masks:
    """The decoder's answer to one prompt.

    logits: [C, 256, 256], positive inside; C is 3 (candidates) or 1 (the single mask)
    iou_predictions: [C], the model's own estimate of each mask's IoU
    """

    logits: FloatArray
    iou_predictions: FloatArray

    @property
    def best(self) -> int:
        """Index of the candidate with the highest predicted IoU."""
        return int(np.argmax(self.iou_predictions))


@dataclass(frozen=True, slots=True)
class RasterRecord:
    """The source raster, as it was when it was encoded.

    `transform` and `width` x `height` are the raster's own (native); the pyramid has the
    working size, which differs when a resolution was asked for. `fingerprint` is a sha256 over
    sampled pixels: it decides when only size or mtime differ. Those two are over all files that
    the raster consists of, and 0 when none is a local file.
    """

    name: str
    size_bytes: int
    mtime_ns: int
    fingerprint: str
    crs_wkt: str | None
    transform: tuple[float, float, float, float, float, float]
    width: int
    height: int
    dtype: str
    nodata: float | None
    attribution: str | None = None
    """Whom to name wherever the raster, or what is made of it, is shown."""
    title: str | None = None
    """What people call it, where the file's name does not tell."""


@dataclass(frozen=True, slots=True)
class StretchRecord:
    """How band values become 0..1: (value - low) / (high - low), clipped, per band of RGB."""

    method: str
    low: tuple[float, float, float]
    high: tuple[float, float, float]
