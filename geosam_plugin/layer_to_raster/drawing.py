"""A layer drawn block by block, on another thread than the one where the project's layers live."""

from __future__ import annotations

from typing import Protocol

from qgis.core import (
    Qgis,
    QgsCoordinateTransformContext,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapLayer,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsRasterBlockFeedback,
    QgsRasterDataProvider,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QRect, QSize, Qt, QThread
from qgis.PyQt.QtGui import QColor, QImage, QPainter

from geosam_plugin.group_layer import drawn_layers
from geosam_plugin.layer_to_raster.native_pixels import own_lattice, pin_zoom
from geosam_plugin.layer_to_raster.pixel_grid import PixelGrid
from geosam_plugin.layer_to_raster.plan import RasterPlan
from geosam_plugin.layer_to_raster.refusal import LAYER, RefusedError
from geosam_plugin.layer_to_raster.title import title_of

SYMBOL_MARGIN_PX = 64
"""So far a symbol of the next block may reach over."""

DPI = 96

MOST_OVERSAMPLING = 99.0
"""What QGIS's own dialog takes at most."""


INSET_PX = 1e-4
"""By so much what is asked of an XYZ layer is smaller: at the very edge of a tile QGIS fetches the
next one, too. What comes is the same to the pixel."""


class Drawing(Protocol):
    """Copies of layers, made on the main thread; everything else happens on the reader's."""

    layers: list[QgsMapLayer]

    def picture(self, block: PixelGrid, feedback: QgsRasterBlockFeedback) -> QImage:
        """RGBA of 8 bits, not premultiplied; transparent where the layer has nothing."""
        ...


def drawing_of(
    layer: QgsMapLayer, plan: RasterPlan, transforms: QgsCoordinateTransformContext
) -> RasterDrawing | MapDrawing:
    """On the layer's own thread."""
    if isinstance(layer, QgsRasterLayer):
        return RasterDrawing(layer, plan)
    return MapDrawing(layer, plan, transforms)


def require_shown(
    layer: QgsMapLayer, plan: RasterPlan, transforms: QgsCoordinateTransformContext
) -> None:
    """Raises RefusedError for a layer that hides at the scale of its pixels."""
    if isinstance(layer, QgsRasterLayer) or not layer.hasScaleBasedVisibility():
        return
    settings = _map_settings(plan, transforms)
    settings.setExtent(plan.made.extent)
    settings.setOutputSize(QSize(plan.made.columns, plan.made.rows))
    if not layer.isInScaleRange(settings.scale()):
        raise RefusedError(
            LAYER,
            QCoreApplication.translate(
                "GeoSAM",
                "“{layer}” is hidden at the scale of that resolution, 1:{scale:.0f}. Change its "
                "visibility, or take another resolution.",
            ).format(layer=title_of(layer), scale=settings.scale()),
        )


def take_here(drawing: Drawing) -> None:
    """The copies belong to this thread from now on."""
    for layer in drawing.layers:
        layer.moveToThread(QThread.currentThread())


class RasterDrawing:
    """By the provider and the style of a raster layer; what it has in the plan's own pixels comes
    out as it is."""

    def __init__(self, layer: QgsRasterLayer, plan: RasterPlan) -> None:
        copy = layer.clone()
        if plan.zoom is not None:
            pin_zoom(copy, plan.zoom)
        copy.setOpacity(1.0)
        lattice = own_lattice(copy)
        if lattice is not None and lattice != plan.drawn.lattice:
            _resample_well(copy)
        self._inset = INSET_PX * plan.drawn.lattice.width if plan.zoom is not None else 0.0
        self.layers: list[QgsMapLayer] = [copy]
        copy.moveToThread(None)

    def picture(self, block: PixelGrid, feedback: QgsRasterBlockFeedback) -> QImage:
        extent = block.extent
        extent.grow(-self._inset)
        last = self.layers[0].pipe().last()
        drawn = last.block(1, extent, block.columns, block.rows, feedback)
        return drawn.image().convertToFormat(QImage.Format.Format_RGBA8888)


class MapDrawing:
    """By QGIS's renderer, as a map of that scale has it; without labels, which would be cut where
    blocks meet. The layers of a group one over another."""

    def __init__(
        self, layer: QgsMapLayer, plan: RasterPlan, transforms: QgsCoordinateTransformContext
    ) -> None:
        self._settings = _map_settings(plan, transforms)
        scopes = QgsExpressionContextUtils.globalProjectLayerScopes(layer)
        self._settings.setExpressionContext(QgsExpressionContext(scopes))
        self.layers = [drawn.clone() for drawn in drawn_layers(layer)]
        for copy in self.layers:
            copy.moveToThread(None)

    def picture(self, block: PixelGrid, feedback: QgsRasterBlockFeedback) -> QImage:
        margin = SYMBOL_MARGIN_PX
        wide = block.grown(margin)
        self._settings.setLayers(self.layers)
        self._settings.setExtent(wide.extent)
        self._settings.setOutputSize(QSize(wide.columns, wide.rows))
        image = QImage(wide.columns, wide.rows, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        job = QgsMapRendererCustomPainterJob(self._settings, painter)
        stopping = feedback.canceled.connect(
            job.cancelWithoutBlocking, Qt.ConnectionType.DirectConnection
        )
        try:
            job.renderSynchronously()
        finally:
            feedback.canceled.disconnect(stopping)
            painter.end()
        for error in job.errors():
            feedback.appendError(error.message)
        inner = QRect(margin, margin, block.columns, block.rows)
        return image.copy(inner).convertToFormat(QImage.Format.Format_RGBA8888)


def _resample_well(layer: QgsRasterLayer) -> None:
    """Coarser than it is: averaged; finer: by a smooth curve. Where the provider can."""
    layer.setResamplingStage(Qgis.RasterResamplingStage.Provider)
    provider = layer.dataProvider()
    methods = QgsRasterDataProvider.ResamplingMethod
    if provider.enableProviderResampling(True):
        provider.setZoomedInResamplingMethod(methods.Cubic)
        provider.setZoomedOutResamplingMethod(methods.Average)
        provider.setMaxOversampling(MOST_OVERSAMPLING)


def _map_settings(plan: RasterPlan, transforms: QgsCoordinateTransformContext) -> QgsMapSettings:
    settings = QgsMapSettings()
    settings.setDestinationCrs(plan.made.lattice.crs)
    settings.setTransformContext(transforms)
    settings.setBackgroundColor(QColor(Qt.GlobalColor.transparent))
    settings.setOutputDpi(DPI)
    flags = Qgis.MapSettingsFlag
    settings.setFlag(flags.RenderMapTile, True)
    settings.setFlag(flags.Antialiasing, True)
    settings.setFlag(flags.DrawLabeling, False)
    settings.setFlag(flags.UseRenderingOptimization, False)
    return settings
