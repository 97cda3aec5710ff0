"""Training: crops answer as patches do, prompts are fair, and learning learns."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from encoder_tool.model import load_encoder, resolve_model
from encoder_tool.model.build import ImageModel
from encoder_tool.model.graphs import DecodeGraph, EncoderGraph, PrepareGraph
from encoder_tool.model.registry import get_spec
from encoder_tool.model.resources import NANO_WEIGHTS, models_directory
from encoder_tool.types import FloatArray
from training.__main__ import main
from training.answers import find_strays
from training.crops import Targets, tight_boxes
from training.exam import rank_correlation
from training.log import read_log
from training.losses import judge, mask_ious
from training.network import CropNetwork, Prompts, initialise
from training.prompts import Kind, first_prompts, further_prompts, half_size, inwardness
from training.run import LOG, Run, Settings
from training.scenes import scene_tile
from training.schedule import RECIPES, SMOKE, Now, Phase, now
from training.start import begin_from
from training.state import load_state, save_state
from training.store import Stores, TileStore

REPOSITORY = Path(__file__).parents[2]
NO_ORIGIN = torch.zeros(2)
CLICK = Prompts(torch.tensor([[[500.0, 430.0]]]), torch.tensor([[1]]))


@pytest.fixture(scope="module")
def nano_on_crops(nano_model: ImageModel) -> CropNetwork:
    network = CropNetwork(get_spec("nano"))
    network.model.load_state_dict(nano_model.state_dict())
    return network.eval()


@torch.no_grad()
def test_a_crop_as_large_as_a_patch_is_answered_like_one(
    nano_on_crops: CropNetwork, nano_model: ImageModel, patch: FloatArray
) -> None:
    picture = torch.from_numpy(patch)
    maps = EncoderGraph(nano_model, get_spec("nano"))(picture)
    points = torch.tensor([[[500.0, 430.0], [0.0, 0.0]]])
    labels = torch.tensor([[1, -1]])
    nothing = torch.zeros(1, 1, 256, 256)
    expected, scores = DecodeGraph(nano_model)(
        *PrepareGraph(nano_model)(*maps), points, labels, nothing, torch.zeros(1)
    )
    features = nano_on_crops.encode(picture, NO_ORIGIN)
    logits, ours = nano_on_crops.decode(features, CLICK, NO_ORIGIN)
    torch.testing.assert_close(logits, expected, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(ours, scores, rtol=1e-3, atol=1e-3)


@torch.no_grad()
def test_a_smaller_crop_answers_nearly_like_the_patch_it_is_of(
    nano_on_crops: CropNetwork, patch: FloatArray
) -> None:
    """All that differs is what global attention sees, which the neck brings to all levels; a
    position off by a cell would show. With the weights that ship 0.07 to 0.103 of the deviation."""
    picture, origin = torch.from_numpy(patch), torch.tensor([256.0, 256.0])
    whole = nano_on_crops.encode(picture, NO_ORIGIN)
    part = nano_on_crops.encode(picture[..., 256:768, 256:768], origin)
    for stride, found, expected in zip((16, 4, 8), part, whole, strict=True):
        first, last = 256 // stride, 768 // stride
        off = {
            (down, right): (
                found - expected[..., first + down : last + down, first + right : last + right]
            )
            .abs()
            .mean()
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
        }
        here = off.pop((0, 0))
        assert here < 0.13 * expected.std()
        assert here < 0.5 * min(off.values())


@torch.no_grad()
def test_positions_are_exact_where_the_rest_is_coarse(nano_on_crops: CropNetwork) -> None:
    layer = nano_on_crops.model.sam_prompt_encoder.pe_layer
    points = torch.tensor([[[500.0, 430.0], [501.0, 430.0]]])
    exact = layer.forward_with_coords(points, (1024, 1024))
    with torch.autocast("cpu", torch.bfloat16):
        coarse = layer.forward_with_coords(points, (1024, 1024))
    assert torch.equal(exact, coarse) and not torch.equal(exact[0, 0], exact[0, 1])


@pytest.fixture(scope="module")
def targets() -> Targets:
    masks = torch.zeros(3, 256, 256, dtype=torch.uint8)
    masks[0, 40:120, 60:200] = 1
    masks[1, 200:212, 20:32] = 1
    masks[2, 10:250, 100:140] = 1
    return Targets(masks, torch.tensor([0, 0, 1]), tight_boxes(masks))


@pytest.mark.parametrize("seed", range(3))
def test_first_prompts_lie_where_they_say(targets: Targets, seed: int) -> None:
    choices = torch.Generator().manual_seed(seed)
    click = first_prompts(Kind.CLICK, targets, choices)
    assert click.labels.tolist() == [[1]] * 3
    assert all(is_inside(targets.masks[i], click.points[i, 0]) for i in range(3))
    box = first_prompts(Kind.BOX, targets, choices)
    assert box.labels.tolist() == [[2, 3]] * 3
    sides = targets.boxes[:, 2:] - targets.boxes[:, :2]
    off = (box.points.reshape(3, 4) - targets.boxes).abs().amax(dim=1)
    assert (off <= (0.1 * sides.amax(dim=1)).clamp(0.5, 20)).all()
    several = first_prompts(Kind.CLICKS, targets, choices)
    for row in range(3):
        for point, label in zip(several.points[row], several.labels[row], strict=True):
            assert is_inside(targets.masks[row], point) == bool(label)


def is_inside(mask: torch.Tensor, point: torch.Tensor) -> bool:
    x, y = (int(v) for v in point)
    return bool(mask[y, x])


def test_further_clicks_correct_the_larger_error(targets: Targets) -> None:
    """The first mask lacks its right half, the second also takes a square beside it, and the
    third is nowhere."""
    logits = torch.full((3, 64, 64), -5.0)
    logits[0, 10:30, 15:32] = 5
    logits[1, 50:53, 5:8] = 5
    logits[1, 20:40, 30:50] = 5
    choices = torch.Generator().manual_seed(0)
    first = first_prompts(Kind.CLICK, targets, choices)
    second = further_prompts(first, logits, targets, choices)
    assert second.labels.tolist() == [[1, 1], [1, 0], [1, 1]]
    (x, y), (u, v), point = second.points[:, 1]
    assert 128 <= x <= 200 and 40 <= y <= 120
    assert 120 <= u <= 200 and 80 <= v <= 160
    assert is_inside(targets.masks[2], point)
    assert second.mask_logits is not None and second.mask_logits.shape == (3, 1, 64, 64)


def test_the_innermost_cell_is_in_the_middle(targets: Targets) -> None:
    inside = inwardness(half_size(targets.masks))
    row, col = divmod(int(inside[0].argmax()), 128)
    assert abs(row - 40) <= 4 and 40 <= col <= 90
    assert not inside[0, :18].any()


def test_losses_know_a_good_mask(targets: Targets) -> None:
    shares = torch.nn.functional.avg_pool2d(targets.masks[:, None].float(), 4)
    right = (20 * shares - 10).expand(-1, 4, -1, -1).contiguous()
    empty = torch.full_like(right, -10)
    scores = torch.full((3, 4), 0.9)
    good, bad = (
        judge(Kind.CLICKS, logits, none(logits), scores, targets.masks, 0.0, False)
        for logits in (right, empty)
    )
    assert good.ious.min() > 0.97 and bad.ious.max() == 0
    assert good.mask_loss < 0.1 < 0.9 < bad.mask_loss
    assert good.score_loss < 0.02 and bad.score_loss > 0.7
    one_of_three = empty.clone()
    one_of_three[:, 2] = right[:, 2]
    click = judge(
        Kind.CLICK, one_of_three, none(empty), scores, targets.masks, 0.0, False
    )  # fmt: skip
    assert click.mask_loss < 0.7 * bad.mask_loss
    torch.testing.assert_close(mask_ious(right, targets.masks), good.ious)


def none(logits: torch.Tensor) -> torch.Tensor:
    """No cell is a stray's."""
    return torch.zeros_like(logits, dtype=torch.bool)


def test_strays_are_no_part_of_the_answer_and_cost_little() -> None:
    masks = torch.zeros(1, 256, 256, dtype=torch.uint8)
    masks[0, 32:96, 32:96] = 1
    logits = torch.full((1, 4, 64, 64), -8.0)
    logits[..., 8:24, 8:24] = 8
    logits[:, 0, 40:56, 8:24] = 8
    logits[:, 1, 24:56, 8:24] = 8
    click = Prompts(torch.tensor([[[60.0, 60.0]]]), torch.ones(1, 1))
    box = Prompts(torch.tensor([[[32.0, 32.0], [96.0, 200.0]]]), torch.tensor([[2, 3]]))
    strays = find_strays(logits, click)
    assert strays[0, 0, 40:56, 8:24].all() and strays.sum() == 256
    assert not find_strays(logits, box).any()
    alone, with_stray, grown = (
        judge(
            Kind.CLICKS, logits[:, m : m + 1].expand(-1, 4, -1, -1),
            strays[:, m : m + 1].expand(-1, 4, -1, -1), torch.ones(1, 4), masks, 0.4, False,
        )
        for m in (2, 0, 1)
    )  # fmt: skip
    assert with_stray.ious.min() > 0.97 and grown.ious.max() < 0.4
    assert alone.mask_loss < with_stray.mask_loss < alone.mask_loss + 0.2 * grown.mask_loss


def test_what_is_not_there_costs_nothing() -> None:
    nothing = torch.zeros(2, 256, 256, dtype=torch.uint8)
    logits = torch.randn(2, 4, 64, 64)
    judged = judge(Kind.BOX, logits, none(logits), torch.rand(2, 4), nothing, 1.0, True)
    assert judged.loss == 0 and not judged.counts.any()


def test_a_wrong_order_of_scores_costs_more() -> None:
    masks = torch.zeros(1, 256, 256, dtype=torch.uint8)
    masks[0, 64:128, 64:128] = 1
    logits = torch.full((1, 4, 64, 64), -8.0)
    for index, end in enumerate((32, 28, 24, 20)):
        logits[0, index, 16:32, 16:end] = 8
    ious = mask_ious(logits, masks)
    costs = [
        judge(Kind.CLICKS, logits, none(logits), scores, masks, 0.0, True).score_loss
        for scores in (ious, ious.flip(1))
    ]
    assert costs[0] < 1e-4 < 0.1 < costs[1]


def test_rank_correlation() -> None:
    values = torch.tensor([0.1, 0.4, 0.3, 0.9])
    assert rank_correlation(values, values**3) == pytest.approx(1)
    assert rank_correlation(values, -values) == pytest.approx(-1)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_ends_with_the_scores_and_slower_than_it_began(name: str) -> None:
    recipe = RECIPES[name]
    names = [now(recipe, share / 200).phase.name for share in range(201)]
    assert list(dict.fromkeys(names)) == [phase.name for phase in recipe.phases]
    assert names[-1] == "scores" and recipe.phases[-1].until == 1
    assert now(recipe, 0.3, 0).rate < 0.3 * now(recipe, 0.3).rate
    learning = [p for p in recipe.phases if not p.scores_only]
    assert learning[-1].rate[1] <= 0.3


def test_a_state_comes_back_from_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.state._PART_BYTES", 1000)
    content = {"step": 3, "model": {"weight": torch.randn(40, 50)}, "phase": "joint"}
    save_state(tmp_path / "state", content)
    assert len(list((tmp_path / "state").glob("part*"))) > 5
    back = load_state(tmp_path / "state")
    assert back is not None and back["step"] == 3 and back["phase"] == "joint"
    assert torch.equal(back["model"]["weight"], content["model"]["weight"])
    save_state(tmp_path / "state", {"step": 4})
    assert load_state(tmp_path / "state") == {"step": 4}
    assert [path.name for path in tmp_path.iterdir()] == ["state"]
    # As it lies when the machine stops between the two renamings.
    (tmp_path / "state").rename(tmp_path / "state.old")
    assert load_state(tmp_path / "state") == {"step": 4}
    assert load_state(tmp_path / "none") is None
    (tmp_path / "state.old" / "part0").write_bytes(b"")
    with pytest.raises(ValueError, match="not whole"):
        load_state(tmp_path / "state")


@torch.no_grad()
def test_a_run_begins_as_what_the_weights_are(
    nano_on_crops: CropNetwork, patch: FloatArray
) -> None:
    network = CropNetwork(get_spec("nano"))
    initialise(network.model)
    taken = begin_from(network.model, models_directory() / NANO_WEIGHTS)
    assert taken == len(network.model.state_dict())
    picture, origin = torch.from_numpy(patch)[..., :512, :512], NO_ORIGIN
    prompts = Prompts(torch.tensor([[[210.0, 300.0]]]), torch.tensor([[1]]))
    ours, theirs = (
        model.decode(model.encode(picture, origin), prompts, origin)
        for model in (network.eval(), nano_on_crops)
    )
    torch.testing.assert_close(ours[0], theirs[0], rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(ours[1], theirs[1], rtol=1e-3, atol=1e-3)


@pytest.mark.slow
def test_learning_lowers_the_loss(tmp_path: Path) -> None:
    """On the same crop again and again, from nothing."""
    torch.manual_seed(0)
    run = Run(Settings(tmp_path, "nano-v0", SMOKE, None, "cpu", steps=1))
    towns, countryside, real = (TileStore(1, run.device, 512) for _ in range(3))
    stores = Stores(towns, countryside, real, real_share=0.3, countryside_share=0.3)
    stores.add_scene(scene_tile(3, 512))
    assert stores.shares(256) == [(towns, 0.7)]
    phase = Phase("all", 1.0, ((256, 1),), 4, (1,), dense=0.3, balanced=(1.0, 1.0), average=0.5)
    losses = []
    for step in range(12):
        run.step = 0
        values = run._step(Now(phase, 6e-4 * min(1, (step + 1) / 5), 1.0), stores)
        losses.append(float(values["mask_loss"] + values["dense_loss"]))
    assert np.mean(losses[-4:]) < 0.6 * np.mean(losses[:4])


@pytest.mark.slow
def test_a_run_goes_on_where_it_stopped_and_gives_a_model_that_the_registry_loads(
    tmp_path: Path, patch: FloatArray, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", "--recipe", "smoke", "--structure", "nano", "--device", "cpu",
                 "--steps", "10", "--out", str(tmp_path)]  # fmt: skip
    assert main([*arguments, "--stop-after", "0.0001"]) == 0
    state = load_state(tmp_path / "state")
    assert state is not None and state["step"] == 1
    assert main(arguments) == 0
    entries = read_log(tmp_path / LOG)
    assert [e["step"] for e in entries if e["kind"] == "resume"] == [1]
    assert entries[-1]["kind"] == "exam" and entries[-1]["step"] == 10
    assert {"scenes_box", "scenes_click_best_of_three", "scenes_rank"} <= entries[-1].keys()
    assert main([*arguments[:4], "nano-v0", *arguments[5:]]) == 1
    assert f"{tmp_path} is a run of nano: name another --out." in capsys.readouterr().err
    assert main(["plot", str(tmp_path)]) == 0
    assert (tmp_path / "log.png").stat().st_size > 5000
    assert main(["export", str(tmp_path), "--weights-only"]) == 0
    weights = tmp_path / "nano.safetensors"
    assert weights.stat().st_size < 12e6
    (features,) = load_encoder(resolve_model("nano", weights), "cpu").encode(patch)
    assert np.isfinite(features.image_embed).all()


def test_an_export_of_nothing_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path)]) == 1
    assert "There is no state of a run" in capsys.readouterr().err


def test_a_bare_machine_needs_little(tmp_path: Path) -> None:
    """The training path does without the engine's packages, and finds sam2 in the bundle."""
    assert main(["bundle", "--out", str(tmp_path / "bundle")]) == 0
    program = (
        "import json, sys; import training.run, training.scenes, sam2;"
        "print(json.dumps([sam2.__file__, sorted(n.split('.')[0] for n in sys.modules)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, check=True, capture_output=True,
        text=True, env={"PYTHONPATH": str(tmp_path / "bundle"), "PATH": ""},
    )  # fmt: skip
    place, modules = json.loads(done.stdout)
    assert Path(place).is_relative_to(tmp_path)
    wanted_nowhere = {
        "rasterio", "shapely", "pyproj", "pyogrio", "zarr", "onnx", "onnxruntime", "platformdirs",
        "psutil", "click", "matplotlib", "affine", "contourpy", "safetensors",
    }  # fmt: skip
    assert not wanted_nowhere & set(modules)
