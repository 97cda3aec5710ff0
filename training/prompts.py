"""Prompts as users give them: a click well inside or anywhere in a thing, a box around it, then
clicks where the mask is wrong."""

from __future__ import annotations

from enum import Enum

import torch
from torch import Generator, Tensor
from torch.nn import functional

from training.crops import Targets
from training.network import Prompts

_LEVELS = 5


class Kind(Enum):
    """How an object is asked for first. All prompts of a step have one kind: tokens are padded
    nowhere, as in use."""

    CLICK = "click"
    BOX = "box"
    CLICKS = "clicks"


def first_prompts(kind: Kind, targets: Targets, choices: Generator) -> Prompts:
    """One prompt for each target. `choices` is a generator of the targets' device."""
    halves = half_size(targets.masks)
    if kind is Kind.BOX:
        return _boxes(targets.boxes, targets.masks.shape[-1], choices)
    inside = inwardness(halves)
    # From anywhere inside to the very middle.
    sharpness = torch.tensor([0.0, 2.0, 40.0, 40.0], device=choices.device)
    pick = torch.randint(4, (len(inside),), generator=choices, device=choices.device)
    points = [_draw_point(inside, sharpness[pick], choices)]
    labels = [1]
    if kind is Kind.CLICKS:
        outside = inwardness(1 - halves) * _near(halves)
        for label in (1, 0, 1):
            where = inside if label else outside
            points.append(_draw_point(where, where.new_full((len(where),), 1.0), choices))
            labels.append(label)
        keep = int(torch.randint(2, 5, (), generator=choices, device=choices.device))
        points, labels = points[:keep], labels[:keep]
    stacked = torch.stack(points, dim=1)
    return Prompts(stacked, _labels(labels, stacked))


def further_prompts(
    before: Prompts, logits: Tensor, targets: Targets, choices: Generator
) -> Prompts:
    """One more click where `logits` [N, h, w] are wrong, and the logits themselves."""
    truth = half_size(targets.masks)
    found = functional.interpolate(
        logits[:, None], size=truth.shape[1:], mode="bilinear", align_corners=False
    )[:, 0]
    mask = (found > 0).float()
    missed = inwardness(truth * (1 - mask))
    wrong = inwardness(mask * (1 - truth))
    is_missed = missed.flatten(1).amax(1) >= wrong.flatten(1).amax(1)
    region = torch.where(is_missed[:, None, None], missed, wrong)
    # Nothing is wrong: one more click inside.
    perfect = region.flatten(1).amax(1) <= 0
    region = torch.where(perfect[:, None, None], inwardness(truth), region)
    sharpness = torch.tensor([3.0, 40.0]).to(logits.device)
    pick = torch.randint(2, (len(truth),), generator=choices, device=choices.device)
    point = _draw_point(region, sharpness[pick], choices)
    labels = is_missed.long()[:, None]
    return Prompts(
        torch.cat([before.points, point[:, None]], dim=1),
        torch.cat([before.labels, labels], dim=1),
        logits[:, None].clamp(-32, 32),
    )


def half_size(masks: Tensor) -> Tensor:
    """Masks [N, S, S] as 0 or 1 at half the size."""
    return (functional.avg_pool2d(masks[:, None].float(), 2)[:, 0] >= 0.5).float()


def inwardness(masks: Tensor) -> Tensor:
    """How far inside masks [N, H, W] of 0 and 1 each cell lies, 0 outside: the share of set
    cells around it, squared and summed over five sizes of surroundings. (Distances proper would
    need a loop over masks.)"""
    level = masks[:, None]
    total = torch.zeros_like(level)
    for _ in range(_LEVELS):
        around = functional.avg_pool2d(level, 3, stride=1, padding=1) ** 2
        total = total + functional.interpolate(
            around, size=masks.shape[1:], mode="bilinear", align_corners=False
        )
        level = functional.avg_pool2d(level, 2)
    return (total * masks[:, None])[:, 0]


def _near(masks: Tensor) -> Tensor:
    """1 in the surroundings of masks, falling to 0 further off."""
    small = functional.avg_pool2d(masks[:, None], 8)
    blurred = functional.avg_pool2d(small, 5, stride=1, padding=2)
    grown = functional.interpolate(blurred, size=masks.shape[1:], mode="bilinear")
    return (4 * grown[:, 0]).clamp(0, 1)


def _draw_point(weights: Tensor, sharpness: Tensor, choices: Generator) -> Tensor:
    """A point [N, 2] in pixels within a cell drawn by weights ** sharpness [N, h, w]; where all
    are zero, anywhere."""
    flat = weights.flatten(1)
    drawn = torch.rand(flat.shape, generator=choices, device=choices.device).clamp(1e-6, 1 - 1e-6)
    gumbel = -torch.log(-torch.log(drawn))
    scores = sharpness[:, None] * torch.log(flat.clamp_min(1e-6)) + gumbel
    scores = scores.masked_fill((flat <= 0) & (flat > 0).any(dim=1, keepdim=True), -torch.inf)
    cell = scores.argmax(dim=1)
    width = weights.shape[2]
    corner = torch.stack([cell % width, cell // width], dim=1).float()
    within = torch.rand(len(flat), 2, generator=choices, device=choices.device)
    return 2 * (corner + within)


def _boxes(boxes: Tensor, size: int, choices: Generator) -> Prompts:
    """Corners: exact, or off by up to a tenth of the side, 20 px at most."""
    low, high = boxes[:, :2], boxes[:, 2:]
    reach = torch.cat([high - low, high - low], dim=1)
    careless = (torch.rand(len(boxes), 1, generator=choices, device=choices.device) < 0.5).float()
    noise = torch.randn(boxes.shape, generator=choices, device=choices.device).clamp(-2, 2)
    shift = (0.05 * reach * noise).clamp(-20, 20) * careless
    fraction = torch.rand(boxes.shape, generator=choices, device=choices.device) - 0.5
    moved = (boxes + shift + fraction * (1 - careless)).clamp(0, size)
    points = moved.reshape(-1, 2, 2)
    return Prompts(points, _labels([2, 3], points))


def _labels(labels: list[int], points: Tensor) -> Tensor:
    return torch.tensor(labels, device=points.device).expand(len(points), -1).contiguous()
