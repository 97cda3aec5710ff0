"""A cache whose decoder is told its masks: ONNX graphs that answer every prompt alike.

What the command line makes of masks of some kind (of many parts, with holes, of a low score) is
tested with it, whatever the embedded model finds in a scene.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from encoder_tool.cache import layout
from encoder_tool.cache.store import read_manifest
from encoder_tool.model.seam import DecoderGraphs
from encoder_tool.types import FEATURE_NAMES, LOGIT_SIZE, FloatArray

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
OPSET, IR_VERSION = 17, 8


def tell(cache: Path, logits: FloatArray, scores: FloatArray) -> None:
    """Put a decoder into `cache` that answers with these [4, 256, 256] logits and [4] scores: of
    the single mask, then of the three candidates."""
    graphs = told_graphs(read_manifest(cache).model.feature_shapes, logits, scores)
    for name in layout.GRAPH_NAMES:
        shutil.rmtree(cache / layout.graph_array(name))
        layout.write_graph(cache, name, getattr(graphs, name))


def told_graphs(
    feature_shapes: Mapping[str, tuple[int, ...]], logits: FloatArray, scores: FloatArray
) -> DecoderGraphs:
    features = [
        helper.make_tensor_value_info(name, FLOAT, [1, *feature_shapes[name]])
        for name in FEATURE_NAMES
    ]
    seen = helper.make_tensor_value_info("seen", FLOAT, [1, *feature_shapes["image_embed"]])
    prepare = helper.make_graph(
        [helper.make_node("Identity", ["image_embed"], ["seen"])], "prepare", features, [seen]
    )
    prompts = [
        helper.make_tensor_value_info("points", FLOAT, ["batch", "tokens", 2]),
        helper.make_tensor_value_info("labels", INT64, ["batch", "tokens"]),
        helper.make_tensor_value_info("mask_input", FLOAT, ["batch", 1, LOGIT_SIZE, LOGIT_SIZE]),
        helper.make_tensor_value_info("has_mask", FLOAT, ["batch"]),
    ]
    answers = {"logits": logits, "iou_predictions": scores}
    nodes = [helper.make_node("Shape", ["has_mask"], ["batch_shape"])]
    constants = []
    for name, values in answers.items():
        constants += [
            numpy_helper.from_array(values[np.newaxis].astype(np.float32), f"{name}_of_one"),
            numpy_helper.from_array(np.array(values.shape, np.int64), f"{name}_shape"),
        ]
        nodes += [
            helper.make_node("Concat", ["batch_shape", f"{name}_shape"], [f"{name}_all"], axis=0),
            helper.make_node("Expand", [f"{name}_of_one", f"{name}_all"], [name]),
        ]
    outputs = [
        helper.make_tensor_value_info(name, FLOAT, ["batch", *values.shape])
        for name, values in answers.items()
    ]
    decode = helper.make_graph(nodes, "decode", [seen, *prompts], outputs, constants)
    return DecoderGraphs(_serialised(prepare), _serialised(decode))


def _serialised(graph: onnx.GraphProto) -> bytes:
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    onnx.checker.check_model(model)
    serialised: bytes = model.SerializeToString()
    return serialised
