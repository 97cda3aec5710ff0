"""The worker's protocol, as docs/worker-protocol.md describes it: frames and errors, no Qt."""

from __future__ import annotations

import json
from typing import Any

PROTOCOL_VERSION = 1

LENGTH_BYTES = 4

MAX_FRAME_BYTES = 64 << 20

Message = dict[str, Any]


class ProtocolError(Exception):
    """The other side sends something that is no message."""


class EngineError(Exception):
    """The engine's answer to a request that failed, or that it could not answer.

    type: the engine's name for it, such as "NotEncodedError"; of this side are "Crashed" (the
        engine ended instead of answering), "Failed" (it cannot be started, or was given up),
        "Refused" (it is not the engine of this plugin), "Unsent" (the request cannot be put
        into a message) and "Unused" (the plugin met an error with the answer)
    message, hint: one plain sentence each, in English where the engine speaks: `sentences.tell`
        has the user's language; the hint may be empty
    details: for programs, such as the extent to encode
    """

    def __init__(
        self, type: str, message: str, hint: str = "", details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.type = type
        self.message = message
        self.hint = hint
        self.details = details or {}

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    @classmethod
    def of(cls, error: dict[str, Any]) -> EngineError:
        """From the `error` member of an answer."""
        return cls(
            str(error.get("type") or "Internal"),
            str(error.get("message") or ""),
            str(error.get("hint") or ""),
            error.get("details"),
        )


def encode_frame(message: Message) -> bytes:
    """Raises ValueError for numbers that JSON has not (NaN, infinities).

    ASCII with escapes, because a path need not be valid UTF-8.
    """
    content = json.dumps(message, allow_nan=False).encode("ascii")
    return len(content).to_bytes(LENGTH_BYTES, "little") + content


class FrameReader:
    """Puts messages together from the pieces in which a pipe delivers them."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete by now; raises ProtocolError."""
        self._buffer += data
        messages = []
        while len(self._buffer) >= LENGTH_BYTES:
            size = int.from_bytes(self._buffer[:LENGTH_BYTES], "little")
            if size > MAX_FRAME_BYTES:
                raise ProtocolError(f"a message of {size} bytes was announced")
            end = LENGTH_BYTES + size
            if len(self._buffer) < end:
                break
            messages.append(_parse(bytes(self._buffer[LENGTH_BYTES:end])))
            del self._buffer[:end]
        return messages


def _parse(content: bytes) -> Message:
    try:
        message = json.loads(content.decode("utf-8"))
    except ValueError as error:
        raise ProtocolError(f"a message is not JSON ({error})") from error
    if not isinstance(message, dict):
        raise ProtocolError("a message is not an object")
    return message
