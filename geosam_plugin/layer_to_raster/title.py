"""What a layer is called."""

from __future__ import annotations

from qgis.core import QgsMapLayer
from qgis.PyQt.QtCore import QUrl, QUrlQuery


def title_of(layer: QgsMapLayer) -> str:
    """Its name; of one that is given by its address, and so has none, the server's."""
    if layer.name():
        return layer.name()
    address = QUrlQuery(layer.source()).queryItemValue(
        "url", QUrl.ComponentFormattingOption.FullyDecoded
    )
    return QUrl(address).host() or layer.providerType()
