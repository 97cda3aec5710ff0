"""How much disk an encode takes, and whether there is so much."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, prod
from pathlib import Path

from encoder_tool.cache import layout
from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import FeatureCache, directory_size
from encoder_tool.cache.verify import present_patches
from encoder_tool.errors import CacheDamagedError, DiskFullError

NARROW, NARROW_DECODER_BYTES, DECODER_BYTES = 128, 2 << 20, 22_000_000
"""Room for the decoder in a new cache: nano's, with so many channels at most, takes 1.8 MB, sam2's
15 to 21 MB."""

MOST_BITS = {"int8": 6.5, "float16": 16.0, "float32": 32.0}
"""A value takes no more, by dtype. int8 sees to it itself (`quantise`) and takes 6.2; the others
were measured to take 14.6 and 29.4, and take no more than what is not compressed."""

CHUNK_BYTES = 64
"""Of each of a patch's files, what is no value: the compression's header and the checksum."""

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
    """Bytes that a patch takes: the largest of some that are stored, else an upper estimate."""
    stored = [] if cache is None else _stored_sizes(cache)
    if stored:
        return max(stored)
    shapes = manifest.model.feature_shapes.values()
    bits = MOST_BITS[manifest.dtype] * sum(prod(shape) for shape in shapes)
    scales = 2 * 4 * sum(shape[0] for shape in shapes) if manifest.dtype == "int8" else 0
    return ceil(bits / 8) + scales + CHUNK_BYTES * (len(shapes) + 1)


def decoder_bytes(manifest: Manifest) -> int:
    """What the decoder takes that goes into a new cache, an upper estimate."""
    channels = manifest.model.feature_shapes["image_embed"][0]
    return NARROW_DECODER_BYTES if channels <= NARROW else DECODER_BYTES


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
