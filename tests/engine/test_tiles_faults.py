"""What goes wrong with tile servers: each gives the right raster, a retry, or one sentence."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import rasterio

from encoder_tool.errors import Cancelled, DiskFullError, MissingTilesError, OutputError, TileError
from encoder_tool.tiles import plan_tiles, run_tiles
from encoder_tool.tiles.fetch import fetch_tiles
from encoder_tool.tiles.freshness import Freshness
from encoder_tool.tiles.image import RgbaArray
from encoder_tool.tiles.mosaic import Mosaic, write_mosaic
from encoder_tool.tiles.open_source import open_source
from encoder_tool.tiles.server_link import ServerLink
from encoder_tool.tiles.source import WebSource
from encoder_tool.tiles.store import TILES_VARIABLE, StoredTile, TileStore, store_path
from encoder_tool.tiles.web_mercator import Tile, TileRange
from encoder_tool.types import Window
from tests.support.cli import REPOSITORY, environment
from tests.support.patience import PATIENCE_S
from tests.support.tile_faults import HTML, TILES, good, once, right
from tests.support.tile_requests import BBOX, QUICK, ZOOM, asked, make
from tests.support.tile_server import Reply, TileServer, tile_png

PASSING: dict[str, Callable[[Tile], Reply]] = {
    "500": lambda tile: Reply(500, b"oh"),
    "502": lambda tile: Reply(502),
    "503 with Retry-After": lambda tile: Reply(503, headers={"Retry-After": "0"}),
    "429 with a nonsensical Retry-After": lambda tile: Reply(429, headers={"Retry-After": "soon"}),
    "a web page": lambda tile: Reply(body=HTML, kind="text/html"),
    "a cut connection": lambda tile: Reply(body=tile_png(tile), cut_after=500),
    "nothing at all": lambda tile: Reply(body=tile_png(tile), cut_after=0),
    "a cut file of unsaid length": lambda tile: Reply(body=tile_png(tile)[:900], says_length=False),
    "silence": lambda tile: Reply(body=tile_png(tile), delay_s=1.0),
}


@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_tried_again(tile_site: TileServer, tmp_path: Path, fault: str) -> None:
    tile_site.reply_to = once(PASSING[fault])
    patience = replace(QUICK, silence_s=0.3) if fault == "silence" else QUICK
    summary = make(asked(tile_site.template, tmp_path / "o.tif"), patience)
    assert right(tmp_path / "o.tif")
    assert summary.fetched == TILES
    assert set(tile_site.counts.values()) == {2}


LASTING: dict[str, tuple[Callable[[Tile], Reply], str]] = {
    "500": (lambda tile: Reply(500), "the server answered 500 Internal Server Error"),
    "403": (lambda tile: Reply(403), "the server answered 403 Forbidden"),
    "a web page": (
        lambda tile: Reply(body=HTML, kind="text/html"),
        r"the server sent a web page \(Too many requests\) in place of a tile",
    ),
    "a wrong size": (
        lambda tile: Reply(body=tile_png(tile, 8)), "an image of 8 x 8 pixels, where tiles"
    ),
    "a cut connection": (
        lambda tile: Reply(body=tile_png(tile), cut_after=500), "the connection was cut"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", LASTING)
def test_what_lasts_leaves_the_server_alone(
    tile_site: TileServer, tmp_path: Path, fault: str
) -> None:
    reply, sentence = LASTING[fault]
    tile_site.reply_to = lambda tile, nth: reply(tile)
    with pytest.raises(TileError, match=rf"from 127.0.0.1: .*{sentence}.*10 tiles in a row"):
        make(asked(tile_site.template, tmp_path / "o.tif"))
    assert not (tmp_path / "o.tif").exists()
    assert max(tile_site.counts.values()) <= QUICK.attempts


def test_what_helps_is_told_by_what_went_wrong(tile_site: TileServer, tmp_path: Path) -> None:
    """To come back later helps where a server is ill, and nowhere else."""
    request = asked(tile_site.template, tmp_path / "o.tif")
    for status, advice in ((403, "is a key in the address valid"), (500, "again later")):
        tile_site.reply_to = lambda tile, nth, status=status: Reply(status)
        with pytest.raises(TileError, match=str(status)) as raised:
            make(request)
        assert advice in raised.value.hint
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{unheard.getsockname()[1]}/{{z}}/{{x}}/{{y}}"
        with pytest.raises(TileError, match="the server cannot be reached \\(") as raised:
            make(replace(request, source=nobody))
    assert "Is this computer online" in raised.value.hint


def test_a_wait_that_is_asked_for_is_told_once(
    tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("encoder_tool.tiles.fetch.TOLD_S", 0.0)
    busy = Tile(ZOOM, 8875, 6081)
    tile_site.reply_to = lambda tile, nth: (
        Reply(429, headers={"Retry-After": "2"}) if (tile, nth) == (busy, 1) else good(tile)
    )
    told: list[str] = []
    plan = plan_tiles(asked(tile_site.template, tmp_path / "o.tif"), QUICK)
    run_tiles(plan, lambda *_: None, lambda: False, QUICK, on_notice=told.append)
    assert right(tmp_path / "o.tif")
    (sentence,) = told
    assert sentence.startswith("127.0.0.1 asks to be left alone for ")


@pytest.mark.parametrize("fault", LASTING)
def test_a_tile_that_cannot_be_had_is_named(
    tile_site: TileServer, tmp_path: Path, fault: str
) -> None:
    reply, sentence = LASTING[fault]
    bad = Tile(ZOOM, 8875, 6081)
    tile_site.reply_to = lambda tile, nth: reply(tile) if tile == bad else good(tile)
    request = asked(tile_site.template, tmp_path / "o.tif")
    with pytest.raises(MissingTilesError, match=rf"1 of 12 .*{bad} \(.*{sentence}") as raised:
        make(request)
    assert raised.value.tiles == [str(bad)]
    assert not request.out.exists()

    # The others are kept; leave to miss it gives a raster with a hole of just that tile.
    before = tile_site.counts
    summary = make(replace(request, allow_missing=True))
    assert summary.missing == [str(bad)]
    assert all(tile_site.counts[t] == n for t, n in before.items() if t != bad)
    with rasterio.open(request.out) as dataset:
        alpha = dataset.read(4)
    assert (alpha == 0).sum() == 256 * 256

    # And when the server is well again, only that tile is asked for.
    tile_site.reply_to = lambda tile, nth: good(tile)
    summary = make(replace(request, overwrite=True))
    assert summary.fetched == 1
    assert right(request.out)


def test_tiles_that_are_not_there_are_not_asked_for_twice(
    tile_site: TileServer, tmp_path: Path
) -> None:
    gone = {Tile(ZOOM, 8874, 6080): 404, Tile(ZOOM, 8876, 6082): 204, Tile(ZOOM, 8877, 6080): 410}
    tile_site.reply_to = lambda tile, nth: Reply(gone[tile]) if tile in gone else good(tile)
    with pytest.raises(MissingTilesError, match="3 of 12") as raised:
        make(asked(tile_site.template, tmp_path / "o.tif"))
    assert set(raised.value.tiles) == set(map(str, gone))
    summary = make(asked(tile_site.template, tmp_path / "o.tif", allow_missing=True))
    assert set(summary.missing) == set(map(str, gone))
    assert set(tile_site.counts.values()) == {1}


def test_a_zoom_that_the_server_lacks(tile_site: TileServer, tmp_path: Path) -> None:
    tile_site.reply_to = lambda tile, nth: good(tile) if tile.zoom <= 11 else Reply(404)
    for allow_missing in (False, True):
        with pytest.raises(
            TileError, match=r"has no tiles there at zoom 14\. The deepest zoom .* is 11\."
        ):
            make(asked(tile_site.template, tmp_path / "o.tif", allow_missing=allow_missing))
    assert not (tmp_path / "o.tif").exists()
    assert {tile.zoom for tile in tile_site.counts} == {11, 12, 13, 14}
    assert set(tile_site.counts.values()) == {1}, "nor are those above asked for twice"


def test_a_tile_that_another_run_forgets_is_no_hole(tile_site: TileServer, tmp_path: Path) -> None:
    """Both have it, and its server does not let it be kept."""
    tile_site.reply_to = lambda tile, nth: Reply(
        body=tile_png(tile), headers={"Cache-Control": "no-store"}
    )
    request, lost = asked(tile_site.template, tmp_path / "o.tif"), Tile(ZOOM, 8875, 6081)
    plan = plan_tiles(request, QUICK)
    assert isinstance(plan.source, WebSource)
    path = store_path(plan.source.host, plan.source.identity)

    def on_progress(step: str, done: int, total: int) -> None:
        if step == "fetching" and done == total:
            with TileStore(path) as other:
                other.put(lost, StoredTile(tile_png(lost), Freshness(time.time() + 1, False)))
                other.forget_unkept(TileRange(*lost, 1, 1))

    with pytest.raises(TileError, match=rf"The tile {lost} .* has gone from the tiles' cache"):
        run_tiles(plan, on_progress, lambda: False, QUICK)
    assert not request.out.exists()
    make(request)
    assert right(request.out)


def test_a_hundred_missing_tiles_are_enough(tile_site: TileServer, tmp_path: Path) -> None:
    tile_site.reply_to = lambda tile, nth: good(tile) if tile.x == 34130 else Reply(404)
    request = asked(tile_site.template, tmp_path / "o.tif", zoom=16)
    request = replace(request, bbox=type(BBOX)(7.48, 46.9, 7.6, 47.0))
    assert len(plan_tiles(request).tiles) > 400
    with pytest.raises(TileError):
        make(request)
    assert len(tile_site.asked) < 130


def test_a_tile_that_came_between_a_look_and_a_claim_is_not_fetched(
    tile_site: TileServer, tmp_path: Path
) -> None:
    """From another process, which has put it there and is done."""

    class LateStore(TileStore):
        def claim(self, tile: Tile) -> bool:
            self.put(tile, StoredTile(tile_png(tile), Freshness(time.time() + 100, True)))
            return super().claim(tile)

    source = open_source(tile_site.template)
    assert isinstance(source, WebSource)
    link = ServerLink(source, QUICK)
    with LateStore(tmp_path / "s.sqlite") as store:
        summary = fetch_tiles(
            link, TileRange(3, 1, 1, 2, 2), store, allow_missing=False, should_stop=lambda: False
        )
    link.close()
    assert (summary.fetched, len(tile_site.asked)) == (0, 0)


def test_what_a_killed_run_has_left_is_removed(tile_site: TileServer, tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(PATIENCE_S)
    left = tmp_path / f".m.tif.{platform.node()}-{ended.pid}-abc.making"
    left.mkdir()
    (left / "tiles.tif").write_text("half of it")
    make(asked(tile_site.template, tmp_path / "m.tif"))
    assert (tmp_path / "m.tif").exists() and not left.exists()


def test_a_cache_that_fails_while_the_raster_is_written_is_what_is_told(tmp_path: Path) -> None:
    def image_of(tile: Tile) -> RgbaArray | None:
        raise OutputError("The tiles' cache cannot be used.")

    mosaic = Mosaic(Window(0, 0, 10, 10), 3, 256, image_of, {})
    with pytest.raises(OutputError, match=r"^The tiles' cache cannot be used"):
        write_mosaic(
            mosaic, tmp_path / "m.tif", None, cog=False, report=lambda done, total: None
        )  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_large_tiles_need_more_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "http://127.0.0.1:9/{z}/{x}/{y}"
    window = plan_tiles(asked(address, tmp_path / "m.tif")).window(256)
    room = shutil.disk_usage(tmp_path)._replace(free=4 * window.width * window.height)
    monkeypatch.setattr("encoder_tool.tiles.plan.shutil.disk_usage", lambda folder: room)
    plan_tiles(asked(address, tmp_path / "m.tif"))
    with pytest.raises(DiskFullError):
        plan_tiles(asked(f"{address}{{r}}.png", tmp_path / "m.tif"))


def test_tiles_of_different_sizes(tile_site: TileServer, tmp_path: Path) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile, 512 if tile.x % 2 else 256))
    with pytest.raises(TileError, match="differ in size"):
        make(asked(tile_site.template, tmp_path / "o.tif"))
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]


def test_no_tile_is_fetched_twice(tile_site: TileServer, tmp_path: Path) -> None:
    make(asked(tile_site.template, tmp_path / "a.tif"))
    again = make(asked(tile_site.template, tmp_path / "b.tif", cog=True))
    assert again.fetched == 0
    wider = replace(asked(tile_site.template, tmp_path / "c.tif"), bbox=BBOX._replace(xmax=15.09))
    assert plan_tiles(wider).to_fetch == 3
    make(wider)
    assert set(tile_site.counts.values()) == {1}
    # Another address of the same server is another source: a style, a key, a date.
    make(asked(f"{tile_site.template}?style=b", tmp_path / "d.tif"))
    assert max(tile_site.counts.values()) == 2


def test_what_has_expired_is_confirmed_rather_than_fetched(
    tile_site: TileServer, tmp_path: Path
) -> None:
    changed = Tile(ZOOM, 8875, 6081)

    def reply(tile: Tile, nth: int) -> Reply:
        headers = {"ETag": f'"{tile}"', "Cache-Control": "max-age=0"}
        if nth > 1 and tile != changed:
            return Reply(304, headers=headers)
        body = tile_png(tile if nth == 1 else Tile(ZOOM, 1, 1))
        return Reply(body=body, headers=headers)

    tile_site.reply_to = reply
    make(asked(tile_site.template, tmp_path / "a.tif"))
    make(asked(tile_site.template, tmp_path / "b.tif"))
    assert set(tile_site.counts.values()) == {2}
    for request in tile_site.asked[TILES:]:
        assert request.headers["If-None-Match"] == f'"{request.tile}"'
    with rasterio.open(tmp_path / "a.tif") as one, rasterio.open(tmp_path / "b.tif") as other:
        differs = (one.read() != other.read()).any(axis=0)
    assert 0.9 * 256**2 < differs.sum() <= 256**2, "the tile that has changed, and no other"


def test_what_must_not_be_kept_is_fetched_once_a_run_and_forgotten(
    tile_site: TileServer, tmp_path: Path
) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(
        body=tile_png(tile), headers={"Cache-Control": "no-store"}
    )
    make(asked(tile_site.template, tmp_path / "a.tif"))
    assert set(tile_site.counts.values()) == {1}
    (kept,) = (tmp_path / "kept").glob("*.sqlite")
    with sqlite3.connect(kept) as database:
        assert database.execute("SELECT count(*) FROM tiles").fetchone() == (0,)
    database.close()
    make(asked(tile_site.template, tmp_path / "b.tif"))
    assert set(tile_site.counts.values()) == {2}


def test_a_damaged_cache_is_made_anew(tile_site: TileServer, tmp_path: Path) -> None:
    make(asked(tile_site.template, tmp_path / "a.tif"))
    (kept,) = (tmp_path / "kept").glob("*.sqlite")
    kept.write_bytes(b"nonsense" * 1000)
    make(asked(tile_site.template, tmp_path / "b.tif"))
    assert right(tmp_path / "b.tif")
    assert set(tile_site.counts.values()) == {2}


def test_a_cache_that_cannot_be_written(
    tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv(TILES_VARIABLE, str(tmp_path / "file" / "tiles"))
    with pytest.raises(OutputError, match=f"by the environment variable {TILES_VARIABLE}"):
        make(asked(tile_site.template, tmp_path / "o.tif"))


def test_stopping_keeps_what_came(tile_site: TileServer, tmp_path: Path) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile), delay_s=0.02)
    request = asked(tile_site.template, tmp_path / "o.tif", connections=1)
    with pytest.raises(Cancelled, match="are kept"):
        make(request, should_stop=lambda: len(tile_site.asked) >= 5)
    assert not request.out.exists()
    assert plan_tiles(request).to_fetch < TILES
    make(request)
    assert right(request.out)
    # One may have been on its way.
    assert len(tile_site.asked) <= TILES + 2


def test_killed_and_run_again_it_goes_on(tile_site: TileServer, tmp_path: Path) -> None:
    """SIGKILL while tiles come: nothing is half there, and what came is not fetched again."""
    gate = threading.Event()

    def reply(tile: Tile, nth: int) -> Reply:
        if len(tile_site.counts) > 8:
            gate.wait(PATIENCE_S)
        return good(tile)

    tile_site.reply_to = reply
    command = [
        sys.executable, "-m", "encoder_tool", "tiles", "--bbox", ",".join(map(str, BBOX)),
        "--zoom", str(ZOOM), "--source", tile_site.template, "--out", str(tmp_path / "o.tif"),
        "--connections", "1",
    ]  # fmt: skip
    with subprocess.Popen(
        command, env={**environment(), TILES_VARIABLE: str(tmp_path / "kept")}, cwd=REPOSITORY
    ) as killed:
        until = time.monotonic() + PATIENCE_S
        while len(tile_site.counts) < 9:
            assert killed.poll() is None and time.monotonic() < until
            time.sleep(0.01)
        os.kill(killed.pid, signal.SIGKILL)
    gate.set()
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]
    again = subprocess.run(
        command, env={**environment(), TILES_VARIABLE: str(tmp_path / "kept")}, cwd=REPOSITORY,
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "8 of them in the cache" in again.stderr
    assert right(tmp_path / "o.tif")
    twice = [tile for tile, count in tile_site.counts.items() if count > 1]
    assert len(twice) <= 1, "the one that was on its way"
