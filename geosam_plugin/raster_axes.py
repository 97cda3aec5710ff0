"""How an image lies in QGIS and how in the engine: all that crosses their door passes here."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import QgsGeometry, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QTransform

from geosam_plugin.geometry import from_base64
from geosam_plugin.raster_file import raster_path

IDENTITY = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]


@dataclass(frozen=True)
class RasterAxes:
    """From a raster layer's coordinates to the engine's, and back by the same way.

    Without a georeference both count pixels from the upper left corner, but y grows downwards in
    the engine, and in QGIS upwards, from minus the height to 0. Else there is no difference, with
    or without a CRS.
    """

    is_flipped: bool = False

    @classmethod
    def of_layer(cls, layer: QgsRasterLayer) -> RasterAxes:
        """Opens the file of a layer that looks as if it had no georeference."""
        pixels = QgsRectangle(0, -layer.height(), layer.width(), 0)
        path = raster_path(layer)
        return cls(path is not None and layer.extent() == pixels and not _has_transform(str(path)))

    @classmethod
    def of_cache(cls, described: Mapping[str, Any]) -> RasterAxes:
        """described: what the engine's `open` tells of it"""
        return cls(described["manifest"]["raster"]["transform"] == IDENTITY)

    def params(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The worker's parameters, with the places that are among them in the engine's way."""
        turned = dict(params)
        for name in ("include", "exclude", "box_outline"):
            if turned.get(name):
                turned[name] = [self._point(point) for point in turned[name]]
        if turned.get("shape"):
            turned["shape"] = [[self._point(point) for point in ring] for ring in turned["shape"]]
        for name in ("box", "extent"):
            if turned.get(name):
                turned[name] = self.edges(turned[name])
        return turned

    def rectangle(self, edges: list[float]) -> QgsRectangle:
        return QgsRectangle(*self.edges(edges))

    def edges(self, edges: list[float]) -> list[float]:
        """xmin, ymin, xmax, ymax"""
        xmin, ymin, xmax, ymax = edges
        return [xmin, -ymax, xmax, -ymin] if self.is_flipped else [xmin, ymin, xmax, ymax]

    def geometry(self, wkb: str) -> QgsGeometry:
        """A geometry of the engine's (well-known binary in base64) in the layer's coordinates."""
        geometry = from_base64(wkb)
        if self.is_flipped:
            geometry.transform(QTransform(1, 0, 0, -1, 0, 0))
        return geometry

    def _point(self, point: list[float]) -> list[float]:
        x, y = point
        return [x, -y] if self.is_flipped else [x, y]


def is_placed_by_points(layer: QgsRasterLayer) -> bool:
    """Whether control points or RPCs are all that places an image: QGIS warps it to the map
    itself, and the engine, which does not, would know it by its pixels. Opens the file."""
    path = raster_path(layer)
    return path is not None and is_file_placed_by_points(path)


def is_file_placed_by_points(path: Path) -> bool:
    """The same on another thread, for a disk that may be slow."""
    dataset = opened_quietly(str(path))
    return (
        dataset is not None
        and dataset.GetGeoTransform(can_return_null=True) is None
        and bool(dataset.GetGCPCount() or dataset.GetMetadata("RPC"))
    )


def say_placed_by_points(layer: QgsRasterLayer) -> str:
    return QCoreApplication.translate(
        "GeoSAM",
        "“{}” is placed by control points only. Warp it first (gdal:warpreproject in the toolbox), "
        "and encode the result.",
    ).format(layer.name())


def _has_transform(path: str) -> bool:
    """A world file may say the very same extent that QGIS gives an image without any."""
    dataset = opened_quietly(path)
    return dataset is not None and dataset.GetGeoTransform(can_return_null=True) is not None


def opened_quietly(path: str) -> gdal.Dataset | None:
    """A raster file; None for what GDAL cannot open."""
    with warnings.catch_warnings():
        # GDAL wants a choice of all programs whether it raises; it is not the plugin's to make.
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return gdal.Open(path)
        except RuntimeError:
            return None
