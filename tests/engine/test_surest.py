"""Where the model is unsure at a level, the next coarser one is asked; the surer one answers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.errors import CacheDamagedError
from encoder_tool.model.seam import PatchState
from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest
from encoder_tool.types import XY, Features, Masks, PatchId, Prompt
from tests.support.fake_cache import UTM_AFFINE, FakeCache, make_manifest
from tests.support.oracle import OracleDecoder, rectangle

ROOF = rectangle(1500, 1200, 400, 300)
ON_IT = MapPrompt(include=(XY(*(UTM_AFFINE @ (1500, 1200))),))


class Doubtful(OracleDecoder):
    """Sees a third of the roof where its best score, by level, is below 0.5."""

    def __init__(self, scores: Mapping[int, float]) -> None:
        super().__init__(ROOF)
        self._scores = scores
        self.asked: list[int] = []

    def _decode(self, state: PatchState, prompt: Prompt, multimask: bool) -> Masks:
        masks = super()._decode(state, prompt, multimask)
        level = state.tensors["level"]
        self.asked.append(level)
        best = self._scores[level]
        seen = masks.logits if best >= 0.5 else masks.logits - 75 / (1 << level)
        scores = [best - 0.1, best, best - 0.05] if multimask else [best]
        return Masks(seen, np.array(scores, np.float32))


@pytest.mark.parametrize(
    ("scores", "answers"),
    [
        ({0: 0.6, 1: 0.9, 2: 0.9}, 0),  # sure enough
        ({0: 0.3, 1: 0.8, 2: 0.9}, 1),
        ({0: 0.3, 1: 0.35, 2: 0.9}, 0),  # no surer: it is not worth what a coarser one shows less
        ({0: 0.1, 1: 0.3, 2: 0.9}, 2),
        ({0: 0.1, 1: 0.15, 2: 0.3}, 0),
    ],
)
def test_the_surer_level_answers(scores: dict[int, float], answers: int) -> None:
    segmenter = Segmenter(FakeCache(make_manifest(levels=3)), Doubtful(scores))
    result = segmenter.segment(SegmentRequest(ON_IT))
    assert result.patch_id.level == answers
    assert result.objects[0].patch_id == result.patch_id


def test_what_is_known_one_level_up_is_outlined_there_or_finer() -> None:
    decoder = Doubtful({0: 0.3, 1: 0.9, 2: 0.9})
    cache = FakeCache(make_manifest(levels=3))
    found = Segmenter(cache, decoder).segment(SegmentRequest(ON_IT, out_crs=None)).objects[0]
    truth = ROOF.polygon
    to_pixels = [(~UTM_AFFINE @ xy) for xy in np.asarray(found.geometry.exterior.coords)]
    outline = type(truth)(to_pixels)
    iou = outline.intersection(truth).area / outline.union(truth).area
    assert iou > 0.98
    assert 2 not in decoder.asked


def test_a_pinned_level_is_not_left() -> None:
    decoder = Doubtful({0: 0.1, 1: 0.9, 2: 0.9})
    result = Segmenter(FakeCache(make_manifest(levels=3)), decoder).segment(
        SegmentRequest(ON_IT, level=0)
    )
    assert result.patch_id.level == 0 and set(decoder.asked) == {0}


def test_what_is_not_encoded_is_not_asked() -> None:
    cache = FakeCache(make_manifest(levels=3))
    cache.states = {p: PatchStatus.ABSENT for p in cache.manifest.pyramid.patches() if p.level}
    segmenter = Segmenter(cache, Doubtful({0: 0.2, 1: 0.9, 2: 0.9}))
    result = segmenter.segment(SegmentRequest(ON_IT))
    assert result.patch_id.level == 0
    assert result.surer == PatchId(1, 0, 0)
    cache.states[PatchId(1, 0, 0)] = PatchStatus.PRESENT
    better = segmenter.segment(SegmentRequest(ON_IT))
    assert (better.patch_id.level, better.surer) == (1, None)


def test_nothing_is_missed_where_the_model_is_sure_or_no_level_is_above() -> None:
    cache = FakeCache(make_manifest(levels=3))
    cache.states = {p: PatchStatus.ABSENT for p in cache.manifest.pyramid.patches() if p.level}
    sure = Segmenter(cache, Doubtful({0: 0.6})).segment(SegmentRequest(ON_IT))
    assert sure.surer is None
    pinned = Segmenter(cache, Doubtful({0: 0.2})).segment(SegmentRequest(ON_IT, level=0))
    assert pinned.surer is None
    cache.states = {}
    unsure = Segmenter(cache, Doubtful({0: 0.1, 1: 0.25, 2: 0.4})).segment(SegmentRequest(ON_IT))
    assert (unsure.patch_id.level, unsure.surer) == (2, None)


def test_what_is_damaged_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The patch that was clicked is sound, so there is an answer."""
    cache = FakeCache(make_manifest(levels=3))
    load = cache.load

    def damaged_above(patch: PatchId) -> Features:
        if patch.level:
            raise CacheDamagedError(f"A patch of level {patch.level} is damaged.")
        return load(patch)

    monkeypatch.setattr(cache, "load", damaged_above)
    scores = {0: 0.2, 1: 0.9, 2: 0.9}
    result = Segmenter(cache, Doubtful(scores)).segment(SegmentRequest(ON_IT, stitch=False))
    assert result.patch_id.level == 0 and result.objects[0].score == pytest.approx(0.2)


@pytest.mark.parametrize(("exact", "answers"), [(False, 1), (True, 0)])
def test_while_more_is_to_come_a_worse_coarser_patch_is_not_asked(
    exact: bool, answers: int
) -> None:
    """Two patches of level 1 hold the roof; the one in whose middle it lies is still to come."""
    cache = FakeCache(make_manifest(width=4000, height=2500, levels=3))
    scores = {0: 0.2, 1: 0.9, 2: 0.1}
    request = SegmentRequest(MapPrompt(include=(XY(*(UTM_AFFINE @ (1600, 1200))),)), exact=exact)
    best = Segmenter(cache, Doubtful(scores)).segment(request).patch_id
    assert best.level == 1
    cache.states = {best: PatchStatus.ABSENT}
    while_absent = Segmenter(cache, Doubtful(scores)).segment(request)
    assert while_absent.patch_id.level == answers
    assert while_absent.surer == (best if exact else None)
