"""Reading ahead: a thread that keeps a few items ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Full, Queue
from threading import Event
from typing import TypeVar

Item = TypeVar("Item")

POLL_S = 0.1


@contextmanager
def read_ahead(source: Iterable[Item], depth: int) -> Iterator[Iterator[Item]]:
    """Iterate over `source` in a thread of its own, at most `depth` items ahead.

    What `source` raises is raised to whoever iterates, after the items before it. Leaving the
    block ends the thread, after the item it is at.
    """
    items: Queue[list[Item]] = Queue(depth)
    stop = Event()

    def offer(item: list[Item]) -> bool:
        while not stop.is_set():
            try:
                items.put(item, timeout=POLL_S)
            except Full:
                continue
            return True
        return False

    def produce() -> None:
        try:
            for item in source:
                if not offer([item]):
                    return
        finally:
            offer([])  # the end, or an exception that the future has

    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as pool:
        future = pool.submit(produce)

        def consume() -> Iterator[Item]:
            while item := items.get():
                yield item[0]
            future.result()

        try:
            yield consume()
        finally:
            stop.set()
