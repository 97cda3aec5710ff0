"""The parameters of `geosam:encoderaster`: what they are called, and what they may be."""

from __future__ import annotations

import re

from qgis.core import (
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDistance,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.models import MODELS
from geosam_plugin.processing.base import EngineAlgorithm

translate = QCoreApplication.translate

INPUT, BANDS, STRETCH, RESOLUTION, EXTENT = "INPUT", "BANDS", "STRETCH", "RESOLUTION", "EXTENT"
MODEL, CHECKPOINT, LEVELS, OVERLAP = "MODEL", "CHECKPOINT", "LEVELS", "OVERLAP"
DTYPE, DEVICE, BATCH, RESTART, OUTPUT = "DTYPE", "DEVICE", "BATCH", "RESTART", "OUTPUT"
ALLOW_LARGE = "ALLOW_LARGE"

DTYPES = ("auto", "int8", "float16", "float32")
DEVICES = ("auto", "cpu", "cuda", "mps")

DEFAULT_OVERLAP, MAX_OVERLAP, OVERLAP_STEP = 256, 1020, 4

_NUMBER = r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?"
_STRETCH = re.compile(
    rf"auto|none|minmax|{_NUMBER},{_NUMBER}|{_NUMBER}:{_NUMBER}(,{_NUMBER}:{_NUMBER}){{0,2}}",
    re.IGNORECASE,
)


def is_stretch(text: str) -> bool:
    """Whether the engine will understand it; it still may not fit the bands."""
    return _STRETCH.fullmatch("".join(text.split())) is not None


def add_encode_parameters(algorithm: EngineAlgorithm) -> None:
    _add_raster_and_model(algorithm)
    _add_reading(algorithm)
    _add_advanced(algorithm)
    _add_output(algorithm)


def _add_raster_and_model(algorithm: EngineAlgorithm) -> None:
    add = algorithm.add
    add(
        QgsProcessingParameterRasterLayer(INPUT, translate("GeoSAM", "Raster layer")),
        translate(
            "GeoSAM",
            "An image that is a file on this computer or a network drive. Of any other, such as a "
            "web map, a GeoTIFF of the extent is made first, at the zoom nearest to the "
            "resolution.",
        ),
    )
    add(
        _enum(MODEL, translate("GeoSAM", "Model"), MODELS),
        translate(
            "GeoSAM",
            "nano is the quick default and comes with the plugin. The SAM 2.1 models are better: "
            "the page under Settings > Options > GeoSAM downloads them, once, with the full engine "
            "that they need.",
        ),
    )
    add(
        QgsProcessingParameterExtent(EXTENT, translate("GeoSAM", "Extent"), optional=True),
        translate(
            "GeoSAM",
            "Only what meets this is encoded; everything when empty. A further run with another "
            "extent adds to the same cache.",
        ),
    )


def _add_reading(algorithm: EngineAlgorithm) -> None:
    """How the model is to see the raster."""
    add = algorithm.add
    add(
        QgsProcessingParameterDistance(
            RESOLUTION,
            translate("GeoSAM", "Resolution"),
            parentParameterName=INPUT,
            optional=True,
            minValue=0,
        ),
        translate(
            "GeoSAM",
            "Size of a pixel as the model is to see it, in the raster's units; the raster's own "
            "when empty.",
        ),
    )
    add(
        QgsProcessingParameterBand(
            BANDS,
            translate("GeoSAM", "Bands"),
            parentLayerParameterName=INPUT,
            optional=True,
            allowMultiple=True,
        ),
        translate(
            "GeoSAM",
            "One to three bands, red first; those that the layer is displayed with when empty.",
        ),
    )
    add(
        QgsProcessingParameterString(STRETCH, translate("GeoSAM", "Stretch"), optional=True),
        translate(
            "GeoSAM",
            "How values become brightness: auto, none, minmax, two percentiles such as 2,98, or "
            "values such as 0:3000 (or one such pair for each band, separated by commas). As the "
            "layer is displayed when empty.",
        ),
    )


def _add_advanced(algorithm: EngineAlgorithm) -> None:
    add_advanced = algorithm.add_advanced
    add_advanced(
        QgsProcessingParameterFile(CHECKPOINT, translate("GeoSAM", "Checkpoint"), optional=True),
        translate("GeoSAM", "Weights of your own, in the structure of the chosen model."),
    )
    add_advanced(
        _integer(LEVELS, translate("GeoSAM", "Levels"), 1, None),
        translate(
            "GeoSAM",
            "How many times the image is encoded, each time at half the resolution, so that "
            "objects larger than a patch can be clicked. When empty, until all fits one patch.",
        ),
    )
    add_advanced(
        _integer(OVERLAP, translate("GeoSAM", "Overlap of patches"), 0, DEFAULT_OVERLAP),
        translate(
            "GeoSAM",
            "In pixels, a multiple of 4; a patch has 1024. With 0, objects end at the borders of "
            "patches.",
        ),
    )
    add_advanced(
        _enum(DTYPE, translate("GeoSAM", "Stored as"), DTYPES),
        translate(
            "GeoSAM",
            "auto keeps to what a cache has, and takes int8 for a new one: half the space of "
            "float16, and outlines that hardly differ.",
        ),
    )
    add_advanced(
        _enum(DEVICE, translate("GeoSAM", "Device"), DEVICES),
        translate("GeoSAM", "Where the model runs; auto takes a graphics card when it can."),
    )
    add_advanced(
        _integer(BATCH, translate("GeoSAM", "Patches at once"), 1, None),
        translate("GeoSAM", "When empty, what suits the device."),
    )
    add_advanced(
        QgsProcessingParameterBoolean(
            RESTART, translate("GeoSAM", "Replace the cache"), defaultValue=False
        ),
        translate("GeoSAM", "Do not go on with a cache that is there, but make it anew."),
    )
    algorithm.add_large_consent(ALLOW_LARGE)


def _add_output(algorithm: EngineAlgorithm) -> None:
    algorithm.add(
        QgsProcessingParameterFolderDestination(
            OUTPUT,
            translate("GeoSAM", "Feature cache (beside the raster when skipped)"),
            optional=True,
            createByDefault=False,
        ),
        translate(
            "GeoSAM",
            "The cache to make or to go on with. In a folder that is no cache it is made under "
            "its usual name, which is that of the raster and the model.",
        ),
    )


def _enum(name: str, description: str, words: tuple) -> QgsProcessingParameterEnum:
    """A choice of words, which scripts write as they are."""
    return QgsProcessingParameterEnum(
        name, description, options=list(words), defaultValue=words[0], usesStaticStrings=True
    )


def _integer(
    name: str, description: str, minimum: int, default: int | None
) -> QgsProcessingParameterNumber:
    """A number that may be left out unless it has a default."""
    return QgsProcessingParameterNumber(
        name,
        description,
        QgsProcessingParameterNumber.Type.Integer,
        defaultValue=default,
        optional=default is None,
        minValue=minimum,
    )
