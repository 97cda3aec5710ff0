"""What the engine tells of an image's cache."""

from __future__ import annotations

from functools import partial
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from geosam_plugin.clicking.image import ClickedImage
from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.protocol import EngineError


class Opening(QObject):
    """Asks for it, and writes it into the image.

    opened: a ClickedImage of which more is known
    refused: one whose cache cannot be opened, and the EngineError that says why
    wants_coverage: the outline of what is encoded is asked for, too
    """

    opened = pyqtSignal(object)
    refused = pyqtSignal(object, object)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self.wants_coverage = False

    def open(self, image: ClickedImage, *, with_raster: bool) -> None:
        """with_raster: and whether the raster is still the one that was encoded. Of a copy that
        takes the engine seconds; without, what was told last holds"""
        if image.cache:
            image.is_opening = True
            params: dict[str, Any] = {"cache": image.cache}
            if with_raster and image.raster:
                params["raster"] = image.raster
            if self.wants_coverage:
                params["coverage"] = True
            self._client.request(
                "open", params, partial(self._on_opened, image), partial(self._on_refused, image)
            )

    def _on_opened(self, image: ClickedImage, described: dict[str, Any]) -> None:
        image.is_opening = False
        coverage = described.pop("coverage", None)
        if coverage is not None:
            image.coverage = image.axes.geometry(coverage)
        if "raster_state" in image.described:
            described.setdefault("raster_state", image.described["raster_state"])
        image.described = described
        self.opened.emit(image)

    def _on_refused(self, image: ClickedImage, error: EngineError) -> None:
        image.is_opening = False
        self.refused.emit(image, error)
