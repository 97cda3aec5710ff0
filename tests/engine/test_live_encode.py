"""Encoding web tiles on demand: what is looked at, and no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.source import raster_state
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeProgress, EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import CacheMismatchError, MissingTilesError, TileError, UsageError
from encoder_tool.tiles import live_tiles
from encoder_tool.tiles.host_rules import HostRule
from encoder_tool.tiles.web_mercator import Tile
from encoder_tool.types import BoundsMap, Focus, PatchId
from tests.support.fakes import FakeModel, expected_features
from tests.support.patience import PATIENCE_S
from tests.support.tile_blocks import ZOOM, X, Y, place, world_pixels, write_block
from tests.support.tile_requests import QUICK
from tests.support.tile_server import Reply, TileServer, coordinate_pixels, tile_png


@pytest.fixture
def block(tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """4096 pixels: 5 x 5 patches at level 0, 3 x 3 at level 1, one at level 2."""
    monkeypatch.setattr(live_tiles, "LIVE_PATIENCE", QUICK)
    return write_block(tmp_path / "b.tiles.json", tile_site.template)


@dataclass
class Wishes:
    """A `Steering`; `told` is called with every report, and `idle` when all that is wanted is
    there and the encode waits."""

    focus: Focus | None = None
    held_s: float = 0.0
    reports: list[EncodeProgress] = field(default_factory=list)
    told: Callable[[EncodeProgress], None] = lambda _: None
    stopped: bool = False

    def __call__(self, report: EncodeProgress) -> None:
        self.reports.append(report)
        self.told(report)

    def should_stop(self) -> bool:
        return self.stopped

    @property
    def order(self) -> list[PatchId]:
        return [patch for report in self.reports for patch in report.committed]


def looking(left: float, top: float, right: float, bottom: float, **where: object) -> Focus:
    """At a part of the block, in pixels, from its middle on."""
    xmin, ymax = place(left, top)
    xmax, ymin = place(right, bottom)
    point = place((left + right) / 2, (top + bottom) / 2)
    return Focus(point=point, extent=BoundsMap(xmin, ymin, xmax, ymax), **where)  # type: ignore[arg-type]


def fill_tiles(*patches: PatchId) -> set[Tile]:
    """The tiles that patches at multiples of 768 pixels meet."""
    found = set()
    for level, row, col in patches:
        x, y = (X >> level) + 3 * col, (Y >> level) + 3 * row
        found |= {Tile(ZOOM - level, x + i, y + j) for i in range(4) for j in range(4)}
    return found


def test_a_patch_is_encoded_from_the_pixels_that_are_there(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    request = EncodeRequest(block, tmp_path / "c", dtype="float32")
    wanted = [PatchId(0, 1, 2), PatchId(1, 0, 1)]
    plan = plan_encode(request, model=FakeModel(), choose=lambda _: wanted)
    summary = run_encode(plan)
    assert summary.tiles_fetched == len(tile_site.asked) == 32
    cache = open_cache(tmp_path / "c")
    for patch in wanted:
        columns, rows = world_pixels(768 * patch.col, 768 * patch.row, 1024, patch.level)
        pixels = coordinate_pixels(*np.meshgrid(columns, rows))
        truth = expected_features(pixels.transpose(2, 0, 1).astype(np.float32) / 255)
        stored = cache.load(patch)
        assert np.abs(stored.high_res_0 - truth.high_res_0).max() < 1e-4
        assert np.abs(stored.image_embed - truth.image_embed).max() < 1e-4
    assert (cache.manifest.raster.title, cache.manifest.raster.attribution) == (
        "Synthetic", "© Somebody",
    )  # fmt: skip


def test_a_focus_wants_its_own_patch_and_no_other(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    wishes = Wishes()
    request = EncodeRequest(block, tmp_path / "c", focus=Focus(point=place(1200, 1200)))
    summary = run_encode(plan_encode(request, model=FakeModel()), wishes)
    assert wishes.order == [PatchId(0, 1, 1)]
    assert (summary.encoded, summary.stopped) == (1, False)
    assert set(tile_site.counts) == fill_tiles(PatchId(0, 1, 1))
    assert set(tile_site.counts.values()) == {1}


def test_what_is_seen_is_encoded_nearest_first_and_then_it_waits(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    """Until the view moves, and then what is new in it; nothing outward."""
    first = looking(800, 800, 2200, 1300)
    wishes = Wishes(focus=first)
    ready = threading.Event()
    wishes.told = lambda report: ready.set() if report.done == report.total > 0 else None
    request = EncodeRequest(block, tmp_path / "c", focus=first)
    plan = plan_encode(request, model=FakeModel())
    running = threading.Thread(
        target=run_encode, args=(plan, wishes, wishes.should_stop), kwargs={"steering": wishes}
    )
    running.start()
    assert ready.wait(PATIENCE_S)
    seen = [PatchId(0, row, col) for row in (0, 1) for col in (0, 1, 2)]
    assert wishes.order[0] == PatchId(0, 1, 1) and sorted(wishes.order) == seen
    asked = len(tile_site.asked)
    time.sleep(0.3)
    assert len(tile_site.asked) == asked and running.is_alive(), "it waits, and fetches nothing"
    ready.clear()
    wishes.focus = looking(2000, 800, 3000, 1300)
    assert ready.wait(PATIENCE_S)
    more = [PatchId(0, row, 3) for row in (0, 1)]
    assert sorted(wishes.order[6:]) == more
    assert wishes.reports[-1].total == 8
    wishes.stopped = True
    running.join(PATIENCE_S)
    assert not running.is_alive()
    assert set(tile_site.counts) == fill_tiles(*seen, *more)
    assert set(tile_site.counts.values()) == {1}


def test_what_is_not_seen_any_more_is_not_fetched_though_it_was_to_come_next(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    """As by a pause: it is held, and only the focus' own patch is wanted."""
    own, release, told = Focus(point=place(1500, 1050)), threading.Event(), threading.Event()
    first = fill_tiles(PatchId(0, 1, 1))

    def slow(tile: Tile, nth: int) -> Reply:
        if tile not in first:
            release.wait(PATIENCE_S)
        return Reply(body=tile_png(tile))

    tile_site.reply_to = slow
    wishes = Wishes(focus=looking(800, 800, 2200, 1300))

    def pause(report: EncodeProgress) -> None:
        if report.committed:
            wishes.focus, wishes.held_s = own, 60.0
        elif wishes.focus is own:
            told.set()

    wishes.told = pause
    plan = plan_encode(
        EncodeRequest(block, tmp_path / "c", focus=wishes.focus), model=FakeModel()
    )  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run_encode, plan, wishes, wishes.should_stop, steering=wishes)
        try:
            assert told.wait(PATIENCE_S)
            release.set()
            time.sleep(1.0)  # in which a second one would come
        finally:
            release.set()
            wishes.stopped = True
        running.result(PATIENCE_S)
    assert wishes.order == [PatchId(0, 1, 1)]
    assert first <= set(tile_site.counts) and len(tile_site.counts) <= 16 + 12, "one patch more"


def test_the_level_is_that_of_the_map(block: Path, tile_site: TileServer, tmp_path: Path) -> None:
    wishes = Wishes()
    focus = looking(0, 0, 4096, 4096, level=1)
    request = EncodeRequest(block, tmp_path / "c", focus=focus)
    run_encode(plan_encode(request, model=FakeModel()), wishes)
    assert sorted(wishes.order) == [PatchId(1, row, col) for row in range(3) for col in range(3)]
    assert {asked.tile.zoom for asked in tile_site.asked} == {ZOOM - 1}


def test_a_large_view_wants_25_patches_at_most(block: Path, tmp_path: Path) -> None:
    wishes = Wishes()
    write_block(block, "http://127.0.0.1:9/{z}/{x}/{y}", columns=64, rows=64)
    request = EncodeRequest(block, tmp_path / "c", focus=looking(0, 0, 16384, 16384))
    with pytest.raises(TileError):
        run_encode(plan_encode(request, model=FakeModel()), wishes)
    assert wishes.reports[0].total == 25


def test_the_terms_of_a_host_bound_what_is_wanted_and_what_is_filled(
    block: Path, tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = HostRule(max_tiles=60, remark="Sixty at once.")
    monkeypatch.setattr("encoder_tool.tiles.open_source.rule_of", lambda host: rule)
    wishes = Wishes()
    request = EncodeRequest(block, tmp_path / "c", focus=looking(0, 0, 4096, 4096))
    plan = plan_encode(request, model=FakeModel())
    assert "Sixty at once." in plan.sentences()
    run_encode(plan, wishes)
    assert len(wishes.order) == 2 and len(tile_site.asked) <= 32
    with pytest.raises(UsageError, match=r"more than the 60 .* 127\.0\.0\.1 at once\. Sixty"):
        plan_encode(EncodeRequest(block, tmp_path / "c", agreed=True), model=FakeModel())


def test_many_tiles_are_fetched_only_when_somebody_agreed(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    write_block(block, tile_site.template, columns=32, rows=32)
    request = EncodeRequest(block, tmp_path / "c")
    plan = plan_encode(request, model=FakeModel())
    assert plan.tiles_to_fetch == 32**2 + 16**2 + 8**2 + 4**2
    assert plan.needs_consent and not plan.agreed().needs_consent
    with pytest.raises(UsageError, match="1,360 tiles would be fetched, more than 1,000"):
        run_encode(plan)
    focused = replace(request, focus=Focus(point=place(0, 0)), fill=True)
    with pytest.raises(UsageError, match="1,360 tiles"):
        run_encode(plan_encode(focused, model=FakeModel()))
    assert not tile_site.asked and not (tmp_path / "c").exists()


def test_a_level_that_the_server_has_no_zoom_for_is_not_made_of_hundreds_of_tiles(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    write_block(block, tile_site.template, min_zoom=ZOOM)
    for level, tiles in ((1, 8 * 8), (2, 16 * 16)):
        request = EncodeRequest(
            block, tmp_path / "c", focus=Focus(point=place(100, 100), level=level)
        )  # fmt: skip
        plan = plan_encode(request, model=FakeModel())
        if level == 1:
            assert run_encode(plan).tiles_fetched == tiles
            continue
        with pytest.raises(TileError, match=r"level 2 would take 192 tiles, .* no zoom as coarse"):
            run_encode(plan)
    write_block(block, tile_site.template, min_zoom=ZOOM, columns=64, rows=64)
    top = [PatchId(4, 0, 0)]
    plan = plan_encode(
        EncodeRequest(block, tmp_path / "d"), model=FakeModel(), choose=lambda _: top
    )
    with pytest.raises(UsageError, match="4,032 tiles would be fetched"):
        run_encode(plan)
    assert set(tile_site.counts.values()) == {1}


def test_who_agrees_gets_more(
    block: Path, tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("encoder_tool.tiles.plan.ASK_ABOVE", 20)
    (xmin, ymax), (xmax, ymin) = place(100, 100), place(1500, 600)
    request = EncodeRequest(
        block, tmp_path / "c", extent=BoundsMap(xmin, ymin, xmax, ymax), levels=1
    )  # fmt: skip
    plan = plan_encode(request, model=FakeModel())
    with pytest.raises(UsageError, match="28 tiles would be fetched, more than 20"):
        run_encode(plan)
    assert run_encode(plan.agreed()).tiles_fetched == 28
    assert not plan_encode(request, model=FakeModel()).needs_consent, "they are there"


def test_an_extent_is_encoded_with_all_its_levels(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    (xmin, ymax), (xmax, ymin) = place(100, 100), place(1500, 600)
    request = EncodeRequest(block, tmp_path / "c", extent=BoundsMap(xmin, ymin, xmax, ymax))
    plan = plan_encode(request, model=FakeModel())
    wanted = {PatchId(0, 0, 0), PatchId(0, 0, 1), PatchId(1, 0, 0)}
    assert set(plan.todo) == wanted
    assert plan.tiles_to_fetch == len(fill_tiles(*wanted))
    summary = run_encode(plan)
    assert summary.encoded == 3 and summary.tiles_fetched == plan.tiles_to_fetch
    assert set(tile_site.counts.values()) == {1}
    again = plan_encode(request, model=FakeModel())
    assert (len(again.todo), again.tiles_to_fetch) == (0, 0)


def failing(*bad: Tile) -> Callable[[Tile, int], Reply]:
    return lambda tile, nth: Reply(500) if tile in bad else Reply(body=tile_png(tile))


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


def test_a_changed_description_is_another_raster(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    request = EncodeRequest(block, tmp_path / "c", focus=Focus(point=place(100, 100)))
    run_encode(plan_encode(request, model=FakeModel()))
    manifest = open_cache(tmp_path / "c").manifest
    assert raster_state(manifest, block) == "unchanged"
    asked = len(tile_site.asked)
    assert plan_encode(request, model=FakeModel()).skipped == 1
    write_block(block, f"{tile_site.template}?date=2026")
    assert raster_state(manifest, block) == "changed"
    with pytest.raises(CacheMismatchError, match="no longer those it was made from"):
        plan_encode(request, model=FakeModel())
    assert len(tile_site.asked) == asked
    kept = "".join(
        path.read_text("utf-8", "replace") for path in (tmp_path / "c").rglob("zarr.json")
    )
    assert "b.tiles.json" in kept and tile_site.url not in kept and "{x}" not in kept
