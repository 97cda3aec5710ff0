"""Both optimizers move what is theirs, and go on where they stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from encoder_tool.model.build import ImageModel
from encoder_tool.model.registry import get_spec
from training.optimizer import Optimizer
from training.state import load_state, save_state

RATE = 1e-2


@pytest.fixture
def layer() -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(16, 8)


def descend(layer: nn.Linear, optimizer: Optimizer, seed: int) -> None:
    """One step towards a function that the seed draws, of which one direction dominates."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(64, 16, generator=generator) * torch.tensor([5.0] + [1.0] * 15)
    wanted = torch.randn(64, 8, generator=generator)
    optimizer.zero_grad()
    ((layer(inputs) - wanted) ** 2).mean().backward()
    optimizer.step(RATE)


def test_every_parameter_is_moved_by_one_of_them() -> None:
    model = ImageModel(get_spec("nano").structure).requires_grad_(True)
    optimizer = Optimizer((model,), 0.0, fused=False)
    moved = [id(parameter) for parameter in optimizer.parameters]
    assert len(moved) == len(set(moved)) == len(list(model.parameters()))


def test_all_directions_of_a_matrix_move_alike(layer: nn.Linear) -> None:
    """A gradient of which one direction is large: AdamW's step would nearly all go there."""
    optimizer = Optimizer((layer,), 0.0, fused=False)
    before = layer.weight.detach().clone()
    descend(layer, optimizer, 1)
    strengths = torch.linalg.svdvals(layer.weight.detach() - before)
    assert strengths[-1] > 0.4 * strengths[0]


def test_a_run_that_stopped_goes_on_with_the_same_steps(layer: nn.Linear, tmp_path: Path) -> None:
    optimizer = Optimizer((layer,), 0.03, fused=False)
    for seed in range(4):
        descend(layer, optimizer, seed)
    save_state(tmp_path / "state", {"optimizer": optimizer.state_dict()})
    state = load_state(tmp_path / "state")
    assert state is not None
    copied = nn.Linear(16, 8)
    copied.load_state_dict(layer.state_dict())
    resumed = Optimizer((copied,), 0.03, fused=False)
    resumed.load_state_dict(state["optimizer"])
    fresh_layer = nn.Linear(16, 8)
    fresh_layer.load_state_dict(layer.state_dict())
    fresh = Optimizer((fresh_layer,), 0.03, fused=False)
    for module, steps in ((layer, optimizer), (copied, resumed), (fresh_layer, fresh)):
        descend(module, steps, 9)
    step_off = (layer.weight - copied.weight).abs().mean()
    assert step_off < 0.1 * (layer.weight - fresh_layer.weight).abs().mean()
    assert step_off < 0.02 * RATE
