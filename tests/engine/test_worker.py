"""The worker over its protocol, with real processes and caches of nano: answers, order, ending."""

from __future__ import annotations

import base64
import signal
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely

from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode
from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest
from encoder_tool.worker.wire import PROTOCOL_VERSION
from tests.support import held_encode
from tests.support.rasters import NORTH_UP
from tests.support.told_cache import TOLD_PX
from tests.support.worker import WorkerProcess, kinds
from tests.support.worker_caches import WIDE_PATCHES, at, box_at, iou, polygon, wide_encode

# --- what the methods answer


def test_hello_names_versions_and_capabilities(shared: WorkerProcess) -> None:
    hello = shared.result("hello")
    assert hello["protocol"] == PROTOCOL_VERSION
    assert hello["python"] == ".".join(map(str, sys.version_info[:3]))
    nano = next(m for m in hello["capabilities"]["models"] if m["name"] == "nano")
    assert nano["embedded"] and nano["available"] and nano["usable"]
    assert "cpu" in hello["capabilities"]["devices"]
    assert hello["packages"]["onnxruntime"]


def test_open_tells_where_the_cache_lies_and_what_it_covers(
    shared: WorkerProcess, cache: Path
) -> None:
    opened = shared.result(
        "open", cache=str(cache), patches=True, size=True, coverage=True,
        raster=str(cache.parent / "scene.tif"),
    )  # fmt: skip
    manifest = open_cache(cache).manifest
    assert opened["crs_wkt"] == manifest.raster.crs_wkt
    assert tuple(opened["transform"]) == manifest.transform
    assert (opened["width"], opened["height"]) == (1280, 1280)
    assert opened["pixel_size"] == pytest.approx([0.3, 0.3])
    assert opened["raster_state"] == "unchanged"
    assert opened["size_bytes"] > 1e6
    assert [(level["level"], level["present"]) for level in opened["levels"]] == [(0, 4), (1, 1)]
    assert [patch["level"] for patch in opened["patches"]] == [1, 0, 0, 0, 0]
    raster = shapely.box(*opened["bounds"])
    assert raster.area == pytest.approx((1280 * 0.3) ** 2)
    for level in (0, 1):
        outlines = [polygon(p) for p in opened["patches"] if p["level"] == level]
        assert iou(shapely.union_all(outlines), raster) == pytest.approx(1)
    coverage = shapely.from_wkb(base64.b64decode(opened["coverage"]))
    assert coverage.equals(raster)
    assert (coverage.geom_type, len(coverage.interiors)) == ("Polygon", 0)


def test_open_tells_what_became_of_the_raster(
    shared: WorkerProcess, cache: Path, tmp_path: Path
) -> None:
    """Also of one that is no file, such as those behind /vsicurl/."""
    raster, zipped = cache.parent / "scene.tif", tmp_path / "scene.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(raster, "scene.tif")
    (tmp_path / "text.tif").write_text("no raster")

    def state(name: str) -> str:
        return str(shared.result("open", cache=str(cache), raster=name)["raster_state"])

    assert state(f"/vsizip/{zipped}/scene.tif") == "unchanged"
    assert state(f"/vsizip/{zipped}/other.tif") == "unreadable"
    assert state(str(tmp_path / "text.tif")) == "unreadable"
    assert state(str(tmp_path / "none.tif")) == "absent"


def test_open_lists_what_is_missing(shared: WorkerProcess, wide_raster: Path) -> None:
    """Of four patches in a row, the third alone is wanted."""
    extent = [*(NORTH_UP @ (1850, 20)), *(NORTH_UP @ (1860, 10))]
    made = shared.result("encode", **wide_encode(wide_raster), extent=extent)
    opened = shared.result("open", cache=made["cache"], patches=True)
    assert [patch["col"] for patch in opened["patches"]] == [2]
    opened = shared.result("open", cache=made["cache"], patches=True, missing=True)
    assert {patch["status"] for patch in opened["patches"] if patch["level"]} == {"missing"}
    finest = [patch for patch in opened["patches"] if not patch["level"]]
    assert [(patch["col"], patch["status"]) for patch in finest] == [
        (0, "missing"), (1, "missing"), (2, "present"), (3, "missing")
    ]  # fmt: skip
    outlines = [polygon(patch) for patch in finest]
    assert iou(shapely.union_all(outlines), shapely.box(*opened["bounds"])) == pytest.approx(1)


PROMPTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "click": ({"include": [(700, 700)]}, {}),
    "clicks": ({"include": [(700, 700), (730, 720)], "exclude": [(640, 640)]}, {}),
    "box": ({"box": (600, 600, 760, 740)}, {}),
    "box at level 1": ({"box": (300, 300, 1200, 1100)}, {"level": 1}),
    "all candidates": ({"include": [(900, 900)]}, {"candidate": "all"}),
}


@pytest.mark.parametrize("name", PROMPTS)
def test_predict_equals_the_segmenter(shared: WorkerProcess, cache: Path, name: str) -> None:
    pixels, how = PROMPTS[name]
    points = {k: tuple(at(cache, *p) for p in pixels.get(k, ())) for k in ("include", "exclude")}
    box = box_at(cache, *pixels["box"]) if "box" in pixels else None
    expected = Segmenter(open_cache(cache)).segment(
        SegmentRequest(MapPrompt(points["include"], points["exclude"], box), **how)
    )
    answer = shared.result("predict", cache=str(cache), **points, box=box, **how)
    assert (answer["level"], *answer["patch"]) == expected.patch_id
    assert answer["surer"] is None, "everything is encoded"
    assert len(answer["objects"]) == len(expected.objects)
    for got, wanted in zip(answer["objects"], expected.objects, strict=True):
        assert iou(polygon(got), wanted.geometry) >= 0.999
        assert got["score"] == pytest.approx(wanted.score, abs=1e-4)
        assert got["candidate"] == wanted.candidate
        assert got["area_px"] == pytest.approx(wanted.area_px, rel=1e-3)
    assert answer["timings_ms"]["total"] >= answer["timings_ms"]["decode"] > 0


def test_the_outline_of_an_upright_box_is_that_box(shared: WorkerProcess, cache: Path) -> None:
    box = box_at(cache, 600, 600, 760, 740)
    outline = list(shapely.segmentize(shapely.box(*box), 5).exterior.coords)
    answers = [
        shared.result("predict", cache=str(cache), **given)
        for given in ({"box": box}, {"box_outline": outline})
    ]
    first, second = (polygon(answer["objects"][0]) for answer in answers)
    assert iou(first, second) >= 0.999


def test_a_shape_is_a_prompt(shared: WorkerProcess, cache: Path) -> None:
    outer = [at(cache, *p) for p in ((600, 600), (760, 600), (760, 740), (600, 740))]
    court = [at(cache, *p) for p in ((660, 650), (700, 650), (700, 690), (660, 690))]
    exclude = [at(cache, 780, 620)]
    request = MapPrompt(exclude=tuple(exclude), shape=shapely.Polygon(outer, [court]))
    expected = Segmenter(open_cache(cache)).segment(SegmentRequest(request)).objects[0]
    # Rings in any order, closed or not; what is coarse on the screen decides nothing.
    rings = [[*court, court[0]], outer[::-1]]
    answer = shared.result("predict", cache=str(cache), shape=rings, exclude=exclude, pixel_size=9)
    (found,) = answer["objects"]
    assert answer["level"] == 0 and found["candidate"] == 0
    assert iou(polygon(found), expected.geometry) >= 0.999
    filled = shared.result("predict", cache=str(cache), shape=[outer], exclude=exclude)
    assert iou(polygon(filled["objects"][0]), expected.geometry) < 0.999, "the court counts"


@pytest.mark.parametrize(("pixel_size", "level"), [(0.1, 0), (0.3, 0), (0.4, 0), (0.55, 1), (9, 1)])
def test_the_size_of_a_screen_pixel_decides_the_level(
    shared: WorkerProcess, cache: Path, pixel_size: float, level: int
) -> None:
    answer = shared.result(
        "predict", cache=str(cache), include=[at(cache, 700, 700)], pixel_size=pixel_size
    )
    assert answer["level"] == level


def test_polygon_options_reach_the_polygons(shared: WorkerProcess, cache: Path) -> None:
    asked = {"cache": str(cache), "box": box_at(cache, 600, 600, 760, 740)}
    fine = shared.result("predict", **asked, simplify_px=0)
    coarse = shared.result("predict", **asked, simplify_px=8, largest_part_only=True)
    vertices = [
        shapely.get_num_coordinates(polygon(a["objects"][0])) for a in (fine, coarse)
    ]  # fmt: skip
    assert vertices[1] < vertices[0] / 4
    assert polygon(coarse["objects"][0]).geom_type == "Polygon"


def test_parts_away_from_the_prompts_are_left_out_unless_asked_for(
    shared: WorkerProcess, told_cache: Path
) -> None:
    asked = {"cache": str(told_cache), "include": [at(told_cache, *TOLD_PX)], "candidate": "all"}
    meant = shared.result("predict", **asked)["objects"]
    everything = shared.result("predict", **asked, all_parts=True)["objects"]
    counts = [
        [shapely.get_num_geometries(polygon(found)) for found in found_all]
        for found_all in (meant, everything)
    ]
    assert counts == [[1, 1, 1], [2, 1, 1]], "the first candidate has a stray"
    for one, all_of_it in zip(meant, everything, strict=True):
        assert polygon(all_of_it).buffer(1e-6).covers(polygon(one))


def test_encode_reports_progress_and_its_summary(
    shared: WorkerProcess, wide_raster: Path, tmp_path: Path
) -> None:
    before = len(shared.messages)
    out = tmp_path / "out.sam2.zarr"
    extent = [500_000, 5_390_000, 500_000 + 0.3 * 1500, 5_400_000]
    summary = shared.result("encode", **wide_encode(wide_raster), out=str(out), extent=extent)
    assert summary["encoded"] == summary["patches_total"] == 2
    assert Path(summary["cache"]) == out
    progress = kinds(shared.messages[before:])
    assert [p["done"] for p in progress if "done" in p] == [0, 1, 2]
    assert progress[-1]["eta_s"] == 0
    (remark,) = [p for p in progress if p.get("kind") == "to_encode"]
    assert "2 patches to encode" in remark["notice"], "a sentence for people"
    assert remark["values"] == {"patches": 2, "there": 0, "cache": str(out)}


# --- order, cancelling, ending


def test_of_previews_only_the_newest_counts(cache: Path, tmp_path: Path) -> None:
    with WorkerProcess(tmp_path / "log") as worker:
        # The first request takes as long as importing the engine: the others wait for it.
        hover = {"cache": str(cache), "hover": True}
        frames = [worker.frame("hello")]
        frames += [worker.frame("predict", **hover, include=[at(cache, 700 + k, 700)])
                   for k in range(20)]  # fmt: skip
        frames.append(worker.frame("predict", cache=str(cache), include=[at(cache, 700, 700)]))
        worker.write(b"".join(frame for _, frame in frames))
        ids = [call_id for call_id, _ in frames]
        for call_id in ids:
            worker.wait_for(call_id)
        assert worker.end_input() == 0
        assert all(len(worker.answers(call_id)) == 1 for call_id in ids)
        outcome = {m["id"]: m.get("error", {"type": "result"})["type"] for m in worker.messages}
        hovers, click = ids[1:-1], ids[-1]
        assert [outcome[i] for i in hovers] == ["Superseded"] * 19 + ["result"]
        order = [m["id"] for m in worker.messages]
        assert order.index(click) < order.index(hovers[-1]), "a click goes before a preview"


def test_ping_is_answered_while_an_encode_runs_and_cancel_stops_it(
    wide_raster: Path, tmp_path: Path
) -> None:
    with WorkerProcess(tmp_path / "log", held_encode.WORKER) as worker:
        encode = worker.send("encode", **wide_encode(wide_raster))
        worker.wait_for(encode, "progress")
        waiting = worker.send("hello")
        ping = worker.result("ping")
        assert (ping["busy"]["id"], ping["busy"]["method"]) == (encode, "encode")
        assert ping["busy"]["seconds"] > 0
        assert ping["queued"] == 1
        assert not worker.answers(encode)
        assert worker.result("cancel", id=waiting) == {"state": "queued"}
        assert worker.wait_for(waiting)["error"]["type"] == "Cancelled"
        while worker.wait_for(encode, "progress") and not any(
            p.get("done") for p in kinds(worker.messages)
        ):
            worker.receive()
        assert worker.result("cancel", id=encode) == {"state": "running"}
        error = worker.wait_for(encode)["error"]
        assert error["type"] == "Cancelled"
        assert f"of {WIDE_PATCHES} patches" in error["message"]
        assert worker.result("cancel", id=encode) == {"state": "unknown"}
        assert worker.error("cancel")["type"] == "UsageError"

        summary = worker.result("encode", **wide_encode(wide_raster))
        assert 1 <= summary["skipped"] < WIDE_PATCHES
        assert summary["skipped"] + summary["encoded"] == WIDE_PATCHES


@pytest.mark.parametrize("how", ["end of input", "shutdown", "SIGTERM"])
def test_a_running_encode_ends_with_the_worker_and_can_be_gone_on_with(
    how: str, wide_raster: Path, tmp_path: Path
) -> None:
    with WorkerProcess(tmp_path / "log", held_encode.WORKER) as worker:
        encode = worker.send("encode", **wide_encode(wide_raster))
        while not any(p.get("done") for p in kinds(worker.messages)):
            worker.receive()
        waiting = worker.send("hello")
        worker.result("ping")
        match how:
            case "end of input":
                status = worker.end_input()
            case "shutdown":
                assert worker.result("shutdown") == {}
                status = worker.wait()
            case _:
                worker.process.send_signal(signal.SIGTERM)
                status = worker.wait()
        assert status == 0
        for call_id in (encode, waiting):
            (answer,) = worker.answers(call_id)
            assert answer["error"]["type"] == "Cancelled"

    cache = tmp_path / "wide.tif.nano.sam2.zarr"
    plan = plan_encode(EncodeRequest(wide_raster, levels=1))
    assert 1 <= plan.skipped < WIDE_PATCHES
    assert not open_cache(cache).find_damage()
    assert open_cache(cache).summary().writer is None


def test_a_request_may_not_take_the_id_of_another(wide_raster: Path, tmp_path: Path) -> None:
    with WorkerProcess(tmp_path / "log", held_encode.WORKER) as worker:
        encode, frame = worker.frame("encode", **wide_encode(wide_raster))
        worker.write(frame + frame)
        error = worker.wait_for(None)["error"]
        assert error["type"] == "ProtocolError"
        assert str(encode) in error["message"]
        worker.send("cancel", id=encode)
        assert worker.wait_for(encode)["error"]["type"] == "Cancelled"


def test_an_answer_is_given_although_nobody_waits_for_more(cache: Path, tmp_path: Path) -> None:
    """A script may close the input at once; what was not started is cancelled, not forgotten."""
    with WorkerProcess(tmp_path / "log") as worker:
        ids = [worker.send("open", cache=str(cache)) for _ in range(3)]
        assert worker.end_input() == 0
        assert all(len(worker.answers(call_id)) == 1 for call_id in ids)
