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
    QgsRasterLayer,
)

from geosam_plugin.cache_paths import cache_name, default_cache_path, is_cache
from geosam_plugin.engine.process import EngineSession
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.processing.appearance import appearance_of
from geosam_plugin.processing.base import COVERAGE, OF_CACHES, EngineAlgorithm, Results, translate
from geosam_plugin.processing.coverage import COVERAGE_WANTED, write_coverage
from geosam_plugin.processing.encode_notices import say_notice
from geosam_plugin.processing.encode_parameters import (
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
from geosam_plugin.processing.progress import tell
from geosam_plugin.raster_axes import (
    RasterAxes,
    is_placed_by_points,
    say_placed_by_points,
)
from geosam_plugin.raster_file import raster_file, say_not_a_file

MAX_BANDS = 3


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

    # --- what may be wrong

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        layer = self.parameterAsRasterLayer(parameters, INPUT, context)
        path = raster_file(layer)
        if path is None:
            return self.complaint(INPUT, say_not_a_file(layer))
        if is_placed_by_points(layer):
            return self.complaint(INPUT, say_placed_by_points(layer))
        for check in (
            self._bands_problem,
            self._numbers_problem,
            self._extent_problem,
            self._files_problem,
        ):
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
        path = raster_file(layer)
        if path is None:
            raise QgsProcessingException(self.complaint(INPUT, say_not_a_file(layer)))
        self._crs = QgsCoordinateReferenceSystem(layer.crs())
        self._request = self._engine_request(parameters, context, layer, path)
        return True

    def _engine_request(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        layer: QgsRasterLayer,
        path: Path,
    ) -> dict[str, Any]:
        """The parameters as the worker's `encode` takes them; null is what the engine chooses."""
        model = self.parameterAsEnumString(parameters, MODEL, context)
        cache = self._cache_place(parameters, context, path, model)
        restart = self.parameterAsBoolean(parameters, RESTART, context)
        appearance = appearance_of(layer)
        bands = self.parameterAsInts(parameters, BANDS, context) or list(appearance.bands)
        stretch = "".join(self.parameterAsString(parameters, STRETCH, context).split())
        # The style may have changed since, or follow the canvas: a cache keeps its own stretch.
        if not stretch and (restart or not is_cache(cache)):
            stretch = appearance.stretch(bands) or ""
        extent = self.extent_box(parameters, EXTENT, context, layer.crs())
        dtype = self.parameterAsEnumString(parameters, DTYPE, context)
        return {
            "raster": str(path),
            "out": str(cache),
            "model": model,
            "checkpoint": self._checkpoint(parameters, context),
            "bands": bands or None,
            "stretch": stretch or None,
            "resolution": self.optional_number(parameters, RESOLUTION, context),
            "extent": extent and RasterAxes.of_layer(layer).edges([
                extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
            ]),
            "levels": self.optional_int(parameters, LEVELS, context),
            "overlap": self.parameterAsInt(parameters, OVERLAP, context),
            "dtype": None if dtype == "auto" else dtype,
            "device": self.parameterAsEnumString(parameters, DEVICE, context),
            "batch": self.optional_int(parameters, BATCH, context),
            "restart": restart,
        }  # fmt: skip

    def execute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        engine: EngineSession,
    ) -> Results:
        cache = self._request["out"]
        try:
            summary = engine.request("encode", self._request, lambda told: _tell(told, feedback))
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
        feedback.pushInfo(_say_done(summary))
        if self.is_given(parameters, COVERAGE, context):
            described = engine.request("open", {"cache": cache, **COVERAGE_WANTED})
            results[COVERAGE] = write_coverage(self, parameters, context, described, self._crs)
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


def _tell(told: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
    """Hand the engine's progress on."""
    if "notice" in told:
        feedback.pushInfo(say_notice(told))
        return
    done, total, left = told["done"], told["total"], told["eta_s"]
    if not total:
        return
    text = translate("GeoSAM", "Patches: {done} of {total}").format(done=done, total=total)
    feedback.setProgress(100 * done / total)
    tell(feedback, text, left if done < total else None)


def _say_done(summary: dict[str, Any]) -> str:
    return translate(
        "GeoSAM",
        "Patches encoded: {encoded} (in {seconds:.1f} s); without any pixel: {empty}; there "
        "already: {skipped}.",
    ).format(**summary)
