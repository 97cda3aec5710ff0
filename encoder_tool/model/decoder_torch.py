"""The reference decoder: sam2's own modules in torch, for tests and comparisons."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from encoder_tool.model.build import ImageModel
from encoder_tool.model.decoder import batch_prompts, choose_masks, wants_candidates
from encoder_tool.model.graphs import PREPARED_NAMES, DecodeGraph, PrepareGraph
from encoder_tool.model.seam import PatchState, StabilityRule
from encoder_tool.types import Features, Masks, Prompt


class TorchDecoder:
    """A `PromptDecoder` over an `ImageModel`, in float32 on the CPU."""

    def __init__(self, model: ImageModel, stability: StabilityRule | None) -> None:
        self._stability = stability
        self._prepare = PrepareGraph(model)
        self._decode = DecodeGraph(model)

    def prepare(self, features: Features) -> PatchState:
        maps = [torch.from_numpy(array)[None] for array in features.arrays().values()]
        with torch.inference_mode():
            tensors = dict(zip(PREPARED_NAMES, self._prepare(*maps), strict=True))
        return PatchState(tensors, sum(tensor.nbytes for tensor in tensors.values()))

    def decode(
        self, state: PatchState, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        answers: dict[int, Masks] = {}
        for batch in batch_prompts(prompts):
            inputs = {name: torch.from_numpy(array) for name, array in batch.inputs().items()}
            with torch.inference_mode():
                logits, iou_predictions = self._decode(**state.tensors, **inputs)
            for row, index in enumerate(batch.indices):
                answers[index] = choose_masks(
                    logits[row].numpy(),
                    iou_predictions[row].numpy(),
                    wants_candidates(prompts[index], multimask),
                    self._stability,
                )
        return [answers[index] for index in range(len(prompts))]
