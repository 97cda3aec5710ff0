"""Which parts of a mask are answered."""

from __future__ import annotations

import numpy as np
import pytest

from encoder_tool.parts import meant_parts, without_strays
from encoder_tool.types import BoxPixel, Masks, Prompt

HOUSE, POND, SHED = (slice(10, 20), slice(10, 20)), (slice(30, 50), slice(30, 50)), (
    slice(60, 64), slice(12, 18),
)  # fmt: skip
OUTSIDE = -3.0


def logits_of(*parts: tuple[slice, slice]) -> np.ndarray:
    logits = np.full((256, 256), OUTSIDE, np.float32)
    for part in parts:
        logits[part] = 5
    return logits


def clicks(
    *points: tuple[float, float], labels: tuple[int, ...] = (), box: BoxPixel | None = None
) -> Prompt:
    said = np.array(labels or [1] * len(points), np.int64)
    return Prompt(np.array(points, np.float64), said, box)


@pytest.mark.parametrize(
    ("prompt", "meant"),
    [
        (clicks((60, 60)), [HOUSE]),
        (clicks((60, 60), (160, 160)), [HOUSE, POND]),
        (clicks((60, 60), (160, 160), labels=(1, 0)), [HOUSE]),
        (clicks((100, 70)), [HOUSE]),  # beside all of them: the nearest
        (Prompt(box=BoxPixel(100, 100, 220, 220)), [POND]),
        (Prompt(box=BoxPixel(40, 40, 220, 220)), [POND]),  # the house is a quarter as large
        (Prompt(box=BoxPixel(70, 70, 125, 125)), [POND]),  # it meets both
        (clicks((60, 60), box=BoxPixel(100, 100, 220, 220)), [HOUSE, POND]),
        (clicks((160, 160), labels=(0,)), [HOUSE, POND, SHED]),  # says of none that it is meant
        (Prompt(), [HOUSE, POND, SHED]),
    ],
)  # fmt: skip
def test_points_and_boxes_mean_parts(prompt: Prompt, meant: list[tuple[slice, slice]]) -> None:
    inside = logits_of(HOUSE, POND, SHED) > 0
    assert np.array_equal(meant_parts(inside, prompt), logits_of(*meant) > 0)


def test_strays_are_clearly_outside_and_all_else_is_left_as_it_is() -> None:
    masks = Masks(
        np.stack([logits_of(HOUSE, POND), logits_of(SHED)]), np.array([0.9, 0.4], np.float32)
    )
    answered = without_strays(masks, clicks((60, 60)))
    expected = logits_of(HOUSE)
    expected[POND] = -32
    assert np.array_equal(answered.logits[0], expected)
    assert np.array_equal(answered.logits[1], logits_of(SHED))
    assert np.array_equal(answered.iou_predictions, masks.iou_predictions)
