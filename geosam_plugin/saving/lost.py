"""Objects that were in memory alone and are gone, from their journals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QLockFile

from geosam_plugin.saving.journal import SUFFIX, lock_of

_OF_FEATURE = re.compile(rb'\{"(?P<what>id|gone)": (?P<id>-?\d+)[,}]')
"""How a journal's lines about features begin: to count them, the rest need not be parsed."""


@dataclass
class Lost:
    """A layer that is gone: what it was, and its features by id, as lines of its journal."""

    path: Path
    lock: QLockFile
    layer: dict[str, Any] = field(default_factory=dict)
    features: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.layer["layer"])

    @property
    def title(self) -> str:
        """With the file that they should have come into, if there was one."""
        file = self.layer.get("file")
        return f"{self.name} ({file})" if file else self.name

    def discard(self) -> None:
        with suppress(OSError):
            self.path.unlink()
        self.lock.unlock()  # now nobody can find it any more


def lost_objects(folder: Path) -> list[Lost]:
    """Journals of layers that no QGIS holds any more, oldest first; empty ones are swept."""
    found = []
    for path, lock in _unheld(folder):
        lost = Lost(path, lock)
        try:
            _read(lost)
        except OSError:
            lock.unlock()
            continue
        if lost.layer and lost.features:
            found.append(lost)
        else:
            lost.discard()
    return found


def lost_counts(folder: Path) -> list[tuple[str, int]]:
    """The titles of the layers that `lost_objects` would give, and how many features they have:
    in a fraction of the time, and left to whoever wants them."""
    found = []
    for path, lock in _unheld(folder):
        with suppress(OSError):
            layer, count = _counted(path)
            if layer and count:
                found.append((Lost(path, lock, layer).title, count))
        lock.unlock()
    return found


def _unheld(folder: Path) -> Iterator[tuple[Path, QLockFile]]:
    """Journals with their locks, which are taken now, oldest first."""
    paths = []
    with suppress(OSError):
        for path in folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):  # it is gone already
                paths.append((path.stat().st_mtime, path))
    for _, path in sorted(paths):
        lock = lock_of(path)
        if lock.tryLock(0):
            yield path, lock


def _counted(path: Path) -> tuple[dict[str, Any], int]:
    """Raises OSError."""
    layer: dict[str, Any] = {}
    ids: set[int] = set()
    with path.open("rb") as file:
        for text in file:
            found = _OF_FEATURE.match(text) if text.endswith(b"}\n") else None
            line = {str(found["what"], "ascii"): int(found["id"])} if found else _parsed(text)
            if "gone" in line:
                ids.discard(line["gone"])
            elif "id" in line:
                ids.add(line["id"])
            elif "layer" in line:
                layer = line
    return layer, len(ids)


def _read(lost: Lost) -> None:
    """Raises OSError."""
    with lost.path.open("rb") as file:
        for text in file:
            line = _parsed(text)
            if "gone" in line:
                lost.features.pop(line["gone"], None)
            elif "id" in line:
                lost.features[line["id"]] = line
            elif "layer" in line:
                lost.layer = line


def _parsed(text: bytes) -> dict[str, Any]:
    """A line of a journal; empty for what the crash, or a full disk, has cut."""
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}
