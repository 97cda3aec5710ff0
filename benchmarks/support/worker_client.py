"""A worker process and the plainest way to talk to it: one question at a time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from encoder_tool.worker.wire import encode_frame, read_frame

SETTLED_S = 0.04
"""Several ticks of the clock by which a process's time is counted."""

LONGEST_SETTLING_S = 3.0


class WorkerClient:
    """A context manager that ends the worker. `arguments` are those of Python."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        with log.open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
                env=dict(environment),
            )  # fmt: skip
        self._log = log
        self._usage = psutil.Process(self._process.pid)
        self._last_id = 0

    def __enter__(self) -> Self:
        self.ask("hello")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The result; raises RuntimeError with what the worker says instead."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._last_id += 1
        request = {"id": self._last_id, "method": method, "params": params}
        self._process.stdin.write(encode_frame(request))
        self._process.stdin.flush()
        while (content := read_frame(self._process.stdout)) is not None:
            message: dict[str, Any] = json.loads(content)
            if message["id"] == self._last_id and "result" in message:
                return dict(message["result"])
            if "error" in message:
                raise RuntimeError(f"The worker refused {method}: {message['error']}")
        raise RuntimeError(f"The worker ended:\n{self._log.read_text(errors='replace')}")

    @property
    def seconds_spent(self) -> float:
        """Computing, by all its threads so far."""
        return float(sum(self._usage.cpu_times()[:2]))


def settle(workers: Sequence[WorkerClient]) -> None:
    """Wait until they do nothing: what one makes ready in advance must not disturb others."""
    end = time.monotonic() + LONGEST_SETTLING_S
    spent: list[float] = []
    while time.monotonic() < end:
        before, spent = spent, [worker.seconds_spent for worker in workers]
        if spent == before:
            return
        time.sleep(SETTLED_S)
