"""Threads that ask a server for tiles, as many as there may be connections."""

from __future__ import annotations

import queue
import threading
from types import TracebackType
from typing import Self

from encoder_tool.tiles.server_link import ServerLink
from encoder_tool.tiles.store import StoredTile
from encoder_tool.tiles.tile_request import Fetched, TileRequester
from encoder_tool.tiles.web_mercator import Tile

Outcome = Fetched | Exception | None
"""None: stopped before there was an answer."""


class TileThreads:
    """Give tiles by `ask`, take what became of them by `answer`, all from one thread.

    The threads are daemons and nobody waits for them at the end: one that waits for a slow server
    must not hold up whoever stops.
    """

    def __init__(self, link: ServerLink) -> None:
        self.pending = 0
        self._pace = link.next_pace()
        self._count = link.source.connections
        self._requester = TileRequester(link.source, link.client, self._pace, link.patience)
        self._jobs: queue.SimpleQueue[tuple[Tile, StoredTile | None] | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[tuple[Tile, Outcome]] = queue.SimpleQueue()
        for _ in range(self._count):
            threading.Thread(target=self._work, name="tiles", daemon=True).start()

    @property
    def demanded_until(self) -> float:
        """As of the server's pace."""
        return self._pace.demanded_until

    def ask(self, tile: Tile, known: StoredTile | None) -> None:
        """known: an older version of the tile"""
        self.pending += 1
        self._jobs.put((tile, known))

    def answer(self, timeout_s: float) -> tuple[Tile, Outcome] | None:
        """What became of one of the tiles; None when nothing has come in time."""
        try:
            answer = self._outcomes.get(timeout=timeout_s)
        except queue.Empty:
            return None
        self.pending -= 1
        return answer

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            tile, known = job
            try:
                outcome: Outcome = self._requester.fetch(tile, known)
            # Whatever it is, it is raised in the thread that waits for the tile.
            except Exception as error:  # noqa: BLE001
                self._pace.stop()
                outcome = error
            self._outcomes.put((tile, outcome))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pace.stop()
        for _ in range(self._count):
            self._jobs.put(None)
