"""Beginning from the weights of an earlier model, as far as they fit.

Only where its training data allow it: nano v0 has seen catanduanes, so that a model that begins
from it has no clean figure there.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from encoder_tool.model.build import ImageModel

_BLOCKS = "image_encoder.trunk.blocks."


def begin_from(model: ImageModel, path: Path) -> int:
    """Copy every tensor of the same name and shape; returns how many.

    A stage of the trunk that has become longer keeps its old last block last; the blocks put in
    before it begin as doing nothing.
    """
    tensors = _read(path)
    wanted = model.state_dict()
    stages = model.structure.trunk.stages
    old = 1 + max(int(key[len(_BLOCKS) :].split(".")[0]) for key in tensors if _BLOCKS in key)
    places, silent = _block_places(stages, old)
    taken = 0
    with torch.no_grad():
        for key, tensor in tensors.items():
            name = key
            if key.startswith(_BLOCKS):
                number, rest = key[len(_BLOCKS) :].split(".", 1)
                name = f"{_BLOCKS}{places[int(number)]}.{rest}"
            if name in wanted and wanted[name].shape == tensor.shape:
                wanted[name].copy_(tensor)
                taken += 1
        for block in silent:
            for layer in ("attn.proj", "mlp.layers.1"):
                for kind in ("weight", "bias"):
                    wanted[f"{_BLOCKS}{block}.{layer}.{kind}"].zero_()
    return taken


def _block_places(stages: tuple[int, ...], old: int) -> tuple[list[int], list[int]]:
    """Where each of the `old` blocks goes, and which blocks are new: the third stage grew."""
    grown = sum(stages) - old
    end = sum(stages[:3])
    last_of_stage = end - 1 - grown
    places = [i if i < last_of_stage else i + grown for i in range(old)]
    return places, [i for i in range(sum(stages)) if i not in places]


def _read(path: Path) -> dict[str, Tensor]:
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return dict(load_file(path))
    content: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return content
