"""nano's own estimate of its masks' IoU: sam2's, corrected by what the masks look like."""

from __future__ import annotations

import torch
from torch import Tensor, nn

RING_CELLS = 7
"""Width of the square, in cells of stride 8, in which a cell's surroundings lie."""

EMPTY = 0.5
"""Cells added to a mask's area, so that the mean over an empty mask is defined."""

_SCALARS = 8


class MaskScore(nn.Module):
    """sam2's score knows the transformer's tokens only; v0's best-scored mask was far worse than
    the best of its three. This head reads the mask as well: how large and sharp it is, whether
    it is cut by the border, how compact, and whether the image differs inside from outside.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        inputs = _SCALARS + 2 * (width // 4) + width + 1
        self.correction = nn.Sequential(
            nn.Linear(inputs, width), nn.GELU(), nn.Linear(width, width), nn.GELU(),
            nn.Linear(width, 1),
        )  # fmt: skip

    def forward(
        self, logits: Tensor, scores: Tensor, mask_tokens: Tensor, detail: Tensor
    ) -> Tensor:
        """IoU estimates [B, M] for M masks each.

        logits: [B, M, 4h, 4h], in training detached; scores: sam2's estimates [B, M];
        mask_tokens: [B, M, width]; detail: [1 or B, width / 4, 2h, 2h], the features at stride 8
        """
        share = torch.sigmoid(logits)
        return self.refined(
            scores, mask_tokens, mask_statistics(logits, share), _contrast(share, detail)
        )

    def refined(
        self, scores: Tensor, mask_tokens: Tensor, statistics: Tensor, contrast: Tensor
    ) -> Tensor:
        """The same, of `mask_statistics` and of the features inside, and inside less around."""
        scores = scores.float().clamp(1e-4, 1 - 1e-4)
        before = torch.log(scores / (1 - scores))
        known = torch.cat(
            [statistics, contrast, mask_tokens.to(statistics.dtype), before.unsqueeze(-1)], dim=-1
        )
        refined: Tensor = torch.sigmoid(before + self.correction(known).squeeze(-1))
        return refined


def mask_statistics(logits: Tensor, share: Tensor) -> Tensor:
    """[B, M, 8]: of the mask, in cells, so that a crop and a whole patch agree. share: how far
    each cell is inside, the logits' sigmoid."""
    area = share.sum(dim=(2, 3))
    outline = (share[..., 1:, :] - share[..., :-1, :]).abs().sum(dim=(2, 3)) + (
        share[..., :, 1:] - share[..., :, :-1]
    ).abs().sum(dim=(2, 3))
    at_border = (share[..., 0, :] + share[..., -1, :] + share[..., :, 0] + share[..., :, -1]).sum(
        dim=2
    )
    inner, outer = (logits > 1).float().sum(dim=(2, 3)), (logits > -1).float().sum(dim=(2, 3))
    confident = (share * logits).sum(dim=(2, 3)) / (area + 1)
    peak = logits.amax(dim=(2, 3))
    root = torch.sqrt(area + 1)
    return torch.stack(
        [
            torch.log1p(area) / 5,
            outline / (4 * root),
            at_border / root,
            inner / (outer + 1),
            (share * (1 - share)).sum(dim=(2, 3)) / root,
            torch.tanh(confident / 8),
            torch.tanh(peak / 8),
            torch.log1p(outer) / 5,
        ],
        dim=-1,
    )


def _contrast(share: Tensor, detail: Tensor) -> Tensor:
    """[B, M, 2C]: the mean features inside the mask, and how they differ from those around."""
    inside = nn.functional.avg_pool2d(share, 2)
    near = nn.functional.avg_pool2d(inside, RING_CELLS, stride=1, padding=RING_CELLS // 2)
    around = near * (1 - inside)
    features = detail.to(share.dtype).flatten(2).transpose(1, 2)
    mean_inside = _weighted_mean(inside, features)
    return torch.cat([mean_inside, mean_inside - _weighted_mean(around, features)], dim=-1)


def _weighted_mean(weights: Tensor, features: Tensor) -> Tensor:
    flat = weights.flatten(2)
    mean: Tensor = (flat @ features) / (flat.sum(dim=2, keepdim=True) + EMPTY)
    return mean
