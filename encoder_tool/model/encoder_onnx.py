"""The image encoder by ONNX Runtime: the embedded model, without torch."""

from __future__ import annotations

from encoder_tool.errors import UsageError
from encoder_tool.model.onnx_session import available_devices, open_session, run_session
from encoder_tool.model.spec import ModelSpec
from encoder_tool.types import FEATURE_NAMES, Features, FeatureShapes, FloatArray


class OnnxEncoder:
    """A `FeatureEncoder` over an encoder graph (`export.export_encoder`).

    device: "cpu", "auto" (the CPU: nano is small) or "cuda", which needs onnxruntime-gpu.
    """

    def __init__(
        self, graph: bytes, spec: ModelSpec, device: str = "auto", threads: int | None = None
    ) -> None:
        self._device = _pick_device(device)
        self._spec = spec
        self._session = open_session(graph, threads, self._device)

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
        outputs = run_session(self._session, {"patches": patches})
        return [
            Features(**{name: outputs[name][index] for name in FEATURE_NAMES})
            for index in range(len(patches))
        ]


def _pick_device(device: str) -> str:
    available = available_devices()
    if device == "auto":
        return "cpu"
    if device not in available:
        raise UsageError(
            f"The embedded model cannot run on {device!r} here.",
            f"Choose {' or '.join(available)}.",
        )
    return device
