"""A decoder that knows the truth: signed distances to given shapes, no model.

The shapes lie in level-0 pixels of a raster. The features of a `FakeCache` say which window of
which level a patch is, so the oracle samples the distance where a real decoder's logits would
be: at the 256 x 256 cell centres. Geometry is proven with it, independent of a model's quality.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from encoder_tool.model.seam import PatchState
from encoder_tool.types import LOGIT_CELL, LOGIT_SIZE, Features, Masks, Prompt, Window

Array = npt.NDArray[np.float64]

SCORES = (0.6, 0.9, 0.7)
"""Of the three candidates: a part (shrunk by PART_PX), the shape itself, a whole (grown)."""

PART_PX = 12.0


class Shape(Protocol):
    """Something with an outline, in level-0 pixels."""

    polygon: shapely.Polygon

    def signed_distance(self, x: Array, y: Array) -> Array:
        """Positive inside."""


class Disc:
    def __init__(self, x: float, y: float, radius: float) -> None:
        self.x, self.y, self.radius = x, y, radius
        self.polygon = shapely.Point(x, y).buffer(radius, quad_segs=256)

    def signed_distance(self, x: Array, y: Array) -> Array:
        return self.radius - np.hypot(x - self.x, y - self.y)


class Outline:
    """Any polygon, with holes too."""

    def __init__(self, polygon: shapely.Polygon) -> None:
        self.polygon = polygon
        shapely.prepare(polygon)

    def signed_distance(self, x: Array, y: Array) -> Array:
        distance = np.full(x.shape, np.inf)
        for ring in shapely.get_rings(shapely.get_parts(self.polygon)):
            points = shapely.get_coordinates(ring)
            for (ax, ay), (bx, by) in pairwise(points):
                dx, dy = bx - ax, by - ay
                along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
                t = np.clip(along, 0.0, 1.0)
                distance = np.minimum(distance, np.hypot(x - ax - t * dx, y - ay - t * dy))
        return np.where(shapely.contains_xy(self.polygon, x, y), distance, -distance)


def rectangle(x: float, y: float, width: float, height: float, degrees: float = 0.0) -> Outline:
    """A rectangle centred at (x, y), turned about its centre."""
    upright = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Outline(shapely.affinity.rotate(upright, degrees))


class OracleDecoder:
    """A `PromptDecoder`: the shape at the first include point, else the one that fits the box."""

    def __init__(self, *shapes: Shape) -> None:
        self.shapes = shapes
        self.prepared = 0
        self.prompts: list[Prompt] = []
        self._fields: dict[tuple[Shape, int, Window], Array] = {}

    def prepare(self, features: Features) -> PatchState:
        self.prepared += 1
        level, col_off, row_off = (int(value) for value in features.image_embed.ravel()[:3])
        window = Window(col_off, row_off, LOGIT_SIZE * LOGIT_CELL, LOGIT_SIZE * LOGIT_CELL)
        return PatchState({"level": level, "window": window}, nbytes=1000)

    def decode(
        self, state: PatchState, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        self.prompts.extend(prompts)
        return [
            self._decode(state, prompt, prompt.is_single_click if multimask is None else multimask)
            for prompt in prompts
        ]

    def _decode(self, state: PatchState, prompt: Prompt, multimask: bool) -> Masks:
        level, window = state.tensors["level"], state.tensors["window"]
        shape = self._meant(prompt, level, window)
        if shape is None:
            distance = np.full((LOGIT_SIZE, LOGIT_SIZE), -np.inf)
        else:
            distance = self._distance(shape, level, window)
        logits = np.stack([distance - PART_PX, distance, distance + PART_PX]).astype(np.float32)
        if multimask:
            return Masks(logits, np.array(SCORES, np.float32))
        return Masks(logits[1:2], np.array([0.8], np.float32))

    def _distance(self, shape: Shape, level: int, window: Window) -> Array:
        """To a shape in pixels of the level, [256, 256]; the same patch is asked again and
        again."""
        key = shape, level, window
        if key not in self._fields:
            scale = 2.0**level
            centres = LOGIT_CELL * (np.arange(LOGIT_SIZE) + 0.5)
            x, y = np.meshgrid(centres + window.col_off, centres + window.row_off)
            self._fields[key] = shape.signed_distance(x * scale, y * scale) / scale
        return self._fields[key]

    def _meant(self, prompt: Prompt, level: int, window: Window) -> Shape | None:
        def level_0(x: float, y: float) -> tuple[Any, Any]:
            scale = 2.0**level
            return (x + window.col_off) * scale, (y + window.row_off) * scale

        if prompt.labels.any():
            x, y = prompt.points[np.flatnonzero(prompt.labels)[0]]
            hits = (s for s in self.shapes if s.polygon.intersects(shapely.Point(*level_0(x, y))))
            return next(hits, None)
        assert prompt.box is not None
        box = shapely.box(*level_0(*prompt.box[:2]), *level_0(*prompt.box[2:]))
        return max(self.shapes, key=lambda s: _iou(s.polygon, box), default=None)


def _iou(a: shapely.Geometry, b: shapely.Geometry) -> float:
    return float(a.intersection(b).area / a.union(b).area)
