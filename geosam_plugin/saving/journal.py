"""A memory layer's objects, written down as they are saved: QGIS may crash, and a memory layer
may be removed by mistake.

One file of JSON lines per layer under the user's profile: what the layer is, then one line for
each feature that came, changed or went. While the layer lives, a lock file tells so.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsFeatureRequest, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QLockFile, QObject, QTimer, pyqtSignal

from geosam_plugin.saving.journal_lines import feature_line, layer_line

SUFFIX = ".jsonl"

AT_ONCE = 50
"""Features written in one go, in some 5 ms: a layer may bring, or the user change, thousands."""

STYLE_RESTS_MS = 1000
"""A style changes with every step of a slider."""


def journal_folder() -> Path:
    return Path(QgsApplication.qgisSettingsDirPath()) / "geosam" / "journal"


class Journal(QObject):
    """Writes down what comes into a memory layer, until `forget` or `keep`.

    Writing begins once the event loop is back: what many features have in common is written at
    once, and nobody has to wait for the disk.

    failed: why nothing is written any more; has_failed: whether that was told
    """

    failed = pyqtSignal(str)

    def __init__(self, layer: QgsVectorLayer, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._layer = layer
        self._lock: QLockFile | None = None
        self._is_over = False
        self._changed: dict[int, None] = {}  # ids, in the order in which they came
        self._soon = _timer(self, 0, self.write_some)
        self._later = _timer(self, STYLE_RESTS_MS, self._write_layer)
        self._has_layer = False
        self.has_failed = False
        layer.featureAdded.connect(self._on_changed)
        layer.featureDeleted.connect(self._on_changed)
        layer.geometryChanged.connect(self._on_changed)
        layer.attributeValueChanged.connect(self._on_changed)
        layer.updatedFields.connect(self._on_fields)
        for signal in (layer.styleChanged, layer.nameChanged, layer.crsChanged):
            signal.connect(self._on_layer)
        self._on_fields()

    @property
    def is_behind(self) -> bool:
        """Whether features are still to be written."""
        return not self._is_over and (bool(self._changed) or not self._has_layer)

    def flush(self) -> None:
        """Write all that is still to be written."""
        while self.is_behind:
            self.write_some()
        if self._later.isActive():
            self._write_layer()

    def write_some(self) -> None:
        """A part of it that takes no longer than a frame."""
        if sip.isdeleted(self._layer):
            self._end()
            return
        if not self._has_layer:
            self._has_layer = True
            self._write([self._layer_line()])
            self._changed.update(dict.fromkeys(self._all_ids()))
        ids = list(islice(self._changed, AT_ONCE))
        for feature_id in ids:
            del self._changed[feature_id]
        self._write(self._lines(ids))
        if self._changed:
            self._soon.start()

    def forget(self) -> None:
        """The objects are safe elsewhere, or not wanted."""
        self._stop()
        self._remove()
        self._end()

    def keep(self) -> None:
        """Write no more, and leave what is written for `lost_objects`."""
        self.flush()
        self._end()

    def _stop(self) -> None:
        self._is_over = True
        self._changed.clear()
        self._soon.stop()
        self._later.stop()

    def _end(self) -> None:
        self._stop()
        self._unlock()

    def _empty(self) -> None:
        """There is nothing to be kept for now."""
        self._changed.clear()
        self._soon.stop()
        self._later.stop()
        self._has_layer = False
        self._remove()
        self._unlock()

    def _remove(self) -> None:
        with suppress(OSError):  # then it is offered as lost: better than the other way round
            self.path.unlink(missing_ok=True)

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    # --- the layer

    def _on_changed(self, feature_id: int, *_: object) -> None:
        if not self._is_over:
            self._changed.pop(feature_id, None)
            self._changed[feature_id] = None
            self._soon.start()

    def _on_fields(self) -> None:
        """Values are written by their fields' names: all of them anew."""
        if not self._is_over:
            self._has_layer = False
            self._soon.start()  # the layer may be in the midst of a change

    def _on_layer(self) -> None:
        if not self._is_over:
            self._later.start()

    # --- the file

    def _write_layer(self) -> None:
        self._later.stop()
        if not sip.isdeleted(self._layer):
            self._write([self._layer_line()])

    def _layer_line(self) -> dict[str, Any]:
        return layer_line(self._layer)

    def _all_ids(self) -> Iterable[int]:
        return self._layer.allFeatureIds()

    def _lines(self, ids: list[int]) -> Iterator[dict[str, Any]]:
        gone = dict.fromkeys(ids)
        for feature in self._layer.getFeatures(QgsFeatureRequest(ids)):
            gone.pop(feature.id(), None)
            yield feature_line(feature)
        for feature_id in gone:
            yield {"gone": feature_id}

    def _write(self, lines: Iterable[dict[str, Any]]) -> None:
        if self._is_over:
            return
        text = "".join(json.dumps(line) + "\n" for line in lines)
        try:
            if self._lock is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._lock = lock_of(self.path)
                self._lock.tryLock(0)
            with self.path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            self.has_failed = True
            self._stop()  # and stay locked: the layer is not lost yet
            self.failed.emit(error.strerror or str(error))


def lock_of(path: Path) -> QLockFile:
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # stale when its process is gone, however old it is
    return lock


def _timer(parent: QObject, interval_ms: int, slot: Any) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(slot)
    return timer
