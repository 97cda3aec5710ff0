"""A worker process, and the frames to talk to it."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from encoder_tool.worker.wire import encode_frame, read_frame
from tests.support.cli import environment
from tests.support.patience import PATIENCE_S

Message = dict[str, Any]


class WorkerProcess:
    """A worker; a context manager that ends it.

    code: in place of `-m encoder_tool.worker`, for a worker with a defect
    """

    def __init__(self, log: Path, code: str | None = None) -> None:
        self.log = log
        self.messages: list[Message] = []
        how = ["-m", "encoder_tool.worker"] if code is None else ["-c", code]
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, *how],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, env=environment(),
            )  # fmt: skip
        self._arrived: queue.Queue[Message | None] = queue.Queue()
        self._next_id = 0
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reading.join()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()

    def write(self, content: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(content)
        self.process.stdin.flush()

    def frame(self, method: str, /, **params: Any) -> tuple[int, bytes]:
        """A request with the next id."""
        self._next_id += 1
        request = {"id": self._next_id, "method": method, "params": params}
        return self._next_id, encode_frame(request)

    def send(self, method: str, /, **params: Any) -> int:
        call_id, frame = self.frame(method, **params)
        self.write(frame)
        return call_id

    def receive(self) -> Message:
        """The next message, whatever it is."""
        message = self._arrived.get(timeout=PATIENCE_S)
        assert message is not None, f"The worker ended:\n{self.log.read_text()}"
        self.messages.append(message)
        return message

    def wait_for(self, call_id: int | None, *members: str) -> Message:
        """The first message to a request that has one of the members, by default an answer."""
        wanted = members or ("result", "error")
        seen = 0
        while True:
            for message in self.messages[seen:]:
                if message["id"] == call_id and any(member in message for member in wanted):
                    return message
            seen = len(self.messages)
            self.receive()

    def call(self, method: str, /, **params: Any) -> Message:
        """The answer to a request."""
        return self.wait_for(self.send(method, **params))

    def result(self, method: str, /, **params: Any) -> Message:
        """The result of a request that succeeds."""
        answer = self.call(method, **params)
        assert "result" in answer, answer
        return dict(answer["result"])

    def error(self, method: str, /, **params: Any) -> Message:
        """The error of a request that fails."""
        answer = self.call(method, **params)
        assert "error" in answer, answer
        return dict(answer["error"])

    def end_input(self) -> int:
        """Close the worker's stdin, read what it still says; returns its exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.wait()

    def wait(self) -> int:
        """The exit status, once the worker has ended; what it said is in `messages`."""
        while (message := self._arrived.get(timeout=PATIENCE_S)) is not None:
            self.messages.append(message)
        return self.process.wait(timeout=PATIENCE_S)

    def answers(self, call_id: int) -> list[Message]:
        """All answers to a request among the messages so far: there should be one."""
        return [m for m in self.messages if m["id"] == call_id and "progress" not in m]

    def _read(self) -> None:
        assert self.process.stdout is not None
        while (content := read_frame(self.process.stdout)) is not None:
            self._arrived.put(json.loads(content))
        self._arrived.put(None)


def kinds(messages: list[Message]) -> list[Mapping[str, Any]]:
    """The progress documents among messages."""
    return [message["progress"] for message in messages if "progress" in message]
