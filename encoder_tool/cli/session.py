"""What all commands of one invocation share: verbosity, streams, and how to be stopped."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import click


@dataclass
class Session:
    """The options that every command takes, wherever they stand on the line."""

    debug: bool = False
    quiet: bool = False

    def say(self, sentence: str) -> None:
        """A sentence for the person at the terminal, on stderr; silent with --quiet."""
        if not self.quiet:
            click.echo(sentence, err=True)


def current_session() -> Session:
    """The session of the running command."""
    return click.get_current_context().find_object(Session) or Session()


def print_json(document: Mapping[str, Any]) -> None:
    """A JSON document on stdout; ASCII with escapes, because a path need not be valid UTF-8."""
    click.echo(json.dumps(document, indent=2, allow_nan=False))


def print_table(rows: list[tuple[str, str]]) -> None:
    """Names and values in two columns, on stdout."""
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        click.echo(f"{name:<{width}}  {value}")


class StopSwitch:
    """Thrown by the first Ctrl-C or SIGTERM; the second one aborts at once."""

    def __init__(self, session: Session, unit: str) -> None:
        self._session = session
        self._unit = unit
        self._thrown = False

    def __call__(self) -> bool:
        return self._thrown

    def throw(self, _signal: int, _frame: FrameType | None) -> None:
        if self._thrown:
            raise KeyboardInterrupt
        self._thrown = True
        self._session.say(
            f"\nStopping after the current {self._unit}; press Ctrl-C again to abort."
        )


@contextmanager
def stop_switch(session: Session, unit: str = "batch") -> Iterator[StopSwitch]:
    """A switch that the user's signals throw while the block runs.

    unit: of work, after which the block asks
    """
    switch = StopSwitch(session, unit)
    previous = {s: signal.signal(s, switch.throw) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield switch
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
