"""`python -m encoder_tool.worker`."""

from __future__ import annotations

import logging
import os
import signal
import sys
from types import FrameType

from encoder_tool.worker.priority import lower_priority
from encoder_tool.worker.server import Worker
from encoder_tool.worker.wire import Replies, take_streams


class Terminated(BaseException):
    """A signal asks the process to end; not an Exception, so that nothing takes it for a fault."""


def main() -> int:
    """Serve until the input ends, `shutdown` is asked for, or a signal comes.

    Returns the process's exit status: 0, or 1 when the frames of the input could not be followed.
    """
    source, sink = take_streams()  # before anything else can print
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _terminate)
    lower_priority()
    worker = Worker(source, Replies(sink))
    followed = True
    try:
        followed = worker.serve()
    except Terminated:
        logging.info("asked to end by a signal")
    if not worker.end():
        # What is committed to a cache is safe, and a process without its QGIS helps nobody.
        logging.warning("the running request did not end in time and is cut off")
        logging.shutdown()
        os._exit(1)
    return 0 if followed else 1


def _terminate(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)  # the second one ends the process at once
    raise Terminated


if __name__ == "__main__":
    sys.exit(main())
