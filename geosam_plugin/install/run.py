"""Runs one program without waiting for it: lines as they come, an end when nothing happens."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from qgis.PyQt.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, pyqtSignal

IDLE_MINUTES = 10.0
_LOOK_EVERY_MS = 5_000
_SIGN_OF_LIFE_BYTES = 100_000


def free_bytes(path: Path) -> int:
    """Room on the disk of `path`."""
    return shutil.disk_usage(path).free


class ProgramRunner(QObject):
    """One program at a time.

    A program that says nothing and writes nothing to `disk` for `idle_minutes` is ended: a
    large download says nothing for long, but it fills the disk.
    """

    line = pyqtSignal(str)
    ended = pyqtSignal(int, str)
    """Exit code (-1: could not be started, or crashed) and everything printed to stdout."""
    idle = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(
        self, disk: Path, idle_minutes: float = IDLE_MINUTES, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._disk, self._idle_s = disk, idle_minutes * 60
        self._process: QProcess | None = None
        self._killed_for: str | None = None
        self._output: list[str] = []
        self._rest = {"stdout": "", "stderr": ""}
        self._last_life, self._last_free = 0.0, 0
        self._watch = QTimer(self)
        self._watch.setInterval(min(_LOOK_EVERY_MS, max(50, int(self._idle_s * 250))))
        self._watch.timeout.connect(self._look)

    def start(self, program: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._output.clear()
        self._killed_for = None
        self._rest = {"stdout": "", "stderr": ""}
        variables = QProcessEnvironment()
        for name, value in environment.items():
            variables.insert(name, value)
        process = QProcess(self)
        process.setProcessEnvironment(variables)
        process.setWorkingDirectory(str(self._disk))
        process.readyReadStandardOutput.connect(self._read_stdout)
        process.readyReadStandardError.connect(self._read_stderr)
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._fail)
        self._process = process
        self._note_life()
        self._watch.start()
        process.start(program, list(arguments), QProcess.OpenModeFlag.ReadOnly)

    def cancel(self) -> None:
        """End the program; `cancelled` follows once it is gone."""
        self._kill("cancelled")

    def _kill(self, reason: str) -> None:
        if self._process is not None and self._killed_for is None:
            self._killed_for = reason
            self._process.kill()

    def _read_stdout(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardOutput()).decode("utf-8", "replace")
            self._output.append(text)
            self._tell("stdout", text)

    def _read_stderr(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError()).decode("utf-8", "replace")
            self._tell("stderr", text)

    def _tell(self, stream: str, text: str) -> None:
        self._note_life()
        # Progress bars write over their line.
        *lines, self._rest[stream] = re.split(r"\r\n|\n|\r", self._rest[stream] + text)
        for line in lines:
            if line.strip():
                self.line.emit(line.rstrip())

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_stdout()
        self._read_stderr()
        for rest in self._rest.values():
            if rest.strip():
                self.line.emit(rest.rstrip())
        self._end(code if status == QProcess.ExitStatus.NormalExit else -1)

    def _fail(self, error: QProcess.ProcessError) -> None:
        # Every other error is followed by `finished`.
        if error == QProcess.ProcessError.FailedToStart:
            self._end(-1)

    def _end(self, code: int) -> None:
        process, self._process = self._process, None
        self._watch.stop()
        if process is not None:
            process.deleteLater()
            if self._killed_for == "cancelled":
                self.cancelled.emit()
            elif self._killed_for == "idle":
                self.idle.emit()
            else:
                self.ended.emit(code, "".join(self._output))

    def _note_life(self) -> None:
        self._last_life = time.monotonic()
        self._last_free = free_bytes(self._disk)

    def _look(self) -> None:
        free = free_bytes(self._disk)
        if abs(free - self._last_free) > _SIGN_OF_LIFE_BYTES:
            self._note_life()
        elif time.monotonic() - self._last_life > self._idle_s:
            self._kill("idle")
