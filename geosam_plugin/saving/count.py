"""How many objects are saved: an object whose saving is undone is not."""

from __future__ import annotations

from functools import partial

from qgis.core import QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, pyqtSignal


class SavedCount(QObject):
    """Follows the undo stacks of the layers into which objects are saved."""

    changed = pyqtSignal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._for_good = 0
        self._layers: dict[str, _Layer] = {}

    @property
    def value(self) -> int:
        return self._for_good + sum(layer.count for layer in self._layers.values())

    def add(self, layer: QgsVectorLayer) -> None:
        """An object was saved by the last command of the layer."""
        known = self._layers.get(layer.id())
        if known is None:
            known = self._layers[layer.id()] = _Layer(layer)
            layer.undoStack().indexChanged.connect(partial(self._on_index, layer.id()))
            layer.willBeDeleted.connect(partial(self._on_deleted, layer.id()))
        known.add()
        self.changed.emit(self.value)

    def _on_index(self, layer_id: str, _index: int) -> None:
        if sip.isdeleted(self) or layer_id not in self._layers:
            return
        before = self.value
        known = self._layers[layer_id]
        if known.is_committed:
            self._for_good += known.count
            known.forget()
        else:
            known.look()
        if self.value != before:
            self.changed.emit(self.value)

    def _on_deleted(self, layer_id: str) -> None:
        if not sip.isdeleted(self) and layer_id in self._layers:
            self._for_good += self._layers.pop(layer_id).count


class _Layer:
    """count: of its commands in effect that saved an object"""

    def __init__(self, layer: QgsVectorLayer) -> None:
        self._stack = layer.undoStack()
        self._commands: list[tuple[int, int]] = []
        self.count = 0

    @property
    def is_committed(self) -> bool:
        """QGIS undoes what is rolled back, before it empties the stack."""
        return self._stack.count() == 0

    def add(self) -> None:
        last = self._stack.index() - 1
        self._commands.append((last, self._identity(last)))
        self.look()

    def look(self) -> None:
        """Commands that are undone lie beyond the stack's index, until others take their place."""
        self._commands = [
            (place, identity)
            for place, identity in self._commands
            if place < self._stack.count() and self._identity(place) == identity
        ]
        self.count = sum(place < self._stack.index() for place, _ in self._commands)

    def forget(self) -> None:
        self._commands = []
        self.count = 0

    def _identity(self, place: int) -> int:
        command = self._stack.command(place)
        return int(sip.unwrapinstance(command)) if command is not None else 0
