"""Names of data sources that are no files of pixels. Nothing heavy is imported: the command line
asks before it knows what it will need."""

from __future__ import annotations

import re

# A drive of Windows has one letter.
_CONNECTION = re.compile(r"^(/vsi|[A-Za-z][A-Za-z0-9_+]+:)")


def is_connection(name: str) -> bool:
    """Whether GDAL opens it although it is no file: /vsicurl/…, NETCDF:file:variable, https:…"""
    return _CONNECTION.match(name) is not None


BLOCK_SUFFIX = ".tiles.json"
"""Of a file that stands for a block of a web map's tiles."""


def is_block_file(name: str) -> bool:
    """Whether it names a block of web tiles, which is read as a raster."""
    return name.lower().endswith(BLOCK_SUFFIX)
