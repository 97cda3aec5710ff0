"""A raster is made in a hidden folder beside its place, and only moved there when it is whole."""

from __future__ import annotations

import glob
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MAKING = ".making"

NAME_CHARS = 30
"""Of a file's name in that of its folder, which must not become too long."""

ABANDONED_S = 24 * 3600
"""What has not been written to for so long, nobody makes any more: between two blocks of a raster
lie a server's patience and a few attempts."""


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """A folder to make a file in, which is gone afterwards. What a QGIS that died has left of the
    same file is removed. Raises OSError."""
    prefix = f".{path.name[:NAME_CHARS]}."
    for left in path.parent.glob(f"{glob.escape(prefix)}*{MAKING}"):
        with suppress(OSError):
            written = max(place.stat().st_mtime for place in (left, *left.iterdir()))
            if time.time() - written > ABANDONED_S:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, suffix=MAKING, dir=path.parent) as folder:
        yield Path(folder)
