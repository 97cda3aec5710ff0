"""`encoder-tool auto` and the worker's `segment_all`, with the embedded model on one patch."""

from __future__ import annotations

import base64
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import shapely

from encoder_tool.errors import DiskFullError
from tests.support.cli import run_apart, run_here
from tests.support.grid_oracle import iou
from tests.support.worker import WorkerProcess

QUICK = ("--points-per-side", "6")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A sample scene of one patch, encoded."""
    folder = tmp_path_factory.mktemp("auto")
    assert run_apart("sample", folder, "--size", "1024", torch=False).code == 0
    assert run_apart("encode", folder / "scene.tif", torch=False).code == 0
    return folder / "scene.tif.nano.sam2.zarr"


def geometries(path: Path):
    return list(shapely.from_wkb(pyogrio.raw.read(path)[2]))


def test_everything_into_files(cache, tmp_path):
    out, labels, overlay = (tmp_path / name for name in ("all.gpkg", "l.tif", "o.png"))
    ran = run_apart(
        "auto", cache, *QUICK, "--out", out, "--labels", labels, "--overlay", overlay, "--style",
        "--json", torch=False,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    found = geometries(out)
    assert told["objects"] == len(found) > 0
    assert (told["patches"], told["missing"]) == (1, 0)
    assert not [pair for pair in combinations(found, 2) if iou(*pair) > 0.8]
    with rasterio.open(labels) as dataset:
        assert dataset.shape == (1024, 1024)
        numbers, counts = np.unique(dataset.read(1), return_counts=True)
    assert set(numbers) <= set(range(len(found) + 1))
    covered = 0.09 * counts[numbers > 0].sum()
    assert covered == pytest.approx(shapely.union_all(found).area, rel=0.02)
    assert overlay.is_file()
    assert (tmp_path / "all.qml").is_file()
    # Nothing else is left: no work file, nothing half made.
    assert {p.name for p in tmp_path.iterdir()} == {
        "all.gpkg", "all.qml", "l.tif", "o.png", "o.wld"
    }  # fmt: skip


def test_a_finer_layer_looks_at_the_enlarged_raster(cache, tmp_path, capsys):
    """Encoded on request, and kept in the cache for the next time."""
    extent = "500000,4649900,500060,4649960"
    arguments = (
        "auto", cache, "--points-per-side", "4", "--crop-n-layers", "1", "--extent", extent,
        "--pred-iou-thresh", "0.3", "--stability-score-thresh", "0",
    )  # fmt: skip
    first = run_here(capsys, *arguments, "--out", tmp_path / "a.gpkg")
    assert first.code == 0, first.err
    assert "enlarged 2 times" in first.err
    kept = cache / "upsampled-2.sam2.zarr"
    assert kept.is_dir()
    levels = pyogrio.raw.read(tmp_path / "a.gpkg", columns=["level"])[3][0]
    assert -1 in levels
    again = run_here(capsys, *arguments, "--out", tmp_path / "b.gpkg")
    assert again.code == 0
    assert "enlarged" not in again.err
    assert [g.wkb for g in geometries(tmp_path / "a.gpkg")] == [
        g.wkb for g in geometries(tmp_path / "b.gpkg")
    ]


class TestFaults:
    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (("--out", "{tmp}/x.txt"), 14, "no suffix"),
            (("--out", "-"), 14, "go into a file"),
            (("--out", "{tmp}/x.gpkg", "--level", "7"), 2, "no level 7"),
            (("--out", "{tmp}/x.gpkg", "--cog"), 2, "--cog is for rasters"),
            (("--out", "{tmp}/x.gpkg", "--mask", "{tmp}/m.gpkg"), 2, "no mask layer"),
            (("--out", "{tmp}/x.gpkg", "--extent", "0,0,1,1"), 2, "outside the raster"),
            (("--out", "{tmp}/x.gpkg", "--extent-crs", "EPSG:4326"), 2, "no extent"),
            (("--out", "{tmp}/x.gpkg", "--min-area", "9", "--max-area", "5"), 2, "No area"),
            (("--out", "{tmp}/x.gpkg", "--pred-iou-thresh", "1"), 8, "No object was found"),
            (("--out", "{tmp}/x.gpkg", "--raster", "{tmp}/no.tif"), 3, "no raster"),
        ],
    )
    def test_one_sentence(self, cache, tmp_path, capsys, arguments, code, said):
        given = [argument.format(tmp=tmp_path) for argument in arguments]
        ran = run_here(capsys, "auto", cache, *QUICK, *given)
        assert ran.code == code
        assert said in ran.sentence
        assert "Traceback" not in ran.err
        assert list(tmp_path.iterdir()) == []

    def test_no_room_for_finer_layers(self, cache, tmp_path, capsys, monkeypatch):
        def no_room(_request):
            raise DiskFullError("9 patches take up to 15 MB.", "Encode to an --out elsewhere.")

        monkeypatch.setattr("encoder_tool.automatic.upsampled.plan_encode", no_room)
        out = tmp_path / "x.gpkg"
        ran = run_here(capsys, "auto", cache, *QUICK, "--out", out, "--crop-n-layers", "2")
        assert ran.code == 13
        assert "9 patches take up to 15 MB. Make room, or ask for fewer crop layers" in ran.sentence


class TestWorker:
    def test_objects_are_told_as_they_are_found(self, cache, tmp_path, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
        with WorkerProcess(tmp_path / "log") as worker:
            labels = tmp_path / "labels.tif"
            call = worker.send(
                "segment_all", cache=str(cache), points_per_side=6, labels=str(labels)
            )
            messages = []
            while "result" not in (message := worker.receive()):
                assert "error" not in message, message
                messages.append(message["progress"])
            assert message["id"] == call
            found = [one for told in messages for one in told.get("found", [])]
            assert message["result"]["objects"] == len(found) > 0
            assert [one["number"] for one in found] == list(range(1, len(found) + 1))
            shapes = [shapely.from_wkb(base64.b64decode(one["wkb"])) for one in found]
            assert [s.area for s in shapes] == pytest.approx(
                [0.09 * one["area_px"] for one in found], rel=1e-6
            )
            assert {"done": 1, "total": 1, "objects": 0} in messages
            assert labels.is_file()
        assert not list((tmp_path / "home").rglob("*.sqlite"))

    def test_what_it_does_not_know(self, cache, tmp_path):
        with WorkerProcess(tmp_path / "log") as worker:
            for params, said in (
                ({"points": 3}, "'points'"),
                ({"use_m2m": 1}, "'use_m2m'"),
                ({"preset": "slow"}, "'slow'"),
            ):
                worker.send("segment_all", cache=str(cache), **params)
                assert said in worker.receive()["error"]["message"]
