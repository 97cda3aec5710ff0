"""At QGIS's start: that there is something to be brought back, said once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from qgis.core import Qgis
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, QObject

from geosam_plugin.errands import Errands
from geosam_plugin.saving.lost import lost_counts
from geosam_plugin.window.messages import Messages

translate = QCoreApplication.translate

END_S = 0.2
"""It counts for less, but on a slow network drive."""


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
        self._errands = Errands("geosam-lost", self)
        self._errands.send(partial(lost_counts, folder), self._tell)

    def close(self) -> None:
        """The dock tells of it itself."""
        self._messages.clear()
        self._errands.drop()
        self._errands.wait(END_S)  # else the dock may find its locks taken

    def _tell(self, found: list[tuple[str, int]]) -> None:
        if not found:
            return
        text = translate(
            "GeoSAM",
            "%n object(s) from before QGIS was closed can be brought back: {layers}",
            None,
            sum(count for _, count in found),
        )
        self._messages.say(
            text.format(layers=", ".join(title for title, _ in found)),
            Qgis.MessageLevel.Info,
            (translate("GeoSAM", "Open GeoSAM"), self._show_dock),
        )
