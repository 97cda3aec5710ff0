"""A bounded, deterministic sample of a raster's native pixels, for statistics and fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np

from encoder_tool.grid import ceil_div
from encoder_tool.raster.pixel_source import PixelSource
from encoder_tool.types import Window

STATISTICS_PIXELS = 1 << 24
"""For statistics, rasters of up to this many pixels (4096 x 4096) are read in full."""

FINGERPRINT_PIXELS = 1 << 26
"""For the fingerprint, of up to this many (8192 x 8192): seconds of reading, against minutes of
encoding, and no edit goes unseen."""

SAMPLES = 32
"""Larger ones are sampled by SAMPLES x SAMPLES windows of SAMPLE_SIDE pixels."""

QUICK_PIXELS = 1 << 22
"""Where somebody waits for the first polygon, rasters of up to this many pixels (2048 x 2048) are
read in full, for whatever purpose,"""

QUICK_SAMPLES = 8
"""and larger ones by so many windows a side: 0.3 s of a core in place of up to 4 s."""

QUICK_MARK = "quick:"
"""What the fingerprint of a quick sample begins with."""

SAMPLE_SIDE = 128
"""Windows are aligned to it and so lie within one tile of the common sizes, 256 and 512."""

STRIP_PIXELS = 1 << 21
"""A raster read in full is read in strips of about this many pixels, or squares of them."""


def sample_windows(
    width: int, height: int, full_pixels: int, samples: int = SAMPLES
) -> Iterator[Window]:
    """The windows of the sample, row by row; they do not overlap.

    full_pixels: a raster of up to this many pixels is read in full
    samples: how many windows a side there are of larger ones
    """
    if width * height <= full_pixels:
        columns = min(width, STRIP_PIXELS)
        rows = max(1, STRIP_PIXELS // columns)
        cols_at, rows_at = list(range(0, width, columns)), list(range(0, height, rows))
    else:
        columns = rows = SAMPLE_SIDE
        cols_at, rows_at = _spread(width, samples), _spread(height, samples)
    for row in rows_at:
        for col in cols_at:
            yield Window(col, row, min(columns, width - col), min(rows, height - row))


def _spread(length: int, samples: int) -> list[int]:
    """At most `samples` aligned offsets over `length` pixels, the first and last ones included."""
    blocks = ceil_div(length, SAMPLE_SIDE)
    if blocks <= samples:
        return list(range(0, length, SAMPLE_SIDE))
    return [SAMPLE_SIDE * (i * (blocks - 1) // (samples - 1)) for i in range(samples)]


def is_quick(fingerprint: str) -> bool:
    """Whether a fingerprint is that of a quick sample."""
    return fingerprint.startswith(QUICK_MARK)


def fingerprint(source: PixelSource, *, quick: bool = False) -> str:
    """sha256 of the raster's size, type, transform and chosen bands, of the sampled values and
    of which of them are masked. Not of the CRS, whose WKT changes with PROJ's versions.

    quick: of less pixels, for those who wait; it then begins with `QUICK_MARK`

    Up to `FINGERPRINT_PIXELS` every pixel counts. In a larger raster an edit that meets no sampled
    window goes unseen; one that covers more than a thirtieth of both sides always meets one. So
    compare size and modification time first: a fingerprint is for when those differ although
    nobody edited anything. Copying, touching, lossless recompression and overviews do not
    change it.
    """
    digest = hashlib.sha256()
    digest.update(
        repr(
            (
                source.width, source.height, source.dtype.name, source.bands,
                tuple(source.transform)[:6],
            )
        ).encode()
    )  # fmt: skip
    sample = (QUICK_PIXELS, QUICK_SAMPLES) if quick else (FINGERPRINT_PIXELS, SAMPLES)
    for window in sample_windows(source.width, source.height, *sample):
        values, valid = source.read(window)
        digest.update(np.packbits(valid).tobytes())
        digest.update(np.where(valid, values, 0).astype(values.dtype.newbyteorder("<")).tobytes())
    return (QUICK_MARK if quick else "") + digest.hexdigest()
