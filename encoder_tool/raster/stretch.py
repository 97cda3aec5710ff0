"""One stretch per raster: what `--stretch` says, and the statistics it may need.

`auto`          `none` for 8-bit bands, else `2,98`
`none`          the whole range of the type (fewer bits if the file says so); floats are 0..1
`minmax`        the smallest and largest sampled value
`P,P`           two percentiles of the sampled values, as in `2,98`
`LO:HI`         these values, for all bands
`LO:HI,LO:HI…`  these values, band by band
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from encoder_tool.errors import RasterError, UsageError
from encoder_tool.types import BoolArray, FloatArray, StretchRecord

AUTO_PERCENTILES = (2.0, 98.0)

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class StretchSpec:
    """A parsed `--stretch`: `percentiles` for that kind, `limits` per band for "limits"."""

    kind: Literal["auto", "none", "percentiles", "limits"]
    percentiles: Limits = (0.0, 100.0)
    limits: tuple[Limits, ...] = ()

    @property
    def method(self) -> str:
        """The text that parses to this spec."""
        if self.kind == "percentiles":
            low, high = self.percentiles
            return "minmax" if self.percentiles == (0.0, 100.0) else f"{low:g},{high:g}"
        if self.kind == "limits":
            return ",".join(f"{low!r}:{high!r}" for low, high in self.limits)
        return self.kind

    def resolved(self, eight_bit: bool) -> StretchSpec:
        """`auto` made concrete for the raster's type; anything else as it is."""
        if self.kind != "auto":
            return self
        if eight_bit:
            return StretchSpec("none")
        return StretchSpec("percentiles", AUTO_PERCENTILES)


def parse_stretch(text: str) -> StretchSpec:
    """Parse a `--stretch`. Raises UsageError for anything the module's table does not list."""
    word = text.strip().lower()
    if word == "auto":
        return StretchSpec("auto")
    if word == "none":
        return StretchSpec("none")
    if word == "minmax":
        return StretchSpec("percentiles")
    parts = word.split(",")
    try:
        pairs = [part.split(":") for part in parts] if ":" in word else [parts]
        limits = tuple(_pair(pair) for pair in pairs)
    except ValueError:
        raise UsageError(
            f"The stretch {text!r} is not understood.",
            "Use auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000.",
        ) from None
    for low, high in limits:
        if low >= high:
            raise UsageError(f"The stretch {text!r} needs its lower value first.")
    if ":" in word:
        return StretchSpec("limits", limits=limits)
    if limits[0][0] < 0 or limits[0][1] > 100:
        raise UsageError(
            f"The stretch {text!r} is not two percentiles between 0 and 100.",
            "Values, unlike percentiles, are written with a colon, such as 0:3000.",
        )
    return StretchSpec("percentiles", limits[0])


def _pair(parts: Sequence[str]) -> Limits:
    low, high = (float(part) for part in parts)
    if not (isfinite(low) and isfinite(high)):
        raise ValueError("not finite")
    return low, high


@dataclass
class SampleStatistics:
    """Collects valid values, band by band; feed it windows, then ask for limits."""

    _values: list[npt.NDArray[np.floating[Any]]] = field(default_factory=list)
    _low: npt.NDArray[np.float64] | None = None
    _high: npt.NDArray[np.float64] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no valid pixel was among what it was fed."""
        return self._low is None

    def feed(self, values: npt.NDArray[np.floating[Any]], valid: BoolArray, step: int) -> None:
        """Values [C, h, w], valid [h, w]. The extremes see all valid pixels, the percentiles
        every `step`-th."""
        if not valid.any():
            return
        kept = values[:, valid]
        low, high = kept.min(axis=1), kept.max(axis=1)
        self._low = low if self._low is None else np.minimum(self._low, low)
        self._high = high if self._high is None else np.maximum(self._high, high)
        self._values.append(kept[:, ::step].copy())

    def limits(self, percentiles: Limits) -> list[Limits]:
        """Low and high of every band, low < high also where a band is constant."""
        if self._low is None or self._high is None:
            raise RasterError(
                "No valid pixel was found in the sample that the stretch is computed from.",
                "Give the values yourself, as in --stretch 0:3000.",
            )
        extremes = list(zip(self._low.tolist(), self._high.tolist(), strict=True))
        if percentiles == (0.0, 100.0):
            return [_opened(low, high) for low, high in extremes]
        limits = []
        for values, extreme in zip(np.hstack(self._values), extremes, strict=True):
            low, high = np.percentile(values, percentiles)
            # An undeclared background can be nearly all of a raster.
            limits.append((float(low), float(high)) if low < high else _opened(*extreme))
        return limits


def _opened(low: float, high: float) -> Limits:
    """A constant band becomes mid-grey rather than a division by zero."""
    if high > low:
        return low, high
    half = max(0.5, abs(low) * 1e-3)
    return low - half, low + half


def limits_for_rgb(limits: Sequence[Limits], bands: int) -> list[Limits]:
    """Limits of red, green and blue, from one pair for all or one per chosen band.

    Two bands are completed by their mean, whose limits are the mean of theirs. Raises UsageError
    when the numbers do not fit.
    """
    if len(limits) == 1:
        return [limits[0]] * 3
    if len(limits) != bands:
        raise UsageError(
            f"The stretch has {len(limits)} pairs of values, but {bands} "
            f"band{' is' if bands == 1 else 's are'} read."
        )
    if len(limits) == 2:
        (low_1, high_1), (low_2, high_2) = limits
        return [*limits, ((low_1 + low_2) / 2, (high_1 + high_2) / 2)]
    return list(limits)


def make_record(method: str, limits: Sequence[Limits]) -> StretchRecord:
    """The record of one pair per colour, or of one pair for all."""
    red, green, blue = limits if len(limits) == 3 else (limits[0],) * 3
    return StretchRecord(method, (red[0], green[0], blue[0]), (red[1], green[1], blue[1]))


def apply_stretch(values: npt.NDArray[np.floating[Any]], stretch: StretchRecord) -> FloatArray:
    """Values [3, H, W] to 0..1. Subtracts in the values' own precision: a small range far from
    zero would drown in float32."""
    low = np.array(stretch.low, values.dtype)[:, None, None]
    span = np.array(stretch.high, np.float64) - np.array(stretch.low, np.float64)
    scaled = (values - low) / span.astype(values.dtype)[:, None, None]
    return np.clip(scaled, 0, 1).astype(np.float32)
