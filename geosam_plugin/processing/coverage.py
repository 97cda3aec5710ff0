"""What is encoded and what is not, as a layer: one rectangle for each patch."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsWkbTypes,
)

from geosam_plugin.field_types import double_field, integer_field, text_field
from geosam_plugin.processing.base import COVERAGE
from geosam_plugin.raster_axes import RasterAxes


def coverage_fields() -> QgsFields:
    """status: "present", "empty" for a patch that has no pixels, or "missing" for one that is not
    encoded; pixel_size: of its level, in the units of the raster's CRS"""
    fields = QgsFields()
    for field in (
        integer_field("level"),
        integer_field("row"),
        integer_field("col"),
        text_field("status"),
        double_field("pixel_size"),
    ):
        fields.append(field)
    return fields


COVERAGE_WANTED = {"patches": True, "missing": True}
"""What `open` has to be asked for it."""


def write_coverage(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    described: dict[str, Any],
    crs: QgsCoordinateReferenceSystem,
) -> str | None:
    """Write the patches that `open` has listed into the sink COVERAGE; returns its layer's id.

    crs: what the raster's coordinates are in
    """
    fields = coverage_fields()
    sink, layer_id = algorithm.parameterAsSink(
        parameters, COVERAGE, context, fields, QgsWkbTypes.Type.Polygon, crs
    )
    if sink is None:
        raise QgsProcessingException(algorithm.invalidSinkError(parameters, COVERAGE))
    axes = RasterAxes.of_cache(described)
    sizes = {level["level"]: level["pixel_size"][0] for level in described["levels"]}
    for patch in described["patches"]:
        feature = QgsFeature(fields)
        feature.setGeometry(axes.geometry(patch["wkb"]))
        level = patch["level"]
        feature.setAttributes([level, patch["row"], patch["col"], patch["status"], sizes[level]])
        if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            raise QgsProcessingException(algorithm.writeFeatureError(sink, parameters, COVERAGE))
    return layer_id
