"""The export: what it writes is checked, and the shipped files are what it writes."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from encoder_tool.errors import ModelError
from encoder_tool.model.build import ImageModel
from encoder_tool.model.export import (
    export_encoder,
    rebuild_nano,
    store_weights_as_float16,
)
from encoder_tool.model.folded_neck import FoldedNeck
from encoder_tool.model.graphs import EncoderGraph
from encoder_tool.model.onnx_session import open_session, run_session
from encoder_tool.model.registry import get_spec
from encoder_tool.model.resources import (
    NANO_DECODE,
    NANO_ENCODER,
    NANO_PREPARE,
    NANO_WEIGHTS,
    models_directory,
    read_resource,
)
from encoder_tool.types import FEATURE_NAMES, FloatArray
from tests.support.models import NANO


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make nano-onnx` makes of the shipped weights."""
    directory = tmp_path_factory.mktemp("models")
    shutil.copy(models_directory() / NANO_WEIGHTS, directory)
    rebuild_nano(directory)
    return directory


@pytest.mark.parametrize("name", [NANO_ENCODER, NANO_PREPARE, NANO_DECODE])
def test_the_shipped_graphs_are_what_the_weights_give(rebuilt: Path, name: str) -> None:
    ours, theirs = open_session(read_resource(name)), open_session((rebuilt / name).read_bytes())
    inputs = {node.name: _example(node.name, node.shape) for node in ours.get_inputs()}
    expected = run_session(theirs, inputs)
    for output, values in run_session(ours, inputs).items():
        assert np.abs(values - expected[output]).max() <= 1e-4 * expected[output].std()


def _example(name: str, shape: list[int | str]) -> np.ndarray:
    rng = np.random.default_rng(3)
    sizes = [n if isinstance(n, int) else {"batch": 1, "tokens": 4}[n] for n in shape]
    if name == "labels":
        return np.array([[2, 3, 1, -1]])
    if name == "points":
        return rng.uniform(0, 1024, sizes).astype(np.float32)
    return rng.uniform(0, 1, sizes).astype(np.float32)


def test_a_neck_that_works_from_the_top_down_on_all_levels_is_exported_as_it_is(
    seeded_nano_model: ImageModel, patch: FloatArray
) -> None:
    """The exported neck is rewritten: its levels meet in fewer channels."""
    spec = get_spec(NANO)
    with torch.no_grad():
        expected = EncoderGraph(seeded_nano_model, spec)(torch.from_numpy(patch))
    session = open_session(export_encoder(copy.deepcopy(seeded_nano_model), spec))
    for name, values in run_session(session, {"patches": patch}).items():
        reference = expected[FEATURE_NAMES.index(name)].numpy()
        assert np.abs(values - reference).max() <= 1e-3 * reference.std()


def test_the_shipped_graphs_are_small() -> None:
    """Weights are stored in float16, and nothing that can be computed is baked in."""
    weights = (models_directory() / NANO_WEIGHTS).stat().st_size
    graphs = sum(
        (models_directory() / name).stat().st_size
        for name in (NANO_ENCODER, NANO_PREPARE, NANO_DECODE)
    )
    assert graphs < 1.2 * weights


def test_float16_storage_changes_nothing() -> None:
    """It is for weights that float16 holds exactly; others stay as they are."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    values = np.linspace(0, 1, 128, dtype=np.float32)
    exact = values.astype(np.float16).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", name], [f"x + {name}"]) for name in ("inexact", "exact")],
        "sums",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [128])],
        [
            helper.make_tensor_value_info(f"x + {name}", TensorProto.FLOAT, [128])
            for name in ("inexact", "exact")
        ],
        [numpy_helper.from_array(values, "inexact"), numpy_helper.from_array(exact, "exact")],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    stored = store_weights_as_float16(model.SerializeToString())
    kinds = {t.name: t.data_type for t in onnx.load_from_string(stored).graph.initializer}
    assert kinds == {"inexact": TensorProto.FLOAT, "exact.half": TensorProto.FLOAT16}
    outputs = run_session(open_session(stored), {"x": np.zeros(128, np.float32)})
    np.testing.assert_array_equal(outputs["x + inexact"], values)
    np.testing.assert_array_equal(outputs["x + exact"], exact)


def test_an_encoder_that_differs_from_torchs_is_refused(
    seeded_nano_model: ImageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the rewritten encoder forgets to add the coarsest level."""
    monkeypatch.setattr(FoldedNeck, "_enlarged", lambda self, features: 0.0)
    with pytest.raises(ModelError, match="'image_embed' differs from torch's by"):
        export_encoder(copy.deepcopy(seeded_nano_model), get_spec(NANO))
