"""The mean of several runs' weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from encoder_tool.model import resolve_model
from encoder_tool.model.build import ImageModel
from encoder_tool.model.checkpoint import load_image_model
from encoder_tool.model.registry import get_spec
from encoder_tool.model.resources import NANO_WEIGHTS, models_directory
from training.__main__ import main

ABOUT = {"structure": "nano", "steps": "7"}


def written(path: Path, value: float, about: dict[str, str] | None = None) -> Path:
    tensors = {"weight": torch.full((2, 3), value).half(), "bias": torch.full((2,), -value).half()}
    save_file(tensors, path, ABOUT if about is None else about)
    return path


def test_files_count_alike_and_one_named_twice_counts_double(tmp_path: Path) -> None:
    low, high = written(tmp_path / "a", 1.0), written(tmp_path / "b", 4.0, {**ABOUT, "steps": "9"})
    out = tmp_path / "new" / "mean.safetensors"
    assert main(["average", str(low), str(low), str(high), "--out", str(out)]) == 0
    assert load_file(out)["weight"].eq(2.0).all() and load_file(out)["bias"].eq(-2.0).all()
    with safe_open(out, "pt") as content:
        assert content.metadata() == {"structure": "nano", "steps": "9"}


def test_weights_that_ship_averaged_with_themselves_are_themselves(
    tmp_path: Path, nano_model: ImageModel
) -> None:
    shipped = models_directory() / NANO_WEIGHTS
    out = tmp_path / "nano.safetensors"
    assert main(["average", str(shipped), str(shipped), str(shipped), "--out", str(out)]) == 0
    assert resolve_model("nano", out).spec == get_spec("nano")
    again = load_image_model(get_spec("nano"), out).state_dict()
    assert all(torch.equal(again[name], it) for name, it in nano_model.state_dict().items())


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (lambda path: path.write_bytes(b"no weights") and path, "holds no weights"),
        (lambda path: path, "holds no weights"),
        (lambda path: written(path, 1.0, {"structure": "nano-v0"}), "the same structure"),
        (lambda path: written(path, 1.0, {}), "the same structure"),
        (
            lambda path: save_file({"weight": torch.ones(3, 3)}, path, ABOUT) or path,
            "is of another structure",
        ),
    ],
)
def test_what_has_no_mean_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], other: Callable[[Path], Path], sentence: str
) -> None:
    files = written(tmp_path / "a", 1.0), other(tmp_path / "b")
    out = tmp_path / "mean.safetensors"
    assert main(["average", *map(str, files), "--out", str(out)]) == 1
    assert sentence in capsys.readouterr().err
    assert not out.exists()
