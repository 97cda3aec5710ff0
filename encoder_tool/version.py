"""The engine's version; `metadata.txt`, which also names the QGIS plugin's, is its sole source."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "geosam-encoder-tool"

_METADATA = Path(__file__).parents[1] / "metadata.txt"
"""Beside the package, in a checkout and in the QGIS plugin; a wheel's version is in its own
metadata."""

_VERSION_LINE = re.compile(r"^version=(\S+)$", re.MULTILINE)


@cache
def version() -> str:
    """The version, e.g. "0.1.0"."""
    if _METADATA.is_file() and (found := _VERSION_LINE.search(_METADATA.read_text("utf-8"))):
        return found[1]
    return metadata.version(DISTRIBUTION)
