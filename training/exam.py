"""How good the weights are now: fixed crops of held-out scenes and of a site kept apart.

Quick and only like the yardstick (benchmarks/accuracy.py), which judges whole patches.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from training.answers import answered, find_strays
from training.crops import CropBatch, Targets, draw_crops, draw_targets
from training.losses import mask_ious
from training.network import CropNetwork, Prompts
from training.prompts import half_size, inwardness
from training.store import TileStore

_CROPS, _THINGS = 4, 10


@dataclass(frozen=True)
class Exam:
    """Crops and what is asked for in them; made once."""

    questions: list[tuple[CropBatch, Targets]]

    @classmethod
    def of(cls, store: TileStore, seed: int, batches: int, size: int) -> Exam:
        questions = []
        for index in range(batches):
            batch = draw_crops([(store, 1.0)], (seed, index), _CROPS, size)
            questions.append((batch, draw_targets(batch, (seed, index), _THINGS, 60)))
        return cls(questions)

    @torch.no_grad()
    def take(self, network: CropNetwork, autocast: torch.autocast) -> dict[str, float]:
        """Mean IoUs, and the rank correlation of the candidates' scores with theirs."""
        clicks, boxes, scores = [], [], []
        for batch, targets in self.questions:
            with autocast:
                features = network.encode(batch.pictures, batch.origin).of(targets.crop)
                click, box = _middle_click(targets), _exact_box(targets)
                by_click = network.decode(features, click, batch.origin)
                by_box = network.decode(features, box, batch.origin)
            asked = targets.masks.flatten(1).amax(dim=1) > 0
            clicks.append(_ious(by_click[0], click, targets)[asked, 1:])
            boxes.append(_ious(by_box[0], box, targets)[asked, 0])
            scores.append(by_click[1][asked, 1:])
        ious, scored, found = torch.cat(clicks), torch.cat(scores), torch.cat(boxes)
        best = ious.gather(1, scored.argmax(dim=1, keepdim=True))
        return {
            "click_best_scored": float(best.mean()),
            "click_best_of_three": float(ious.amax(dim=1).mean()),
            "box": float(found.mean()),
            "rank": rank_correlation(scored.flatten(), ious.flatten()),
        }


def rank_correlation(one: Tensor, other: Tensor) -> float:
    """Spearman's, ties in the order they come."""
    ranks = torch.stack([values.argsort().argsort().double() for values in (one, other)])
    return float(torch.corrcoef(ranks)[0, 1])


def _ious(logits: Tensor, prompts: Prompts, targets: Targets) -> Tensor:
    """[N, 4], of what the masks answer."""
    return mask_ious(answered(logits, find_strays(logits, prompts)), targets.masks)


def _middle_click(targets: Targets) -> Prompts:
    inside = inwardness(half_size(targets.masks))
    cell = inside.flatten(1).argmax(dim=1)
    width = inside.shape[2]
    points = 2 * torch.stack([cell % width, cell // width], dim=1).float() + 1
    return Prompts(points[:, None], torch.ones_like(cell)[:, None])


def _exact_box(targets: Targets) -> Prompts:
    corners = targets.boxes.reshape(-1, 2, 2)
    labels = torch.tensor([2, 3], device=corners.device).expand(len(corners), -1)
    return Prompts(corners, labels)


def generator_for(device: torch.device, seed: int) -> Generator:
    return Generator(device).manual_seed(seed)
