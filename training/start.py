"""Beginning from the weights of an earlier model, as far as they fit.

What those weights have seen, the model that begins from them has seen: nano v0 knows catanduanes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from encoder_tool.model.build import ImageModel


def begin_from(model: ImageModel, path: Path) -> int:
    """Copy every tensor of the same name and shape; returns how many."""
    wanted = model.state_dict()
    fitting = {
        key: tensor
        for key, tensor in _read(path).items()
        if key in wanted and wanted[key].shape == tensor.shape
    }
    with torch.no_grad():
        for key, tensor in fitting.items():
            wanted[key].copy_(tensor)
    return len(fitting)


def _read(path: Path) -> dict[str, Tensor]:
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return dict(load_file(path))
    content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    tensors: dict[str, Tensor] = content.get("model", content)
    return tensors
