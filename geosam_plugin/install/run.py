"""Runs one program without waiting for it: lines as they come, an end when nothing happens."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from geosam_plugin.install.program import Program

IDLE_MINUTES = 10.0
_LOOK_EVERY_MS = 5_000
_SIGN_OF_LIFE_BYTES = 100_000


def free_bytes(path: Path) -> int:
    """Room on the disk of `path`; 0 when that cannot be told, as of a drive that has gone."""
    try:
        return shutil.disk_usage(path).free
    except OSError:
        return 0


class ProgramRunner(QObject):
    """One program, once. It ends with this object, and with the application.

    A program that says nothing and writes nothing to `disk` for `idle_minutes` is ended: a
    large download says nothing for long, but it fills the disk.
    """

    line = pyqtSignal(str)
    ended = pyqtSignal(int, str)
    """Exit code (-1: could not be started, or crashed) and everything printed to stdout."""
    idle = pyqtSignal()
    cancelled = pyqtSignal()

    _said = pyqtSignal(str, str)
    _over = pyqtSignal(int)

    def __init__(
        self, disk: Path, idle_minutes: float = IDLE_MINUTES, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._disk, self._idle_s = disk, idle_minutes * 60
        self._program: Program | None = None
        self._killed_for: str | None = None
        self._output: list[str] = []
        self._rest = {"stdout": "", "stderr": ""}
        self._last_life, self._last_free = 0.0, 0
        self._watch = QTimer(self)
        self._watch.setInterval(min(_LOOK_EVERY_MS, max(50, int(self._idle_s * 250))))
        self._watch.timeout.connect(self._look)
        self._said.connect(self._take)
        self._over.connect(self._end)

    def start(self, program: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._program = Program(
            [program, *arguments], environment, str(self._disk), self._hear, self._hear_end
        )
        self.destroyed.connect(self._program.kill)
        QCoreApplication.instance().aboutToQuit.connect(self._program.kill)
        self._last_life, self._last_free = time.monotonic(), free_bytes(self._disk)
        self._watch.start()
        self._program.start()

    def cancel(self) -> None:
        """End the program; `cancelled` follows once it is gone."""
        self._kill("cancelled")

    def _kill(self, reason: str) -> None:
        if self._program is not None and self._killed_for is None:
            self._killed_for = reason
            self._program.kill()

    # On the program's threads: signals take it to the thread of the user interface. PyQt raises
    # RuntimeError when this object is gone meanwhile.

    def _hear(self, stream: str, text: str) -> None:
        with suppress(RuntimeError):
            self._said.emit(stream, text)

    def _hear_end(self, code: int) -> None:
        with suppress(RuntimeError):
            self._over.emit(code)

    # On the thread of the user interface.

    def _take(self, stream: str, text: str) -> None:
        self._last_life = time.monotonic()
        if stream == "stdout":
            self._output.append(text)
        # Progress bars write over their line.
        *lines, self._rest[stream] = re.split(r"\r\n|\n|\r", self._rest[stream] + text)
        for line in lines:
            self._tell(line)

    def _tell(self, line: str) -> None:
        if line.strip():
            self.line.emit(line.rstrip())

    def _end(self, code: int) -> None:
        for rest in self._rest.values():
            self._tell(rest)
        self._watch.stop()
        if self._program is not None:
            QCoreApplication.instance().aboutToQuit.disconnect(self._program.kill)
            self._program = None
        if self._killed_for == "cancelled":
            self.cancelled.emit()
        elif self._killed_for == "idle":
            self.idle.emit()
        else:
            self.ended.emit(code, "".join(self._output))

    def _look(self) -> None:
        free = free_bytes(self._disk)
        if abs(free - self._last_free) > _SIGN_OF_LIFE_BYTES:
            self._last_life, self._last_free = time.monotonic(), free
        elif time.monotonic() - self._last_life > self._idle_s:
            self._kill("idle")
