"""From a run's state to a model's files: safetensors in float16, and ONNX as it ships."""

from __future__ import annotations

from pathlib import Path

import torch

from encoder_tool.model.registry import get_spec
from training.state import averaged_weights, load_state


def write_weights(state_folder: Path, out: Path) -> Path:
    """The averaged weights as `out`/NAME.safetensors, in float16, and try that they load.

    Raises ValueError when nothing was trained yet.
    """
    from safetensors.torch import save_file

    from encoder_tool.model.checkpoint import load_image_model

    state = load_state(state_folder)
    if state is None:
        raise ValueError(f"There is no state of a run in {state_folder}.")
    name = state["structure"]
    tensors = {key: value.half().contiguous() for key, value in averaged_weights(state).items()}
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.safetensors"
    save_file(tensors, path, {"structure": name, "steps": str(state["step"])})
    # safetensors writes for the owner alone.
    path.chmod(0o644)
    load_image_model(get_spec(name), path)
    return path


def write_onnx(name: str, weights: Path) -> list[Path]:
    """The three ONNX files beside the weights, each compared with torch by the exporter."""
    from encoder_tool.model.checkpoint import load_image_model
    from encoder_tool.model.export import (
        export_decoder,
        export_encoder,
        store_weights_as_float16,
    )

    torch.set_grad_enabled(False)
    spec = get_spec(name)
    graphs = export_decoder(load_image_model(spec, weights))
    contents = {
        "encoder": export_encoder(load_image_model(spec, weights), spec),
        "prepare": graphs.prepare,
        "decode": graphs.decode,
    }
    paths = []
    for part, data in contents.items():
        path = weights.with_name(f"{name}_{part}.onnx")
        path.write_bytes(store_weights_as_float16(data))
        paths.append(path)
    return paths
