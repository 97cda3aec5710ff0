"""Tiles on their way: asked of their server, or of a process that asks it for the same ones."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from encoder_tool.tiles.server_link import ServerLink
from encoder_tool.tiles.store import CLAIMED_S, TileStore
from encoder_tool.tiles.tile_request import Fetched
from encoder_tool.tiles.tile_threads import Outcome, TileThreads
from encoder_tool.tiles.web_mercator import Tile


class Asking:
    """A few tiles are asked for at a time, in their order; a context manager.

    Those that another process is asking for are left to it, and looked for in the store.
    """

    def __init__(self, link: ServerLink, store: TileStore, tiles: Iterable[Tile]) -> None:
        self._most = 2 * link.source.connections
        self._store = store
        self._threads = TileThreads(link)
        self._tiles = iter(tiles)
        self._next = next(self._tiles, None)
        self._of_others = deque[Tile]()
        self._renewed = time.monotonic()

    @property
    def is_done(self) -> bool:
        return self._next is None and not self._of_others and not self._threads.pending

    @property
    def demanded_until(self) -> float:
        """As of the server's pace."""
        return self._threads.demanded_until

    def answer(self, timeout_s: float) -> tuple[Tile, Outcome] | None:
        """What became of one of the tiles; None when nothing has come in time."""
        if time.monotonic() - self._renewed > CLAIMED_S / 4:
            self._store.renew_claims()
            self._renewed = time.monotonic()
        if (had := self._ask()) is not None:
            return had
        if not self._threads.pending:
            time.sleep(timeout_s)
            return self._look_at_others()
        return self._threads.answer(timeout_s)

    def _ask(self) -> tuple[Tile, Outcome] | None:
        """Ask for as many as may be on their way; returns one that has no need of it."""
        while self._next is not None and self._threads.pending < self._most:
            tile, self._next = self._next, next(self._tiles, None)
            if (had := self._ask_for(tile)) is not None:
                return had
        return None

    def _look_at_others(self) -> tuple[Tile, Outcome] | None:
        for _ in range(len(self._of_others)):
            if (had := self._ask_for(self._of_others.popleft())) is not None:
                return had
        return None

    def _ask_for(self, tile: Tile) -> tuple[Tile, Outcome] | None:
        if (had := self._kept(tile)) is not None:
            return had
        if not self._store.claim(tile):
            self._of_others.append(tile)
            return None
        # Whoever asked for it until now may have stored it since.
        if (had := self._kept(tile)) is not None:
            return had
        self._threads.ask(tile, self._store.find(tile))
        return None

    def _kept(self, tile: Tile) -> tuple[Tile, Outcome] | None:
        known = self._store.find(tile)
        if known is None or not known.is_fresh:
            return None
        return tile, Fetched(known, is_new=False)

    def __enter__(self) -> Self:
        self._threads.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.__exit__(kind, error, trace)
        self._store.release_claims()
