"""`geosam:encoderaster`: a raster layer becomes a feature cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputRasterLayer,
    QgsRasterLayer,
)

from geosam_plugin.cache_paths import cache_name, default_cache_path, is_cache
from geosam_plugin.engine.process import EngineSession
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.layer_to_raster import refusal
from geosam_plugin.layer_to_raster.extent import west_and_east
from geosam_plugin.layer_to_raster.plan import Wanted
from geosam_plugin.layer_to_raster.refusal import RefusedError
from geosam_plugin.layer_to_raster.title import title_of
from geosam_plugin.processing import encode_notices
from geosam_plugin.processing.appearance import appearance_of
from geosam_plugin.processing.base import COVERAGE, OF_CACHES, EngineAlgorithm, Results, translate
from geosam_plugin.processing.coverage import COVERAGE_WANTED, write_coverage
from geosam_plugin.processing.encode_parameters import (
    ALLOW_LARGE,
    BANDS,
    BATCH,
    CHECKPOINT,
    DEVICE,
    DTYPE,
    EXTENT,
    INPUT,
    LEVELS,
    MAX_OVERLAP,
    MODEL,
    OUTPUT,
    OVERLAP,
    OVERLAP_STEP,
    RESOLUTION,
    RESTART,
    STRETCH,
    add_encode_parameters,
    is_stretch,
)
from geosam_plugin.processing.kept_raster import KeptRaster
from geosam_plugin.raster_axes import (
    RasterAxes,
    is_placed_by_points,
    say_placed_by_points,
)
from geosam_plugin.raster_file import raster_file

MAX_BANDS = 3

RASTER = "RASTER"

_BLAMED_OF_LAYER = {
    refusal.LAYER: INPUT,
    refusal.EXTENT: EXTENT,
    refusal.RESOLUTION: RESOLUTION,
    refusal.ZOOM: RESOLUTION,
    refusal.SIZE: ALLOW_LARGE,
    refusal.OUTPUT: OUTPUT,
}
"""What is wrong with making a raster of a layer, by the parameters here."""


class EncodeRaster(EngineAlgorithm):
    NAME = "encoderaster"
    BLAMED: ClassVar = {
        "RasterError": INPUT,
        "MissingRasterError": INPUT,
        "BandError": BANDS,
        "ExtentError": EXTENT,
        "ModelError": CHECKPOINT,
        "ModelNotDownloadedError": MODEL,
        **dict.fromkeys((*OF_CACHES, "OutputError", "DiskFullError"), OUTPUT),
    }

    def displayName(self) -> str:
        return translate("GeoSAM", "Encode raster")

    def group(self) -> str:
        return translate("GeoSAM", "Encoding")

    def groupId(self) -> str:
        return "encoding"

    def shortDescription(self) -> str:
        return translate("GeoSAM", "Prepares a raster once, so that it can be clicked ever after.")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        add_encode_parameters(self)
        self.add_coverage()
        for name, description in (
            ("PATCHES", translate("GeoSAM", "Patches in the extent")),
            ("ENCODED", translate("GeoSAM", "Patches encoded by this run")),
            ("EMPTY", translate("GeoSAM", "Patches without any pixel found by this run")),
            ("SKIPPED", translate("GeoSAM", "Patches that were there already")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, description))
        self.addOutput(
            QgsProcessingOutputRasterLayer(
                RASTER, translate("GeoSAM", "The raster that was made of a layer without a file")
            )
        )

    # --- what may be wrong

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        layer = self.parameterAsRasterLayer(parameters, INPUT, context)
        if layer is None or not layer.isValid():
            return self.complaint(INPUT, self.say_unreadable())
        if is_placed_by_points(layer):
            return self.complaint(INPUT, say_placed_by_points(layer))
        is_file = raster_file(layer) is not None
        of_file = (self._bands_problem, self._extent_problem) if is_file else (self._made_problem,)
        for check in (*of_file, self._stretch_problem, self._numbers_problem, self._files_problem):
            found = check(parameters, context, layer)
            if found is not None:
                return self.complaint(*found)
        return None

    def _bands_problem(
        self, parameters: dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer
    ) -> tuple[str, str] | None:
        bands = self.parameterAsInts(parameters, BANDS, context)
        if len(bands) > MAX_BANDS:
            return BANDS, translate("GeoSAM", "Choose one to three bands, not {}.").format(
                len(bands)
            )
        for band in bands:
            if not 1 <= band <= layer.bandCount():
                return BANDS, translate("GeoSAM", "There is no band {}; the raster has {}.").format(
                    band, layer.bandCount()
                )
        return None

    def _made_problem(
        self, parameters: dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer
    ) -> tuple[str, str] | None:
        """Of a layer that a raster has to be made of first."""
        if self.parameterAsInts(parameters, BANDS, context):
            return BANDS, translate(
                "GeoSAM",
                "“{}” is no file, and is encoded as it is displayed: choose the bands in its "
                "style.",
            ).format(title_of(layer))
        try:
            self._kept_raster(parameters, context, layer).check()
        except RefusedError as error:
            return _BLAMED_OF_LAYER[error.about], str(error)
        return None

    def _stretch_problem(
        self, parameters: dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer
    ) -> tuple[str, str] | None:
        stretch = self.parameterAsString(parameters, STRETCH, context)
        if stretch.strip() and not is_stretch(stretch):
            return STRETCH, translate(
                "GeoSAM",
                "“{}” is not understood. Use auto, none, minmax, two percentiles such as 2,98, or "
                "values such as 0:3000.",
            ).format(stretch)
        return None

    def _numbers_problem(
        self, parameters: dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer
    ) -> tuple[str, str] | None:
        overlap = self.parameterAsInt(parameters, OVERLAP, context)
        if overlap % OVERLAP_STEP or not 0 <= overlap <= MAX_OVERLAP:
            return OVERLAP, translate(
                "GeoSAM", "It must be a multiple of {} between 0 and {}, not {}."
            ).format(OVERLAP_STEP, MAX_OVERLAP, overlap)
        if self.optional_number(parameters, RESOLUTION, context) == 0:
            return RESOLUTION, translate("GeoSAM", "It must be above 0.")
        return None

    def _extent_problem(
        self, parameters: dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer
    ) -> tuple[str, str] | None:
        extent = self.extent_box(parameters, EXTENT, context, layer.crs())
        if extent is not None and not extent.intersects(layer.extent()):
            return EXTENT, translate("GeoSAM", "It does not meet the raster.")
        return None

    def _files_problem(
        self, parameters: dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer
    ) -> tuple[str, str] | None:
        checkpoint = self._checkpoint(parameters, context)
        if checkpoint is not None and not Path(checkpoint).is_file():
            return CHECKPOINT, translate("GeoSAM", "There is no file {}.").format(checkpoint)
        output = self.parameterAsFileOutput(parameters, OUTPUT, context)
        if output and Path(output).is_file():
            return OUTPUT, translate("GeoSAM", "{} is a file, not a folder.").format(output)
        return None

    def advice(self) -> dict[str, str]:
        return {
            "CacheMismatchError": translate(
                "GeoSAM", "Choose another output, or tick “Replace the cache”."
            ),
            "CacheError": translate(
                "GeoSAM", "Choose another output, or tick “Replace the cache”."
            ),
            "CacheLockedError": translate(
                "GeoSAM",
                "Wait until it is done, press “Stop” in GeoSAM's dock if it is being encoded as "
                "you click, or choose another output.",
            ),
            "DiskFullError": translate(
                "GeoSAM",
                "Choose an output on another disk, a smaller extent or a coarser resolution.",
            ),
            "OutputError": translate("GeoSAM", "Choose another output."),
        }

    # --- the run

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        """On the main thread: layers and their styles must not be looked at from another."""
        layer = self.parameterAsRasterLayer(parameters, INPUT, context)
        self._crs = QgsCoordinateReferenceSystem(layer.crs())
        path = raster_file(layer)
        self._kept: KeptRaster | None = None
        if path is not None:
            self._request = self._engine_request(parameters, context, layer, path)
            return True
        try:
            self._kept = self._kept_raster(parameters, context, layer)
            self._kept.prepare()
        except RefusedError as error:
            text = self.complaint(_BLAMED_OF_LAYER[error.about], str(error))
            raise QgsProcessingException(text) from error
        self._request = self._request_of_kept(parameters, context, self._kept)
        return True

    def _kept_raster(
        self, parameters: dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer
    ) -> KeptRaster:
        """Of a web map's own pixels, of the zoom that is most like the resolution."""
        wanted = Wanted(
            layer,
            self.referenced_extent(parameters, EXTENT, context),
            context.transformContext(),
            resolution=self.optional_number(parameters, RESOLUTION, context),
            west_east=west_and_east(parameters.get(EXTENT)),
            at_a_zoom=True,
        )
        chosen = self.parameterAsFileOutput(parameters, OUTPUT, context)
        anew, is_agreed = (
            self.parameterAsBoolean(parameters, name, context) for name in (RESTART, ALLOW_LARGE)
        )
        place = Path(chosen).absolute() if chosen else None
        return KeptRaster(wanted, layer, place, anew=anew, is_agreed=is_agreed)

    def _engine_request(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        layer: QgsRasterLayer,
        path: Path,
    ) -> dict[str, Any]:
        """What the worker's `encode` takes, so that it reads the layer's file as it is displayed;
        null is what the engine chooses."""
        model = self.parameterAsEnumString(parameters, MODEL, context)
        cache = self._cache_place(parameters, context, path, model)
        appearance = appearance_of(layer)
        bands = self.parameterAsInts(parameters, BANDS, context) or list(appearance.bands)
        stretch = self._stretch(parameters, context)
        restart = self.parameterAsBoolean(parameters, RESTART, context)
        # The style may have changed since, or follow the canvas: a cache keeps its own stretch.
        if not stretch and (restart or not is_cache(cache)):
            stretch = appearance.stretch(bands)
        extent = self.extent_box(parameters, EXTENT, context, layer.crs())
        return {
            **self._how(parameters, context),
            "raster": str(path),
            "out": str(cache),
            "bands": bands or None,
            "stretch": stretch,
            "resolution": self.optional_number(parameters, RESOLUTION, context),
            "extent": extent and RasterAxes.of_layer(layer).edges([
                extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
            ]),
        }  # fmt: skip

    def _request_of_kept(
        self, parameters: dict[str, Any], context: QgsProcessingContext, kept: KeptRaster
    ) -> dict[str, Any]:
        """The same of a raster that has the pixels that are wanted, and no others."""
        model = self.parameterAsEnumString(parameters, MODEL, context)
        return {
            **self._how(parameters, context),
            "raster": str(kept.path),
            "out": str(kept.cache(model)),
            "stretch": self._stretch(parameters, context),
        }

    def _stretch(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        return "".join(self.parameterAsString(parameters, STRETCH, context).split()) or None

    def _how(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """What has nothing to do with the raster."""
        dtype = self.parameterAsEnumString(parameters, DTYPE, context)
        return {
            "model": self.parameterAsEnumString(parameters, MODEL, context),
            "checkpoint": self._checkpoint(parameters, context),
            "levels": self.optional_int(parameters, LEVELS, context),
            "overlap": self.parameterAsInt(parameters, OVERLAP, context),
            "dtype": None if dtype == "auto" else dtype,
            "device": self.parameterAsEnumString(parameters, DEVICE, context),
            "batch": self.optional_int(parameters, BATCH, context),
            "restart": self.parameterAsBoolean(parameters, RESTART, context),
        }

    def execute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        engine: EngineSession,
    ) -> Results:
        cache = self._request["out"]
        if self._kept is not None and not self._kept.make(context, feedback):
            feedback.pushInfo(translate("GeoSAM", "Cancelled. Nothing is written."))
            return {}
        try:
            summary = engine.request(
                "encode", self._request, lambda told: encode_notices.show(told, feedback)
            )
        except EngineError as error:
            if error.type == "Cancelled" and feedback.isCanceled():
                feedback.pushInfo(
                    translate(
                        "GeoSAM",
                        "Cancelled. What is encoded is kept: the same run goes on from there.",
                    )
                )
                return {OUTPUT: cache} if is_cache(Path(cache)) else {}
            raise
        results: Results = {
            OUTPUT: summary["cache"],
            "PATCHES": summary["patches_total"],
            "ENCODED": summary["encoded"],
            "EMPTY": summary["empty"],
            "SKIPPED": summary["skipped"],
        }
        feedback.pushInfo(encode_notices.say_done(summary))
        if self.is_given(parameters, COVERAGE, context):
            described = engine.request("open", {"cache": cache, **COVERAGE_WANTED})
            results[COVERAGE] = write_coverage(self, parameters, context, described, self._crs)
        if self._kept is not None:
            results[RASTER] = str(self._kept.path)
        return results

    def _cache_place(
        self, parameters: dict[str, Any], context: QgsProcessingContext, raster: Path, model: str
    ) -> Path:
        chosen = self.parameterAsFileOutput(parameters, OUTPUT, context)
        if not chosen:
            return default_cache_path(raster, model)
        place = Path(chosen).absolute()
        if place.is_dir() and not is_cache(place):
            return place / cache_name(raster, model)
        return place

    def _checkpoint(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        if not self.is_given(parameters, CHECKPOINT, context):
            return None
        return self.parameterAsString(parameters, CHECKPOINT, context)
