"""Progress bars with an estimate of the time left, on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from encoder_tool.cli.session import Session


class Progress:
    """A bar that is told how far the work has come; there is none before that.

    So nothing but an error's sentence is seen where nothing could be done.
    """

    def __init__(self, done: int, quiet: bool, make_bar: Callable[[], tqdm[Any]]) -> None:
        self.done = done
        self._quiet = quiet
        self._make_bar = make_bar
        self._bar: tqdm[Any] | None = None
        self._began = time.time()

    def reached(self, done: int, total: int | None) -> None:
        """`done` of `total` units are through; the estimate counts from the beginning."""
        if self._bar is None:
            self._bar = self._make_bar()
            # tqdm reckons from when its bar was made.
            self._bar.start_t = self._bar.last_print_t = self._began
        if self._bar.total != total:
            self._bar.total = total
        self._bar.update(done - self.done)
        self.done = done

    def say(self, sentence: str) -> None:
        """A sentence on stderr that does not tear the bar apart."""
        if not self._quiet:
            tqdm.write(sentence, file=sys.stderr)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


@contextmanager
def progress(
    session: Session, what: str, unit: str, *, initial: int = 0, scaled: bool = False
) -> Iterator[Progress]:
    """A bar for the work in the block; none with --quiet.

    initial: what an earlier run did; scaled: units are bytes, shown as kB and MB
    """

    def make_bar() -> tqdm[Any]:
        return tqdm(
            desc=what, unit=unit, unit_scale=scaled, initial=initial, total=None,
            file=sys.stderr, disable=session.quiet, dynamic_ncols=True,
        )  # fmt: skip

    shown = Progress(initial, session.quiet, make_bar)
    try:
        yield shown
    finally:
        shown.close()
