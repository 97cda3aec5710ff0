"""The command line over the whole engine: damage, torch absent, interruption, memory."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pyogrio
import pytest

from tests.support import held_encode
from tests.support.cli import command_line, environment, run_apart, run_here
from tests.support.patience import PATIENCE_S
from tests.support.rasters import write_raster, write_sparse
from tests.support.workplace import HOUSE, Workplace, copy_cache

BOX = "500168,4649736,500206,4649774"


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
    words = ("segment", cache, "--include", "500900,5399990")
    refused = run_here(capsys, *words)
    assert refused.code == 9
    program, *command = shlex.split(refused.sentence.partition("Encode there: ")[2])
    assert program == "encoder-tool"
    assert run_here(capsys, *command).code == 0
    assert run_here(capsys, *words).code in (0, 8)


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


@pytest.fixture
def wide_raster(tmp_path: Path) -> Path:
    """Four patches of noise in a row, at level 0."""
    values = np.random.default_rng(1).integers(0, 255, (3, 200, 1024 + 3 * 768), np.uint8)
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
    assert stopped["stopped"] and 1 <= stopped["encoded"] < 4
    last = err.splitlines()[-1]
    assert last.startswith(f"Stopped: {stopped['encoded']} of 4 patches are in {cache}.")
    assert "same command" in last
    assert "Traceback" not in err
    resumed = json.loads(run_here(capsys, "-q", *words).out)
    assert (resumed["skipped"], resumed["encoded"]) == (
        stopped["encoded"], 4 - stopped["encoded"]
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
    (More of them: test_encode_memory.py.)"""
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
