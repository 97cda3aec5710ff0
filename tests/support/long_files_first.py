"""A plugin of pytest: files with slow tests are begun first, those of many tests next.

pytest-xdist's own order, which `--no-loadscope-reorder` turns off, knows the number of tests
only. So a file of one test that takes a minute came last, and all other processes waited for it.
"""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    count = Counter(item.path for item in items)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in slow, -count[item.path]))
