"""The engine on this machine: where it is, in what state, and how it gets there."""

from __future__ import annotations

import os
import traceback
from dataclasses import replace
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Callable

from qgis.PyQt.QtCore import QCoreApplication, QObject, QStandardPaths, QTimer, pyqtSignal

from geosam_plugin.errands import Errands
from geosam_plugin.install.lock import InstallLock
from geosam_plugin.install.messages import describe, scrub, title
from geosam_plugin.install.network import Download, ProxySettings
from geosam_plugin.install.platform import this_platform
from geosam_plugin.install.problems import Kind, Problem
from geosam_plugin.install.run import IDLE_MINUTES, ProgramRunner
from geosam_plugin.install.state import forget_current, read_current, remove_unused
from geosam_plugin.install.steps import Flavour, Step, lock_uses, locks_hash
from geosam_plugin.install.uv_fetch import DEFAULT_INDEX
from geosam_plugin.install.work import (
    Aside,
    InstallRequest,
    Place,
    Ran,
    Work,
    installation,
    verification,
)
from geosam_plugin.paths import engine_source, locks_directory
from geosam_plugin.settings import EngineSettings

translate = QCoreApplication.translate

ROOT_VARIABLE = "GEOSAM_ENGINE_DIR"
"""Environment variable that puts engines elsewhere, e.g. on a disk with more room."""

MAX_LOG_LINES = 5_000


class EngineStatus(Enum):
    """MISSING: none; OUTDATED: works, but this plugin would install other packages; BROKEN: its
    Python has gone; OWN: the user's own Python; READY: all is well."""

    MISSING = "missing"
    OUTDATED = "outdated"
    BROKEN = "broken"
    OWN = "own"
    READY = "ready"


def engine_root() -> Path:
    """Where engines are kept: local to this machine, apart from QGIS's profiles."""
    override = os.environ.get(ROOT_VARIABLE)
    if override:
        return Path(override)
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(data) / "geosam-engine"


def find_engine() -> str | None:
    """The Python that runs the engine: the user's own, else the installed one's; None if there
    is none."""
    settings = EngineSettings.load()
    if settings.python and settings.is_complete:
        return settings.python if Path(settings.python).is_file() else None
    root = engine_root()
    current = read_current(root)
    return str(current.python_path(root)) if current and current.is_whole(root) else None


def engine_status() -> EngineStatus:
    """The state that the Engine page shows."""
    settings = EngineSettings.load()
    if settings.python and settings.is_complete:
        is_there = Path(settings.python).is_file()
        return EngineStatus.OWN if is_there else EngineStatus.BROKEN
    root = engine_root()
    current = read_current(root)
    if current is None:
        return EngineStatus.MISSING
    if not current.is_whole(root):
        return EngineStatus.BROKEN
    wanted = locks_hash(locks_directory(), lock_uses(this_platform(), Flavour(current.flavour)))
    return EngineStatus.READY if current.locks == wanted else EngineStatus.OUTDATED


def downloaded_model() -> str:
    """The model that was installed with the engine; "" when there is only the embedded one."""
    current = read_current(engine_root())
    return current.model if current is not None and current.flavour != Flavour.BASE.value else ""


def default_place() -> Place:
    return Place(engine_root(), locks_directory(), engine_source(), this_platform())


class Installer(QObject):
    """Drives one installation, or removal, at a time without ever blocking.

    progress: what is being done now; logged: a line of the log; finished: success and a sentence;
    removing: the engine is about to go, whoever runs one ends it
    """

    progress = pyqtSignal(str)
    logged = pyqtSignal(str)
    finished = pyqtSignal(bool, str)
    removing = pyqtSignal()

    def __init__(
        self,
        place: Place | None = None,
        idle_minutes: float = IDLE_MINUTES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._place = place or default_place()
        self._idle_minutes = idle_minutes
        self._log: list[str] = []
        self._work: Work | None = None
        self._good_end = self._refusal = ""
        self._lock: InstallLock | None = None
        self._program: ProgramRunner | None = None
        self._program_lines: list[str] = []
        self._download: Download | None = None
        self._is_cancelled = False
        self._errands = Errands("geosam-install", self)

    @property
    def is_running(self) -> bool:
        return self._lock is not None

    @property
    def log_text(self) -> str:
        """What happened so far, without passwords."""
        return "\n".join(self._log)

    def install(self, request: InstallRequest) -> None:
        """Begin an installation, through QGIS's proxy; `finished` follows."""
        work = _networked_installation(request, self._place, ProxySettings.read())
        self._begin(work, translate("GeoSAM", "The engine is ready."))

    def verify(self, python: str, flavour: Flavour) -> None:
        """Test a Python that is to be used as it is; `finished` follows."""
        work = verification(python, self._place, flavour)
        self._begin(work, translate("GeoSAM", "This Python runs the engine."))

    def remove(self) -> None:
        """Remove the engine; `finished` follows. What still runs in it, in another QGIS say, is
        removed by the next installation."""
        self.removing.emit()
        self._begin(_removal(self._place.root), translate("GeoSAM", "The engine was removed."))

    def cancel(self) -> None:
        """End what is being done; `finished` follows, and says what has changed, if anything."""
        if self._work is None:
            return
        self._is_cancelled = True
        if self._program is not None:
            self._program.cancel()
        elif self._download is not None:
            self._download.cancel()
            self._download = None
            self._throw(Problem(Kind.CANCELLED))

    def _begin(self, work: Work, good_end: str) -> None:
        if self.is_running:
            raise RuntimeError("An installation is running already.")
        self._log.clear()
        self._is_cancelled = False
        try:
            lock = InstallLock(self._place.root)
        except Problem as problem:
            self._refuse(problem)
            return
        # Whoever still holds this Python object. No lambda: Python may collect that before.
        self.destroyed.connect(lock.release)
        self._lock, self._work, self._good_end = lock, work, good_end
        # A method, not a lambda: it is not called when this object is gone meanwhile.
        QTimer.singleShot(0, self._send)

    def _refuse(self, problem: Problem) -> None:
        self._refusal = describe(problem)
        QTimer.singleShot(0, self._tell_refusal)

    def _tell_refusal(self) -> None:
        self.finished.emit(False, self._refusal)

    def _send(self, outcome: Any = None) -> None:
        self._resume(lambda work: work.send(outcome))

    def _throw(self, error: Exception) -> None:
        self._resume(lambda work: work.throw(error))

    def _resume(self, go_on: Callable[[Work], Any]) -> None:
        """Let the work go on to its next wish, and begin to fulfil that; after a cancel it may
        only say what that leaves behind."""
        if self._work is None:
            return
        try:
            if self._is_cancelled:
                self._work.throw(Problem(Kind.CANCELLED))
                raise Problem(Kind.CANCELLED)
            self._fulfil(go_on(self._work))
        except StopIteration:
            self._end(True, self._good_end)
        except Problem as problem:
            self._end(False, describe(problem))
        except OSError as error:
            self._note(str(error))
            self._end(False, describe(Problem(Kind.CANNOT_WRITE, self._place.root)))
        except Exception as error:  # noqa: BLE001 - it is told, and the next one may begin
            self._note(traceback.format_exc())
            self._end(False, describe(Problem(Kind.UNEXPECTED, type(error).__name__)))

    def _fulfil(self, wish: Any) -> None:
        if isinstance(wish, Step):
            self._run(wish)
        elif isinstance(wish, Aside):
            self._errands.send(wish.work, self._send, self._throw)
        else:
            self.progress.emit(translate("GeoSAM", "Asking the package index…"))
            self._note(f"Downloading {wish.url}")
            self._download = Download(wish.url, self._downloaded, self._downloaded, self)

    def _downloaded(self, outcome: Any) -> None:
        self._download = None
        self._send(outcome)

    def _run(self, step: Step) -> None:
        self.progress.emit(title(step.stage))
        words = [step.program, *step.arguments]
        self._note("$ " + " ".join("…" if "\n" in word else word for word in words))
        self._program_lines = []
        program = ProgramRunner(self._place.root, self._idle_minutes, self)
        program.line.connect(self._program_said)
        program.ended.connect(self._program_ended)
        program.idle.connect(self._program_idle)
        program.cancelled.connect(self._program_cancelled)
        self._program = program
        program.start(step.program, step.arguments, step.environment)

    def _program_said(self, line: str) -> None:
        self._program_lines.append(line)
        self._note(line)

    def _program_ended(self, code: int, output: str) -> None:
        self._forget_program()
        self._send(Ran(code, output, tuple(self._program_lines)))

    def _program_idle(self) -> None:
        self._forget_program()
        self._throw(Problem(Kind.IDLE, f"{self._idle_minutes:g}"))

    def _program_cancelled(self) -> None:
        self._forget_program()
        self._throw(Problem(Kind.CANCELLED))

    def _forget_program(self) -> None:
        if self._program is not None:
            self._program.deleteLater()
            self._program = None

    def _note(self, line: str) -> None:
        clean = scrub(line)
        self._log.append(clean)
        del self._log[:-MAX_LOG_LINES]
        self.logged.emit(clean)

    def _end(self, succeeded: bool, sentence: str) -> None:
        """Tidy up, give the lock back, and say so."""
        self._work = None
        self._note(sentence)
        self._errands.send(
            partial(remove_unused, self._place.root, downloads=succeeded),
            lambda _: self._tidied(succeeded, sentence),
            lambda error: self._tidied(succeeded, sentence, str(error)),
        )

    def _tidied(self, succeeded: bool, sentence: str, trouble: str = "") -> None:
        """trouble: why something that is not used was left; the next installation will see to it"""
        if trouble:
            self._note(trouble)
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        self.finished.emit(succeeded, sentence)


def _networked_installation(request: InstallRequest, place: Place, proxy: ProxySettings) -> Work:
    source = request.source
    index = source.index_url or DEFAULT_INDEX
    found = yield Aside(lambda: proxy.environment(index))
    source = replace(source, network={**found, **source.network})
    return (yield from installation(replace(request, source=source), place))


def _removal(root: Path) -> Work:
    """Forget the engine; its folder goes when the installer tidies up. A cancel comes too late."""
    try:
        yield Aside(partial(forget_current, root))
    except Problem:
        return
