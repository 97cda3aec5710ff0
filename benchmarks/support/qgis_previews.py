"""The previews under the mouse in a running QGIS, and when they are on the screen."""

from __future__ import annotations

import time
from typing import Any

from qgis.PyQt.QtCore import QEvent, QObject, QTimer

from benchmarks.support.qgis_mouse import Mouse

PATIENCE_S = 240.0
"""A worker that starts on a busy machine takes a minute and more."""


class Previews(QObject):
    """The plugin's click tool over the map, with a mouse that waits for its previews."""

    def __init__(self, iface: Any, mouse: Mouse, workspace: Any) -> None:
        super().__init__()
        self._mouse, self._workspace = mouse, workspace
        self._asked = self._is_known = False
        self._painted: float | None = None
        iface.mapCanvas().viewport().installEventFilter(self)
        tool = workspace.overlay.tool
        tool.rested.connect(self._on_rested)
        (self._rest,) = tool.findChildren(QTimer)
        workspace.controller.hoverChanged.connect(self._on_hover)

    @property
    def rest_ms(self) -> int:
        """How long the tool waits for a rest."""
        return int(self._rest.interval())

    def begin(self) -> None:
        """Click in the image that is chosen."""
        workspace, until = self._workspace, self._mouse.until
        until(lambda: bool(workspace.controller.cache), PATIENCE_S)
        workspace.dock.prompt.clicking.setChecked(True)
        until(lambda: bool(workspace.controller.described), PATIENCE_S)
        until(lambda: not workspace.client.pending, PATIENCE_S)

    def rest(self, number: int) -> float | None:
        """Go to a place in steps: seconds from the last event to the preview, None when there is
        none."""
        self._mouse.approach(number)
        return self.move(number)

    def move(self, number: int) -> float | None:
        """As `rest`, by one event."""
        self._asked = self._is_known = False
        self._painted = None
        moved = time.perf_counter()
        self._mouse.jump(number)
        self._mouse.until(self._is_over, PATIENCE_S)
        return None if self._painted is None else self._painted - moved

    def ask_without_rest(self) -> None:
        self._rest.setInterval(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint and self._is_known and self._painted is None:
            self._painted = time.perf_counter()
        return False

    def _is_over(self) -> bool:
        if self._painted is not None:
            return True
        return self._asked and not self._is_known and not self._workspace.client.pending

    def _on_rested(self, *_: object) -> None:
        self._asked = True

    def _on_hover(self, geometry: Any) -> None:
        self._is_known = geometry is not None
