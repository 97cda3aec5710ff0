"""The benchmarks measure what they say: their parts, and clicking end to end at its smallest."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from benchmarks import click_latency
from benchmarks.support.asked_prompts import KINDS, choose_targets, exact_logits, on_map
from benchmarks.support.click_rig import WARM
from benchmarks.support.clicked_patch import ModelChoice, ShapedDecoder, Shapes
from benchmarks.support.machine import describe_machine, headline, machine_facts
from benchmarks.support.tables import Table, milliseconds
from benchmarks.support.timing import Series, take_turns, timed
from encoder_tool.errors import ModelError
from encoder_tool.model.seam import PatchState
from encoder_tool.polygons import mask_to_pixels
from encoder_tool.scene import Scene
from encoder_tool.types import Masks, Prompt
from tests.support.cli import REPOSITORY
from tests.support.fake_cache import UTM_AFFINE
from tests.support.oracle import rectangle


def test_everyone_gets_every_turn_and_is_first_in_turn() -> None:
    seen: list[tuple[str, str]] = []
    works = {name: lambda asked, name=name: seen.append((name, asked)) for name in "ab"}
    before = list[str]()
    found = take_turns(works, ["x", "y"], 3, before=lambda: before.append("settled"))
    assert seen[:2] == [("a", "x"), ("b", "x")], "a turn that is not counted"
    assert seen[2:] == [("a", "x"), ("b", "x"), ("b", "y"), ("a", "y"), ("a", "x"), ("b", "x")]
    assert len(before) == 6
    assert {name: len(series.wall) for name, series in found.items()} == {"a": 3, "b": 3}


def test_a_series_tells_what_a_user_waits() -> None:
    series = Series(wall=[0.01, 0.02, 0.03, 0.04, 0.15], cpu=[0.0, 0.01, 0.01, 0.02, 0.02])
    told = series.summary()
    assert told["p50_ms"] == pytest.approx(30) and told["best_ms"] == pytest.approx(10)
    assert told["p95_ms"] == pytest.approx(128) and told["cpu_p50_ms"] == pytest.approx(10)
    assert timed(series, lambda a, b: a + b, 2, b=3) == 5
    assert len(series.wall) == len(series.cpu) == 6


def test_a_table_reads_the_same_in_a_terminal_and_on_a_page() -> None:
    table = Table("Clicks", ("model", "ms"), "What is shown.")
    table.add("nano", milliseconds(12.345))
    table.add("large", milliseconds(1234.5))
    assert "nano   12.3\nlarge  1234" in table.text()
    assert table.markdown().splitlines() == [
        "### Clicks", "", "What is shown.", "", "| model | ms |", "|---|---|",
        "| nano | 12.3 |", "| large | 1234 |",
    ]  # fmt: skip


def test_a_machine_is_described_and_not_named() -> None:
    import os
    import platform

    facts = machine_facts()
    assert facts["machine"] == describe_machine()
    assert f"{os.cpu_count()} cores of a" in facts["machine"]
    assert facts["packages"]["onnxruntime"] and facts["python"] == platform.python_version()
    assert platform.node() not in json.dumps(facts)
    assert str(REPOSITORY) not in json.dumps(facts)


def test_a_busy_machine_is_told_of() -> None:
    facts = {"machine": "4 cores of a kind", "cores": 4, "load_before": 0.7}
    assert headline(facts) == "4 cores of a kind; load 0.7 before"
    assert "busy" in headline({**facts, "load_before": 2.5})


@pytest.mark.parametrize("degrees", [0.0, 27.0])
def test_exact_logits_are_those_of_the_outline(degrees: float) -> None:
    polygon = rectangle(301.0, 640.0, 90.0, 42.0, degrees).polygon
    traced = mask_to_pixels(exact_logits(polygon))
    overlap = traced.intersection(polygon).area / traced.union(polygon).area
    assert overlap > 0.96
    assert traced.centroid.distance(polygon.centroid) < 0.3, "half a cell would be 2 px"


def test_prompts_mean_the_building(scene: Scene) -> None:
    targets = choose_targets(scene, 6)
    assert len({target.polygon.wkb for target in targets}) == len(targets) >= 4
    areas = [target.polygon.area for target in targets]
    assert areas == sorted(areas) and areas[-1] > 1.5 * areas[0]
    for target in targets:
        by_kind = {kind: target.prompt(kind) for kind in KINDS}
        assert by_kind["1 click"].is_single_click
        assert tuple(by_kind["box"].box) == target.polygon.bounds
        three = by_kind["3 clicks"]
        inside = [target.polygon.contains(shapely.Point(*place)) for place in three.points]
        assert inside == [True, True, False] and three.labels.tolist() == [1, 1, 0]
        assert by_kind["click and mask"].mask_logits.shape == (256, 256)


def test_prompts_reach_the_map_where_they_are_in_the_patch() -> None:
    clicked = Prompt(np.array([[10.0, 20.0], [30.0, 40.0]]), np.array([1, 0]))
    placed = on_map(clicked, UTM_AFFINE)
    assert placed.include == ((431_003.0, 5_479_994.0),)
    assert placed.exclude == ((431_009.0, 5_479_988.0),)


class _Noise:
    """A decoder that finds nothing that makes sense."""

    def prepare(self, features):
        return PatchState({}, 0)

    def decode(self, state, prompts, *, multimask=None):
        logits = np.random.default_rng(0).normal(size=(3, 256, 256)).astype(np.float32)
        return [Masks(logits, np.array([0.1, 0.9, 0.5], np.float32)) for _ in prompts]


def test_noise_becomes_the_shape_that_is_meant(scene: Scene, tmp_path: Path) -> None:
    targets = choose_targets(scene, 4)
    shapes = Shapes.read(str(Shapes.of(targets).write(tmp_path / "shapes.npz")))
    decoder = ShapedDecoder(_Noise(), shapes)
    state = decoder.prepare(None)
    for kind in ("1 click", "box", "click and mask"):
        prompts = [target.prompt(kind) for target in targets]
        for target, masks in zip(targets, decoder.decode(state, prompts), strict=True):
            np.testing.assert_array_equal(masks.logits[masks.best], target.logits)
            assert masks.iou_predictions.tolist() == pytest.approx([0.1, 0.9, 0.5])


@pytest.mark.parametrize("side", [2, 3, 5, 6])
def test_cold_patches_come_once_and_not_beside_the_last(side: int) -> None:
    patches = click_latency.far_apart(side, side * side - 1)
    assert len(set(patches)) == len(patches) == side * side - 1
    assert WARM not in patches
    assert len(click_latency.far_apart(side, 2)) == 2
    if side >= 4:
        near = sum(max(abs(a.row - b.row), abs(a.col - b.col)) <= 1 for a, b in pairwise(patches))
        assert near == 0


def test_models_are_named_with_or_without_weights() -> None:
    assert ModelChoice.parse("nano") == ModelChoice("nano")
    seeded, given = ModelChoice.parse("sam2.1-tiny"), ModelChoice.parse("sam2.1-tiny=a/b.pt")
    assert seeded.is_seeded and "seeded" in seeded.label
    assert not given.is_seeded and given.weights == Path("a/b.pt")
    with pytest.raises(ModelError, match="no model called"):
        ModelChoice.parse("sam3")


@pytest.mark.slow
def test_clicks_are_measured_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "clicks.json"
    # One thread: those of torch would wait for each other where other tests run beside this one.
    words = ["--turns=1", "--cold=2", "--batch=2", "--buildings=1", "--threads=1", "--markdown"]
    monkeypatch.setattr(sys, "argv", ["click_latency.py", *words, f"--out={out}"])
    click_latency.main()
    text, found = capsys.readouterr().out, json.loads(out.read_text())
    assert text.count("### ") == 4 and found["machine"] in text
    asked = {(row["model"].split()[0], row["prompt"]) for row in found["warm"]}
    assert asked == {(model, kind) for model in click_latency.MODELS for kind in KINDS}
    for row in found["warm"]:
        assert row["against"] == "sam2.1-tiny"
        assert (row["worker"] is None) == (row["prompt"] == "click and mask")
        if row["model"] != "nano":
            assert row["iou_with_upstream"] > 0.9
    for row in found["decode"]:
        if row["model"] != "nano":
            assert row["largest_difference"] < 1e-2
    for row in found["cold"]:
        assert row["engine"]["turns"] == 2 and row["load"]["p50_ms"] > 0
    assert all(row["decode_per_s"] > 0 and row["batch"] == 2 for row in found["batches"])
    assert str(tmp_path) not in out.read_text()
