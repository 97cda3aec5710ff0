"""`geosam:segmentprompts`: a layer of points or boxes becomes a layer of polygons."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDistanceArea,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingUtils,
    QgsWkbTypes,
)

from geosam_plugin.engine.process import EngineSession
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.sentences import what_happened
from geosam_plugin.field_types import double_field, integer_field, text_field
from geosam_plugin.geometry import from_base64
from geosam_plugin.processing.base import EngineAlgorithm, Results, translate
from geosam_plugin.processing.prompt_layers import BoxReader, LayerPrompt, PointReader
from geosam_plugin.processing.segment_parameters import (
    CANDIDATE,
    INPUT,
    LABEL_FIELD,
    LARGEST_PART,
    LEVEL,
    MIN_AREA,
    MIN_HOLE,
    OBJECT_FIELD,
    OUTPUT,
    SIMPLIFY,
    add_segment_parameters,
)

OF_ONE_PROMPT = frozenset(
    {
        "PromptError",
        "OutsideRasterError",
        "NoImageDataError",
        "NothingFoundError",
        "NotEncodedError",
        "CacheDamagedError",
        "ExtentError",
        "UsageError",
    }
)
"""Errors of the engine's that other prompts of the same layer need not meet."""

MAX_WARNINGS = 20
"""Of single prompts; of more, only the number is told."""

WGS84 = "EPSG:7030"


class SegmentPrompts(EngineAlgorithm):
    NAME = "segmentprompts"

    def displayName(self) -> str:
        return translate("GeoSAM", "Segment by points or boxes")

    def group(self) -> str:
        return translate("GeoSAM", "Segmentation")

    def groupId(self) -> str:
        return "segmentation"

    def shortDescription(self) -> str:
        return translate("GeoSAM", "Makes a polygon for every point, group of points or box.")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        add_segment_parameters(self)
        for name, description in (
            ("POLYGONS", translate("GeoSAM", "Number of polygons")),
            ("FAILED", translate("GeoSAM", "Number of prompts without a polygon")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, description))

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        problem = self.cache_problem(parameters, context)
        if problem is not None:
            return problem
        source = self.parameterAsSource(parameters, INPUT, context)
        if source is None:
            return self.invalidSourceError(parameters, INPUT)
        kind = QgsWkbTypes.geometryType(source.wkbType())
        if kind not in (
            QgsWkbTypes.GeometryType.PointGeometry,
            QgsWkbTypes.GeometryType.PolygonGeometry,
        ):
            return self.complaint(
                INPUT, translate("GeoSAM", "A layer of points or polygons is needed.")
            )
        for name in (LABEL_FIELD, OBJECT_FIELD):
            found = self.parameterAsString(parameters, name, context)
            if found and source.fields().lookupField(found) < 0:
                return self.complaint(
                    name, translate("GeoSAM", "The layer has no field “{}”.").format(found)
                )
        return None

    def execute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        engine: EngineSession,
    ) -> Results:
        cache = str(self.cache_path(parameters, context))
        described = engine.request("open", {"cache": cache})
        crs = QgsCoordinateReferenceSystem.fromWkt(described["crs_wkt"] or "")
        source = self.parameterAsSource(parameters, INPUT, context)
        prompts, problems = self._prompts(parameters, context, source, crs)
        fields = QgsProcessingUtils.combineFields(source.fields(), _result_fields())
        sink, layer_id = self.parameterAsSink(
            parameters, OUTPUT, context, fields, QgsWkbTypes.Type.MultiPolygon, crs
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, OUTPUT))
        failures = _Failures(feedback)
        for feature_id, sentence in problems:
            failures.add([feature_id], sentence)
        options = {"cache": cache, **self._options(parameters, context)}
        area = _area_measure(crs, context)
        polygons = 0
        for number, prompt in enumerate(prompts):
            if feedback.isCanceled():
                break
            try:
                answer = engine.request("predict", {**options, **prompt.params})
            except EngineError as error:
                if error.type not in OF_ONE_PROMPT:
                    raise
                failures.add(prompt.feature_ids, what_happened(error))
            else:
                for feature in _features(prompt, answer, described["model"], area, fields):
                    if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                        raise QgsProcessingException(
                            self.writeFeatureError(sink, parameters, OUTPUT)
                        )
                    polygons += 1
            feedback.setProgress(100 * (number + 1) / len(prompts))
        failures.conclude(polygons, was_cancelled=feedback.isCanceled())
        return {OUTPUT: layer_id, "POLYGONS": polygons, "FAILED": failures.count}

    def _prompts(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        source: QgsProcessingFeatureSource,
        crs: QgsCoordinateReferenceSystem,
    ) -> tuple[list[LayerPrompt], list[tuple[int, str]]]:
        """The objects, and what could not be made one of."""
        # Without a CRS on either side, coordinates are taken as they are.
        transform = QgsCoordinateTransform(source.sourceCrs(), crs, context.transformContext())
        if QgsWkbTypes.geometryType(source.wkbType()) == QgsWkbTypes.GeometryType.PolygonGeometry:
            boxes = BoxReader(transform)
            return list(boxes.read(source.getFeatures())), boxes.problems
        points = PointReader(
            transform,
            *(
                source.fields().lookupField(self.parameterAsString(parameters, name, context))
                for name in (LABEL_FIELD, OBJECT_FIELD)
            ),
        )
        return points.read(source.getFeatures()), points.problems

    def _options(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """What the worker is told besides the prompts."""
        level = None
        if self.is_given(parameters, LEVEL, context):
            level = self.parameterAsInt(parameters, LEVEL, context)
        return {
            "level": level,
            "candidate": self.parameterAsEnumString(parameters, CANDIDATE, context),
            "simplify_px": self.parameterAsDouble(parameters, SIMPLIFY, context),
            "min_area_px": self.parameterAsDouble(parameters, MIN_AREA, context),
            "min_hole_px": self.parameterAsDouble(parameters, MIN_HOLE, context),
            "largest_part_only": self.parameterAsBoolean(parameters, LARGEST_PART, context),
        }


class _Failures:
    """Prompts that gave no polygon: reported, counted, and fatal only when there is no other."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._first = ""
        self.count = 0

    def add(self, feature_ids: list[int], sentence: str) -> None:
        self.count += 1
        told = translate("GeoSAM", "Feature {}: {}").format(
            ", ".join(map(str, feature_ids)), sentence
        )
        self._first = self._first or told
        if self.count <= MAX_WARNINGS:
            self._feedback.pushWarning(told)

    def conclude(self, polygons: int, was_cancelled: bool) -> None:
        """Raises QgsProcessingException when all have failed."""
        if self.count and not polygons and not was_cancelled:
            raise QgsProcessingException(
                translate("GeoSAM", "No prompt gave a polygon. {}").format(self._first)
            )
        if self.count:
            self._feedback.pushWarning(
                translate("GeoSAM", "Prompts without a polygon, left out: {}.").format(self.count)
            )


def _result_fields() -> QgsFields:
    fields = QgsFields()
    for field in (
        double_field("score"),
        double_field("area_m2"),
        integer_field("n_include"),
        integer_field("n_exclude"),
        text_field("model"),
        integer_field("level"),
        integer_field("candidate"),
    ):
        fields.append(field)
    return fields


def _features(
    prompt: LayerPrompt,
    answer: dict[str, Any],
    model: str,
    area: QgsDistanceArea | None,
    fields: QgsFields,
) -> list[QgsFeature]:
    """The prompt's attributes, then those of `_result_fields`."""
    features = []
    for found in answer["objects"]:
        geometry: QgsGeometry = from_base64(found["wkb"])
        geometry.convertToMultiType()
        feature = QgsFeature(fields)
        feature.setGeometry(geometry)
        feature.setAttributes(
            [
                *prompt.attributes,
                found["score"],
                None if area is None else area.measureArea(geometry),
                len(prompt.include),
                len(prompt.exclude),
                model,
                answer["level"],
                found["candidate"],
            ]
        )
        features.append(feature)
    return features


def _area_measure(
    crs: QgsCoordinateReferenceSystem, context: QgsProcessingContext
) -> QgsDistanceArea | None:
    """Measures square metres on the project's ellipsoid; None for a raster without a CRS."""
    if not crs.isValid():
        return None
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, context.transformContext())
    chosen = context.ellipsoid()
    # A project may measure on the plane: in units that only it knows.
    measure.setEllipsoid(chosen if chosen and chosen != "NONE" else WGS84)
    return measure
