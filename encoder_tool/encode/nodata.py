"""Where a raster has no data, learnt from coarse patches: finer ones there are not even read."""

from __future__ import annotations

import numpy as np

from encoder_tool.grid import Pyramid, ceil_div
from encoder_tool.types import BoolArray, PatchId, Window


class EmptyMap:
    """What is known to be nodata, in cells of a pixel of the top level.

    That is one patch at most, whatever the raster's size. An encode begins with the top level, and
    then knows all.
    """

    def __init__(self, pyramid: Pyramid) -> None:
        self._pyramid = pyramid
        top = pyramid.level(pyramid.levels - 1)
        self._empty = np.zeros((top.height, top.width), np.bool_)

    def learn(self, patch: PatchId, valid: BoolArray) -> None:
        """Take over what was read of a patch, `valid` [H, W], of a level whose pixels are means:
        valid when any native pixel in them is."""
        window = self._window(patch)
        cell = 1 << (self._pyramid.levels - 1 - patch.level)
        grid = self._pyramid.level(patch.level)
        rows = _whole_cells(window.row_off, window.row_end, grid.height, cell)
        cols = _whole_cells(window.col_off, window.col_end, grid.width, cell)
        if not rows or not cols:
            return
        top, left = rows.start * cell - window.row_off, cols.start * cell - window.col_off
        seen = valid[top : top + len(rows) * cell, left : left + len(cols) * cell]
        whole = np.zeros((len(rows) * cell, len(cols) * cell), np.bool_)
        whole[: seen.shape[0], : seen.shape[1]] = seen
        any_valid = whole.reshape(len(rows), cell, len(cols), cell).any(axis=(1, 3))
        self._empty[rows.start : rows.stop, cols.start : cols.stop] |= ~any_valid

    def covers(self, patch: PatchId) -> bool:
        """Whether all of a patch, and a cell around it, is known to be nodata: pixels finer than
        native ones take some of their colour from beyond the patch."""
        window = self._window(patch)
        cell = 1 << (self._pyramid.levels - 1 - patch.level)
        rows, cols = self._empty.shape
        top, left = max(window.row_off // cell - 1, 0), max(window.col_off // cell - 1, 0)
        bottom = min(ceil_div(window.row_end, cell) + 1, rows)
        right = min(ceil_div(window.col_end, cell) + 1, cols)
        return bool(self._empty[top:bottom, left:right].all())

    def _window(self, patch: PatchId) -> Window:
        return self._pyramid.level(patch.level).window(patch.row, patch.col)


def _whole_cells(start: int, stop: int, length: int, cell: int) -> range:
    """The cells that [start, stop) of an axis of `length` pixels holds whole; what is beyond the
    axis is not missed."""
    end = ceil_div(length, cell) if stop >= length else stop // cell
    return range(ceil_div(start, cell), end)
