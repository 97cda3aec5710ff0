"""The requests of the plugin that the engine has not answered yet."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Any, Callable

from qgis.PyQt import sip

from geosam_plugin.engine.protocol import EngineError

OnResult = Callable[[dict[str, Any]], None]
OnError = Callable[[EngineError], None]
OnProgress = Callable[[dict[str, Any]], None]

MAX_ATTEMPTS = 2
"""A request that was being answered when the engine crashed is sent once more."""


@dataclass
class Request:
    """What is asked, and who wants to know the answer.

    frame: the message as it is sent
    attempts: how often it was sent
    """

    id: int
    frame: bytes
    on_result: OnResult
    on_error: OnError | None = None
    on_progress: OnProgress | None = None
    is_hover: bool = False
    attempts: int = 0

    def succeed(self, result: dict[str, Any]) -> None:
        _call(self.on_result, result)

    def fail(self, error: EngineError) -> None:
        _call(self.on_error, error)

    def tell(self, progress: dict[str, Any]) -> None:
        _call(self.on_progress, progress)


class RequestQueue:
    """Requests in order, previews last and only the newest of them.

    current: the one that was sent. One at a time, so that it is known which came with a crash
    """

    def __init__(self) -> None:
        self.current: Request | None = None
        self._waiting: deque[Request] = deque()
        self._hover: Request | None = None

    def __len__(self) -> int:
        return len(self._waiting) + (self._hover is not None) + (self.current is not None)

    def add(self, request: Request) -> None:
        if request.is_hover:
            self._hover = request
        else:
            self._waiting.append(request)

    def send_next(self) -> Request | None:
        """Make the next request the current one; None when there is none or one is under way."""
        if self.current is not None:
            return None
        if self._waiting:
            self.current = self._waiting.popleft()
        else:
            self.current, self._hover = self._hover, None
        if self.current is not None:
            self.current.attempts += 1
        return self.current

    def withdraw(self, request_id: int) -> Request | None:
        """Take out one that still waits."""
        if self._hover is not None and self._hover.id == request_id:
            request, self._hover = self._hover, None
            return request
        for request in self._waiting:
            if request.id == request_id:
                self._waiting.remove(request)
                return request
        return None

    def crashed(self) -> Request | None:
        """The engine is gone: the current request comes first again, or is returned when it is
        not worth another attempt. A preview never is."""
        request, self.current = self.current, None
        if request is None or request.is_hover or request.attempts >= MAX_ATTEMPTS:
            return request
        self._waiting.appendleft(request)
        return None

    def recall(self) -> None:
        """Another engine answers from now on: the current request comes first again."""
        request, self.current = self.current, None
        if request is not None and not request.is_hover:
            request.attempts -= 1
            self._waiting.appendleft(request)

    def clear(self) -> list[Request]:
        """Forget everything; returns what there was."""
        left = [r for r in (self.current, *self._waiting, self._hover) if r is not None]
        self._waiting.clear()
        self._hover = self.current = None
        return left


def _call(callback: Callable[[Any], None] | None, value: Any) -> None:
    """Unless whoever asked has gone meanwhile: Qt deletes windows under their Python objects."""
    if callback is not None and not _has_gone(callback):
        callback(value)


def _has_gone(callback: Callable[[Any], None]) -> bool:
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    return isinstance(owner, sip.simplewrapper) and sip.isdeleted(owner)
