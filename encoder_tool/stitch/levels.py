"""An object that is too large for a level: found on the next coarser one, its outline refined on
the finer ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import CacheDamagedError, PromptError
from encoder_tool.grid import LevelGrid
from encoder_tool.locate import absent_patch, choose_patch
from encoder_tool.parts import meant_parts
from encoder_tool.prompts import PixelPrompt
from encoder_tool.stitch.evidence import Ask, Evidence, same_object
from encoder_tool.stitch.masks import PatchAnswers, PatchMask, WholeMask, moved
from encoder_tool.stitch.mosaic import (
    Mosaic,
    cell_weights,
    cropped,
    inner_sides,
    looked_up,
    over_cells,
)
from encoder_tool.types import (
    LOGIT_CELL,
    OUTSIDE_LOGIT,
    BoxPixel,
    CoordArray,
    FloatArray,
    PatchId,
    Prompt,
    Window,
)

AskPatch = Callable[[PatchId], Ask]

SAME_OUTLINE = 0.8
"""A finer outline agrees with the coarse one by this IoU within a patch, or is another object's."""

BLEND_CELLS = 16.0
"""So far from a refined patch's inner border, what is coarse has become what is fine."""

MARGIN_CELLS = 8
"""Around a coarse object, where a finer outline may lie."""


def mask_above(
    answers: PatchAnswers, ask: AskPatch, seed: PatchMask, whole: WholeMask, *, exact: bool = False
) -> PatchMask | None:
    """The same object in a patch one level up; None when there is none.

    seed: what `whole` began with
    exact: as for `choose_patch`
    """
    pixels = _pixels_above(answers, seed, whole)
    if pixels is None:
        return None
    pyramid, level = answers.manifest.pyramid, whole.level + 1
    try:
        patch_id = choose_patch(answers, pixels, level, climb=False, exact=exact)
    except PromptError:  # no patch holds the prompts, or none that is encoded
        return None
    grid = pyramid.level(level)
    window = grid.window(patch_id.row, patch_id.col)
    user = pixels.in_window(level, window)
    evidence = _halved(whole, window, cell_weights(inner_sides(window, grid)))
    prompt = evidence.prompt(user)
    if prompt is None:
        return None
    try:
        answer = same_object(evidence, replace(prompt, box=user.box), ask(patch_id))
    except CacheDamagedError:
        return None
    return None if answer is None else PatchMask(patch_id, answer[0], user, answer[1])


def missing_above(
    answers: PatchAnswers, seed: PatchMask, whole: WholeMask, *, exact: bool = False
) -> tuple[PatchId, ...]:
    """The patch one level up that would be asked for the same object, if it is not encoded, nor,
    but with `exact`, any other that could."""
    pixels = _pixels_above(answers, seed, whole)
    if pixels is None:
        return ()
    absent = absent_patch(answers, pixels.reach, whole.level + 1, exact=exact)
    return () if absent is None else (absent,)


def _pixels_above(answers: PatchAnswers, seed: PatchMask, whole: WholeMask) -> PixelPrompt | None:
    """What `seed` answers, in pixels of level 0; None where there is no level above."""
    pyramid = answers.manifest.pyramid
    if whole.level + 1 >= pyramid.levels or seed.prompt is None:
        return None
    start = pyramid.level(whole.level).window(seed.patch_id.row, seed.patch_id.col)
    return PixelPrompt.of_patch(seed.prompt, whole.level, start)


def finer_outline(
    answers: PatchAnswers, ask: AskPatch, whole: WholeMask, limit: int, *, all_parts: bool = False
) -> WholeMask | None:
    """The object with its outline taken from the next finer level.

    What is further inside than a patch is not asked again. Where the finer level is not encoded,
    or sees something else, the coarse outline stays. None when the outline crosses more than
    `limit` patches that are encoded, or nothing finer comes of it.
    """
    grid = answers.manifest.pyramid.level(whole.level - 1)
    patches = [
        patch
        for patch in _patches_at(grid, 2 * _outline(whole, all_parts=all_parts))
        if answers.state(patch) is PatchStatus.PRESENT
    ]
    if not 0 < len(patches) <= limit:
        return None
    coarse = _doubled(whole, answers.manifest.pyramid.level(whole.level))
    inside = coarse.logits > 0
    if not all_parts:
        inside = meant_parts(inside, coarse.prompt)
    fine = Mosaic(coarse.window)
    taken = []
    for patch in patches:
        window = grid.window(patch.row, patch.col)
        weights = cell_weights(inner_sides(window, grid))
        logits = looked_up(coarse.logits, coarse.window, window)
        inside_here = looked_up(inside.astype(np.float32), coarse.window, window) > 0
        evidence = Evidence(inside_here, logits <= 0, np.where(np.isnan(logits), 0, weights))
        prompt = evidence.prompt(_points(coarse, window))
        if prompt is None:
            continue
        earlier = np.nan_to_num(logits, nan=OUTSIDE_LOGIT)
        try:
            (answer,) = ask(patch)(replace(prompt, mask_logits=earlier), False).logits
        except CacheDamagedError:
            continue
        if evidence.agreement(answer) >= SAME_OUTLINE:
            fine.add(answer, window, weights)
            taken.append(patch)
    if not taken:
        return None
    return replace(
        coarse,
        window=fine.window,
        logits=_blended(fine, looked_up(coarse.logits, coarse.window, fine.window)),
        prompt=None if coarse.prompt is None else moved(coarse.prompt, coarse.window, fine.window),
        patches=(*whole.patches, *taken),
    )


def _blended(fine: Mosaic, coarse: FloatArray) -> FloatArray:
    """Fine logits [H, W] where there are some, running out into the coarse ones towards the
    borders of what was refined."""
    share = np.clip(fine.weight / BLEND_CELLS**2, 0, 1)
    known = np.where(np.isnan(coarse), OUTSIDE_LOGIT, coarse)
    mixed = share * np.nan_to_num(fine.logits) + (1 - share) * known
    return np.where(fine.weight > 0, mixed, coarse).astype(np.float32)


def _halved(whole: WholeMask, window: Window, weights: FloatArray) -> Evidence:
    """What is known of an object, in the cells of a patch one level up.

    weights: of the patch's cells
    """
    col, row = whole.window.col_off // LOGIT_CELL, whole.window.row_off // LOGIT_CELL
    height, width = whole.logits.shape
    # From and to whole cells of the coarser level; one that is known in part is not known.
    missing = ((row % 2, (row + height) % 2), (col % 2, (col + width) % 2))
    logits = np.pad(whole.logits, missing, constant_values=np.nan)
    inside = np.pad(meant_parts(whole.logits > 0, whole.prompt), missing)
    half = _quarters(logits).mean(axis=0)
    over = over_cells(half, LOGIT_CELL * (col // 2), LOGIT_CELL * (row // 2))
    meant = (half > 0) & _quarters(inside).any(axis=0)
    found = looked_up(half, over, window)
    trust = np.where(np.isnan(found), 0, weights)
    return Evidence(looked_up(meant.astype(np.float32), over, window) > 0, found <= 0, trust)


def _quarters(cells: np.ndarray) -> np.ndarray:
    """The four cells [4, H, W] of each coarser one of [2 H, 2 W]."""
    return np.stack([cells[row::2, col::2] for row in (0, 1) for col in (0, 1)])


def _doubled(whole: WholeMask, grid: LevelGrid) -> WholeMask:
    """The object and a margin in cells of the next finer level.

    grid: of the object's level
    """
    logits, window = cropped(whole.logits, whole.window, grid, MARGIN_CELLS)
    height, width = logits.shape
    unknown = np.isnan(logits)
    filled = np.where(unknown, OUTSIDE_LOGIT, logits).astype(np.float32)
    size = 2 * width, 2 * height
    finer = np.asarray(cv2.resize(filled, size, interpolation=cv2.INTER_LINEAR), np.float32)
    finer[np.repeat(np.repeat(unknown, 2, axis=0), 2, axis=1)] = np.nan
    prompt = whole.prompt
    if prompt is not None:
        prompt = moved(prompt, whole.window, window)
        box = None if prompt.box is None else BoxPixel(*(2 * edge for edge in prompt.box))
        prompt = replace(prompt, points=2 * prompt.points, box=box)
    return replace(
        whole,
        level=whole.level - 1,
        window=over_cells(finer, 2 * window.col_off, 2 * window.row_off),
        logits=finer,
        prompt=prompt,
    )


def _points(whole: WholeMask, window: Window) -> Prompt | None:
    """The user's points, in pixels of another window."""
    if whole.prompt is None:
        return None
    prompt = moved(whole.prompt, whole.window, window)
    return Prompt(prompt.points, prompt.labels)


def _outline(whole: WholeMask, *, all_parts: bool) -> CoordArray:
    """Centres (x, y) of the cells along the outline, [N, 2] in pixels of the level; without
    where the raster ends."""
    inside = whole.logits > 0
    if not all_parts:
        inside = meant_parts(inside, whole.prompt)
    # Beyond the array it counts as inside: that is the raster's edge, or has been cut.
    core = cv2.erode(inside.astype(np.uint8), np.ones((3, 3), np.uint8))
    rows, cols = np.nonzero(inside & (core == 0))
    x = whole.window.col_off + LOGIT_CELL * (cols + 0.5)
    y = whole.window.row_off + LOGIT_CELL * (rows + 0.5)
    return np.column_stack([x, y])


def _patches_at(grid: LevelGrid, points: CoordArray) -> list[PatchId]:
    """For each point (x, y) the patch that sees most of its surroundings; each once."""
    cols = np.searchsorted(_middles(grid.col_origins, grid.patch), points[:, 0])
    rows = np.searchsorted(_middles(grid.row_origins, grid.patch), points[:, 1])
    places = np.unique(np.column_stack([rows, cols]), axis=0).tolist()
    return [PatchId(grid.level, row, col) for row, col in places]


def _middles(origins: list[int], patch: int) -> list[float]:
    """Of the overlaps between neighbours along one axis."""
    return [(before + patch + after) / 2 for before, after in pairwise(origins)]
