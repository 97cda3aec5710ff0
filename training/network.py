"""The model on crops: what the exported graphs do on a whole patch, with gradients.

A crop stands at its origin on the canvas of the patch: it takes its window of the position
embeddings, and its prompts keep their patch coordinates. So crops and whole patches agree but
for what global attention sees.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from sam2.modeling.position_encoding import PositionEmbeddingRandom
from torch import Tensor, nn
from torch.nn import functional

from encoder_tool.model.build import ImageModel
from encoder_tool.model.graphs import DecodeGraph
from encoder_tool.model.spec import ModelSpec
from encoder_tool.types import LOGIT_CELL, PATCH_SIZE

_TRUNK_CELLS = PATCH_SIZE // 4
_FINE_FREQUENCIES = 6.0


class CropFeatures(NamedTuple):
    """The three feature maps of B crops of S pixels: strides 16, 4 and 8."""

    embedding: Tensor
    detail_0: Tensor
    detail_1: Tensor

    def of(self, crops: Tensor) -> CropFeatures:
        """Those of the given crops, once for each mention."""
        return CropFeatures(*(features[crops] for features in self))


class Prompts(NamedTuple):
    """N prompts of T tokens: points [N, T, 2] in pixels of their crop, labels [N, T] as
    `seam.DecoderGraphs` names them, without the padding token; an earlier mask's logits
    [N, 1, S / 4, S / 4] or None."""

    points: Tensor
    labels: Tensor
    mask_logits: Tensor | None = None


class _ExactPositions(PositionEmbeddingRandom):
    """sam2's encoding of positions in float32 always: bfloat16 tells places 4 px apart from each
    other no more, and the model runs in float32 when it is used."""

    def _pe_encoding(self, coords: Tensor) -> Tensor:
        with torch.autocast(coords.device.type, enabled=False):
            encoded: Tensor = super()._pe_encoding(coords.float())
        return encoded


class CropNetwork(nn.Module):
    """`ImageModel` on crops of any size that is a multiple of the origin's step."""

    mean: Tensor
    std: Tensor

    def __init__(self, spec: ModelSpec) -> None:
        super().__init__()
        self.model = ImageModel(spec.structure).requires_grad_(True).train()
        self.model.sam_prompt_encoder.pe_layer.__class__ = _ExactPositions
        self.register_buffer("mean", torch.tensor(spec.mean).reshape(3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(spec.std).reshape(3, 1, 1), persistent=False)
        self._decoders: dict[int, DecodeGraph] = {}

    def encode(self, pictures: Tensor, origin: Tensor) -> CropFeatures:
        """pictures [B, 3, S, S] in 0..1; origin: (x, y) on the canvas, in pixels."""
        encoder, decoder = self.model.image_encoder, self.model.sam_mask_decoder
        trunk = encoder.trunk
        x = trunk.patch_embed((pictures - self.mean) / self.std)
        left, top = (int(v) // LOGIT_CELL for v in origin)
        rows, cols = x.shape[1:3]
        position = trunk._get_pos_embed((_TRUNK_CELLS, _TRUNK_CELLS))
        x = x + position[:, top : top + rows, left : left + cols]
        outputs = []
        for index, block in enumerate(trunk.blocks):
            x = block(x)
            if index in trunk.stage_ends:
                outputs.append(x.permute(0, 3, 1, 2))
        (fine, middle, coarse, _), _ = encoder.neck(outputs)
        return CropFeatures(coarse, decoder.conv_s0(fine), decoder.conv_s1(middle))

    def decode(
        self, features: CropFeatures, prompts: Prompts, origin: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits [N, 4, S / 4, S / 4] and predicted IoUs [N, 4], for N prompts with the features
        of each one's crop."""
        cells = features.detail_0.shape[-1]
        if cells not in self._decoders:
            self._decoders[cells] = DecodeGraph(self.model, cells).to(features.embedding.device)
        count = len(prompts.points)
        mask = prompts.mask_logits
        if mask is None:
            mask = prompts.points.new_zeros((count, 1, cells, cells))
        has_mask = mask.new_full((count,), float(prompts.mask_logits is not None))
        points = functional.pad(prompts.points + origin, (0, 0, 0, 1))
        labels = functional.pad(prompts.labels, (0, 1), value=-1)
        logits, scores = self._decoders[cells](
            features.embedding,
            self._position(features, origin),
            features.detail_0,
            features.detail_1,
            points,
            labels,
            mask,
            has_mask,
            origin,
        )
        return logits.float(), scores.float()

    def _position(self, features: CropFeatures, origin: Tensor) -> Tensor:
        left, top = (int(v) // 16 for v in origin)
        size = features.embedding.shape[-1]
        whole = self.model.sam_prompt_encoder.get_dense_pe()
        return whole[:, :, top : top + size, left : left + size]


def is_projection(name: str, parameter: nn.Parameter) -> bool:
    """Whether it multiplies features: no bias, norm, embedding or token."""
    is_table = "embed" in name or name.endswith(("_token.weight", "_tokens.weight"))
    return parameter.ndim >= 2 and not is_table


def initialise(model: ImageModel) -> None:
    """Begin where learning to follow a prompt is short (README.md)."""
    trunk = model.image_encoder.trunk
    for name, parameter in model.named_parameters():
        if is_projection(name, parameter):
            fan_in = parameter[0].numel()
            nn.init.trunc_normal_(parameter, std=0.7 / math.sqrt(fan_in))
        elif name.endswith("bias"):
            nn.init.zeros_(parameter)
    nn.init.kaiming_normal_(trunk.patch_embed.proj.weight, nonlinearity="linear")
    for embedding in (trunk.pos_embed, trunk.pos_embed_window):
        nn.init.trunc_normal_(embedding, std=0.02)
    transformer = model.sam_mask_decoder.transformer
    attentions = [transformer.final_attn_token_to_image]
    for layer in transformer.layers:
        attentions += [layer.cross_attn_token_to_image, layer.cross_attn_image_to_token]
    with torch.no_grad():
        # Equal projections: from the start, attention goes to where the positions agree.
        for attention in attentions:
            attention.k_proj.weight.copy_(attention.q_proj.weight)
        # Upstream's Gaussian resolves some 80 px: half of the frequencies resolve 13.
        gaussian = model.sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix
        gaussian[:, ::2] *= _FINE_FREQUENCIES
        # What is added to sam2's tokens and scores begins as nothing.
        if model.mask_score is not None:
            model.mask_score.correction[-1].weight.zero_()
        if model.feature_sampler is not None:
            model.feature_sampler.click[-1].weight.zero_()
            model.feature_sampler.box[-1].weight.zero_()
