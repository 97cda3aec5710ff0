"""What requests want of an encode that runs: set by the thread that reads, looked at by it."""

from __future__ import annotations

import time

from encoder_tool.types import Focus

MAX_HOLD_S = 60.0
"""So that a client that dies or forgets does not stop an encode for good."""


class Steering:
    """The latest wishes. Each is one attribute, replaced as a whole: no lock is needed."""

    def __init__(self) -> None:
        self._focus: Focus | None = None
        self._held_until = 0.0

    @property
    def focus(self) -> Focus | None:
        return self._focus

    @property
    def held_s(self) -> float:
        return self._held_until - time.monotonic()

    def refocus(self, focus: Focus) -> None:
        self._focus = focus

    def hold(self, seconds: float) -> None:
        """Begin no further patch for so long; 0 ends what was asked for before."""
        self._held_until = time.monotonic() + seconds
