"""What the plugin puts into the edits of a layer that is kept in a file or a database: it is there
only once the edits are saved, and until then a crash would take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from qgis.core import QgsProviderRegistry, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal

from geosam_plugin.saving.journal import Journal


class EditJournal(Journal):
    """Holds the objects that are noted, as they are now, until the layer's edits are saved or
    discarded.

    changed: there may be another number of them
    """

    changed = pyqtSignal()

    def __init__(self, layer: QgsVectorLayer, folder: Path, parent: QObject | None = None) -> None:
        self._noted: dict[int, None] = {}  # which Journal's own beginning asks for already
        super().__init__(layer, folder, parent)
        layer.afterCommitChanges.connect(self._on_settled)
        layer.afterRollBack.connect(self._on_settled)

    @property
    def count(self) -> int:
        """Objects that the edits alone have."""
        if sip.isdeleted(self._layer):
            return 0
        return sum(self._is_unsaved(feature_id) for feature_id in self._noted)

    def note(self, ids: Iterable[int]) -> None:
        """Features that the plugin has just added or changed."""
        for feature_id in ids:
            self._noted[feature_id] = None
            self._on_changed(feature_id)

    def write_some(self) -> None:
        super().write_some()
        self.changed.emit()

    def keep(self) -> None:
        if self._noted:
            super().keep()
        else:
            self.forget()

    def _on_settled(self) -> None:
        self._noted.clear()
        if not self._is_over:
            self._empty()
        self.changed.emit()

    # --- what is journaled

    def _on_changed(self, feature_id: int, *_: object) -> None:
        if feature_id in self._noted:
            super()._on_changed(feature_id)

    def _on_fields(self) -> None:
        if self._noted:
            super()._on_fields()

    def _on_layer(self) -> None:
        if self._noted:
            super()._on_layer()

    def _all_ids(self) -> Iterable[int]:
        return self._noted

    def _layer_line(self) -> dict[str, Any]:
        return {**super()._layer_line(), "file": _file_name(self._layer)}

    def _lines(self, ids: list[int]) -> Iterator[dict[str, Any]]:
        """Without what is in the file already, and without values that the file alone can give."""
        provider = self._layer.dataProvider()
        clauses = {
            field.name(): provider.defaultValueClause(index)
            for index, field in enumerate(provider.fields())
        }
        for line in super()._lines(ids):
            if "id" in line and not self._is_unsaved(line["id"]):
                yield {"gone": line["id"]}
            else:
                values = line.get("values", {})
                for name, value in values.items():
                    if value is not None and value == clauses.get(name):
                        values[name] = None
                yield line

    def _is_unsaved(self, feature_id: int) -> bool:
        buffer = self._layer.editBuffer()
        if buffer is None:
            return False
        if self._layer.dataProvider().transaction() is not None:
            return bool(self._layer.isModified())  # its edits are in the database's transaction
        return bool(
            buffer.isFeatureAdded(feature_id)
            or buffer.isFeatureGeometryChanged(feature_id)
            or buffer.isFeatureAttributesChanged(feature_id)
        )


def _file_name(layer: QgsVectorLayer) -> str:
    """Of the file that the objects are not in yet; "" for one of a database."""
    found = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    return Path(str(found.get("path") or "")).name
