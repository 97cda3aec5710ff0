"""The image encoder by torch: Meta's checkpoints on CPU, CUDA or Apple's MPS."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import torch

from encoder_tool.errors import DeviceMemoryError, UsageError
from encoder_tool.model.build import ImageModel
from encoder_tool.model.checkpoint import load_image_model
from encoder_tool.model.graphs import EncoderGraph
from encoder_tool.model.spec import ModelSpec
from encoder_tool.types import FEATURE_NAMES, Features, FeatureShapes, FloatArray


class TorchEncoder:
    """A `FeatureEncoder` over sam2's own modules.

    float32 on the CPU (bfloat16 autocast is 3 to 5 times slower there) and on MPS, bfloat16
    autocast on CUDA, as upstream runs it. `device` is one of `pick_device`'s answers.
    """

    def __init__(self, model: ImageModel, spec: ModelSpec, device: str = "cpu") -> None:
        self._device = device
        self._spec = spec
        try:
            self._graph = EncoderGraph(model, spec).to(device).eval()
        except torch.OutOfMemoryError as error:
            raise _out_of_memory(device) from error

    @property
    def device(self) -> str:
        return self._device

    @property
    def feature_shapes(self) -> FeatureShapes:
        return self._spec.feature_shapes

    @property
    def fill_colour(self) -> tuple[float, float, float]:
        return self._spec.mean

    def encode(self, patches: FloatArray) -> list[Features]:
        try:
            with torch.inference_mode(), self._precision():
                outputs = self._graph(torch.from_numpy(patches).to(self._device))
            arrays = [output.float().cpu().numpy() for output in outputs]
        except (torch.OutOfMemoryError, MemoryError) as error:
            raise _out_of_memory(self._device) from error
        except RuntimeError as error:
            # The CPU's allocator and MPS raise this bare type.
            if "alloc" not in str(error) and "out of memory" not in str(error):
                raise
            raise _out_of_memory(self._device) from error
        return [
            Features(**dict(zip(FEATURE_NAMES, maps, strict=True)))
            for maps in zip(*arrays, strict=True)
        ]

    def _precision(self) -> AbstractContextManager[object]:
        if self._device == "cuda":
            return torch.autocast("cuda", dtype=torch.bfloat16)
        return nullcontext()


def load_torch_encoder(
    spec: ModelSpec, weights: Path, device: str = "auto", threads: int | None = None
) -> TorchEncoder:
    """The encoder of a checkpoint. `threads` bounds torch's CPU threads in this process.

    Raises UsageError for a device that is not there, ModelError for a checkpoint that does not
    fit, DeviceMemoryError when the device cannot hold the weights.
    """
    picked = pick_device(device)
    if threads is not None:
        torch.set_num_threads(threads)
    return TorchEncoder(load_image_model(spec, weights), spec, picked)


def pick_device(device: str) -> str:
    """ "auto" becomes CUDA, else MPS, else the CPU; raises UsageError for an absent device."""
    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    available = [name for name, is_there in present.items() if is_there]
    if device == "auto":
        return available[0]
    if device not in available:
        raise UsageError(
            f"There is no device {device!r} on this machine.",
            f"Choose {' or '.join(available)}.",
        )
    return device


def _out_of_memory(device: str) -> DeviceMemoryError:
    return DeviceMemoryError(f"The memory of {device} does not suffice for this batch.")
