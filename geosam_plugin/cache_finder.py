"""Which feature cache belongs to a raster layer."""

from __future__ import annotations

import glob
import hashlib
import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from qgis.core import QgsRasterLayer, QgsSettings
from qgis.PyQt.QtCore import QObject, pyqtSignal

from geosam_plugin.cache_paths import SUFFIX, default_cache_path, is_cache
from geosam_plugin.errands import Errands
from geosam_plugin.models import MODELS
from geosam_plugin.raster_file import raster_path

_CHOSEN = "geosam/caches"

PATIENCE_S = 0.02
"""About a frame. A disk of this computer answers in less, and then the dock need not show first
that it is looking."""


class CacheSearch(QObject):
    """Looks for layers' caches away from the GUI thread: folders on a network drive may take
    seconds, or for ever when the drive is gone.

    found: the layer's id, and the path of its cache or None. Comes once for every `look_for`,
        unless another layer was asked for since
    """

    found = pyqtSignal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands = Errands("geosam-cache-search", self)

    @property
    def is_looking(self) -> bool:
        return self._errands.is_busy

    def look_for(self, layer: QgsRasterLayer | None, raster: Path | None = None) -> None:
        """Find a layer's cache: that which was chosen or made last, else the newest where the
        engine puts them. `found` may come before this returns. None: nothing is wanted any
        more.

        raster: what the engine reads in the layer's stead, where it is no file itself
        """
        self.stop()
        if layer is None:
            return
        raster = raster or raster_path(layer)
        if raster is None:
            self.found.emit(layer.id(), None)
            return
        self._errands.send(
            partial(_search, raster, _chosen_cache(raster)),
            partial(self.found.emit, layer.id()),
            patience_s=PATIENCE_S,
        )

    def stop(self) -> None:
        """What is being looked for is not wanted any more."""
        self._errands.drop()


def cache_of(raster: Path) -> Path | None:
    """That which was chosen or made last, else the newest. Waits for the disk."""
    return _search(raster, _chosen_cache(raster))


def newest_cache(raster: Path, chosen: Path | None = None) -> Path | None:
    """The chosen one while it is there, else the newest of a raster's. Waits for the disk."""
    if chosen is not None and is_cache(chosen):
        return chosen
    if not raster.is_file():
        return None
    places = {default_cache_path(raster, model) for model in MODELS}
    # Caches of a user's own checkpoints, too.
    places.update(raster.parent.glob(f"{glob.escape(raster.name)}.*{SUFFIX}"))
    caches = [place for place in places if is_cache(place)]
    return max(caches, key=os.path.getmtime, default=None)


def remember_cache(layer: QgsRasterLayer, cache: Path) -> None:
    """The user wants this one, wherever it lies."""
    raster = raster_path(layer)
    if raster is not None:
        QgsSettings().setValue(_key(raster), str(cache))


def _search(raster: Path, chosen: Path | None) -> Path | None:
    with suppress(OSError):  # a folder that may not be read, or that went meanwhile
        return newest_cache(raster, chosen)
    return None


def _chosen_cache(raster: Path) -> Path | None:
    chosen = QgsSettings().value(_key(raster), "", type=str)
    return Path(chosen) if chosen else None


def _key(raster: Path) -> str:
    # A path has slashes, which would be groups.
    return f"{_CHOSEN}/{hashlib.sha256(os.fsencode(raster.absolute())).hexdigest()[:16]}"
