"""Export to ONNX. `python -m encoder_tool.model.export` rebuilds nano's files in resources/.

torch's TorchScript exporter is used (`dynamo=False`): the newer one needs onnxscript, which
nothing else here does.
"""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from encoder_tool.errors import ModelError
from encoder_tool.model.build import ImageModel
from encoder_tool.model.checkpoint import load_image_model
from encoder_tool.model.fast import FastDecode, FastPrepare, prepared_names
from encoder_tool.model.fast.prepare import PREPARED_NAMES
from encoder_tool.model.graphs import DecodeGraph, EncoderGraph, PrepareGraph
from encoder_tool.model.onnx_branches import either
from encoder_tool.model.onnx_session import open_session, run_session
from encoder_tool.model.onnx_trunk import OnnxEncoderGraph
from encoder_tool.model.registry import get_spec
from encoder_tool.model.resources import (
    CHECKSUMS,
    NANO_DECODE,
    NANO_ENCODER,
    NANO_PREPARE,
    NANO_WEIGHTS,
    models_directory,
)
from encoder_tool.model.seam import DecoderGraphs
from encoder_tool.model.spec import ModelSpec
from encoder_tool.types import FEATURE_NAMES, LOGIT_SIZE, PATCH_SIZE, FloatArray

OPSET = 17
TOLERANCE = 1e-3
"""Largest difference from torch that an exported graph may have, in standard deviations."""

_PROMPT_NAMES = ("points", "labels", "mask_input", "has_mask")
_DECODED_NAMES = ("logits", "iou_predictions")


def export_encoder(model: ImageModel, spec: ModelSpec) -> bytes:
    """The image encoder as ONNX: `patches` [B, 3, 1024, 1024] -> `FEATURE_NAMES`.

    Rewrites the model's trunk; `model` is no use for anything else afterwards. Raises ModelError
    when the graph, run by ONNX Runtime, disagrees with torch.
    """
    patch = torch.rand(1, 3, PATCH_SIZE, PATCH_SIZE, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        expected = EncoderGraph(model, spec)(patch)
    exported = _export(
        OnnxEncoderGraph(model, spec),
        {"patches": patch},
        FEATURE_NAMES,
        {name: {0: "batch"} for name in ("patches", *FEATURE_NAMES)},
    )
    got = run_session(open_session(exported), {"patches": patch.numpy()})
    for name, reference in zip(FEATURE_NAMES, expected, strict=True):
        _require_equal(name, got[name], reference)
    return exported


def export_decoder(model: ImageModel) -> DecoderGraphs:
    """The prompt decoder as the two ONNX graphs of `seam.DecoderGraphs`: `fast`'s modules.

    Raises ModelError when they, run by ONNX Runtime, disagree with `graphs`' in torch.
    """
    features = _random_features(model)
    prepare, names = FastPrepare(model), prepared_names(model)
    with torch.no_grad():
        prepared = dict(zip(names, prepare(*features.values()), strict=True))
    graphs = DecoderGraphs(
        prepare=_export(prepare, features, names, {}), decode=_export_decode(model, prepared)
    )
    check_decoder(model, graphs)
    return graphs


def _export_decode(model: ImageModel, prepared: dict[str, Tensor]) -> bytes:
    """`FastDecode` for prompts with a picture and, where that makes a difference, another for
    those without: one model that looks whether there is a mask among the prompts."""
    inputs = {
        **{name: prepared[name] for name in PREPARED_NAMES},
        **_example_prompts(2, 3),
        **{name: prepared[name] for name in prepared if name not in PREPARED_NAMES},
    }
    batch_axis = {name: {0: "batch"} for name in (*_PROMPT_NAMES, *_DECODED_NAMES)}
    batch_axis["points"][1] = batch_axis["labels"][1] = "tokens"
    pictured = _export(FastDecode(model, pictured=True), inputs, _DECODED_NAMES, batch_axis)
    if model.structure.draws_prompt:
        return pictured
    plain = _export(FastDecode(model, pictured=False), inputs, _DECODED_NAMES, batch_axis)
    any_mask = [
        helper.make_node("ReduceMax", ["has_mask"], ["most_mask"], keepdims=0),
        helper.make_node("Cast", ["most_mask"], ["any_mask"], to=TensorProto.BOOL),
    ]
    return either(any_mask, pictured, plain)


def check_decoder(model: ImageModel, graphs: DecoderGraphs) -> None:
    """Run the graphs and upstream's computation in torch on the same features and prompts.

    Raises ModelError when any output differs by more than `TOLERANCE` standard deviations.
    """
    features = _random_features(model)
    prepare, decode = open_session(graphs.prepare), open_session(graphs.decode)
    ours = run_session(prepare, {name: value.numpy() for name, value in features.items()})
    reference = DecodeGraph(model)
    with torch.no_grad():
        prepared = PrepareGraph(model)(*features.values())
    for batch, tokens, masked in ((1, 2, False), (2, 5, True), (3, 3, False), (1, 0, True)):
        prompts = _example_prompts(batch, tokens, masked)
        prompt_inputs = {name: value.numpy() for name, value in prompts.items()}
        got = run_session(decode, {**ours, **prompt_inputs})
        with torch.no_grad():
            expected = reference(*prepared, *prompts.values())
        for name, values in zip(_DECODED_NAMES, expected, strict=True):
            _require_equal(name, got[name], values)


def _require_equal(name: str, ours: FloatArray, expected: Tensor) -> None:
    worst = float(np.abs(ours - expected.numpy()).max())
    if not worst <= TOLERANCE * max(float(expected.std(correction=0)), 1e-6):
        raise ModelError(
            f"The exported model's {name!r} differs from torch's by {worst:.2g}.",
            "Try another version of torch or onnxruntime.",
        )


def _random_features(model: ImageModel) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(0)
    shapes = model.structure.feature_shapes
    return {name: torch.randn(1, *shapes[name], generator=generator) for name in FEATURE_NAMES}


def _example_prompts(batch: int, tokens: int, masked: bool = True) -> dict[str, Tensor]:
    """Prompts with each label in turn; where `masked`, every other one has a mask."""
    generator = torch.Generator().manual_seed(1)
    return {
        "points": torch.rand(batch, tokens, 2, generator=generator) * PATCH_SIZE,
        "labels": ((torch.arange(batch * tokens) + 2) % 5 - 1).reshape(batch, tokens),
        "mask_input": 5 * torch.randn(batch, 1, LOGIT_SIZE, LOGIT_SIZE, generator=generator),
        "has_mask": masked * (torch.arange(batch) % 2 == 0).float(),
    }


def _export(
    module: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    dynamic_axes: Mapping[str, Mapping[int, str]],
) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The exporter is the older one on purpose, see above.
        warnings.simplefilter("ignore", DeprecationWarning)
        # sam2 compares shapes in Python; these are fixed by the structure.
        warnings.filterwarnings("ignore", message="Converting a tensor to a Python")
        torch.onnx.export(
            module,
            tuple(inputs.values()),
            buffer,  # type: ignore[arg-type] # a binary file does as well
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=dynamic_axes,
            opset_version=OPSET,
            dynamo=False,
        )
    return buffer.getvalue()


def store_weights_as_float16(exported: bytes) -> bytes:
    """The same graph with weights that float16 holds exactly stored so, cast when loaded."""
    model = onnx.load_from_string(exported)
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        halves = values.astype(np.float16)
        if values.size < 64 or not np.array_equal(halves.astype(np.float32), values):
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(halves, f"{name}.half"))
        casts.append(helper.make_node("Cast", [tensor.name], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    serialised: bytes = model.SerializeToString()
    return serialised


def rebuild_nano(directory: Path) -> None:
    """Write nano's three ONNX files and the checksums beside its weights in `directory`."""
    spec = get_spec("nano")
    weights = directory / NANO_WEIGHTS
    graphs = export_decoder(load_image_model(spec, weights))
    encoder = export_encoder(load_image_model(spec, weights), spec)
    contents = {
        NANO_ENCODER: store_weights_as_float16(encoder),
        NANO_PREPARE: store_weights_as_float16(graphs.prepare),
        NANO_DECODE: store_weights_as_float16(graphs.decode),
    }
    for name, data in contents.items():
        (directory / name).write_bytes(data)
    checksums = {
        name: hashlib.sha256((directory / name).read_bytes()).hexdigest()
        for name in (NANO_WEIGHTS, *contents)
    }
    (directory / CHECKSUMS).write_text(json.dumps(checksums, indent=2) + "\n")


if __name__ == "__main__":
    rebuild_nano(models_directory())
