"""The oracle asked at grids of points: what it says of a shape in a patch is reckoned once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from encoder_tool.model.seam import PatchState
from encoder_tool.types import Masks, Prompt
from tests.support.oracle import OracleDecoder, Shape


class GridOracle(OracleDecoder):
    """Counts its answers in `asked`."""

    def __init__(self, *shapes: Shape) -> None:
        super().__init__(*shapes)
        self.asked = 0
        self._patch: Any = None
        self._known: dict[tuple[int, bool], Masks] = {}

    def decode(
        self, state: PatchState, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        self.asked += len(prompts)
        return super().decode(state, prompts, multimask=multimask)

    def _decode(self, state: PatchState, prompt: Prompt, multimask: bool) -> Masks:
        if state.tensors != self._patch:
            self._patch, self._known = state.tensors, {}
        level, window = state.tensors["level"], state.tensors["window"]
        shape = self._meant(prompt, level, window)
        known = -1 if shape is None else self.shapes.index(shape), multimask
        if known not in self._known:
            self._known[known] = super()._decode(state, prompt, multimask)
        return self._known[known]


def iou(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(one.intersection(other).area / one.union(other).area)


def matched(
    found: Sequence[shapely.Geometry], truth: Sequence[shapely.Geometry]
) -> list[tuple[int, float]]:
    """For each true shape which found one fits it best, and their IoU."""
    table = np.array([[iou(f, t) for f in found] for t in truth])
    return [(int(row.argmax()), float(row.max())) for row in table]
