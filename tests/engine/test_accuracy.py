"""The yardstick's own arithmetic, and the yardstick end to end on a few things."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from benchmarks import accuracy
from encoder_tool.evaluate import EvaluationReport, ObjectScores
from encoder_tool.scene import Scene
from encoder_tool.types import PatchId
from training.scenes import HELD_OUT_SEEDS


def scores(side: float, box: float, predicted: float, class_name: str = "building") -> ObjectScores:
    return ObjectScores(
        class_name, PatchId(0, 0, 0), shapely.box(100, 100, 100 + side, 110),
        click_best_scored=box - 0.2, click_best_of_three=box - 0.1, box=box, boundary=0.5,
        predicted=((predicted, box),), curve=(box - 0.2, box),
        with_strays=(box - 0.3, box - 0.2, box - 0.1),
    )  # fmt: skip


def test_figures_are_by_class_and_by_size() -> None:
    found = accuracy.full_summary(
        [scores(12, 0.4, 0.5, "tree"), scores(40, 0.7, 0.6), scores(300, 0.95, 0.9)]
    )
    assert found["n"] == 3 and found["box"] == pytest.approx(0.6833, abs=1e-3)
    assert found["per_class"]["tree"]["box"] == pytest.approx(0.4)
    assert {name: part["n"] for name, part in found["per_size"].items()} == {
        "8-16 px": 1, "32-64 px": 1, "256-1024 px": 1,
    }  # fmt: skip
    # Two of the three never reach 0.8: ten clicks each; the third does with its second.
    assert found["noc80"] == pytest.approx((10 + 10 + 2) / 3)
    told = found["calibration"]
    assert told["rank_correlation"] == pytest.approx(1)
    assert told["mean_error"] == pytest.approx((0.1 + 0.1 + 0.05) / 3)
    assert told["bias"] == pytest.approx((0.1 - 0.1 - 0.05) / 3)
    assert found["with_strays"]["box"] == pytest.approx(found["box"] - 0.1)
    text = accuracy.table("a model", found)
    assert "| tree | 1 | 0.200 | 0.300 | 0.400 |" in text


def test_two_models_stand_side_by_side_and_figures_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    better = accuracy.full_summary([scores(40, 0.9, 0.8), scores(300, 0.7, 0.6)])
    worse = accuracy.full_summary([scores(40, 0.4, 0.7), scores(40, 0.6, 0.9)])
    (tmp_path / "one.json").write_text(json.dumps({"nano": {"towns": better, "site": better}}))
    (tmp_path / "two.json").write_text(json.dumps({"nano-v0 (folder/v0.st)": {"towns": worse}}))
    read = [word for name in ("one", "two") for word in ("--read", str(tmp_path / f"{name}.json"))]
    monkeypatch.setattr(sys, "argv", ["accuracy.py", *read])
    accuracy.main()
    text = capsys.readouterr().out
    assert text.startswith("### Towns: nano, in brackets nano-v0\n")
    assert "| all | 2 | 0.600 (0.300) | 0.700 (0.400) | 0.800 (0.500) |" in text
    assert "| 32-64 px | 1 | 0.700 (0.300) |" in text
    assert "| 256-1024 px | 1 | 0.500 | 0.600 | 0.700 |" in text, "the other has none"
    assert "mean error 0.100 (0.300)" in text
    assert text.count("###") == 2
    assert "### Site: nano\n" in text and "| all | 2 | 0.600 | 0.700 | 0.800 |" in text


def test_pictures_leave_out_what_is_cut_and_what_has_no_outline() -> None:
    cut = replace(scores(50, 0.1, 0.5), polygon=shapely.box(0, 100, 50, 150))
    road, whole = scores(50, 0.2, 0.5, "road"), scores(60, 0.9, 0.9)
    chosen = [
        accuracy.shown(accuracy.Judged(Path("a.tif"), None, EvaluationReport(tuple(given), 0)))
        for given in ([cut, road, whole], [cut, road])
    ]
    assert chosen == [[whole], [cut, road]]


def test_a_site_is_all_of_its_rasters_or_one_of_them(tmp_path: Path) -> None:
    for name in ("east_0.tif", "east_1.tif", "east.gpkg", "west.tif", "west.geojson", "bare_0.tif"):
        (tmp_path / name).touch()
    found = {name: accuracy.site_files(tmp_path, name) for name in ("east", "east_1", "west")}
    names = {name: ([p.name for p in rasters], truth.name)
             for name, (rasters, truth) in found.items()}  # fmt: skip
    assert names == {
        "east": (["east_0.tif", "east_1.tif"], "east.gpkg"),
        "east_1": (["east_1.tif"], "east.gpkg"),
        "west": (["west.tif"], "west.geojson"),
    }
    for missing in ("bare", "north"):
        with pytest.raises(SystemExit, match=f"no {missing}_"):
            accuracy.site_files(tmp_path, missing)


def test_what_is_cut_a_sliver_or_a_road_is_told_apart() -> None:
    cut = replace(scores(50, 0.1, 0.5), polygon=shapely.box(0, 100, 50, 150))
    sliver = replace(scores(50, 0.2, 0.5), polygon=shapely.box(100, 100, 150, 104))
    road = replace(scores(50, 0.3, 0.5, "road"), polygon=shapely.box(100, 100, 150, 150))
    found = accuracy.full_summary([cut, sliver, road, scores(60, 0.9, 0.9)])
    assert found["per_view"]["with an outline"]["n"] == 3
    assert found["per_view"]["whole, outlined"] == pytest.approx(
        accuracy.summary([scores(60, 0.9, 0.9)])
    )


def test_weights_of_the_same_name_are_told_apart() -> None:
    one, other = (accuracy.Model.parse(f"nano=runs/{n}/nano.safetensors") for n in (1, 2))
    assert one.label != other.label and one.file_name != other.file_name
    assert "/" not in one.file_name


def test_rank_correlation_shares_the_ranks_of_ties() -> None:
    one = np.array([0.1, 0.2, 0.2, 0.4])
    assert accuracy.spearman(one, np.array([1.0, 2.0, 2.0, 3.0])) == pytest.approx(1)
    assert accuracy.spearman(one, np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(0.9487, abs=1e-4)


@pytest.mark.parametrize("scenes", [accuracy.town, accuracy.scene_of_any_kind])
def test_scenes_to_judge_by_are_fixed_and_ask_for_a_few_of_each_class(
    scenes: Callable[[int], Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accuracy, "SCENE_PX", 512)
    one, same = scenes(2), scenes(2)
    np.testing.assert_array_equal(one.image, same.image)
    names = [item.class_name for item in one.objects]
    assert max(names.count(name) for name in set(names)) == accuracy.PER_CLASS
    assert all(np.ptp(item.exterior, axis=0).max() >= 8 for item in one.objects)
    assert accuracy.FIRST_SEED > HELD_OUT_SEEDS


@pytest.mark.slow
def test_a_model_is_judged_end_to_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accuracy, "PER_CLASS", 2)
    out = tmp_path / "accuracy.json"
    program = ["accuracy.py", "--towns", "1", "--scenes", "0", "--picture", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", [*program, "--out", str(out)])
    accuracy.main()
    figures = json.loads(out.read_text())["nano"]["towns"]
    assert "### nano on towns" in capsys.readouterr().out
    assert figures["n"] >= 6 and figures["box"] > 0.4
    assert figures["click_best_scored"] <= figures["click_best_of_three"]
    assert (tmp_path / "nano_towns.png").stat().st_size > 10_000
