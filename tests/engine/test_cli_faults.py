"""The command line's answers to bad input: one sentence, a code, nothing written."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from encoder_tool.cache.manifest import FORMAT_VERSION
from tests.support.cli import run_here
from tests.support.workplace import HOUSE, Workplace, copy_cache, snapshot

ENCODE_FAULTS: Mapping[str, tuple[tuple[str, ...], int, str]] = {
    "missing raster": (("{tmp}/nowhere.tif",), 3, r"nowhere\.tif"),
    "not a raster": (("{tmp}/notes.txt",), 3, r"notes\.txt"),
    "a folder": (("{tmp}",), 3, r""),
    "zero bands": (("{scene}", "--bands", ""), 2, r"0 bands"),
    "band out of range": (("{scene}", "--bands", "1,2,9"), 3, r"\b9\b.*\b3\b"),
    "band zero": (("{scene}", "--bands", "0"), 3, r"\b0\b"),
    "too many bands": (("{scene}", "--bands", "1,2,3,1"), 2, r"4 bands"),
    "extent outside": (
        ("{scene}", "--extent", "0,0,10,10"), 3,
        r"extent 0, 0, 10, 10 .*bounds are 500000, 46\S+, .* in .*EPSG:32633.*--extent-crs",
    ),
    "extent in a wrong CRS": (
        ("{scene}", "--extent", "500000,4649000,500100,4650000", "--extent-crs", "EPSG:4326"),
        3, r"extent",
    ),
    "unknown CRS": (
        ("{scene}", "--extent", "0,0,1,1", "--extent-crs", "EPSG:0"), 2, r"EPSG:0"
    ),
    "unknown model": (("{scene}", "--model", "sam9"), 10, r"sam9.*sam2\.1-tiny"),
    "model not downloaded": (
        ("{scene}", "--model", "sam2.1-large"), 10, r"models download sam2\.1-large"
    ),
    "missing checkpoint": (("{scene}", "--checkpoint", "{tmp}/none.pt"), 10, r"none\.pt"),
    "wrong checkpoint": (("{scene}", "--checkpoint", "{tmp}/notes.txt"), 10, r"notes\.txt.*\.pt\b"),
    "unreadable stretch": (("{scene}", "--stretch", "bright"), 2, r"bright"),
    "odd overlap": (("{scene}", "--overlap", "255"), 2, r"255"),
    "overlap of a patch": (("{scene}", "--overlap", "1024"), 2, r"1024"),
    "impossible resolution": (("{scene}", "--resolution", "1e-9"), 2, r"1e-09"),
    "out in a file's place": (("{scene}", "--out", "{tmp}/notes.txt"), 14, r"notes\.txt"),
    "out to stdout": (("{scene}", "--out", "-"), 2, r"folder"),
    "out of nothing": (("{scene}", "--out", ""), 2, r"folder"),
    "out below a file": (
        ("{scene}", "--out", "{tmp}/notes.txt/cache.sam2.zarr"), 14, r"notes\.txt"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", ENCODE_FAULTS)
def test_encode_refuses_bad_input_in_one_sentence(
    fault: str, workplace: Workplace, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("ENCODER_TOOL_MODELS", str(tmp_path / "models"))
    scene = Path(shutil.copy(workplace.scene, tmp_path / "scene.tif"))
    (tmp_path / "notes.txt").write_text("These are notes.\n" * 100)
    words, code, part = ENCODE_FAULTS[fault]
    before = snapshot(tmp_path)
    outcome = run_here(
        capsys, "-q", "encode", *(word.format(tmp=tmp_path, scene=scene) for word in words)
    )
    assert outcome.code == code, outcome.err
    assert re.search(part, outcome.sentence), outcome.sentence
    assert outcome.err == f"{outcome.sentence}\n", "one sentence, no traceback"
    assert outcome.out == ""
    assert snapshot(tmp_path) == before, "nothing is left behind"


SEGMENT_FAULTS: Mapping[str, tuple[tuple[str, ...], int, str]] = {
    "no prompt": ((), 8, r"no include point and no box"),
    "only exclude": (("--exclude", HOUSE), 8, r"no include point"),
    "outside": (("--include", "0,0"), 8, r"outside the raster"),
    "negative": (("--include", "-12.5,40"), 8, r"-12\.5, 40"),
    "box outside": (("--box", "-1,-2,3,4"), 8, r"outside the raster"),
    "wrong CRS": (("--include", HOUSE, "--crs", "EPSG:4326"), 8, r"EPSG:4326"),
    "another zone": (("--include", HOUSE, "--crs", "EPSG:32610"), 8, r"EPSG:32610"),
    "unknown CRS": (("--include", HOUSE, "--crs", "Atlantis"), 8, r"Atlantis"),
    "no such level": (("--include", HOUSE, "--level", "7"), 2, r"level 7"),
    "unknown format": (("--include", HOUSE, "--out", "{tmp}/object.xyz"), 14, r"object\.xyz"),
    "missing folder": (("--include", HOUSE, "--out", "{tmp}/none/a.gpkg"), 14, r"none"),
    "existing file": (
        ("--include", HOUSE, "--out", "{tmp}/there.gpkg"),
        14,
        r"exists.*--overwrite",
    ),
    "two on stdout": (("--include", HOUSE, "--out", "-", "--json"), 2, r"stdout"),
    "level and GSD": (("--include", HOUSE, "--level", "0", "--gsd", "1"), 2, r"--level and --gsd"),
    "unknown out CRS": (("--include", HOUSE, "--out-crs", "EPSG:0"), 14, r"EPSG:0"),
}


@pytest.mark.parametrize("fault", SEGMENT_FAULTS)
def test_segment_refuses_bad_prompts_in_one_sentence(
    fault: str, workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.gpkg").write_text("precious")
    words, code, part = SEGMENT_FAULTS[fault]
    before = snapshot(tmp_path)
    outcome = run_here(
        capsys, "segment", workplace.cache, *(word.format(tmp=tmp_path) for word in words)
    )
    assert outcome.code == code, outcome.err
    assert re.search(part, outcome.sentence), outcome.sentence
    assert outcome.err == f"{outcome.sentence}\n"
    assert outcome.out == ""
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("command", ["info", "verify", "segment", "evaluate"])
@pytest.mark.parametrize(
    ("state", "part"),
    [
        ("missing", "There is no cache"),
        ("raster", "encoder-tool encode"),
        ("empty", "not a readable feature cache"),
        ("cut", "not a readable feature cache|damaged"),
        ("newer", f"version {FORMAT_VERSION + 1}.*[Uu]pdate"),
    ],
)
def test_what_is_no_cache_of_ours_is_refused(
    command: str, state: str, part: str,
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    place = tmp_path / "cache.sam2.zarr"
    if state == "raster":
        if command == "segment":
            pytest.skip("it takes rasters: test_cli_on_demand.py")
        place = Path(shutil.copy(workplace.scene, tmp_path))
    elif state == "empty":
        place.mkdir()
    elif state in ("cut", "newer"):
        place = copy_cache(workplace, tmp_path)
        description = place / "zarr.json"
        text = description.read_text()
        if state == "cut":
            description.write_text(text[:100])
        else:
            parsed = json.loads(text)
            parsed["attributes"]["format_version"] = FORMAT_VERSION + 1
            description.write_text(json.dumps(parsed))
    more = {"segment": ["--include", HOUSE], "evaluate": [str(workplace.truth)]}
    outcome = run_here(capsys, "-q", command, place, *more.get(command, []))
    assert outcome.code == 4, outcome.err
    assert re.search(part, outcome.sentence), outcome.sentence
    assert outcome.err == f"{outcome.sentence}\n"


def test_a_full_disk_is_said_before_anything_is_written(
    workplace: Workplace, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from encoder_tool.encode import plan

    monkeypatch.setitem(plan.plan_encode.__kwdefaults__, "disk_usage", lambda _: (10, 10, 10))
    out = tmp_path / "cache.sam2.zarr"
    outcome = run_here(capsys, "-q", "encode", workplace.scene, "--out", out)
    assert outcome.code == 13
    assert str(out) in outcome.sentence
    assert not out.exists()


def test_another_model_or_band_choice_is_refused_and_the_cache_kept(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = copy_cache(workplace, tmp_path)
    before = snapshot(cache)
    outcome = run_here(capsys, "-q", "encode", workplace.scene, "--out", cache, "--bands", "3,2,1")
    assert outcome.code == 5
    assert "bands 1,2,3, not 3,2,1" in outcome.sentence
    assert "--out" in outcome.sentence and "--restart" in outcome.sentence
    assert snapshot(cache) == before


def test_more_levels_than_there_are_is_said(
    workplace: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run_here(capsys, "encode", workplace.scene, "--levels", "5")
    assert "There is 1 level, not 5" in outcome.err
    assert "Encoding with" not in outcome.err, "no bar when there is nothing to do"
    assert "has the patch." in outcome.err
