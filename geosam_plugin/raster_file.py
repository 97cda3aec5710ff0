"""The file behind a raster layer."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProviderRegistry, QgsRasterLayer
from qgis.PyQt.QtCore import QCoreApplication

translate = QCoreApplication.translate


def raster_path(layer: QgsRasterLayer | None) -> Path | None:
    """Where the file of a layer lies, without a look at the disk; None for what is not one file
    of its own: web services, databases, parts of archives and of containers."""
    if layer is None or layer.providerType() != "gdal":
        return None
    parts = QgsProviderRegistry.instance().decodeUri("gdal", layer.source())
    path = parts.get("path") or ""
    # QGIS takes only GDAL's archives apart; what else is behind /vsi is no file, either.
    if not path or path.startswith("/vsi") or parts.get("vsiPrefix") or parts.get("layerName"):
        return None
    return Path(path)


def raster_file(layer: QgsRasterLayer | None) -> Path | None:
    """The file that the engine reads in a layer's stead; None where there is none. Waits for
    the disk, which may be at the other end of a network."""
    path = raster_path(layer)
    return path if path is not None and path.is_file() else None


def say_not_a_file(layer: QgsRasterLayer | None) -> str:
    name = "" if layer is None else layer.name()
    return translate(
        "GeoSAM",
        "“{}” is not a raster file. Layers from web services, databases, archives and containers "
        "have to be exported to a file first (Export → Save As…).",
    ).format(name)
