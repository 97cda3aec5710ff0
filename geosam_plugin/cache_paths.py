"""Where a raster's feature cache lies when nobody says: the same place as for the engine's command
line, so that each finds what the other has made. Free of Qt."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

SUFFIX = ".sam2.zarr"

_DESCRIPTION = "zarr.json"


def is_cache(path: Path) -> bool:
    """Whether there is something that the engine can say more about."""
    return (path / _DESCRIPTION).is_file()


def cache_name(raster: Path, model: str) -> str:
    return f"{raster.name}.{model}{SUFFIX}"


def default_cache_path(raster: Path, model: str) -> Path:
    """Beside the raster; in the user's cache folder where that cannot be written to.

    A cache that already lies beside the raster is found there in any case.
    """
    beside = raster.with_name(cache_name(raster, model))
    if beside.exists() or (raster.exists() and os.access(raster.parent, os.W_OK)):
        return beside
    # Rasters of different folders share the user's cache folder, often by the same name.
    where = hashlib.sha256(os.fsencode(raster.absolute())).hexdigest()[:12]
    return user_folder() / "features" / f"{raster.name}.{where}.{model}{SUFFIX}"


def user_folder() -> Path:
    """The engine's own, as platformdirs has it, which QGIS does not ship."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
        return Path(local) / "encoder-tool" / "encoder-tool" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "encoder-tool"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "encoder-tool"
