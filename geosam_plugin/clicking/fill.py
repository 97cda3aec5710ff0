"""The image that is clicked is encoded meanwhile: what the user points at first, then what is
around it. No map, no prompts: only places, and the process that encodes."""

from __future__ import annotations

import time
from enum import Enum
from typing import Any, Callable

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from geosam_plugin.engine.encoding import SteeredEncode
from geosam_plugin.engine.protocol import EngineError

Place = dict[str, Any]
"""As the worker's `focus` takes it."""

HOLD_S = 1.5
"""After a prompt the processor is the user's for so long: the next one is likely to come."""

PAUSE_S = 60.0
RENEW_MS = 30_000
"""A pause is asked for again and again: an encode whose owner is gone does not wait for ever."""


class FillState(Enum):
    """OFF: none for this image; STOPPING: when the patch at hand is done; STOPPED: by the user;
    FAILED: by an error; DONE: everything is encoded."""

    OFF = "off"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"


class Fill(QObject):
    """One encode at a time: a new one begins when the process of the last one has ended.

    changed: state or counts
    grew: these patches were committed: a set of (level, row, column)
    ended: it is over, and not by `stop`; the EngineError, None when everything is encoded
    stopped: by `stop`; the cache is as it stays
    done, total: patches of this run; total is 0 until it is known
    is_paused: only what is wanted is encoded
    follows: only what the user looks at is encoded, and then it waits for where that will be next
    """

    changed = pyqtSignal()
    grew = pyqtSignal(object)
    ended = pyqtSignal(object)
    stopped = pyqtSignal()

    def __init__(
        self, make: Callable[[dict[str, Any]], SteeredEncode], parent: QObject | None = None
    ) -> None:
        """make: an encode with these parameters, not started yet"""
        super().__init__(parent)
        self.state = FillState.OFF
        self.is_paused = self.follows = False
        self.done = self.total = 0
        self._make = make
        self._params: dict[str, Any] = {}
        self._encode: SteeredEncode | None = None
        self._has_successor = False
        self._has_grown = False
        self._has_order = False
        self._wanted: Place | None = None
        self._seen: Place | None = None
        self._told: Place | None = None
        self._held_until = 0.0
        self._renew = QTimer(self)
        self._renew.setInterval(RENEW_MS)
        self._renew.timeout.connect(self._hold_or_go_on)

    @property
    def is_on(self) -> bool:
        return self.state in (FillState.STARTING, FillState.RUNNING)

    @property
    def process_id(self) -> int:
        """0 when there is no process."""
        return self._encode.process_id if self._encode is not None else 0

    @property
    def is_waiting(self) -> bool:
        """All that the user looks at is encoded."""
        is_known = self._has_order and self.state is FillState.RUNNING
        return self.follows and is_known and self.done >= self.total

    def begin(self, params: dict[str, Any], seen: Place | None, *, follows: bool = False) -> None:
        """Encode in the order in which it is wanted.

        params: of the worker's `encode`, but for the focus
        seen: where the user looks; None when that is not on the image. One that follows waits then
            for where to begin
        """
        self._params, self._seen, self._wanted = params, seen, None
        self.is_paused, self.follows = False, follows
        self.done = self.total = 0
        self._has_successor = self._encode is not None
        self._set_state(FillState.STARTING)
        if self._encode is None:
            self._start()
        else:
            self._encode.stop()

    def stop(self) -> None:
        """What is encoded is kept."""
        if self.is_on:
            self._has_successor = False
            self._set_state(FillState.STOPPING)
            if self._encode is not None:
                self._encode.stop()
            else:
                self._on_ended(None)

    def forget(self) -> None:
        """Another image is chosen: stop, and tell nothing of it any more."""
        self.stop()
        self._set_state(FillState.OFF)

    def close(self) -> None:
        """Let the process end by itself, unawaited."""
        if self._encode is not None:
            self._encode.release()
            self._drop()
        self.state = FillState.OFF

    def pause(self, is_paused: bool) -> None:
        if is_paused != self.is_paused:
            self.is_paused = is_paused
            self._turn()
            self._hold_or_go_on()
            self.changed.emit()

    # --- where, and when

    def want(self, place: Place | None) -> None:
        """The user waits for what is encoded there; None when not any more."""
        if place != self._wanted:
            self._wanted = place
            self._turn()
            self._hold_or_go_on()

    def look_at(self, place: Place | None) -> None:
        """The user looks there, or points at it without waiting; None when that is not on the
        image."""
        if place is not None and place != self._seen:
            self._seen = place
            self._turn()
            self._hold_or_go_on()

    def give_way(self) -> None:
        """The user asks about what is encoded."""
        now = time.monotonic()
        if self._wanted is None and not self.is_paused and self._held_until - now < HOLD_S / 2:
            self._held_until = now + HOLD_S
            self._hold(HOLD_S)

    @property
    def _place(self) -> Place | None:
        """Where to encode: while it is paused, no more than what is wanted, and nothing that is
        only shown."""
        place = self._wanted or self._seen
        if place is None or not self.is_paused:
            return place
        return {name: value for name, value in place.items() if name != "extent"}

    def _turn(self) -> None:
        place = self._place
        if place is None or place == self._told or self._has_successor:
            return
        if self._encode is None and self.is_on:
            self._start()
        elif self._encode is not None:
            self._told = place
            self._encode.focus(place)

    def _hold_or_go_on(self) -> None:
        self._held_until = 0.0
        self._hold(PAUSE_S if self.is_paused and self._wanted is None else 0)

    def _hold(self, seconds: float) -> None:
        if self._encode is not None and self.state is FillState.RUNNING:
            self._encode.hold(seconds)

    # --- the process

    def _start(self) -> None:
        self._has_successor = self._has_grown = self._has_order = False
        self._told = self._place
        if self.follows and self._told is None:
            return
        self._encode = encode = self._make({**self._params, "focus": self._told})
        encode.progressed.connect(self._on_progress)
        encode.ended.connect(self._on_ended)
        self._renew.start()
        encode.start()

    def _drop(self) -> None:
        self._renew.stop()
        if self._encode is not None:
            self._encode.deleteLater()
            self._encode = None

    def _on_progress(self, told: dict[str, Any]) -> None:
        if self._has_successor or self.state is FillState.OFF:
            return
        if "done" in told:
            self.done, self.total = told["done"], told["total"]
            self._has_order = "focus" in told  # before, it is not known how much that is
            if self.state is FillState.STARTING:
                self.state = FillState.RUNNING
                self._hold_or_go_on()
            self.changed.emit()
        if told.get("committed"):
            self._has_grown = True
            self.grew.emit({tuple(patch) for patch in told["committed"]})

    def _on_ended(self, error: EngineError | None) -> None:
        has_crashed = error is not None and error.type == "Crashed"
        self._drop()
        if self._has_successor:
            self._start()
        elif self.state is FillState.STOPPING:
            self._set_state(FillState.STOPPED)
            self.stopped.emit()
        elif self.is_on and has_crashed and self._has_grown:
            self._set_state(FillState.STARTING)
            self._start()  # for as long as it gets anywhere
        elif self.is_on:
            self._set_state(FillState.FAILED if error is not None else FillState.DONE)
            self.ended.emit(error)

    def _set_state(self, state: FillState) -> None:
        self.state = state
        self.changed.emit()
