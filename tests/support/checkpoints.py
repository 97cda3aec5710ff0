"""Checkpoints with seeded random weights, in the key layout of Meta's."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from encoder_tool.model.build import outline
from encoder_tool.model.spec import Structure

VIDEO_SHAPES = {
    "maskmem_tpos_enc": (7, 1, 1, 64),
    "memory_attention.norm.weight": (256,),
    "memory_encoder.out_proj.weight": (64, 256, 1, 1),
    "no_mem_pos_enc": (1, 1, 256),
    "no_obj_ptr": (1, 256),
    "obj_ptr_proj.layers.0.weight": (256, 256),
}
"""Some of the video half's tensors, which a real checkpoint carries along."""


def random_tensors(structure: Structure, seed: int = 0) -> dict[str, Tensor]:
    """Weights under which a decoder behaves as a trained one: attention that picks, logits with
    a standard deviation above 3, scores apart. With sam2's initial weights they are 0.1 and
    0.51 to 0.58, and a half-pixel error drowns in the tolerance."""
    generator = torch.Generator().manual_seed(seed)
    return {
        key: _draw(key, tensor.shape, generator) * _spread(key, structure)
        for key, tensor in sorted(outline(structure).state_dict().items())
    }


def _draw(key: str, shape: torch.Size, generator: torch.Generator) -> Tensor:
    noise = torch.randn(shape, generator=generator)
    if key.endswith("bias"):
        return 0.1 * noise
    if len(shape) == 1:  # the gain of a normalisation
        return 1 + 0.1 * noise
    if "embed" in key or "token" in key.split(".")[-2] or "gaussian" in key:
        return noise if "patch_embed" not in key else noise / shape[1:].numel() ** 0.5
    return _gain(key) * noise / shape[1:].numel() ** 0.5


def _gain(key: str) -> float:
    if "q_proj" in key or "k_proj" in key:
        return 2.0
    if "output_hypernetworks_mlps" in key:
        return 1.5
    if "iou_prediction_head" in key:
        return 1.5
    return 1.0


def _spread(key: str, structure: Structure) -> float:
    """Logits are products over an eighth of the width: the last layer before sets their scale.

    That of the single mask is flatter, so that some single masks are stable by
    sam2's rule and some are not.
    """
    if not ("hypernetworks" in key and "layers.2" in key):
        return 1.0
    return (4.5 if "mlps.0" in key else 8.5) / structure.width**0.5


def hollow_tensors(structure: Structure) -> dict[str, Tensor]:
    """The right names and shapes with no content: a file of them takes kilobytes."""
    shapes = {key: tuple(t.shape) for key, t in outline(structure).state_dict().items()}
    zero = torch.zeros(1)
    return {key: zero.expand(shape) for key, shape in {**shapes, **VIDEO_SHAPES}.items()}


def write_checkpoint(path: Path, tensors: dict[str, Tensor]) -> Path:
    """Write a `.pt` as Meta does: the tensors under "model"."""
    torch.save({"model": tensors}, path)
    return path
