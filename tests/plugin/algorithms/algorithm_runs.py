"""Runs of algorithms as scripts do them, and what comes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback

Results = dict[str, Any]


class Feedback(QgsProcessingFeedback):
    """Remembers what it is told; cancels itself when a progress is reached."""

    def __init__(self, cancel_at: float = 101) -> None:
        super().__init__()
        self.infos: list[str] = []
        self.warnings: list[str] = []
        self.texts: list[str] = []
        self.reached: list[float] = []
        self.progressChanged.connect(self.reached.append)
        self.cancel_at = cancel_at

    def pushInfo(self, info: str) -> None:  # noqa: N802
        self.infos.append(info)

    def pushWarning(self, warning: str) -> None:  # noqa: N802
        self.warnings.append(warning)

    def setProgressText(self, text: str) -> None:  # noqa: N802
        self.texts.append(text)

    def isCanceled(self) -> bool:  # noqa: N802
        return super().isCanceled() or self.progress() >= self.cancel_at


Run = Callable[..., Results]


def features_of(results: Results, context: QgsProcessingContext, name: str = "OUTPUT") -> Any:
    layer = context.getMapLayer(results[name])
    return layer, list(layer.getFeatures())


def attributes_of(cache: Path) -> dict[str, Any]:
    return json.loads((cache / "zarr.json").read_text("utf-8"))["attributes"]
