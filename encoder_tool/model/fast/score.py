"""`MaskScore` on prepared features."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from encoder_tool.model.build import ImageModel
from encoder_tool.model.fast.layout import CELLS
from encoder_tool.model.mask_score import EMPTY, RING_CELLS, MaskScore, mask_statistics


class FastMaskScore(nn.Module):
    ring: Tensor

    def __init__(self, model: ImageModel, score: MaskScore) -> None:
        super().__init__()
        self.score = score
        self.prepared_with = model.sam_mask_decoder.output_upscaling[0].bias
        # Averaging over a square is averaging over columns, then over rows: two products with a
        # band of ones.
        place = torch.arange(2 * CELLS)
        near = (place - place.unsqueeze(1)).abs() <= RING_CELLS // 2
        self.register_buffer("ring", near.float() / RING_CELLS)

    def forward(
        self, logits: Tensor, scores: Tensor, mask_tokens: Tensor, middle: Tensor
    ) -> Tensor:
        """As `MaskScore.forward`; middle: the prepared features at stride 8."""
        share = torch.sigmoid(logits)
        return self.score.refined(
            scores, mask_tokens, mask_statistics(logits, share), self._contrast(share, middle)
        )

    def _contrast(self, share: Tensor, middle: Tensor) -> Tensor:
        inside = functional.avg_pool2d(share, 2)
        around = (self.ring @ inside @ self.ring) * (1 - inside)
        regions = torch.stack([inside, around], dim=1)
        batch, _, masks = regions.shape[:3]
        # Rows in the order of the prepared features: the upper lines of all cells first.
        weights = regions.reshape(batch, 2, masks, CELLS, 2, 2 * CELLS).transpose(3, 4)
        weights = weights.reshape(batch, 2 * masks, 4 * CELLS**2)
        total = weights.sum(dim=2, keepdim=True)
        sums = weights @ middle.reshape(1, 4 * CELLS**2, -1) - total * self.prepared_with
        means = (sums / (total + EMPTY)).reshape(batch, 2, masks, -1)
        return torch.cat([means[:, 0], means[:, 0] - means[:, 1]], dim=-1)
