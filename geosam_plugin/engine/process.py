"""An engine process for an encode, or for many prompts, on a thread that may wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Callable

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QProcess, QThread, QThreadPool, QTimer

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.link import make_process, unstartable
from geosam_plugin.engine.log import EngineLog
from geosam_plugin.engine.protocol import (
    PROTOCOL_VERSION,
    EngineError,
    FrameReader,
    Message,
    ProtocolError,
    encode_frame,
)
from geosam_plugin.engine.sentences import unsendable

OnProgress = Callable[[dict[str, Any]], None]
IsCancelled = Callable[[], bool]

START_MS = 30_000
POLL_MS = 100
PING_POLLS = 50
"""Polls without a word from the engine after which it is asked whether it is there: 5 s."""
HANG_POLLS = 600
"""And after which it is taken for dead: 60 s."""
CANCEL_POLLS = 300
"""What a cancelled request may take to stop: 30 s, for a large model's patch on a CPU."""
END_MS = 3_000

HELLO_ID = 1


class EngineProcess:
    """A worker of its own for each session; not bound to any thread."""

    def __init__(self, command: EngineCommand) -> None:
        self._command = command
        self._log = EngineLog()

    @property
    def log_text(self) -> str:
        return self._log.text

    def run_blocking(
        self,
        method: str,
        params: dict[str, Any],
        on_progress: OnProgress | None = None,
        is_cancelled: IsCancelled | None = None,
        *,
        allow_gui_thread: bool = False,
    ) -> dict[str, Any]:
        """Start a worker, let it answer one request, and end it: see `session` and `request`."""
        with self.session(is_cancelled, allow_gui_thread=allow_gui_thread) as session:
            return session.request(method, params, on_progress)

    @contextmanager
    def session(
        self, is_cancelled: IsCancelled | None = None, *, allow_gui_thread: bool = False
    ) -> Iterator[EngineSession]:
        """A worker that answers requests until the end of the `with` block.

        is_cancelled: asked while a request is waited for
        allow_gui_thread: for Processing algorithms, which scripts and `qgis_process` run on the
            main thread by their own choice; the plugin itself must not wait there

        Raises EngineError "Failed" when the worker does not start, RuntimeError on the GUI thread.
        """
        if _is_gui_thread() and not allow_gui_thread:
            raise RuntimeError("run_blocking would freeze QGIS: call it from a task's thread")
        with _thread_for_others():
            process = make_process(self._command)
            process.start()
            try:
                if not process.waitForStarted(START_MS):
                    raise EngineError("Failed", unstartable(self._command))
                yield EngineSession(process, self._log, is_cancelled)
            finally:
                self._end(process)

    def _end(self, process: QProcess) -> None:
        if process.state() == QProcess.ProcessState.NotRunning:
            return
        process.closeWriteChannel()
        if not process.waitForFinished(END_MS):
            process.kill()
            process.waitForFinished(END_MS)


class EngineSession:
    """Requests to one worker, each answered before the next is asked.

    Patience is counted in polls rather than seconds: while the computer sleeps, time goes by in
    which the engine could not answer.
    """

    def __init__(
        self,
        process: QProcess,
        log: EngineLog,
        is_cancelled: IsCancelled | None,
    ) -> None:
        self._process = process
        self._log = log
        self._is_cancelled = is_cancelled
        self._wait = _turn_events if _is_gui_thread() else _sleep
        self._on_progress: OnProgress | None = None
        self._frames = FrameReader()
        self._last_id = HELLO_ID
        self._request_id = 0
        self._silent_polls = 0
        self._cancelled_polls: int | None = None
        self._send(HELLO_ID, "hello", {})

    def request(
        self, method: str, params: dict[str, Any], on_progress: OnProgress | None = None
    ) -> dict[str, Any]:
        """The result of a request. Callbacks come on this thread.

        Raises EngineError: the engine's own, or "Cancelled", "Crashed", "Refused", "Unsent".
        """
        self._on_progress = on_progress
        self._silent_polls = 0
        self._cancelled_polls = None
        self._request_id = self._next_id()
        self._send(self._request_id, method, params)
        while True:
            alive = self._process.state() != QProcess.ProcessState.NotRunning
            if alive:
                self._wait(self._process)
            self._log.append(bytes(self._process.readAllStandardError()))
            data = bytes(self._process.readAllStandardOutput())
            for message in self._parse(data):
                answer = self._take(message)
                if answer is not None:
                    return answer
            if not alive:
                raise EngineError(
                    "Crashed",
                    QCoreApplication.translate("GeoSAM", "The engine ended unexpectedly."),
                    self._log.last_line,
                )
            self._watch(bool(data))
            self._heed_cancel()

    def _parse(self, data: bytes) -> Any:
        try:
            return self._frames.feed(data)
        except ProtocolError as error:
            raise EngineError(
                "Crashed",
                QCoreApplication.translate("GeoSAM", "The engine answered something unreadable."),
                str(error),
            ) from error

    def _take(self, message: Message) -> dict[str, Any] | None:
        """The answer, once it is there."""
        message_id = message.get("id")
        if message_id == HELLO_ID and "result" in message:
            if message["result"].get("protocol") != PROTOCOL_VERSION:
                raise EngineError(
                    "Refused",
                    QCoreApplication.translate(
                        "GeoSAM", "The engine does not belong to this version of the plugin."
                    ),
                )
        elif message_id in (HELLO_ID, self._request_id) and "error" in message:
            raise EngineError.of(message["error"])
        elif message_id == self._request_id and "progress" in message:
            if self._on_progress is not None:
                self._on_progress(message["progress"])
        elif message_id == self._request_id:
            result: dict[str, Any] = message.get("result", {})
            return result
        return None

    def _watch(self, heard: bool) -> None:
        self._silent_polls = 0 if heard else self._silent_polls + 1
        if self._silent_polls >= HANG_POLLS:
            self._process.kill()
            raise EngineError(
                "Crashed", QCoreApplication.translate("GeoSAM", "The engine did not answer.")
            )
        if self._silent_polls and self._silent_polls % PING_POLLS == 0:
            self._send(self._next_id(), "ping", {})

    def _heed_cancel(self) -> None:
        if self._cancelled_polls is not None:
            self._cancelled_polls += 1
            if self._cancelled_polls < CANCEL_POLLS:
                return
            self._process.kill()
            raise EngineError("Cancelled", QCoreApplication.translate("GeoSAM", "Cancelled."))
        if self._is_cancelled is not None and self._is_cancelled():
            self._cancelled_polls = 0
            self._send(self._next_id(), "cancel", {"id": self._request_id})

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _send(self, message_id: int, method: str, params: dict[str, Any]) -> None:
        try:
            frame = encode_frame({"id": message_id, "method": method, "params": params})
        except (TypeError, ValueError) as error:
            raise unsendable(str(error)) from error
        self._process.write(frame)


@contextmanager
def _thread_for_others() -> Iterator[None]:
    """This thread only waits. QGIS has one for each core to run its tasks on: two encodes on two
    cores would leave none for what else is to be read, or drawn."""
    if _is_gui_thread():
        yield
        return
    threads = _task_threads()
    threads.releaseThread()
    try:
        yield
    finally:
        threads.reserveThread()


def _task_threads() -> QThreadPool:
    """Those on which QGIS runs its tasks: of their own since 3.34, before that those of all, which
    draw the map as well."""
    tasks = QgsApplication.taskManager()
    return tasks.threadPool() if hasattr(tasks, "threadPool") else QThreadPool.globalInstance()


def _is_gui_thread() -> bool:
    application = QCoreApplication.instance()
    return application is not None and QThread.currentThread() == application.thread()


def _sleep(process: QProcess) -> None:
    """Until the engine says something, or for a poll."""
    process.waitForReadyRead(POLL_MS)


def _turn_events(process: QProcess) -> None:
    """The same for the GUI thread, on which QGIS's batch dialog runs algorithms: its windows are
    drawn meanwhile, and its Cancel button is heard."""
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(loop.quit)
    process.readyReadStandardOutput.connect(loop.quit)
    process.finished.connect(loop.quit)
    timer.start(POLL_MS)
    status = loop.exec()
    process.readyReadStandardOutput.disconnect(loop.quit)
    process.finished.disconnect(loop.quit)
    if status != 0:  # QGIS is quitting: no event loop runs any more
        process.waitForReadyRead(POLL_MS)
