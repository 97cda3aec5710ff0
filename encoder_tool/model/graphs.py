"""The three computations that become ONNX, as torch modules over an `ImageModel`.

They fix the conventions at the border: RGB in 0..1 in, GDAL pixel coordinates in (upstream
counts pixel centres as whole numbers), all four masks out.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from encoder_tool.model.build import ImageModel
from encoder_tool.model.prompting import DrawnPrompt
from encoder_tool.model.spec import ModelSpec
from encoder_tool.types import LOGIT_SIZE

PREPARED_NAMES = ("embedding", "position", "detail_0", "detail_1")
"""What `PrepareGraph` returns and `DecodeGraph` takes, in this order."""


class EncoderGraph(nn.Module):
    """Patches [B, 3, 1024, 1024], RGB in 0..1 -> image_embed, high_res_0, high_res_1."""

    mean: Tensor
    std: Tensor

    def __init__(self, model: ImageModel, spec: ModelSpec) -> None:
        super().__init__()
        self.image_encoder = model.image_encoder
        self.conv_s0 = model.sam_mask_decoder.conv_s0
        self.conv_s1 = model.sam_mask_decoder.conv_s1
        self.register_buffer("mean", torch.tensor(spec.mean).reshape(3, 1, 1))
        self.register_buffer("std", torch.tensor(spec.std).reshape(3, 1, 1))

    def forward(self, patches: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        fine, middle, coarse = self.image_encoder((patches - self.mean) / self.std)["backbone_fpn"]
        return coarse, self.conv_s0(fine), self.conv_s1(middle)


class PrepareGraph(nn.Module):
    """Features of one patch -> `PREPARED_NAMES`: all that no prompt changes."""

    def __init__(self, model: ImageModel) -> None:
        super().__init__()
        self.prompt_encoder = model.sam_prompt_encoder
        self.no_mem_embed = model.no_mem_embed

    def forward(
        self, image_embed: Tensor, high_res_0: Tensor, high_res_1: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        if self.no_mem_embed is not None:
            image_embed = image_embed + self.no_mem_embed.reshape(1, -1, 1, 1)
        return image_embed, self.prompt_encoder.get_dense_pe(), high_res_0, high_res_1


class DecodeGraph(nn.Module):
    """A prepared patch and B prompts of N tokens -> logits [B, 4, 256, 256], IoUs [B, 4].

    The inputs are those of `seam.DecoderGraphs.decode`. In training a square crop stands for the
    patch, `cells` logit cells wide, and every prompt has features of its own.
    """

    def __init__(self, model: ImageModel, cells: int = LOGIT_SIZE) -> None:
        super().__init__()
        self.prompt_encoder = model.sam_prompt_encoder
        self.mask_decoder = model.sam_mask_decoder
        self.drawing = DrawnPrompt(cells) if model.structure.draws_prompt else None
        self.sampler = model.feature_sampler
        self.mask_score = model.mask_score

    def forward(
        self,
        embedding: Tensor,
        position: Tensor,
        detail_0: Tensor,
        detail_1: Tensor,
        points: Tensor,
        labels: Tensor,
        mask_input: Tensor,
        has_mask: Tensor,
        origin: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """origin: where the crop begins in the patch, (x, y); points are in patch pixels."""
        # Upstream adds 0.5 to what it takes for pixel indices.
        sparse = self.prompt_encoder._embed_points(points - 0.5, labels, pad=False)
        near = points if origin is None else points - origin
        if self.sampler is not None:
            sparse = sparse + self.sampler(near, labels, (embedding, detail_1, detail_0))
        masked = has_mask.reshape(-1, 1, 1, 1)
        if self.drawing is not None:
            dense = self.prompt_encoder.mask_downscaling(
                self.drawing(near, labels, mask_input, masked)
            )
        else:
            unmasked = self.prompt_encoder.no_mask_embed.weight.reshape(1, -1, 1, 1)
            dense = torch.where(
                masked > 0, self.prompt_encoder.mask_downscaling(mask_input), unmasked
            )
        logits, iou_predictions, mask_tokens, _ = self.mask_decoder.predict_masks(
            image_embeddings=embedding,
            image_pe=position,
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            repeat_image=origin is None,
            high_res_features=[detail_0, detail_1],
        )
        if self.mask_score is not None:
            # The score judges the mask; it must not bend it.
            iou_predictions = self.mask_score(
                logits.detach(), iou_predictions, mask_tokens, detail_1
            )
        return logits, iou_predictions
