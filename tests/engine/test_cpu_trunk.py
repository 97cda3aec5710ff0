"""The image encoder as a CPU runs it, against upstream's own classes. (sam2.1's structures:
test_parity.py.)"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from encoder_tool.model import cpu_trunk
from encoder_tool.model.build import outline
from encoder_tool.model.cpu_trunk import CpuEncoderGraph
from encoder_tool.model.graphs import EncoderGraph
from encoder_tool.model.registry import get_spec
from encoder_tool.model.spec import ModelSpec, TrunkSpec
from encoder_tool.types import FloatArray
from tests.support.checkpoints import random_tensors

Graphs = tuple[EncoderGraph, CpuEncoderGraph]


def _graphs(trunk: TrunkSpec) -> Graphs:
    """Upstream's and ours of a small sam2.1 with such a trunk and seeded weights."""
    tiny = get_spec("sam2.1-tiny")
    structure = replace(tiny.structure, trunk=trunk, width=32)
    spec: ModelSpec = replace(tiny, structure=structure)
    model = outline(structure)
    model.load_state_dict(random_tensors(structure), assign=True)
    model.requires_grad_(False).eval()
    return EncoderGraph(model, spec), CpuEncoderGraph(model, spec)


@pytest.fixture(scope="module")
def padded() -> Graphs:
    """Windows of 14 in 64 cells and of 7 in 32, as in sam2.1-tiny: neither fits."""
    return _graphs(TrunkSpec(16, 1, (1, 2, 4, 2), (5,), (7, 7), (8, 4, 14, 7)))


@pytest.fixture
def images(patch: FloatArray) -> Tensor:
    return torch.from_numpy(patch)


def _worst(ours: EncoderGraph, theirs: EncoderGraph, images: Tensor) -> float:
    """The largest difference of any feature, in standard deviations of its map."""
    with torch.inference_mode():
        pairs = zip(ours(images), theirs(images), strict=True)
        return max(float((a - b).abs().max() / b.std()) for a, b in pairs)


@pytest.mark.parametrize(
    "trunk",
    [
        TrunkSpec(16, 1, (1, 2, 4, 2), (5,), (7, 7), (8, 4, 14, 7)),
        # As sam2.1-large: windows that fit, more blocks to a stage.
        TrunkSpec(16, 2, (2, 3, 5, 2), (7,), (7, 7), (8, 4, 16, 8)),
        # As nano: windows of the size they had before the map was halved. And a last block that
        # attends everywhere.
        TrunkSpec(16, 1, (1, 2, 2, 2), (4, 6), (8, 8), (8, 8, 16, 8)),
    ],
    ids=["padded", "fitting", "global"],
)
def test_features_are_upstreams(trunk: TrunkSpec, images: Tensor) -> None:
    theirs, ours = _graphs(trunk)
    assert _worst(ours, theirs, images) < 1e-4


def test_a_batch_is_its_patches(padded: Graphs, images: Tensor) -> None:
    _, ours = padded
    pair = torch.cat([images, images.flip(3)])
    with torch.inference_mode():
        both, second = ours(pair), ours(pair[1:])
    for maps, alone in zip(both, second, strict=True):
        assert torch.equal(maps[1:], alone)
        assert not torch.equal(maps[:1], alone)


@pytest.mark.parametrize(("tokens", "hidden"), [(1, 100), (1 << 20, 1 << 20)])
def test_the_size_of_parts_changes_nothing(
    padded: Graphs, images: Tensor, monkeypatch: pytest.MonkeyPatch, tokens: int, hidden: int
) -> None:
    monkeypatch.setattr(cpu_trunk, "WINDOW_TOKENS", tokens)
    monkeypatch.setattr(cpu_trunk, "HIDDEN_TOKENS", hidden)
    theirs, ours = padded
    assert _worst(ours, theirs, images) < 1e-4


class _Forgetful(nn.Module):
    """A product that does not tell its bias."""

    def __init__(self, product: nn.Linear) -> None:
        super().__init__()
        self._product = product
        self.bias = torch.zeros_like(product.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self._product(x)  # type: ignore[no-any-return]


def test_padding_counts_as_upstreams_does(
    padded: Graphs, images: Tensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: padding takes part in attention as zero, not as what the product makes of zero."""
    theirs, ours = padded
    for block in ours.trunk.blocks:
        if block.window == 14:
            monkeypatch.setitem(block._modules, "qkv", _Forgetful(block.qkv))
    assert _worst(ours, theirs, images) > 1e-2


class _Largest(TorchDispatchMode):
    """Notes the most bytes that any tensor made meanwhile has of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.nbytes = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        made = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, Tensor):
                self.nbytes = max(self.nbytes, tensor.untyped_storage().nbytes())
        return made


def test_no_tensor_is_larger_than_the_image_or_a_map(padded: Graphs) -> None:
    """Upstream's hidden layer has four times as many channels."""
    image = torch.zeros(1, 3, 1024, 1024)
    largest = []
    for graph in padded:
        with torch.no_grad(), _Largest() as noted:
            graph(image)
        largest.append(noted.nbytes)
    theirs, ours = largest
    finest_map = 256 * 256 * 16 * 4
    assert theirs >= 4 * finest_map > image.nbytes
    assert ours <= max(finest_map, image.nbytes)
