"""Fetching many tiles: a few connections at a time, each tile once, every tile kept as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from encoder_tool.errors import TileError
from encoder_tool.tiles.asking import Asking
from encoder_tool.tiles.server_link import ServerLink
from encoder_tool.tiles.store import TileStore
from encoder_tool.tiles.tile_request import Fetched
from encoder_tool.tiles.web_mercator import Tile, TileRange

MISSING_NAMED = 100
"""So many missing tiles are looked for and named where none may be missing."""

_STOP_POLL_S = 0.2

TOLD_S = 2.0
"""Shorter waits pass before they are read of."""

NOT_THERE = "the server has no such tile"


@dataclass(slots=True)
class FetchSummary:
    """fetched: images that came or were confirmed; missing: why, by tile; stopped: by the user"""

    fetched: int = 0
    missing: dict[Tile, str] = field(default_factory=dict)
    stopped: bool = False


def fetch_tiles(
    link: ServerLink,
    tiles: TileRange,
    store: TileStore,
    *,
    allow_missing: bool,
    should_stop: Callable[[], bool],
    on_progress: Callable[[int], None] | None = None,
    on_wait: Callable[[float], None] | None = None,
    had: set[Tile] | None = None,
) -> FetchSummary:
    """Fetch those of the tiles that the store does not have fresh.

    on_progress: told how many of `tiles` are through, those in the store included
    on_wait: told how many seconds the server wants to be left alone, once for each time it says so
    had: tiles of the same run, which are not asked for again even if their server does not let
        them be kept; those that come are added
    Raises TileError when the server refuses, is not there or wants to be left alone; what came
    until then is in the store.
    """
    tell, had = on_progress or _ignore, set() if had is None else had
    fresh = store.fresh(tiles) | had.intersection(tiles)
    summary = FetchSummary(missing=dict.fromkeys(sorted(store.absent(tiles) & fresh), NOT_THERE))
    done, failures, told_until = len(fresh), 0, 0.0
    tell(done)
    with Asking(link, store, (tile for tile in tiles if tile not in fresh)) as asking:
        while not asking.is_done and not _is_hopeless(summary, allow_missing):
            if should_stop():
                summary.stopped = True
                break
            if (answer := asking.answer(_STOP_POLL_S)) is None:
                until = asking.demanded_until
                wait_s = until - time.monotonic()
                if on_wait is not None and wait_s > TOLD_S and until > told_until + TOLD_S:
                    told_until = until
                    on_wait(wait_s)
                continue
            tile, outcome = answer
            if isinstance(outcome, Exception):
                raise outcome
            if outcome is None:
                continue
            _take(tile, outcome, summary, store)
            failures = failures + 1 if outcome.stored is None else 0
            if failures >= link.patience.failures:
                raise TileError(
                    f"No tiles come from {link.source.host}: {outcome.why} ({failures} tiles in a "
                    f"row, {tile} the last of them).",
                    outcome.advice,
                )
            if outcome.stored is not None:
                had.add(tile)
            done += 1
            tell(done)
    return summary


def _is_hopeless(summary: FetchSummary, allow_missing: bool) -> bool:
    return len(summary.missing) >= MISSING_NAMED and not allow_missing


def _take(tile: Tile, outcome: Fetched, summary: FetchSummary, store: TileStore) -> None:
    if outcome.stored is None:
        summary.missing[tile] = outcome.why
        return
    if outcome.is_new:
        store.put(tile, outcome.stored)
    if outcome.stored.body is None:
        summary.missing[tile] = NOT_THERE
    elif outcome.is_new:
        summary.fetched += 1


def named(missing: Mapping[Tile, str]) -> str:
    """Tiles that are missing, by the reason why they are."""
    by_reason: dict[str, list[str]] = {}
    for tile, why in missing.items():
        by_reason.setdefault(why, []).append(str(tile))
    return "; ".join(f"{', '.join(tiles)} ({why})" for why, tiles in by_reason.items())


def _ignore(_done: int) -> None:
    """For callers who want to know nothing of it."""
