"""`geosam:segmentprompts`: a layer of points or boxes becomes a layer of polygons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsWkbTypes,
)

from geosam_plugin.engine.process import EngineSession
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.sentences import what_happened
from geosam_plugin.geometry import AreaMeasure, crs_text
from geosam_plugin.processing.asking_order import LayerOrder, Places, by_place
from geosam_plugin.processing.base import CACHE, OF_CACHES, EngineAlgorithm, Results, translate
from geosam_plugin.processing.progress import told, until_cancelled
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
    RIGHT_ANGLES,
    SIMPLIFY,
    add_segment_parameters,
)
from geosam_plugin.processing.segment_results import (
    Failure,
    Failures,
    ResultFeatures,
    output_fields,
)
from geosam_plugin.raster_axes import RasterAxes
from geosam_plugin.result_fields import Source

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


class SegmentPrompts(EngineAlgorithm):
    NAME = "segmentprompts"
    BLAMED: ClassVar = dict.fromkeys(OF_CACHES, CACHE)

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
        fields = output_fields(source.fields())
        sink, layer_id = self.parameterAsSink(
            parameters, OUTPUT, context, fields, QgsWkbTypes.Type.MultiPolygon, crs
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, OUTPUT))
        options = self._options(parameters, context)
        axes = RasterAxes.of_cache(described)
        features = ResultFeatures(
            fields,
            axes,
            Source(described["raster"], described["model"], crs_text(crs), options),
            AreaMeasure(crs, context.transformContext(), context.ellipsoid()),
        )
        order, failures, polygons = LayerOrder(), Failures(feedback), 0
        # Without a CRS on either side, coordinates are taken as they are.
        transform = QgsCoordinateTransform(source.sourceCrs(), crs, context.transformContext())
        prompts, total = self._prompts(parameters, context, feedback, source, transform, order)
        places = Places.of(described, options.get("level"))
        in_places = by_place(
            order.numbered(prompts), lambda one: places(axes.params(one[1].params))
        )
        asked = {"cache": cache, **options}
        asked["candidate"] = self.parameterAsEnumString(parameters, CANDIDATE, context)
        for number, prompt in told(in_places, total, feedback):
            try:
                answer = engine.request("predict", {**asked, **axes.params(prompt.params)})
                order.put(number, features.of(prompt, answer))
            except EngineError as error:
                if error.type == "Cancelled" and feedback.isCanceled():
                    break
                if error.type not in OF_ONE_PROMPT:
                    raise
                order.put(number, Failure(prompt.feature_ids, what_happened(error)))
            polygons += self._write(order.ready(), sink, failures, parameters)
        polygons += self._write(order.rest(), sink, failures, parameters)
        self.name_later(layer_id, described)
        failures.conclude(polygons, was_cancelled=feedback.isCanceled())
        return {OUTPUT: layer_id, "POLYGONS": polygons, "FAILED": failures.count}

    def _write(
        self,
        outcomes: Iterable[Failure | list[QgsFeature]],
        sink: QgsFeatureSink,
        failures: Failures,
        parameters: dict[str, Any],
    ) -> int:
        """How many polygons were written."""
        polygons = 0
        for outcome in outcomes:
            if isinstance(outcome, Failure):
                failures.add(outcome)
                continue
            for feature in outcome:
                if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                    raise QgsProcessingException(self.writeFeatureError(sink, parameters, OUTPUT))
                polygons += 1
        return polygons

    def _prompts(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        source: QgsProcessingFeatureSource,
        transform: QgsCoordinateTransform,
        order: LayerOrder,
    ) -> tuple[Iterable[LayerPrompt], int]:
        """The objects, read as they are wanted: there may be millions. Only points that belong
        together have to be read before. And how many there are at most, -1 where nobody knows.

        transform: to the raster's CRS; order: gets what cannot be used
        """

        def on_problem(feature_ids: list[int], sentence: str) -> None:
            order.put(order.draw(), Failure(feature_ids, sentence))

        # Of a polygon only the extent counts.
        features = until_cancelled(
            source.getFeatures(
                QgsFeatureRequest(), QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
            ),
            feedback,
        )
        if QgsWkbTypes.geometryType(source.wkbType()) == QgsWkbTypes.GeometryType.PolygonGeometry:
            return BoxReader(transform, on_problem).read(features), source.featureCount()
        label, group = (
            source.fields().lookupField(self.parameterAsString(parameters, name, context))
            for name in (LABEL_FIELD, OBJECT_FIELD)
        )
        points = PointReader(transform, on_problem, label)
        if group < 0:
            return points.read(features), source.featureCount()
        objects = points.read_groups(features, group)
        return objects, len(objects)

    def _options(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """How objects are found and outlined, as the worker's `predict` takes it."""
        options = {
            "simplify_px": self.parameterAsDouble(parameters, SIMPLIFY, context),
            "min_area_px": self.parameterAsDouble(parameters, MIN_AREA, context),
            "min_hole_px": self.parameterAsDouble(parameters, MIN_HOLE, context),
            "largest_part_only": self.parameterAsBoolean(parameters, LARGEST_PART, context),
            "right_angles": self.parameterAsBoolean(parameters, RIGHT_ANGLES, context),
        }
        if self.is_given(parameters, LEVEL, context):
            options["level"] = self.parameterAsInt(parameters, LEVEL, context)
        return options
