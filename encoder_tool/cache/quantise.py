"""Features as signed bytes: a scale and an offset per channel and patch, differences of rows.

A channel x becomes q = round((x - offset) / scale), and of q every row but the first is stored
as its difference to the row above, modulo 256. Rows resemble each other, so that the differences
take 0.6 (sam2.1's structure) to 0.8 bits a value less than q itself; modulo 256 nothing is lost.
docs/cache-format.md has the figures.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from encoder_tool.types import FloatArray

QuantisedArray = npt.NDArray[np.int8]

LARGEST = 127

MOST_BITS = 6.4
"""A feature map whose differences of rows have a larger entropy than that gets larger steps, so
that no model's features take more than 6.5 bits a value. Most take less with the smallest steps
that a byte allows for their range. Larger ones cost masks: those of a 30th of the standard
deviation save 0.27 bits a value and double the share of masks that differ."""

_GAUSSIAN_BITS = 2.047
"""log2(sqrt(2 pi e)): the entropy of a Gaussian whose standard deviation is one step."""


def quantise(values: FloatArray) -> tuple[QuantisedArray, FloatArray]:
    """[C, H, W] as what is stored of it, and [2, C]: the channels' scales, then their offsets.

    What comes back of it differs by half a scale at most. Values that are not finite, or whose
    squares are not, give a scale or an offset that is not.
    """
    low, high = values.min(axis=(1, 2)), values.max(axis=(1, 2))
    with np.errstate(over="ignore", invalid="ignore"):
        offset = low + (high - low) / 2
        centred = values - offset[:, None, None]
        # Of the offset as it is rounded: where a channel's values are a few steps of float32
        # apart, their middle is none of them, and a larger half does not fit otherwise.
        reach = np.maximum(high - offset, offset - low)
        scale = reach / LARGEST
        scale[scale < np.finfo(np.float32).tiny] = 1  # all of one value, which is the offset
        scale *= 2 ** max(_bits(centred, scale) - MOST_BITS, 0)
        np.divide(centred, scale[:, None, None], out=centred)
        np.rint(centred, out=centred)
        stored = centred.astype(np.int8)
    stored[:, 1:] -= stored[:, :-1]
    return stored, np.stack([scale, offset]).astype(np.float32)


def dequantise(stored: QuantisedArray, scale_offset: FloatArray) -> FloatArray:
    """The values that `quantise` made `stored` and `scale_offset` of, rounded."""
    steps = stored.copy()
    for row in range(1, steps.shape[1]):
        steps[:, row] += steps[:, row - 1]
    scale, offset = scale_offset[:, :, None, None]
    values = steps.astype(np.float32)
    values *= scale
    values += offset
    return values


def _bits(centred: FloatArray, scale: FloatArray) -> float:
    """About how many bits a value the differences of rows take, taken to be Gaussian: others take
    less."""
    rows = np.diff(centred, axis=1).reshape(len(centred), -1)
    steps = np.sqrt(np.einsum("cn,cn->c", rows, rows) / max(rows.shape[1], 1)) / scale
    return float(np.log2(np.maximum(steps, 1)).mean()) + _GAUSSIAN_BITS
