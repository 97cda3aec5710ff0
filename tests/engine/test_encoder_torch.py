"""The torch encoder's devices, threads and memory. (What it computes: the contract, parity.)"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from encoder_tool.errors import DeviceMemoryError, UsageError
from encoder_tool.model.build import ImageModel
from encoder_tool.model.encoder_torch import (
    EXECUTIONS,
    Execution,
    TorchEncoder,
    load_torch_encoder,
    pick_device,
)
from encoder_tool.model.registry import get_spec
from encoder_tool.model.resources import NANO_WEIGHTS, models_directory
from encoder_tool.types import FloatArray

PATCH = np.zeros((1, 3, 1024, 1024), np.float32)


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_auto_takes_the_fastest_device(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, expected: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert pick_device("auto") == expected
    assert pick_device("cpu") == "cpu"


@pytest.mark.parametrize("device", ["cuda", "mps", "tpu"])
def test_an_absent_device_is_refused(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(UsageError, match=f"no device '{device}'") as caught:
        pick_device(device)
    assert caught.value.hint == "Choose cpu."


@pytest.mark.parametrize(
    "failure",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 201326592"),
        RuntimeError("MPS backend out of memory (MPS allocated: 8.10 GB)"),
        MemoryError(),
    ],
    ids=["cuda", "cpu", "mps", "numpy"],
)
def test_exhausted_memory_is_a_device_error(
    nano_model: ImageModel, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    encoder = TorchEncoder(nano_model, get_spec("nano"))

    def fail(patches: torch.Tensor) -> None:
        raise failure

    monkeypatch.setattr(encoder, "_graph", fail)
    with pytest.raises(DeviceMemoryError, match="memory of cpu"):
        encoder.encode(PATCH)


def test_other_failures_are_not_hidden(
    nano_model: ImageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = TorchEncoder(nano_model, get_spec("nano"))

    def fail(patches: torch.Tensor) -> None:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(encoder, "_graph", fail)
    with pytest.raises(RuntimeError, match="mat1"):
        encoder.encode(PATCH)


def test_threads_bound_torch() -> None:
    before = torch.get_num_threads()
    try:
        load_torch_encoder(get_spec("nano"), models_directory() / NANO_WEIGHTS, "cpu", threads=1)
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("execution", "tolerance"),
    [
        (EXECUTIONS["mps"], 1e-4),
        (Execution(memory_format=torch.channels_last), 1e-4),
        # Eight bits of mantissa through some dozen layers.
        (EXECUTIONS["cuda"], 0.1),
    ],
    ids=["mps", "channels last", "cuda"],
)
def test_how_other_devices_run_it_gives_the_same_features(
    nano_model: ImageModel, patch: FloatArray, execution: Execution, tolerance: float
) -> None:
    spec = get_spec("nano")
    (expected,) = TorchEncoder(nano_model, spec).encode(patch)
    (found,) = TorchEncoder(nano_model, spec, "cpu", execution).encode(patch)
    for name, values in found.arrays().items():
        assert values.dtype == np.float32
        assert values.flags.c_contiguous, "as the cache stores it"
        wanted = expected.arrays()[name]
        assert np.abs(values - wanted).mean() <= tolerance * wanted.std(), name
