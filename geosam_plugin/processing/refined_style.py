"""A refined layer's style: a colour for each verdict."""

from __future__ import annotations

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsRendererCategory,
    QgsVectorLayer,
)

COLOURS = {
    "keep": "158,158,158",
    "shift": "255,127,0",
    "reshape": "0,144,255",
    "uncertain": "255,212,0",
    "gone": "227,26,28",
    "new": "51,160,44",
}
"""Red, green, blue: what fits is grey, and what is to be looked at stands out."""

OPACITY = 90
"""Of 255: the image shows through."""


def style_by_verdict(layer: QgsVectorLayer, field: str) -> None:
    """field: the one of the verdicts. The legend has them as they stand there."""
    categories = [
        QgsRendererCategory(verdict, _symbol(colour), verdict)
        for verdict, colour in COLOURS.items()
    ]
    layer.setRenderer(QgsCategorizedSymbolRenderer(field, categories))
    layer.triggerRepaint()


def _symbol(colour: str) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple(
        {
            "color": f"{colour},{OPACITY}",
            "outline_color": f"{colour},255",
            "outline_width": "0.5",
        }
    )
