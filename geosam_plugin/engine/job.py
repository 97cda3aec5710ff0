"""A request that takes long, in a process of its own; on the GUI thread, where it never waits."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.link import EngineLink
from geosam_plugin.engine.log import EngineLog
from geosam_plugin.engine.protocol import PROTOCOL_VERSION, EngineError, Message, encode_frame
from geosam_plugin.engine.watch import Timing, Watchdog

translate = QCoreApplication.translate

JOB_TIMING = Timing(missed=12)
"""For a minute: torch is slow to load from a cold disk, all the more so at a low priority, and the
process does not answer meanwhile."""


class EngineJob(QObject):
    """One request of the worker's; see docs/worker-protocol.md.

    progressed: what the worker tells of it
    ended: once: None when it is done, else an EngineError, of the type "Cancelled" after `stop`,
        "Crashed" when the process has gone. What it wrote to is free for another writer then
    logged: lines of the process's log
    result: the worker's, once it is done
    """

    progressed = pyqtSignal(dict)
    ended = pyqtSignal(object)
    logged = pyqtSignal(str)

    def __init__(
        self,
        command: EngineCommand,
        method: str,
        params: dict[str, Any],
        parent: QObject | None = None,
        *,
        stop_ms: int,
        timing: Timing = JOB_TIMING,
    ) -> None:
        """stop_ms: what it may take to end once it is stopped; the process is killed then"""
        super().__init__(parent)
        self.result: dict[str, Any] = {}
        self._method, self._params = method, params
        self._last_id = self._hello_id = self._job_id = 0
        self._link = EngineLink(command, EngineLog(), self)
        self._link.received.connect(self._on_message)
        self._link.ended.connect(lambda why: self._end(EngineError("Crashed", why)))
        self._link.logged.connect(self.logged)
        self._watchdog = Watchdog(timing, self._ping, self._link.kill, self)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(stop_ms)
        self._patience.timeout.connect(self._lose_patience)
        self._has_ended = False

    @property
    def process_id(self) -> int:
        """0 when there is no process."""
        return self._link.process_id

    def start(self) -> None:
        """A program that cannot be started is told by `ended`, perhaps before this returns."""
        self._link.start()
        self._hello_id = self._send("hello", {})
        self._job_id = self._send(self._method, self._params)

    def stop(self) -> None:
        """`ended` comes when the patch at hand is done, or patience is over."""
        if not self._patience.isActive():
            self._send("cancel", {"id": self._job_id})
            self._patience.start()

    def release(self) -> None:
        """Let it end by itself, unseen and unawaited: `ended` does not come."""
        self._has_ended = True
        self._watchdog.stop()
        self._patience.stop()
        self._link.release()

    def _on_message(self, message: Message) -> None:
        self._watchdog.started()
        message_id = message.get("id")
        if self._watchdog.takes(message):
            return
        if message_id == self._job_id and "progress" in message:
            self.progressed.emit(message["progress"])
        elif message_id in (self._hello_id, self._job_id) and "error" in message:
            self._end(EngineError.of(message["error"]))
        elif message_id == self._hello_id:
            self._greet(message.get("result", {}))
        elif message_id == self._job_id:
            self.result = message.get("result", {})
            self._end(None)
        elif "error" in message:
            self._link.note(str(EngineError.of(message["error"])))

    def _greet(self, hello: dict[str, Any]) -> None:
        if hello.get("protocol") != PROTOCOL_VERSION:
            text = translate("GeoSAM", "The engine does not belong to this version of the plugin.")
            self._end(EngineError("Refused", text))

    def _lose_patience(self) -> None:
        self._link.kill(translate("GeoSAM", "The engine did not answer."))

    def _end(self, error: EngineError | None) -> None:
        if not self._has_ended:
            self.release()
            self.ended.emit(error)

    def _ping(self) -> int:
        return self._send("ping", {})

    def _send(self, method: str, params: dict[str, Any]) -> int:
        self._last_id += 1
        frame = encode_frame({"id": self._last_id, "method": method, "params": params})
        self._link.send(frame)
        return self._last_id
