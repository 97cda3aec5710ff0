"""Lessons for the encoder alone: which class, where borders are, what belongs together.

They cost no decoder, so that a run begins with features. The head is thrown away afterwards.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from encoder_tool.model.prompting import sample_maps
from training.crops import CropBatch, Targets
from training.network import CropFeatures, Prompts
from training.tile import CLASSES, OBJECT_LAYER

_EMBEDDING = 32


class DenseHead(nn.Module):
    """Class logits, border logits and an embedding for every cell of stride 4."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.coarse = nn.Conv2d(width, 64, 1)
        self.middle = nn.Conv2d(width // 4, 64, 1)
        self.fine = nn.Conv2d(width // 8, 64, 1)
        self.out = nn.Conv2d(64, len(CLASSES) + 2 + _EMBEDDING, 3, padding=1)
        self.scale = nn.Parameter(torch.tensor([10.0, 0.0]))

    def forward(self, features: CropFeatures) -> Tensor:
        size = features.detail_0.shape[2:]
        parts = ((self.coarse, features.embedding), (self.middle, features.detail_1))
        total = self.fine(features.detail_0)
        for layer, level in parts:
            total = total + functional.interpolate(layer(level), size=size, mode="bilinear")
        found: Tensor = self.out(functional.gelu(total))
        return found.float()


def dense_loss(
    head: DenseHead, features: CropFeatures, batch: CropBatch, targets: Targets, inside: Prompts
) -> Tensor:
    """Cross entropy of classes and borders, and of each anchor's likeness with its object.

    inside: a click in each target, whose first point is the anchor
    """
    found = head(features)
    kinds = len(CLASSES) + 1
    return (
        _class_loss(found[:, :kinds], batch)
        + _border_loss(found[:, kinds], batch)
        + _likeness_loss(head, found[:, kinds + 1 :], targets, inside)
    )


def _class_loss(logits: Tensor, batch: CropBatch) -> Tensor:
    labels = _at_cells(batch.labels[:, OBJECT_LAYER]).long()
    crops = torch.arange(len(labels), device=labels.device)[:, None, None]
    classes = batch.classes[crops, labels].long()
    unknown = (classes == 0) & ~batch.fully_labelled[:, None, None]
    return functional.cross_entropy(logits, classes.masked_fill(unknown, -100), ignore_index=-100)


def _border_loss(logits: Tensor, batch: CropBatch) -> Tensor:
    labels = batch.labels[:, OBJECT_LAYER].float()[:, None]
    highest = functional.max_pool2d(labels, 4)
    lowest = -functional.max_pool2d(-labels, 4)
    border = (highest != lowest).float()[:, 0]
    weight = 1 + 3 * border
    known = (batch.fully_labelled[:, None, None] | (highest[:, 0] > 0)).float()
    loss = functional.binary_cross_entropy_with_logits(logits, border, reduction="none")
    return (loss * weight * known).sum() / (weight * known).sum().clamp_min(1)


def _likeness_loss(head: DenseHead, embedding: Tensor, targets: Targets, inside: Prompts) -> Tensor:
    """Each anchor's embedding against all cells of its crop: a mask without a decoder."""
    embedding = functional.normalize(embedding, dim=1)
    cells = embedding[targets.crop]
    anchors = functional.normalize(sample_maps(inside.points[:, :1], (cells,)), dim=-1)
    likeness = torch.einsum("nc,nchw->nhw", anchors[:, 0], cells)
    logits = head.scale[0] * (likeness - 0.5) + head.scale[1]
    truth = functional.avg_pool2d(targets.masks[:, None].float(), 4)[:, 0]
    entropy = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    within, without = truth.sum(dim=(1, 2)), (1 - truth).sum(dim=(1, 2))
    even = (entropy * truth).sum(dim=(1, 2)) / within.clamp_min(1)
    even = even + (entropy * (1 - truth)).sum(dim=(1, 2)) / without.clamp_min(1)
    counts = (within > 0).float()
    return (even * counts).sum() / counts.sum().clamp_min(1)


def _at_cells(labels: Tensor) -> Tensor:
    """The label at the middle of each cell of four pixels."""
    return labels[:, 2::4, 2::4]
