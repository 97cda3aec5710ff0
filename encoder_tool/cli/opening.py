"""Opening the cache that a command was given, and the command that extends it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING

from encoder_tool.errors import CacheError

if TYPE_CHECKING:
    from encoder_tool.cache.manifest import Manifest
    from encoder_tool.cache.store import FeatureCache


def open_given_cache(path: Path) -> FeatureCache:
    """The cache at `path`; a file in its place is answered with what to do."""
    from encoder_tool.cache.location import default_caches
    from encoder_tool.cache.store import open_cache

    if path.is_file():
        caches = " and ".join(map(str, default_caches(path)))
        raise CacheError(
            f"{path} is a file, not a feature cache.",
            f"Name its cache: {caches}"
            if caches
            else f"If it is a raster, encode it first: encoder-tool encode {path}",
        )
    return open_cache(path)


def cache_or_that_of_raster(path: Path) -> Path:
    """`path`; for a raster its cache in the default place, where there is one and no other."""
    from encoder_tool.cache.location import default_caches

    caches = default_caches(path) if path.is_file() else []
    return caches[0] if len(caches) == 1 else path


def encode_extent_command(path: Path, manifest: Manifest, extent: Sequence[float]) -> str:
    """The line for a shell that encodes an extent (raster's CRS) into an existing cache.

    The raster is named where it lies beside the cache, else by its name alone.
    """
    beside = path.parent / manifest.raster.name
    raster = str(beside if beside.exists() else beside.name)
    words = ["--extent", ",".join(f"{value:.10g}" for value in extent), "--out", str(path)]
    return f"{encode_command(manifest, raster)} {shlex.join(words)}"


def encode_command(manifest: Manifest, raster: str) -> str:
    """The line for a shell that goes on with the cache in the raster's default place."""
    from encoder_tool.grid import DEFAULT_OVERLAP

    words = ["encoder-tool", "encode", raster]
    if manifest.model.name != "nano":
        words += ["--model", manifest.model.name]
    if manifest.bands != (1, 2, 3):
        words += ["--bands", ",".join(map(str, manifest.bands))]
    if manifest.transform != manifest.raster.transform:
        words += ["--resolution", f"{hypot(manifest.affine.a, manifest.affine.d):.12g}"]
    overlap = manifest.pyramid.patch - manifest.pyramid.stride
    if overlap != DEFAULT_OVERLAP:
        words += ["--overlap", str(overlap)]
    return shlex.join(words)
