"""What the model makes of footprints: each is a box, slightly grown, and a point inside it.

Those of one patch are decoded together; a mask that reaches the border of its patch is continued
in the neighbours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
import numpy.typing as npt
import shapely

from encoder_tool.errors import CacheDamagedError, NoImageDataError, NotEncodedError, PromptError
from encoder_tool.locate import choose_patch, level_of_box
from encoder_tool.metrics import innermost_point
from encoder_tool.outline import Polygonal, polygonal
from encoder_tool.parts import meant_parts
from encoder_tool.prompts import PixelPrompt
from encoder_tool.refine.footprints.mask_field import LEAST_SEEN, MaskField
from encoder_tool.segment import Segmenter
from encoder_tool.stitch import Limits, PatchMask, WholeMask, reaches_border, whole_mask
from encoder_tool.types import (
    LOGIT_CELL,
    OUTSIDE_LOGIT,
    XY,
    BoxPixel,
    FloatArray,
    PatchId,
)

FOLLOW = Limits(patches=24, seconds=np.inf)
"""How far a building is followed; not by the clock, or runs would differ."""

BATCH = 32
"""Footprints that are decoded together."""

SLOPE = 2.0
"""Of the likelihood over the logit. Measured with nano on four scenes: half of it leaves shapes
turned and scaled where they should not be, double is no better."""

LARGEST_EXPONENT = 30.0


class Unasked(Enum):
    """Why there is no answer."""

    OUTSIDE = auto()
    NOT_ENCODED = auto()
    NO_DATA = auto()
    DAMAGED = auto()


@dataclass(frozen=True, eq=False)
class Answer:
    """origin: of the first cell's corner, in level-0 pixels; cell: its side in them
    halves: [H, W] of float16, the logits of the mask around the footprint: those of a town are in
        memory at once
    score: the model's own estimate of the mask's IoU
    raster: 1 where there is an image; None where that is everywhere around
    """

    origin: XY
    cell: float
    halves: npt.NDArray[np.float16]
    score: float
    raster: MaskField | None

    @property
    def logits(self) -> FloatArray:
        """[H, W], positive inside."""
        return self.halves.astype(np.float32)

    def area_above(self, logit: float) -> float:
        """Of the cells with a higher one, in square pixels of level 0."""
        return float(np.count_nonzero(self.halves > logit)) * self.cell**2

    def field(self, bias: float) -> MaskField:
        """bias: the logit at which an outline runs"""
        exponent = np.clip(SLOPE * (self.logits - bias), -LARGEST_EXPONENT, LARGEST_EXPONENT)
        values = (1 / (1 + np.exp(-exponent))).astype(np.float32)
        return MaskField(self.origin, self.cell, values, self.raster)


ShouldStop = Callable[[], bool]


def ask(
    segmenter: Segmenter,
    shapes: Sequence[Polygonal],
    *,
    margin_px: float,
    reach_px: float,
    level: int | None,
    on_answered: Callable[[int], None],
) -> list[Answer | Unasked]:
    """An answer to each shape, in level-0 pixels of the raster.

    margin_px: by which the box is grown; reach_px: how far beyond it the field goes
    level: pinned, None for the finest at which a building is seen with what surrounds it
    on_answered: told how many shapes are answered, before each question; what it raises ends the
        work
    """
    answers: list[Answer | Unasked] = [Unasked.OUTSIDE] * len(shapes)
    by_patch: dict[PatchId, list[tuple[int, PixelPrompt]]] = defaultdict(list)
    for index, shape in enumerate(shapes):
        prompt = _prompt_of(shape, segmenter, margin_px)
        if prompt is None:
            continue
        try:
            patch = _patch_of(segmenter, prompt, level)
        except NoImageDataError:
            answers[index] = Unasked.NO_DATA
        except (NotEncodedError, PromptError):
            answers[index] = Unasked.NOT_ENCODED
        else:
            by_patch[patch].append((index, prompt))
    done = sum(answer is not Unasked.OUTSIDE for answer in answers)
    # Patch by patch, so that each is prepared once.
    for patch, prompts in sorted(by_patch.items()):
        for start in range(0, len(prompts), BATCH):
            on_answered(done)
            some = prompts[start : start + BATCH]
            seeds: Sequence[PatchMask | None]
            try:
                seeds = _decoded(segmenter, patch, [prompt for _, prompt in some])
            except CacheDamagedError:
                seeds = [None] * len(some)
            for (index, _), seed in zip(some, seeds, strict=True):
                on_answered(done)
                answers[index] = (
                    Unasked.DAMAGED
                    if seed is None
                    else _answer(_whole(segmenter, seed), shapes[index], reach_px, segmenter)
                )
                done += 1
    on_answered(len(shapes))
    return answers


def _prompt_of(shape: Polygonal, segmenter: Segmenter, margin_px: float) -> PixelPrompt | None:
    """None where too much of the footprint lies beyond the raster."""
    pyramid = segmenter.manifest.pyramid
    raster = shapely.box(0, 0, pyramid.width, pyramid.height)
    seen = polygonal(shapely.get_parts(shape.intersection(raster)))
    if seen.area < LEAST_SEEN * shape.area:
        return None
    xmin, ymin, xmax, ymax = seen.bounds
    box = BoxPixel(
        max(xmin - margin_px, 0.0), max(ymin - margin_px, 0.0),
        min(xmax + margin_px, float(pyramid.width)), min(ymax + margin_px, float(pyramid.height)),
    )  # fmt: skip
    return PixelPrompt(np.array([_point_in(seen)]), np.empty((0, 2)), box)


def _point_in(shape: Polygonal) -> XY:
    """As far from the outline as can be, of the largest part."""
    return innermost_point(max(shapely.get_parts(shape), key=lambda part: part.area))


def _patch_of(segmenter: Segmenter, prompt: PixelPrompt, level: int | None) -> PatchId:
    wanted = level
    if wanted is None:
        assert prompt.box is not None
        wanted = level_of_box(prompt.box, segmenter.manifest.pyramid)
    return choose_patch(segmenter.cache, prompt, wanted, climb=level is None)


def _decoded(
    segmenter: Segmenter, patch: PatchId, prompts: Sequence[PixelPrompt]
) -> list[PatchMask]:
    window = segmenter.window(patch)
    asked = [prompt.in_patch(patch.level, window) for prompt in prompts]
    decoded = segmenter.decode_patch(patch, asked, multimask=False)
    return [
        PatchMask(patch, masks.logits[0], prompt, float(masks.iou_predictions[0]))
        for prompt, masks in zip(asked, decoded, strict=True)
    ]


def _whole(segmenter: Segmenter, seed: PatchMask) -> WholeMask:
    patch = seed.patch_id
    if reaches_border(seed, segmenter.manifest.pyramid.level(patch.level)):
        return whole_mask(segmenter, seed, FOLLOW, climb=False)
    window = segmenter.window(patch)
    return WholeMask(patch.level, window, seed.logits, seed.prompt, seed.score, (patch,), ())


def _answer(mask: WholeMask, shape: Polygonal, reach_px: float, segmenter: Segmenter) -> Answer:
    """What lies around the footprint, and of the mask only what the prompt means."""
    scale = 1 << mask.level
    cell = float(LOGIT_CELL * scale)
    logits = np.nan_to_num(mask.logits, nan=OUTSIDE_LOGIT)
    inside = logits > 0
    logits = np.where(inside & ~meant_parts(inside, mask.prompt), np.float32(OUTSIDE_LOGIT), logits)
    origin = np.array([mask.window.col_off, mask.window.row_off]) * scale
    low = np.floor((np.array(shape.bounds[:2]) - reach_px - origin) / cell).astype(int)
    high = np.ceil((np.array(shape.bounds[2:]) + reach_px - origin) / cell).astype(int)
    left, top = np.maximum(low, 0).tolist()
    right, bottom = np.minimum(high, logits.shape[::-1]).tolist()
    cropped = logits[top : max(bottom, top + 1), left : max(right, left + 1)]
    corner = XY(float(origin[0] + left * cell), float(origin[1] + top * cell))
    return Answer(
        corner, cell, cropped.astype(np.float16), mask.score,
        _raster_around(shape, reach_px, cell, segmenter),
    )  # fmt: skip


def _raster_around(
    shape: Polygonal, reach_px: float, cell: float, segmenter: Segmenter
) -> MaskField | None:
    """1 where the raster is, as far from a footprint as it is looked for; None if that is
    everywhere."""
    pyramid = segmenter.manifest.pyramid
    bounds = np.array(shape.bounds).reshape(2, 2)
    low, high = bounds[0] - 2 * reach_px, bounds[1] + 2 * reach_px
    size = np.array([pyramid.width, pyramid.height])
    if (low >= 0).all() and (high <= size).all():
        return None
    counts = np.ceil((high - low) / cell).astype(int)
    shares = []
    for start, count, end in zip(low, counts, size, strict=True):
        edges = np.clip(start + cell * np.arange(count + 1), 0, end)
        shares.append(np.diff(edges) / cell)
    return MaskField(XY(*low.tolist()), cell, np.outer(shares[1], shares[0]).astype(np.float32))
