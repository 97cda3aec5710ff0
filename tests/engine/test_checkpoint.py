"""Checkpoints: what fits is loaded, anything else is refused in one sentence."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch

from encoder_tool.errors import ModelError
from encoder_tool.model import load_encoder, resolve_model
from encoder_tool.model.build import ImageModel, outline
from encoder_tool.model.checkpoint import load_image_model
from encoder_tool.model.graphs import EncoderGraph
from encoder_tool.model.registry import BY_CHECKPOINT, REGISTRY, get_spec, model_names
from encoder_tool.types import FEATURE_NAMES
from tests.support.checkpoints import VIDEO_SHAPES, hollow_tensors, write_checkpoint
from tests.support.upstream import CONFIGS, upstream_outline

NANO_PARAMETERS = 3_895_450
PUBLISHED_PARAMETERS = {
    "sam2.1-tiny": 38.9e6,
    "sam2.1-small": 46.0e6,
    "sam2.1-base-plus": 80.8e6,
    "sam2.1-large": 224.4e6,
}
"""As Meta's README gives them; 7.5 M of each are the video half's."""


@pytest.mark.parametrize("name", CONFIGS)
def test_every_structure_loads_from_a_file(name: str, tmp_path: Path) -> None:
    spec = get_spec(name)
    path = write_checkpoint(tmp_path / "model.pt", hollow_tensors(spec.structure))
    model = load_image_model(spec, path)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    assert parameters + 7.5e6 == pytest.approx(PUBLISHED_PARAMETERS[name], rel=0.005)


@pytest.mark.parametrize("name", REGISTRY)
def test_feature_shapes_are_what_the_structure_gives(name: str) -> None:
    spec = get_spec(name)
    graph = EncoderGraph(outline(spec.structure), spec).to("meta")
    maps = graph(torch.empty(2, 3, 1024, 1024, device="meta"))
    shapes = {n: tuple(m.shape[1:]) for n, m in zip(FEATURE_NAMES, maps, strict=True)}
    assert shapes == spec.feature_shapes


@pytest.mark.parametrize("name", CONFIGS)
def test_structures_are_upstreams_configurations(name: str) -> None:
    ours, theirs = outline(get_spec(name).structure), upstream_outline(name)
    shapes = {key: tensor.shape for key, tensor in theirs.state_dict().items()}
    assert {k: t.shape for k, t in ours.state_dict().items()}.items() <= shapes.items()
    assert _trunk(ours) == _trunk(theirs)
    for attribute in ("fpn_top_down_levels", "fpn_interp_model", "fuse_type"):
        neck, reference = ours.image_encoder.neck, theirs.image_encoder.neck
        assert getattr(neck, attribute) == getattr(reference, attribute)
    assert ours.image_encoder.scalp == theirs.image_encoder.scalp


def _trunk(model: Any) -> list[tuple[object, ...]]:
    """What the shapes of weights do not tell: windows, heads, pooling."""
    return [
        (block.window_size, block.attn.num_heads, block.q_stride, block.dim, block.dim_out)
        for block in model.image_encoder.trunk.blocks
    ]


def test_safetensors_load_too(tmp_path: Path, nano_model: ImageModel) -> None:
    path = tmp_path / "mine.safetensors"
    safetensors.torch.save_file(nano_model.state_dict(), path)
    model = load_image_model(get_spec("nano"), path)
    assert sum(p.numel() for p in model.parameters()) == NANO_PARAMETERS
    for ours, theirs in zip(model.parameters(), nano_model.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_another_structure_is_named(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "m.pt", hollow_tensors(get_spec("sam2.1-small").structure))
    with pytest.raises(ModelError) as caught:
        load_image_model(get_spec("sam2.1-tiny"), path)
    assert "m.pt is not a checkpoint of sam2.1-tiny" in caught.value.message
    assert caught.value.hint == "It has the structure of sam2.1-small: choose that model."


@pytest.mark.parametrize("name", BY_CHECKPOINT)
def test_a_structure_without_weights_loads_by_name_and_a_checkpoint(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="comes without weights: give them as a checkpoint"):
        resolve_model(name)
    structure = get_spec(name).structure
    path = write_checkpoint(tmp_path / "m.pt", hollow_tensors(structure))
    model = load_encoder(resolve_model(name, path), "cpu")
    assert model.feature_shapes == get_spec("nano").feature_shapes
    with pytest.raises(ModelError) as caught:
        load_image_model(get_spec("nano"), path)
    assert caught.value.hint == f"It has the structure of {name}: choose that model."
    assert name not in model_names()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.pop("no_mem_embed"), "no_mem_embed is missing"),
        (lambda t: t.update(adapter=torch.zeros(2)), "it has adapter, which that model has not"),
        (
            lambda t: t.update({"sam_mask_decoder.iou_token.weight": torch.zeros(2, 256)}),
            r"sam_mask_decoder.iou_token.weight has the shape \[2, 256\] in place of \[1, 256\]",
        ),
        (
            lambda t: t.update({"sam_mask_decoder.iou_token.weight": torch.zeros(1, 256).int()}),
            "holds no floating-point numbers",
        ),
    ],
)
def test_what_does_not_fit_is_named(
    tmp_path: Path, change: Callable[[dict[str, torch.Tensor]], object], sentence: str
) -> None:
    tensors = hollow_tensors(get_spec("sam2.1-tiny").structure)
    change(tensors)
    path = write_checkpoint(tmp_path / "m.pt", tensors)
    with pytest.raises(ModelError, match=sentence) as caught:
        load_image_model(get_spec("sam2.1-tiny"), path)
    assert caught.value.hint is None


class _Hostile:
    """Makes a directory when it is unpickled freely."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (str(self.path),))


def test_a_hostile_pickle_is_not_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    torch.save({"model": _Hostile(trap)}, tmp_path / "zipped.pt")
    (tmp_path / "plain.pt").write_bytes(pickle.dumps(_Hostile(trap)))
    for name in ("zipped.pt", "plain.pt"):
        with pytest.raises(ModelError, match=r"\.pt is damaged, or is no checkpoint that can be"):
            load_image_model(get_spec("sam2.1-tiny"), tmp_path / name)
    assert not trap.exists()


def _whole_file(tmp_path: Path) -> bytes:
    tensors = hollow_tensors(get_spec("sam2.1-tiny").structure)
    return write_checkpoint(tmp_path / "whole.pt", tensors).read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda whole: b"", id="empty"),
        pytest.param(lambda whole: b"<html>404 Not Found</html>", id="html"),
        pytest.param(lambda whole: whole[: len(whole) // 2], id="half"),
        pytest.param(lambda whole: whole[:-100], id="cut"),
        pytest.param(lambda whole: b"\x80\x02" + whole[:1000], id="protocol only"),
        pytest.param(lambda whole: b"\x80\x02]q\x00.", id="a list"),
        pytest.param(lambda whole: bytes(range(256)) * 40, id="noise"),
        pytest.param(lambda whole: pickle.dumps({"model": {"a": 1}}, 2), id="no tensors"),
        pytest.param(lambda whole: pickle.dumps({}, 2), id="nothing"),
    ],
)
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_what_is_no_checkpoint_gets_one_sentence(
    tmp_path: Path, content: Callable[[bytes], bytes], suffix: str
) -> None:
    path = tmp_path / f"model{suffix}"
    path.write_bytes(content(_whole_file(tmp_path)))
    with pytest.raises(ModelError, match=r"^model\.\w+ is (damaged|no checkpoint)") as caught:
        load_image_model(get_spec("sam2.1-tiny"), path)
    assert caught.value.message.count("\n") == 0


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no checkpoint at .*nowhere\.pt"):
        resolve_model("sam2.1-tiny", tmp_path / "nowhere.pt")


def test_an_unreadable_checkpoint_is_named(
    tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ModelError, match=r"cannot be read \(Permission denied\)"):
        resolve_model("sam2.1-tiny", tiny_checkpoint)


def test_the_video_half_is_left_aside() -> None:
    """The stand-in for it has keys of every kind that upstream's has."""
    ours = outline(get_spec("sam2.1-tiny").structure).state_dict()
    prefixes = {k.split(".")[0] for k in upstream_outline("sam2.1-tiny").state_dict()}
    video = prefixes - {key.split(".")[0] for key in ours}
    assert {key.split(".")[0] for key in VIDEO_SHAPES} <= video


def test_a_whole_checkpoint_of_upstreams_layout_loads(tiny_checkpoint: Path) -> None:
    """With all of the video half, as Meta publishes it."""
    model = resolve_model("sam2.1-tiny", tiny_checkpoint)
    assert load_encoder(model, "cpu").feature_shapes == model.spec.feature_shapes
