"""A program together with all that it starts, so that ending it leaves nothing behind. Free of Qt.

QProcess ends the one process that it started: what that one had started goes on writing.
"""

from __future__ import annotations

import codecs
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, Callable

NO_CODE = -1
"""In place of an exit code: the program could not be started, or was ended by a signal."""

_CHUNK_BYTES = 1 << 16
_PATIENCE_S = 2.0
"""For output that comes after the end of the program, from what it has left behind."""


class Program:
    """Runs once, on threads of its own; the callbacks come on those.

    on_output: "stdout" or "stderr", and a piece of text; on_end: the exit code, once, and last
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        directory: str,
        on_output: Callable[[str, str], None],
        on_end: Callable[[int], None],
    ) -> None:
        self._command, self._environment = list(command), dict(environment)
        self._directory = directory
        self._on_output, self._on_end = on_output, on_end
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Python's daemon threads: QGIS may be closed in the middle."""
        threading.Thread(target=self._run, name="geosam-program", daemon=True).start()

    def kill(self) -> None:
        """End it and all that it started, at once; also before it has begun, or after its end."""
        with self._lock:
            if self._process is not None and not self._is_over:
                _end_tree(self._process)
            self._is_over = True

    def _run(self) -> None:
        process = self._begin()
        code = NO_CODE if process is None else self._follow(process)
        self._on_end(max(code, NO_CODE))

    def _begin(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._is_over:
                return None
            try:
                self._process = subprocess.Popen(
                    self._command, env=self._environment, cwd=self._directory, bufsize=0,
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    **_group_of_its_own(),
                )  # fmt: skip
            except (OSError, ValueError):
                return None
            return self._process

    def _follow(self, process: subprocess.Popen[bytes]) -> int:
        readers = [
            threading.Thread(target=self._read, args=(name, pipe), daemon=True)
            for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr))
        ]
        for reader in readers:
            reader.start()
        code = process.wait()
        for reader in readers:
            reader.join(_PATIENCE_S)
        with self._lock:
            self._is_over = True
        return code

    def _read(self, name: str, pipe: IO[bytes]) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with pipe:
            while True:
                data = pipe.read(_CHUNK_BYTES)
                text = decoder.decode(data or b"", final=not data)
                if text:
                    self._on_output(name, text)
                if not data:
                    return


def _group_of_its_own() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def _end_tree(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        # Not waited for: this may be the thread of the user interface, and QGIS may be closing.
        try:
            subprocess.Popen(
                ["taskkill", "/T", "/F", "/PID", str(process.pid)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                creationflags=subprocess.CREATE_NO_WINDOW,
            )  # fmt: skip
        except OSError:
            process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
