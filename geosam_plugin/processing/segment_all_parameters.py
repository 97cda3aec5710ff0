"""The parameters of `geosam:segmentall`."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin import option_defaults as defaults
from geosam_plugin.processing.base import EngineAlgorithm
from geosam_plugin.processing.segment_parameters import add_right_angles

translate = QCoreApplication.translate

PRESET, LEVEL, EXTENT, MASK, OUTPUT = "PRESET", "LEVEL", "EXTENT", "MASK", "OUTPUT"
MIN_AREA, MAX_AREA, CLASSES = "MIN_AREA", "MAX_AREA", "CLASSES"
RASTER, SIMPLIFY, ALL_PARTS = "RASTER", "SIMPLIFY", "ALL_PARTS"

BY_PRESET, YES, NO = "preset", "yes", "no"

WHOLE = {
    "POINTS_PER_SIDE": "points_per_side",
    "POINTS_PER_BATCH": "points_per_batch",
    "CROP_N_LAYERS": "crop_n_layers",
    "CROP_N_POINTS_DOWNSCALE_FACTOR": "crop_n_points_downscale_factor",
    "MIN_MASK_REGION_AREA": "min_mask_region_area",
}
"""Numbers in place of the preset's, with the worker's names for them: whole ones, and others."""

REAL = {
    "PRED_IOU_THRESH": "pred_iou_thresh",
    "STABILITY_SCORE_THRESH": "stability_score_thresh",
    "STABILITY_SCORE_OFFSET": "stability_score_offset",
    "BOX_NMS_THRESH": "box_nms_thresh",
    "CROP_NMS_THRESH": "crop_nms_thresh",
}

SWITCHES = {"USE_M2M": "use_m2m", "SKIP_COVERED": "skip_covered"}
"""Yes or no in place of the preset's."""

RASTERS = {"LABELS": "labels", "FOREGROUND": "foreground", "OVERLAY": "overlay"}
"""Outputs beside the polygons."""


def preset_names() -> dict[str, str]:
    """As users read them, by the engine's names; the first one is the default."""
    return {
        "default": translate("GeoSAM", "Standard"),
        "detailed": translate("GeoSAM", "Detailed"),
        "fast": translate("GeoSAM", "Fast"),
    }


def add_segment_all_parameters(algorithm: EngineAlgorithm) -> None:
    _add_inputs(algorithm)
    _add_filters(algorithm)
    _add_masks(algorithm)
    _add_polygons(algorithm)
    add_right_angles(algorithm)
    _add_outputs(algorithm)


def _add_inputs(algorithm: EngineAlgorithm) -> None:
    algorithm.add_cache()
    algorithm.add_choice(
        PRESET,
        translate("GeoSAM", "Preset"),
        preset_names(),
        translate(
            "GeoSAM",
            "Standard: the model's own values. Detailed: more and smaller objects, slowly. Fast: a "
            "quick look. Scripts say default, detailed or fast.",
        ),
    )
    algorithm.add(
        QgsProcessingParameterNumber(
            LEVEL,
            translate("GeoSAM", "Level"),
            QgsProcessingParameterNumber.Type.Integer,
            defaultValue=0,
            minValue=0,
        ),
        translate(
            "GeoSAM",
            "Which level of the cache is looked at, 0 being the finest; large objects are found on "
            "coarser ones.",
        ),
    )


def _add_filters(algorithm: EngineAlgorithm) -> None:
    algorithm.add(
        QgsProcessingParameterExtent(EXTENT, translate("GeoSAM", "Extent"), optional=True),
        translate("GeoSAM", "Only objects in this; everything when empty."),
    )
    algorithm.add(
        QgsProcessingParameterFeatureSource(
            MASK,
            translate("GeoSAM", "Mask layer"),
            [QgsProcessing.SourceType.TypeVectorPolygon],
            optional=True,
        ),
        translate(
            "GeoSAM", "Only objects of which at least half lies in its polygons; in any CRS."
        ),
    )
    for name, description in (
        (MIN_AREA, translate("GeoSAM", "Smallest object")),
        (MAX_AREA, translate("GeoSAM", "Largest object")),
    ):
        algorithm.add(
            _number(name, description, QgsProcessingParameterNumber.Type.Double),
            translate("GeoSAM", "In square metres."),
        )
    algorithm.add(
        QgsProcessingParameterRasterLayer(
            CLASSES, translate("GeoSAM", "Raster of classes"), optional=True
        ),
        translate("GeoSAM", "Each object gets the class that most of it has there."),
    )


def _add_masks(algorithm: EngineAlgorithm) -> None:
    help_text = translate("GeoSAM", "As the preset has it when empty.")
    descriptions = {
        "POINTS_PER_SIDE": translate("GeoSAM", "Points along a side of a patch"),
        "POINTS_PER_BATCH": translate("GeoSAM", "Points decoded together"),
        "PRED_IOU_THRESH": translate("GeoSAM", "Least score (0 to 1)"),
        "STABILITY_SCORE_THRESH": translate("GeoSAM", "Least stability (0 to 1)"),
        "STABILITY_SCORE_OFFSET": translate("GeoSAM", "Offset of the stability"),
        "BOX_NMS_THRESH": translate("GeoSAM", "Overlap of duplicates in a patch (0 to 1)"),
        "CROP_NMS_THRESH": translate("GeoSAM", "Overlap of duplicates among patches (0 to 1)"),
        "CROP_N_LAYERS": translate("GeoSAM", "Finer levels looked at as well"),
        "CROP_N_POINTS_DOWNSCALE_FACTOR": translate(
            "GeoSAM", "Fewer points by this at each finer level"
        ),
        "MIN_MASK_REGION_AREA": translate("GeoSAM", "Holes and specks left out, in cells"),
    }
    for name, description in descriptions.items():
        kind = QgsProcessingParameterNumber.Type
        algorithm.add_advanced(
            _number(name, description, kind.Integer if name in WHOLE else kind.Double), help_text
        )
    answers = {
        BY_PRESET: translate("GeoSAM", "As the preset"),
        YES: translate("GeoSAM", "Yes"),
        NO: translate("GeoSAM", "No"),
    }
    for name, description, help_text in (
        ("USE_M2M", translate("GeoSAM", "Refine each mask"),
         translate("GeoSAM", "Each mask is decoded once more: better outlines, four times "
                   "slower.")),
        ("SKIP_COVERED", translate("GeoSAM", "Skip points in masks"),
         translate("GeoSAM", "Points in masks found so far are not asked: faster, with fewer "
                   "objects inside others.")),
    ):  # fmt: skip
        algorithm.add_choice(name, description, answers, help_text, is_advanced=True)
    algorithm.add_advanced(
        QgsProcessingParameterRasterLayer(RASTER, translate("GeoSAM", "Raster"), optional=True),
        translate(
            "GeoSAM",
            "For finer levels than the cache has, which look at the enlarged raster: where it "
            "lies, if not beside the cache.",
        ),
    )


def _add_polygons(algorithm: EngineAlgorithm) -> None:
    algorithm.add_advanced(
        QgsProcessingParameterNumber(
            SIMPLIFY,
            translate("GeoSAM", "Simplify"),
            QgsProcessingParameterNumber.Type.Double,
            defaultValue=defaults.SIMPLIFY_PX,
            minValue=0,
        ),
        translate("GeoSAM", "Tolerance in pixels."),
    )
    algorithm.add_advanced(
        QgsProcessingParameterBoolean(
            ALL_PARTS, translate("GeoSAM", "All parts"), defaultValue=False
        ),
        translate("GeoSAM", "Parts of a mask away from its point are kept, too."),
    )


def _add_outputs(algorithm: EngineAlgorithm) -> None:
    algorithm.addParameter(
        QgsProcessingParameterFeatureSink(
            OUTPUT, translate("GeoSAM", "Objects"), QgsProcessing.SourceType.TypeVectorPolygon
        )
    )
    for name, description, help_text in (
        ("LABELS", translate("GeoSAM", "Raster of numbers"),
         translate("GeoSAM", "Each pixel has the number of its object, 0 where there is none.")),
        ("FOREGROUND", translate("GeoSAM", "Foreground raster"),
         translate("GeoSAM", "Each pixel of an object is 1, all others are 0.")),
        ("OVERLAY", translate("GeoSAM", "Coloured overlay"),
         translate("GeoSAM", "A picture with a colour for each object, 35 % opaque.")),
    ):  # fmt: skip
        algorithm.add(
            QgsProcessingParameterRasterDestination(
                name, description, optional=True, createByDefault=False
            ),
            help_text,
        )


def _number(name: str, description: str, kind: Any) -> QgsProcessingParameterNumber:
    return QgsProcessingParameterNumber(name, description, kind, optional=True, minValue=0)
