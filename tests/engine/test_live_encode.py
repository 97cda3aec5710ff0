"""Encoding web tiles on demand: what is looked at, and no more."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.cache.source import raster_state
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeProgress, EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import CacheMismatchError, TileError, UsageError
from encoder_tool.tiles.host_rules import HostRule
from encoder_tool.tiles.web_mercator import Tile
from encoder_tool.types import BoundsMap, Focus, PatchId
from tests.support.fakes import FakeModel, expected_features
from tests.support.live_block import Wishes, fill_tiles, looking
from tests.support.patience import PATIENCE_S
from tests.support.tile_blocks import ZOOM, place, world_pixels, write_block
from tests.support.tile_server import Reply, TileServer, coordinate_pixels, tile_png


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
