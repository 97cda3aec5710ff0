"""Layers with a journal, as a crash leaves it behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsVectorLayer
from qgis.PyQt.QtCore import QByteArray, QDate, QDateTime, Qt, QTime
from qgis_window import wait_for

from geosam_plugin.saving.journal_lines import layer_from
from geosam_plugin.saving.keeper import Keeper
from geosam_plugin.saving.lost import Lost, lost_objects
from geosam_plugin.saving.restoring import fill

UTM = QgsCoordinateReferenceSystem("EPSG:32633")

OTHER = (
    "PolygonZ?crs=EPSG:3857&field=name:string(20)&field=day:date&field=at:time"
    "&field=when:datetime&field=ok:boolean&field=big:long&field=raw:binary"
    "&field=words:string[]&field=share:double(10,3)"
)
WHEN = QDateTime(QDate(2024, 2, 29), QTime(23, 59, 58, 765), Qt.TimeSpec.UTC)
VALUES: dict[str, Any] = {
    "name": "Straße 1",
    "day": QDate(2024, 2, 29),
    "at": QTime(1, 2, 3, 4),
    "when": WHEN,
    "ok": True,
    "big": 2**40,
    "raw": QByteArray(b"\x00\xff"),
    "words": ["a", "b"],
    "share": 0.125,
}


def add(layer: QgsVectorLayer, x: float = 0, **values: Any) -> QgsFeature:
    feature = QgsFeature(layer.fields())
    feature.setGeometry(
        QgsGeometry.fromWkt(f"Polygon(({x} 0, {x + 5} 0, {x + 5} 5, {x} 5, {x} 0))")
    )
    for name, value in values.items():
        feature[name] = value
    layer.startEditing()
    assert layer.addFeature(feature)
    return feature


def the_lost(folder: Path) -> Lost:
    (lost,) = lost_objects(folder)
    return lost


def restored_from(lost: Lost) -> QgsVectorLayer:
    layer = layer_from(lost.layer)
    for _ in fill(layer, lost):
        pass
    return layer


def brought_back(keeper: Keeper) -> list[QgsVectorLayer]:
    told: list[list[QgsVectorLayer]] = []
    keeper.restore(on_done=told.append)
    wait_for(lambda: bool(told))
    return told[0]
