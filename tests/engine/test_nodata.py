"""What a coarse patch tells of finer ones: nothing with data is ever taken for nodata."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from encoder_tool.encode.nodata import EmptyMap
from encoder_tool.grid import Pyramid, levels_to_fit
from encoder_tool.types import BoolArray, PatchId


def read(valid: BoolArray, pyramid: Pyramid, patch: PatchId) -> BoolArray:
    """The valid pixels of a patch: those with any valid level-0 pixel, as a reader gives them."""
    factor, grid = 1 << patch.level, pyramid.level(patch.level)
    whole = np.zeros((grid.height * factor, grid.width * factor), np.bool_)
    whole[: valid.shape[0], : valid.shape[1]] = valid
    level = whole.reshape(grid.height, factor, grid.width, factor).any(axis=(1, 3))
    window = grid.window(patch.row, patch.col)
    found = np.zeros((pyramid.patch, pyramid.patch), np.bool_)
    seen = level[window.row_off : window.row_end, window.col_off : window.col_end]
    found[: seen.shape[0], : seen.shape[1]] = seen
    return found


@st.composite
def rasters(draw: st.DrawFn) -> tuple[BoolArray, Pyramid]:
    width, height = draw(st.integers(1, 700)), draw(st.integers(1, 700))
    valid = np.zeros((height, width), np.bool_)
    for _ in range(draw(st.integers(0, 3))):
        x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
        valid[y : y + draw(st.integers(1, 90)), x : x + draw(st.integers(1, 90))] = True
    return valid, Pyramid(width, height, levels_to_fit(width, height, 64), patch=64, stride=48)


@settings(deadline=None, max_examples=60)
@given(rasters(), st.randoms(use_true_random=False))
def test_in_whatever_order_patches_are_read_none_with_data_is_skipped(
    raster: tuple[BoolArray, Pyramid], random
) -> None:
    valid, pyramid = raster
    known = EmptyMap(pyramid)
    patches = list(pyramid.patches())
    random.shuffle(patches)
    for patch in patches:
        found = read(valid, pyramid, patch)
        if known.covers(patch):
            assert not found.any(), patch
        else:
            known.learn(patch, found)


@settings(deadline=None, max_examples=60)
@given(rasters())
def test_the_top_level_tells_all_but_what_is_near_data(
    raster: tuple[BoolArray, Pyramid],
) -> None:
    valid, pyramid = raster
    known = EmptyMap(pyramid)
    top = PatchId(pyramid.levels - 1, 0, 0)
    assert not known.covers(top)
    known.learn(top, read(valid, pyramid, top))
    cell = 1 << top.level
    for patch in pyramid.patches():
        window, factor = pyramid.level(patch.level).window(patch.row, patch.col), 1 << patch.level
        left, right = window.col_off * factor - 2 * cell, window.col_end * factor + 2 * cell
        upper, lower = window.row_off * factor - 2 * cell, window.row_end * factor + 2 * cell
        near = valid[max(upper, 0) : lower, max(left, 0) : right]
        if not near.any():
            assert known.covers(patch), patch
