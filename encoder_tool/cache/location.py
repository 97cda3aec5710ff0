"""Where a raster's caches lie when nobody says."""

from __future__ import annotations

import glob
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
    return _user_folder() / f"{_user_name(source)}.{model_name}{SUFFIX}"


def default_caches(raster: Path) -> list[Path]:
    """What lies in the default places of a raster's caches, of whichever model."""
    places = ((raster.parent, raster.name), (_user_folder(), _user_name(raster)))
    return [
        path
        for folder, name in places
        for path in sorted(folder.glob(f"{glob.escape(name)}.*{SUFFIX}"))
    ]


def _user_folder() -> Path:
    return platformdirs.user_cache_path("encoder-tool") / "features"


def _user_name(raster: Path) -> str:
    """Rasters of different folders share the user's cache directory, often by the same name."""
    where = hashlib.sha256(os.fsencode(raster.absolute())).hexdigest()[:12]
    return f"{raster.name}.{where}"
