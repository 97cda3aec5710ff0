"""In which order a layer's prompts are asked: those of one patch after another, so that the engine
loads each patch once. What comes of them is given in the order of the layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import floor
from typing import Any, Callable, TypeVar

from qgis.PyQt.QtGui import QTransform

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

Place = tuple[int, int, int]
"""Level, row and column of a patch."""

AT_ONCE = 10_000
"""Prompts that are read before the first of them is asked, and kept until the last one is: there
may be millions."""

BOX_SHARE = 0.5
"""Of a patch's side: a larger box is answered from a coarser level."""


@dataclass(frozen=True)
class Places:
    """Where the engine looks for an answer, as far as a cache's description tells. An error costs
    time only: the engine itself chooses.

    to_pixels: from the engine's coordinates; patch, stride: in pixels of a level
    level: that is asked for, None for the engine's choice
    """

    to_pixels: QTransform
    patch: int
    stride: int
    levels: int
    level: int | None = None

    @classmethod
    def of(cls, described: Mapping[str, Any], level: int | None) -> Places:
        """described: what the engine's `open` tells of a cache"""
        a, b, c, d, e, f = described["transform"]
        grid = described["manifest"]["grid"]
        to_pixels, _ = QTransform(a, d, b, e, c, f).inverted()
        return cls(to_pixels, grid["patch"], grid["stride"], grid["levels"], level)

    def __call__(self, params: Mapping[str, Any]) -> Place:
        """params: as the engine's `predict` takes them"""
        pixels = [self.to_pixels.map(x, y) for x, y in _points(params)]
        xs, ys = zip(*pixels)
        is_box = "box" in params or "box_outline" in params
        side = max(max(xs) - min(xs), max(ys) - min(ys)) if is_box else 0.0
        level = self._level(side) if self.level is None else self.level
        row, col = (
            self._nearest((min(values) + max(values)) / 2 / 2**level) for values in (ys, xs)
        )
        return level, row, col

    def _level(self, side: float) -> int:
        fitting = (k for k in range(self.levels) if side / 2**k <= BOX_SHARE * self.patch)
        return next(fitting, self.levels - 1)

    def _nearest(self, pixel: float) -> int:
        """The row or column whose patch has its middle nearest to a pixel."""
        return max(0, floor((pixel - (self.patch - self.stride) / 2) / self.stride))


def by_place(items: Iterable[Item], place_of: Callable[[Item], Place]) -> Iterator[Item]:
    """The same items, `AT_ONCE` at a time, by their places; those of one in their order."""
    rest = iter(items)
    while True:
        some = list(islice(rest, AT_ONCE))
        if not some:
            return
        yield from sorted(some, key=place_of)


class LayerOrder:
    """Puts outcomes back into the order in which their numbers were drawn."""

    def __init__(self) -> None:
        self._drawn = self._given = 0
        self._outcomes: dict[int, Any] = {}

    def draw(self) -> int:
        """The number of the next item of the layer; each of them must come to an outcome."""
        self._drawn += 1
        return self._drawn - 1

    def numbered(self, items: Iterable[Item]) -> Iterator[tuple[int, Item]]:
        """Each item with its number, which is drawn as it is wanted."""
        for item in items:
            yield self.draw(), item

    def put(self, number: int, outcome: Outcome) -> None:
        self._outcomes[number] = outcome

    def ready(self) -> Iterator[Any]:
        """Outcomes that no earlier one has to come before any more."""
        while self._given in self._outcomes:
            outcome = self._outcomes.pop(self._given)
            self._given += 1
            yield outcome

    def rest(self) -> Iterator[Any]:
        """What there is when no more will come, as after a cancel."""
        for number in sorted(self._outcomes):
            yield self._outcomes.pop(number)


def _points(params: Mapping[str, Any]) -> list[list[float]]:
    """What decides where the object is: exclude points alone when there is nothing else."""
    if "box" in params:
        xmin, ymin, xmax, ymax = params["box"]
        return [[xmin, ymin], [xmax, ymax], [xmin, ymax], [xmax, ymin]]
    return params.get("box_outline") or params.get("include") or params["exclude"]
