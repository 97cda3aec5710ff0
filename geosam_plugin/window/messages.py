"""Sentences in QGIS's message bar: the newest takes the place of the one before."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import Qgis
from qgis.gui import QgsMessageBar, QgsMessageBarItem
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QPushButton

TITLE = "GeoSAM"

SECONDS = 8

Action = tuple[str, Callable[[], None]]
"""A button's text and what it does."""


class Messages:
    def __init__(self, bar: QgsMessageBar) -> None:
        self._bar = bar
        self._item: QgsMessageBarItem | None = None

    @property
    def text(self) -> str:
        """What is shown now; "" for nothing."""
        return "" if self._is_gone() else self._item.text()

    @property
    def button(self) -> QPushButton | None:
        return None if self._is_gone() else self._item.findChild(QPushButton)

    def say(
        self,
        text: str,
        level: Qgis.MessageLevel = Qgis.MessageLevel.Warning,
        action: Action | None = None,
    ) -> None:
        """action: its button is in the message, which stays until it is closed"""
        self.clear()
        item = QgsMessageBar.createMessage(TITLE, text)
        if action is not None:
            name, do = action
            button = QPushButton(name)
            button.clicked.connect(lambda: (self.clear(), do()))
            item.layout().addWidget(button)
        item.setLevel(level)
        item.setDuration(0 if action is not None else SECONDS)
        self._item = item
        self._bar.pushItem(item)

    def clear(self) -> None:
        if not self._is_gone():
            self._bar.popWidget(self._item)
        self._item = None

    def _is_gone(self) -> bool:
        """Qt deletes it when the user closes it, or its time is over."""
        return self._item is None or sip.isdeleted(self._item)


def say_set_aside(count: int) -> str:
    """So many objects that were to be saved are not, for now."""
    return QCoreApplication.translate(
        "GeoSAM",
        "%n object(s) waited to be saved and are kept: choose their image again and "
        "press “Take up again”.",
        None,
        count,
    )
