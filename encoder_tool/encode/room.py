"""How much disk an encode takes, and whether there is so much."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from pathlib import Path

import numpy as np

from encoder_tool.cache import layout
from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import FeatureCache, directory_size
from encoder_tool.cache.verify import present_patches
from encoder_tool.errors import CacheDamagedError, DiskFullError

DECODER_BYTES = 32 << 20
"""Room for the decoder in a new cache: sam2's takes 21 MB."""

SIZED_PATCHES = 32
"""How many stored patches tell the size of the coming ones."""

DiskUsage = Callable[[Path], tuple[int, int, int]]
"""shutil.disk_usage: (total, used, free) bytes of the disk that holds a path."""


def require_room(path: Path, count: int, bytes_needed: int, bytes_free: int) -> None:
    """Raises DiskFullError when so many patches do not fit where the cache goes."""
    if count and bytes_needed > bytes_free:
        raise DiskFullError(
            f"{'1 patch takes' if count == 1 else f'{count} patches take'} up to "
            f"{megabytes(bytes_needed)}, and the disk that is to hold {path} has "
            f"{megabytes(bytes_free)} left.",
            "Make room, or encode to an --out on another disk, with a smaller --extent or a "
            "coarser --resolution.",
        )


def patch_bytes(manifest: Manifest, cache: FeatureCache | None) -> int:
    """Bytes that a patch takes: the largest of some that are stored, else uncompressed."""
    stored = [] if cache is None else _stored_sizes(cache)
    if stored:
        return max(stored)
    values = sum(prod(shape) for shape in manifest.model.feature_shapes.values())
    return values * np.dtype(manifest.dtype).itemsize


def _stored_sizes(cache: FeatureCache) -> list[int]:
    """Bytes of up to `SIZED_PATCHES` patches, found by the flags: a grid can have many more
    patches than a cache has."""
    sizes: list[int] = []
    for level in range(cache.pyramid.levels):
        try:
            patches = present_patches(cache, level)
        except CacheDamagedError:
            continue
        for patch in patches:
            if len(sizes) == SIZED_PATCHES:
                return sizes
            files = layout.patch_files(cache.path, patch, cache.manifest.dtype).values()
            if all(file.exists() for file in files):
                sizes.append(sum(file.stat().st_size for file in files))
    return sizes


def free_bytes(path: Path, cache: FeatureCache | None, disk_usage: DiskUsage) -> int:
    """Free bytes where the cache goes; a cache that is to be replaced counts as free."""
    place = path.absolute()
    while not place.exists():
        place = place.parent
    _, _, free = disk_usage(place)
    return free + (directory_size(path) if cache is None and path.exists() else 0)


def megabytes(size: int) -> str:
    """As sentences have it."""
    return f"{size / 1e6:,.0f} MB"
