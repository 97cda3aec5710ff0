"""While nobody asks: patches made ready for the prompts that are likely to come.

At most one patch at a time, so that a request which comes meanwhile waits for no more than that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

import numpy as np

from encoder_tool.errors import EngineError
from encoder_tool.locate import choose_patch
from encoder_tool.outline import DEFAULT_OPTIONS
from encoder_tool.prompts import MapPrompt, PixelPrompt
from encoder_tool.segment import Segmenter
from encoder_tool.types import PatchId
from encoder_tool.worker.calls import Call, parse_prefetch
from encoder_tool.worker.opened import OpenedCaches
from encoder_tool.worker.predict import PredictRequest, parse_predict

REACH = 0.5
"""A neighbour is made ready when the prompt is no further from it than this share of a patch: of
nine patches it is at most the three on the prompt's side."""


def prepare_ahead(call: Call, caches: OpenedCaches) -> None:
    """What a `prefetch` names, or a neighbour of the patch that answered a `predict`.

    Raises EngineError where there is nothing to be made ready; the next prompt will tell why.
    """
    if call.method == "prefetch":
        _prepare_place(call, caches)
        return
    request = parse_predict(call.params)
    segmenter = caches.segmenter(request.cache)
    prompt, patch_id = segmenter.place(request.to_segment(segmenter.manifest))
    prepare_beside(segmenter, prompt, patch_id)


def _prepare_place(call: Call, caches: OpenedCaches) -> None:
    place = parse_prefetch(call.params)
    click = PredictRequest(
        cache=place.cache, prompt=MapPrompt(include=(place.point,)), level=place.level,
        pixel_size=place.pixel_size, exact=False, stitch=False, candidate="auto",
        polygons=DEFAULT_OPTIONS,
    )  # fmt: skip
    segmenter = caches.segmenter(click.cache)
    _, patch_id = segmenter.place(click.to_segment(segmenter.manifest))
    segmenter.prepare(patch_id)


def prepare_beside(segmenter: Segmenter, prompt: PixelPrompt, patch_id: PatchId) -> None:
    """Make ready the nearest neighbour that is not, of those within reach of the prompt.

    As many as fit into memory beside the patch itself: none is made ready to be forgotten.
    """
    here = segmenter.patches.get(patch_id)
    if here is None:
        return
    room = segmenter.patches.memory_bytes // max(here.nbytes, 1) - 1
    for _, neighbour in zip(range(room), _neighbours(segmenter, prompt, patch_id), strict=False):
        if neighbour not in segmenter.patches:
            segmenter.prepare(neighbour)
            return


def _neighbours(segmenter: Segmenter, prompt: PixelPrompt, patch_id: PatchId) -> Iterator[PatchId]:
    """The patches that would answer just beyond the borders of this one, the nearest first."""
    level, window = patch_id.level, segmenter.window(patch_id)
    grid, scale = segmenter.manifest.pyramid.level(level), 1 << level
    x, y = prompt.centre.x / scale, prompt.centre.y / scale
    xs = (window.col_off - 1.0, x, window.col_end + 1.0)
    ys = (window.row_off - 1.0, y, window.row_end + 1.0)
    beyond = [
        (math.hypot(to_x - x, to_y - y), to_x, to_y)
        for to_x, to_y in product(xs, ys)
        if (to_x, to_y) != (x, y) and 0 <= to_x <= grid.width and 0 <= to_y <= grid.height
    ]
    found: list[PatchId] = []
    for distance, to_x, to_y in sorted(beyond):
        if distance > REACH * grid.patch:
            return
        click = PixelPrompt(np.array([[to_x, to_y]]) * scale, np.empty((0, 2)), None)
        try:
            neighbour = choose_patch(segmenter.cache, click, level, climb=False)
        except EngineError:  # not encoded, or nodata
            continue
        if neighbour not in found:
            found.append(neighbour)
            yield neighbour
