"""What the engine wrote to stderr, as much of it as is worth keeping."""

from __future__ import annotations

from collections import deque

MAX_LOG_BYTES = 64 << 10

OWN = "[QGIS] "
"""Starts the lines that are the plugin's own."""


class EngineLog:
    """The newest lines, at most `limit` bytes of them."""

    def __init__(self, limit: int = MAX_LOG_BYTES) -> None:
        self._limit = limit
        self._lines: deque[bytes] = deque()
        self._rest = b""
        self._size = 0

    def append(self, data: bytes) -> str:
        """Returns the lines that are complete by now; "" for none."""
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[-self._limit :]
        self._lines.extend(lines)
        self._size += sum(len(line) + 1 for line in lines)
        while self._lines and self._size + len(self._rest) > self._limit:
            self._size -= len(self._lines.popleft()) + 1
        return _decode(lines)

    def note(self, sentence: str) -> str:
        """A line of the plugin's own, which also ends the one before; returns what was added."""
        start = "\n" if self._rest else ""
        return self.append(f"{start}{OWN}{sentence}\n".encode())

    @property
    def text(self) -> str:
        return _decode(self._lines) + self._rest.decode("utf-8", errors="replace")

    @property
    def last_line(self) -> str:
        """The engine's last words: in most cases its error."""
        for line in (self._rest, *reversed(self._lines)):
            text = line.decode("utf-8", errors="replace").strip()
            if text and not text.startswith(OWN):
                return text
        return ""


def _decode(lines: list[bytes] | deque[bytes]) -> str:
    return b"".join(line + b"\n" for line in lines).decode("utf-8", errors="replace")
