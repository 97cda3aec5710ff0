"""Target layers: a new one in memory with a style that grows with its classes, or any polygon
layer."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsMapLayer,
    QgsRendererCategory,
    QgsVectorDataProvider,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.result_fields import CLASS, result_fields

translate = QCoreApplication.translate

OWN_LAYER = "geosam/own"
"""Custom property of layers that the plugin made: their style grows with their classes."""

# Okabe and Ito's colours, which colour-blind people tell apart, but for black.
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")


def new_layer(crs: QgsCoordinateReferenceSystem, name: str) -> QgsVectorLayer:
    """An empty memory layer with the fields and the style of segmented objects; not yet part of
    a project."""
    layer = QgsVectorLayer("MultiPolygon", name, "memory")
    layer.dataProvider().addAttributes(list(result_fields()))
    layer.updateFields()
    layer.setCrs(crs)
    layer.setCustomProperty(OWN_LAYER, True)
    layer.setRenderer(QgsCategorizedSymbolRenderer(CLASS, [_unnamed()]))
    return layer


def is_in_memory(layer: QgsMapLayer | None) -> bool:
    """QGIS does not keep it."""
    return isinstance(layer, QgsVectorLayer) and layer.providerType() == "memory"


def is_target(layer: QgsMapLayer | None) -> bool:
    """A polygon layer that can be edited."""
    return (
        isinstance(layer, QgsVectorLayer)
        and layer.isValid()
        and layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry
        and not layer.readOnly()
        and bool(layer.dataProvider().capabilities() & QgsVectorDataProvider.Capability.AddFeatures)
    )


def show_class(layer: QgsVectorLayer, name: str | None) -> None:
    """A colour of its own for each class, in the legend, too."""
    renderer = layer.renderer()
    if not name or not isinstance(renderer, QgsCategorizedSymbolRenderer):
        return
    if renderer.classAttribute() != CLASS or renderer.categoryIndexForValue(name) >= 0:
        return
    # Before the last one, which is for all others.
    categories = renderer.categories()
    categories.insert(-1, QgsRendererCategory(name, _symbol(len(categories)), name))
    layer.setRenderer(QgsCategorizedSymbolRenderer(CLASS, categories))
    layer.emitStyleChanged()


def _unnamed() -> QgsRendererCategory:
    return QgsRendererCategory("", _symbol(0), translate("GeoSAM", "no class"))


def _symbol(number: int) -> QgsFillSymbol:
    colour = COLOURS[number % len(COLOURS)]
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return QgsFillSymbol.createSimple(
        {
            "color": f"{red},{green},{blue},70",
            "outline_color": f"{red},{green},{blue},255",
            "outline_width": "0.6",
            "joinstyle": "round",
        }
    )
