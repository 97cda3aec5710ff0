"""The image encoder by torch: Meta's checkpoints on CPU, CUDA or Apple's MPS."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from encoder_tool.errors import DeviceMemoryError, UsageError
from encoder_tool.model.build import ImageModel
from encoder_tool.model.checkpoint import load_image_model
from encoder_tool.model.cpu_trunk import CpuEncoderGraph
from encoder_tool.model.graphs import EncoderGraph
from encoder_tool.model.spec import ModelSpec
from encoder_tool.types import FEATURE_NAMES, Features, FeatureShapes, FloatArray


@dataclass(frozen=True, slots=True)
class Execution:
    """How a device runs the model best.

    graph: what computes the features, all with the same results
    autocast: the type that products are computed in; None for float32
    memory_format: of images and convolutions; the trunk's own layout is channels-last anywhere
    """

    graph: type[EncoderGraph] = EncoderGraph
    autocast: torch.dtype | None = None
    memory_format: torch.memory_format = torch.contiguous_format


EXECUTIONS: Mapping[str, Execution] = {
    # bfloat16 autocast is 3 to 5 times slower than float32 on a CPU without instructions for it.
    "cpu": Execution(CpuEncoderGraph),
    "mps": Execution(),
    # bfloat16 as upstream runs it; convolutions on tensor cores want channels last.
    "cuda": Execution(autocast=torch.bfloat16, memory_format=torch.channels_last),
}


class TorchEncoder:
    """A `FeatureEncoder` over sam2's own modules.

    device: one of `pick_device`'s answers
    execution: None for what suits the device
    """

    def __init__(
        self,
        model: ImageModel,
        spec: ModelSpec,
        device: str = "cpu",
        execution: Execution | None = None,
    ) -> None:
        self._device = device
        self._spec = spec
        self._execution = execution or EXECUTIONS[device]
        try:
            graph = self._execution.graph(model, spec).to(device).eval()
            # torch's annotations know a memory format only together with a tensor.
            self._graph = graph.to(memory_format=self._execution.memory_format)  # type: ignore[call-overload]
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
                images = torch.from_numpy(patches).to(self._device)
                outputs = self._graph(images.to(memory_format=self._execution.memory_format))
            # To float32 on this side: half as many bytes on the way.
            arrays = [np.ascontiguousarray(output.cpu().float().numpy()) for output in outputs]
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
        if self._execution.autocast is None:
            return nullcontext()
        return torch.autocast(self._device, dtype=self._execution.autocast)


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
