"""Lost objects on their way back into layers, in slices: tens of thousands take seconds."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QTimer

from geosam_plugin.saving.journal import AT_ONCE, Journal
from geosam_plugin.saving.journal_lines import feature_from, layer_from
from geosam_plugin.saving.lost import Lost

SLICE_S = 0.01


class Restoring(QObject):
    """Makes memory layers of lost objects, each of them brought in once it is whole, and journaled
    anew before its old journal goes: a crash meanwhile takes nothing.

    layers: that are back; unwritten: those of them that their old journals alone have, for want
    of disk
    """

    def __init__(
        self,
        wanted: list[Lost],
        bring_in: Callable[[QgsVectorLayer], Journal],
        on_done: Callable[[Restoring], None],
        parent: QObject | None = None,
    ) -> None:
        """bring_in: makes a layer part of the project, and begins its journal"""
        super().__init__(parent)
        self._bring_in, self._on_done = bring_in, on_done
        self._waiting = deque(wanted)
        self._brought: Lost | None = None  # whose layer is there, but not journaled yet
        self._steps = self._all_steps()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.go_on)
        self.layers: list[QgsVectorLayer] = []
        self.unwritten: list[Lost] = []

    def go_on(self) -> None:
        """As much as can be done in a slice; `on_done` may come before this returns."""
        end = time.monotonic() + SLICE_S
        for _ in self._steps:
            if time.monotonic() >= end:
                self._timer.start()
                return
        self._on_done(self)

    def stop(self) -> list[Lost]:
        """Those that are in no layer yet; without `on_done`."""
        self._timer.stop()
        if self._brought is not None:
            self._brought.discard()
        return list(self._waiting)

    def _all_steps(self) -> Iterator[None]:
        while self._waiting:
            layer = layer_from(self._waiting[0].layer)
            yield from fill(layer, self._waiting[0])
            lost = self._brought = self._waiting.popleft()
            journal = self._bring_in(layer)
            self.layers.append(layer)
            while journal.is_behind:
                journal.write_some()
                yield
            self._brought = None
            if journal.has_failed:
                self.unwritten.append(lost)
            else:
                lost.discard()


def fill(layer: QgsVectorLayer, lost: Lost) -> Iterator[None]:
    """Add the objects to a layer, some of them at each step."""
    fields, lines = layer.fields(), iter(lost.features.values())
    while True:
        features = [feature_from(line, fields) for line in islice(lines, AT_ONCE)]
        if not features:
            break
        layer.dataProvider().addFeatures(features)
        yield
    layer.updateExtents()
