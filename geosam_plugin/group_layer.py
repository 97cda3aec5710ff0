"""Groups that QGIS (since 3.24) shows as one layer."""

from __future__ import annotations

from qgis.core import QgsMapLayer


def drawn_layers(layer: QgsMapLayer) -> list[QgsMapLayer]:
    """The layer itself; of a group what it draws, the topmost first, with that of groups in it."""
    if not hasattr(layer, "childLayers"):
        return [layer]
    # A group counts from the bottom up.
    return [drawn for child in reversed(layer.childLayers()) for drawn in drawn_layers(child)]
