"""Logits of several patches of one level as one map.

Patches start at multiples of 4 pixels, so their logit cells coincide. Where patches overlap,
each counts by the square of its distance to its nearest inner border: what a model says near
one, it says without having seen what is beyond, and at the border itself it must not show that
one patch ends.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from encoder_tool.grid import LevelGrid, ceil_div
from encoder_tool.types import LOGIT_CELL, LOGIT_SIZE, OUTSIDE_LOGIT, FloatArray, Window

Sides = tuple[bool, bool, bool, bool]
"""Left, top, right, bottom."""


def inner_sides(window: Window, grid: LevelGrid) -> Sides:
    """Beyond which sides of a patch the raster goes on."""
    return (
        window.col_off > 0,
        window.row_off > 0,
        window.col_end < grid.width,
        window.row_end < grid.height,
    )


@lru_cache(maxsize=16)
def cell_weights(sides: Sides) -> FloatArray:
    """[256, 256]: squared distance of each cell's centre to the nearest of these sides, in
    cells; that of a patch's width where there is none."""
    ahead = np.arange(LOGIT_SIZE, dtype=np.float32) + 0.5
    far = np.full(LOGIT_SIZE, LOGIT_SIZE, np.float32)
    left, top, right, bottom = sides
    across = np.minimum(ahead if left else far, ahead[::-1] if right else far)
    down = np.minimum(ahead if top else far, ahead[::-1] if bottom else far)
    weights = np.minimum(down[:, None], across[None, :]) ** 2
    weights.flags.writeable = False
    return weights


class Mosaic:
    """Grows with the patches that are added: as large as the rectangle around them.

    window: what it covers so far, in pixels of its level
    weight: [H, W], 0 where no patch has said anything
    """

    def __init__(self, window: Window) -> None:
        self.window = window
        shape = window.height // LOGIT_CELL, window.width // LOGIT_CELL
        self.weight = np.zeros(shape, np.float32)
        self._total = np.zeros(shape, np.float32)

    def add(self, logits: FloatArray, window: Window, weights: FloatArray) -> None:
        """The logits of a patch, all [256, 256]."""
        self._grow(window)
        place = cells_of(window, self.window)
        # What is beyond +-32 says no more, and infinities would outweigh everything.
        self._total[place] += weights * np.clip(logits, OUTSIDE_LOGIT, -OUTSIDE_LOGIT)
        self.weight[place] += weights

    @property
    def logits(self) -> FloatArray:
        """[H, W], NaN where no patch has said anything."""
        return np.divide(
            self._total, self.weight, out=np.full_like(self._total, np.nan), where=self.weight > 0
        )

    def _grow(self, window: Window) -> None:
        whole = around(self.window, window)
        if whole == self.window:
            return
        missing = (
            (self.window.row_off - whole.row_off, whole.row_end - self.window.row_end),
            (self.window.col_off - whole.col_off, whole.col_end - self.window.col_end),
        )
        cells = [(before // LOGIT_CELL, after // LOGIT_CELL) for before, after in missing]
        self.weight, self._total = np.pad(self.weight, cells), np.pad(self._total, cells)
        self.window = whole


def around(a: Window, b: Window) -> Window:
    """The smallest window that holds both."""
    col_off, row_off = min(a.col_off, b.col_off), min(a.row_off, b.row_off)
    col_end, row_end = max(a.col_end, b.col_end), max(a.row_end, b.row_end)
    return Window(col_off, row_off, col_end - col_off, row_end - row_off)


def cells_of(window: Window, within: Window) -> tuple[slice, slice]:
    """Rows and columns of a window's cells in an array over the window around it."""
    top = (window.row_off - within.row_off) // LOGIT_CELL
    left = (window.col_off - within.col_off) // LOGIT_CELL
    return (
        slice(top, top + window.height // LOGIT_CELL),
        slice(left, left + window.width // LOGIT_CELL),
    )


def looked_up(values: FloatArray, window: Window, wanted: Window) -> FloatArray:
    """Values [H, W] over `window` as an array over `wanted`, NaN where they say nothing."""
    whole = around(window, wanted)
    found = np.full((wanted.height // LOGIT_CELL, wanted.width // LOGIT_CELL), np.nan, np.float32)
    rows, cols = cells_of(window, whole)
    wanted_rows, wanted_cols = cells_of(wanted, whole)
    top, bottom = max(rows.start, wanted_rows.start), min(rows.stop, wanted_rows.stop)
    left, right = max(cols.start, wanted_cols.start), min(cols.stop, wanted_cols.stop)
    if top < bottom and left < right:
        found[
            top - wanted_rows.start : bottom - wanted_rows.start,
            left - wanted_cols.start : right - wanted_cols.start,
        ] = values[top - rows.start : bottom - rows.start, left - cols.start : right - cols.start]
    return found


def cropped(
    logits: FloatArray, window: Window, grid: LevelGrid, margin: int
) -> tuple[FloatArray, Window]:
    """The part with positive logits and so many cells around it, as far as there is raster; all
    of the raster when none is positive."""
    width, height = (ceil_div(side, LOGIT_CELL) for side in (grid.width, grid.height))
    left, top = window.col_off // LOGIT_CELL, window.row_off // LOGIT_CELL
    on_raster = logits[: height - top, : width - left]
    inside = on_raster > 0
    rows, cols = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return on_raster, over_cells(on_raster, window.col_off, window.row_off)
    first_row, first_col = max(int(rows[0]) - margin, 0), max(int(cols[0]) - margin, 0)
    part = on_raster[first_row : int(rows[-1]) + 1 + margin, first_col : int(cols[-1]) + 1 + margin]
    return part, over_cells(
        part, window.col_off + LOGIT_CELL * first_col, window.row_off + LOGIT_CELL * first_row
    )


def over_cells(cells: FloatArray, col_off: int, row_off: int) -> Window:
    """The window that cells [H, W] from this pixel on cover."""
    height, width = cells.shape
    return Window(col_off, row_off, LOGIT_CELL * width, LOGIT_CELL * height)
