"""What the model sees at some places: outlines that may be buildings, three to a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from affine import Affine

from encoder_tool.errors import CacheDamagedError, NotEncodedError, PromptError
from encoder_tool.locate import choose_patch
from encoder_tool.outline import Polygonal, PolygonOptions, mask_to_pixels
from encoder_tool.prompts import PixelPrompt
from encoder_tool.segment import Segmenter
from encoder_tool.types import CoordArray, Masks, PatchId, Prompt

BATCH = 32
"""Places that are decoded together."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """outline: in level-0 pixels; score: the model's own estimate of its IoU; place: which of the
    places it was found at"""

    outline: Polygonal
    score: float
    place: int


def candidates_at(
    segmenter: Segmenter,
    places: CoordArray,
    *,
    level: int,
    areas_px: tuple[float, float],
    options: PolygonOptions,
    to_ground: Affine | None = None,
    before_batch: Callable[[int], None],
) -> list[Candidate]:
    """The outlines of a size at places [N, 2] in level-0 pixels.

    level: at which it is looked, or at the next one that is encoded there
    areas_px: smallest and largest, in level-0 pixels
    to_ground: as for `mask_to_pixels`
    before_batch: told how many places are done; what it raises ends the work
    """
    by_patch: dict[PatchId, list[int]] = defaultdict(list)
    for index, place in enumerate(places):
        patch = _patch_of(segmenter, place, level)
        if patch is not None:
            by_patch[patch].append(index)
    found: list[Candidate] = []
    done = len(places) - sum(map(len, by_patch.values()))
    # Patch by patch, so that each is prepared once.
    for patch, indices in sorted(by_patch.items()):
        for start in range(0, len(indices), BATCH):
            before_batch(done)
            some = indices[start : start + BATCH]
            found += _of_patch(segmenter, patch, some, places, areas_px, options, to_ground)
            done += len(some)
    before_batch(len(places))
    return found


def _patch_of(segmenter: Segmenter, place: CoordArray, level: int) -> PatchId | None:
    prompt = PixelPrompt(place[np.newaxis], np.empty((0, 2)), None)
    try:
        return choose_patch(segmenter.cache, prompt, level)
    except (NotEncodedError, PromptError):
        return None


def _of_patch(
    segmenter: Segmenter,
    patch: PatchId,
    indices: list[int],
    places: CoordArray,
    areas_px: tuple[float, float],
    options: PolygonOptions,
    to_ground: Affine | None,
) -> list[Candidate]:
    window, scale = segmenter.window(patch), float(1 << patch.level)
    origin = np.array([window.col_off, window.row_off], np.float64)
    label = np.ones(1, np.int64)
    prompts = [Prompt((places[i] / scale - origin)[np.newaxis], label) for i in indices]
    try:
        answers = segmenter.decode_patch(patch, prompts, multimask=True)
    except CacheDamagedError:
        return []
    clip = segmenter.raster_in_patch(patch)
    found = []
    for index, prompt, masks in zip(indices, prompts, answers, strict=True):
        for number in _of_a_size(masks, scale, areas_px):
            outline = mask_to_pixels(masks.logits[number], options, clip, prompt, to_ground)
            if not areas_px[0] <= scale**2 * outline.area <= areas_px[1]:
                continue
            placed = shapely.transform(outline, lambda points: scale * (points + origin))
            found.append(Candidate(placed, float(masks.iou_predictions[number]), index))
    return found


def _of_a_size(masks: Masks, scale: float, areas_px: tuple[float, float]) -> list[int]:
    """The masks that are large enough, strays and all: tracing is what takes time."""
    cell = (4.0 * scale) ** 2
    sizes = [cell * np.count_nonzero(logits > 0) for logits in masks.logits]
    return [number for number, size in enumerate(sizes) if size >= areas_px[0]]
