"""One object, patch by patch: the mosaic strategy `feed`, `is_done`, `data`.

It starts with a mask that is known. As long as what is inside reaches the edge of what has been
answered, there is a patch to ask next: `next_patch`, with the `evidence` that its answer must
agree with. The answer goes to `feed`; `pass_over` says that there is none. Breadth first, by the
distance in the grid from where the object began.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from encoder_tool.grid import LevelGrid
from encoder_tool.parts import meant_parts
from encoder_tool.stitch.evidence import Evidence
from encoder_tool.stitch.masks import Cut, PatchMask, WholeMask, moved
from encoder_tool.stitch.mosaic import (
    Mosaic,
    Sides,
    cell_weights,
    cells_of,
    inner_sides,
    looked_up,
)
from encoder_tool.types import LOGIT_CELL, BoolArray, FloatArray, PatchId, Prompt, Window

BORDER_CELLS = 2
"""What comes this close to a border reaches it: models are vague in the outermost cells."""


def reaches_border(mask: PatchMask, grid: LevelGrid, *, all_parts: bool = False) -> bool:
    """Whether the object may go on beyond the patch; takes microseconds when it does not."""
    sides = inner_sides(grid.window(mask.patch_id.row, mask.patch_id.col), grid)
    if not _is_inside_at(mask.logits, sides):
        return False
    followed = _followed(mask.logits > 0, mask.prompt, all_parts)
    return _is_inside_at(followed, sides)


class Stitch:
    """is_done: there is nothing left to ask, or the limit is reached
    next_patch: to be asked; undefined when it is done
    """

    def __init__(
        self, seed: PatchMask, grid: LevelGrid, limit: int, *, all_parts: bool = False
    ) -> None:
        """limit: patches that are asked, the seed's included"""
        self._seed, self._grid, self._limit, self._all_parts = seed, grid, limit, all_parts
        self._start = self.window(seed.patch_id)
        self._mosaic = Mosaic(self._start)
        self._taken: list[PatchId] = []
        self._passed: dict[PatchId, Cut | None] = {}
        self._cuts = set[Cut]()
        self._missing: tuple[PatchId, ...] = ()
        self.is_done = False
        self.next_patch = seed.patch_id
        self.feed(seed.logits)

    def feed(self, logits: FloatArray) -> None:
        """The answer of `next_patch`, [256, 256]."""
        window = self.window(self.next_patch)
        self._mosaic.add(logits, window, self._weights(window))
        self._taken.append(self.next_patch)
        self._logits = self._mosaic.logits
        self._inside = _followed(self._logits > 0, self._prompt(), self._all_parts)
        self._look_further()

    def pass_over(self, cut: Cut | None) -> None:
        """`next_patch` has no answer, and the object ends there; None where it ends indeed."""
        self._passed[self.next_patch] = cut
        self._look_further()

    def evidence(self) -> Evidence:
        """What is known where `next_patch` overlaps with the patches before it."""
        window = self.window(self.next_patch)
        logits = looked_up(self._logits, self._mosaic.window, window)
        inside = looked_up(self._inside.astype(np.float32), self._mosaic.window, window) > 0
        weight = looked_up(self._mosaic.weight, self._mosaic.window, window)
        trust = np.minimum(np.nan_to_num(weight), self._weights(window))
        return Evidence(inside, logits <= 0, trust)

    def prompt(self, window: Window) -> Prompt | None:
        """What the user said, in pixels of a window; without a box, which is the first patch's."""
        if self._seed.prompt is None:
            return None
        prompt = moved(self._seed.prompt, self._start, window)
        return Prompt(prompt.points, prompt.labels)

    @property
    def data(self) -> WholeMask:
        return WholeMask(
            level=self._grid.level,
            window=self._mosaic.window,
            logits=self._logits,
            prompt=self._prompt(),
            score=self._seed.score,
            patches=tuple(self._taken),
            cuts=tuple(sorted(self._cuts)),
            missing=self._missing,
        )

    def window(self, patch_id: PatchId) -> Window:
        return self._grid.window(patch_id.row, patch_id.col)

    def _look_further(self) -> None:
        beyond, over = self._beyond()
        ahead = self._patches_ahead(beyond, over)
        wanted = [patch for patch in ahead if patch not in self._passed]
        # What a patch had no answer for, another one may have had.
        self._cuts = {cut for patch in ahead if (cut := self._passed.get(patch)) is not None}
        absent = [patch for patch in ahead if self._passed.get(patch) is Cut.NOT_ENCODED]
        self._missing = self._needed(absent, beyond, over)
        asked = len(self._taken) + sum(cut is Cut.UNSURE for cut in self._passed.values())
        if wanted and asked >= self._limit:
            self._cuts.add(Cut.LIMIT)
        self.is_done = not wanted or asked >= self._limit
        if not self.is_done:
            self.next_patch = min(wanted, key=self._nearness)

    def _beyond(self) -> tuple[BoolArray, Window]:
        """What is unknown just beyond what is inside: cells [H, W] over a window."""
        around = self._mosaic.window
        margin = BORDER_CELLS * LOGIT_CELL
        wider = Window(
            around.col_off - margin, around.row_off - margin,
            around.width + 2 * margin, around.height + 2 * margin,
        )  # fmt: skip
        unknown = np.pad(self._mosaic.weight == 0, BORDER_CELLS, constant_values=True)
        unknown &= self._on_raster(wider)
        inside = np.pad(self._inside, BORDER_CELLS).astype(np.uint8)
        side = 2 * BORDER_CELLS + 1
        near = cv2.dilate(inside, np.ones((side, side), np.uint8)).astype(np.bool_)
        return unknown & near, wider

    def _patches_ahead(self, beyond: BoolArray, over: Window) -> list[PatchId]:
        """Patches that hold what is unknown just beyond what is inside."""
        if not beyond.any():
            return []
        return [
            patch
            for patch in self._grid.patches_meeting(over)
            if patch not in self._taken and _meets(beyond, over, self.window(patch))
        ]

    def _needed(
        self, patches: Sequence[PatchId], beyond: BoolArray, over: Window
    ) -> tuple[PatchId, ...]:
        """Of some patches so many, the nearest first, that all of what they hold of `beyond` is
        in one of these."""
        left, needed = beyond.copy(), []
        for patch in sorted(patches, key=self._nearness):
            window = self.window(patch)
            if _meets(left, over, window):
                left[_cells_over(window, over)] = False
                needed.append(patch)
        return tuple(needed)

    def _on_raster(self, window: Window) -> BoolArray:
        """[H, W]: which cells of a window the raster reaches into."""
        cols = window.col_off + LOGIT_CELL * np.arange(window.width // LOGIT_CELL)
        rows = window.row_off + LOGIT_CELL * np.arange(window.height // LOGIT_CELL)
        return np.logical_and.outer(
            (rows >= 0) & (rows < self._grid.height), (cols >= 0) & (cols < self._grid.width)
        )

    def _nearness(self, patch: PatchId) -> tuple[int, PatchId]:
        """Less for patches that are nearer, by steps in the grid, to where the object began."""
        begun = self._seed.patch_id
        return abs(patch.row - begun.row) + abs(patch.col - begun.col), patch

    def _weights(self, window: Window) -> FloatArray:
        return cell_weights(inner_sides(window, self._grid))

    def _prompt(self) -> Prompt | None:
        prompt = self._seed.prompt
        return None if prompt is None else moved(prompt, self._start, self._mosaic.window)


def _is_inside_at(cells: npt.NDArray[Any], sides: Sides) -> bool:
    """Whether any of the cells [H, W] along these sides is positive."""
    left, top, right, bottom = sides
    return bool(
        (left and (cells[:, :BORDER_CELLS] > 0).any())
        or (top and (cells[:BORDER_CELLS] > 0).any())
        or (right and (cells[:, -BORDER_CELLS:] > 0).any())
        or (bottom and (cells[-BORDER_CELLS:] > 0).any())
    )


def _followed(inside: BoolArray, prompt: Prompt | None, all_parts: bool) -> BoolArray:
    return inside if all_parts else meant_parts(inside, prompt)


def _meets(cells: BoolArray, over: Window, window: Window) -> bool:
    """Whether any of the cells [H, W] over a window lie in another one."""
    return bool(cells[_cells_over(window, over)].any())


def _cells_over(window: Window, over: Window) -> tuple[slice, slice]:
    """Rows and columns of a window's cells in an array over another one, which it may leave."""
    rows, cols = cells_of(window, over)
    return (
        slice(max(rows.start, 0), max(rows.stop, 0)),
        slice(max(cols.start, 0), max(cols.stop, 0)),
    )
