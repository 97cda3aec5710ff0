"""Is the raster still the one that a cache was made from?"""

from __future__ import annotations

from pathlib import Path

from encoder_tool.cache.manifest import Manifest
from encoder_tool.errors import EngineError
from encoder_tool.raster import open_raster


def raster_state(manifest: Manifest, raster: Path) -> str:
    """What became of the pixels: "unchanged", "changed", "unreadable" or "absent"."""
    if not raster.exists():
        return "absent"
    try:
        with open_raster(raster, bands=manifest.bands) as reader:
            return "unchanged" if reader.matches(manifest.raster) else "changed"
    except EngineError:
        return "unreadable"
