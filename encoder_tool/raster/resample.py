"""Resampling native pixels to another grid: area average downwards, bilinear upwards.

Why not GDAL's resampling read (rasterio's `out_shape`), measured with GDAL 3.10: it averages
8- and 16-bit bands to whole numbers; one NaN or infinity spoils every coarse pixel it meets;
it knows one mask per band, so that a pixel which is nodata in its red band alone shifts the
colour; and a VRT reads the overviews of its sources even when opened with OVERVIEW_LEVEL=NONE,
so that features would change when somebody builds overviews. Reading native pixels
block by block and weighting them here has none of this. It is five to eight times slower than
GDAL's averaging (64 MPx in 1.0 to 1.6 s) and still nothing beside the encoding of those pixels.

Both follow a linear ramp exactly, but for averages over a ratio that is not whole: there a pixel
is off by at most an eighth of a native one, without a shift on the whole (GDAL's are the same).

Both kernels are separable, so one matrix per axis does the work, and depend on absolute output
positions only: two windows agree where they overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np
import numpy.typing as npt

from encoder_tool.types import BoolArray

BAND = 8
"""Output pixels per matrix product: small, because the matrices are full within a band."""

EPSILON = 1e-6
"""Pixels; what is nearer to a pixel's edge than this is taken to lie on it."""

TRACE = 1e-9
"""Share of a pixel below which its valid part is rounding; one native pixel at level 11 is 2e-7."""

Values = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of an output grid over `size` native pixels, sharing their origin.

    Output pixel i covers native [i * scale, (i + 1) * scale).
    """

    scale: float
    size: int

    @property
    def is_native(self) -> bool:
        return self.scale == 1.0

    @property
    def enlarges(self) -> bool:
        return self.scale < 1.0

    @property
    def length(self) -> int:
        """Output pixels that the native ones fill, the last one perhaps in part."""
        return max(1, ceil(self.size / self.scale - EPSILON))

    def source_span(self, start: int, stop: int) -> tuple[int, int]:
        """The native pixels that output pixels [start, stop) are made of."""
        if self.enlarges:
            low = floor((start + 0.5) * self.scale - 0.5)
            high = floor((stop - 0.5) * self.scale - 0.5) + 2
        else:
            low = floor(start * self.scale + EPSILON)
            high = ceil(stop * self.scale - EPSILON)
        return min(max(low, 0), self.size - 1), min(max(high, 1), self.size)

    def weights(self, start: int, stop: int, dtype: npt.DTypeLike) -> tuple[int, Values]:
        """First native pixel, and the matrix [stop - start, native pixels] of weights.

        A row sums to 1, less where the output pixel reaches beyond the raster.
        """
        low, high = self.source_span(start, stop)
        native = np.arange(low, high, dtype=np.float64)
        output = np.arange(start, stop, dtype=np.float64)[:, None]
        if self.enlarges:
            # Beyond the outermost pixel centres the outermost pixels go on.
            centre = np.clip((output + 0.5) * self.scale - 0.5, 0, self.size - 1)
            matrix = np.maximum(0.0, 1.0 - np.abs(centre - native))
        else:
            right = np.minimum((output + 1) * self.scale, native + 1)
            left = np.maximum(output * self.scale, native)
            matrix = np.maximum(0.0, right - left) / self.scale
        return low, matrix.astype(dtype)

    def bands(self, start: int, stop: int, dtype: npt.DTypeLike) -> Iterator[tuple[slice, Values]]:
        """The weights of [start, stop) in pieces: native pixels, counted from the first one
        that [start, stop) needs, and their matrix."""
        origin = self.source_span(start, stop)[0]
        for first in range(start, stop, BAND):
            low, matrix = self.weights(first, min(first + BAND, stop), dtype)
            yield slice(low - origin, low - origin + matrix.shape[1]), matrix


def resample(
    values: Values,
    valid: BoolArray,
    rows: Axis,
    cols: Axis,
    row_range: tuple[int, int],
    col_range: tuple[int, int],
) -> tuple[Values, BoolArray]:
    """Resample the native pixels of `source_span` of both axes: values [C, h, w], valid [h, w].

    Masked pixels weigh nothing. An averaged pixel is valid when any of its native pixels is; an
    enlarged one when valid pixels make up half of it, which keeps the mask's outline in place.
    Values where the result is not valid are 0.
    """
    row_bands = list(rows.bands(*row_range, values.dtype))
    col_bands = list(cols.bands(*col_range, values.dtype))

    def reduce(native: Values) -> Values:
        across = np.concatenate([matrix @ native[:, at] for at, matrix in row_bands], axis=1)
        return np.concatenate([across[:, :, at] @ matrix.T for at, matrix in col_bands], axis=2)

    if valid.all():
        # Nearly every window is whole; masking its values would take longer than averaging them.
        sums = reduce(values)
        coverage = np.outer(_row_sums(row_bands), _row_sums(col_bands))
    else:
        sums = reduce(np.where(valid, values, 0))
        coverage = reduce(valid[None].astype(values.dtype))[0]
    needed = 0.5 - EPSILON if rows.enlarges or cols.enlarges else TRACE
    is_valid = coverage > needed
    return sums / np.where(is_valid, coverage, 1) * is_valid, is_valid


def _row_sums(bands: list[tuple[slice, Values]]) -> Values:
    return np.concatenate([matrix.sum(axis=1) for _, matrix in bands])
