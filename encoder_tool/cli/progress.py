"""Progress bars with an estimate of the time left, on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from encoder_tool.cli.session import Session


class Progress:
    """A bar that is told how far the work has come."""

    def __init__(self, bar: tqdm[Any]) -> None:
        self._bar = bar
        self.done = 0

    def reached(self, done: int, total: int | None) -> None:
        """`done` of `total` units are through; the estimate counts from the first call on."""
        if self._bar.total != total:
            self._bar.total = total
        self._bar.update(done - self.done)
        self.done = done

    def say(self, sentence: str) -> None:
        """A sentence on stderr that does not tear the bar apart."""
        if not self._bar.disable:
            tqdm.write(sentence, file=sys.stderr)


@contextmanager
def progress(
    session: Session, what: str, unit: str, *, initial: int = 0, scaled: bool = False
) -> Iterator[Progress]:
    """A bar for the work in the block; none with --quiet.

    initial: what an earlier run did; scaled: units are bytes, shown as kB and MB
    """
    bar: tqdm[Any] = tqdm(
        desc=what, unit=unit, unit_scale=scaled, initial=initial, total=None,
        file=sys.stderr, disable=session.quiet, dynamic_ncols=True,
    )  # fmt: skip
    shown = Progress(bar)
    shown.done = initial
    with bar:
        yield shown
