"""An encode with nano that waits at its third patch, for tests that end it there: on any machine,
quick or busy, patches are done by then and patches are left."""

from __future__ import annotations

import time
from collections.abc import Callable

from encoder_tool.model.encoder_onnx import OnnxEncoder
from encoder_tool.types import Features, FloatArray

COMMAND_LINE = """
import sys
from encoder_tool.cli import run
from encoder_tool.cli.session import StopSwitch
from tests.support.held_encode import hold_third_patch

throw, thrown = StopSwitch.throw, []

def throw_and_tell(self, *signal):
    throw(self, *signal)
    thrown.append(signal)

StopSwitch.throw = throw_and_tell
hold_third_patch(lambda: bool(thrown))
sys.exit(run(sys.argv[1:]))
"""
"""The command line: its encode goes on once a signal has asked it to stop."""

WORKER = """
import sys
from encoder_tool.worker import methods, server
from encoder_tool.worker.__main__ import main
from tests.support.held_encode import hold_third_patch
from tests.support.patience import PATIENCE_S

encode = methods._encode

def held_encode(call, on_progress, should_stop):
    methods._encode = encode
    hold_third_patch(should_stop)
    return encode(call, on_progress, should_stop)

methods._encode = held_encode
server.GRACE_S = PATIENCE_S
sys.exit(main())
"""
"""A worker: its first encode goes on once it is to end, and has the time it needs for that; those
that come after it are not held."""


def hold_third_patch(until: Callable[[], bool]) -> None:
    hold_patch(3, until)


def hold_patch(number: int, until: Callable[[], bool]) -> None:
    """From now on this process encodes the patches before one, and that once `until` says so."""
    encode, begun = OnnxEncoder.encode, 0

    def held(self: OnnxEncoder, patches: FloatArray) -> list[Features]:
        nonlocal begun
        begun += 1
        while begun == number and not until():
            time.sleep(0.01)
        return encode(self, patches)

    OnnxEncoder.encode = held  # type: ignore[method-assign]
