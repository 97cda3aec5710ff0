"""Encoding web tiles on demand from servers that fail, lack tiles or are slow."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeProgress, EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import MissingTilesError, TileError
from encoder_tool.tiles.web_mercator import Tile
from encoder_tool.types import BoundsMap, Focus, PatchId
from tests.support.fakes import FakeModel
from tests.support.live_block import Wishes, failing, looking
from tests.support.patience import PATIENCE_S
from tests.support.tile_blocks import ZOOM, X, Y, place
from tests.support.tile_requests import QUICK
from tests.support.tile_server import Reply, TileServer, tile_png


def test_a_tile_that_fails_leaves_its_patch_absent_and_is_tried_again(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    bad = Tile(ZOOM, X, Y)
    tile_site.reply_to = failing(bad)
    request = EncodeRequest(block, tmp_path / "c", focus=Focus(point=place(100, 100)))
    with pytest.raises(MissingTilesError, match=rf"1 of 16 .*{bad} \(.*500") as raised:
        run_encode(plan_encode(request, model=FakeModel()))
    assert raised.value.tiles == [str(bad)]
    assert open_cache(tmp_path / "c").state(PatchId(0, 0, 0)) is PatchStatus.ABSENT
    tile_site.reply_to = failing()
    assert run_encode(plan_encode(request, model=FakeModel())).encoded == 1
    counts = tile_site.counts
    assert counts.pop(bad) == QUICK.attempts + 1
    assert set(counts.values()) == {1}


def test_a_tile_that_fails_beside_the_focus_does_not_hold_the_others_up(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    tile_site.reply_to = failing(Tile(ZOOM, X + 15, Y + 15))
    request = EncodeRequest(block, tmp_path / "c", levels=1)
    plan = plan_encode(request, model=FakeModel())
    with pytest.raises(MissingTilesError, match="patch could not be encoded, for lack of 1 tiles"):
        run_encode(plan)
    cache = open_cache(tmp_path / "c")
    absent = [p for p in plan.todo if cache.state(p) is PatchStatus.ABSENT]
    assert absent == [PatchId(0, 4, 4)]
    tile_site.reply_to = failing()
    assert run_encode(plan_encode(request, model=FakeModel())).tiles_fetched == 1


@pytest.mark.parametrize("is_mended", [False, True])
def test_a_tile_that_fails_in_view_does_not_make_the_end_an_error(
    block: Path, tile_site: TileServer, tmp_path: Path, is_mended: bool
) -> None:
    """Whether its patch has been asked for again by then, or not."""
    tile_site.reply_to = failing(Tile(ZOOM, X + 8, Y + 1))
    lost = PatchId(0, 0, 2)
    wishes = Wishes(focus=looking(800, 800, 2200, 1300))
    ready = threading.Event()
    wishes.told = lambda report: ready.set() if report.done == report.total > 0 else None
    plan = plan_encode(
        EncodeRequest(block, tmp_path / "c", focus=wishes.focus), model=FakeModel()
    )  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run_encode, plan, wishes, wishes.should_stop, steering=wishes)
        try:
            assert ready.wait(PATIENCE_S)
            assert len(wishes.order) == 5 and lost not in wishes.order
            if is_mended:
                tile_site.reply_to = failing()
                ready.clear()
                wishes.focus = Focus(point=place(2000, 300))
                assert ready.wait(PATIENCE_S)
                assert wishes.order[-1] == lost
        finally:
            wishes.stopped = True
        summary = running.result(PATIENCE_S)
    assert (summary.encoded, summary.stopped) == (6 if is_mended else 5, False)


def test_a_patch_that_is_had_at_the_second_try_is_not_left_out(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    """In an encode of everything: the tile fails as often as it is tried, and then no more."""
    bad, lost = Tile(ZOOM, X + 15, Y + 15), PatchId(0, 4, 4)
    tile_site.reply_to = lambda tile, nth: (
        Reply(500) if tile == bad and nth <= QUICK.attempts else Reply(body=tile_png(tile))
    )
    wishes = Wishes(focus=Focus(point=place(3500, 2600)))

    def ask_again(report: EncodeProgress) -> None:
        if report.total < wishes.reports[0].total:  # it has been put off
            wishes.focus = Focus(point=place(4000, 4000))

    wishes.told = ask_again
    request = EncodeRequest(block, tmp_path / "c", focus=wishes.focus, fill=True)
    summary = run_encode(plan_encode(request, model=FakeModel()), wishes, steering=wishes)
    assert wishes.order.count(lost) == 1
    assert summary.encoded == len(wishes.order) == 35


def test_a_server_that_fails_is_left_alone_after_ten_tiles(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(503)
    request = EncodeRequest(block, tmp_path / "c", levels=1)
    with pytest.raises(TileError, match="10 tiles in a row"):
        run_encode(plan_encode(request, model=FakeModel()))
    assert len(tile_site.asked) <= QUICK.attempts * 18


def test_where_nothing_is_there_is_nodata(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    """A coarser zoom that lacks a place says nothing of the finer ones."""
    tile_site.reply_to = lambda tile, nth: (
        Reply(body=tile_png(tile)) if tile.zoom == ZOOM else Reply(404)
    )
    (xmin, ymax), (xmax, ymin) = place(100, 100), place(1500, 600)
    extent = BoundsMap(xmin, ymin, xmax, ymax)
    summary = run_encode(
        plan_encode(EncodeRequest(block, tmp_path / "c", extent=extent), model=FakeModel())
    )
    assert (summary.encoded, summary.empty) == (2, 1)


def test_a_stop_does_not_wait_for_a_slow_server(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    release, answered = threading.Event(), list[Tile]()

    def slow(tile: Tile, nth: int) -> Reply:
        release.wait(PATIENCE_S)
        answered.append(tile)
        return Reply(body=tile_png(tile))

    tile_site.reply_to = slow
    wishes = Wishes()
    request = EncodeRequest(block, tmp_path / "c", focus=Focus(point=place(100, 100)))
    plan = plan_encode(request, model=FakeModel())
    try:
        summary = run_encode(plan, wishes, lambda: bool(tile_site.asked))
        assert summary.stopped and not wishes.order
        assert not answered
    finally:
        release.set()
