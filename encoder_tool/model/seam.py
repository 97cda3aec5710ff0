"""The seam between models and everything else: two Protocols and the values they exchange.

Encoders and decoders are swappable; each Protocol has one contract test in tests/contracts
that every implementation subclasses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from encoder_tool.types import Features, FeatureShapes, FloatArray, Masks, Prompt


@dataclass(frozen=True, slots=True)
class StabilityRule:
    """sam2's dynamic fallback for the single mask (`dynamic_multimask_via_stability`).

    When the single mask's stability, area(logits > delta) / area(logits > -delta), is below
    `threshold`, the best-scored of the three candidates is returned in its place.
    """

    delta: float = 0.05
    threshold: float = 0.98


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """The model that features belong to; `stability` is None when it has no dynamic fallback."""

    name: str
    checkpoint_sha256: str
    feature_shapes: FeatureShapes
    stability: StabilityRule | None


@dataclass(frozen=True, slots=True)
class DecoderGraphs:
    """A prompt decoder as two ONNX models.

    prepare: once per patch. Inputs `image_embed` [1, C, 64, 64], `high_res_0` [1, C0, 256, 256],
        `high_res_1` [1, C1, 128, 128]; outputs any number of named tensors.
    decode: once per batch of B prompts with N tokens each. Inputs: the outputs of `prepare`, by
        name, and `points` [B, N, 2] (x, y in patch pixels, GDAL convention), `labels` [B, N]
        int64 (1 include, 0 exclude, 2 and 3 the box's corners, -1 the padding token),
        `mask_input` [B, 1, 256, 256], `has_mask` [B] float (1 where mask_input counts).
        Outputs `logits` [B, 4, 256, 256] (0: the single mask, 1-3: the candidates) and
        `iou_predictions` [B, 4].
    """

    prepare: bytes
    decode: bytes


@dataclass(frozen=True, eq=False)
class PatchState:
    """A patch made ready for prompts: all that does not depend on them."""

    tensors: Mapping[str, Any]
    nbytes: int


class FeatureEncoder(Protocol):
    """Turns patches into features; the heavy half of the model."""

    @property
    def device(self) -> str:
        """Where it runs: "cpu", "cuda" or "mps"."""

    @property
    def feature_shapes(self) -> FeatureShapes: ...

    @property
    def fill_colour(self) -> tuple[float, float, float]:
        """The colour, in 0..1, that padding and nodata pixels take (zero after normalisation)."""

    def encode(self, patches: FloatArray) -> list[Features]:
        """Encode patches [B, 3, 1024, 1024], RGB in 0..1, float32.

        Raises DeviceMemoryError when the device cannot hold this batch.
        """


class PromptDecoder(Protocol):
    """Turns prompts into mask logits; the light half of the model."""

    def prepare(self, features: Features) -> PatchState:
        """Compute all that does not depend on the prompt, once per patch."""

    def decode(
        self, state: PatchState, prompts: Sequence[Prompt], *, multimask: bool | None = None
    ) -> list[Masks]:
        """Decode prompts that share one patch; one `Masks` per prompt, in their order.

        multimask: True for three candidates, False for the single mask, None for the output
        rule: a single click has candidates, everything else the single mask. Logits are as the
        network gives them; `Prompt.mask_logits` are clamped to +-32 by whoever feeds them back
        (as upstream does).
        """
