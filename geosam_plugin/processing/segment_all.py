"""`geosam:segmentall`: everything in an encoded raster becomes a layer of polygons."""

from __future__ import annotations

from typing import Any, ClassVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingUtils,
    QgsVectorFileWriter,
    QgsWkbTypes,
)

from geosam_plugin.engine.process import EngineSession
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.geometry import AreaMeasure
from geosam_plugin.processing.base import CACHE, OF_CACHES, EngineAlgorithm, Results, translate
from geosam_plugin.processing.finishing import finish_later
from geosam_plugin.processing.progress import tell
from geosam_plugin.processing.segment_all_parameters import (
    ALL_PARTS,
    BY_PRESET,
    CLASSES,
    EXTENT,
    LEVEL,
    MASK,
    MAX_AREA,
    MIN_AREA,
    OUTPUT,
    PRESET,
    RASTER,
    RASTERS,
    REAL,
    SIMPLIFY,
    SWITCHES,
    WHOLE,
    YES,
    add_segment_all_parameters,
)
from geosam_plugin.processing.segment_all_results import (
    ObjectFeatures,
    object_fields,
    say_missing,
    say_progress,
    style_by_object,
)
from geosam_plugin.processing.segment_parameters import RIGHT_ANGLES
from geosam_plugin.raster_axes import RasterAxes
from geosam_plugin.raster_file import raster_file, say_not_a_file


class SegmentAll(EngineAlgorithm):
    NAME = "segmentall"
    BLAMED: ClassVar = dict.fromkeys(OF_CACHES, CACHE)

    def displayName(self) -> str:
        return translate("GeoSAM", "Segment everything")

    def group(self) -> str:
        return translate("GeoSAM", "Segmentation")

    def groupId(self) -> str:
        return "segmentation"

    def shortDescription(self) -> str:
        return translate("GeoSAM", "Makes a polygon for every object of an encoded raster.")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        add_segment_all_parameters(self)
        self.addOutput(
            QgsProcessingOutputNumber("POLYGONS", translate("GeoSAM", "Number of polygons"))
        )

    def advice(self) -> dict[str, str]:
        return {
            "NothingFoundError": translate(
                "GeoSAM", "Lower the least score and the least stability, or take another level."
            ),
        }

    # --- what may be wrong

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        problem = self.cache_problem(parameters, context)
        if problem is not None:
            return problem
        for name in (CLASSES, RASTER):
            if self.is_given(parameters, name, context):
                layer = self.parameterAsRasterLayer(parameters, name, context)
                if raster_file(layer) is None:
                    return self.complaint(name, say_not_a_file(layer))
        return None

    # --- the run

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        """On the main thread: layers must not be looked at from another."""
        self._files = {}
        for name in (CLASSES, RASTER):
            if self.is_given(parameters, name, context):
                layer = self.parameterAsRasterLayer(parameters, name, context)
                self._files[name] = str(raster_file(layer))
        return True

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
        request = self._engine_request(parameters, context, described, crs)
        sink, layer_id = self.parameterAsSink(
            parameters, OUTPUT, context, object_fields(), QgsWkbTypes.Type.MultiPolygon, crs
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, OUTPUT))
        features = ObjectFeatures(
            RasterAxes.of_cache(described),
            described["raster"],
            described["model"],
            AreaMeasure(crs, context.transformContext(), context.ellipsoid()),
        )
        polygons = 0

        def on_told(told: dict[str, Any]) -> None:
            nonlocal polygons
            for found in told.get("found", []):
                self._write(features.of(found), sink, parameters)
                polygons += 1
            if "done" in told:
                feedback.setProgress(100 * told["done"] / told["total"])
                tell(feedback, say_progress(told["done"], told["total"], polygons), None)

        results: Results = {OUTPUT: layer_id}
        try:
            summary = engine.request("segment_all", {"cache": cache, **request}, on_told)
        except EngineError as error:
            if error.type != "Cancelled" or not feedback.isCanceled():
                raise
            feedback.pushInfo(
                translate("GeoSAM", "Cancelled. For a week, the same run goes on from there.")
            )
        else:
            if summary["missing"]:
                feedback.pushWarning(say_missing(summary["missing"]))
            for name, key in RASTERS.items():
                if request[key]:
                    results[name] = request[key]
        finish_later(context, layer_id, style_by_object)
        self.name_later(layer_id, described)
        return {**results, "POLYGONS": polygons}

    def _write(self, feature: QgsFeature, sink: QgsFeatureSink, parameters: dict[str, Any]) -> None:
        if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
            raise QgsProcessingException(self.writeFeatureError(sink, parameters, OUTPUT))

    def _engine_request(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        described: dict[str, Any],
        crs: QgsCoordinateReferenceSystem,
    ) -> dict[str, Any]:
        """The parameters as the worker's `segment_all` takes them; null is what the preset has."""
        switches = {key: self.choice(parameters, name, context) for name, key in SWITCHES.items()}
        return {
            "preset": self.choice(parameters, PRESET, context),
            "level": self.parameterAsInt(parameters, LEVEL, context),
            "extent": self._extent(parameters, context, described, crs),
            "mask": self._mask(parameters, context),
            "min_area": self.optional_number(parameters, MIN_AREA, context),
            "max_area": self.optional_number(parameters, MAX_AREA, context),
            "classes": self._files.get(CLASSES),
            "raster": self._files.get(RASTER),
            "simplify_px": self.parameterAsDouble(parameters, SIMPLIFY, context),
            "all_parts": self.parameterAsBool(parameters, ALL_PARTS, context),
            "right_angles": self.parameterAsBool(parameters, RIGHT_ANGLES, context),
            "overwrite": True,
            **{key: None if said == BY_PRESET else said == YES for key, said in switches.items()},
            **{
                key: self._raster_output(parameters, name, context) for name, key in RASTERS.items()
            },
            **{key: self.optional_int(parameters, name, context) for name, key in WHOLE.items()},
            **{key: self.optional_number(parameters, name, context) for name, key in REAL.items()},
        }

    def _extent(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        described: dict[str, Any],
        crs: QgsCoordinateReferenceSystem,
    ) -> list[float] | None:
        """In the raster's CRS, as the engine has its axes; None for everything."""
        box = self.extent_box(parameters, EXTENT, context, crs)
        if box is None:
            return None
        edges = [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]
        return RasterAxes.of_cache(described).edges(edges)

    def _mask(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        """The mask layer's polygons in a file that the engine can read, whatever they come from."""
        source = self.parameterAsSource(parameters, MASK, context)
        if source is None:
            return None
        path = QgsProcessingUtils.generateTempFilename("mask.gpkg")
        options = QgsVectorFileWriter.SaveVectorOptions()
        writer = QgsVectorFileWriter.create(
            path, source.fields(), QgsWkbTypes.multiType(source.wkbType()), source.sourceCrs(),
            context.transformContext(), options,
        )  # fmt: skip
        for feature in source.getFeatures(QgsFeatureRequest()):
            writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        if writer.hasError():
            raise QgsProcessingException(self.complaint(MASK, writer.errorMessage()))
        del writer  # closes the file
        return str(path)

    def _raster_output(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> str | None:
        if not self.is_given(parameters, name, context):
            return None
        return self.parameterAsOutputLayer(parameters, name, context) or None
