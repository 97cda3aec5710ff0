"""Weights of several runs as one model: their mean ("model soup", Wortsman et al. 2022)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch


def average_weights(files: Sequence[Path], out: Path) -> Path:
    """The mean of weights, each tensor in float32, as one file in float16; `files` count alike, one
    that is named twice counts double.

    The mean of a run and of what it began from is a good model; that of two runs from nothing is
    none.

    Raises ValueError for files that are no weights, or not of one structure.
    """
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import load_file, save_file

    structures, steps = set(), 0
    sums: dict[str, torch.Tensor] = {}
    for file in files:
        try:
            with safe_open(file, "pt") as content:
                about = content.metadata() or {}
            tensors = load_file(file)
        except (OSError, SafetensorError) as error:
            raise ValueError(f"{file} holds no weights ({error}).") from error
        structures.add(about.get("structure"))
        steps = max(steps, int(about.get("steps", 0)))
        if sums and _shapes(tensors) != _shapes(sums):
            raise ValueError(f"{file} is of another structure than {files[0]}.")
        for name, tensor in tensors.items():
            sums[name] = sums.get(name, torch.zeros(())) + tensor.float()
    if len(structures) > 1 or None in structures:
        raise ValueError("Not all of these files tell the same structure: average runs of one.")
    means = {name: (total / len(files)).half().contiguous() for name, total in sums.items()}
    out.parent.mkdir(parents=True, exist_ok=True)
    save_file(means, out, {"structure": structures.pop(), "steps": str(steps)})
    # safetensors writes for the owner alone.
    out.chmod(0o644)
    return out


def _shapes(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in tensors.items()}
