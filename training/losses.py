"""What a mask and its score cost."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from training.answers import answered
from training.prompts import Kind

_OTHERS = 0.1
_SINGLE_OF_A_CLICK = 0.5
_CANDIDATES_OF_THE_REST = 0.3
_STRAYS = 0.1
_SCORE = 0.5
_RANKING = 0.2


@dataclass(frozen=True)
class Judged:
    """loss: to go down; ious: [N, 4], of what the four masks answer, as far as the prompt counts;
    counts: [N], whether it does"""

    loss: Tensor
    mask_loss: Tensor
    score_loss: Tensor
    ious: Tensor
    counts: Tensor


def judge(
    kind: Kind, logits: Tensor, strays: Tensor, scores: Tensor, masks: Tensor, balanced: float,
    ranking: bool,
) -> Judged:  # fmt: skip
    """Compare four masks each, [N, 4, S / 4, S / 4], with truths, uint8 [N, S, S].

    strays: of the masks, what is not answered (see `answers`): it costs little
    balanced: 1 weighs inside and outside alike (the empty mask is no way out), 0 weighs by area
    ranking: whether the scores also pay for a wrong order
    """
    truth = functional.avg_pool2d(masks[:, None].float(), 4)
    counts = truth.flatten(1).sum(dim=1) > 0
    each = _mask_loss(logits, truth, strays, balanced)
    if kind is Kind.CLICK:
        candidates = each[:, 1:]
        best = candidates.amin(dim=1)
        loss = best + _OTHERS * candidates.mean(dim=1) + _SINGLE_OF_A_CLICK * each[:, 0]
    else:
        loss = each[:, 0] + _CANDIDATES_OF_THE_REST * each[:, 1:].mean(dim=1)
    ious = mask_ious(answered(logits, strays), masks)
    score_loss = (scores - ious) ** 2
    if ranking:
        score_loss = score_loss + _RANKING * _order_loss(scores, ious)
    used = counts.float()
    total = used.sum().clamp_min(1)
    mask_loss = (loss * used).sum() / total
    scored = (score_loss.mean(dim=1) * used).sum() / total
    return Judged(mask_loss + _SCORE * scored, mask_loss, scored, ious, counts)


def _mask_loss(logits: Tensor, truth: Tensor, strays: Tensor, balanced: float) -> Tensor:
    """Dice, and cross entropy relative to the size of the thing: [N, 4]."""
    # Of a stray, what is part of the thing counts: it lacks its connection only.
    counted = 1 - (1 - _STRAYS) * strays * (1 - truth)
    share = counted * torch.sigmoid(logits)
    overlap = (share * truth).sum(dim=(2, 3))
    squares = (share**2).sum(dim=(2, 3)) + (truth**2).sum(dim=(2, 3))
    dice = 1 - (2 * overlap + 1) / (squares + 1)
    entropy = counted * functional.binary_cross_entropy_with_logits(
        logits, truth.expand_as(logits), reduction="none"
    )
    inside, outside = truth.sum(dim=(2, 3)), (1 - truth).sum(dim=(2, 3))
    even = (entropy * truth).sum(dim=(2, 3)) / inside.clamp_min(1)
    even = even + (entropy * (1 - truth)).sum(dim=(2, 3)) / outside.clamp_min(1)
    found = share.detach().sum(dim=(2, 3))
    relative = entropy.sum(dim=(2, 3)) / (inside + 0.5 * found + 16)
    return dice + balanced * even + (1 - balanced) * relative


@torch.no_grad()
def mask_ious(logits: Tensor, masks: Tensor) -> Tensor:
    """IoU [N, M] of logits [N, M, S / 4, S / 4] > 0 with masks [N, S, S], at half size."""
    size = masks.shape[-1] // 2
    truth = functional.avg_pool2d(masks[:, None].float(), 2) >= 0.5
    found = functional.interpolate(logits.float(), size=(size, size), mode="bilinear") > 0
    both = (found & truth).sum(dim=(2, 3))
    either = (found | truth).sum(dim=(2, 3))
    return both / either.clamp_min(1)


def _order_loss(scores: Tensor, ious: Tensor) -> Tensor:
    """[N, 4]: a pair of masks costs what their scores fail to differ by, where IoUs do."""
    ahead = (ious[:, :, None] - ious[:, None, :]).clamp_min(0)
    gap = scores[:, :, None] - scores[:, None, :]
    return (functional.relu(ahead - gap) * (ahead > 0.02)).mean(dim=2)
