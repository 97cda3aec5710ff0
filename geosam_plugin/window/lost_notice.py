"""At QGIS's start: that there is something to be brought back, said once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from qgis.core import Qgis
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer

from geosam_plugin.saving.lost import lost_objects
from geosam_plugin.window.messages import Messages

translate = QCoreApplication.translate

LOOK_MS = 100

END_S = 0.2
"""It reads for less, but for very large journals."""

Found = tuple[int, list[str]]
"""How many objects, and of which layers."""


class LostNotice(QObject):
    """Looks for what a crash has taken, on a thread: QGIS's start does not wait for it."""

    def __init__(
        self,
        bar: QgsMessageBar,
        folder: Path,
        show_dock: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """folder: where journals are kept"""
        super().__init__(parent)
        self._show_dock = show_dock
        self._messages = Messages(bar)
        self._answers: queue.SimpleQueue[Found] = queue.SimpleQueue()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._take)
        self._timer.start(LOOK_MS)
        self._thread = threading.Thread(
            target=_look, args=(folder, self._answers), name="geosam-lost", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """The dock tells of it itself."""
        self._timer.stop()
        self._messages.clear()
        self._thread.join(END_S)  # else the dock may find its locks taken

    def _take(self) -> None:
        try:
            count, names = self._answers.get_nowait()
        except queue.Empty:
            return
        self._timer.stop()
        if not count:
            return
        text = translate(
            "GeoSAM",
            "%n object(s) from before QGIS was closed can be brought back: {layers}",
            None,
            count,
        )
        self._messages.say(
            text.format(layers=", ".join(names)),
            Qgis.MessageLevel.Info,
            (translate("GeoSAM", "Open GeoSAM"), self._show_dock),
        )


def _look(folder: Path, answers: queue.SimpleQueue[Found]) -> None:
    found: Found = (0, [])
    with suppress(OSError):
        all_lost = lost_objects(folder)
        found = (sum(len(lost.features) for lost in all_lost), [lost.title for lost in all_lost])
        for lost in all_lost:
            lost.lock.unlock()
    answers.put(found)
