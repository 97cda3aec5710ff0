"""Frames, and the two streams they travel on: 4 bytes of length, then that much UTF-8 JSON."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from typing import Any, BinaryIO

from encoder_tool.errors import EngineError

PROTOCOL_VERSION = 1

LENGTH_BYTES = 4

MAX_FRAME_BYTES = 64 << 20
"""The coverage of a raster of 200,000 x 200,000 pixels is 15 MB; a click is 300 bytes."""

logger = logging.getLogger(__name__)


class ProtocolError(EngineError):
    """What came in is no request.

    call_id: of the request it was meant to be, None when that cannot be told
    """

    def __init__(self, message: str, hint: str | None = None, call_id: int | None = None) -> None:
        super().__init__(message, hint)
        self.call_id = call_id


class FrameError(ProtocolError):
    """Where the next frame starts is not known any more."""


def read_frame(source: BinaryIO) -> bytes | None:
    """The next frame's content; None at the end of the stream.

    Raises FrameError for a frame that is too large or cut off.
    """
    head = source.read(LENGTH_BYTES)
    if not head:
        return None
    size = int.from_bytes(head, "little")
    if size > MAX_FRAME_BYTES:
        raise FrameError(
            f"A message of {size} bytes was announced; at most {MAX_FRAME_BYTES} are allowed.",
            "Messages start with their length, four bytes, the lowest first.",
        )
    content = source.read(size)
    if len(head) < LENGTH_BYTES or len(content) < size:
        raise FrameError("The input ended in the middle of a message.")
    return content


def encode_frame(message: Mapping[str, Any]) -> bytes:
    """Raises ValueError for numbers that JSON has not (NaN, infinities), ProtocolError for a
    message that is too large."""
    # In ASCII: a file name that is not UTF-8 has lone surrogates, which only escapes can hold.
    content = json.dumps(message, allow_nan=False, separators=(",", ":"))
    encoded = content.encode("ascii")
    if len(encoded) > MAX_FRAME_BYTES:
        raise ProtocolError("The answer is too large to be sent.", "Ask for less at once.")
    return len(encoded).to_bytes(LENGTH_BYTES, "little") + encoded


def result_frame(call_id: int, result: Mapping[str, Any]) -> bytes:
    return encode_frame({"id": call_id, "result": result})


def progress_frame(call_id: int, progress: Mapping[str, Any]) -> bytes:
    return encode_frame({"id": call_id, "progress": progress})


def error_frame(call_id: int | None, error: EngineError) -> bytes:
    return _error_frame(
        call_id, type(error).__name__, error.message, error.hint, dict(error.details)
    )  # fmt: skip


def internal_error_frame(call_id: int, error: Exception) -> bytes:
    """For what nobody foresaw."""
    message = f"The engine met an unexpected error ({type(error).__name__}: {error})."
    return _error_frame(call_id, "Internal", message, "The engine's log has the details.", {})


def _error_frame(
    call_id: int | None, kind: str, message: str, hint: str | None, details: dict[str, Any]
) -> bytes:
    error = {"type": kind, "message": message, "hint": hint, "details": details}
    return encode_frame({"id": call_id, "error": error})


class Replies:
    """Where frames go; any thread may send one.

    lost: nobody reads them any more
    """

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._lock = threading.Lock()
        self.lost = False

    def send(self, frame: bytes) -> None:
        with self._lock:
            if self.lost:
                return
            try:
                self._sink.write(frame)
                self._sink.flush()
            except OSError as error:
                self.lost = True
                logger.warning("answers cannot be sent any more: %s", error)


def take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Take stdin and stdout for the protocol; what is printed from here on goes to stderr.

    At the level of file descriptors, so that libraries in C and child processes neither write
    into the answers nor read away requests.
    """
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (0, 1):
            msvcrt.setmode(descriptor, os.O_BINARY)
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return source, sink
