"""Timing of things that are compared: they take turns, so that what else the machine does falls
on all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
Input = TypeVar("Input")
Result = TypeVar("Result")


@dataclass
class Series:
    """Seconds of one kind of work, one value a turn.

    wall: what a user waits; cpu: what all threads of this process spent meanwhile, which other
        programs hardly disturb
    """

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def p50_ms(self) -> float:
        return self._percentile(50)

    @property
    def p95_ms(self) -> float:
        return self._percentile(95)

    def summary(self) -> dict[str, float]:
        return {
            "turns": len(self.wall),
            "best_ms": 1e3 * min(self.wall),
            "p50_ms": self.p50_ms,
            "p95_ms": self.p95_ms,
            "cpu_p50_ms": 1e3 * float(np.median(self.cpu)),
        }

    def _percentile(self, share: float) -> float:
        return 1e3 * float(np.percentile(self.wall, share))


def timed(
    series: Series, work: Callable[P, Result], *arguments: P.args, **options: P.kwargs
) -> Result:
    """Do the work once and note what it took; what it returns."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work(*arguments, **options)
    series.wall.append(time.perf_counter() - wall)
    series.cpu.append(time.process_time() - cpu)
    return result


def take_turns(
    works: Mapping[str, Callable[[Input], object]],
    inputs: Sequence[Input],
    turns: int,
    before: Callable[[], object] | None = None,
) -> dict[str, Series]:
    """Time each work so many times, after a turn that is not counted. In a turn all get the same
    one of the inputs, and in each turn another work is the first.

    before: called ahead of each work, and not timed
    """
    found = {name: Series() for name in works}
    names = list(works)
    for work in works.values():
        work(inputs[0])
    for turn in range(turns):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            if before is not None:
                before()
            timed(found[name], works[name], inputs[turn % len(inputs)])
    return found
