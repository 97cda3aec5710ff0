"""Objects across patch borders by the command line and by the worker, on real caches of which a
decoder knows the truth."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from encoder_tool import segment
from encoder_tool.cache.store import FeatureCache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import CacheDamagedError
from encoder_tool.types import BoundsMap, Features, PatchId
from encoder_tool.worker.predict import parse_predict, predict
from tests.support import oracle_worker
from tests.support.cli import run_here
from tests.support.oracle import rectangle
from tests.support.rasters import NORTH_UP, write_raster
from tests.support.stitching import on_map, oracle_segmenter
from tests.support.worker import WorkerProcess

WIDTH, HEIGHT = 1792, 600
"""Two patches at level 0, from x 0 and from x 768."""

HALL = rectangle(900, 300, 640, 220, degrees=20).polygon
ON_IT, LEFT_OF_BORDER = (905.0, 300.0), (700.0, 230.0)


def at(*pixel: float) -> tuple[float, float]:
    return NORTH_UP @ pixel


def iou(found: shapely.Geometry, truth: shapely.Geometry) -> float:
    """Of a shape on the map and one in pixels."""
    truth = shapely.transform(truth, lambda xy: np.array([at(*point) for point in xy]))
    return float(found.intersection(truth).area / found.union(truth).area)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raster = tmp_path_factory.mktemp("hall") / "hall.tif"
    write_raster(raster, np.full((1, HEIGHT, WIDTH), 90, np.uint8))
    return run_encode(plan_encode(EncodeRequest(raster, threads=2))).cache


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the same raster, the left patch alone."""
    raster = tmp_path_factory.mktemp("half") / "hall.tif"
    write_raster(raster, np.full((1, HEIGHT, WIDTH), 90, np.uint8))
    (left, top), (right, bottom) = at(0, 0), at(500, 500)
    extent = BoundsMap(left, bottom, right, top)
    return run_encode(plan_encode(EncodeRequest(raster, extent=extent, threads=2))).cache


SEEING = f"""
import shapely, sys, time
from tests.support.oracle import OracleDecoder
from tests.support.oracle_worker import main, see

see(shapely.from_wkt({HALL.wkt!r}))
"""
"""A worker that sees the hall in any cache."""

GATED = """
from pathlib import Path

decode = OracleDecoder.decode

def gated(self, state, prompts, *, multimask=None):
    while state.tensors["window"].col_off and not Path(GATE, "open").exists():
        time.sleep(0.02)
    return decode(self, state, prompts, multimask=multimask)

OracleDecoder.decode = gated
"""
"""The patch on the right answers once there is a file `open` in the folder GATE."""

SERVING = """
sys.exit(main())
"""


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
    with WorkerProcess(tmp_path_factory.mktemp("worker") / "log", SEEING + SERVING) as worker:
        yield worker


@pytest.fixture
def truth(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process sees the hall in any cache."""
    monkeypatch.setattr(FeatureCache, "load", FeatureCache.load)
    monkeypatch.setattr(segment, "_decoder_of", segment._decoder_of)
    oracle_worker.see(HALL)


def geometry(found: dict[str, Any]) -> shapely.Geometry:
    return shapely.from_wkb(base64.b64decode(found["wkb"]))


class TestWorker:
    def test_a_click_finds_the_whole(self, worker: WorkerProcess, cache: Path) -> None:
        result = worker.result("predict", cache=str(cache), include=[at(*ON_IT)], level=0)
        (found,) = result["objects"]
        assert iou(geometry(found), HALL) >= 0.99
        assert (found["complete"], found["cuts"], found["level"]) == (True, [], 0)
        assert result["timings_ms"]["outline"] > 0

    def test_all_candidates_are_whole(self, worker: WorkerProcess, cache: Path) -> None:
        asked = {"cache": str(cache), "include": [at(*ON_IT)], "candidate": "all"}
        areas = [geometry(one).area for one in worker.result("predict", **asked)["objects"]]
        grown = [HALL.buffer(by, join_style="mitre").area * 0.3**2 for by in (-12, 0, 12)]
        assert areas == pytest.approx(grown, rel=0.01)

    def test_a_preview_ends_at_the_border_and_says_so(
        self, worker: WorkerProcess, cache: Path
    ) -> None:
        asked = {"cache": str(cache), "include": [at(*LEFT_OF_BORDER)], "level": 0}
        (preview,) = worker.result("predict", **asked, hover=True)["objects"]
        (plain,) = worker.result("predict", **asked, stitch=False)["objects"]
        assert preview == plain
        assert (preview["complete"], preview["cuts"]) == (False, ["not_asked"])
        left = shapely.box(0, 0, 1024, HEIGHT)
        assert iou(geometry(preview), HALL.intersection(left)) >= 0.99

    def test_the_scale_decides_for_a_click_and_its_size_for_a_box(
        self, worker: WorkerProcess, cache: Path
    ) -> None:
        """On the map a pixel is as large as two of the raster."""
        click = {"cache": str(cache), "include": [at(*ON_IT)], "pixel_size": 0.6}
        assert worker.result("predict", **click)["objects"][0]["level"] == 1
        xmin, ymin, _, ymax = HALL.bounds
        small = [*at(xmin, ymax), *at(xmin + 300, ymin)]
        box = {"cache": str(cache), "box": small, "pixel_size": 0.6}
        assert worker.result("predict", **box)["level"] == 0

    def test_it_ends_where_nothing_is_encoded(self, worker: WorkerProcess, half: Path) -> None:
        asked = {"cache": str(half), "include": [at(*LEFT_OF_BORDER)]}
        (found,) = worker.result("predict", **asked)["objects"]
        assert (found["complete"], found["cuts"]) == (False, ["not_encoded"])
        assert found["missing"] == [[0, 0, 1]]

    def test_it_can_be_cancelled_between_patches(self, cache: Path, tmp_path: Path) -> None:
        """Of the patch beside the one that is clicked, the second answer is not asked for."""
        gated = f"GATE = {str(tmp_path)!r}{GATED}"
        with WorkerProcess(tmp_path / "log", SEEING + gated + SERVING) as worker:
            asked = {"cache": str(cache), "include": [at(*LEFT_OF_BORDER)]}
            predict = worker.send("predict", **asked)
            while (worker.result("ping")["busy"] or {}).get("method") != "predict":
                pass
            assert worker.result("cancel", id=predict)["state"] == "running"
            (tmp_path / "open").touch()
            assert worker.wait_for(predict)["error"]["type"] == "Cancelled"
            (found,) = worker.result("predict", **asked)["objects"]
            assert found["complete"]

    def test_what_is_no_switch_is_refused(self, worker: WorkerProcess, cache: Path) -> None:
        error = worker.error("predict", cache=str(cache), include=[at(*ON_IT)], stitch="no")
        assert "'stitch'" in error["message"]

    def test_a_damaged_patch_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An encode that is running does not come back to it."""
        segmenter = oracle_segmenter(rectangle(1000, 400, 260, 180))
        load = segmenter.cache.load

        def damaged(patch: PatchId) -> Features:
            if patch == PatchId(0, 0, 1):
                raise CacheDamagedError("Patch 0, 1 of level 0 is damaged.")
            return load(patch)

        monkeypatch.setattr(segmenter.cache, "load", damaged)
        include = [list(point) for point in on_map((875, 400))]
        request = parse_predict({"cache": "scene.sam2.zarr", "include": include, "level": 0})
        (found,) = predict(request, segmenter, lambda: False)["objects"]
        assert (found["complete"], found["cuts"]) == (False, ["not_encoded"])
        assert found["missing"] == []


@pytest.mark.usefixtures("truth")
class TestCommandLine:
    def ask(
        self, capsys: pytest.CaptureFixture[str], cache: Path, *more: str | Path
    ) -> dict[str, Any]:
        include = ",".join(map(repr, at(*LEFT_OF_BORDER)))
        told = run_here(capsys, "segment", cache, "--include", include, "--json", *more)
        assert told.code == 0, told.err
        self.said = told.err
        return dict(json.loads(told.out))

    def test_objects_are_whole(self, capsys, cache, tmp_path):
        found = self.ask(capsys, cache, "--out", tmp_path / "hall.gpkg")["objects"][0]
        assert (found["complete"], found["cuts"]) == (True, [])
        assert found["area_px"] == pytest.approx(HALL.area, rel=0.005)
        assert "goes on" not in self.said

    def test_unless_they_are_not_to_be(self, capsys, cache):
        found = self.ask(capsys, cache, "--no-stitch")["objects"][0]
        assert (found["complete"], found["cuts"]) == (False, ["not_asked"])
        assert found["area_px"] < 0.9 * HALL.area
        assert "without --no-stitch it is followed" in self.said

    def test_what_is_cut_is_told(self, capsys, half):
        found = self.ask(capsys, half)["objects"][0]
        assert (found["complete"], found["cuts"]) == (False, ["not_encoded"])
        assert "goes on where nothing is encoded" in self.said
