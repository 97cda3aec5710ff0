"""Storing batches, beside the next one's encoding."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from encoder_tool.cache.writer import CacheWriter
from encoder_tool.types import Features, PatchId

Stored = tuple[PatchId, Features | None]
"""A patch and its features; None when it is all nodata."""

WRITE_THREADS = 4
"""Compressing and writing one patch takes 60 ms of one core; a GPU encodes several in that time."""


class Committer:
    """Writes batches to a cache, each committed as a whole; a context manager.

    committed: the patches that are safe and were waited for
    """

    def __init__(self, writer: CacheWriter) -> None:
        self._writer = writer
        self._committing = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._writing = ThreadPoolExecutor(WRITE_THREADS, thread_name_prefix="write")
        self._under_way: Future[list[Stored]] | None = None
        self.committed: list[PatchId] = []
        self.empty = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            self._committing.shutdown()
            self._writing.shutdown()

    def submit(self, batch: list[Stored]) -> None:
        """Store a batch, once the one before is safe; raises what storing that one raised.

        Returns while it is still being written.
        """
        self.wait()
        self._under_way = self._committing.submit(self._store, batch)

    def wait(self) -> None:
        """Until everything submitted is safe; raises what storing it raised."""
        if self._under_way is None:
            return
        batch = self._under_way.result()
        self._under_way = None
        self.committed += [patch for patch, _ in batch]
        self.empty += sum(features is None for _, features in batch)

    def _store(self, batch: list[Stored]) -> list[Stored]:
        full = [(patch, features) for patch, features in batch if features is not None]
        for _ in self._writing.map(lambda stored: self._writer.write_patch(*stored), full):
            pass
        for patch, features in batch:
            if features is None:
                self._writer.mark_empty(patch)
        self._writer.commit()
        return batch
