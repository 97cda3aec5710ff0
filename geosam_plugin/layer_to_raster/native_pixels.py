"""The pixels that a raster layer has by itself: read at these, none is moved or mixed with
another."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import (
    QgsDataSourceUri,
    QgsMapLayer,
    QgsRasterDataProvider,
    QgsRasterInterface,
    QgsRasterLayer,
)

from geosam_plugin.basemap.tile_grid import HALF_WORLD_M, pixel_size
from geosam_plugin.layer_to_raster.pixel_grid import SLACK, Lattice

WEB_MERCATOR = "EPSG:3857"

_STANDARD_PX, _LARGE_PX = 256, 512

_DEEPEST = 18
"""What QGIS takes for the deepest zoom of an XYZ layer that does not say."""


@dataclass(frozen=True)
class Zooms:
    """Those of an XYZ layer.

    tile_px: side of a tile; url: template of their addresses
    """

    first: int
    last: int
    tile_px: int
    url: str

    def pixel_size(self, zoom: int) -> float:
        """In units of EPSG:3857."""
        return pixel_size(zoom, self.tile_px)

    def for_size(self, size: float) -> int:
        """The coarsest one whose pixels are no larger; the last one where all are."""
        zooms = range(self.first, self.last + 1)
        return next((z for z in zooms if self.pixel_size(z) <= size * (1 + SLACK)), self.last)

    def nearest(self, size: float) -> int:
        """The one whose pixels are most like a size."""
        zooms = range(self.first, self.last + 1)
        return min(zooms, key=lambda z: max(self.pixel_size(z) / size, size / self.pixel_size(z)))


def zooms_of(layer: QgsMapLayer) -> Zooms | None:
    """None for what is no XYZ layer."""
    uri = _xyz_uri(layer)
    if uri is None:
        return None
    first, last = (int(text) if (text := uri.param(name)).isdigit() else default
                   for name, default in (("zmin", 0), ("zmax", _DEEPEST)))  # fmt: skip
    tile_px = _LARGE_PX if uri.param("tilePixelRatio") == "2" else _STANDARD_PX
    return Zooms(first, last, tile_px, uri.param("url"))


def pin_zoom(layer: QgsRasterLayer, zoom: int) -> None:
    """Have an XYZ layer take its tiles from this zoom alone; its style stays."""
    uri = _xyz_uri(layer)
    assert uri is not None
    for name in ("zmin", "zmax"):
        uri.removeParam(name)
        uri.setParam(name, str(zoom))
    source = bytes(uri.encodedUri()).decode()
    options = QgsRasterDataProvider.ProviderOptions()
    layer.setDataSource(source, layer.name(), layer.providerType(), options, False)


def web_lattice(layer: QgsRasterLayer, size: float) -> Lattice:
    """Square pixels of the square world of EPSG:3857, from its north-western corner."""
    return Lattice(layer.crs(), -HALF_WORLD_M, HALF_WORLD_M, size, size)


def own_lattice(layer: QgsRasterLayer) -> Lattice | None:
    """That of a layer with a number of rows and columns: files, coverages, tables, virtual ones."""
    provider = layer.dataProvider()
    has_size = bool(provider.capabilities() & QgsRasterInterface.Capability.Size)
    if not has_size or not provider.xSize() or not provider.ySize():
        return None
    extent = provider.extent()
    return Lattice(
        layer.crs(),
        extent.xMinimum(),
        extent.yMaximum(),
        extent.width() / provider.xSize(),
        extent.height() / provider.ySize(),
    )


def tiled_lattice(layer: QgsRasterLayer, size: float) -> Lattice | None:
    """The coarsest of the resolutions that a server has tiles of, and that is no coarser than a
    size; None where it has none, or where its tiles are not those of web maps."""
    if layer.crs().authid() != WEB_MERCATOR:
        return None
    sizes = layer.dataProvider().nativeResolutions()
    fine = [own for own in sizes if own <= size * (1 + SLACK)] or sorted(sizes)[:1]
    return web_lattice(layer, max(fine)) if fine else None


def _xyz_uri(layer: QgsMapLayer) -> QgsDataSourceUri | None:
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "wms":
        return None
    uri = QgsDataSourceUri()
    uri.setEncodedUri(layer.source())
    return uri if uri.param("type") == "xyz" else None
