"""`geosam:encoderaster`, opened filled in from the dock or from the map."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsRasterLayer, QgsRectangle
from qgis.gui import QgisInterface
from qgis.PyQt.QtWidgets import QDialog

ALGORITHM = "geosam:encoderaster"


def open_encode_dialog(
    iface: QgisInterface,
    layer: QgsRasterLayer,
    extent: QgsRectangle | None,
    on_encoded: Callable[[str, str], None],
) -> QDialog:
    """Not modal: the map can be used meanwhile.

    extent: in the layer's CRS; None for all of it
    on_encoded: called with the layer's id and the cache's path
    """
    # QGIS's own plugin, there only once all plugins are loaded.
    import processing

    parameters = {"INPUT": layer.id()}
    if extent is not None:
        corners = (extent.xMinimum(), extent.xMaximum(), extent.yMinimum(), extent.yMaximum())
        parameters["EXTENT"] = "{!r},{!r},{!r},{!r} [{}]".format(*corners, layer.crs().authid())
    dialog = processing.createAlgorithmDialog(ALGORITHM, parameters)
    layer_id = layer.id()

    def finished(succeeded: bool, results: dict) -> None:
        if succeeded and results.get("OUTPUT"):
            on_encoded(layer_id, results["OUTPUT"])

    dialog.algorithmFinished.connect(finished)
    dialog.show()
    return dialog
