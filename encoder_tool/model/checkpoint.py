"""Checkpoints into models: read without trusting them, fitted key by key."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor

from encoder_tool.errors import ModelError
from encoder_tool.model.build import ImageModel, outline
from encoder_tool.model.registry import BY_CHECKPOINT, REGISTRY
from encoder_tool.model.spec import ModelSpec, Structure

_OTHER_HALF = (
    # The video half of sam2.
    "memory_attention.",
    "memory_encoder.",
    "obj_ptr_proj.",
    "obj_ptr_tpos_proj.",
    "mask_downsample.",
    "maskmem_tpos_enc",
    "no_mem_pos_enc",
    "no_obj_ptr",
    "no_obj_embed_spatial",
    # Normalisation constants that training code saves; the registry's are used.
    "mean",
    "std",
)

_DAMAGE = (
    # What torch.load was seen to raise over 6,000 checkpoints with a few bytes flipped.
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def load_image_model(spec: ModelSpec, path: Path) -> ImageModel:
    """Build `spec`'s structure with the weights in `path` (.pt or .safetensors), as float32.

    Raises ModelError, in one sentence, for anything but a checkpoint of that structure.
    """
    tensors = _read_tensors(path)
    problem = _misfit(spec.structure, tensors)
    if problem is not None:
        known = (*REGISTRY.values(), *BY_CHECKPOINT.values())
        others = [s.name for s in known if _misfit(s.structure, tensors) is None]
        raise ModelError(
            f"{path.name} is not a checkpoint of {spec.name}: {problem}.",
            f"It has the structure of {others[0]}: choose that model." if others else None,
        )
    model = outline(spec.structure)
    wanted = {key: tensors[key].float() for key in model.state_dict()}
    model.load_state_dict(wanted, assign=True)
    return model.requires_grad_(False)


def _misfit(structure: Structure, tensors: Mapping[str, Tensor]) -> str | None:
    """Why the tensors are not those of the structure; None if they are."""
    wanted = outline(structure).state_dict()
    for key, expected in wanted.items():
        if key not in tensors:
            return f"{key} is missing"
        if tensors[key].shape != expected.shape:
            found, due = list(tensors[key].shape), list(expected.shape)
            return f"{key} has the shape {found} in place of {due}"
        if not tensors[key].is_floating_point():
            return f"{key} holds no floating-point numbers"
    for key in tensors:
        if key not in wanted and not key.startswith(_OTHER_HALF):
            return f"it has {key}, which that model has not"
    return None


def _read_tensors(path: Path) -> dict[str, Tensor]:
    if not path.is_file():
        raise ModelError(f"There is no checkpoint at {path}.")
    try:
        if path.suffix == ".safetensors":
            return dict(safetensors.torch.load_file(path))
        with warnings.catch_warnings():
            # It remarks on the pickle protocols of files that it then refuses.
            warnings.simplefilter("ignore", UserWarning)
            content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, safetensors.SafetensorError) as error:
        raise ModelError(
            f"{path.name} is damaged, or is no checkpoint that can be trusted.",
            "Only tensors are read from a checkpoint; code in it is never run.",
        ) from error
    except _DAMAGE as error:
        raise ModelError(f"{path.name} is damaged or is no checkpoint.") from error
    tensors = content.get("model", content) if isinstance(content, dict) else None
    if not isinstance(tensors, dict) or not tensors:
        raise ModelError(f"{path.name} is no checkpoint: it holds no named tensors.")
    if not all(isinstance(k, str) and isinstance(t, Tensor) for k, t in tensors.items()):
        raise ModelError(f"{path.name} is no checkpoint: it holds other things than tensors.")
    return tensors
