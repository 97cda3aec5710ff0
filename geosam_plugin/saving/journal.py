"""A memory layer's objects, written down as they are saved: QGIS may crash, and a memory layer
may be removed by mistake.

One file of JSON lines per layer under the user's profile: what the layer is, then one line for
each feature that came, changed or went. While the layer lives, a lock file tells so.
"""

from __future__ import annotations

import base64
import json
import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDateTime, QLockFile, QObject, Qt

from geosam_plugin.saving.layers import new_layer

SUFFIX = ".jsonl"


def journal_folder() -> Path:
    return Path(QgsApplication.qgisSettingsDirPath()) / "geosam" / "journal"


@dataclass
class Lost:
    """Objects of a layer that is gone: by feature id, geometry (WKB) and values by field name."""

    path: Path
    lock: QLockFile
    name: str = ""
    crs: str = ""
    objects: dict[int, tuple[bytes, dict[str, Any]]] = field(default_factory=dict)

    def restore(self) -> QgsVectorLayer:
        """A new memory layer that holds them, not yet part of a project."""
        layer = new_layer(QgsCoordinateReferenceSystem.fromWkt(self.crs), self.name)
        features = []
        for wkb, values in self.objects.values():
            feature = QgsFeature(layer.fields())
            geometry = QgsGeometry()
            geometry.fromWkb(wkb)
            feature.setGeometry(geometry)
            for name, value in values.items():
                if layer.fields().indexOf(name) >= 0:
                    feature[name] = _from_json(name, value)
            features.append(feature)
        layer.dataProvider().addFeatures(features)
        layer.updateExtents()
        return layer

    def discard(self) -> None:
        self.lock.unlock()
        self.path.unlink(missing_ok=True)


def lost_objects(folder: Path) -> list[Lost]:
    """Journals of layers that no QGIS holds any more, oldest first; empty ones are swept."""
    found = []
    if not folder.is_dir():
        return []
    for path in sorted(folder.glob(f"*{SUFFIX}"), key=lambda p: p.stat().st_mtime):
        lock = _lock_of(path)
        if not lock.tryLock(0):
            continue
        lost = Lost(path, lock)
        _read(lost)
        if lost.objects:
            found.append(lost)
        else:
            lost.discard()
    return found


class Journal(QObject):
    """Writes down what comes into a memory layer, until `forget` or `keep`."""

    def __init__(self, layer: QgsVectorLayer, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._layer = layer
        self._lock = _lock_of(self.path)
        self._lock.tryLock(0)
        wkt = layer.crs().toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019)
        self._write({"name": layer.name(), "crs": wkt})
        for feature in layer.getFeatures():
            self._put(feature)
        layer.featureAdded.connect(self._on_added)
        layer.featureDeleted.connect(self._on_deleted)
        layer.geometryChanged.connect(self._on_changed)
        layer.attributeValueChanged.connect(self._on_changed)

    def forget(self) -> None:
        """The objects are safe elsewhere, or not wanted."""
        self.keep()
        self.path.unlink(missing_ok=True)

    def keep(self) -> None:
        """Write no more, and leave what is written for `lost_objects`."""
        if self._lock.isLocked():
            self._lock.unlock()
        self.blockSignals(True)
        self._layer = None

    def _on_added(self, feature_id: int) -> None:
        if self._layer is not None:
            self._put(self._layer.getFeature(feature_id))

    def _on_changed(self, feature_id: int, *_: object) -> None:
        self._on_added(feature_id)

    def _on_deleted(self, feature_id: int) -> None:
        if self._layer is not None:
            self._write({"gone": feature_id})

    def _put(self, feature: QgsFeature) -> None:
        if not feature.isValid() or not feature.hasGeometry():
            return
        self._write(
            {
                "id": feature.id(),
                "wkb": base64.b64encode(bytes(feature.geometry().asWkb())).decode(),
                "values": {
                    name: _to_json(value)
                    for name, value in zip(feature.fields().names(), feature.attributes())
                },
            }
        )

    def _write(self, line: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + os.linesep)


def _lock_of(path: Path) -> QLockFile:
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # stale when its process is gone, however old it is
    return lock


def _read(lost: Lost) -> None:
    with lost.path.open(encoding="utf-8") as file:
        for text in file:
            try:
                line = json.loads(text)
            except ValueError:  # the crash came while it was written
                continue
            if "gone" in line:
                lost.objects.pop(line["gone"], None)
            elif "id" in line:
                lost.objects[line["id"]] = (base64.b64decode(line["wkb"]), line["values"])
            elif "crs" in line:
                lost.name, lost.crs = line["name"], line["crs"]


def _to_json(value: Any) -> Any:
    if isinstance(value, QDateTime):
        return value.toString(Qt.DateFormat.ISODateWithMs)
    return value if isinstance(value, (str, int, float)) else None


def _from_json(name: str, value: Any) -> Any:
    if name == "created" and value is not None:
        return QDateTime.fromString(value, Qt.DateFormat.ISODateWithMs)
    return value
