"""The orders in which features lie in memory.

Cells: one row of channels for each of the 64 x 64 cells of the image embedding, row by row.

Lines: a transposed convolution with stride 2 makes a square of four pixels of each cell. As a
matrix product it gives all four side by side. The four are taken as two lines of two: one product
for the upper line of every cell, one for the lower. Then each product's pixels follow each other
from left to right as in the picture, and what remains to be done at the end is to lay lines
between lines, in runs of 256 pixels. (With all four side by side the end is a permutation of
single pixels: measured at 0.6 ms against 0.1, of about 20 for a whole click.)

So features at stride 8 are [1, 2, 4096, 2 C]: the line of the pair, the cell, its two pixels. And
those at stride 4 are [1, 2, 2, 8192, 2 C]: the line at stride 8, the line at stride 4 within it,
the pixel at stride 8 (left and right of each cell), its two pixels.
"""

from __future__ import annotations

from torch import Tensor

CELLS = 64
"""Cells along a side of the image embedding."""


def as_cells(features: Tensor) -> Tensor:
    """[B, C, h, w] -> [B, h w, C]."""
    return features.flatten(2).transpose(1, 2)


def as_lines(features: Tensor) -> Tensor:
    """Features at stride 8, [1, C, 128, 128] -> [1, 2, 4096, 2 C]."""
    channels = features.shape[1]
    split = features.reshape(1, channels, CELLS, 2, CELLS, 2)
    return split.permute(0, 3, 2, 4, 5, 1).reshape(1, 2, CELLS**2, 2 * channels)


def as_lines_of_lines(features: Tensor) -> Tensor:
    """Features at stride 4, [1, C, 256, 256] -> [1, 2, 2, 8192, 2 C]."""
    channels = features.shape[1]
    split = features.reshape(1, channels, CELLS, 2, 2, 2 * CELLS, 2)
    return split.permute(0, 3, 4, 2, 5, 6, 1).reshape(1, 2, 2, 2 * CELLS**2, 2 * channels)


def as_picture(lines: Tensor) -> Tensor:
    """Four masks of lines of lines, [B, 4 lines, 4, 16384] -> [B, 4, 256, 256]."""
    rows = lines.reshape(-1, 4, 4, CELLS, 4 * CELLS).permute(0, 2, 3, 1, 4)
    return rows.reshape(-1, 4, 4 * CELLS, 4 * CELLS)


def transposed_convolution(weight: Tensor) -> Tensor:
    """The weight of a transposed 2 x 2 convolution with stride 2, [in, out, 2, 2], as two
    matrices [2, in, 2 out]: of the upper and the lower line, the left pixel's outputs first."""
    channels, outputs = weight.shape[:2]
    return weight.permute(2, 0, 3, 1).reshape(2, channels, 2 * outputs).contiguous()
