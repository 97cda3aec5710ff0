"""An engine that a test answers for."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.placing import MapView
from geosam_plugin.engine.protocol import EngineError

UTM = QgsCoordinateReferenceSystem("EPSG:32633")
WGS84 = QgsCoordinateReferenceSystem("EPSG:4326")
VIEW = MapView(UTM, 0.5)

WKB = base64.b64encode(
    bytes(QgsGeometry.fromWkt("Polygon ((0 0, 1 0, 1 1, 0 1, 0 0))").asWkb())
).decode()
FOUND = {
    "objects": [{"candidate": 1, "score": 0.9, "wkb": WKB}],
    "level": 0, "timings_ms": {"total": 5.0},
}  # fmt: skip
DESCRIBED = {"raster": "a.tif", "model": "nano", "bounds": [0, 0, 100, 100], "levels": []}
NOT_ENCODED = EngineError("NotEncodedError", "Nothing there.", details={"extent": [0, 0, 9, 9]})


class Engine:
    """Takes the requests down, to be answered by the test."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any], Callable, Callable]] = []

    def request(
        self, method: str, params: dict[str, Any], on_result: Callable,
        on_error: Callable = lambda _: None,
    ) -> None:  # fmt: skip
        self.asked.append((method, params, on_result, on_error))

    def hover(self, params: dict[str, Any], on_result: Callable, on_error: Callable) -> None:
        self.request("hover", params, on_result, on_error)

    @property
    def waiting(self) -> list[tuple[str, dict[str, Any]]]:
        return [(method, params) for method, params, _, _ in self.asked]

    def answer(self, answer: dict[str, Any] | EngineError) -> dict[str, Any]:
        """The first that waits; returns what was asked."""
        _, params, on_result, on_error = self.asked.pop(0)
        if isinstance(answer, EngineError):
            on_error(answer)
        else:
            on_result(answer)
        return params


def click(controller: Controller, x: float = 50.0) -> None:
    controller.click(QgsPointXY(x, 50), True, VIEW)
