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
from encoder_tool.model.graphs import PREPARED_NAMES, DecodeGraph, PrepareGraph
from encoder_tool.model.onnx_session import open_session
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
from encoder_tool.types import FEATURE_NAMES, LOGIT_SIZE, PATCH_SIZE

OPSET = 17
TOLERANCE = 1e-3
"""Largest difference from torch that an exported graph may have, in standard deviations."""

_PROMPT_NAMES = ("points", "labels", "mask_input", "has_mask")
_DECODED_NAMES = ("logits", "iou_predictions")


def export_encoder(model: ImageModel, spec: ModelSpec) -> bytes:
    """The image encoder as ONNX: `patches` [B, 3, 1024, 1024] -> `FEATURE_NAMES`.

    Rewrites the model's trunk; `model` is no use for anything else afterwards.
    """
    return _export(
        OnnxEncoderGraph(model, spec),
        {"patches": torch.zeros(1, 3, PATCH_SIZE, PATCH_SIZE)},
        FEATURE_NAMES,
        {name: {0: "batch"} for name in ("patches", *FEATURE_NAMES)},
    )


def export_decoder(model: ImageModel) -> DecoderGraphs:
    """The prompt decoder as the two ONNX graphs of `seam.DecoderGraphs`.

    Raises ModelError when a graph, run by ONNX Runtime, disagrees with torch.
    """
    features = _random_features(model)
    prepare, decode = PrepareGraph(model), DecodeGraph(model)
    with torch.no_grad():
        prepared = dict(zip(PREPARED_NAMES, prepare(*features.values()), strict=True))
    inputs = {**prepared, **_example_prompts(2, 3)}
    batch_axis = {name: {0: "batch"} for name in (*_PROMPT_NAMES, *_DECODED_NAMES)}
    batch_axis["points"][1] = batch_axis["labels"][1] = "tokens"
    graphs = DecoderGraphs(
        prepare=_export(prepare, features, PREPARED_NAMES, {}),
        decode=_export(decode, inputs, _DECODED_NAMES, batch_axis),
    )
    check_graph(prepare, graphs.prepare, features)
    for batch, tokens in ((1, 2), (2, 5), (1, 0)):
        check_graph(decode, graphs.decode, {**prepared, **_example_prompts(batch, tokens)})
    return graphs


def check_graph(module: nn.Module, exported: bytes, inputs: Mapping[str, Tensor]) -> None:
    """Run both on the same inputs; raises ModelError when any output differs by more than
    `TOLERANCE` standard deviations of torch's."""
    session = open_session(exported)
    got = session.run(None, {name: value.numpy() for name, value in inputs.items()})
    with torch.no_grad():
        expected = module(*inputs.values())
    for node, ours, reference in zip(session.get_outputs(), got, expected, strict=True):
        worst = float(np.abs(ours - reference.numpy()).max())
        if not worst <= TOLERANCE * max(float(reference.std(correction=0)), 1e-6):
            raise ModelError(
                f"The exported {node.name!r} differs from torch's by {worst:.2g}.",
                "Try another version of torch or onnxruntime.",
            )


def _random_features(model: ImageModel) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(0)
    shapes = model.structure.feature_shapes
    return {name: torch.randn(1, *shapes[name], generator=generator) for name in FEATURE_NAMES}


def _example_prompts(batch: int, tokens: int) -> dict[str, Tensor]:
    """Prompts that reach every branch: each label in turn, every other one with a mask."""
    generator = torch.Generator().manual_seed(1)
    return {
        "points": torch.rand(batch, tokens, 2, generator=generator) * PATCH_SIZE,
        "labels": ((torch.arange(batch * tokens) + 2) % 5 - 1).reshape(batch, tokens),
        "mask_input": 5 * torch.randn(batch, 1, LOGIT_SIZE, LOGIT_SIZE, generator=generator),
        "has_mask": (torch.arange(batch) % 2 == 0).float(),
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
