"""One undo step of a layer's edits, whatever it consists of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.geometry import LayerError

translate = QCoreApplication.translate


@contextmanager
def edit_step(layer: QgsVectorLayer, text: str) -> Iterator[None]:
    """Edit a layer within; as one command with this text. What fails leaves no trace.

    Raises LayerError when the layer cannot be edited.
    """
    if not layer.isEditable() and not layer.startEditing():
        raise LayerError(say_not_editable(layer))
    layer.beginEditCommand(text)
    done = False
    try:
        yield
        done = True
    finally:
        # An open command would swallow all later edits of the layer, whatever went wrong.
        if done:
            layer.endEditCommand()
        else:
            layer.destroyEditCommand()
    layer.triggerRepaint()


def say_not_editable(layer: QgsVectorLayer) -> str:
    return translate(
        "GeoSAM", "The layer “{layer}” cannot be edited. Choose another target layer."
    ).format(layer=layer.name())


def say_refused(layer: QgsVectorLayer) -> str:
    return translate(
        "GeoSAM", "The layer “{layer}” does not take the object. Choose another target layer."
    ).format(layer=layer.name())


def say_single_parts(parts: int) -> str:
    """Of a feature that would have several."""
    return translate(
        "GeoSAM",
        "The feature would get %n part(s), but the layer takes single parts only.",
        None,
        parts,
    )
