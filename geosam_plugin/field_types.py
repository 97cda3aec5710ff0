"""Fields of layers, under the names that Qt 5's and Qt 6's QGIS have for their types."""

from __future__ import annotations

from typing import Any

from qgis.core import Qgis, QgsField, QgsFields
from qgis.PyQt.QtCore import QMetaType, QVariant

if Qgis.QGIS_VERSION_INT >= 33800:  # QVariant's types are deprecated there, and Qt 6 has none
    _TYPES = QMetaType.Type
    _TEXT, _TIME = _TYPES.QString, _TYPES.QDateTime
    _STORED = (Qgis.FieldOrigin.Provider, Qgis.FieldOrigin.Edit)
else:
    _TYPES = QVariant.Type
    _TEXT, _TIME = _TYPES.String, _TYPES.DateTime
    _STORED = (QgsFields.FieldOrigin.OriginProvider, QgsFields.FieldOrigin.OriginEdit)
_INTEGER, _LONG, _DOUBLE = _TYPES.Int, _TYPES.LongLong, _TYPES.Double

WHOLE_NUMBERS = (_TYPES.Int, _TYPES.UInt, _TYPES.LongLong, _TYPES.ULongLong)


def integer_field(name: str) -> QgsField:
    return QgsField(name, _INTEGER)


def long_field(name: str) -> QgsField:
    return QgsField(name, _LONG)


def double_field(name: str) -> QgsField:
    return QgsField(name, _DOUBLE)


def text_field(name: str) -> QgsField:
    return QgsField(name, _TEXT)


def time_field(name: str) -> QgsField:
    return QgsField(name, _TIME)


def stored_fields(fields: QgsFields) -> list[tuple[int, QgsField]]:
    """The layer's own fields by index: joined and virtual ones belong to others."""
    return [(i, field) for i, field in enumerate(fields) if fields.fieldOrigin(i) in _STORED]


def field_of(name: str, kind: list[Any]) -> QgsField:
    """A field by what `kind_of` told."""
    number, subtype, type_name, length, precision = kind
    return QgsField(name, _TYPES(number), type_name, length, precision, "", _TYPES(subtype))


def kind_of(field: QgsField) -> list[Any]:
    """A field's type, as JSON can say it."""
    return [
        _number(field.type()), _number(field.subType()), field.typeName(), field.length(),
        field.precision(),
    ]  # fmt: skip


def _number(kind: Any) -> int:
    """Qt 5 has a number for it, Qt 6 an Enum."""
    return int(getattr(kind, "value", kind))
