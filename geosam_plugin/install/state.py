"""The engines on disk: which is the current one, and which can go. Free of Qt.

<root>/current.json       names the engine in use; replaced in one step
<root>/engine-<hash>/     an environment of third-party packages, built in place
<root>/uv/<version>/      the installer's program
<root>/python/            Pythons that uv fetched
<root>/downloads/         uv's cache, kept only while an installation is not finished
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

POINTER = "current.json"
PREFIX = "engine-"
DOWNLOADS = "downloads"
_GOING = ".going"


@dataclass(frozen=True)
class EngineRecord:
    """The current engine.

    directory: its folder's name; python: relative to that folder
    flavour: "base", "full" or "cuda"; locks: hash of the lock files it was made from
    model: that was downloaded with it, or with the engine before; "" for none
    """

    directory: str
    python: str
    python_version: str
    flavour: str
    locks: str
    model: str = ""

    def python_path(self, root: Path) -> Path:
        return root / self.directory / self.python

    def is_whole(self, root: Path) -> bool:
        """Its Python is there, and so is the Python that this one was made from."""
        return self.python_path(root).is_file()


def read_current(root: Path) -> EngineRecord | None:
    """The engine in use, or None; a pointer that cannot be read counts as none."""
    try:
        said = json.loads((root / POINTER).read_text(encoding="utf-8"))
        return EngineRecord(**{key: str(value) for key, value in said.items()})
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def switch_current(root: Path, record: EngineRecord) -> None:
    """Make `record` the engine in use, in one step."""
    unfinished = root / f".{POINTER}.{os.getpid()}"
    unfinished.write_text(json.dumps(asdict(record), indent=1), encoding="utf-8")
    unfinished.replace(root / POINTER)


def forget_current(root: Path) -> None:
    """After this there is no engine in use."""
    (root / POINTER).unlink(missing_ok=True)


def free_directory(root: Path, key: str) -> Path:
    """Where to build an engine: `engine-<key>`, or with a number behind when that is taken by
    the one in use, or by one that could not be removed."""
    number = 1
    while True:
        path = root / (f"{PREFIX}{key}" if number == 1 else f"{PREFIX}{key}-{number}")
        if not path.exists():
            return path
        number += 1


def remove_unused(root: Path, *, downloads: bool, patience_s: float = 3.0) -> list[Path]:
    """Remove every engine but the current one, what cut installations left, and `downloads` if
    told so (they spare the next try after a failure).

    Engines in which a process still runs are left for another time, after `patience_s`: what a
    cancelled installer had started may outlive it for a moment. Returns those. Slow: not for
    the thread of the user interface; needs the installation lock.
    """
    current = read_current(root)
    keep = {root / current.directory} if current else set()
    found = [path for path in root.glob(f"{PREFIX}*") if path.is_dir() and path not in keep]
    end = time.monotonic() + patience_s
    left = _removed_but(found)
    while left and time.monotonic() < end:
        time.sleep(0.2)
        left = _removed_but(left)
    if downloads and (root / DOWNLOADS).is_dir():
        _remove(root / DOWNLOADS)
    return left


def _removed_but(paths: list[Path]) -> list[Path]:
    """Those that could not be removed."""
    in_use = _in_use(paths)
    return [path for path in paths if path in in_use or not _remove(path)]


def _remove(path: Path) -> bool:
    """Renamed first, so that nothing is taken for whole while it goes; on Windows the renaming
    fails when a program of it runs."""
    going = path if path.name.endswith(_GOING) else path.with_name(path.name + _GOING)
    try:
        path.rename(going)
    except OSError:
        return False
    shutil.rmtree(going, ignore_errors=True)
    return not going.exists()


def _in_use(paths: list[Path]) -> set[Path]:
    """Those in which a process was started, of whichever QGIS. On Windows `_remove` finds out."""
    if sys.platform == "win32" or not paths:
        return set()
    listed = _command_lines()
    return {path for path in paths if f"{path}{os.sep}" in listed}


def _command_lines() -> str:
    """Of all processes. A small Linux may have no `ps`, and macOS has no /proc."""
    if sys.platform == "linux":
        lines = []
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):  # ended since
                lines.append(process.read_bytes().replace(b"\0", b" "))
        listed = b"\n".join(lines)
    else:
        listed = subprocess.run(
            ["ps", "-axww", "-o", "command="], stdout=subprocess.PIPE, check=False
        ).stdout
    return listed.decode("utf-8", "replace")
