"""The lines of a journal: JSON for a layer and for its features, and back."""

from __future__ import annotations

import base64
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QByteArray, QDate, QDateTime, Qt, QTime
from qgis.PyQt.QtXml import QDomDocument

from geosam_plugin.field_types import field_of, kind_of, stored_fields


def layer_line(layer: QgsVectorLayer) -> dict[str, Any]:
    """What the layer is, but for its features."""
    style = QDomDocument()
    layer.exportNamedStyle(style)
    return {
        "layer": layer.name(),
        "crs": layer.crs().toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019),
        "type": QgsWkbTypes.displayString(layer.wkbType()),
        "fields": [[field.name(), kind_of(field)] for _, field in stored_fields(layer.fields())],
        "style": style.toString(-1),
    }


def layer_from(line: dict[str, Any]) -> QgsVectorLayer:
    """An empty memory layer."""
    layer = QgsVectorLayer(line["type"], line["layer"], "memory")
    layer.dataProvider().addAttributes([field_of(name, kind) for name, kind in line["fields"]])
    layer.updateFields()
    style = QDomDocument()
    style.setContent(line["style"])
    layer.importNamedStyle(style)
    layer.setCrs(QgsCoordinateReferenceSystem.fromWkt(line["crs"]))
    return layer


def feature_line(feature: QgsFeature) -> dict[str, Any]:
    geometry = feature.geometry()
    values = feature.attributes()
    return {
        "id": feature.id(),
        "wkb": None if geometry.isNull() else base64.b64encode(bytes(geometry.asWkb())).decode(),
        "values": {
            field.name(): _to_json(values[index])
            for index, field in stored_fields(feature.fields())
        },
    }


def feature_from(line: dict[str, Any], fields: QgsFields) -> QgsFeature:
    feature = QgsFeature(fields)
    if line["wkb"] is not None:
        geometry = QgsGeometry()
        geometry.fromWkb(base64.b64decode(line["wkb"]))
        feature.setGeometry(geometry)
    for name, value in line["values"].items():
        index = fields.indexOf(name)
        if index >= 0:
            feature.setAttribute(index, _from_json(fields[index], value))
    return feature


def _to_json(value: Any) -> Any:
    if isinstance(value, (QDateTime, QTime)) and value.isValid():
        return value.toString(Qt.DateFormat.ISODateWithMs)
    if isinstance(value, QDate) and value.isValid():
        return value.toString(Qt.DateFormat.ISODate)
    if isinstance(value, (QByteArray, bytes)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, dict):
        return {"map": {str(key): _to_json(part) for key, part in value.items()}}
    if isinstance(value, list):
        return [_to_json(part) for part in value]
    return value if isinstance(value, (str, int, float)) else None


def _from_json(field: QgsField, value: Any) -> Any:
    plain = _plain(value)
    if plain is None:
        return None
    try:
        return field.convertCompatible(plain)  # a text becomes a time where the field says so
    except ValueError:
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict) and "bytes" in value:
        return QByteArray(base64.b64decode(value["bytes"]))
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value["map"].items()}
    return value
