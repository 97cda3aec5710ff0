"""Windows of a level's logit cells, and arrays that lie in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from encoder_tool.types import LOGIT_CELL, Window

T = TypeVar("T", bound=np.generic)


def in_cells(pixels: Window) -> Window:
    """A window of whole cells, given in pixels of the level."""
    return Window(
        pixels.col_off // LOGIT_CELL, pixels.row_off // LOGIT_CELL,
        pixels.width // LOGIT_CELL, pixels.height // LOGIT_CELL,
    )  # fmt: skip


def in_pixels(cells: Window) -> Window:
    """A window of cells in pixels of the level."""
    return Window(
        cells.col_off * LOGIT_CELL, cells.row_off * LOGIT_CELL,
        cells.width * LOGIT_CELL, cells.height * LOGIT_CELL,
    )  # fmt: skip


def hull(windows: Sequence[Window]) -> Window:
    """The smallest window that holds them all."""
    left, top = min(w.col_off for w in windows), min(w.row_off for w in windows)
    right, bottom = max(w.col_end for w in windows), max(w.row_end for w in windows)
    return Window(left, top, right - left, bottom - top)


def shared(one: Window, other: Window) -> Window | None:
    """What lies in both; None when nothing does."""
    left, top = max(one.col_off, other.col_off), max(one.row_off, other.row_off)
    right, bottom = min(one.col_end, other.col_end), min(one.row_end, other.row_end)
    return Window(left, top, right - left, bottom - top) if left < right and top < bottom else None


def within(window: Window, frame: Window) -> tuple[slice, slice]:
    """Where a window lies in an array of the cells of `frame`, which holds it."""
    top, left = window.row_off - frame.row_off, window.col_off - frame.col_off
    return slice(top, top + window.height), slice(left, left + window.width)


def cropped(values: npt.NDArray[T], at: Window, window: Window) -> npt.NDArray[T]:
    """Of values [h, w] at a window, those in another one; none at all where they do not meet."""
    common = shared(at, window)
    return values[:0] if common is None else values[within(common, at)]


def placed(values: npt.NDArray[T], at: Window, window: Window, fill: Any) -> npt.NDArray[T]:
    """Values [h, w] at a window as they are seen in another one, `fill` where there are none."""
    seen = np.full((window.height, window.width), fill, values.dtype)
    common = shared(at, window)
    if common is not None:
        seen[within(common, window)] = values[within(common, at)]
    return seen
