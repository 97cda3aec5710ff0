"""What the user points at: clicks, boxes and shapes, with undo and redo; no Qt, no QGIS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

Point = tuple[float, float]

SHAPE_GROWTH = 0.05
"""Of a shape's longer side, by which the box is larger on every side that the engine draws around
it."""

INCLUDE, EXCLUDE, BOX, SHAPE = "include", "exclude", "box", "shape"

EXTENTS = (BOX, SHAPE)
"""What says by itself how large the object is."""


@dataclass(frozen=True)
class Prompt:
    """A click, a dragged box, or a known shape, in the raster's CRS.

    points: one for a click; for a box its outline, points along its edges; for a shape the
        points of its rings, one ring after the other, none with its first point repeated
    upright: the box has its sides along the axes of the raster's CRS
    pixel_size: side of a screen pixel when it was made, in units of the raster's CRS
    """

    kind: str
    points: tuple[Point, ...]
    upright: bool = False
    pixel_size: float | None = None
    ring_sizes: tuple[int, ...] = ()
    """How many points each ring of a shape has."""

    @property
    def rings(self) -> list[tuple[Point, ...]]:
        ends = list(accumulate(self.ring_sizes))
        return [self.points[end - size : end] for size, end in zip(self.ring_sizes, ends)]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        xs, ys = zip(*self.points)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def reach(self) -> Sequence[Point]:
        """Points that one patch has to hold; of a shape those of the box that the engine draws
        around it."""
        if self.kind != SHAPE:
            return self.points
        xmin, ymin, xmax, ymax = self.bounds
        margin = SHAPE_GROWTH * max(xmax - xmin, ymax - ymin)
        return (xmin - margin, ymin - margin), (xmax + margin, ymax + margin)


Prompts = tuple[Prompt, ...]


def prompt_params(prompts: Sequence[Prompt]) -> dict[str, Any]:
    """The prompts as parameters of the worker's `predict`, but for what is not there."""
    params: dict[str, Any] = {}
    for kind in (INCLUDE, EXCLUDE):
        points = [list(prompt.points[0]) for prompt in prompts if prompt.kind == kind]
        if points:
            params[kind] = points
    for prompt in prompts:
        if prompt.kind == BOX and prompt.upright:
            params["box"] = list(prompt.bounds)
        elif prompt.kind == BOX:
            params["box_outline"] = [list(point) for point in prompt.points]
        elif prompt.kind == SHAPE:
            params["shape"] = [[list(point) for point in ring] for ring in prompt.rings]
    return params


def shape_prompt(rings: Sequence[Sequence[Point]]) -> Prompt:
    points = tuple(point for ring in rings for point in ring)
    return Prompt(SHAPE, points, ring_sizes=tuple(len(ring) for ring in rings))


class PromptHistory:
    """The prompts of one object, with undo and redo. There is one box or shape at most: a new box
    takes the place of the last."""

    def __init__(self, first: Prompts = ()) -> None:
        """first: what an object has that was saved before; undo goes back to it"""
        self._states: list[Prompts] = [first]
        self._now = 0

    @property
    def prompts(self) -> Prompts:
        return self._states[self._now]

    @property
    def can_undo(self) -> bool:
        return self._now > 0

    @property
    def can_redo(self) -> bool:
        return self._now + 1 < len(self._states)

    def add(self, prompt: Prompt) -> None:
        kept = self.prompts
        if prompt.kind in EXTENTS:
            kept = tuple(p for p in kept if p.kind not in EXTENTS)
        self._push((*kept, prompt))

    def clear(self) -> None:
        """Can be undone, too: Esc is next to nothing on a keyboard."""
        if self.prompts:
            self._push(())

    def undo(self) -> bool:
        if not self.can_undo:
            return False
        self._now -= 1
        return True

    def redo(self) -> bool:
        if not self.can_redo:
            return False
        self._now += 1
        return True

    def drop_last(self) -> None:
        """Take the last step back for good."""
        if self.undo():
            del self._states[self._now + 1 :]

    def _push(self, prompts: Prompts) -> None:
        del self._states[self._now + 1 :]
        self._states.append(prompts)
        self._now += 1
