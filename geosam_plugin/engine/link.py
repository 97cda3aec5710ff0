"""One engine process on the GUI thread: started, spoken to and ended by signals alone."""

from __future__ import annotations

from qgis.PyQt.QtCore import (
    QCoreApplication,
    QObject,
    QProcess,
    QProcessEnvironment,
    QTimer,
    pyqtSignal,
)

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.log import EngineLog
from geosam_plugin.engine.protocol import FrameReader, ProtocolError

END_MS = 3000
"""How long a process that is not needed any more may take to end by itself."""

QUIT_MS = 300
"""And when QGIS quits, which waits for it."""


def make_process(command: EngineCommand, parent: QObject | None = None) -> QProcess:
    """A process that is not started yet."""
    process = QProcess(parent)
    environment = QProcessEnvironment()
    for name, value in command.environment.items():
        environment.insert(name, value)
    process.setProcessEnvironment(environment)
    process.setProgram(command.program)
    process.setArguments(list(command.arguments))
    return process


def unstartable(command: EngineCommand) -> str:
    """The sentence for a program that the system does not start."""
    return QCoreApplication.translate(
        "GeoSAM",
        "The engine's Python cannot be started: {}. Repair the engine on GeoSAM's settings page.",
    ).format(command.program)


class _Farewell(QObject):
    """Ends a process that still runs when the application quits, after which no signals come."""

    def __init__(self, process: QProcess) -> None:
        super().__init__(process)
        self._process = process
        QCoreApplication.instance().aboutToQuit.connect(self._on_quit)

    def _on_quit(self) -> None:
        process = self._process
        if process.state() == QProcess.ProcessState.NotRunning:
            return
        process.blockSignals(True)  # that it ends is no crash
        process.closeWriteChannel()
        if not process.waitForFinished(QUIT_MS):
            process.kill()
            process.waitForFinished(QUIT_MS)


class EngineLink(QObject):
    """A worker and the messages to and from it.

    received: a message of the worker's
    ended: the process is gone, with a sentence that says why; comes once, and never after
        `release`. `failed_to_start` tells whether there ever was one
    logged: lines of its stderr, and of this side's own
    """

    received = pyqtSignal(dict)
    ended = pyqtSignal(str)
    logged = pyqtSignal(str)

    def __init__(
        self, command: EngineCommand, log: EngineLog, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.failed_to_start = False
        self._command = command
        self._log = log
        self._frames = FrameReader()
        self._why = ""
        self._process: QProcess | None = make_process(command, self)
        _Farewell(self._process)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.errorOccurred.connect(self._on_error)
        self._process.finished.connect(self._on_finished)

    @property
    def process_id(self) -> int:
        """0 when there is no process."""
        return self._process.processId() if self._process is not None else 0

    def start(self) -> None:
        if self._process is not None:
            self._process.start()

    def send(self, frame: bytes) -> None:
        """Never waits: what the pipe does not take yet is sent by and by."""
        if self._process is not None:
            self._process.write(frame)

    def note(self, sentence: str) -> None:
        """A line of the plugin's own in the log."""
        self.logged.emit(self._log.note(sentence))

    def kill(self, why: str) -> None:
        """End the process at once; `ended` will say why."""
        if self._process is not None:
            self._why = why
            self._process.kill()

    def release(self) -> None:
        """Let the process end by itself, unseen and unawaited; kill it when it does not."""
        process, self._process = self._process, None
        if process is None:
            return
        for signal in (
            process.readyReadStandardOutput,
            process.readyReadStandardError,
            process.errorOccurred,
            process.finished,
        ):
            signal.disconnect()
        if process.state() == QProcess.ProcessState.NotRunning:
            process.deleteLater()
            return
        # It must outlive this object, but not the application.
        process.setParent(QCoreApplication.instance())
        process.finished.connect(process.deleteLater)
        process.closeWriteChannel()
        QTimer.singleShot(END_MS, process.kill)

    def _read(self) -> None:
        if self._process is None:
            return
        try:
            messages = self._frames.feed(bytes(self._process.readAllStandardOutput()))
        except ProtocolError as error:
            self.note(str(error))
            self.kill(
                QCoreApplication.translate("GeoSAM", "The engine answered something unreadable.")
            )
            return
        for message in messages:
            self.received.emit(message)

    def _read_log(self) -> None:
        if self._process is not None:
            lines = self._log.append(bytes(self._process.readAllStandardError()))
            if lines:
                self.logged.emit(lines)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        # All other errors are followed by `finished`.
        if error == QProcess.ProcessError.FailedToStart:
            self.failed_to_start = True
            self._end(unstartable(self._command))

    def _on_finished(self, _code: int, _status: QProcess.ExitStatus) -> None:
        self._read_log()
        self._read()
        self._end(
            self._why or QCoreApplication.translate("GeoSAM", "The engine ended unexpectedly.")
        )

    def _end(self, why: str) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
            self.note(why)
            self.ended.emit(why)
