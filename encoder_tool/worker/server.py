"""Reading requests and answering them: one thread reads, one executes.

The thread that reads answers what takes no time itself (`ping`, `cancel`, `shutdown`, `prefetch`
and what steers an encode), so that whoever started the process can tell one that hangs from one
that is busy.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, BinaryIO

from encoder_tool.errors import Cancelled, EngineError, MissingDependencyError, UsageError
from encoder_tool.worker.calls import (
    Call,
    parse_call,
    parse_cancel,
    parse_focus,
    parse_hold,
    parse_prefetch,
)
from encoder_tool.worker.schedule import Running, Schedule
from encoder_tool.worker.wire import (
    FrameError,
    ProtocolError,
    Replies,
    error_frame,
    internal_error_frame,
    progress_frame,
    read_frame,
    result_frame,
)

if TYPE_CHECKING:
    from encoder_tool.worker.methods import Methods

GRACE_S = 10.0
"""How long a running request may take to end once the input has ended."""

logger = logging.getLogger(__name__)


class Superseded(EngineError):  # noqa: N818 - an outcome, not a fault
    """A newer preview took the place of one that was still waiting."""


class Worker:
    """Answers every request from `source` exactly once."""

    def __init__(self, source: BinaryIO, replies: Replies) -> None:
        self._source = source
        self._replies = replies
        self._schedule = Schedule()
        self._methods: Methods | None = None
        self._executing = threading.Thread(target=self._execute_all, name="execute", daemon=True)

    def serve(self) -> bool:
        """Read requests until the input ends or `shutdown` is asked for.

        Returns False when the input's frames could not be followed to its end.
        """
        self._executing.start()
        try:
            while (frame := read_frame(self._source)) is not None:
                if not self._receive(frame):
                    break
        except FrameError as error:
            logger.error("%s", error)
            self._replies.send(error_frame(None, error))
            return False
        return True

    def end(self) -> bool:
        """Start nothing more, and wait for what is running; False when it takes too long."""
        for call in self._schedule.close():
            self._replies.send(error_frame(call.id, Cancelled("The engine is ending.")))
        if self._executing.ident is None:
            return True
        self._executing.join(GRACE_S)
        return not self._executing.is_alive()

    def _receive(self, frame: bytes) -> bool:
        """Answer or queue a request; False when it is the last one."""
        try:
            call = parse_call(frame)
            if call.method == "shutdown":
                self._replies.send(result_frame(call.id, {}))
                return False
            if call.method == "ping":
                self._replies.send(result_frame(call.id, self._schedule.status()))
            elif call.method == "cancel":
                self._cancel(call)
            elif call.method in ("focus", "hold"):
                self._steer(call)
            elif call.method == "prefetch":
                self._prefetch(call)
            elif (superseded := self._schedule.submit(call)) is not None:
                newer = Superseded("A newer preview was asked for meanwhile.")
                self._replies.send(error_frame(superseded.id, newer))
        except ProtocolError as error:
            logger.error("%s", error)
            self._replies.send(error_frame(error.call_id, error))
        return True

    def _cancel(self, call: Call) -> None:
        try:
            found, waiting = self._schedule.cancel(parse_cancel(call.params))
        except UsageError as error:
            self._replies.send(error_frame(call.id, error))
            return
        if waiting is not None:
            never = Cancelled("Cancelled before it was started.")
            self._replies.send(error_frame(waiting.id, never))
        self._replies.send(result_frame(call.id, {"state": found}))

    def _steer(self, call: Call) -> None:
        """Tell the encode that runs, or is the first to run, what is wanted of it."""
        encode = self._schedule.next_of("encode")
        try:
            if call.method == "focus":
                focus = parse_focus(call.params)
                if encode is not None:
                    encode.steering.refocus(focus)
            else:
                seconds = parse_hold(call.params)
                if encode is not None:
                    encode.steering.hold(seconds)
        except UsageError as error:
            self._replies.send(error_frame(call.id, error))
            return
        told = None if encode is None else encode.id
        self._replies.send(result_frame(call.id, {"encode": told}))

    def _prefetch(self, call: Call) -> None:
        try:
            parse_prefetch(call.params)
        except UsageError as error:
            self._replies.send(error_frame(call.id, error))
            return
        self._schedule.prefetch(call)
        self._replies.send(result_frame(call.id, {}))

    def _execute_all(self) -> None:
        while (running := self._schedule.take()) is not None:
            if running.ahead:
                self._prepare_ahead(running.call)
                continue
            answer = self._execute(running)
            self._schedule.finish()  # first: who has the answer may ask what is running
            self._replies.send(answer)
            if running.call.method == "predict":
                self._schedule.follow(running.call)

    def _prepare_ahead(self, call: Call) -> None:
        """Nobody waits for it, so whatever fails is for the log alone."""
        try:
            self._loaded().prepare_ahead(call)
        except EngineError as error:
            logger.debug("Nothing made ready ahead: %s", error)
        except Exception:  # one request's bug must not end the worker
            logger.exception("making ready ahead, after request %d", call.id)

    def _execute(self, running: Running) -> bytes:
        """The frame that answers a request."""
        call = running.call
        try:
            return self._answer(running)
        except Exception as error:  # one request's bug must not end the worker
            logger.exception("request %d, %s", call.id, call.method)
            return internal_error_frame(call.id, error)

    def _answer(self, running: Running) -> bytes:
        """A result, or an error that was foreseen."""
        call = running.call
        try:
            result = self._loaded().execute(
                call,
                lambda progress: self._replies.send(progress_frame(call.id, progress)),
                lambda: running.stop.is_set() or self._replies.lost,
            )
            return result_frame(call.id, result)
        except EngineError as error:
            return error_frame(call.id, error)
        except ImportError as error:
            logger.exception("%s cannot be imported", error.name)
            return error_frame(call.id, _broken_environment(error))

    def _loaded(self) -> Methods:
        # The engine's heavy modules are imported in the thread that does not answer pings; that
        # they cannot be imported is an answer too.
        if self._methods is None:
            from encoder_tool.worker.methods import Methods

            self._methods = Methods()
        return self._methods


def _broken_environment(error: ImportError) -> MissingDependencyError:
    return MissingDependencyError(
        f"The engine's environment lacks a working Python package: {error.name or error}.",
        "Repair or reinstall the engine.",
    )
