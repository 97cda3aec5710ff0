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

    def __init__(self, quiet: bool, resumes: bool, make_bar: Callable[[int], tqdm[Any]]) -> None:
        self.done = 0
        self._quiet = quiet
        self._resumes = resumes
        self._make_bar = make_bar
        self._bar: tqdm[Any] | None = None
        self._began = time.time()

    def reached(self, done: int, total: int | None) -> None:
        """`done` of `total` units are through; the estimate counts from the beginning."""
        if self._bar is None:
            self.done = done if self._resumes else 0
            self._bar = self._make_bar(self.done)
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
    session: Session, what: str, unit: str, *, resumes: bool = False, scaled: bool = False
) -> Iterator[Progress]:
    """A bar for the work in the block; none with --quiet.

    resumes: the first report tells what an earlier run did, which counts for no speed
    scaled: units are bytes, shown as kB and MB
    """

    def make_bar(initial: int) -> tqdm[Any]:
        return tqdm(
            desc=what, unit=unit, unit_scale=scaled, initial=initial, total=None,
            file=sys.stderr, disable=session.quiet, dynamic_ncols=True,
        )  # fmt: skip

    shown = Progress(session.quiet, resumes, make_bar)
    try:
        yield shown
    finally:
        shown.close()
