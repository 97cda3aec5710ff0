"""Where nano is unsure of a click, it is shown what it answered; what is surer then is taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from encoder_tool.model.seam import PatchState
from encoder_tool.second_look import LOOKS
from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest
from encoder_tool.surest import SURER, UNSURE
from encoder_tool.types import XY, BoundsMap, FloatArray, Masks, Prompt
from tests.support.fake_cache import UTM_AFFINE, FakeCache, make_manifest
from tests.support.oracle import OracleDecoder, rectangle

ROOF = rectangle(1500, 1200, 400, 300)
MIDDLE = XY(*(UTM_AFFINE @ (1500, 1200)))
CLICK = MapPrompt(include=(MIDDLE,))
AROUND = BoundsMap(MIDDLE.x - 70, MIDDLE.y - 55, MIDDLE.x + 70, MIDDLE.y + 55)
PART = 75.0
"""Pixels that a first answer leaves out along the outline."""

LARGEST_FED_BACK = 32.0


class SeesMoreEachTime(OracleDecoder):
    """Draws a part by a click, and all of the roof once it was shown that often."""

    def __init__(self, first: float, last: float, *, loses_it: bool = False) -> None:
        super().__init__(ROOF)
        self._first, self._last, self._loses_it = first, last, loses_it
        self.shown: list[FloatArray] = []

    def _decode(self, state: PatchState, prompt: Prompt, multimask: bool) -> Masks:
        masks = super()._decode(state, replace(prompt, mask_logits=None), multimask)
        if prompt.mask_logits is None:
            self.shown.clear()
            scores = [self._first - 0.2, self._first, self._first - 0.1]
            return Masks(masks.logits - PART, np.array(scores[: len(masks.logits)], np.float32))
        assert not multimask
        self.shown.append(prompt.mask_logits)
        missing = 1000.0 if self._loses_it else PART * (LOOKS - len(self.shown)) / LOOKS
        return Masks(masks.logits - missing, np.array([self._last], np.float32))


def answer(decoder: SeesMoreEachTime, model: str = "nano", **changes: object):
    manifest = make_manifest(levels=1)
    cache = FakeCache(replace(manifest, model=replace(manifest.model, name=model)))
    request = SegmentRequest(CLICK, level=0, out_crs=None)
    return Segmenter(cache, decoder).segment(replace(request, **changes))


def share_of_roof(found) -> float:
    return found.area_px / ROOF.polygon.area


def test_what_is_surer_after_two_looks_is_the_answer() -> None:
    decoder = SeesMoreEachTime(0.4, 0.7)
    (found,) = answer(decoder).objects
    assert (found.candidate, found.score) == (2, pytest.approx(0.7))
    assert share_of_roof(found) == pytest.approx(1, abs=0.01)
    assert len(decoder.shown) == LOOKS
    assert max(np.abs(logits).max() for logits in decoder.shown) == LARGEST_FED_BACK


def test_the_other_candidates_stay_as_they_are() -> None:
    found = {
        one.candidate: one for one in answer(SeesMoreEachTime(0.4, 0.7), candidate="all").objects
    }
    assert share_of_roof(found[2]) == pytest.approx(1, abs=0.01)
    assert found[1].score == pytest.approx(0.2) and found[3].score == pytest.approx(0.3)
    assert max(share_of_roof(found[1]), share_of_roof(found[3])) < 0.5


@pytest.mark.parametrize(
    "decoder",
    [
        SeesMoreEachTime(0.4, 0.39 + SURER),  # hardly surer
        SeesMoreEachTime(0.4, 0.9, loses_it=True),
        SeesMoreEachTime(UNSURE, 0.9),  # sure enough at once
    ],
)
def test_else_the_first_answer_stays(decoder: SeesMoreEachTime) -> None:
    (found,) = answer(decoder).objects
    assert share_of_roof(found) < 0.5
    assert found.score < 0.9
    assert len(decoder.shown) == (0 if found.score == pytest.approx(UNSURE) else LOOKS)


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "sam2.1-tiny"},  # answers as upstream's predictor does
        {"prompt": MapPrompt(include=(MIDDLE,), box=AROUND)},
        {"prompt": MapPrompt(include=(MIDDLE, MIDDLE))},
        {"candidate": "single"},
    ],
)
def test_others_are_answered_at_once(changes: dict[str, object]) -> None:
    decoder = SeesMoreEachTime(0.4, 0.7)
    (found,) = answer(decoder, **changes).objects
    assert share_of_roof(found) < 0.5 and not decoder.shown
