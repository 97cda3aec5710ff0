"""Fields of layers, under the names that Qt 5's and Qt 6's QGIS have for their types."""

from __future__ import annotations

from qgis.core import Qgis, QgsField
from qgis.PyQt.QtCore import QMetaType, QVariant

if Qgis.QGIS_VERSION_INT >= 33800:  # QVariant's types are deprecated there, and Qt 6 has none
    _INTEGER, _DOUBLE, _TEXT = QMetaType.Type.Int, QMetaType.Type.Double, QMetaType.Type.QString
else:
    _INTEGER, _DOUBLE, _TEXT = QVariant.Type.Int, QVariant.Type.Double, QVariant.Type.String


def integer_field(name: str) -> QgsField:
    return QgsField(name, _INTEGER)


def double_field(name: str) -> QgsField:
    return QgsField(name, _DOUBLE)


def text_field(name: str) -> QgsField:
    return QgsField(name, _TEXT)
