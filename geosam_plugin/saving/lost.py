"""Objects that were in memory alone and are gone, from their journals."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QLockFile

from geosam_plugin.saving.journal import SUFFIX, lock_of
from geosam_plugin.saving.journal_lines import feature_from, layer_from


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

    def restore(self) -> QgsVectorLayer:
        """A new memory layer that holds them, not yet part of a project."""
        layer = layer_from(self.layer)
        fields = layer.fields()
        layer.dataProvider().addFeatures(
            [feature_from(line, fields) for line in self.features.values()]
        )
        layer.updateExtents()
        return layer

    def discard(self) -> None:
        with suppress(OSError):
            self.path.unlink()
        self.lock.unlock()  # now nobody can find it any more


def lost_objects(folder: Path) -> list[Lost]:
    """Journals of layers that no QGIS holds any more, oldest first; empty ones are swept."""
    paths = []
    with suppress(OSError):
        for path in folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):  # it is gone already
                paths.append((path.stat().st_mtime, path))
    found = []
    for _, path in sorted(paths):
        lock = lock_of(path)
        if not lock.tryLock(0):
            continue
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


def _read(lost: Lost) -> None:
    """Raises OSError."""
    with lost.path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            try:
                line = json.loads(text)
            except ValueError:  # the crash, or a full disk, came while it was written
                continue
            if not isinstance(line, dict):
                continue
            if "gone" in line:
                lost.features.pop(line["gone"], None)
            elif "id" in line:
                lost.features[line["id"]] = line
            elif "layer" in line:
                lost.layer = line
