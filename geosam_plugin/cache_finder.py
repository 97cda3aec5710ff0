"""Which feature cache belongs to a raster layer."""

from __future__ import annotations

import glob
import hashlib
from pathlib import Path

from qgis.core import QgsRasterLayer, QgsSettings

from geosam_plugin.cache_paths import SUFFIX, default_cache_path, is_cache
from geosam_plugin.models import MODELS
from geosam_plugin.raster_file import raster_file

_CHOSEN = "geosam/caches"


def find_cache(layer: QgsRasterLayer) -> Path | None:
    """The one that was chosen or made last for this raster, else the newest where the engine
    puts them; None when there is none."""
    raster = raster_file(layer)
    if raster is None:
        return None
    chosen = QgsSettings().value(_key(raster), "", type=str)
    if chosen and is_cache(Path(chosen)):
        return Path(chosen)
    found = {default_cache_path(raster, model) for model in MODELS}
    # Caches of a user's own checkpoints, too.
    found.update(raster.parent.glob(f"{glob.escape(raster.name)}.*{SUFFIX}"))
    caches = [cache for cache in found if is_cache(cache)]
    return max(caches, key=lambda cache: cache.stat().st_mtime, default=None)


def remember_cache(layer: QgsRasterLayer, cache: Path) -> None:
    """The user wants this one, wherever it lies."""
    raster = raster_file(layer)
    if raster is not None:
        QgsSettings().setValue(_key(raster), str(cache))


def _key(raster: Path) -> str:
    # A path has slashes, which would be groups.
    return f"{_CHOSEN}/{hashlib.sha256(str(raster.absolute()).encode()).hexdigest()[:16]}"
