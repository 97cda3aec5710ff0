"""Patch grids and pyramid levels: pure integers, no raster, no CRS.

A level's patches start at multiples of the stride; the last row and column shift inward so
that every patch is whole. Origins are multiples of 4 pixels (`ALIGNMENT`), so that the logit
cells of neighbouring patches coincide; a shifted origin is rounded up, which leaves at most
3 pixels of padding. A level smaller than a patch has one patch, padded right and below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from encoder_tool.errors import UsageError
from encoder_tool.types import LOGIT_CELL, PATCH_SIZE, PatchId, Window

ALIGNMENT = LOGIT_CELL
DEFAULT_OVERLAP = 256


def ceil_div(numerator: int, denominator: int) -> int:
    """Integer division rounded up."""
    return -(-numerator // denominator)


def patch_origins(length: int, patch: int, stride: int) -> list[int]:
    """Where patches start along one axis of `length` pixels."""
    if length <= patch:
        return [0]
    last = ceil_div(length - patch, ALIGNMENT) * ALIGNMENT
    return [*range(0, length - patch, stride), last]


@dataclass(frozen=True, slots=True)
class LevelGrid:
    """The patches of one pyramid level of `width` x `height` level pixels."""

    level: int
    width: int
    height: int
    patch: int
    stride: int

    @property
    def col_origins(self) -> list[int]:
        return patch_origins(self.width, self.patch, self.stride)

    @property
    def row_origins(self) -> list[int]:
        return patch_origins(self.height, self.patch, self.stride)

    @property
    def cols(self) -> int:
        return len(self.col_origins)

    @property
    def rows(self) -> int:
        return len(self.row_origins)

    def window(self, row: int, col: int) -> Window:
        """The patch's window, in pixels of this level."""
        return Window(self.col_origins[col], self.row_origins[row], self.patch, self.patch)

    def patches(self) -> Iterator[PatchId]:
        """All patches, row by row."""
        for row in range(self.rows):
            for col in range(self.cols):
                yield PatchId(self.level, row, col)

    def patches_meeting(self, window: Window) -> Iterator[PatchId]:
        """The patches that share at least a pixel with `window` (pixels of this level)."""
        rows, cols = self._indices_meeting(window)
        for row in rows:
            for col in cols:
                yield PatchId(self.level, row, col)

    def count_meeting(self, window: Window) -> int:
        """How many patches `patches_meeting` gives, which can be more than memory holds."""
        rows, cols = self._indices_meeting(window)
        return len(rows) * len(cols)

    def _indices_meeting(self, window: Window) -> tuple[list[int], list[int]]:
        """Rows and columns of the grid."""
        return (
            _indices_meeting(self.row_origins, self.patch, window.row_off, window.row_end),
            _indices_meeting(self.col_origins, self.patch, window.col_off, window.col_end),
        )

    def holds(self, window: Window) -> bool:
        """Whether a single patch holds all of `window` (pixels of this level)."""
        return _is_held(self.row_origins, self.patch, window.row_off, window.row_end) and _is_held(
            self.col_origins, self.patch, window.col_off, window.col_end
        )


def _is_held(origins: list[int], patch: int, start: int, stop: int) -> bool:
    return any(origin <= start and stop <= origin + patch for origin in origins)


def _indices_meeting(origins: list[int], patch: int, start: int, stop: int) -> list[int]:
    return [i for i, origin in enumerate(origins) if origin < stop and origin + patch > start]


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Level 0 of `width` x `height` pixels and the levels above it, each half the one below.

    A level has ceil(size / 2^k) pixels: a ragged last row or column covers what is left of a
    2^k block, the rest of the block being padding.
    """

    width: int
    height: int
    levels: int
    patch: int = PATCH_SIZE
    stride: int = PATCH_SIZE - DEFAULT_OVERLAP

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise UsageError(f"A grid needs at least one pixel, not {self.width} x {self.height}.")
        if self.levels < 1:
            raise UsageError(f"A pyramid needs at least one level, not {self.levels}.")
        if self.stride % ALIGNMENT or not 0 < self.stride <= self.patch:
            raise UsageError(
                f"The overlap must be a multiple of {ALIGNMENT} between 0 and "
                f"{self.patch - ALIGNMENT}, not {self.patch - self.stride}."
            )

    def level(self, level: int) -> LevelGrid:
        if not 0 <= level < self.levels:
            raise UsageError(f"There is no level {level}; levels are 0 to {self.levels - 1}.")
        factor = 1 << level
        return LevelGrid(
            level, ceil_div(self.width, factor), ceil_div(self.height, factor),
            self.patch, self.stride,
        )  # fmt: skip

    def patches(self) -> Iterator[PatchId]:
        """All patches of all levels, the finest level first."""
        for level in range(self.levels):
            yield from self.level(level).patches()


def levels_to_fit(width: int, height: int, patch: int = PATCH_SIZE) -> int:
    """How many levels until `width` x `height` pixels fit one patch (1 if they already do)."""
    levels = 1
    while max(ceil_div(width, 1 << (levels - 1)), ceil_div(height, 1 << (levels - 1))) > patch:
        levels += 1
    return levels


def shrink_window(window: Window, level: int) -> Window:
    """The pixels of `level` that a window of level-0 pixels touches."""
    factor = 1 << level
    col_off, row_off = window.col_off // factor, window.row_off // factor
    return Window(
        col_off,
        row_off,
        ceil_div(window.col_end, factor) - col_off,
        ceil_div(window.row_end, factor) - row_off,
    )
