"""What of a mask is the answer: whoever asks gets the parts that the prompt means, no strays.

So a mask of all fields of a colour answers a click on one of them well, and is not to be
unlearnt for the sake of the others.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from encoder_tool.parts import meant_parts
from encoder_tool.types import OUTSIDE_LOGIT, BoxPixel, Prompt
from training.network import Prompts


@torch.no_grad()
def find_strays(logits: Tensor, prompts: Prompts) -> Tensor:
    """Where masks [N, M, h, w] have parts that their prompt, one for M masks, does not mean."""
    inside = (logits > 0).cpu().numpy()
    found = np.zeros_like(inside)
    points, labels = prompts.points.cpu().numpy(), prompts.labels.cpu().numpy()
    for n, (masks, xy, label) in enumerate(zip(inside, points, labels, strict=True)):
        prompt = _prompt(xy.astype(np.float64), label)
        for m, mask in enumerate(masks):
            found[n, m] = mask & ~meant_parts(mask, prompt)
    return torch.from_numpy(found).to(logits.device)


def answered(logits: Tensor, strays: Tensor) -> Tensor:
    """The logits of what is answered, as `encoder_tool.parts.without_strays` makes them."""
    return logits.masked_fill(strays, OUTSIDE_LOGIT)


def _prompt(points: np.ndarray, labels: np.ndarray) -> Prompt:
    is_click = labels < 2
    corners = points[~is_click]
    return Prompt(
        points=points[is_click],
        labels=labels[is_click].astype(np.int64),
        box=BoxPixel(*corners.reshape(-1)) if len(corners) else None,
    )
