"""Two ONNX graphs as the branches of one."""

from __future__ import annotations

import hashlib

import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, helper


def either(condition: list[NodeProto], when_true: bytes, when_false: bytes) -> bytes:
    """A model that runs one of two, whose inputs it all has and whose outputs are alike.

    condition: nodes over those inputs; the last one's output, a scalar, decides. What both models
    have as weights is there once.
    """
    models = [onnx.load_from_string(exported) for exported in (when_true, when_false)]
    inputs: dict[str, ValueInfoProto] = {}
    weights: dict[str, TensorProto] = {}
    branches = []
    for prefix, model in zip(("true", "false"), models, strict=True):
        inputs.update({value.name: value for value in model.graph.input})
        branches.append(_as_branch(model, prefix, weights))
    first = models[0]
    outputs = list(first.graph.output)
    chosen = helper.make_node(
        "If",
        [condition[-1].output[0]],
        [value.name for value in outputs],
        then_branch=branches[0],
        else_branch=branches[1],
    )
    graph = helper.make_graph(
        [*condition, chosen], "either", list(inputs.values()), outputs, list(weights.values())
    )
    whole = helper.make_model(graph, opset_imports=first.opset_import, ir_version=first.ir_version)
    onnx.checker.check_model(whole, full_check=True)
    serialised: bytes = whole.SerializeToString()
    return serialised


def _as_branch(model: ModelProto, prefix: str, weights: dict[str, TensorProto]) -> GraphProto:
    """The model's graph with its weights moved to `weights`, by content, and its other names
    made its own. Values of the inputs are those of the graph around it."""
    graph = model.graph
    names = {value.name: value.name for value in graph.input}
    for tensor in graph.initializer:
        content = hashlib.sha256(f"{tensor.data_type} {tensor.dims}".encode() + tensor.raw_data)
        name = f"weight_{content.hexdigest()[:16]}"
        names[tensor.name] = name
        if name not in weights:
            weights[name] = TensorProto()
            weights[name].CopyFrom(tensor)
            weights[name].name = name
    nodes = [_renamed(node, prefix, names) for node in graph.node]
    outputs = []
    for value in graph.output:
        own = ValueInfoProto()
        own.CopyFrom(value)
        own.name = names[value.name]
        outputs.append(own)
    return helper.make_graph(nodes, prefix, [], outputs)


def _renamed(node: NodeProto, prefix: str, names: dict[str, str]) -> NodeProto:
    # "" stands for an optional input that is not given.
    renamed = NodeProto()
    renamed.CopyFrom(node)
    renamed.name = f"{prefix}/{node.name}"
    for position, name in enumerate(node.input):
        renamed.input[position] = names[name] if name else ""
    for position, name in enumerate(node.output):
        names[name] = f"{prefix}/{name}"
        renamed.output[position] = names[name]
    return renamed
