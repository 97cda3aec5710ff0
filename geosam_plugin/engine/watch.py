"""A watchdog for the engine: one that hangs is ended, one that is busy is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer

from geosam_plugin.engine.protocol import Message

QUICK_METHODS = ("hello", "open", "predict")
"""What must be answered within `Timing.busy_s`; encodes and downloads may take hours."""


@dataclass(frozen=True)
class Timing:
    """When to lose patience.

    ping_ms: how often the engine is asked whether it is there
    missed: so many pings without an answer, and it hangs
    start_ms: for starting; the first time a virus scanner reads all of the engine's packages
    busy_s: for answering a prompt
    restart_ms: from a crash to the next start
    """

    ping_ms: int = 5_000
    missed: int = 3
    start_ms: int = 180_000
    busy_s: float = 120.0
    restart_ms: int = 500


DEFAULT_TIMING = Timing()


class Watchdog(QObject):
    """Pings an engine and kills it when it hangs.

    Counts ticks rather than seconds: while the computer sleeps or QGIS itself is blocked, time
    goes by in which the engine could not answer.

    ping: sends a ping and returns its id
    kill: ends the process, and is told why
    """

    def __init__(
        self,
        timing: Timing,
        ping: Callable[[], int],
        kill: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._timing = timing
        self._ping = ping
        self._kill = kill
        self._ready = False
        self._ticks = 0
        self._missed = 0
        self._ping_id: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(timing.ping_ms)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def started(self) -> None:
        """The engine has said hello: from now on it is pinged."""
        self._ready = True

    def stop(self) -> None:
        self._timer.stop()

    def takes(self, message: Message) -> bool:
        """Whether a message answers a ping."""
        if self._ping_id is None or message.get("id") != self._ping_id:
            return False
        self._ping_id = None
        self._missed = 0
        busy = message.get("result", {}).get("busy")
        if (
            busy is not None
            and busy["method"] in QUICK_METHODS
            and busy["seconds"] > self._timing.busy_s
        ):
            self._end(QCoreApplication.translate("GeoSAM", "The engine took too long."))
        return True

    def _tick(self) -> None:
        self._ticks += 1
        if not self._ready:
            if self._ticks * self._timing.ping_ms > self._timing.start_ms:
                self._end(QCoreApplication.translate("GeoSAM", "The engine did not start in time."))
        elif self._ping_id is None:
            self._ping_id = self._ping()
        else:
            self._missed += 1
            if self._missed >= self._timing.missed:
                self._end(QCoreApplication.translate("GeoSAM", "The engine did not answer."))

    def _end(self, why: str) -> None:
        self.stop()
        self._kill(why)
