"""An encode that is steered while it works."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QObject

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.job import EngineJob

STOP_MS = 60_000
"""What a stopped encode may take to end: a large model's patch on a CPU."""


class SteeredEncode(EngineJob):
    def __init__(
        self, command: EngineCommand, params: dict[str, Any], parent: QObject | None = None
    ) -> None:
        super().__init__(command, "encode", params, parent, stop_ms=STOP_MS)

    def focus(self, place: dict[str, Any]) -> None:
        """What a prompt there would need comes next."""
        self._send("focus", place)

    def hold(self, seconds: float) -> None:
        """Begin no other patch for so long; 0 to go on."""
        self._send("hold", {"seconds": seconds})
