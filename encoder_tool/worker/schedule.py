"""What is executed next: one request at a time, in order, previews last and only the newest, and
when there is none, what may be asked for next is made ready."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from encoder_tool.worker.calls import Call
from encoder_tool.worker.wire import ProtocolError

Found = Literal["queued", "running", "unknown"]


@dataclass(frozen=True, eq=False)
class Running:
    """The request being executed.

    ahead: it is not to be answered, only what it may lead to is to be made ready
    stop: set when it should end early
    """

    call: Call
    ahead: bool = False
    started: float = field(default_factory=time.monotonic)
    stop: threading.Event = field(default_factory=threading.Event)


class Schedule:
    """Requests that wait, and the one that is executed; shared by two threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[Call] = deque()
        self._hover: Call | None = None
        self._ahead: Call | None = None
        self._running: Running | None = None
        self._closed = False

    def submit(self, call: Call) -> Call | None:
        """Queue a request; returns the preview that it supersedes, if any.

        Raises ProtocolError when its id is in use.
        """
        with self._changed:
            if self._find(call.id) != "unknown":
                # Without the id: the request that has it is still to be answered.
                raise ProtocolError(f"A request with the id {call.id} is not answered yet.")
            superseded = None
            if call.is_hover:
                superseded, self._hover = self._hover, call
            else:
                self._waiting.append(call)
            self._changed.notify_all()
            return superseded

    def prefetch(self, call: Call) -> None:
        """Make ready what this call is about once nothing waits, in place of what was to be made
        ready until now."""
        with self._changed:
            if not self._closed:
                self._ahead = call
                self._changed.notify_all()

    def follow(self, answered: Call) -> None:
        """As `prefetch`, for what may follow a request that is answered, unless a client has said
        what it wants."""
        with self._changed:
            if self._ahead is None:
                self.prefetch(answered)

    def take(self) -> Running | None:
        """Wait for a request and start it; None when there will be no more."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or self._waiting or self._hover or self._ahead
            )
            if self._waiting:
                call = self._waiting.popleft()
            elif self._hover is not None:
                call, self._hover = self._hover, None
            elif self._ahead is not None:
                call, self._ahead = self._ahead, None
                # Not `running`: it is answered already, and its id may be another's.
                return Running(call, ahead=True)
            else:
                return None
            self._running = Running(call)
            return self._running

    def finish(self) -> None:
        """What was taken is done."""
        with self._changed:
            self._running = None

    def cancel(self, call_id: int) -> tuple[Found, Call | None]:
        """Ask a running request to end early, or take a waiting one out and return it."""
        with self._changed:
            found = self._find(call_id)
            if found == "running" and self._running:
                self._running.stop.set()
            if found != "queued":
                return found, None
            if self._hover is not None and self._hover.id == call_id:
                call, self._hover = self._hover, None
            else:
                call = next(c for c in self._waiting if c.id == call_id)
                self._waiting.remove(call)
            return found, call

    def close(self) -> list[Call]:
        """Start nothing more, ask the running request to end; returns those that waited."""
        with self._changed:
            left = [*self._waiting, *([self._hover] if self._hover else [])]
            self._waiting.clear()
            self._hover = self._ahead = None
            self._closed = True
            if self._running is not None:
                self._running.stop.set()
            self._changed.notify_all()
            return left

    def next_of(self, method: str) -> Call | None:
        """The request of a method that is executed, else the first that waits."""
        with self._changed:
            running = [self._running.call] if self._running else []
            return next((c for c in [*running, *self._waiting] if c.method == method), None)

    def status(self) -> dict[str, Any]:
        """What is going on, for the watchdog at the other end."""
        with self._changed:
            busy = None
            if self._running is not None:
                call = self._running.call
                busy = {
                    "id": call.id,
                    "method": call.method,
                    "seconds": round(time.monotonic() - self._running.started, 3),
                }
            return {"busy": busy, "queued": len(self._waiting) + (self._hover is not None)}

    def _find(self, call_id: int) -> Found:
        if self._running is not None and self._running.call.id == call_id:
            return "running"
        waiting = [*self._waiting, *([self._hover] if self._hover else [])]
        return "queued" if any(call.id == call_id for call in waiting) else "unknown"
