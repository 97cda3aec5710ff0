"""Reading ahead: a thread that has ready what is expected to be asked for next."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Generic, Self, TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")


class ReadAhead(Generic[Key, Item]):
    """Items by their keys, read in a thread of its own; a context manager.

    Only that thread calls `read`. Leaving the block waits for the item that it is at.
    """

    def __init__(self, read: Callable[[Key], Item]) -> None:
        self._read = read
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._reading: dict[Key, Future[Item]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def expect(self, keys: Sequence[Key]) -> None:
        """Read these, in their order; what was expected before and is not among them is
        forgotten, whether it is read by now or not."""
        self.forget_but(keys)
        for key in keys:
            if key not in self._reading:
                self._reading[key] = self._pool.submit(self._read, key)

    def forget_but(self, keys: Sequence[Key]) -> None:
        """Of what was expected, only these still are."""
        for key in self._reading.keys() - set(keys):
            self._reading.pop(key).cancel()

    def is_ready(self, key: Key, timeout_s: float) -> bool:
        """Whether what is expected can be had at once, after so long a wait at most."""
        return bool(wait([self._reading[key]], timeout_s).done)

    def take(self, key: Key) -> Item:
        """An item, at once when it has been expected for long enough; raises what reading it
        raised."""
        future = self._reading.pop(key, None) or self._pool.submit(self._read, key)
        return future.result()
