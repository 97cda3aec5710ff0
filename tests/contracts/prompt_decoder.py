"""What every `PromptDecoder` must do. Subclass, and give the fixtures."""

from __future__ import annotations

import numpy as np
import pytest

from encoder_tool.errors import PromptError
from encoder_tool.model.seam import PatchState, PromptDecoder
from encoder_tool.types import BoxPixel, Features, Masks, Prompt

RELATIVE = 1e-3
"""Tolerated difference, in standard deviations of the logits: batch size changes the seventh
digit, and another runtime a little more."""


def clicks(*points: tuple[float, float, int]) -> Prompt:
    """A prompt of clicks (x, y, label)."""
    return Prompt(
        points=np.array([(x, y) for x, y, _ in points], np.float64),
        labels=np.array([label for _, _, label in points], np.int64),
    )


def mask_of(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 5, (256, 256)).astype(np.float32)


def assert_close(ours: Masks, theirs: Masks) -> None:
    spread = float(theirs.logits.std())
    assert np.abs(ours.logits - theirs.logits).max() <= RELATIVE * spread
    np.testing.assert_allclose(ours.iou_predictions, theirs.iou_predictions, atol=1e-4)


BOX = BoxPixel(300.25, 410.5, 402.0, 498.75)

PROMPTS = {
    "click": clicks((350.5, 452.25, 1)),
    "edge click": clicks((0.0, 1024.0, 1)),
    "three clicks": clicks((350.5, 452.25, 1), (380.0, 430.0, 1), (500.0, 600.0, 0)),
    "negative click": clicks((700.0, 100.0, 0)),
    "box": Prompt(box=BOX),
    "box and clicks": Prompt(np.array([(350.0, 450.0), (310, 420)]), np.array([1, 0]), BOX),
    "mask": Prompt(mask_logits=mask_of(1)),
    "click and mask": Prompt(np.array([(350.0, 450.0)]), np.array([1]), None, mask_of(2)),
    "box and mask": Prompt(box=BOX, mask_logits=mask_of(3)),
    "many clicks": clicks(*((20.0 * i, 30.0 * i + 7, i % 2) for i in range(1, 30))),
}


class PromptDecoderContract:
    """Subclasses give `decoder`, `features` and `reference`, an independent decoder with the
    same weights and the same stability rule."""

    @pytest.fixture(scope="class")
    @classmethod
    def decoder(cls) -> PromptDecoder:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def reference(cls) -> PromptDecoder:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def features(cls) -> Features:
        raise NotImplementedError

    @pytest.fixture(scope="class")
    @classmethod
    def state(cls, decoder: PromptDecoder, features: Features) -> PatchState:
        return decoder.prepare(features)

    @pytest.fixture(scope="class")
    @classmethod
    def together(cls, decoder: PromptDecoder, state: PatchState) -> dict[str, Masks]:
        """All prompts decoded in one call, with candidates."""
        masks = decoder.decode(state, list(PROMPTS.values()), multimask=True)
        return dict(zip(PROMPTS, masks, strict=True))

    @pytest.fixture(scope="class")
    @classmethod
    def expected(cls, reference: PromptDecoder, features: Features) -> dict[str, Masks]:
        """The reference's answers, one by one, with candidates."""
        prepared = reference.prepare(features)
        return {
            name: reference.decode(prepared, [prompt], multimask=True)[0]
            for name, prompt in PROMPTS.items()
        }

    def test_logits_have_a_trained_spread(self, together: dict[str, Masks]) -> None:
        """Else agreement within a tolerance says nothing."""
        assert np.median([masks.logits.std() for masks in together.values()]) > 3

    @pytest.mark.parametrize(("multimask", "count"), [(True, 3), (False, 1)])
    def test_shapes(
        self, decoder: PromptDecoder, state: PatchState, multimask: bool, count: int
    ) -> None:
        (masks,) = decoder.decode(state, [PROMPTS["box"]], multimask=multimask)
        assert masks.logits.shape == (count, 256, 256)
        assert masks.iou_predictions.shape == (count,)
        assert masks.logits.dtype == masks.iou_predictions.dtype == np.float32

    @pytest.mark.parametrize("name", PROMPTS)
    def test_one_by_one_equals_all_at_once(
        self, decoder: PromptDecoder, state: PatchState, together: dict[str, Masks], name: str
    ) -> None:
        (alone,) = decoder.decode(state, [PROMPTS[name]], multimask=True)
        assert_close(together[name], alone)

    @pytest.mark.parametrize("name", PROMPTS)
    def test_agrees_with_the_reference(
        self, together: dict[str, Masks], expected: dict[str, Masks], name: str
    ) -> None:
        assert_close(together[name], expected[name])

    def test_every_prompt_has_its_own_answer(self, together: dict[str, Masks]) -> None:
        answers = [masks.logits for masks in together.values()]
        for index, first in enumerate(answers):
            for second in answers[:index]:
                assert np.abs(first - second).max() > 0.1

    def test_only_a_single_click_has_candidates_unasked(
        self, decoder: PromptDecoder, state: PatchState
    ) -> None:
        counts = {
            name: len(masks.logits)
            for name, masks in zip(
                PROMPTS, decoder.decode(state, list(PROMPTS.values())), strict=True
            )
        }
        single_clicks = ("click", "edge click", "negative click")
        assert counts == {name: 3 if name in single_clicks else 1 for name in PROMPTS}

    def test_more_prompts_than_a_batch_keep_their_order(
        self, decoder: PromptDecoder, state: PatchState
    ) -> None:
        xs = [40.0 * i for i in range(1, 10)]
        prompts = [clicks((x, 500.0, 1)) for x in xs]
        forward = decoder.decode(state, prompts)
        backward = decoder.decode(state, prompts[::-1])[::-1]
        for ours, theirs in zip(forward, backward, strict=True):
            assert_close(ours, theirs)

    def test_no_prompts_have_no_answers(self, decoder: PromptDecoder, state: PatchState) -> None:
        assert decoder.decode(state, []) == []

    def test_a_prompt_must_say_something(self, decoder: PromptDecoder, state: PatchState) -> None:
        with pytest.raises(PromptError):
            decoder.decode(state, [Prompt()])

    def test_decoding_leaves_state_and_prompts_alone(
        self, decoder: PromptDecoder, state: PatchState
    ) -> None:
        prompt = Prompt(mask_logits=mask_of(4), box=BOX)
        (first,) = decoder.decode(state, [prompt])
        (second,) = decoder.decode(state, [prompt])
        np.testing.assert_array_equal(first.logits, second.logits)
        np.testing.assert_array_equal(prompt.mask_logits, mask_of(4))

    def test_answers_do_not_keep_the_batch_alive(
        self, decoder: PromptDecoder, state: PatchState
    ) -> None:
        (masks,) = decoder.decode(state, [PROMPTS["box"]], multimask=False)
        assert masks.logits.base is None

    def test_the_state_knows_its_size(self, state: PatchState) -> None:
        assert state.nbytes == sum(tensor.nbytes for tensor in state.tensors.values())
