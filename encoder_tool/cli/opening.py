"""Opening the cache that a command was given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from encoder_tool.errors import CacheError

if TYPE_CHECKING:
    from encoder_tool.cache.store import FeatureCache


def open_given_cache(path: Path) -> FeatureCache:
    """The cache at `path`; a file in its place is answered with what to do."""
    from encoder_tool.cache.store import open_cache

    if path.is_file():
        raise CacheError(
            f"{path} is a file, not a feature cache.",
            f"If it is a raster, encode it first: encoder-tool encode {path}",
        )
    return open_cache(path)
