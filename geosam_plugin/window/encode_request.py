"""What the engine is asked when a layer is encoded without a dialog."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import QgsRasterLayer

from geosam_plugin.processing.appearance import appearance_of


def new_cache(layer: QgsRasterLayer, raster: Path, cache: Path, model: str) -> dict[str, Any]:
    """Parameters of the worker's `encode`, with which a layer is encoded as it is displayed."""
    appearance = appearance_of(layer)
    return {
        "raster": str(raster),
        "out": str(cache),
        "model": model,
        "bands": list(appearance.bands) or None,
        "stretch": appearance.stretch(appearance.bands),
    }


def more_of(described: Mapping[str, Any], layer: QgsRasterLayer, raster: Path) -> dict[str, Any]:
    """Parameters of the worker's `encode`, with which a cache takes more of its raster.

    described: what the engine has told of the cache
    """
    same = as_encoded(described, layer)
    return {"raster": str(raster), "model": described["model"], **same}


def as_encoded(described: Mapping[str, Any], layer: QgsRasterLayer) -> dict[str, Any]:
    """Those of the parameters that a cache holds its raster to: with others it refuses."""
    manifest = described["manifest"]
    parameters = {
        "out": described["path"],
        "overlap": manifest["grid"]["patch"] - manifest["grid"]["stride"],
        "dtype": manifest["dtype"],
    }
    if not layer.dataProvider().colorTable(1):  # a palette's colours are no bands of its file
        parameters["bands"] = manifest["bands"]
    size, native = described["pixel_size"][0], layer.rasterUnitsPerPixelX()
    if not math.isclose(size, native, rel_tol=1e-6):
        parameters["resolution"] = size
    return parameters
