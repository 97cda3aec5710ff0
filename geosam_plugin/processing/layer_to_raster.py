"""`geosam:layertoraster`: any layer of QGIS becomes a GeoTIFF."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDistance,
    QgsProcessingParameterExtent,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
)

from geosam_plugin.attribution import attribution_of, name_source
from geosam_plugin.layer_to_raster import refusal
from geosam_plugin.layer_to_raster.drawing import require_shown
from geosam_plugin.layer_to_raster.extent import west_and_east
from geosam_plugin.layer_to_raster.plan import RasterPlan, Wanted, plan_raster, require_consent
from geosam_plugin.layer_to_raster.refusal import RefusedError
from geosam_plugin.layer_to_raster.run import prepare_making
from geosam_plugin.processing.base import PluginAlgorithm, Results, translate
from geosam_plugin.processing.finishing import finish_later
from geosam_plugin.processing.raster_making import require_room, run_making

INPUT, EXTENT, ZOOM, RESOLUTION, CRS = "INPUT", "EXTENT", "ZOOM", "RESOLUTION", "CRS"
ATTRIBUTION, ALLOW_MISSING, ALLOW_LARGE = "ATTRIBUTION", "ALLOW_MISSING", "ALLOW_LARGE"
OUTPUT = "OUTPUT"

TIFF_SUFFIXES = (".tif", ".tiff")

DEEPEST = 30
"""Zoom with pixels of a millimetre."""

_BLAMED = {
    refusal.LAYER: INPUT,
    refusal.EXTENT: EXTENT,
    refusal.RESOLUTION: RESOLUTION,
    refusal.ZOOM: ZOOM,
    refusal.SIZE: ALLOW_LARGE,
    refusal.OUTPUT: OUTPUT,
}


class LayerToRaster(PluginAlgorithm):
    NAME = "layertoraster"

    def displayName(self) -> str:
        return translate("GeoSAM", "Layer to raster")

    def group(self) -> str:
        return translate("GeoSAM", "Encoding")

    def groupId(self) -> str:
        return "encoding"

    def shortDescription(self) -> str:
        return translate("GeoSAM", "Makes a GeoTIFF of any layer: of a web map, pixel by pixel.")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self._add_what()
        self._add_how()
        for name, description in (
            ("COLUMNS", translate("GeoSAM", "Columns of pixels")),
            ("ROWS", translate("GeoSAM", "Rows of pixels")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, description))

    def _add_what(self) -> None:
        self.add(
            QgsProcessingParameterMapLayer(INPUT, translate("GeoSAM", "Layer")),
            translate(
                "GeoSAM",
                "A web map (XYZ, WMS, WMTS, WCS, vector tiles), a raster with its style, or any "
                "other layer that QGIS can draw.",
            ),
        )
        self.add(
            QgsProcessingParameterExtent(EXTENT, translate("GeoSAM", "Extent"), optional=True),
            translate(
                "GeoSAM",
                "What the raster is to show. Layers with an end of their own are taken whole when "
                "this is empty.",
            ),
        )
        self.add(
            QgsProcessingParameterNumber(
                ZOOM,
                translate("GeoSAM", "Zoom"),
                QgsProcessingParameterNumber.Type.Integer,
                optional=True,
                minValue=0,
                maxValue=DEEPEST,
            ),
            translate(
                "GeoSAM",
                "Of an XYZ layer, in place of a resolution: the pixels of its tiles, unchanged. "
                "Buildings need 18 or 19, fields are clear at 15 or 16.",
            ),
        )
        self.add(
            QgsProcessingParameterDistance(
                RESOLUTION,
                translate("GeoSAM", "Resolution"),
                parentParameterName=INPUT,
                optional=True,
                minValue=0,
            ),
            translate(
                "GeoSAM",
                "Side of a pixel, in units of the CRS. When empty, that of the layer's own pixels, "
                "if it has any.",
            ),
        )

    def _add_how(self) -> None:
        self.add(
            QgsProcessingParameterCrs(CRS, translate("GeoSAM", "CRS"), optional=True),
            translate(
                "GeoSAM",
                "Of the raster. In another one than the layer's own, its pixels are resampled "
                "once.",
            ),
        )
        self.add_advanced(
            QgsProcessingParameterString(
                ATTRIBUTION, translate("GeoSAM", "Attribution"), optional=True
            ),
            translate(
                "GeoSAM",
                "Whom to name; when empty, whom the layer's properties name. It goes into the "
                "file, and from there into the polygons' layers.",
            ),
        )
        self.add_advanced(
            QgsProcessingParameterBoolean(
                ALLOW_MISSING,
                translate("GeoSAM", "Leave empty what is missing"),
                defaultValue=False,
            ),
            translate(
                "GeoSAM",
                "What the layer's server does not deliver is transparent. Else there is no raster "
                "until it delivers everything.",
            ),
        )
        self.add_large_consent(ALLOW_LARGE)
        self.add(
            QgsProcessingParameterRasterDestination(OUTPUT, translate("GeoSAM", "Raster")),
            translate("GeoSAM", "A GeoTIFF of red, green, blue and alpha."),
        )

    # --- what may be wrong

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        layer = self.parameterAsLayer(parameters, INPUT, context)
        if layer is None or not layer.isValid():
            return self.complaint(INPUT, self.say_unreadable())
        try:
            plan = self._agreed_plan(parameters, context)
            require_shown(layer, plan, context.transformContext())
            self._check_output(plan, parameters.get(OUTPUT), context)
        except RefusedError as error:
            return self.complaint(_BLAMED[error.about], str(error))
        return None

    def _plan(self, parameters: dict[str, Any], context: QgsProcessingContext) -> RasterPlan:
        return plan_raster(
            Wanted(
                layer=self.parameterAsLayer(parameters, INPUT, context),
                extent=self.referenced_extent(parameters, EXTENT, context),
                transforms=context.transformContext(),
                crs=self.parameterAsCrs(parameters, CRS, context),
                resolution=self.optional_number(parameters, RESOLUTION, context),
                zoom=self.optional_int(parameters, ZOOM, context),
                west_east=west_and_east(parameters.get(EXTENT)),
            )
        )

    def _agreed_plan(self, parameters: dict[str, Any], context: QgsProcessingContext) -> RasterPlan:
        """Asked for by the run, too: models and scripts need not check before."""
        plan = self._plan(parameters, context)
        require_consent(plan, self.parameterAsBoolean(parameters, ALLOW_LARGE, context))
        return plan

    def _check_output(self, plan: RasterPlan, given: Any, context: QgsProcessingContext) -> None:
        """Without `parameterAsOutputLayer`, which would have the layer loaded as often as asked."""
        if isinstance(given, QgsProcessingOutputLayerDefinition):
            given, _ = given.sink.valueAsString(context.expressionContext())
        if not given or given == QgsProcessing.TEMPORARY_OUTPUT:
            return
        out = Path(given).absolute()
        if out.suffix.lower() not in TIFF_SUFFIXES:
            text = translate("GeoSAM", "A GeoTIFF is written: let its name end in .tif.")
            raise RefusedError(refusal.OUTPUT, text)
        require_room(plan, out.parent)

    # --- the run

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        """On the main thread: layers must not be looked at from another."""
        layer = self.parameterAsLayer(parameters, INPUT, context)
        out = Path(self.parameterAsOutputLayer(parameters, OUTPUT, context)).absolute()
        self._attribution = self.parameterAsString(
            parameters, ATTRIBUTION, context
        ) or attribution_of(layer)
        try:
            self._making = prepare_making(
                layer,
                self._agreed_plan(parameters, context),
                out,
                context.transformContext(),
                self._attribution,
                allow_missing=self.parameterAsBoolean(parameters, ALLOW_MISSING, context),
            )
        except RefusedError as error:
            raise QgsProcessingException(
                self.complaint(_BLAMED[error.about], str(error))
            ) from error
        return True

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> Results:
        making, self._making = self._making, None
        try:
            is_made = run_making(making, feedback)
        except RefusedError as error:
            raise QgsProcessingException(
                self.complaint(_BLAMED[error.about], str(error))
            ) from error
        if not is_made:
            feedback.pushInfo(translate("GeoSAM", "Cancelled. Nothing is written."))
            return {}
        feedback.pushInfo(_say_whom_to_name(self._attribution))
        out = str(making.out)
        finish_later(context, out, partial(name_source, attribution=self._attribution))
        made = making.plan.made
        return {OUTPUT: out, "COLUMNS": made.columns, "ROWS": made.rows}


def _say_whom_to_name(attribution: str) -> str:
    if attribution:
        return translate("GeoSAM", "Name the source: {}.").format(attribution.rstrip("."))
    return translate(
        "GeoSAM", "The layer names no author; if it should, say so under “Attribution”."
    )
