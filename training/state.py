"""What a run needs to go on: in files of a few megabytes, replaced whole or not at all."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

_PART_BYTES = 14 * 2**20
_ABOUT = "about.json"

COARSE = ("exp_avg", "exp_avg_sq", "momentum_buffer", "average_off")
"""What is stored as bfloat16, by its key: the optimizers' moments, and by how much averaged
weights are off the plain ones."""


def save_state(folder: Path, content: dict[str, Any]) -> None:
    """Write `content` (tensors, numbers, lists and dicts) to `folder` in parts.

    What is `COARSE` loses its last bits.
    """
    buffer = io.BytesIO()
    torch.save(_shrunk(content), buffer)
    data = buffer.getvalue()
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    parts = range(0, len(data), _PART_BYTES)
    for index, start in enumerate(parts):
        (partial / f"part{index}").write_bytes(data[start : start + _PART_BYTES])
    (partial / _ABOUT).write_text(json.dumps({"parts": len(parts), "bytes": len(data)}))
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.replace(old)
    partial.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def load_state(folder: Path) -> dict[str, Any] | None:
    """What was saved last, or None. Raises ValueError for parts that do not fit together."""
    for candidate in (folder, folder.with_name(f"{folder.name}.old")):
        about = candidate / _ABOUT
        if about.exists():
            told = json.loads(about.read_text())
            parts = [(candidate / f"part{i}").read_bytes() for i in range(told["parts"])]
            data = b"".join(parts)
            if len(data) != told["bytes"]:
                raise ValueError(f"The state in {candidate} is not whole.")
            content: dict[str, Any] = torch.load(
                io.BytesIO(data), map_location="cpu", weights_only=True
            )
            return content
    return None


def averaged_weights(state: dict[str, Any]) -> dict[str, Tensor]:
    """The weights to use: a run's moving average."""
    plain: dict[str, Tensor] = state["model"]
    return {key: value + state["average_off"][key].float() for key, value in plain.items()}


def _shrunk(value: Any, coarse: bool = False) -> Any:
    """Detached, on the CPU, and coarse where that does no harm."""
    if isinstance(value, dict):
        return {key: _shrunk(item, coarse or key in COARSE) for key, item in value.items()}
    if isinstance(value, list):
        return [_shrunk(item, coarse) for item in value]
    if isinstance(value, Tensor):
        stored = torch.bfloat16 if coarse and value.is_floating_point() else value.dtype
        return value.detach().cpu().to(stored).clone()
    return value
