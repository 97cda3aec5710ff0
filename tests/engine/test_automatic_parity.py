"""The masks of one patch against Meta's `SAM2AutomaticMaskGenerator`, on the same weights.

The weights are random but spread as trained ones (tests/support/checkpoints.py); thresholds are
lowered until enough masks are left to compare.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from encoder_tool.automatic import MaskParameters
from encoder_tool.automatic.patch_masks import (
    FoundMask,
    find_patch_masks,
    full_resolution,
    without_overlapping_boxes,
)
from encoder_tool.model import load_encoder, resolve_model
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.seam import DecoderGraphs, PatchState
from encoder_tool.scene import Scene
from encoder_tool.types import LOGIT_CELL, PATCH_SIZE, BoolArray, BoxPixel, FloatArray
from tests.support.models import TINY
from tests.support.upstream import batched_nms, mask_generator, predictor

LEAST_MASKS = 50

WHOLE_PATCH = BoxPixel(0, 0, PATCH_SIZE, PATCH_SIZE)

LOW = MaskParameters(
    points_per_side=5,
    points_per_batch=16,
    pred_iou_thresh=0.2,
    stability_score_thresh=0.3,
    box_nms_thresh=1.0,  # under random weights, every mask's box is the whole patch
)
M2M = replace(LOW, pred_iou_thresh=0.05, stability_score_thresh=0.1, use_m2m=True)


@dataclass(frozen=True)
class Rig:
    """Both sides over one checkpoint and one image."""

    model: Any
    image: np.ndarray
    decoder: OnnxDecoder
    state: PatchState

    def theirs(self, parameters: MaskParameters) -> list[dict[str, Any]]:
        generator = mask_generator(
            self.model,
            points_per_side=parameters.points_per_side,
            points_per_batch=parameters.points_per_batch,
            pred_iou_thresh=parameters.pred_iou_thresh,
            stability_score_thresh=parameters.stability_score_thresh,
            stability_score_offset=parameters.stability_score_offset,
            box_nms_thresh=parameters.box_nms_thresh,
            use_m2m=parameters.use_m2m,
        )
        return generator.generate(self.image)

    def ours(self, parameters: MaskParameters) -> list[FoundMask]:
        return find_patch_masks(
            self.decoder,
            self.state,
            parameters,
            parameters.points_per_side,
            WHOLE_PATCH,
            all_parts=True,
        )


@pytest.fixture(scope="module")
def rig(tiny_checkpoint: Path, tiny_graphs: DecoderGraphs, scene: Scene, patch: FloatArray) -> Rig:
    resolved = resolve_model(TINY, tiny_checkpoint)
    (features,) = load_encoder(resolved, "cpu").encode(patch)
    decoder = OnnxDecoder(tiny_graphs, resolved.spec.stability)
    model = predictor(TINY, tiny_checkpoint).model
    return Rig(model, scene.image, decoder, decoder.prepare(features))


def pixels(mask: FoundMask) -> BoolArray:
    """The mask as sam2 gives it, [1024, 1024]."""
    whole = np.zeros((PATCH_SIZE, PATCH_SIZE), np.bool_)
    inside = full_resolution(mask.logits) > 0
    top, left = LOGIT_CELL * mask.row, LOGIT_CELL * mask.col
    whole[top : top + inside.shape[0], left : left + inside.shape[1]] = inside
    return whole


@pytest.mark.slow
@pytest.mark.parametrize("parameters", [LOW, M2M], ids=["default", "m2m"])
def test_masks_equal_upstreams(rig: Rig, parameters: MaskParameters) -> None:
    theirs, ours = rig.theirs(parameters), rig.ours(parameters)
    assert len(theirs) >= LEAST_MASKS
    assert len(ours) == len(theirs)
    for mask, expected in zip(ours, theirs, strict=True):
        assert mask.score == pytest.approx(expected["predicted_iou"], abs=1e-4)
        assert mask.stability == pytest.approx(expected["stability_score"], abs=1e-3)
        # sam2 adds half a pixel later; ours are GDAL's.
        assert mask.points[0] - 0.5 == pytest.approx(expected["point_coords"][0])
        x, y, width, height = expected["bbox"]
        assert mask.box == pytest.approx((x, y, x + width, y + height), abs=1)
        assert mask.area_px == pytest.approx(expected["area"], rel=1e-3)
        inside = pixels(mask)
        different = np.count_nonzero(inside != expected["segmentation"])
        assert different <= 1e-3 * np.count_nonzero(inside)


def test_filters_have_something_to_do(rig: Rig) -> None:
    everything = replace(LOW, pred_iou_thresh=0.0, stability_score_thresh=0.0)
    assert len(rig.ours(LOW)) < len(rig.ours(everything)) - 5


def test_boxes_are_thinned_out_as_upstream_does() -> None:
    random = np.random.default_rng(5)
    corners = random.integers(0, 900, (300, 2))
    boxes = np.hstack([corners, corners + random.integers(0, 124, (300, 2))])
    scores = random.integers(0, 50, 300) / 50  # many of them equal
    empty = np.empty((0, 0), np.float32)
    masks = [
        FoundMask(empty, 0, 0, float(score), 1.0, BoxPixel(*map(float, box)), 0, np.zeros((1, 2)))
        for box, score in zip(boxes, scores, strict=True)
    ]
    kept = batched_nms(
        torch.from_numpy(boxes).float(), torch.from_numpy(scores), torch.zeros(300), 0.3
    )
    ours = without_overlapping_boxes(masks, 0.3)
    assert [masks.index(mask) for mask in ours] == kept.tolist()
    assert 50 < len(ours) < 295
