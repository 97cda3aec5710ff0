"""The command `evaluate`: its document, its picture, and what is kept when it is broken off."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from encoder_tool import evaluate
from encoder_tool.errors import DiskFullError
from tests.support.cli import run_here
from tests.support.workplace import Workplace


def test_truth_that_cannot_be_read_says_how_to_go_on(
    workplace: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("evaluate", workplace.cache)
    layer = run_here(capsys, *words, workplace.truth, "--layer", "roofs").sentence
    assert f"ogrinfo {workplace.truth}" in layer
    raster = run_here(capsys, *words, workplace.scene).sentence
    assert "ogrinfo" not in raster and ".gpkg" in raster


def test_evaluate_prints_its_fixed_document(
    workplace: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run_here(
        capsys, "-q", "evaluate", workplace.cache, workplace.truth, "--limit", "3", "--json"
    )
    told = json.loads(done.out)
    assert set(told) == {"n", "click", "box", "noc", "per_class"}
    assert set(told["noc"]) == {"80", "85", "90"}
    assert told["n"] == 3
    assert set(told["click"]) == {"best_scored", "best_of_three"}
    assert 0 <= told["click"]["best_scored"]["mean"] <= told["click"]["best_of_three"]["mean"] <= 1
    assert set(next(iter(told["per_class"].values()))) == {"n", "click", "box", "noc"}


def test_ctrl_c_in_evaluate_keeps_what_is_done(
    workplace: Workplace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge, judged = evaluate._judge, []

    def judge_and_stop(*arguments: Any) -> evaluate.ObjectScores:
        judged.append(arguments)
        if len(judged) == 2:
            signal.raise_signal(signal.SIGINT)
        return judge(*arguments)

    monkeypatch.setattr(evaluate, "_judge", judge_and_stop)
    done = run_here(capsys, "evaluate", workplace.cache, workplace.truth, "--limit", "5", "--json")
    assert done.code == 130
    assert json.loads(done.out)["n"] == len(judged) == 2
    assert "Stopped: these are the first 2 objects only" in done.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("picture", "part"),
    [("figure.docx", "suffix"), ("none/figure.png", "none does not exist"), (".", "suffix|folder")],
)
def test_evaluate_refuses_a_picture_before_it_begins(
    picture: str, part: str, workplace: Workplace, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    monkeypatch.setattr(evaluate, "_judge", None)
    outcome = run_here(
        capsys, "evaluate", workplace.cache, workplace.truth, "--plot", tmp_path / picture
    )
    assert outcome.code == 14
    assert re.search(part, outcome.sentence)
    assert outcome.err == f"{outcome.sentence}\n", "no bar either"


def test_a_picture_that_fails_costs_no_numbers(
    workplace: Workplace, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    pytest.importorskip("matplotlib", reason="pictures need matplotlib")
    from encoder_tool import plot

    def fail(*_: Any) -> None:
        raise DiskFullError("The disk is full.")

    monkeypatch.setattr(plot, "_save", fail)
    outcome = run_here(
        capsys, "-q", "evaluate", workplace.cache, workplace.truth, "--limit", "1",
        "--plot", tmp_path / "figure.png",
    )  # fmt: skip
    assert outcome.code == 13
    assert "NoC@80" in outcome.out
