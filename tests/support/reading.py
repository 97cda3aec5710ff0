"""A raster read as a test looks at it: grey where masked, or the bytes as they are."""

from __future__ import annotations

import numpy as np

from encoder_tool.raster import RasterReader
from encoder_tool.raster.stretch import make_record
from encoder_tool.types import Window

GREY = (0.5, 0.5, 0.5)
BYTES = make_record("none", [(0, 255)])


def everything(reader: RasterReader, level: int = 0) -> Window:
    block = 2**level
    return Window(0, 0, -(-reader.width // block), -(-reader.height // block))


def read_bytes(reader: RasterReader, level: int = 0, window: Window | None = None) -> np.ndarray:
    """Values 0..255, NaN where masked."""
    patch = reader.read_patch(level, window or everything(reader, level), BYTES, GREY)
    return np.where(patch.valid, patch.image * 255, np.nan)
