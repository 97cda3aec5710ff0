"""Features as signed bytes: what comes back is near, and what is stored compresses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numcodecs import Zstd

from encoder_tool.cache.layout import ZSTD_LEVEL
from encoder_tool.cache.quantise import (
    LARGEST,
    QuantisedArray,
    dequantise,
    quantise,
)
from encoder_tool.types import FloatArray

CHANNELS = npst.arrays(
    np.float32,
    npst.array_shapes(min_dims=3, max_dims=3, max_side=12),
    # The square of what is less than 1e-12 is lost in float32, and no feature is so small.
    elements=st.floats(-1e6, 1e6, width=32).map(lambda value: value if abs(value) > 1e-12 else 0.0),
)


@settings(deadline=None)
@given(CHANNELS)
def test_what_comes_back_differs_by_half_a_step_at_most(values: FloatArray) -> None:
    stored, scale_offset = quantise(values)
    assert stored.dtype == np.int8
    assert scale_offset.shape == (2, len(values))
    error = np.abs(dequantise(stored, scale_offset) - values.astype(np.float64))
    rounding = 4 * np.spacing(np.abs(values).max())
    assert (error <= scale_offset[0, :, None, None] * 0.5001 + rounding).all()


@settings(deadline=None)
@given(CHANNELS)
def test_a_step_is_as_small_as_the_range_allows(values: FloatArray) -> None:
    """Where the entropy asks for larger steps, all channels' are by the same factor."""
    wide = values.astype(np.float64)
    scale, offset = quantise(values)[1]
    smallest = np.abs(wide - offset[:, None, None]).max(axis=(1, 2)) / LARGEST
    smallest[smallest < np.finfo(np.float32).tiny] = 1
    factor = scale / smallest
    assert factor == pytest.approx(np.full(len(values), factor[0]), rel=1e-3)
    assert factor[0] >= 0.999


def test_a_channel_of_one_value_comes_back_exactly() -> None:
    values = np.full((2, 4, 4), 0.1, np.float32)
    values[1] = -3e5
    assert np.array_equal(dequantise(*quantise(values)), values)


@pytest.mark.parametrize("steps", [1, 3, 5, 7])
def test_values_that_float32_hardly_tells_apart_come_back_in_their_range(steps: int) -> None:
    """Their middle is rounded, so that one half of the range is the larger one."""
    low = np.float32(1e6)
    values = low + np.spacing(low) * np.arange(steps + 1, dtype=np.float32).reshape(1, 1, -1)
    back = dequantise(*quantise(values))
    assert np.abs(back - values).max() <= np.spacing(low)


def test_rows_are_stored_as_differences_modulo_256() -> None:
    """127 after -127 is 254 more, which is -2 as a signed byte."""
    values = np.array([[[-127.0, 127], [127, 126], [126, -127]]], np.float32)
    stored, scale_offset = quantise(values)
    steps = np.rint(values / scale_offset[0, 0]).astype(int)
    assert np.array_equal(stored[0, 0], steps[0, 0])
    assert np.array_equal(stored[0, 1:], np.diff(steps[0], axis=0).astype(np.int8))
    one_step = np.array([[1.0], [0.0]], np.float32)
    wrapped = np.array([[[-127, 127], [-2, -1], [-1, 3]]], np.int8)
    assert np.array_equal(dequantise(wrapped, one_step), values)


def test_an_outlier_is_kept_at_the_price_of_the_others() -> None:
    values = np.random.default_rng(0).normal(size=(1, 64, 64)).astype(np.float32)
    values[0, 5, 5] = 1000
    back = dequantise(*quantise(values))
    assert back[0, 5, 5] == pytest.approx(1000, abs=0.01)
    assert np.abs(back - values).max() <= 1004 / (2 * LARGEST) / 2 + 1e-3


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf, 1e38])
def test_what_does_not_fit_shows_in_scale_or_offset(wrong: float) -> None:
    values = np.zeros((2, 4, 4), np.float32)
    values[1, 2, 2], values[1, 3, 3] = wrong, -abs(wrong)
    assert not np.isfinite(quantise(values)[1]).all()


def bits(data: QuantisedArray) -> float:
    return float(8 * len(Zstd(level=ZSTD_LEVEL).encode(data)) / data.size)


@pytest.mark.parametrize("reach", [1, 3, 7])
def test_features_take_at_most_6_5_bits_however_noisy(reach: int) -> None:
    """White noise, and noise smoothed over 3 and 7 pixels, whose steps are the finest."""
    noise = np.random.default_rng(1).normal(size=(16, 70, 70))
    places = range(reach)
    smooth = np.asarray(
        sum(noise[:, y : y + 64, x : x + 64] for y in places for x in places), np.float32
    )
    stored, scale_offset = quantise(smooth)
    assert 5.5 < bits(stored) < 6.5
    finest = np.ptp(smooth, axis=(1, 2)) / (2 * LARGEST)
    assert (scale_offset[0].max() < 1.01 * finest.max()) == (reach == 7)


def test_differences_of_rows_take_less_than_the_steps_themselves() -> None:
    noise = np.random.default_rng(1).normal(size=(16, 68, 68))
    smooth = sum(noise[:, y : y + 64, x : x + 64] for y in range(5) for x in range(5))
    stored, _ = quantise(np.asarray(smooth, np.float32))
    assert bits(stored) < bits(np.cumsum(stored, axis=1, dtype=np.int8)) - 0.5
