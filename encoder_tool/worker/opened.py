"""The caches that prompts were asked of lately, ready for the next one."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from encoder_tool.cache.layout import METADATA_FILE
from encoder_tool.cache.store import FeatureCache, open_cache
from encoder_tool.errors import CacheError
from encoder_tool.segment import Segmenter

MAX_OPEN = 4

MEMORY_BYTES = 256 << 20
"""Of prepared patches, for each cache: about 9 patches of sam2.1, 25 of nano."""


@dataclass(frozen=True, eq=False)
class _Opened:
    """signature: of the cache's description, which is written once when a cache is made"""

    signature: tuple[int, int] | None
    cache: FeatureCache
    segmenter: Segmenter


class OpenedCaches:
    """Segmenters by path, the least recently used forgotten first.

    A cache that was replaced or deleted meanwhile is not answered from memory.
    """

    def __init__(self) -> None:
        self._opened: OrderedDict[Path, _Opened] = OrderedDict()

    def segmenter(self, path: Path) -> Segmenter:
        """Raises what `open_cache` raises."""
        return self._at(path).segmenter

    def reread(self, path: Path) -> FeatureCache:
        """The cache with everything that is committed by now; prepared patches are kept."""
        cache = self._at(path).cache
        cache.refresh()
        return cache

    def _at(self, path: Path) -> _Opened:
        opened = self._opened.pop(path, None)
        if opened is None or opened.signature != _signature(path):
            opened = _open(path)
        self._opened[path] = opened
        while len(self._opened) > MAX_OPEN:
            self._opened.popitem(last=False)
        return opened


def _open(path: Path) -> _Opened:
    if path.is_file():
        raise CacheError(
            f"{path} is a file, not a feature cache.", "If it is a raster, encode it first."
        )
    signature = _signature(path)  # before reading: a cache made anew meanwhile must look new
    cache = open_cache(path)
    return _Opened(signature, cache, Segmenter(cache, memory_bytes=MEMORY_BYTES))


def _signature(path: Path) -> tuple[int, int] | None:
    """What changes when a cache is made anew; None when there is none."""
    try:
        status = (path / METADATA_FILE).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns
