"""The engine's version; `metadata.txt`, which also names the QGIS plugin's, is its sole source."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "geosam-encoder-tool"

_PLACES = [folder / "metadata.txt" for folder in Path(__file__).parents[1:3]]
"""Beside the package in a checkout, a folder above in the QGIS plugin (which may hold just one
metadata.txt: QGIS takes the first it finds for the plugin's); a wheel's version is in its own
metadata."""

_VERSION_LINE = re.compile(r"^version=(\S+)$", re.MULTILINE)


@cache
def version() -> str:
    """The version, e.g. "0.1.0"."""
    for place in _PLACES:
        if place.is_file() and (found := _VERSION_LINE.search(place.read_text("utf-8"))):
            return found[1]
    return metadata.version(DISTRIBUTION)
