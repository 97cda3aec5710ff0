"""What takes long to make is made once, also where tests run in several processes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import QLockFile


def made_once(folders: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` has filled for all processes of this run; to be left as it is.

    make: is given an empty folder; what it raises leaves none
    """
    base = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # of all workers' own folders
    folder = base / name
    lock = QLockFile(str(base / f"{name}.lock"))
    lock.setStaleLockTime(0)  # however long it takes
    assert lock.lock()
    try:
        if not folder.exists():
            unfinished = folders.mktemp(name)
            make(unfinished)
            unfinished.rename(folder)
    finally:
        lock.unlock()
    return folder
