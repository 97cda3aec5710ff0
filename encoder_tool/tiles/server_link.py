"""A server that is asked again and again: what one time leaves for the next."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from encoder_tool.tiles.pace import Pace
from encoder_tool.tiles.source import WebSource
from encoder_tool.tiles.web_client import PATIENCE, Patience, WebClient


class ServerLink:
    """Its connections stay open, and waits that it demanded hold on; a context manager."""

    def __init__(self, source: WebSource, patience: Patience = PATIENCE) -> None:
        self.source = source
        self.patience = patience
        self.client = WebClient(source.connections, patience)
        self._pace = Pace()

    def next_pace(self) -> Pace:
        """For those who ask now; those who asked before have stopped."""
        self._pace = self._pace.successor()
        return self._pace

    def close(self) -> None:
        self.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
