"""The engine as the plugin sees it: prompts go to `EngineClient`, each encode has its own
`EngineProcess`. Both start the plugin's own copy of `encoder_tool` in the engine's Python."""

from __future__ import annotations

import traceback
from collections import deque
from typing import Any, Callable

from qgis.core import Qgis, QgsMessageLog
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from geosam_plugin.engine.command import EngineCommand, engine_command
from geosam_plugin.engine.link import EngineLink
from geosam_plugin.engine.log import EngineLog
from geosam_plugin.engine.process import EngineProcess
from geosam_plugin.engine.protocol import PROTOCOL_VERSION, EngineError, Message, encode_frame
from geosam_plugin.engine.queue import OnError, OnProgress, OnResult, Request, RequestQueue
from geosam_plugin.engine.sentences import tell, unsendable
from geosam_plugin.engine.watch import DEFAULT_TIMING, Timing, Watchdog

__all__ = [
    "EngineClient",
    "EngineCommand",
    "EngineError",
    "EngineProcess",
    "Timing",
    "engine_command",
]

MAX_CRASHES = 3
"""So many in a row, without an answer between them, and the engine is given up."""

STOPPED, STARTING, READY = "stopped", "starting", "ready"
RESTARTING, FAILED = "restarting", "failed"


class EngineClient(QObject):
    """The worker that answers prompts; to be used on the GUI thread, where it never waits.

    Requests are kept in order and sent one by one, so that it is known which one a crash came
    with; previews go last, and only the newest counts. Callbacks come on the GUI thread, one
    answer for each request, unless `shutdown` comes first or the callback's object is deleted.
    A result whose callback raises is answered by `on_error` as well, with the type "Unused".

    stateChanged: one of "stopped", "starting", "ready", "restarting", "failed"
    restarted: a sentence for the user, once for each crash that is overcome
    failed: a sentence for the user: the engine is given up until `start` is called. Pending
        requests fail with the type "Failed": the sentence need not be shown for each of them
    logged: lines that `log_text` has more
    """

    stateChanged = pyqtSignal(str)  # noqa: N815 - Qt's way
    restarted = pyqtSignal(str)
    failed = pyqtSignal(str)
    logged = pyqtSignal(str)

    def __init__(
        self,
        command: EngineCommand,
        parent: QObject | None = None,
        timing: Timing = DEFAULT_TIMING,
    ) -> None:
        super().__init__(parent)
        self._command = command
        self._timing = timing
        self._state = STOPPED
        self._log = EngineLog()
        self._link: EngineLink | None = None
        self._watchdog: Watchdog | None = None
        self._last_id = 0
        self._hello_id = 0
        self._queue = RequestQueue()
        self._crashes = 0
        self._failure = ""
        self._hello: dict[str, Any] = {}
        self._launch_timer = QTimer(self)
        self._launch_timer.setSingleShot(True)
        self._launch_timer.timeout.connect(self._launch)
        self._failing: deque[tuple[Request, EngineError]] = deque()
        self._fail_timer = QTimer(self)
        self._fail_timer.setSingleShot(True)
        self._fail_timer.timeout.connect(self._fail_now)

    @property
    def state(self) -> str:
        return self._state

    @property
    def command(self) -> EngineCommand:
        """Starts other processes of the same engine."""
        return self._command

    @property
    def hello(self) -> dict[str, Any]:
        """Versions and capabilities, as docs/worker-protocol.md describes; empty before "ready"."""
        return self._hello

    @property
    def log_text(self) -> str:
        return self._log.text

    @property
    def process_id(self) -> int:
        """0 when there is no process."""
        return self._link.process_id if self._link is not None else 0

    @property
    def pending(self) -> int:
        """Requests that are not answered yet."""
        return len(self._queue)

    def start(self) -> None:
        """Start the engine, also after it has failed; not needed before `request`."""
        if self._state in (STOPPED, FAILED):
            self._crashes = 0
            self._failure = ""
            self._set_state(STARTING)
            self._launch_timer.start(0)  # a program that is missing may be told at once

    def use(self, command: EngineCommand) -> None:
        """Go on in another engine, which is asked what this one has not answered; the same one
        is started again if it has failed."""
        if command == self._command and self._state != FAILED:
            return
        self._command = command
        if self._state != STOPPED:
            self._queue.recall()
            self._drop_link()
            self._set_state(STOPPED)
            self.start()

    def give_up(self, sentence: str) -> None:
        """End the engine, as if it had failed: what is pending fails with the type "Failed"."""
        self._give_up(sentence)

    def request(
        self,
        method: str,
        params: dict[str, Any],
        on_result: OnResult,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
    ) -> int:
        """Ask the engine; returns the id for `cancel`. Callbacks never come before this returns.

        When the engine has failed, or the parameters cannot be sent (a coordinate that is no
        number, say), `on_error` is called with that.
        """
        return self._ask(method, params, on_result, on_error, on_progress)

    def hover(
        self, params: dict[str, Any], on_result: OnResult, on_error: OnError | None = None
    ) -> int:
        """Ask for a preview (`predict`), in place of any that still waits: that one's callbacks
        are not called. A preview is not repeated after a crash."""
        asked = {**params, "hover": True}
        return self._ask("predict", asked, on_result, on_error, is_hover=True)

    def cancel(self, request_id: int) -> None:
        """`on_error` is called with the type "Cancelled", unless the answer is already on its way.

        What is being answered is asked to stop; prompts are too quick for that to matter.
        """
        current = self._queue.current
        if current is not None and current.id == request_id:
            self._send(self._next_id(), "cancel", {"id": request_id})
            return
        request = self._queue.withdraw(request_id)
        if request is not None:
            sentence = QCoreApplication.translate("GeoSAM", "Cancelled.")
            self._fail_later(request, EngineError("Cancelled", sentence))

    def add_to_log(self, lines: str) -> None:
        """What another process of the engine wrote to its own log."""
        self.logged.emit(self._log.append(lines.encode()))

    def shutdown(self) -> None:
        """End the engine without waiting for it; callbacks of what is pending are not called."""
        self._queue.clear()
        self._failing.clear()
        self._fail_timer.stop()
        self._drop_link()
        self._set_state(STOPPED)

    # --- the process

    def _launch(self) -> None:
        self._drop_link()
        link = EngineLink(self._command, self._log, self)
        link.received.connect(self._on_message)
        link.ended.connect(self._on_ended)
        link.logged.connect(self.logged)
        self._link = link
        self._hello_id = self._next_id()
        self._watchdog = Watchdog(self._timing, self._ping, link.kill, self)
        self._set_state(STARTING)
        link.start()
        self._send(self._hello_id, "hello", {})

    def _drop_link(self) -> None:
        self._launch_timer.stop()
        if self._watchdog is not None:
            self._watchdog.stop()
            self._watchdog.deleteLater()
            self._watchdog = None
        link, self._link = self._link, None
        if link is not None:
            link.blockSignals(True)
            link.release()
            link.deleteLater()

    def _on_message(self, message: Message) -> None:
        message_id, current = message.get("id"), self._queue.current
        if message_id == self._hello_id:
            self._on_hello(message)
        elif self._watchdog is not None and self._watchdog.takes(message):
            pass
        elif current is not None and message_id == current.id:
            self._on_answer(current, message)

    def _on_hello(self, message: Message) -> None:
        if "error" in message:
            self._give_up(tell(EngineError.of(message["error"])))
            return
        hello = message.get("result", {})
        if hello.get("protocol") != PROTOCOL_VERSION:
            self._give_up(self._say_other_version(hello))
            return
        self._hello = hello
        if self._watchdog is not None:
            self._watchdog.started()
        self._set_state(READY)
        self._send_next()

    def _on_answer(self, request: Request, message: Message) -> None:
        if "progress" in message:
            self._hand_over(request.tell, message["progress"])
            return
        self._queue.current = None
        self._crashes = 0
        # Sent before the callback: the engine works while the GUI draws.
        self._send_next()
        if "error" in message:
            error = EngineError.of(message["error"])
            if not request.is_hover:
                self._note(f"{error.type}: {error}")
            self._hand_over(request.fail, error)
        elif not self._hand_over(request.succeed, message.get("result", {})):
            self._hand_over(request.fail, EngineError("Unused", self._say_unused()))

    def _hand_over(self, take: Callable[[Any], None], answer: Any) -> bool:
        """Call back; a callback that raises must not keep the next ones from being called."""
        try:
            take(answer)
        except Exception:  # noqa: BLE001 - whatever the caller's code may raise
            QgsMessageLog.logMessage(traceback.format_exc(), "GeoSAM", Qgis.MessageLevel.Critical)
            return False
        return True

    def _on_ended(self, why: str) -> None:
        failed_to_start = self._link is not None and self._link.failed_to_start
        exhausted = self._queue.crashed()
        self._drop_link()
        self._crashes += 1
        if failed_to_start:
            self._give_up(why)
        elif self._crashes >= MAX_CRASHES:
            self._give_up(self._say_given_up(why))
        else:
            self._set_state(RESTARTING)
            self._launch_timer.start(self._timing.restart_ms)
            self.restarted.emit(self._say_restarted(why))
        if exhausted is not None:
            self._fail_later(exhausted, EngineError("Crashed", self._say_exhausted(why)))

    def _give_up(self, sentence: str) -> None:
        self._failure = sentence
        self._drop_link()
        pending = self._queue.clear()
        self._set_state(FAILED)
        self.failed.emit(sentence)
        for request in pending:
            self._fail_later(request, EngineError("Failed", sentence))

    def _set_state(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self.stateChanged.emit(state)

    # --- requests

    def _ask(
        self,
        method: str,
        params: dict[str, Any],
        on_result: OnResult,
        on_error: OnError | None = None,
        on_progress: OnProgress | None = None,
        is_hover: bool = False,
    ) -> int:
        request_id = self._next_id()
        request = Request(request_id, b"", on_result, on_error, on_progress, is_hover)
        try:
            request.frame = _frame(request_id, method, params)
        except (TypeError, ValueError) as error:
            self._fail_later(request, unsendable(str(error)))
        else:
            self._enqueue(request)
        return request_id

    def _enqueue(self, request: Request) -> None:
        if self._state == FAILED:
            self._fail_later(request, EngineError("Failed", self._failure))
            return
        self._queue.add(request)
        if self._state == STOPPED:
            self.start()
        else:
            self._send_next()

    def _send_next(self) -> None:
        request = self._queue.send_next() if self._state == READY else None
        if request is not None and self._link is not None:
            self._link.send(request.frame)

    def _send(self, message_id: int, method: str, params: dict[str, Any]) -> None:
        if self._link is not None:
            self._link.send(_frame(message_id, method, params))

    def _ping(self) -> int:
        ping_id = self._next_id()
        self._send(ping_id, "ping", {})
        return ping_id

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _fail_later(self, request: Request, error: EngineError) -> None:
        self._failing.append((request, error))
        self._fail_timer.start(0)

    def _fail_now(self) -> None:
        for _ in range(len(self._failing)):
            if self._failing:  # a callback may have called `shutdown`
                request, error = self._failing.popleft()
                self._hand_over(request.fail, error)

    def _note(self, line: str) -> None:
        self.logged.emit(self._log.note(line))

    # --- sentences

    def _say_restarted(self, why: str) -> str:
        text = QCoreApplication.translate("GeoSAM", "{why} It is being started again.")
        return text.format(why=why)

    def _say_exhausted(self, why: str) -> str:
        return QCoreApplication.translate(
            "GeoSAM", "{why} That has happened twice over the same prompts: try others."
        ).format(why=why)

    def _say_given_up(self, why: str) -> str:
        return QCoreApplication.translate(
            "GeoSAM",
            "The engine ended %n time(s) in a row and is not started again. {why} "
            "Its last words: {words}",
            None,
            self._crashes,
        ).format(why=why, words=self._log.last_line or "-")

    def _say_other_version(self, hello: dict[str, Any]) -> str:
        return QCoreApplication.translate(
            "GeoSAM",
            "The engine (version {engine}) does not belong to this version of the plugin. "
            "Restart QGIS; if that does not help, install the plugin again.",
        ).format(engine=hello.get("engine", "?"))

    def _say_unused(self) -> str:
        return QCoreApplication.translate(
            "GeoSAM",
            "GeoSAM met an unexpected error with the engine's answer. QGIS's log messages say "
            "more.",
        )


def _frame(message_id: int, method: str, params: dict[str, Any]) -> bytes:
    """Raises TypeError and ValueError for what JSON has not."""
    return encode_frame({"id": message_id, "method": method, "params": params})
