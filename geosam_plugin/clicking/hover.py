"""The preview under the mouse: of what is asked only the newest counts."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

from qgis.core import QgsGeometry
from qgis.PyQt.QtCore import QObject, pyqtSignal

from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.protocol import EngineError

ToGeometry = Callable[[str], QgsGeometry]


class Hover(QObject):
    """shown: a QgsGeometry, or None where there is nothing to show"""

    shown = pyqtSignal(object)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._newest = 0

    def ask(
        self,
        params: dict[str, Any],
        to_geometry: ToGeometry,
        on_error: Callable[[EngineError], None],
    ) -> None:
        """Show what `predict` answers to these parameters, unless something newer is asked, or
        `clear` is called.

        to_geometry: makes a geometry of the answer's
        on_error: is told of any error, which the user is not: the mouse passes over all kinds of
            places
        """
        self._newest += 1
        number = self._newest
        self._client.hover(
            params,
            partial(self._on_answer, number, to_geometry),
            partial(self._on_error, number, on_error),
        )

    def forget(self) -> None:
        """What is asked is not shown."""
        self._newest += 1

    def clear(self) -> None:
        self.forget()
        self.shown.emit(None)

    def _on_answer(self, number: int, to_geometry: ToGeometry, result: dict[str, Any]) -> None:
        if number == self._newest:
            self.shown.emit(to_geometry(result["objects"][0]["wkb"]))

    def _on_error(
        self, number: int, on_error: Callable[[EngineError], None], error: EngineError
    ) -> None:
        if number == self._newest:
            self.shown.emit(None)
        on_error(error)
