"""The layers of a review as its map draws them: an image that lies under filled polygons cannot be
judged."""

from __future__ import annotations

from qgis.core import (
    QgsFeatureRenderer,
    QgsFillSymbol,
    QgsMapLayerStyle,
    QgsNullSymbolRenderer,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtGui import QColor

WIDTH_MM = 0.4
"""A third of the outlines of the candidate at hand."""


class BareLayers:
    """What a canvas draws in place of the layers' own styles, which stay as they are."""

    def __init__(self, canvas: QgsMapCanvas, colour: QColor) -> None:
        """colour: of the outlines"""
        self._canvas = canvas
        self._colour = colour
        self._before: dict[str, str | None] = {}

    def begin(self, target: QgsVectorLayer, refined: QgsVectorLayer) -> None:
        """Of the target just outlines; of the refined layer nothing: the one at hand is shown."""
        styles = {target.id(): _outlines(self._colour), refined.id(): _nothing()}
        overrides = self._canvas.layerStyleOverrides()
        self._before = {layer_id: overrides.get(layer_id) for layer_id in styles}
        self._canvas.setLayerStyleOverrides({**overrides, **styles})
        self._canvas.refresh()

    def end(self) -> None:
        """Draw them as before."""
        if not self._before:
            return
        overrides = {
            layer_id: style
            for layer_id, style in self._canvas.layerStyleOverrides().items()
            if layer_id not in self._before
        }
        before = {layer_id: style for layer_id, style in self._before.items() if style is not None}
        self._before = {}
        self._canvas.setLayerStyleOverrides({**overrides, **before})
        self._canvas.refresh()


def _outlines(colour: QColor) -> str:
    symbol = QgsFillSymbol.createSimple(
        {"style": "no", "outline_color": colour.name(), "outline_width": str(WIDTH_MM)}
    )
    return _style(QgsSingleSymbolRenderer(symbol))


def _nothing() -> str:
    return _style(QgsNullSymbolRenderer())


def _style(renderer: QgsFeatureRenderer) -> str:
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326", "", "memory")
    layer.setRenderer(renderer)
    style = QgsMapLayerStyle()
    style.readFromLayer(layer)
    return str(style.xmlData())
