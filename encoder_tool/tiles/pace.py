"""How fast a server is asked: waits that it demands hold for all connections at once."""

from __future__ import annotations

import threading
import time


class Pace:
    """Shared by the threads that ask one server."""

    def __init__(self, not_before: float = 0.0) -> None:
        """not_before: by the monotonic clock"""
        self._changed = threading.Condition()
        self._not_before = not_before
        self._stopped = False

    def successor(self) -> Pace:
        """For those who ask the same server once this one is stopped."""
        return Pace(self._not_before)

    def hold(self, seconds: float) -> None:
        """Nobody asks for so long."""
        with self._changed:
            self._not_before = max(self._not_before, time.monotonic() + seconds)

    @property
    def demanded_until(self) -> float:
        """By the monotonic clock; until then the server wants to be left alone."""
        with self._changed:
            return self._not_before

    def stop(self) -> None:
        """Nobody asks any more; those who wait wake up."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def wait(self, seconds: float = 0.0) -> bool:
        """Wait so long, and until asking is allowed; False when it is not any more."""
        own = time.monotonic() + seconds
        with self._changed:
            while not self._stopped:
                left = max(own, self._not_before) - time.monotonic()
                if left <= 0:
                    return True
                self._changed.wait(left)
            return False
