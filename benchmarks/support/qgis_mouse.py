"""A mouse over the map of a running QGIS, for scripts that `.ci/in_qgis.py` runs there."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from qgis.PyQt.QtCore import QEventLoop, QPoint, QTimer
from qgis.PyQt.QtTest import QTest

EVENT_S = 0.016
"""Between two events of a mouse that moves."""

STEPS = 8
"""Events on the way from one place to the next."""


class Mouse:
    """Moves over the map as a user does, in an event loop that turns all the time."""

    def __init__(self, iface: Any) -> None:
        self._viewport = iface.mapCanvas().viewport()
        self._at = QPoint(50, 50)

    def wait(self, seconds: float) -> None:
        self.turn(lambda: False, seconds)

    def until(self, done: Callable[[], bool], seconds: float) -> None:
        if not self.turn(done, seconds):
            raise SystemExit(f"It did not happen in {seconds:.0f} s.")

    def turn(self, done: Callable[[], bool], seconds: float) -> bool:
        """Let the event loop turn until it is done; False when it was not in time."""
        loop, poll, end = QEventLoop(), QTimer(), time.perf_counter() + seconds

        def look() -> None:
            if done() or time.perf_counter() >= end:
                loop.quit()

        poll.timeout.connect(look)
        poll.start(5)
        loop.exec()
        return done()

    def glide(self, number: int) -> None:
        """To the place of that number, in steps."""
        self.approach(number)
        self.jump(number)
        self.wait(EVENT_S)

    def approach(self, number: int) -> None:
        """All steps to that place but the last."""
        start, place = self._at, self._place(number)
        for step in range(1, STEPS):
            self._at = start + (place - start) * step / STEPS
            QTest.mouseMove(self._viewport, self._at)
            self.wait(EVENT_S)

    def jump(self, number: int) -> None:
        """To that place by one event."""
        self._at = self._place(number)
        QTest.mouseMove(self._viewport, self._at)

    def _place(self, number: int) -> QPoint:
        """Spread over the canvas, never the same twice."""
        across, down = (number * 0.618034) % 1, (number * 0.754878) % 1
        size = self._viewport.size()
        return QPoint(
            int(size.width() * (0.1 + 0.8 * across)), int(size.height() * (0.1 + 0.8 * down))
        )


def show_workspace(worker: str | None = None, environment: Mapping[str, str] | None = None) -> Any:
    """The plugin's dock and all that belongs to it.

    worker: a script in place of the engine's own worker, with more variables if need be
    """
    from qgis.utils import plugins

    import geosam_plugin.plugin
    from geosam_plugin.engine.command import EngineCommand, engine_command

    def other_command(python: str, package_dir: str) -> EngineCommand:
        usual = engine_command(python, package_dir)
        variables = {**usual.environment, **(environment or {})}
        return EngineCommand(usual.program, (worker,) if worker else usual.arguments, variables)

    geosam_plugin.plugin.engine_command = other_command
    plugin = plugins["geosam_plugin"]
    plugin.show_workspace()
    return plugin.workspace
