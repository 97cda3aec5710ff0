"""The engine's version; `metadata.txt`, which also names the QGIS plugin's, is its sole source."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "geosam-encoder-tool"

_PACKAGE = Path(__file__).parent
# Inside a wheel; beside the package in a checkout and in the QGIS plugin.
_METADATA_PLACES = (
    _PACKAGE / "resources" / "metadata.txt",
    _PACKAGE.parent / "metadata.txt",
)
_VERSION_LINE = re.compile(r"^version=(\S+)$", re.MULTILINE)


@cache
def version() -> str:
    """The version, e.g. "0.1.0"."""
    for place in _METADATA_PLACES:
        if place.is_file() and (found := _VERSION_LINE.search(place.read_text("utf-8"))):
            return found[1]
    return metadata.version(DISTRIBUTION)
