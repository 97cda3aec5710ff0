"""Prompts to mask logits, by ONNX Runtime: the half of the model that clicking needs.

What is here but for `OnnxDecoder` - how prompts become tokens, and which of the four masks are
the answer - is `SAM2ImagePredictor`'s behaviour and shared with the torch reference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from encoder_tool.errors import ModelError, PromptError
from encoder_tool.model.onnx_session import open_session, run_session
from encoder_tool.model.seam import DecoderGraphs, PatchState, StabilityRule
from encoder_tool.types import FEATURE_NAMES, LOGIT_SIZE, Features, FloatArray, Masks, Prompt

MAX_BATCH = 8
"""Prompts decoded at once: a sam2.1 decoder takes 33 MB for each, which ONNX Runtime then keeps."""

BOX_LOW, BOX_HIGH, PADDING = 2, 3, -1
"""Labels of tokens that are no clicks."""


@dataclass(frozen=True, eq=False)
class PromptBatch:
    """Prompts of equally many tokens, as the decode graph takes them.

    indices: where each prompt stood in the caller's sequence
    points: [B, N, 2] float32, x and y in patch pixels (GDAL convention)
    labels: [B, N]; mask_input: [B, 1, 256, 256]; has_mask: [B]
    """

    indices: list[int]
    points: FloatArray
    labels: npt.NDArray[np.int64]
    mask_input: FloatArray
    has_mask: FloatArray

    def inputs(self) -> dict[str, npt.NDArray[Any]]:
        """By the names that `seam.DecoderGraphs` gives them."""
        return {
            "points": self.points,
            "labels": self.labels,
            "mask_input": self.mask_input,
            "has_mask": self.has_mask,
        }


def batch_prompts(prompts: Sequence[Prompt]) -> Iterator[PromptBatch]:
    """Group prompts by their number of tokens: padding the shorter ones would change their
    masks. Raises PromptError for a prompt that says nothing."""
    tokens = [_tokens(prompt) for prompt in prompts]
    groups: dict[int, list[int]] = defaultdict(list)
    for index, (points, _) in enumerate(tokens):
        groups[len(points)].append(index)
    for group in groups.values():
        for start in range(0, len(group), MAX_BATCH):
            indices = group[start : start + MAX_BATCH]
            mask_input = np.zeros((len(indices), 1, LOGIT_SIZE, LOGIT_SIZE), np.float32)
            has_mask = np.zeros(len(indices), np.float32)
            for row, index in enumerate(indices):
                mask = prompts[index].mask_logits
                if mask is not None:
                    mask_input[row, 0], has_mask[row] = mask, 1
            yield PromptBatch(
                indices=indices,
                points=np.stack([tokens[i][0] for i in indices]),
                labels=np.stack([tokens[i][1] for i in indices]),
                mask_input=mask_input,
                has_mask=has_mask,
            )


def _tokens(prompt: Prompt) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Points [N, 2] and labels [N]: the box's corners, the clicks, one padding token.

    A mask alone has no token at all: upstream pads only where there is a point or a box.
    """
    if prompt.is_empty:
        raise PromptError("A prompt needs at least a click, a box or a mask.")
    points, labels = [prompt.points.reshape(-1, 2)], [prompt.labels]
    if prompt.box is not None:
        box = prompt.box
        points.insert(0, np.array([(box.xmin, box.ymin), (box.xmax, box.ymax)]))
        labels.insert(0, np.array([BOX_LOW, BOX_HIGH]))
    if sum(map(len, labels)):
        points.append(np.zeros((1, 2)))
        labels.append(np.array([PADDING]))
    return np.concatenate(points).astype(np.float32), np.concatenate(labels).astype(np.int64)


def choose_masks(
    logits: FloatArray,
    iou_predictions: FloatArray,
    multimask: bool,
    stability: StabilityRule | None,
) -> Masks:
    """The answer among a prompt's four masks, [4, 256, 256] with [4] predicted IoUs.

    Three candidates are masks 1-3; the single mask is mask 0 or, where it is unstable and the
    model has such a rule, the best-scored candidate (upstream's
    `_dynamic_multimask_via_stability`).
    """
    if multimask:
        chosen = slice(1, 4)
    elif stability is None or _is_stable(logits[0], stability):
        chosen = slice(0, 1)
    else:
        best = 1 + int(np.argmax(iou_predictions[1:]))
        chosen = slice(best, best + 1)
    return Masks(logits[chosen].copy(), iou_predictions[chosen].copy())


def _is_stable(logits: FloatArray, rule: StabilityRule) -> bool:
    inner = np.count_nonzero(logits > rule.delta)
    outer = np.count_nonzero(logits > -rule.delta)
    # In float32, as upstream divides: the threshold may lie between the two roundings.
    return outer == 0 or bool(np.float32(inner) / np.float32(outer) >= np.float32(rule.threshold))


def wants_candidates(prompt: Prompt, multimask: bool | None) -> bool:
    """The output rule: a single click is ambiguous, so it gets candidates unless told."""
    return prompt.is_single_click if multimask is None else multimask


class OnnxDecoder:
    """A `PromptDecoder` over two ONNX graphs. Raises ModelError when they do not fit together."""

    def __init__(
        self,
        graphs: DecoderGraphs,
        stability: StabilityRule | None,
        threads: int | None = None,
    ) -> None:
        self._stability = stability
        self._prepare = open_session(graphs.prepare, threads)
        self._decode = open_session(graphs.decode, threads)
        wanted = {node.name for node in self._decode.get_inputs()}
        prepared = {node.name for node in self._prepare.get_outputs()}
        if wanted != prepared | {"points", "labels", "mask_input", "has_mask"}:
            raise ModelError("The decoder's two ONNX graphs do not belong together.")
        if {node.name for node in self._prepare.get_inputs()} != set(FEATURE_NAMES):
            raise ModelError("The decoder's ONNX graph that prepares patches takes other features.")

    def prepare(self, features: Features) -> PatchState:
        batched = {name: array[np.newaxis] for name, array in features.arrays().items()}
        tensors = run_session(self._prepare, batched)
        return PatchState(tensors, sum(array.nbytes for array in tensors.values()))

    def decode(
        self, state: PatchState, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        answers: dict[int, Masks] = {}
        for batch in batch_prompts(prompts):
            outputs = run_session(self._decode, {**state.tensors, **batch.inputs()})
            rows = zip(outputs["logits"], outputs["iou_predictions"], strict=True)
            for index, (logits, iou_predictions) in zip(batch.indices, rows, strict=True):
                answers[index] = choose_masks(
                    logits,
                    iou_predictions,
                    wants_candidates(prompts[index], multimask),
                    self._stability,
                )
        return [answers[index] for index in range(len(prompts))]
