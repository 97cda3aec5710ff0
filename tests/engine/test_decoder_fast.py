"""The exported decoder against upstream's computation: equal, for every kind of prompt and every
structure, and told apart from what is not."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import onnx
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from encoder_tool.errors import ModelError
from encoder_tool.model import export
from encoder_tool.model.build import ImageModel, outline
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.model.export import check_decoder, export_decoder
from encoder_tool.model.fast import FastDecode, FastPrepare, prepared_names
from encoder_tool.model.fast.layout import (
    as_cells,
    as_lines,
    as_lines_of_lines,
    as_picture,
    transposed_convolution,
)
from encoder_tool.model.graphs import PREPARED_NAMES, DecodeGraph, PrepareGraph
from encoder_tool.model.registry import get_spec
from encoder_tool.model.seam import DecoderGraphs
from encoder_tool.types import BoxPixel, Features, Prompt
from tests.contracts.prompt_decoder import assert_close, mask_of
from tests.support.checkpoints import random_tensors
from tests.support.models import SMALL

STRUCTURES = {
    "sam2.1": SMALL,
    **{name: get_spec(name).structure for name in ("nano", "nano-v0")},
}
TOLERANCE = 1e-3
"""In logits, whose standard deviation is 3 or more."""


class Rig:
    """A structure with seeded weights and random features, prepared by both."""

    def __init__(self, name: str) -> None:
        structure = STRUCTURES[name]
        self.model = outline(structure)
        self.model.load_state_dict(random_tensors(structure), assign=True)
        self.model.requires_grad_(False)
        generator = torch.Generator().manual_seed(5)
        # Larger features make attention so sharp that upstream's own rounding takes what is
        # tolerated: at 2, against float64: upstream 0.0010 off, the fast modules 0.0002.
        scale = 1.5 if structure.draws_prompt else 2
        maps = [
            scale * torch.randn(1, *shape, generator=generator)
            for shape in structure.feature_shapes.values()
        ]
        self.features = maps
        self.reference = DecodeGraph(self.model)
        self.upstreams = PrepareGraph(self.model)(*maps)
        self.prepared = FastPrepare(self.model)(*maps)
        self.has_plain = not structure.draws_prompt

    def ours(self, inputs: dict[str, Tensor], pictured: bool) -> tuple[Tensor, Tensor]:
        common, look = self.prepared[:4], self.prepared[4:]
        return FastDecode(self.model, pictured)(*common, *inputs.values(), *look)

    def assert_equal(self, inputs: dict[str, Tensor]) -> None:
        logits, scores = self.reference(*self.upstreams, **inputs)
        assert logits.std() > 2.5, "the weights' spread must be a trained model's"
        kinds = {True} if not self.has_plain or inputs["has_mask"].any() else {True, False}
        for pictured in kinds:
            our_logits, our_scores = self.ours(inputs, pictured)
            assert (our_logits - logits).abs().max() <= TOLERANCE
            assert (our_scores - scores).abs().max() <= 1e-4


@pytest.fixture(scope="module", params=STRUCTURES)
def rig(request: pytest.FixtureRequest) -> Rig:
    return Rig(request.param)


def _inputs(labels: list[list[int]], masked: list[bool], seed: int) -> dict[str, Tensor]:
    """Prompts of those labels anywhere in the patch, its border included."""
    generator = torch.Generator().manual_seed(seed)
    batch, tokens = len(labels), len(labels[0])
    places = 1100 * torch.rand(batch, tokens, 2, generator=generator) - 38
    return {
        "points": places.clamp(0, 1024),
        "labels": torch.tensor(labels, dtype=torch.int64).reshape(batch, tokens),
        "mask_input": 5 * torch.randn(batch, 1, 256, 256, generator=generator),
        "has_mask": torch.tensor(masked, dtype=torch.float32),
    }


CLICKS = st.integers(1, 20).flatmap(
    lambda count: st.lists(st.sampled_from([0, 1]), min_size=count, max_size=count)
)


@settings(max_examples=4, deadline=None, derandomize=True)
@given(clicks=CLICKS, boxed=st.booleans(), masked=st.booleans(), seed=st.integers(0, 99))
def test_any_prompt_equals_upstreams(
    rig: Rig, clicks: list[int], boxed: bool, masked: bool, seed: int
) -> None:
    labels = [*([2, 3] if boxed else []), *clicks, -1]
    with torch.no_grad():
        rig.assert_equal(_inputs([labels], [masked], seed))


@pytest.mark.parametrize(
    ("labels", "masked"),
    [
        ([[1, -1], [0, -1], [1, -1]], [False, False, False]),
        ([[2, 3, -1], [2, 3, -1]], [True, False]),
        ([[2, 3, 1, 0, -1], [1, 1, 0, 1, -1]], [False, False]),
        ([[]], [True]),
    ],
    ids=["clicks", "boxes, one with a mask", "mixed", "a mask alone"],
)
def test_a_batch_equals_upstreams(rig: Rig, labels: list[list[int]], masked: list[bool]) -> None:
    with torch.no_grad():
        rig.assert_equal(_inputs(labels, masked, 7))


def _without_bias(module: nn.Linear | nn.ConvTranspose2d) -> None:
    module.bias = nn.Parameter(torch.zeros_like(module.bias), requires_grad=False)


def _layer(model: ImageModel, index: int) -> nn.Module:
    return model.sam_mask_decoder.transformer.layers[index]


PLANTED: dict[str, Callable[[ImageModel], None]] = {
    "the values' bias": lambda m: _without_bias(_layer(m, 1).cross_attn_token_to_image.v_proj),
    "the queries' bias": lambda m: _without_bias(_layer(m, 1).cross_attn_image_to_token.q_proj),
    "what cells read": lambda m: _without_bias(_layer(m, 0).cross_attn_image_to_token.out_proj),
    "the upscaling's first bias": lambda m: _without_bias(m.sam_mask_decoder.output_upscaling[0]),
    "the upscaling's second bias": lambda m: _without_bias(m.sam_mask_decoder.output_upscaling[3]),
    "no_mask_embed": lambda m: m.sam_prompt_encoder.no_mask_embed.weight.zero_(),
    "no_mem_embed": lambda m: m.no_mem_embed.zero_(),
}


@pytest.fixture(scope="module")
def whole() -> Rig:
    return Rig("sam2.1")


@pytest.mark.parametrize("planted", PLANTED)
def test_a_part_left_out_is_seen(whole: Rig, planted: str) -> None:
    """Each of these has a place of its own in the rearranged computation."""
    lacking = Rig("sam2.1")
    with torch.no_grad():
        PLANTED[planted](lacking.model)
        lacking.prepared = FastPrepare(lacking.model)(*lacking.features)
        inputs = _inputs([[1, -1]], [False], 1)
        expected, _ = whole.reference(*whole.upstreams, **inputs)
        found, _ = lacking.ours(inputs, pictured=False)
    assert (found - expected).abs().max() > 10 * TOLERANCE


@pytest.fixture(scope="module")
def graphs(small_model: ImageModel) -> DecoderGraphs:
    return export_decoder(small_model)


def test_an_export_that_differs_is_refused(small_model: ImageModel, graphs: DecoderGraphs) -> None:
    other = copy.deepcopy(small_model)
    _without_bias(_layer(other, 1).cross_attn_image_to_token.q_proj)
    check_decoder(small_model, graphs)
    with pytest.raises(ModelError, match="'logits' differs from torch's by"):
        check_decoder(other, graphs)


def test_weights_that_both_kinds_of_prompt_need_are_stored_once(
    small_model: ImageModel, graphs: DecoderGraphs
) -> None:
    parts = (small_model.sam_mask_decoder, small_model.sam_prompt_encoder)
    weights = sum(p.numel() for part in parts for p in part.parameters())
    assert len(graphs.decode) < 1.1 * 4 * weights
    names = [t.name for t in onnx.load_from_string(graphs.decode).graph.initializer]
    assert len(names) == len(set(names))


def _random_patch() -> Features:
    rng = np.random.default_rng(8)
    return Features(
        **{n: rng.normal(0, 2, s).astype(np.float32) for n, s in SMALL.feature_shapes.items()}
    )


def test_a_prepared_patch_takes_little_more_than_its_features(graphs: DecoderGraphs) -> None:
    features = _random_patch()
    state = OnnxDecoder(graphs, None).prepare(features)
    stored = sum(array.nbytes for array in features.arrays().values())
    # Positions, and layer 0's keys, values and queries.
    assert stored < state.nbytes < 1.7 * stored


def test_caches_that_hold_upstreams_graphs_answer_as_before(
    small_model: ImageModel, graphs: DecoderGraphs
) -> None:
    """Until 2026-11 the graphs were `graphs.PrepareGraph` and `DecodeGraph`."""
    features = _random_patch()
    maps = {n: torch.from_numpy(a)[None] for n, a in features.arrays().items()}
    with torch.no_grad():
        prepared = dict(zip(PREPARED_NAMES, PrepareGraph(small_model)(*maps.values()), strict=True))
    prompts = export._example_prompts(2, 3)
    batched = {name: {0: "batch"} for name in (*prompts, "logits", "iou_predictions")}
    batched["points"][1] = batched["labels"][1] = "tokens"
    decoded = ("logits", "iou_predictions")
    older = DecoderGraphs(
        export._export(PrepareGraph(small_model), maps, PREPARED_NAMES, {}),
        export._export(DecodeGraph(small_model), {**prepared, **prompts}, decoded, batched),
    )
    asked = [
        Prompt(np.array([(350.5, 452.25)]), np.array([1])),
        Prompt(box=BoxPixel(300, 410, 402, 498), mask_logits=mask_of(2)),
    ]
    before, now = OnnxDecoder(older, None), OnnxDecoder(graphs, None)
    for ours, theirs in zip(
        now.decode(now.prepare(features), asked),
        before.decode(before.prepare(features), asked),
        strict=True,
    ):
        assert_close(ours, theirs)


def test_a_prepare_graph_for_other_features_is_refused(graphs: DecoderGraphs) -> None:
    model = onnx.load_from_string(graphs.prepare)
    for value in model.graph.input:
        if value.name == "high_res_1":
            value.name = "high_res_2"
    for node in model.graph.node:
        for index, name in enumerate(node.input):
            if name == "high_res_1":
                node.input[index] = "high_res_2"
    with pytest.raises(ModelError, match="takes other features"):
        OnnxDecoder(DecoderGraphs(model.SerializeToString(), graphs.decode), None)


def test_the_names_tell_what_is_prepared(rig: Rig) -> None:
    assert len(prepared_names(rig.model)) == len(rig.prepared) == (7 if rig.has_plain else 4)


def test_lines_are_laid_between_lines() -> None:
    """Two transposed convolutions as products, pixels in lines, give upstream's picture."""
    generator = torch.Generator().manual_seed(3)
    cells = torch.randn(2, 8, 64, 64, generator=generator)
    first = torch.randn(8, 6, 2, 2, generator=generator)
    second = torch.randn(6, 4, 2, 2, generator=generator)
    detail_1 = torch.randn(1, 6, 128, 128, generator=generator)
    detail_0 = torch.randn(1, 4, 256, 256, generator=generator)
    convolve = nn.functional.conv_transpose2d
    expected = convolve(convolve(cells, first, stride=2) + detail_1, second, stride=2) + detail_0
    lines = as_cells(cells).unsqueeze(1) @ transposed_convolution(first) + as_lines(detail_1)
    pixels = lines.reshape(2, 2, 1, 8192, 6) @ transposed_convolution(second)
    pixels = (pixels + as_lines_of_lines(detail_0)).reshape(2, 4, 16384, 4)
    picture = as_picture(pixels.transpose(2, 3))
    torch.testing.assert_close(picture, expected, atol=1e-4, rtol=1e-4)
