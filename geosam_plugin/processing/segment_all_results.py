"""What `geosam:segmentall` gives: a feature for each object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qgis.core import QgsFeature, QgsFields
from qgis.PyQt.QtCore import QDateTime

from geosam_plugin.field_types import (
    double_field,
    integer_field,
    text_field,
    time_field,
)
from geosam_plugin.geometry import AreaMeasure
from geosam_plugin.raster_axes import RasterAxes


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
