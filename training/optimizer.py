"""What moves the weights: Muon for the matrices, AdamW for all else.

Muon (Jordan and others, 2024; here torch's, with steps of the size of AdamW's as in Liu and
others, arXiv:2502.16982) makes every direction of a matrix's step as long as the others. On the
same crops as AdamW, it brought the loss down in fewer steps (README.md).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from training.network import is_projection

_HEADS = "output_hypernetworks_mlps"
"""They make the masks out of the tokens: what stands at a network's ends is left to AdamW, as
Muon's authors advise."""


class Optimizer:
    """Steps of two optimizers at one rate."""

    def __init__(self, modules: tuple[nn.Module, ...], weight_decay: float, fused: bool) -> None:
        matrices, decayed, others = [], [], []
        for module in modules:
            for name, parameter in module.named_parameters():
                if not is_projection(name, parameter):
                    others.append(parameter)
                elif parameter.ndim == 2 and _HEADS not in name:
                    matrices.append(parameter)
                else:
                    decayed.append(parameter)
        self._parts: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.Muon(
                matrices, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"
            ),
            torch.optim.AdamW(
                [
                    {"params": decayed, "weight_decay": weight_decay},
                    {"params": others, "weight_decay": 0.0},
                ],
                betas=(0.9, 0.98),
                fused=fused,
            ),
        )  # fmt: skip

    @property
    def parameters(self) -> list[Tensor]:
        return [p for part in self._parts for group in part.param_groups for p in group["params"]]

    def zero_grad(self) -> None:
        for part in self._parts:
            part.zero_grad(set_to_none=True)

    def step(self, rate: float) -> None:
        for part in self._parts:
            for group in part.param_groups:
                group["lr"] = rate
            part.step()

    def state_dict(self) -> list[dict[str, Any]]:
        return [part.state_dict() for part in self._parts]

    def load_state_dict(self, states: list[dict[str, Any]]) -> None:
        for part, state in zip(self._parts, states, strict=True):
            part.load_state_dict(state)
