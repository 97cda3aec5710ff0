"""What --stretch means, and that its statistics see valid pixels only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from encoder_tool.errors import RasterError, UsageError
from encoder_tool.raster.stretch import (
    SampleStatistics,
    StretchSpec,
    apply_stretch,
    limits_for_rgb,
    make_record,
    parse_stretch,
)

ALL_VALID = np.ones((10, 10), np.bool_)


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("auto", StretchSpec("auto")),
        (" NONE ", StretchSpec("none")),
        ("minmax", StretchSpec("percentiles", (0, 100))),
        ("0,100", StretchSpec("percentiles", (0, 100))),
        ("1,99.5", StretchSpec("percentiles", (1, 99.5))),
        ("0:3000", StretchSpec("limits", limits=((0, 3000),))),
        ("-12.5:-1e1", StretchSpec("limits", limits=((-12.5, -10),))),
        ("0:1,2:3,4:5", StretchSpec("limits", limits=((0, 1), (2, 3), (4, 5)))),
    ],
)
def test_parse(text: str, spec: StretchSpec) -> None:
    assert parse_stretch(text) == spec
    assert parse_stretch(spec.method) == spec, "the recorded method parses to the same stretch"


@pytest.mark.parametrize(
    "text",
    ["", "x", "2", "2,98,3", "0:1:2", "0:", "98,2", "5,5", "3:3", "4:3", "-1,99", "2,101",
     "nan:1", "0:inf", "0:1,", "0:1,2"],
)  # fmt: skip
def test_bad_stretches_are_one_sentence(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_stretch(text)
    assert caught.value.message.count(".") <= text.count(".") + 1


def test_values_taken_for_percentiles_are_explained() -> None:
    with pytest.raises(UsageError, match="colon"):
        parse_stretch("0,3000")


def test_auto_leaves_eight_bits_alone() -> None:
    assert parse_stretch("auto").resolved(eight_bit=True) == StretchSpec("none")
    assert parse_stretch("auto").resolved(eight_bit=False).percentiles == (2, 98)
    assert parse_stretch("1,99").resolved(eight_bit=True).percentiles == (1, 99)


def test_percentiles_of_known_values() -> None:
    statistics = SampleStatistics()
    values = np.arange(101.0).reshape(1, 1, 101)
    statistics.feed(values, np.ones((1, 101), np.bool_), 1)
    assert statistics.limits((2, 98)) == [(2.0, 98.0)]
    assert statistics.limits((0, 100)) == [(0.0, 100.0)]


def test_masked_values_do_not_count() -> None:
    statistics = SampleStatistics()
    values = np.full((2, 10, 10), -9999.0)
    values[:, 4:] = np.linspace(10, 20, 60).reshape(6, 10)
    values[1, 9, 9] = np.nan
    valid = values[0] > -1
    valid[9, 9] = False
    statistics.feed(values, valid, 1)
    statistics.feed(np.full((2, 10, 10), 1e9), ~ALL_VALID, 1)
    low, high = statistics.limits((0, 100))[1]
    assert low == 10 and 19 < high < 20


def test_windows_add_up() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(3, 64, 64))
    whole, parts = SampleStatistics(), SampleStatistics()
    whole.feed(values, np.ones((64, 64), np.bool_), 1)
    for row in range(0, 64, 16):
        parts.feed(values[:, row : row + 16], np.ones((16, 64), np.bool_), 1)
    np.testing.assert_allclose(parts.limits((2, 98)), whole.limits((2, 98)))


def test_thinned_percentiles_are_close() -> None:
    statistics = SampleStatistics()
    values = np.random.default_rng(0).normal(size=(1, 500, 500))
    statistics.feed(values, np.ones((500, 500), np.bool_), 8)
    assert statistics.limits((2, 98))[0] == pytest.approx((-2.054, 2.054), abs=0.05)


@given(st.floats(-1e30, 1e30, allow_nan=False))
def test_a_constant_band_is_mid_grey(value: float) -> None:
    statistics = SampleStatistics()
    statistics.feed(np.full((1, 10, 10), value), ALL_VALID, 1)
    record = make_record("2,98", statistics.limits((2, 98)))
    image = apply_stretch(np.full((3, 2, 2), value), record)
    np.testing.assert_allclose(image, 0.5, atol=1e-3)


def test_a_band_that_is_nearly_all_background_keeps_its_content() -> None:
    statistics = SampleStatistics()
    values = np.zeros((1, 10, 10))
    values[0, 0, 0] = 500
    statistics.feed(values, ALL_VALID, 1)
    assert statistics.limits((2, 98)) == [(0.0, 500.0)]


def test_nothing_valid_is_an_error_with_a_way_out() -> None:
    statistics = SampleStatistics()
    statistics.feed(np.zeros((1, 10, 10)), ~ALL_VALID, 1)
    with pytest.raises(RasterError, match="--stretch"):
        statistics.limits((2, 98))


def test_limits_fit_the_bands() -> None:
    assert limits_for_rgb([(0, 9)], 2) == [(0, 9)] * 3
    assert limits_for_rgb([(0, 10), (4, 20)], 2) == [(0, 10), (4, 20), (2, 15)]
    with pytest.raises(UsageError, match="2 pairs of values, but 3 bands are read"):
        limits_for_rgb([(0, 1), (0, 2)], 3)
    with pytest.raises(UsageError, match="but 1 band is read"):
        limits_for_rgb([(0, 1), (0, 2)], 1)


def test_apply_is_linear_and_clipped_per_band() -> None:
    record = make_record("x", [(0, 100), (100, 200), (0, 400)])
    values = np.array([-5.0, 50, 100, 300]).reshape(1, 1, 4).repeat(3, axis=0)
    image = apply_stretch(values, record)
    expected = [[0, 0.5, 1, 1], [0, 0, 0, 1], [0, 0.125, 0.25, 0.75]]
    np.testing.assert_allclose(image[:, 0], expected, rtol=1e-6)
    assert image.dtype == np.float32


def test_apply_keeps_small_ranges_far_from_zero() -> None:
    record = make_record("x", [(5_400_000.0, 5_400_000.1)])
    values = np.full((3, 1, 1), 5_400_000.025)
    np.testing.assert_allclose(apply_stretch(values, record), 0.25, atol=1e-6)
