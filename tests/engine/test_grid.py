"""Grids and pyramids are pure integers, so their promises hold for every size."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder_tool.errors import UsageError
from encoder_tool.grid import (
    ALIGNMENT,
    LevelGrid,
    Pyramid,
    ceil_div,
    levels_to_fit,
    patch_origins,
    shrink_window,
)
from encoder_tool.types import PATCH_SIZE, PatchId, Window

lengths = st.integers(1, 60_000)
strides = st.integers(16, PATCH_SIZE // ALIGNMENT).map(lambda n: n * ALIGNMENT)


@given(lengths, strides)
def test_patches_cover_an_axis_whole_and_aligned(length: int, stride: int) -> None:
    origins = patch_origins(length, PATCH_SIZE, stride)
    assert origins[0] == 0
    assert all(origin % ALIGNMENT == 0 for origin in origins)
    assert all(b > a for a, b in itertools.pairwise(origins))
    end = origins[-1] + PATCH_SIZE
    assert length <= end
    if length > PATCH_SIZE:
        assert end - length < ALIGNMENT, "more than 3 px of padding"
    else:
        assert origins == [0], "a small raster has one padded patch"


@given(lengths, strides)
def test_only_the_last_patch_shifts_and_overlap_is_kept(length: int, stride: int) -> None:
    origins = patch_origins(length, PATCH_SIZE, stride)
    steps = [b - a for a, b in itertools.pairwise(origins)]
    assert all(step == stride for step in steps[:-1])
    assert all(step <= stride for step in steps), "neighbours overlap by at least the overlap"


@given(st.integers(1, 5000), st.integers(1, 5000), strides)
def test_every_pixel_lies_in_a_patch(width: int, height: int, stride: int) -> None:
    grid = LevelGrid(0, width, height, PATCH_SIZE, stride)
    # Coverage is separable, and so are the patches: all rows x all columns.
    for length, origins in ((width, grid.col_origins), (height, grid.row_origins)):
        covered = np.zeros(origins[-1] + PATCH_SIZE, np.bool_)
        for origin in origins:
            covered[origin : origin + PATCH_SIZE] = True
        assert covered[:length].all()
    patches = list(grid.patches())
    assert len(patches) == len(set(patches)) == grid.rows * grid.cols
    assert all(
        (window.width, window.height) == (PATCH_SIZE, PATCH_SIZE)
        for window in (grid.window(patch.row, patch.col) for patch in patches)
    )


@given(
    st.integers(1, 6000), st.integers(1, 6000), strides,
    st.integers(0, 7000), st.integers(0, 7000), st.integers(1, 3000), st.integers(1, 3000),
)  # fmt: skip
def test_patches_meeting_a_window_are_those_that_share_a_pixel(
    width: int, height: int, stride: int, col: int, row: int, across: int, down: int
) -> None:
    grid = LevelGrid(0, width, height, PATCH_SIZE, stride)
    window = Window(col, row, across, down)

    def meets(patch: PatchId) -> bool:
        other = grid.window(patch.row, patch.col)
        return max(window.col_off, other.col_off) < min(window.col_end, other.col_end) and max(
            window.row_off, other.row_off
        ) < min(window.row_end, other.row_end)

    assert list(grid.patches_meeting(window)) == [p for p in grid.patches() if meets(p)]


@given(lengths, lengths)
def test_levels_go_up_until_the_raster_fits_one_patch(width: int, height: int) -> None:
    levels = levels_to_fit(width, height)
    top = Pyramid(width, height, levels).level(levels - 1)
    assert top.rows == top.cols == 1
    if levels > 1:
        below = Pyramid(width, height, levels).level(levels - 2)
        assert below.rows * below.cols > 1


@given(lengths, lengths, st.integers(1, 8))
def test_level_sizes_are_exact_blocks(width: int, height: int, levels: int) -> None:
    pyramid = Pyramid(width, height, levels)
    for level in range(levels):
        grid = pyramid.level(level)
        block = 2**level
        assert (grid.width - 1) * block < width <= grid.width * block
        assert (grid.height - 1) * block < height <= grid.height * block
        if level:
            below = pyramid.level(level - 1)
            assert grid.width == ceil_div(below.width, 2), "halving twice is quartering"


@given(
    st.integers(0, 9000), st.integers(0, 9000), st.integers(1, 5000), st.integers(1, 5000),
    st.integers(0, 6),
)  # fmt: skip
def test_shrink_window_is_the_smallest_that_covers(
    col: int, row: int, width: int, height: int, level: int
) -> None:
    window, factor = Window(col, row, width, height), 2**level
    small = shrink_window(window, level)
    assert small.col_off * factor <= col < (small.col_off + 1) * factor
    assert small.row_off * factor <= row < (small.row_off + 1) * factor
    assert (small.col_end - 1) * factor < window.col_end <= small.col_end * factor
    assert (small.row_end - 1) * factor < window.row_end <= small.row_end * factor


def test_a_known_grid() -> None:
    grid = Pyramid(2050, 1024, 2).level(0)
    assert grid.col_origins == [0, 768, 1028], "the last column is rounded up to a multiple of 4"
    assert grid.row_origins == [0]
    assert [grid.window(0, 2).col_end - 2050, grid.rows, grid.cols] == [2, 1, 3]


def test_all_patches_come_finest_level_first() -> None:
    pyramid = Pyramid(1500, 1500, 2)
    assert list(pyramid.patches()) == [
        *(PatchId(0, row, col) for row in (0, 1) for col in (0, 1)),
        PatchId(1, 0, 0),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        {"width": 0, "height": 5, "levels": 1},
        {"width": 5, "height": 5, "levels": 0},
        {"width": 5, "height": 5, "levels": 1, "stride": 766},
        {"width": 5, "height": 5, "levels": 1, "stride": 0},
        {"width": 5, "height": 5, "levels": 1, "stride": 1028},
    ],
)
def test_impossible_pyramids_are_refused(arguments: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        Pyramid(**arguments)


@pytest.mark.parametrize("level", [-1, 2])
def test_a_level_that_is_not_there(level: int) -> None:
    with pytest.raises(UsageError, match="levels are 0 to 1"):
        Pyramid(2000, 2000, 2).level(level)
