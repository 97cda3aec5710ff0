"""Many candidates are accepted one after the other, while QGIS's window lives."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence

from qgis.PyQt.QtCore import QObject, QTimer

from geosam_plugin.review.candidates import Candidate

TURN_S = 0.008
"""Half a frame: so long in each turn of the event loop. One takes some milliseconds."""


class AcceptAll(QObject):
    def __init__(self, accept: Callable[[Candidate], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._accept = accept
        self._waiting: deque[Candidate] = deque()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._turn)

    def begin(self, candidates: Sequence[Candidate]) -> None:
        """Those of a run before that are still waiting are let go of."""
        self._waiting = deque(candidates)
        self._next.start()

    def stop(self) -> None:
        """What is accepted by now stays so."""
        self._waiting.clear()
        self._next.stop()

    def _turn(self) -> None:
        end = time.monotonic() + TURN_S
        while self._waiting and time.monotonic() < end:
            self._accept(self._waiting.popleft())
        if self._waiting:
            self._next.start()
