"""How long tiles are kept: what servers say about it, and what is done where they say nothing."""

from __future__ import annotations

import time
from email.utils import formatdate
from pathlib import Path

import pytest
from urllib3 import HTTPHeaderDict

from encoder_tool.tiles.freshness import DAY_S, KEPT_UNTOLD_S, Freshness, freshness_of
from encoder_tool.tiles.store import (
    FORGOTTEN_AFTER_S,
    TILES_VARIABLE,
    StoredTile,
    TileStore,
    store_path,
)
from encoder_tool.tiles.web_mercator import Tile, TileRange

NOW = 1_800_000_000.0
ALL = TileRange(3, 0, 0, 8, 8)
TILE = Tile(3, 3, 5)


def date(seconds: float) -> str:
    return formatdate(seconds, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "kept_s", "may_be_kept"),
    [
        ({}, KEPT_UNTOLD_S, True),
        ({"Cache-Control": "max-age=3600"}, 3600, True),
        ({"cache-control": "public, Max-Age=3600, immutable"}, 3600, True),
        ({"Cache-Control": 'max-age="60"'}, 60, True),
        ({"Cache-Control": "max-age=3600", "Age": "600"}, 3000, True),
        ({"Cache-Control": "max-age=60", "Expires": date(NOW + 9999)}, 60, True),
        ({"Cache-Control": "max-age=nonsense"}, 0, True),
        ({"Cache-Control": "max-age=\u00b2"}, 0, True),
        ({"Cache-Control": f"max-age={'9' * 400}"}, 2**31, True),
        ({"Cache-Control": "no-cache"}, 0, True),
        ({"Cache-Control": "no-store, max-age=3600"}, 0, False),
        ({"Cache-Control": "private"}, KEPT_UNTOLD_S, True),
        ({"Expires": date(NOW + 7200)}, 7200, True),
        # The server's clock is a day behind: what counts is how long, not when.
        ({"Expires": date(NOW - DAY_S + 7200), "Date": date(NOW - DAY_S)}, 7200, True),
        ({"Expires": date(NOW - 7200)}, 0, True),
        ({"Expires": "0"}, 0, True),
        ({"Expires": "-1"}, 0, True),
    ],
)
def test_freshness(headers: dict[str, str], kept_s: float, may_be_kept: bool) -> None:
    fresh = freshness_of(HTTPHeaderDict(headers), NOW, KEPT_UNTOLD_S)
    assert fresh == Freshness(NOW + kept_s, may_be_kept)


def test_a_store_keeps_what_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.sqlite"
    fresh = Freshness(time.time() + 100, True)
    tile = StoredTile(b"image", fresh, '"etag"', "yesterday")
    with TileStore(path) as store:
        store.put(TILE, tile)
        store.put(Tile(3, 0, 0), StoredTile(None, fresh))
        store.put(Tile(3, 1, 1), StoredTile(b"old", Freshness(time.time() - 100, True)))
        store.put(Tile(3, 2, 2), StoredTile(b"not mine", Freshness(time.time() + 9, False)))
        store.put(Tile(4, 3, 5), tile)
        store.forget_unkept(ALL)
    with TileStore(path) as store:
        assert store.find(TILE) == tile
        assert store.find(Tile(3, 7, 7)) is None
        assert store.fresh(ALL) == {TILE, Tile(3, 0, 0)}
        assert store.absent(ALL) == {Tile(3, 0, 0)}
        assert store.fresh(TileRange(3, 3, 5, 1, 1)) == {TILE}
        assert store.find(Tile(3, 2, 2)) is None
        assert store.find(Tile(3, 1, 1)) is not None


def test_what_nobody_needs_any_more_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked for once a day: it takes the whole file."""
    path, now = tmp_path / "b.sqlite", time.time()
    with TileStore(path) as store:
        store.put(TILE, StoredTile(b"a", Freshness(now - FORGOTTEN_AFTER_S - 60, True)))
        store.put(Tile(3, 1, 1), StoredTile(b"b", Freshness(now - 2 * DAY_S, True)))
        store.put(Tile(3, 2, 2), StoredTile(b"c", Freshness(now - 2 * DAY_S, False)))
    monkeypatch.setattr("encoder_tool.tiles.store.time.time", lambda: now + DAY_S)
    with TileStore(path) as store:
        assert store.find(TILE) is None
        assert store.find(Tile(3, 1, 1)) is not None, "it may still be the server's"
        assert store.find(Tile(3, 2, 2)) is None, "left by a run that was killed"
        store.put(TILE, StoredTile(b"a", Freshness(now - FORGOTTEN_AFTER_S - 60, True)))
    with TileStore(path) as store:
        assert store.find(TILE) is not None, "the same day"


def test_two_processes_may_share_a_store(tmp_path: Path) -> None:
    fresh = Freshness(time.time() + 100, True)
    with TileStore(tmp_path / "s") as one, TileStore(tmp_path / "s") as other:
        one.put(TILE, StoredTile(b"a", fresh))
        other.put(TILE, StoredTile(b"b", fresh))
        assert one.find(TILE) == StoredTile(b"b", fresh)


def test_what_another_process_has_put_since_is_not_forgotten(tmp_path: Path) -> None:
    """Both have fetched a tile that must not be kept; the second still reads it."""
    path, other, now = tmp_path / "b.sqlite", Tile(3, 1, 1), time.time()
    with TileStore(path) as one, TileStore(path) as two:
        for tile in (TILE, other):
            one.put(tile, StoredTile(b"first", Freshness(now, False)))
        two.put(TILE, StoredTile(b"second", Freshness(now + 1, False)))
        one.forget_unkept(ALL)
        assert one.find(other) is None
        assert two.find(TILE) == StoredTile(b"second", Freshness(now + 1, False))
        two.forget_unkept(ALL)
        assert two.find(TILE) is None


def test_sources_have_files_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TILES_VARIABLE, str(tmp_path))
    one = store_path("h.org", "https://h.org/{z}/{x}/{y}?key=sesame")
    assert one.parent == tmp_path
    assert one.name.startswith("h.org.")
    assert "sesame" not in one.name
    assert one != store_path("h.org", "https://h.org/{z}/{x}/{y}?key=other")
    assert store_path("../../etc/x", "t").parent == tmp_path
