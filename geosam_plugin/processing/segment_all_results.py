"""What segmenting everything gives, from the toolbox and from the dock: a feature for each object,
a layer with a colour for each, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFields,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QDateTime

from geosam_plugin.field_types import (
    double_field,
    integer_field,
    text_field,
    time_field,
)
from geosam_plugin.geometry import AreaMeasure
from geosam_plugin.paths import resource
from geosam_plugin.raster_axes import RasterAxes

translate = QCoreApplication.translate


def object_fields() -> QgsFields:
    """id: the object's number in label rasters; class: of the raster of classes"""
    fields = QgsFields()
    for field in (
        integer_field("id"),
        integer_field("class"),
        double_field("score"),
        double_field("stability"),
        double_field("area_m2"),
        text_field("model"),
        integer_field("level"),
        text_field("raster"),
        time_field("created"),
    ):
        fields.append(field)
    return fields


@dataclass(frozen=True)
class ObjectFeatures:
    """raster, model: of the cache"""

    axes: RasterAxes
    raster: str
    model: str
    area: AreaMeasure

    def of(self, found: dict[str, Any]) -> QgsFeature:
        """found: what the worker's `segment_all` tells of an object"""
        geometry = self.axes.geometry(found["wkb"])
        geometry.convertToMultiType()
        feature = QgsFeature(object_fields())
        feature.setGeometry(geometry)
        feature.setAttributes(
            [
                found["number"],
                found["class"],
                round(found["score"], 4),
                round(found["stability"], 4),
                self.area.square_metres(geometry),
                self.model,
                found["level"],
                self.raster,
                QDateTime.currentDateTime(),
            ]
        )
        return feature


def style_by_object(layer: QgsVectorLayer) -> None:
    """One colour for each object, 35 % opaque, small ones on top."""
    layer.loadNamedStyle(str(resource("styles", "segments.qml")))
    layer.triggerRepaint()


def say_progress(done: int, total: int, objects: int) -> str:
    return translate("GeoSAM", "Patches: {done} of {total}; objects: {objects}").format(
        done=done, total=total, objects=objects
    )


def say_missing(patches: int) -> str:
    return translate("GeoSAM", "Patches that are not encoded, left out: {}.").format(patches)
