"""What the engine wrote to stderr, as much of it as is worth keeping."""

from __future__ import annotations

MAX_LOG_BYTES = 64 << 10


class EngineLog:
    """The newest lines, at most `limit` bytes of them."""

    def __init__(self, limit: int = MAX_LOG_BYTES) -> None:
        self._limit = limit
        self._content = bytearray()

    def append(self, data: bytes) -> None:
        self._content += data
        excess = len(self._content) - self._limit
        if excess > 0:
            # A line that is cut off at its start would read as something else.
            end = self._content.find(b"\n", excess - 1)
            del self._content[: excess if end < 0 else end + 1]

    def note(self, sentence: str) -> None:
        """A line of the plugin's own."""
        start = b"" if not self._content or self._content.endswith(b"\n") else b"\n"
        self.append(start + f"[QGIS] {sentence}\n".encode())

    @property
    def text(self) -> str:
        return self._content.decode("utf-8", errors="replace")

    @property
    def last_line(self) -> str:
        """The engine's last words: in most cases its error."""
        lines = [line.strip() for line in self.text.splitlines()]
        return next((x for x in reversed(lines) if x and not x.startswith("[QGIS]")), "")
