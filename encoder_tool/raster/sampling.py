"""A bounded, deterministic sample of a raster's native pixels, for statistics and fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np

from encoder_tool.grid import ceil_div
from encoder_tool.raster.source import NativeSource
from encoder_tool.types import Window

STATISTICS_PIXELS = 1 << 24
"""For statistics, rasters of up to this many pixels (4096 x 4096) are read in full."""

FINGERPRINT_PIXELS = 1 << 26
"""For the fingerprint, of up to this many (8192 x 8192): seconds of reading, against minutes of
encoding, and no edit goes unseen."""

SAMPLES = 32
"""Larger ones are sampled by SAMPLES x SAMPLES windows of SAMPLE_SIDE pixels."""

SAMPLE_SIDE = 128
"""Windows are aligned to it and so lie within one tile of the common sizes, 256 and 512."""

STRIP_PIXELS = 1 << 21
"""A raster read in full is read in strips of about this many pixels, or squares of them."""


def sample_windows(width: int, height: int, full_pixels: int) -> Iterator[Window]:
    """The windows of the sample, row by row; they do not overlap.

    full_pixels: a raster of up to this many pixels is read in full
    """
    if width * height <= full_pixels:
        columns = min(width, STRIP_PIXELS)
        rows = max(1, STRIP_PIXELS // columns)
        cols_at, rows_at = list(range(0, width, columns)), list(range(0, height, rows))
    else:
        columns = rows = SAMPLE_SIDE
        cols_at, rows_at = _spread(width), _spread(height)
    for row in rows_at:
        for col in cols_at:
            yield Window(col, row, min(columns, width - col), min(rows, height - row))


def _spread(length: int) -> list[int]:
    """At most SAMPLES aligned offsets over `length` pixels, the first and last ones included."""
    blocks = ceil_div(length, SAMPLE_SIDE)
    if blocks <= SAMPLES:
        return list(range(0, length, SAMPLE_SIDE))
    return [SAMPLE_SIDE * (i * (blocks - 1) // (SAMPLES - 1)) for i in range(SAMPLES)]


def fingerprint(source: NativeSource) -> str:
    """sha256 of the raster's size, type, transform and chosen bands, of the sampled values and
    of which of them are masked. Not of the CRS, whose WKT changes with PROJ's versions.

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
    for window in sample_windows(source.width, source.height, FINGERPRINT_PIXELS):
        values, valid = source.read(window)
        digest.update(np.packbits(valid).tobytes())
        digest.update(np.where(valid, values, 0).astype(values.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()
