"""Our sam2.1 against Meta's `SAM2ImagePredictor`, and the errors that would break it.

Upstream builds its model from its own configuration and loads the checkpoint by its own code;
we read the same file. The weights are random (no real checkpoint is needed) but spread as
trained ones: see tests/support/checkpoints.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from encoder_tool.model import load_encoder, resolve_model
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.registry import get_spec
from encoder_tool.model.seam import DecoderGraphs, FeatureEncoder, PatchState
from encoder_tool.scene import Scene
from encoder_tool.types import BoxPixel, Features, FloatArray, Masks, Prompt
from tests.support.models import TINY
from tests.support.upstream import predictor

TOLERANCE = 1e-3
"""Largest difference, in standard deviations of the reference."""

MARGIN = 10
"""A planted error must exceed the tolerance this many times."""

BOX = BoxPixel(401.25, 300.5, 560.0, 442.75)


def _clicks(*points: tuple[float, float, int]) -> dict[str, Any]:
    return {
        "points": np.array([p[:2] for p in points], np.float64),
        "labels": np.array([p[2] for p in points], np.int64),
    }


def _mask() -> FloatArray:
    """An earlier mask's logits: a blob over the box."""
    rows, cols = np.mgrid[:256, :256] + 0.5
    distance = np.hypot(cols - 120, rows - 93)
    return (8 - distance / 4).clip(-20, 20).astype(np.float32)


PROMPTS = {
    "1 point": Prompt(**_clicks((480.25, 370.75, 1))),
    "3 points": Prompt(**_clicks((480.25, 370.75, 1), (530.0, 350.5, 1), (390.0, 460.0, 0))),
    "box": Prompt(box=BOX),
    "box and points": Prompt(**_clicks((480.0, 371.5, 1), (410.5, 310.0, 0)), box=BOX),
    "mask": Prompt(mask_logits=_mask()),
    "point and mask": Prompt(**_clicks((480.25, 370.75, 1)), mask_logits=_mask()),
    "box and mask": Prompt(box=BOX, mask_logits=_mask()),
    "elsewhere": Prompt(**_clicks((900.5, 120.0, 1), (870.0, 170.0, 0))),
}


@dataclass(frozen=True)
class Rig:
    """Both sides, with the same image set. `unruled` is our decoder without the fallback."""

    theirs: Any
    encoder: FeatureEncoder
    decoder: OnnxDecoder
    unruled: OnnxDecoder
    features: Features
    state: PatchState
    answers: dict[tuple[str, bool], Masks] = field(default_factory=dict)

    def expected(self, name: str, multimask: bool) -> Masks:
        """Upstream's answer to one of `PROMPTS`, asked for once."""
        key = (name, multimask)
        if key not in self.answers:
            self.answers[key] = self.predict(PROMPTS[name], multimask)
        return self.answers[key]

    def predict(self, prompt: Prompt, multimask: bool) -> Masks:
        """What upstream answers. It counts pixel centres as whole numbers: GDAL's x - 0.5."""
        box = prompt.box
        has_points = len(prompt.labels) > 0
        mask = prompt.mask_logits
        _, scores, logits = self.theirs.predict(
            point_coords=prompt.points - 0.5 if has_points else None,
            point_labels=prompt.labels if has_points else None,
            box=np.array(box) - 0.5 if box is not None else None,
            mask_input=mask[np.newaxis] if mask is not None else None,
            multimask_output=multimask,
        )
        return Masks(logits, scores)

    def error(self, prompt: Prompt, expected: Masks, multimask: bool = True) -> float:
        """Our distance from upstream, in standard deviations of its logits."""
        (ours,) = self.decoder.decode(self.state, [prompt], multimask=multimask)
        return logit_error(ours, expected)


def logit_error(ours: Masks, theirs: Masks) -> float:
    # Upstream clamps what it returns at this resolution.
    worst = np.abs(ours.logits.clip(-32, 32) - theirs.logits).max()
    return float(worst / theirs.logits.std())


@pytest.fixture(scope="module")
def rig(tiny_checkpoint: Path, tiny_graphs: DecoderGraphs, scene: Scene, patch: FloatArray) -> Rig:
    theirs = predictor(TINY, tiny_checkpoint)
    theirs.set_image(scene.image)
    model = resolve_model(TINY, tiny_checkpoint)
    encoder = load_encoder(model, "cpu")
    decoder = OnnxDecoder(tiny_graphs, model.spec.stability)
    (features,) = encoder.encode(patch)
    return Rig(
        theirs=theirs,
        encoder=encoder,
        decoder=decoder,
        unruled=OnnxDecoder(tiny_graphs, None),
        features=features,
        state=decoder.prepare(features),
    )


def _embedding_error(rig: Rig, features: Features) -> float:
    """Upstream has `no_mem_embed` in its image embedding; ours keeps the raw level."""
    no_mem_embed = rig.theirs.model.no_mem_embed.detach().numpy().reshape(-1, 1, 1)
    theirs = rig.theirs._features["image_embed"][0].numpy()
    worst = np.abs(features.image_embed + no_mem_embed - theirs).max()
    return float(worst / theirs.std())


@pytest.mark.slow
def test_features_equal_upstreams(rig: Rig) -> None:
    assert _embedding_error(rig, rig.features) <= TOLERANCE
    fine, middle = (f[0].numpy() for f in rig.theirs._features["high_res_feats"])
    assert np.abs(rig.features.high_res_0 - fine).max() <= TOLERANCE * fine.std()
    assert np.abs(rig.features.high_res_1 - middle).max() <= TOLERANCE * middle.std()


@pytest.mark.parametrize("multimask", [True, False], ids=["multimask", "single"])
@pytest.mark.parametrize("name", PROMPTS)
def test_masks_equal_upstreams(rig: Rig, name: str, multimask: bool) -> None:
    expected = rig.expected(name, multimask)
    (ours,) = rig.decoder.decode(rig.state, [PROMPTS[name]], multimask=multimask)
    assert ours.logits.shape == expected.logits.shape == (3 if multimask else 1, 256, 256)
    if multimask:
        assert expected.logits.std() > 3, "the weights' spread must be a trained model's"
    assert logit_error(ours, expected) <= TOLERANCE
    np.testing.assert_allclose(ours.iou_predictions, expected.iou_predictions, atol=1e-4)


@pytest.mark.parametrize("multimask", [True, False], ids=["multimask", "single"])
def test_a_batch_equals_upstreams_answers_one_by_one(rig: Rig, multimask: bool) -> None:
    together = rig.decoder.decode(rig.state, list(PROMPTS.values()), multimask=multimask)
    for ours, name in zip(together, PROMPTS, strict=True):
        assert logit_error(ours, rig.expected(name, multimask)) <= TOLERANCE


def test_both_branches_of_the_stability_fallback_are_met(rig: Rig) -> None:
    """Some single masks are upstream's token 0 and some its best candidate."""
    stable = 0
    for name, prompt in PROMPTS.items():
        (without_rule,) = rig.unruled.decode(rig.state, [prompt], multimask=False)
        stable += logit_error(without_rule, rig.expected(name, False)) <= TOLERANCE
    assert 0 < stable < len(PROMPTS)


def test_a_half_pixel_shift_is_seen(rig: Rig) -> None:
    prompt = PROMPTS["1 point"]
    expected = rig.expected("1 point", True)
    shifted = replace(prompt, points=prompt.points + 0.5)
    assert rig.error(prompt, expected) <= TOLERANCE
    assert rig.error(shifted, expected) > MARGIN * TOLERANCE


def test_a_half_pixel_shift_of_a_box_is_seen(rig: Rig) -> None:
    expected = rig.expected("box", True)
    shifted = Prompt(box=BoxPixel(*(edge + 0.5 for edge in BOX)))
    assert rig.error(shifted, expected) > MARGIN * TOLERANCE


def test_swapped_box_corners_are_seen(rig: Rig) -> None:
    expected = rig.expected("box", True)
    swapped = Prompt(box=BoxPixel(BOX.xmax, BOX.ymax, BOX.xmin, BOX.ymin))
    assert rig.error(swapped, expected) > MARGIN * TOLERANCE


@pytest.mark.parametrize("planted", ["BGR", "not normalised"])
def test_a_wrong_image_is_seen(rig: Rig, patch: FloatArray, planted: str) -> None:
    if planted == "BGR":
        image = np.ascontiguousarray(patch[:, ::-1])
    else:  # the encoder normalises: undo it beforehand
        mean, std = (
            np.array(values, np.float32).reshape(3, 1, 1)
            for values in (get_spec(TINY).mean, get_spec(TINY).std)
        )
        image = patch * std + mean
    (features,) = rig.encoder.encode(image)
    assert _embedding_error(rig, features) > MARGIN * TOLERANCE
    state = rig.decoder.prepare(features)
    (ours,) = rig.decoder.decode(state, [PROMPTS["box"]], multimask=True)
    assert logit_error(ours, rig.expected("box", True)) > MARGIN * TOLERANCE
