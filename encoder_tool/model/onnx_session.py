"""ONNX Runtime with this engine's settings and errors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from encoder_tool.errors import DeviceMemoryError, ModelError, UsageError
from encoder_tool.types import FloatArray

# onnxruntime's exceptions have no common base but Exception.
_FAILURES = (
    ort_errors.EPFail,
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoSuchFile,
    ort_errors.NotFound,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)
_PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
_FATAL_ONLY = 4


def available_devices() -> list[str]:
    """The devices that the installed onnxruntime can use: "cpu", perhaps "cuda"."""
    providers = onnxruntime.get_available_providers()
    return [device for device, provider in _PROVIDERS.items() if provider in providers]


def open_session(
    model: bytes, threads: int | None = None, device: str = "cpu"
) -> onnxruntime.InferenceSession:
    """Load an ONNX model from bytes.

    Raises ModelError when it is no ONNX model, or refers to data outside itself: bytes have no
    directory, so such a reference could only read a file that the cache did not bring along.
    Raises UsageError when the runtime cannot use the device.
    """
    # A tensor kept elsewhere carries the key "location" (onnx.proto, TensorProto.external_data)
    # and our own graphs nowhere contain the word: a search is as good as a parser here.
    if b"location" in model:
        raise ModelError("The ONNX model refers to data outside itself, which is refused.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    options.inter_op_num_threads = 1
    # Spinning threads keep a core busy between clicks: QGIS stutters.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # What goes wrong is raised; the runtime would print it as well.
    options.log_severity_level = _FATAL_ONLY
    try:
        session = onnxruntime.InferenceSession(model, options, providers=[_PROVIDERS[device]])
    except _FAILURES as error:
        raise ModelError("The ONNX model cannot be loaded.", str(error)) from error
    # A provider whose libraries are missing is replaced by the CPU without a word.
    if _PROVIDERS[device] not in session.get_providers():
        raise UsageError(
            f"ONNX Runtime cannot use {device} on this machine.",
            "Install the driver and libraries that it asks for, or choose cpu.",
        )
    return session


def run_session(
    session: onnxruntime.InferenceSession, inputs: Mapping[str, np.ndarray]
) -> dict[str, FloatArray]:
    """Run a model; outputs by name.

    Raises DeviceMemoryError when the memory does not suffice, ModelError when the inputs do
    not fit the model.
    """
    names = [node.name for node in session.get_outputs()]
    try:
        return dict(zip(names, session.run(names, dict(inputs)), strict=True))
    except _FAILURES as error:
        if _is_out_of_memory(str(error)):
            raise DeviceMemoryError("There is not enough memory to run the model.") from error
        raise ModelError("The ONNX model cannot be run.", str(error)) from error


def _is_out_of_memory(message: str) -> bool:
    lowered = message.lower()
    return any(sign in lowered for sign in ("alloc", "out of memory", "out_of_memory"))
