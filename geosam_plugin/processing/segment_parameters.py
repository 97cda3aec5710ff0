"""The parameters of `geosam:segmentprompts`."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin import option_defaults as defaults
from geosam_plugin.processing.base import EngineAlgorithm

translate = QCoreApplication.translate

INPUT, LABEL_FIELD, OBJECT_FIELD, OUTPUT = "INPUT", "LABEL_FIELD", "OBJECT_FIELD", "OUTPUT"
CANDIDATE, LEVEL, SIMPLIFY = "CANDIDATE", "LEVEL", "SIMPLIFY"
MIN_AREA, MIN_HOLE, LARGEST_PART = "MIN_AREA", "MIN_HOLE", "LARGEST_PART"
RIGHT_ANGLES = "RIGHT_ANGLES"

CANDIDATES = ("auto", "single", "best", "all")


def add_segment_parameters(algorithm: EngineAlgorithm) -> None:
    _add_inputs(algorithm)
    _add_options(algorithm)
    add_right_angles(algorithm)
    algorithm.addParameter(
        QgsProcessingParameterFeatureSink(
            OUTPUT,
            translate("GeoSAM", "Polygons"),
            QgsProcessing.SourceType.TypeVectorPolygon,
        )
    )


def add_right_angles(algorithm: EngineAlgorithm) -> None:
    algorithm.add(
        QgsProcessingParameterBoolean(
            RIGHT_ANGLES,
            translate("GeoSAM", "Right angles"),
            defaultValue=defaults.RIGHT_ANGLES,
        ),
        translate(
            "GeoSAM",
            "For buildings: outlines that are nearly rectangular get right angles only; all others "
            "stay as they are.",
        ),
    )


def _add_inputs(algorithm: EngineAlgorithm) -> None:
    algorithm.add(
        QgsProcessingParameterFeatureSource(
            INPUT,
            translate("GeoSAM", "Points or boxes"),
            [
                QgsProcessing.SourceType.TypeVectorPoint,
                QgsProcessing.SourceType.TypeVectorPolygon,
            ],
        ),
        translate(
            "GeoSAM",
            "A point layer, or a polygon layer, of which the extents are the boxes; in any CRS.",
        ),
    )
    algorithm.add_cache()
    algorithm.add(
        _field(LABEL_FIELD, translate("GeoSAM", "Include/exclude field")),
        translate(
            "GeoSAM",
            "For points: include, +, 1, true or nothing for what belongs to the object; "
            "exclude, -, 0 or false for what does not.",
        ),
    )
    algorithm.add(
        _field(OBJECT_FIELD, translate("GeoSAM", "Object field")),
        translate(
            "GeoSAM",
            "For points: those with the same value are one object. Without it, every feature "
            "is one.",
        ),
    )


def _add_options(algorithm: EngineAlgorithm) -> None:
    algorithm.add_advanced(
        QgsProcessingParameterEnum(
            CANDIDATE,
            translate("GeoSAM", "Candidate"),
            options=list(CANDIDATES),
            defaultValue=CANDIDATES[0],
            usesStaticStrings=True,
        ),
        translate(
            "GeoSAM",
            "auto: the best-scored of three for a single point, else the single one; single, "
            "best: that one always; all: up to three polygons for each prompt.",
        ),
    )
    algorithm.add_advanced(
        QgsProcessingParameterNumber(
            LEVEL,
            translate("GeoSAM", "Level"),
            QgsProcessingParameterNumber.Type.Integer,
            optional=True,
            minValue=0,
        ),
        translate(
            "GeoSAM",
            "Which level of the cache answers, 0 being the finest. When empty, that which "
            "suits a box's size, and the finest for points.",
        ),
    )
    for name, description, default, help_text in (
        (SIMPLIFY, translate("GeoSAM", "Simplify"), defaults.SIMPLIFY_PX,
         translate("GeoSAM", "Tolerance in pixels.")),
        (MIN_AREA, translate("GeoSAM", "Smallest part"), defaults.MIN_AREA_PX,
         translate("GeoSAM", "Smaller ones are left out, in square pixels.")),
        (MIN_HOLE, translate("GeoSAM", "Smallest hole"), defaults.MIN_HOLE_PX,
         translate("GeoSAM", "Smaller ones are filled, in square pixels.")),
    ):  # fmt: skip
        algorithm.add_advanced(
            QgsProcessingParameterNumber(
                name,
                description,
                QgsProcessingParameterNumber.Type.Double,
                defaultValue=default,
                minValue=0,
            ),
            help_text,
        )
    algorithm.add_advanced(
        QgsProcessingParameterBoolean(
            LARGEST_PART,
            translate("GeoSAM", "Largest part only"),
            defaultValue=defaults.LARGEST_PART_ONLY,
        ),
        translate("GeoSAM", "One part for each object, never several."),
    )


def _field(name: str, description: str) -> QgsProcessingParameterField:
    return QgsProcessingParameterField(
        name, description, parentLayerParameterName=INPUT, optional=True
    )
