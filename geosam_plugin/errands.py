"""Slow work, done away from the GUI thread, and its outcome handed over there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer

LOOK_MS = 30
"""About a frame."""


class Errands(QObject):
    """Calls slow functions, each on a thread of its own, and hands their outcomes over.

    Python's daemon threads: folders on a network drive may take for ever when the drive is gone,
    and QGIS may be closed, or the plugin unloaded, in the middle. They touch no Qt object, which
    may be gone by the time that they come back: a timer looks after them.
    """

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        """name: of the threads"""
        super().__init__(parent)
        self._name = name
        self._errands: list[_Errand] = []
        self._threads: list[threading.Thread] = []
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Whether there is an outcome still to come."""
        return bool(self._errands)

    def send(
        self,
        work: Callable[[], Any],
        on_done: Callable[[Any], None],
        on_error: Callable[[Exception], None] | None = None,
        *,
        if_dropped: Callable[[Any], None] | None = None,
        patience_s: float = 0.0,
    ) -> None:
        """Call `work` on a thread, and then `on_done` with what it returned, on this one.

        on_error: takes what `work` raised, instead; without it that is raised here
        if_dropped: takes what `work` returned when nobody wants it any more; on either thread
        patience_s: wait so long for it at once: `on_done` may come before this returns
        """
        errand = _Errand(work, on_done, on_error or _raise, if_dropped)
        self._errands.append(errand)
        thread = threading.Thread(target=errand.run, name=self._name, daemon=True)
        thread.start()
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        if patience_s:
            thread.join(patience_s)
        self._timer.start()
        if patience_s:
            self._look()

    def drop(self) -> None:
        """What is still to come is not wanted any more, and not told."""
        dropped, self._errands = self._errands, []
        self._timer.stop()
        for errand in dropped:
            errand.drop()

    def wait(self, seconds: float) -> None:
        """Until the threads have ended, those of `drop` included, but no longer."""
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _look(self) -> None:
        for errand in [errand for errand in self._errands if errand.is_over]:
            if errand not in self._errands:
                continue  # the one before it had them dropped
            self._errands.remove(errand)
            if not self._errands:
                self._timer.stop()
            errand.hand_over()


class _Errand:
    """One call, and what became of it. It is free of Qt."""

    def __init__(
        self,
        work: Callable[[], Any],
        on_done: Callable[[Any], None],
        on_error: Callable[[Exception], None],
        if_dropped: Callable[[Any], None] | None,
    ) -> None:
        self._work, self._on_done, self._on_error = work, on_done, on_error
        self._if_dropped = if_dropped
        self._lock = threading.Lock()
        self._is_dropped = False
        self._value: Any = None
        self._error: Exception | None = None
        self.is_over = False

    def run(self) -> None:
        try:
            self._value = self._work()
        except Exception as error:  # noqa: BLE001 - raised again where it can be told
            self._error = error
        with self._lock:
            self.is_over = True
            is_dropped = self._is_dropped
        if is_dropped:
            self._let_go()

    def drop(self) -> None:
        with self._lock:
            self._is_dropped = True
            is_over = self.is_over
        if is_over:
            self._let_go()

    def hand_over(self) -> None:
        if self._error is not None:
            self._on_error(self._error)
        else:
            self._on_done(self._value)

    def _let_go(self) -> None:
        if self._if_dropped is not None and self._error is None:
            self._if_dropped(self._value)


def _raise(error: Exception) -> None:
    raise error
