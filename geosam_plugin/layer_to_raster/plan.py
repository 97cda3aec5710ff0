"""Which pixels a layer's raster has, and which of the layer's own it is made from. What cannot be
is refused here, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsMapLayer,
    QgsPointXY,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.group_layer import drawn_layers
from geosam_plugin.layer_to_raster.extent import box_in, cut_to_web_maps, require_one_side
from geosam_plugin.layer_to_raster.host_rules import most_tiles
from geosam_plugin.layer_to_raster.native_pixels import (
    WEB_MERCATOR,
    Zooms,
    own_lattice,
    tiled_lattice,
    web_lattice,
    zooms_of,
)
from geosam_plugin.layer_to_raster.pixel_grid import Lattice, PixelGrid
from geosam_plugin.layer_to_raster.refusal import (
    EXTENT,
    LAYER,
    RESOLUTION,
    SIZE,
    ZOOM,
    RefusedError,
)
from geosam_plugin.layer_to_raster.title import title_of

translate = QCoreApplication.translate

ASK_ABOVE = 65_536_000
"""Pixels: a thousand tiles of a web map, or a square of 8,000. More are made only for somebody who
agreed, as by the engine's `tiles`."""

MOST_PIXELS = 250 * ASK_ABOVE
"""A square of 128,000; beyond, providers hand out files."""

MARGIN_PX = 4
"""What warping looks at around what it needs."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    extent: None for all of the layer
    west_east: of the extent as it was written, when it was
    crs: of the raster; an invalid one for the layer's own
    resolution: side of a pixel in units of that CRS; None for the layer's own
    zoom: of an XYZ layer, in place of a resolution
    at_a_zoom: an XYZ layer's pixels stay as they are, at the zoom nearest to the resolution
    """

    layer: QgsMapLayer
    extent: QgsReferencedRectangle | None
    transforms: QgsCoordinateTransformContext
    crs: QgsCoordinateReferenceSystem = field(default_factory=QgsCoordinateReferenceSystem)
    resolution: float | None = None
    zoom: int | None = None
    west_east: tuple[float, float] | None = None
    at_a_zoom: bool = False

    @property
    def target(self) -> QgsCoordinateReferenceSystem:
        return self.crs if self.crs.isValid() else self.layer.crs()


@dataclass(frozen=True)
class RasterPlan:
    """drawn: the pixels that the layer is asked for; made: those of the raster, the same unless it
        has to be warped
    zoom: of an XYZ layer
    remarks: sentences for whoever asked
    """

    drawn: PixelGrid
    made: PixelGrid
    zoom: int | None = None
    remarks: tuple[str, ...] = ()

    @property
    def is_warped(self) -> bool:
        return self.made != self.drawn


def plan_raster(wanted: Wanted) -> RasterPlan:
    """Raises RefusedError. On the layer's own thread."""
    extent, remarks = _extent(wanted)
    if isinstance(wanted.layer, QgsRasterLayer):
        zoom, (drawn, made) = _of_raster_layer(wanted, wanted.layer, extent)
    else:
        zoom, drawn = None, _of_other_layer(wanted, extent)
        made = drawn
    if max(drawn.count, made.count) > MOST_PIXELS:
        raise RefusedError(
            SIZE,
            translate(
                "GeoSAM",
                "That would be {columns} x {rows} pixels, more than can be made. Take a smaller "
                "extent or a coarser resolution.",
            ).format(columns=made.columns, rows=made.rows),
        )
    for layer in drawn_layers(wanted.layer):
        _require_terms(layer, drawn)
    return RasterPlan(drawn, made, zoom, tuple(remarks))


def require_consent(plan: RasterPlan, agreed: bool) -> None:
    """Raises RefusedError for many pixels that nobody agreed to."""
    if not agreed and max(plan.drawn.count, plan.made.count) > ASK_ABOVE:
        raise RefusedError(
            SIZE,
            translate(
                "GeoSAM",
                "That would be {columns} x {rows} pixels, more than {limit:.0f} million. Agree to "
                "a large raster if the provider's terms allow that, or take a smaller extent or a "
                "coarser resolution.",
            ).format(columns=plan.made.columns, rows=plan.made.rows, limit=ASK_ABOVE / 1e6),
        )


def _require_terms(layer: QgsMapLayer, drawn: PixelGrid) -> None:
    """Raises RefusedError for more tiles than their server hands out at once, whoever agrees."""
    zooms = zooms_of(layer)
    rule = most_tiles(zooms.url) if zooms is not None else None
    if rule is None:
        return
    host, most = rule
    count = sum(1 for _ in drawn.blocks(zooms.tile_px))
    if count > most:
        raise RefusedError(
            EXTENT,
            translate(
                "GeoSAM",
                "That would be {count} tiles; the terms of {host} forbid bulk downloads, and "
                "{most} at once is what GeoSAM takes from it. Take a smaller extent, a lower zoom "
                "or another source.",
            ).format(count=count, host=host, most=most),
        )


# --- the extent


def _extent(wanted: Wanted) -> tuple[QgsReferencedRectangle, list[str]]:
    layer, extent = wanted.layer, wanted.extent
    if extent is None:
        return _whole_layer(layer), []
    if extent.isEmpty():
        raise RefusedError(EXTENT, translate("GeoSAM", "It is empty."))
    if not extent.crs().isValid():
        extent = QgsReferencedRectangle(extent, wanted.target)
    require_one_side(extent, wanted.west_east)
    if WEB_MERCATOR not in (layer.crs().authid(), wanted.target.authid()):
        return extent, []
    cut = cut_to_web_maps(extent)
    if cut == extent:
        return extent, []
    return cut, [translate("GeoSAM", "Web maps end at 85.05 degrees: the extent is cut off there.")]


def _whole_layer(layer: QgsMapLayer) -> QgsReferencedRectangle:
    is_bounded = isinstance(layer, QgsVectorLayer) or (
        isinstance(layer, QgsRasterLayer) and own_lattice(layer) is not None
    )
    if not is_bounded:
        raise RefusedError(
            EXTENT,
            translate("GeoSAM", "“{}” has no end of its own: say which part is wanted.").format(
                title_of(layer)
            ),
        )
    if layer.extent().isEmpty():
        raise RefusedError(LAYER, translate("GeoSAM", "“{}” is empty.").format(title_of(layer)))
    return QgsReferencedRectangle(layer.extent(), layer.crs())


# --- raster layers: drawn in their own CRS, and warped into another one

_Grids = tuple[PixelGrid, PixelGrid]
"""What is drawn, and what is made of it."""


def _of_raster_layer(
    wanted: Wanted, layer: QgsRasterLayer, extent: QgsReferencedRectangle
) -> tuple[int | None, _Grids]:
    zooms = zooms_of(layer)
    if zooms is not None:
        zoom = _chosen_zoom(wanted, zooms, extent)
        native = web_lattice(layer, zooms.pixel_size(zoom))
        resolution = None if wanted.at_a_zoom else wanted.resolution
        return zoom, _grids(wanted, extent, native, resolution)
    _refuse_zoom(wanted)
    own = own_lattice(layer)
    if own is None:
        resolution = _required_resolution(wanted)
        size = _converted(resolution, wanted.target, layer.crs(), extent, wanted)
        native = tiled_lattice(layer, size) or Lattice.of_multiples(layer.crs(), size)
        return None, _grids(wanted, extent, native, resolution)
    if wanted.resolution is None or own.has_size(wanted.resolution):
        return None, _grids(wanted, extent, own, None)
    resolution = _required_resolution(wanted)
    size = _converted(resolution, wanted.target, layer.crs(), extent, wanted)
    is_same = layer.crs() == wanted.target
    # QGIS averages what it draws coarser; the rest of the way there, warping does.
    native = Lattice.of_multiples(layer.crs(), size) if is_same or size > 2 * own.width else own
    return None, _grids(wanted, extent, native, resolution)


def _chosen_zoom(wanted: Wanted, zooms: Zooms, extent: QgsReferencedRectangle) -> int:
    zoom, name = wanted.zoom, title_of(wanted.layer)
    if zoom is not None and wanted.resolution is not None:
        raise RefusedError(ZOOM, translate("GeoSAM", "Give a zoom or a resolution, not both."))
    if zoom is None and wanted.resolution is None:
        raise RefusedError(
            ZOOM,
            translate("GeoSAM", "Give a zoom from {first} to {last}, or a resolution.").format(
                first=zooms.first, last=zooms.last
            ),
        )
    if zoom is None:
        size = _converted(
            _required_resolution(wanted), wanted.target, wanted.layer.crs(), extent, wanted
        )
        return zooms.nearest(size) if wanted.at_a_zoom else zooms.for_size(size)
    if not zooms.first <= zoom <= zooms.last:
        raise RefusedError(
            ZOOM,
            translate("GeoSAM", "“{layer}” has the zooms {first} to {last}, not {zoom}.").format(
                layer=name, first=zooms.first, last=zooms.last, zoom=zoom
            ),
        )
    return zoom


def _grids(
    wanted: Wanted,
    extent: QgsReferencedRectangle,
    native: Lattice,
    resolution: float | None,
) -> _Grids:
    """native: pixels that the layer can be asked for; resolution: of the raster, None for theirs"""
    layer, target = wanted.layer, wanted.target
    if native.crs == target and (resolution is None or native.has_size(resolution)):
        grid = native.cover(_within(layer, box_in(extent, native.crs, wanted.transforms)))
        return grid, grid
    size = resolution or _converted(
        sqrt(native.width * native.height), native.crs, target, extent, wanted
    )
    made = Lattice.of_multiples(target, size).cover(box_in(extent, target, wanted.transforms))
    needed = box_in(QgsReferencedRectangle(made.extent, target), native.crs, wanted.transforms)
    needed.grow(MARGIN_PX * max(native.width, native.height))
    return native.cover(_within(layer, needed)), made


def _within(layer: QgsMapLayer, box: QgsRectangle) -> QgsRectangle:
    """What of a box in the layer's CRS the layer has; raises RefusedError for nothing."""
    found = box.intersect(layer.extent())
    if found.isEmpty():
        raise RefusedError(EXTENT, translate("GeoSAM", "It does not meet the layer."))
    return found


# --- other layers: drawn as maps, in any CRS


def _of_other_layer(wanted: Wanted, extent: QgsReferencedRectangle) -> PixelGrid:
    _refuse_zoom(wanted)
    resolution = _required_resolution(wanted)
    _within(wanted.layer, box_in(extent, wanted.layer.crs(), wanted.transforms))
    box = box_in(extent, wanted.target, wanted.transforms)
    return Lattice.of_multiples(wanted.target, resolution).cover(box)


# --- sizes of pixels


def _required_resolution(wanted: Wanted) -> float:
    if wanted.resolution is None:
        raise RefusedError(
            RESOLUTION,
            translate("GeoSAM", "“{}” has no pixels of its own: say how large they are.").format(
                title_of(wanted.layer)
            ),
        )
    if not wanted.resolution > 0:
        raise RefusedError(RESOLUTION, translate("GeoSAM", "It must be above 0."))
    return wanted.resolution


def _refuse_zoom(wanted: Wanted) -> None:
    if wanted.zoom is not None:
        raise RefusedError(
            ZOOM,
            translate("GeoSAM", "Only XYZ layers have zooms: give a resolution instead."),
        )


def _converted(
    size: float,
    source: QgsCoordinateReferenceSystem,
    target: QgsCoordinateReferenceSystem,
    extent: QgsReferencedRectangle,
    wanted: Wanted,
) -> float:
    """The side of a pixel in the middle of an extent, in the units of another CRS."""
    if source == target or not source.isValid() or not target.isValid():
        return size
    middle = box_in(extent, source, wanted.transforms).center()
    transform = QgsCoordinateTransform(source, target, wanted.transforms)
    half = size / 2
    try:
        left, right, low, high = (
            transform.transform(QgsPointXY(middle.x() + dx, middle.y() + dy))
            for dx, dy in ((-half, 0), (half, 0), (0, -half), (0, half))
        )
    except QgsCsException as error:
        raise RefusedError(RESOLUTION, translate("GeoSAM", "It is too large.")) from error
    return sqrt(left.distance(right) * low.distance(high))
