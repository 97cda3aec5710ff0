"""Edits of the layer that is corrected: the dock says that there are some, and saves them."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject

from geosam_plugin.window.review_section import ReviewSection


class ReviewEdits(QObject):
    """Watches the layer that the section says, during a review and after it."""

    def __init__(
        self,
        section: ReviewSection,
        save: Callable[[QgsVectorLayer | None], None],
        parent: QObject | None = None,
    ) -> None:
        """save: the edits of a layer, which stays open for more"""
        super().__init__(parent)
        self._section = section
        self._layer: QgsVectorLayer | None = None
        section.target.layerChanged.connect(self._watch)
        section.unsaved.save.clicked.connect(lambda: save(self._layer))
        self._watch(section.target.currentLayer())

    def close(self) -> None:
        self._watch(None)

    def _watch(self, layer: QgsVectorLayer | None) -> None:
        if self._layer is not None and not sip.isdeleted(self._layer):
            for signal in _signals(self._layer):
                signal.disconnect(self._show)
        self._layer = layer
        if layer is not None:
            for signal in _signals(layer):
                signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        layer = self._layer
        is_there = layer is not None and not sip.isdeleted(layer)
        self._section.show_unsaved(is_there and layer.isModified())


def _signals(layer: QgsVectorLayer) -> tuple:
    return layer.layerModified, layer.afterCommitChanges, layer.afterRollBack
