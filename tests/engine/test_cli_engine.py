"""The command line over the whole engine: bad input, torch absent, interruption, memory."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyogrio
import pytest

from encoder_tool import evaluate
from encoder_tool.cache.manifest import FORMAT_VERSION
from encoder_tool.errors import DiskFullError
from tests.support import held_encode
from tests.support.cli import command_line, environment, run_apart, run_here
from tests.support.patience import PATIENCE_S
from tests.support.rasters import write_raster, write_sparse

HOUSE = "500132,4649768"
BOX = "500168,4649736,500206,4649774"


@dataclass(frozen=True)
class Workplace:
    """A sample scene of one patch and its cache, which tests must leave as they are."""

    folder: Path
    scene: Path
    truth: Path
    cache: Path


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Made by the command line where torch cannot be imported."""
    folder = tmp_path_factory.mktemp("workplace")
    assert run_apart("sample", folder, "--size", "1024", torch=False).code == 0
    encoded = run_apart("encode", folder / "scene.tif", "--json", torch=False)
    assert encoded.code == 0, encoded.err
    assert json.loads(encoded.out)["encoded"] == 1
    return Workplace(
        folder, folder / "scene.tif", folder / "truth.gpkg", folder / "scene.tif.nano.sam2.zarr"
    )


def copy_cache(workplace: Workplace, folder: Path) -> Path:
    return Path(shutil.copytree(workplace.cache, folder / "copy.sam2.zarr"))


def snapshot(folder: Path) -> dict[str, int]:
    """All files below a folder, with their times of change."""
    return {str(p): p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}


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


def test_another_raster_is_refused_by_its_name(
    workplace: Workplace, wide_raster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run_here(capsys, "-q", "encode", wide_raster, "--out", workplace.cache)
    assert outcome.code == 5
    assert "it was made from scene.tif, of which wide.tif is no copy" in outcome.sentence


def test_damage_ends_verify_with_its_own_code_and_encode_repairs_it(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = copy_cache(workplace, tmp_path)
    sound = run_here(capsys, "-q", "verify", cache, "--json")
    assert (sound.code, json.loads(sound.out)["sound"]) == (0, True)
    chunk = cache / "levels/0/image_embed/c/0/0/0/0/0"
    data = bytearray(chunk.read_bytes())
    data[len(data) // 2] ^= 1
    chunk.write_bytes(data)
    found = run_here(capsys, "-q", "verify", cache, "--json")
    report = json.loads(found.out)
    assert found.code == 6
    assert report["damage"] == [
        {"kind": "checksum", "array": "levels/0/image_embed", "patch": [0, 0, 0]}
    ]
    prompted = run_here(capsys, "segment", cache, "--include", HOUSE)
    assert prompted.code == 6
    assert "encode" in prompted.sentence
    assert run_here(capsys, "-q", "encode", workplace.scene, "--out", cache).code == 0
    assert "encoded, 1 of 1, were checked" in run_here(capsys, "-q", "verify", cache).out


def test_info_tells_what_the_cache_holds(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(run_here(capsys, "info", workplace.cache, "--json").out)
    assert {
        "path", "size_bytes", "levels", "writer", "format", "format_version", "raster", "bands",
        "stretch", "grid", "model", "dtype", "producer", "pixel_size", "bounds", "source",
    } == set(told)  # fmt: skip
    assert told["levels"] == [{"level": 0, "rows": 1, "cols": 1, "present": 1, "empty": 0}]
    assert told["source"] == "unchanged"
    assert told["pixel_size"] == pytest.approx([0.3, 0.3])
    xmin, ymin, xmax, ymax = told["bounds"]
    assert (xmax - xmin, ymax - ymin) == pytest.approx((1024 * 0.3, 1024 * 0.3))
    text = run_here(capsys, "info", workplace.cache).out
    for part in (
        "EPSG:32633",
        "1 of 1 patch ",
        "nano",
        "unchanged",
        "1024 x 1024",
        "0.3 x 0.3 metre",
        "500000, ",
    ):
        assert part in text
    moved = json.loads(run_here(capsys, "info", copy_cache(workplace, tmp_path), "--json").out)
    assert moved["source"] == "absent"


def test_info_of_a_raster_is_that_of_its_cache(
    workplace: Workplace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of_cache = run_here(capsys, "info", workplace.cache, "--json").out
    assert run_here(capsys, "info", workplace.scene, "--json").out == of_cache
    refused = run_here(capsys, "verify", workplace.scene)
    assert refused.code == 4
    assert str(workplace.cache) in refused.sentence
    raster = Path(shutil.copy(workplace.scene, tmp_path))
    caches = [tmp_path / f"scene.tif.{model}.sam2.zarr" for model in ("mine", "nano")]
    for cache in caches:
        shutil.copytree(workplace.cache, cache)
    refused = run_here(capsys, "info", raster)
    assert refused.code == 4
    assert all(str(cache) in refused.sentence for cache in caches)


def test_what_is_all_there_is_told_once(
    workplace: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    again = run_here(capsys, "encode", workplace.scene)
    assert again.code == 0
    assert again.err.splitlines()[-1] == f"Nothing to encode: {workplace.cache} has the patch."
    assert " in 0.0 s" not in again.err


def test_info_notices_a_changed_raster_and_a_missing_crs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = np.random.default_rng(0).integers(0, 255, (1, 300, 200), np.uint8)
    raster = write_raster(tmp_path / "plain.tif", values, crs=None, transform=None)
    assert run_here(capsys, "-q", "encode", raster).code == 0
    cache = tmp_path / "plain.tif.nano.sam2.zarr"
    assert "none: coordinates are pixels" in run_here(capsys, "info", cache).out
    write_raster(raster, 255 - values, crs=None, transform=None)
    told = json.loads(run_here(capsys, "info", cache, "--json").out)
    assert (told["source"], told["raster"]["crs_wkt"]) == ("changed", None)


def test_segment_works_where_the_raster_and_torch_are_not(
    workplace: Workplace, tmp_path: Path
) -> None:
    """The cache moved elsewhere; `run_apart` asserts that torch stays out of sys.modules."""
    cache = copy_cache(workplace, tmp_path)
    out = tmp_path / "object.gpkg"
    done = run_apart(
        "segment", cache, "--box", BOX, "--out", out, "--json", torch=False, cwd=tmp_path
    )
    assert done.code == 0, done.err
    told = json.loads(done.out)
    (found,) = told["objects"]
    assert (told["out"], told["crs"]) == (str(out), "EPSG:32633")
    sizes = {"area_px", "area_m2", "parts", "bounds", "level"}
    assert set(found) == {"candidate", "score", *sizes, "complete", "cuts"}
    # UTM's scale is 0.9996 at the central meridian: areas on the ellipsoid are 0.08 % larger.
    assert found["area_m2"] == pytest.approx(found["area_px"] * 0.09, rel=2e-3)
    meta, _, geometries, _ = pyogrio.raw.read(out)
    assert (meta["crs"], len(geometries)) == ("EPSG:32633", 1)
    for command in ("info", "verify"):
        assert run_apart(command, cache, torch=False).code == 0


def test_nothing_encoded_there_names_a_command_that_runs(
    wide_raster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With another place, another pixel and one band: the command brings all of them."""
    cache = tmp_path / "a b.sam2.zarr"
    encoded = run_here(
        capsys, "-q", "encode", wide_raster, "--out", cache, "--bands", "2", "--resolution", "0.6",
        "--levels", "1", "--extent", "500000,5390000,500100,5400000",
    )  # fmt: skip
    assert encoded.code == 0, encoded.err
    words = ("segment", cache, "--include", "501200,5399990")
    refused = run_here(capsys, *words)
    assert refused.code == 9
    program, *command = shlex.split(refused.sentence.partition("Encode there: ")[2])
    assert program == "encoder-tool"
    assert run_here(capsys, *command).code == 0
    assert run_here(capsys, *words).code in (0, 8)


def test_more_levels_than_there_are_is_said(
    workplace: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = run_here(capsys, "encode", workplace.scene, "--levels", "5")
    assert "There is 1 level, not 5" in outcome.err
    assert "Encoding with" not in outcome.err, "no bar when there is nothing to do"
    assert "has the patch." in outcome.err


def test_truth_that_cannot_be_read_says_how_to_go_on(
    workplace: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("evaluate", workplace.cache)
    layer = run_here(capsys, *words, workplace.truth, "--layer", "roofs").sentence
    assert f"ogrinfo {workplace.truth}" in layer
    raster = run_here(capsys, *words, workplace.scene).sentence
    assert "ogrinfo" not in raster and ".gpkg" in raster


def test_geojson_without_a_crs_is_remarked_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = np.full((1, 300, 300), 40, np.uint8)
    values[:, 100:200, 100:200] = 220
    raster = write_raster(tmp_path / "plain.tif", values, crs=None, transform=None)
    assert run_here(capsys, "-q", "encode", raster).code == 0
    words = ("segment", f"{raster}.nano.sam2.zarr", "--box", "95,95,205,205", "--out")
    assert "longitude and latitude" in run_here(capsys, *words, "-").err
    assert "longitude" not in run_here(capsys, *words, tmp_path / "object.gpkg").err


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


@pytest.fixture
def wide_raster(tmp_path: Path) -> Path:
    """Six patches of noise in a row, at level 0."""
    values = np.random.default_rng(1).integers(0, 255, (3, 200, 4864), np.uint8)
    return write_raster(tmp_path / "wide.tif", values)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_after_the_current_batch_and_the_same_command_resumes(
    number: signal.Signals, wide_raster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache = tmp_path / "wide.tif.nano.sam2.zarr"
    words = ["encode", wide_raster, "--levels", "1", "--batch", "1", "--json"]
    with subprocess.Popen(
        [sys.executable, "-c", held_encode.COMMAND_LINE, *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
    ) as process:  # fmt: skip
        wait_for(lambda: any(cache.glob("levels/0/high_res_0/c/0/*")), process)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)
    stopped = json.loads(out)
    assert process.returncode == 130
    assert stopped["stopped"] and 1 <= stopped["encoded"] < 6
    last = err.splitlines()[-1]
    assert last.startswith(f"Stopped: {stopped['encoded']} of 6 patches are in {cache}.")
    assert "same command" in last
    assert "Traceback" not in err
    resumed = json.loads(run_here(capsys, "-q", *words).out)
    assert (resumed["skipped"], resumed["encoded"]) == (
        stopped["encoded"], 6 - stopped["encoded"]
    )  # fmt: skip


def wait_for(happened: object, process: subprocess.Popen[str]) -> None:
    """Until `happened()` is true, while the process runs."""
    assert callable(happened)
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


def test_memory_does_not_grow_with_the_raster(tmp_path: Path) -> None:
    """30,000 x 30,000 pixels, of which a patch is encoded, then the light square in it is boxed.
    (More of them: test_resume.py.)"""
    content = np.random.default_rng(2).integers(0, 60, (3, 1500, 1500), np.uint8)
    content[:, 1030:1170, 1030:1170] += 180
    raster = write_sparse(tmp_path / "large.tif", 30_000, 30_000, content, (14_000, 14_000))
    left, top = 500_000 + 14_900 * 0.3, 5_400_000 - 14_900 * 0.3
    extent = f"{left},{top - 120},{left + 120},{top}"
    assert peak_mb("encode", raster, "--extent", extent) < 2000
    box = f"{left + 39},{top - 81},{left + 81},{top - 39}"
    cache = tmp_path / "large.tif.nano.sam2.zarr"
    assert peak_mb("segment", cache, "--box", box) < 700


def peak_mb(*words: str | Path) -> float:
    """Peak resident memory of a command that must succeed."""
    with subprocess.Popen(
        command_line(*words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=environment(),
    ) as process:  # fmt: skip
        peak = 0
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                peak = max(peak, watched.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.01)
        _, err = process.communicate()
    assert process.returncode == 0, err
    return peak / 2**20
