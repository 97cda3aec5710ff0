"""A mask at its place among the patches, and how far two of them are one object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from encoder_tool.automatic.cells import cropped, in_cells, in_pixels, placed, shared
from encoder_tool.automatic.patch_masks import FoundMask
from encoder_tool.grid import LevelGrid
from encoder_tool.stitch.strategy import BORDER_CELLS
from encoder_tool.types import BoolArray, CoordArray, FloatArray, PatchId, Window

NEAR_BORDER_CELLS = 5
"""A mask this near to the border of its patch may go on beyond it: sam2's 20 pixels."""


class InnerSides(NamedTuple):
    """Beyond which borders of a patch the grid goes on."""

    left: bool
    top: bool
    right: bool
    bottom: bool

    @classmethod
    def of(cls, grid: LevelGrid, patch: Window) -> InnerSides:
        """patch: in pixels of the level"""
        return cls(
            patch.col_off > 0,
            patch.row_off > 0,
            patch.col_end < grid.width,
            patch.row_end < grid.height,
        )


@dataclass(frozen=True, eq=False)
class Fragment:
    """A mask at its place in the level's cells.

    patch, cells, sides: where it was found
    order: which of its patch's masks it is, from 0
    reach: where the kept logits are; inside [h, w]: which of those cells are the mask's
    near_border, at_border: which of them are near the patch's inner borders, and which reach them
        as for `stitch`
    """

    mask: FoundMask
    patch: PatchId
    order: int
    cells: Window
    sides: InnerSides
    reach: Window
    inside: BoolArray
    near_border: BoolArray
    at_border: BoolArray

    @classmethod
    def of(cls, mask: FoundMask, grid: LevelGrid, patch: PatchId, order: int) -> Fragment:
        window = grid.window(patch.row, patch.col)
        cells, sides = in_cells(window), InnerSides.of(grid, window)
        height, width = mask.logits.shape
        reach = Window(cells.col_off + mask.col, cells.row_off + mask.row, width, height)
        inside = mask.logits > 0
        distance = border_distance(cells, sides, reach)
        return cls(
            mask=mask,
            patch=patch,
            order=order,
            cells=cells,
            sides=sides,
            reach=reach,
            inside=inside,
            near_border=inside & (distance < NEAR_BORDER_CELLS),
            at_border=inside & (distance < BORDER_CELLS),
        )

    @property
    def level_points(self) -> CoordArray:
        """What was asked, in pixels of the level."""
        patch = in_pixels(self.cells)
        return self.mask.points + np.array([patch.col_off, patch.row_off], np.float64)

    def inside_in(self, window: Window) -> BoolArray:
        """Which cells of a window are the mask's."""
        return placed(self.inside, self.reach, window, fill=False)

    def may_go_on_in(self, patch: Window) -> bool:
        """Whether the mask comes near its own patch's border inside another patch (cells)."""
        return bool(cropped(self.near_border, self.reach, patch).any())

    def cells_beyond(self, patch: Window) -> int:
        """How many of the mask's cells another patch does not see."""
        seen = np.count_nonzero(cropped(self.inside, self.reach, patch))
        return int(np.count_nonzero(self.inside) - seen)


def border_distance(patch: Window, sides: InnerSides, window: Window) -> FloatArray:
    """For each cell of a window, how many cells lie between it and the nearest inner border of
    the patch, [h, w]; infinite where there is none. Both in cells."""
    cols = np.arange(window.col_off, window.col_end, dtype=np.float32)
    rows = np.arange(window.row_off, window.row_end, dtype=np.float32)
    across, down = np.full_like(cols, np.inf), np.full_like(rows, np.inf)
    if sides.left:
        across = np.minimum(across, cols - patch.col_off)
    if sides.right:
        across = np.minimum(across, patch.col_end - 1 - cols)
    if sides.top:
        down = np.minimum(down, rows - patch.row_off)
    if sides.bottom:
        down = np.minimum(down, patch.row_end - 1 - rows)
    return np.asarray(np.minimum(across[np.newaxis, :], down[:, np.newaxis]))


def agreement(one: Fragment, other: Fragment) -> float:
    """IoU of two masks of different patches over what the patches know of them, 0 to 1.

    That is where both patches look and, where a mask does not come near its own patch's border
    there and so claims to end, what the other one has beyond.
    """
    common = shared(one.cells, other.cells)
    if common is None or shared(one.reach, other.reach) is None:
        return 0.0
    mine, theirs = one.inside_in(common), other.inside_in(common)
    both = np.count_nonzero(mine & theirs)
    if not both:
        return 0.0
    mine_goes_on, theirs_goes_on = one.may_go_on_in(other.cells), other.may_go_on_in(one.cells)
    if mine_goes_on and theirs_goes_on:
        # Other arms of a forked object may be masks of their own in one of the patches.
        mine, theirs = _parts_meeting(mine, theirs), _parts_meeting(theirs, mine)
    either = int(np.count_nonzero(mine | theirs))
    if not mine_goes_on:
        either += other.cells_beyond(one.cells)
    if not theirs_goes_on:
        either += one.cells_beyond(other.cells)
    return float(both / either)


def shared_part(one: Fragment, other: Fragment) -> float:
    """How much of the smaller one of two masks of a patch is in both, 0 to 1."""
    both = np.count_nonzero(one.inside & other.inside_in(one.reach))
    return float(both / min(np.count_nonzero(one.inside), np.count_nonzero(other.inside)))


def _parts_meeting(mask: BoolArray, other: BoolArray) -> BoolArray:
    """The connected parts of a mask that share a cell with another one."""
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return np.asarray(np.isin(labels, np.unique(labels[mask & other])) & mask)
