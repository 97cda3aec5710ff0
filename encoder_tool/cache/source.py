"""Is the raster still the one that a cache was made from?"""

from __future__ import annotations

from pathlib import Path

from encoder_tool.cache.manifest import Manifest
from encoder_tool.errors import EngineError, MissingRasterError
from encoder_tool.raster import open_raster


def raster_state(manifest: Manifest, raster: str | Path) -> str:
    """What became of the pixels: "unchanged", "changed", "unreadable" or "absent".

    raster: a path, or any name that GDAL opens
    """
    try:
        with open_raster(raster, bands=manifest.bands) as reader:
            return "unchanged" if reader.matches(manifest.raster) else "changed"
    except MissingRasterError:
        return "absent"
    except EngineError:
        return "unreadable"
