"""What the benchmarks of clicking ask: the ways to mean a building, for some of a scene's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import shapely
from affine import Affine

from encoder_tool.metrics import innermost_point, truth_mask
from encoder_tool.prompts import MapPrompt
from encoder_tool.scene import Scene
from encoder_tool.types import (
    LOGIT_CELL,
    LOGIT_SIZE,
    PATCH_SIZE,
    XY,
    BoundsMap,
    BoxPixel,
    FloatArray,
    Prompt,
)

KINDS = ("1 click", "box", "3 clicks", "click and mask")

MARGIN_PX = 48.0
SMALLEST_PX, LARGEST_PX = 24.0, 240.0
"""Of the longer side: 7 to 72 m at 0.3 m a pixel."""

ASIDE_PX = 6.0
"""How far beyond the building's corner the exclude click lies."""

LOGITS_PER_PX = 0.5
LOGIT_LIMIT = 20.0
"""A trained model's logits grow by about that much from the outline inwards, and stay there."""


@dataclass(frozen=True, eq=False)
class Target:
    """A building to be meant, in patch pixels.

    logits: [256, 256], what a model that finds it exactly would answer
    """

    polygon: shapely.Polygon
    logits: FloatArray

    @property
    def centre(self) -> XY:
        return innermost_point(self.polygon)

    def prompt(self, kind: str) -> Prompt:
        """One of `KINDS`."""
        inside, box = self.centre, BoxPixel(*self.polygon.bounds)
        if kind == "1 click":
            return _clicks([(*inside, 1)])
        if kind == "box":
            return Prompt(box=box)
        if kind == "3 clicks":
            aside = (box.xmin - ASIDE_PX, box.ymin - ASIDE_PX, 0)
            return _clicks([(*inside, 1), (*self._second_place(), 1), aside])
        if kind == "click and mask":
            clicked = _clicks([(*inside, 1)])
            return Prompt(clicked.points, clicked.labels, mask_logits=self.logits)
        raise ValueError(kind)

    def _second_place(self) -> XY:
        """Another one inside, halfway to the corner furthest from the first."""
        first = np.array(self.centre)
        corners = shapely.get_coordinates(self.polygon)
        far = corners[np.argmax(np.hypot(*(corners - first).T))]
        for share in (0.5, 0.25, 0.1):
            place = first + share * (far - first)
            if self.polygon.contains(shapely.Point(*place)):
                return XY(*place.tolist())
        return self.centre


def choose_targets(scene: Scene, count: int) -> list[Target]:
    """So many buildings that lie whole in a patch of `scene`, small and large ones alike."""
    polygons = [
        shapely.Polygon(item.exterior, item.holes)
        for item in scene.objects
        if item.class_name == "building"
    ]
    fitting = sorted((p for p in polygons if _fits(p)), key=lambda p: p.area)
    if not fitting:
        raise ValueError("The scene has no building that lies whole in the patch.")
    spread = np.linspace(0, len(fitting) - 1, min(count, len(fitting))).round().astype(int)
    return [Target(fitting[i], exact_logits(fitting[i])) for i in spread]


def exact_logits(polygon: shapely.Polygon) -> FloatArray:
    """The signed distance to an outline in patch pixels as logits, [256, 256]."""
    inside = truth_mask(polygon).astype(np.uint8)
    depth, height = (
        cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        for mask in (inside, 1 - inside)
    )
    # The middle of a logit cell lies between four pixels: their mean is its value.
    middle = LOGIT_CELL // 2
    signed = cv2.blur(depth - height, (2, 2), anchor=(1, 1), borderType=cv2.BORDER_REPLICATE)
    cells = signed[middle::LOGIT_CELL, middle::LOGIT_CELL]
    assert cells.shape == (LOGIT_SIZE, LOGIT_SIZE)
    return np.clip(LOGITS_PER_PX * cells, -LOGIT_LIMIT, LOGIT_LIMIT).astype(np.float32)


def on_map(prompt: Prompt, transform: Affine) -> MapPrompt:
    """The prompt's clicks and box on the map; `transform` takes patch pixels there."""
    places = [XY(*(transform @ (float(x), float(y)))) for x, y in prompt.points]
    chosen = list(zip(places, prompt.labels, strict=True))
    return MapPrompt(
        include=tuple(place for place, label in chosen if label == 1),
        exclude=tuple(place for place, label in chosen if label == 0),
        box=None if prompt.box is None else _bounds(prompt.box, transform),
    )


def _bounds(box: BoxPixel, transform: Affine) -> BoundsMap:
    (x0, y0), (x1, y1) = transform @ (box.xmin, box.ymin), transform @ (box.xmax, box.ymax)
    return BoundsMap(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _clicks(clicks: Sequence[tuple[float, float, int]]) -> Prompt:
    return Prompt(
        np.array([click[:2] for click in clicks], np.float64),
        np.array([click[2] for click in clicks], np.int64),
    )


def _fits(polygon: shapely.Polygon) -> bool:
    xmin, ymin, xmax, ymax = polygon.bounds
    side = max(xmax - xmin, ymax - ymin)
    inside = min(xmin, ymin) >= MARGIN_PX and max(xmax, ymax) <= PATCH_SIZE - MARGIN_PX
    return inside and SMALLEST_PX <= side <= LARGEST_PX
