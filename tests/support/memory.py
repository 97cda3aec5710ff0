"""Peak memory of a subprocess, told by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATUS = Path("/proc/self/status")


def peak_memory_bytes() -> int:
    """The most resident memory this process has had.

    Not `getrusage`: Linux counts there what the parent had in memory when it started this
    process, and a test runner with torch in it has gigabytes.
    """
    found = re.search(r"VmHWM:\s*(\d+) kB", STATUS.read_text())
    assert found is not None
    return 1024 * int(found[1])


def require_peak_memory() -> None:
    """Skip the test where the system does not tell."""
    if not STATUS.exists():
        pytest.skip("the peak of memory is read from Linux's /proc")
