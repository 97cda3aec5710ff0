"""Where a raster's cache lies when nobody says."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import platformdirs

SUFFIX = ".sam2.zarr"


def default_cache_path(raster: str | Path, model_name: str) -> Path:
    """`<raster file name>.<model>.sam2.zarr` beside the raster, else in the user's cache
    directory (read-only folders, /vsicurl/ and other rasters that are no files).

    A cache that already lies beside the raster is found there even when the folder has become
    read-only.
    """
    source = Path(raster)
    beside = source.with_name(f"{source.name}.{model_name}{SUFFIX}")
    if beside.exists() or (source.exists() and os.access(source.parent, os.W_OK)):
        return beside
    # Rasters of different folders share the user's cache directory, often by the same name.
    where = hashlib.sha256(os.fsencode(source.absolute())).hexdigest()[:12]
    folder = platformdirs.user_cache_path("encoder-tool") / "features"
    return folder / f"{source.name}.{where}.{model_name}{SUFFIX}"
