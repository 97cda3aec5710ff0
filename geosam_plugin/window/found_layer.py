"""A temporary layer of objects that arrive faster than they could be drawn."""

from __future__ import annotations

from collections import deque
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureSink,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from geosam_plugin.processing.segment_all_results import (
    ObjectFeatures,
    object_fields,
    style_by_object,
)

LOT, LOT_CHARS = 25, 120_000
"""Objects that come into the layer in one turn of the event loop, which takes some milliseconds:
that many, or fewer when their outlines are long."""

REDRAWN_MS = 1000
"""The map is drawn anew no more often."""


def make_found_layer(crs: QgsCoordinateReferenceSystem, name: str) -> QgsVectorLayer:
    """An empty one, with the fields and the style of such objects; in no project yet."""
    layer = QgsVectorLayer("MultiPolygon", name, "memory")
    layer.dataProvider().addAttributes(list(object_fields()))
    layer.updateFields()
    layer.setCrs(crs)
    style_by_object(layer)
    return layer


class FoundLayer(QObject):
    """Objects in the order in which they are told, lot by lot, each once: those that a run tells
    again when it goes on are known by the masks that they are made of. Their numbers may be others
    by then: where more is encoded, other objects are found before them.

    emptied: everything that was added is in the layer, unless that is gone, or takes nothing more
    """

    emptied = pyqtSignal()

    def __init__(
        self, layer: QgsVectorLayer, features: ObjectFeatures, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.layer = layer
        self.has_failed = False
        self._features = features
        self._told: set[str] = set()
        self._numbers: set[int] = set()
        self._highest = 0
        self._waiting: deque[dict[str, Any]] = deque()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._add_lot)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(REDRAWN_MS)
        self._redraw.timeout.connect(self._draw)

    @property
    def count(self) -> int:
        """Objects that were told."""
        return len(self._numbers)

    @property
    def is_behind(self) -> bool:
        """Whether some of them are not in the layer yet."""
        return bool(self._waiting)

    @property
    def is_gone(self) -> bool:
        return sip.isdeleted(self.layer)

    @property
    def has_all(self) -> bool:
        """Whether it has, or will have, whatever was told."""
        return not (self.is_gone or self.has_failed)

    def add(self, found: list[dict[str, Any]]) -> None:
        """found: as the worker's `segment_all` tells of objects"""
        for one in found:
            if self._told.isdisjoint(one["made_of"]):
                self._waiting.append({**one, "number": self._free_number(one["number"])})
            self._told.update(one["made_of"])
        if self._waiting:
            self._next.start()

    def _free_number(self, wanted: int) -> int:
        """That one, or the next after all when another object has it."""
        number = wanted if wanted not in self._numbers else self._highest + 1
        self._numbers.add(number)
        self._highest = max(self._highest, number)
        return number

    def stop(self) -> None:
        """Add nothing more."""
        self._waiting.clear()
        self._next.stop()
        self._redraw.stop()

    def end(self) -> None:
        """Nothing more will come: show what is there, and let go of what is known of it."""
        self.stop()
        self._draw()
        self.deleteLater()

    def _add_lot(self) -> None:
        if self.is_gone or not self._take(self._next_lot()):
            self._waiting.clear()
        if self._waiting:
            self._next.start()
        else:
            self.emptied.emit()

    def _next_lot(self) -> list[dict[str, Any]]:
        lot: list[dict[str, Any]] = []
        chars = 0
        while self._waiting and len(lot) < LOT and chars < LOT_CHARS:
            lot.append(self._waiting.popleft())
            chars += len(lot[-1]["wkb"])
        return lot

    def _take(self, lot: list[dict[str, Any]]) -> bool:
        # The user may have changed its fields, or have made it a file's.
        features = QgsVectorLayerUtils.makeFeaturesCompatible(
            [self._features.of(one) for one in lot], self.layer
        )
        is_fine, _ = self.layer.dataProvider().addFeatures(features, QgsFeatureSink.Flag.FastInsert)
        self.has_failed = self.has_failed or not is_fine
        self.layer.layerModified.emit()  # a copy that is being written is not all of it
        if not self._redraw.isActive():
            self._redraw.start()
        return is_fine

    def _draw(self) -> None:
        if not self.is_gone:
            self.layer.updateExtents()
            self.layer.triggerRepaint()
