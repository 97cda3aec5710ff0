"""A web map that is clicked, as the plugin does it: one process encodes, another answers."""

from __future__ import annotations

import base64
import json
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from encoder_tool.cache.store import open_cache
from encoder_tool.tiles.web_mercator import HALF_WORLD_M, Tile
from encoder_tool.types import PatchId
from tests.support.cli import run_apart, run_here
from tests.support.patience import PATIENCE_S
from tests.support.scene_tiles import FIRST, TILE_PX, ZOOM, SceneTiles
from tests.support.tile_blocks import write_block
from tests.support.tile_server import Reply, TileServer
from tests.support.worker import WorkerProcess, kinds

SCENE = SceneTiles(side=4)
PIXEL_M = 2 * HALF_WORLD_M / (TILE_PX << ZOOM)
TILES = 16
"""Of the first patch."""


@pytest.fixture
def block(tile_site: TileServer, tmp_path: Path) -> Path:
    """2048 pixels: nine patches at level 0, one at level 1."""
    assert SCENE.scene, "made here: it takes longer than a server may be silent"
    tile_site.reply_to = SCENE.reply
    return write_block(
        tmp_path / "b.tiles.json", tile_site.template, zoom=ZOOM, x=FIRST.x, y=FIRST.y,
        columns=8, rows=8, min_zoom=10,
    )  # fmt: skip


@pytest.fixture
def cache(block: Path) -> Path:
    return block.with_name("b.tiles.json.nano.sam2.zarr")


@pytest.fixture
def encoder(tmp_path: Path, tile_site: TileServer) -> Iterator[WorkerProcess]:
    with WorkerProcess(tmp_path / "encoder.log") as worker:
        yield worker


@pytest.fixture
def answerer(tmp_path: Path, tile_site: TileServer) -> Iterator[WorkerProcess]:
    with WorkerProcess(tmp_path / "answerer.log") as worker:
        yield worker


def place(x: float, y: float) -> list[float]:
    """A pixel of the scene on the map."""
    return [
        (FIRST.x * TILE_PX + x) * PIXEL_M - HALF_WORLD_M,
        HALF_WORLD_M - (FIRST.y * TILE_PX + y) * PIXEL_M,
    ]


def around(exterior: np.ndarray) -> list[float]:  # type: ignore[type-arg]
    """The box of an object of the scene on the map."""
    (left, top), (right, bottom) = exterior.min(axis=0), exterior.max(axis=0)
    (xmin, ymax), (xmax, ymin) = place(left, top), place(right, bottom)
    return [xmin, ymin, xmax, ymax]


def wait_until_idle(worker: WorkerProcess, encode: int, done: int) -> dict[str, Any]:
    """The report with which all that is wanted is there."""
    while True:
        for told in kinds([m for m in worker.messages if m["id"] == encode]):
            assert told.get("total", 0) <= done, told
            if told.get("done") == done == told.get("total"):
                return dict(told)
        message = worker.receive()
        assert "error" not in message, message


def on_scene(wkb: str) -> shapely.Geometry:
    """From EPSG:3857 to the scene's pixels."""

    def move(xy: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        x = (xy[:, 0] + HALF_WORLD_M) / PIXEL_M - FIRST.x * TILE_PX
        y = (HALF_WORLD_M - xy[:, 1]) / PIXEL_M - FIRST.y * TILE_PX
        return np.column_stack([x, y])

    return shapely.transform(shapely.from_wkb(base64.b64decode(wkb)), move)


@pytest.mark.slow
def test_a_click_is_answered_where_it_was_and_again_next_week_without_a_tile(
    block: Path, cache: Path, tile_site: TileServer, encoder: WorkerProcess,
    answerer: WorkerProcess, tmp_path: Path,
) -> None:  # fmt: skip
    houses = SCENE.buildings(3)
    boxes = [around(house.exterior) for house in houses]
    encode = encoder.send("encode", raster=str(block), focus={"bounds": boxes[0]})
    told = wait_until_idle(encoder, encode, 1)
    assert told["focus"] == {"patch": [0, 0, 0], "committed": True}
    assert len(tile_site.asked) == TILES
    for house, box in zip(houses, boxes, strict=True):
        (found,) = answerer.result("predict", cache=str(cache), box=box, exact=True)["objects"]
        truth, drawn = shapely.Polygon(house.exterior), on_scene(found["wkb"])
        assert truth.intersection(drawn).area / truth.union(drawn).area > 0.6
    assert len(tile_site.asked) == TILES
    cancelled = encoder.result("cancel", id=encode)
    assert cancelled == {"state": "running"}
    summary = encoder.wait_for(encode)["result"]
    assert (summary["encoded"], summary["tiles_fetched"], summary["stopped"]) == (1, TILES, False)
    encoder.end_input(), answerer.end_input()

    with WorkerProcess(tmp_path / "later.log") as later:
        opened = later.result("open", cache=str(cache), raster=str(block))
        assert opened["raster_state"] == "unchanged"
        described = opened["manifest"]["raster"]
        assert (described["title"], described["attribution"]) == ("Synthetic", "© Somebody")
        assert tile_site.url not in json.dumps(opened)
        later.result("predict", cache=str(cache), box=boxes[0], exact=True)
        # An encode of what is there fetches nothing either.
        again = later.send("encode", raster=str(block), focus={"bounds": boxes[0]})
        wait_until_idle(later, again, 0)
        later.result("cancel", id=again)
        assert later.wait_for(again)["result"]["tiles_fetched"] == 0
    assert len(tile_site.asked) == TILES and set(tile_site.counts.values()) == {1}


def test_the_view_moves_and_the_encode_follows(
    block: Path, cache: Path, tile_site: TileServer, encoder: WorkerProcess
) -> None:
    (xmin, ymax), (xmax, ymin) = place(100, 100), place(900, 300)
    view = {"point": place(500, 200), "extent": [xmin, ymin, xmax, ymax], "pixel_size": PIXEL_M}
    encode = encoder.send("encode", raster=str(block), focus=view)
    wait_until_idle(encoder, encode, 2)
    assert encoder.result("ping")["busy"]["method"] == "encode"
    (xmin, ymax), (xmax, ymin) = place(100, 1100), place(700, 1300)
    moved = {"point": place(400, 1200), "extent": [xmin, ymin, xmax, ymax], "pixel_size": PIXEL_M}
    assert encoder.result("focus", **moved) == {"encode": encode}
    wait_until_idle(encoder, encode, 4)
    present = [p for p in open_cache(cache).pyramid.patches() if open_cache(cache).is_present(p)]
    assert present == [PatchId(0, *at) for at in ((0, 0), (0, 1), (1, 0), (2, 0))]
    assert set(tile_site.counts.values()) == {1}
    # The end of the input ends what waits, at once and with an answer.
    assert encoder.end_input() == 0
    assert "result" in encoder.answers(encode)[0]


def test_killed_while_it_fetches_it_goes_on_from_there(
    block: Path, cache: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    """Only what was on its way is asked for again; the lock of the dead is no obstacle."""
    gate = threading.Semaphore(10)

    def slowly(tile: Tile, nth: int) -> Reply:
        if not gate.acquire(timeout=PATIENCE_S):
            return Reply(500)
        return SCENE.reply(tile, nth)

    tile_site.reply_to = slowly
    focus = {"point": place(500, 500), "level": 0}
    with WorkerProcess(tmp_path / "first.log") as first:
        first.send("encode", raster=str(block), focus=focus)
        until = time.monotonic() + PATIENCE_S
        while len(tile_site.asked) < 14 and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.5)  # ten have come, four are on their way
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
    assert len(tile_site.asked) == 14
    gate.release(100)
    with WorkerProcess(tmp_path / "second.log") as second:
        encode = second.send("encode", raster=str(block), focus=focus)
        wait_until_idle(second, encode, 1)
        second.result("cancel", id=encode)
        assert second.wait_for(encode)["result"]["tiles_fetched"] == TILES - 10
    assert len(tile_site.counts) == TILES
    assert sum(count - 1 for count in tile_site.counts.values()) == 4


FAULTS = (
    Reply(429, headers={"Retry-After": "1"}),
    Reply(body=b"<html><title>No</title></html>", kind="text/html"),
    Reply(body=b"\x89PNG\r\n\x1a\n" + b"x" * 500, cut_after=100),
    Reply(503),
)


def test_what_passes_is_waited_for(
    block: Path, tile_site: TileServer, encoder: WorkerProcess
) -> None:
    """Each of some tiles fails once, in its own way."""
    bad = {Tile(ZOOM, FIRST.x + at, FIRST.y + 2): fault for at, fault in enumerate(FAULTS)}
    tile_site.reply_to = lambda tile, nth: (
        bad[tile] if tile in bad and nth == 1 else SCENE.reply(tile, nth)
    )
    encode = encoder.send("encode", raster=str(block), focus={"point": place(500, 500)})
    wait_until_idle(encoder, encode, 1)
    counts = tile_site.counts
    assert len(counts) == TILES
    assert {tile: count for tile, count in counts.items() if count != 1} == dict.fromkeys(bad, 2)


LASTING = (
    (Reply(401), "TileError", r"127.0.0.1 wants to know who asks \(401"),
    (Reply(429, headers={"Retry-After": "3600"}), "TileError", "come back in 3600 seconds"),
    (Reply(403), "TileError", r"403 Forbidden \(4 tiles in a row"),
    (None, "MissingTilesError", "1 of 16 tiles .*403 Forbidden"),
)
"""What a server answers (None: one tile is refused), and what comes of it."""


def test_what_lasts_is_one_sentence_and_the_next_click_tries_again(
    block: Path, cache: Path, tile_site: TileServer, encoder: WorkerProcess
) -> None:
    bad = Tile(ZOOM, FIRST.x + 1, FIRST.y + 2)
    write_block(
        block, f"{tile_site.template}?key=sesame", zoom=ZOOM, x=FIRST.x, y=FIRST.y, columns=8,
        rows=8,
    )  # fmt: skip
    focus = {"point": place(500, 500)}
    for always, kind, sentence in LASTING:
        tile_site.reply_to = lambda tile, nth, always=always: (
            always or (Reply(403) if tile == bad else SCENE.reply(tile, nth))
        )
        error = encoder.error("encode", raster=str(block), focus=focus)
        assert error["type"] == kind
        assert re.search(sentence, error["message"])
        assert not any(map(open_cache(cache).is_present, open_cache(cache).pyramid.patches()))
    assert error["details"] == {"tiles": [str(bad)]}
    tile_site.reply_to = SCENE.reply
    encode = encoder.send("encode", raster=str(block), focus=focus)
    wait_until_idle(encoder, encode, 1)
    encoder.result("cancel", id=encode)
    encoder.wait_for(encode)
    said = json.dumps(encoder.messages) + encoder.log.read_text()
    assert "sesame" not in said


def test_a_click_on_a_block_by_the_command_line(
    block: Path, tile_site: TileServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it needs is fetched; the same again, and everything that only looks, fetches nothing."""
    box = ",".join(f"{edge:.3f}" for edge in around(SCENE.buildings(1)[0].exterior))
    first = run_apart("segment", block, "--box", box, "--out", tmp_path / "a.geojson", torch=False)
    assert first.code == 0, first.err
    needed = len(tile_site.asked)
    assert TILES <= needed <= TILES + 9, "and those that the house goes on in, if it does"
    second = run_apart("segment", block, "--box", box, "--out", tmp_path / "b.geojson", torch=False)
    assert second.code == 0, second.err
    assert (
        json.loads((tmp_path / "a.geojson").read_text())["features"]
        == (json.loads((tmp_path / "b.geojson").read_text())["features"])
    )
    assert "© Somebody" in (tmp_path / "a.geojson").read_text("utf-8")
    shown = run_here(capsys, "info", block)
    assert shown.code == 0 and "Synthetic" in shown.out and "unchanged" in shown.out
    assert run_here(capsys, "verify", f"{block}.nano.sam2.zarr").code == 0
    assert len(tile_site.asked) == needed and set(tile_site.counts.values()) == {1}


def test_a_whole_block_is_refused_without_consent_and_asks_for_nothing(
    block: Path, tile_site: TileServer, encoder: WorkerProcess
) -> None:
    write_block(block, tile_site.template, zoom=ZOOM, x=FIRST.x, y=FIRST.y, columns=32, rows=32)
    error = encoder.error("encode", raster=str(block))
    assert error["type"] == "UsageError" and "1,360 tiles" in error["message"]
    apart = run_apart("encode", block, torch=False)
    assert apart.code == 2 and "Encode with --yes" in apart.err
    assert not tile_site.asked


def test_the_proxy_of_the_environment_is_asked(
    block: Path, tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin passes QGIS's own proxy on so. A host that there is not can only be reached so."""
    monkeypatch.delenv("no_proxy")
    for name in ("http_proxy", "HTTP_PROXY", "NO_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", tile_site.url.replace("http://", "http://me:pass@"))
    write_block(
        block, "http://tiles.invalid/{z}/{x}/{y}", zoom=ZOOM, x=FIRST.x, y=FIRST.y, columns=8,
        rows=8,
    )  # fmt: skip
    with WorkerProcess(tmp_path / "proxied.log") as worker:
        encode = worker.send("encode", raster=str(block), focus={"point": place(500, 500)})
        wait_until_idle(worker, encode, 1)
    assert len(tile_site.asked) == TILES
    assert all(asked.path.startswith("http://tiles.invalid/") for asked in tile_site.asked)
    assert tile_site.asked[0].headers["Proxy-Authorization"] == "Basic bWU6cGFzcw=="
