"""`geosam:refinefootprints`: a layer of buildings gets a verdict on each, and what to correct."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsFeatureSink,
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
from geosam_plugin.engine.refine_sentences import in_words
from geosam_plugin.processing.base import CACHE, OF_CACHES, EngineAlgorithm, Results, translate
from geosam_plugin.processing.finishing import finish_later
from geosam_plugin.processing.progress import tell
from geosam_plugin.processing.refine_layers import (
    OSM_FIELDS,
    RefinedFeatures,
    of_layer,
    of_osm_file,
    read_all,
    write_for_engine,
)
from geosam_plugin.processing.refine_parameters import (
    CHANGES,
    CHANGES_SUFFIXES,
    CLEAN_WALLS,
    DELETE_GONE,
    FIND_MISSING,
    INPUT,
    LEVEL,
    MIN_AREA,
    MIN_LIKENESS,
    MISSING_POINTS,
    OSM,
    OUTPUT,
    PROTECT,
    SEARCH,
    SNAP,
    TRUST,
    add_refine_parameters,
)
from geosam_plugin.processing.refined_style import style_by_verdict
from geosam_plugin.processing.segment_parameters import RIGHT_ANGLES

VERDICTS = ("keep", "shift", "reshape", "uncertain", "gone", "new")

STAGES = {"asking": (0.0, 60.0), "finding": (60.0, 95.0), "writing": (95.0, 100.0)}
"""Where in the progress bar each begins and ends."""


class RefineFootprints(EngineAlgorithm):
    NAME = "refinefootprints"
    BLAMED: ClassVar = {**dict.fromkeys(OF_CACHES, CACHE), "OutsideRasterError": INPUT}

    def displayName(self) -> str:
        return translate("GeoSAM", "Refine footprints")

    def group(self) -> str:
        return translate("GeoSAM", "Buildings")

    def groupId(self) -> str:
        return "buildings"

    def shortDescription(self) -> str:
        return translate(
            "GeoSAM", "Compares building footprints with an encoded image and proposes corrections."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        add_refine_parameters(self)
        for name, description in (
            ("KEEP", translate("GeoSAM", "Number of buildings that fit")),
            ("SHIFT", translate("GeoSAM", "Number of shifted buildings")),
            ("RESHAPE", translate("GeoSAM", "Number of buildings with a new outline")),
            ("UNCERTAIN", translate("GeoSAM", "Number of uncertain buildings")),
            ("GONE", translate("GeoSAM", "Number of buildings that are gone")),
            ("NEW", translate("GeoSAM", "Number of missing buildings that were found")),
            ("OFFSET_EAST", translate("GeoSAM", "Offset to the east in metres")),
            ("OFFSET_NORTH", translate("GeoSAM", "Offset to the north in metres")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, description))

    def advice(self) -> dict[str, str]:
        return {
            "OutsideRasterError": translate(
                "GeoSAM", "Is its CRS the right one, and the cache that of this place?"
            ),
        }

    # --- what may be wrong

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        return (
            self.cache_problem(parameters, context)
            or self._problem_of_buildings(parameters, context)
            or self._problem_of_osm(parameters, context)
            or self._problem_of_points(parameters, context)
        )

    def _problem_of_buildings(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> str | None:
        if not self.is_given(parameters, INPUT, context):
            if self.is_given(parameters, OSM, context):
                return None
            return self.complaint(
                INPUT, translate("GeoSAM", "Choose a layer, or a file of OpenStreetMap.")
            )
        source = self.parameterAsSource(parameters, INPUT, context)
        if source is None:
            return self.invalidSourceError(parameters, INPUT)
        if not _has(source, QgsWkbTypes.GeometryType.PolygonGeometry):
            text = translate("GeoSAM", "A layer of polygons is needed.")
        elif not source.sourceCrs().isValid():
            text = translate("GeoSAM", "The layer has no CRS. Set it in the layer's properties.")
        elif source.featureCount() == 0:
            text = translate("GeoSAM", "There are no features in it.")
        else:
            return None
        return self.complaint(INPUT, text)

    def _problem_of_osm(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> str | None:
        has_file = self.is_given(parameters, OSM, context)
        path = Path(self.parameterAsString(parameters, OSM, context))
        if has_file and not path.is_file():
            return self.complaint(OSM, translate("GeoSAM", "There is no file {}.").format(path))
        if not self.is_given(parameters, CHANGES, context):
            if self.parameterAsBool(parameters, DELETE_GONE, context):
                return self.complaint(
                    DELETE_GONE,
                    translate("GeoSAM", "Name a file for the changes to OpenStreetMap as well."),
                )
            return None
        if not has_file:
            return self.complaint(
                OSM,
                translate(
                    "GeoSAM", "Changes to OpenStreetMap need the file that the layer was made "
                    "from.",
                ),
            )  # fmt: skip
        changes = Path(self.parameterAsFileOutput(parameters, CHANGES, context))
        if changes.suffix.lower() not in CHANGES_SUFFIXES:
            return self.complaint(CHANGES, translate("GeoSAM", "Name a .osm or .osc file."))
        if changes.exists() and changes.samefile(path):
            return self.complaint(
                CHANGES,
                translate("GeoSAM", "That file is the one that is read. Name another one."),
            )
        return None

    def _problem_of_points(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> str | None:
        if not self.is_given(parameters, MISSING_POINTS, context):
            return None
        source = self.parameterAsSource(parameters, MISSING_POINTS, context)
        if source is None:
            return self.invalidSourceError(parameters, MISSING_POINTS)
        if not _has(source, QgsWkbTypes.GeometryType.PointGeometry):
            text = translate("GeoSAM", "A layer of points is needed.")
        elif not source.sourceCrs().isValid():
            text = translate("GeoSAM", "The layer has no CRS. Set it in the layer's properties.")
        else:
            return None
        return self.complaint(MISSING_POINTS, text)

    # --- the run

    def execute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        engine: EngineSession,
    ) -> Results:
        source = self.parameterAsSource(parameters, INPUT, context)
        refined = QgsProcessingUtils.generateTempFilename("refined.gpkg")
        request = self._options(parameters, context)
        if source is None:
            buildings = request.pop("osm")
            before, name = [], Path(buildings).name
        else:
            before, name = read_all(source), source.sourceName()
            wanted = (*OSM_FIELDS, *(text.partition("=")[0].strip() for text in request["protect"]))
            buildings = write_for_engine("buildings", before, source, wanted, context)
        request = {**request, "buildings": buildings, "out": refined}
        described = engine.request("open", {"cache": request["cache"]})
        try:
            summary = engine.request("refine", request, Progress(feedback).show)
        except EngineError as error:
            # The file is of this run's own: who is told of it knows the layer.
            message = error.message.replace(str(buildings), name)
            raise EngineError(error.type, message, error.hint, error.details) from error
        if source is None:
            found, renamed = of_osm_file(refined), summary["renamed"]
        else:
            found, renamed = of_layer(refined, source, before)
        _conclude(summary, renamed, feedback)
        counts = {name.upper(): summary["verdicts"].get(name, 0) for name in VERDICTS}
        layer_id = self._write(found, parameters, context)
        self.name_later(layer_id, described)
        field = renamed.get("verdict", "verdict")
        finish_later(context, layer_id, partial(style_by_verdict, field=field))
        results: Results = {OUTPUT: layer_id, **counts}
        changes = request.get("changes")
        if changes is not None and Path(changes) in map(Path, summary["also"]):
            results[CHANGES] = changes
        offset = summary["offset"]
        return {**results, "OFFSET_EAST": offset["dx_m"], "OFFSET_NORTH": offset["dy_m"]}

    def _options(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """As the worker's `refine` takes them, but for the buildings and the refined layer."""
        protected = self.parameterAsString(parameters, PROTECT, context).split(";")
        options: dict[str, Any] = {
            "cache": str(self.cache_path(parameters, context)),
            "overwrite": True,
            "trust": self.choice(parameters, TRUST, context),
            "level": self.optional_int(parameters, LEVEL, context),
            "min_area_m2": self.parameterAsDouble(parameters, MIN_AREA, context),
            "search_m": self.parameterAsDouble(parameters, SEARCH, context),
            "min_likeness": self.parameterAsDouble(parameters, MIN_LIKENESS, context),
            "protect": [text.strip() for text in protected if text.strip()],
        }
        for name, key in (
            (RIGHT_ANGLES, "right_angles"),
            (SNAP, "snap"),
            (CLEAN_WALLS, "clean_walls"),
            (FIND_MISSING, "find_missing"),
        ):
            options[key] = self.parameterAsBool(parameters, name, context)
        points = self.parameterAsSource(parameters, MISSING_POINTS, context)
        if points is not None:
            options["missing_points"] = write_for_engine(
                "points", read_all(points), points, (), context
            )
        has_changes = self.is_given(parameters, CHANGES, context)
        if has_changes:
            options["changes"] = self.parameterAsFileOutput(parameters, CHANGES, context)
            options["delete_gone"] = self.parameterAsBool(parameters, DELETE_GONE, context)
        if has_changes or not self.is_given(parameters, INPUT, context):
            options["osm"] = self.parameterAsString(parameters, OSM, context)
        return options

    def _write(
        self,
        found: RefinedFeatures,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
    ) -> str:
        sink, layer_id = self.parameterAsSink(
            parameters, OUTPUT, context, found.fields, found.kind, found.crs
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, OUTPUT))
        for feature in found.features:
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise QgsProcessingException(self.writeFeatureError(sink, parameters, OUTPUT))
        return str(layer_id)


def _has(source: QgsProcessingFeatureSource, kind: QgsWkbTypes.GeometryType) -> bool:
    return bool(QgsWkbTypes.geometryType(source.wkbType()) == kind)


class Progress:
    """Each sentence once: Processing's log has a line for every one that it is told."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._said = ""

    def show(self, told: dict[str, Any]) -> None:
        """told: progress of the worker's `refine`"""
        stage, done, total = told["stage"], told["done"], told["total"]
        start, end = STAGES[stage]
        self._feedback.setProgress(start + (end - start) * done / max(total, 1))
        texts = {
            "asking": translate("GeoSAM", "Comparing with the image: {done} %"),
            "finding": translate("GeoSAM", "Looking for missing buildings: {done} %"),
            "writing": translate("GeoSAM", "Writing"),
        }
        text = texts[stage].format(done=100 * done // max(total, 1))
        if text != self._said:
            self._said = text
            tell(self._feedback, text, None)


def _conclude(
    summary: dict[str, Any], renamed: dict[str, str], feedback: QgsProcessingFeedback
) -> None:
    """What was found of the layer as a whole, and what could not be done."""
    offset = summary["offset"]
    if offset["count"]:
        feedback.pushInfo(
            translate(
                "GeoSAM",
                "The buildings would fit the image if they were moved {east:+.2f} m to the east "
                "and {north:+.2f} m to the north ({count} of {measured} agree).",
            ).format(
                east=offset["dx_m"],
                north=offset["dy_m"],
                count=offset["count"],
                measured=offset["measured"],
            )
        )
    for old, new in renamed.items():
        feedback.pushWarning(
            translate(
                "GeoSAM", "The layer has a field “{}” already: that of the verdict is “{}”."
            ).format(old, new)
        )
    for sentence in summary["left"]:
        feedback.pushWarning(in_words(sentence))
