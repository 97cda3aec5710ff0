"""The parameters of `geosam:refinefootprints`."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.processing.base import EngineAlgorithm
from geosam_plugin.processing.segment_parameters import add_right_angles

translate = QCoreApplication.translate

INPUT, OSM, TRUST, OUTPUT, CHANGES = "INPUT", "OSM", "TRUST", "OUTPUT", "CHANGES"
FIND_MISSING, MISSING_POINTS, MIN_LIKENESS = "FIND_MISSING", "MISSING_POINTS", "MIN_LIKENESS"
SNAP, CLEAN_WALLS, MIN_AREA, PROTECT = "SNAP", "CLEAN_WALLS", "MIN_AREA", "PROTECT"
LEVEL, SEARCH, DELETE_GONE = "LEVEL", "SEARCH", "DELETE_GONE"

CHANGES_SUFFIXES = (".osm", ".osc")

LIKENESS, SEARCH_M = 0.5, 6.0
"""The engine's own defaults."""

MOST_SEARCH_M = 50.0
"""The engine takes no more."""


def add_refine_parameters(algorithm: EngineAlgorithm) -> None:
    _add_inputs(algorithm)
    _add_missing(algorithm)
    _add_outlines(algorithm)
    _add_advanced(algorithm)
    _add_outputs(algorithm)


def _add_inputs(algorithm: EngineAlgorithm) -> None:
    algorithm.add(
        QgsProcessingParameterFeatureSource(
            INPUT,
            translate("GeoSAM", "Buildings"),
            [QgsProcessing.SourceType.TypeVectorPolygon],
            optional=True,
        ),
        translate(
            "GeoSAM", "A layer of footprints, in any CRS. Leave it empty to take those of a file "
            "of OpenStreetMap.",
        ),
    )  # fmt: skip
    algorithm.add_cache()
    algorithm.add(
        QgsProcessingParameterFile(
            OSM,
            translate("GeoSAM", "File of OpenStreetMap"),
            fileFilter=translate("GeoSAM", "OpenStreetMap (*.osm *.pbf)"),
            optional=True,
        ),
        translate(
            "GeoSAM",
            "The .osm or .osm.pbf file that has the buildings, or that the layer was made from.",
        ),
    )
    algorithm.add_choice(
        TRUST,
        translate("GeoSAM", "What is right where they differ as a whole"),
        {
            "features": translate("GeoSAM", "The buildings: they stay where they are"),
            "imagery": translate("GeoSAM", "The image: they are moved to it"),
        },
        translate(
            "GeoSAM",
            "With the buildings, what is drawn anew is moved to fit them, as OpenStreetMap has it. "
            "Scripts say features or imagery.",
        ),
    )


def _add_missing(algorithm: EngineAlgorithm) -> None:
    algorithm.add(
        QgsProcessingParameterBoolean(
            FIND_MISSING, translate("GeoSAM", "Find missing buildings"), defaultValue=False
        ),
        translate("GeoSAM", "What looks like the buildings of the layer and is not in it."),
    )
    algorithm.add_advanced(
        QgsProcessingParameterFeatureSource(
            MISSING_POINTS,
            translate("GeoSAM", "Points of missing buildings"),
            [QgsProcessing.SourceType.TypeVectorPoint],
            optional=True,
        ),
        translate("GeoSAM", "Missing buildings are looked for at these points only."),
    )
    algorithm.add_advanced(
        _number(MIN_LIKENESS, translate("GeoSAM", "Least likeness (0 to 1)"), LIKENESS, most=1),
        translate(
            "GeoSAM", "How much a missing building must look like those of the layer; fewer and "
            "surer ones with more.",
        ),
    )  # fmt: skip


def _add_outlines(algorithm: EngineAlgorithm) -> None:
    add_right_angles(algorithm)
    for name, description, help_text in (
        (SNAP, translate("GeoSAM", "Turn as the neighbours"),
         translate("GeoSAM", "New outlines are turned to the direction that their neighbours "
                   "have.")),
        (CLEAN_WALLS, translate("GeoSAM", "Clean shared walls"),
         translate("GeoSAM", "No overlaps and slivers between neighbours where one of them is "
                   "changed.")),
    ):  # fmt: skip
        algorithm.add(
            QgsProcessingParameterBoolean(name, description, defaultValue=False), help_text
        )
    algorithm.add(
        _number(MIN_AREA, translate("GeoSAM", "Smallest outline (m²)"), 0.0),
        translate("GeoSAM", "No smaller one is proposed."),
    )
    algorithm.add(
        QgsProcessingParameterString(PROTECT, translate("GeoSAM", "Protect"), optional=True),
        translate(
            "GeoSAM",
            "Features that stay as they are: FIELD for those that have a value there, FIELD=VALUE "
            "for those that have this one, or a tag of OpenStreetMap; several with semicolons.",
        ),
    )


def _add_advanced(algorithm: EngineAlgorithm) -> None:
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
            "Which level of the cache is looked at, 0 being the finest. When empty, that which "
            "suits each building's size.",
        ),
    )
    algorithm.add_advanced(
        _number(SEARCH, translate("GeoSAM", "Search radius (m)"), SEARCH_M, MOST_SEARCH_M),
        translate("GeoSAM", "How far from its place a building is looked for."),
    )
    algorithm.add_advanced(
        QgsProcessingParameterBoolean(
            DELETE_GONE,
            translate("GeoSAM", "Delete buildings that are gone from OpenStreetMap"),
            defaultValue=False,
        ),
        translate("GeoSAM", "In the changes to OpenStreetMap; else they stay in it."),
    )


def _add_outputs(algorithm: EngineAlgorithm) -> None:
    algorithm.addParameter(
        QgsProcessingParameterFeatureSink(
            OUTPUT, translate("GeoSAM", "Refined"), QgsProcessing.SourceType.TypeVectorPolygon
        )
    )
    algorithm.add(
        QgsProcessingParameterFileDestination(
            CHANGES,
            translate("GeoSAM", "Changes to OpenStreetMap"),
            translate("GeoSAM", "For JOSM (*.osm);;osmChange (*.osc)"),
            optional=True,
            createByDefault=False,
        ),
        translate(
            "GeoSAM",
            "A file to be looked at in JOSM, and uploaded there; nothing is uploaded from here.",
        ),
    )


def _number(
    name: str, description: str, default: float, most: float | None = None
) -> QgsProcessingParameterNumber:
    number = QgsProcessingParameterNumber(
        name,
        description,
        QgsProcessingParameterNumber.Type.Double,
        defaultValue=default,
        minValue=0,
    )
    if most is not None:
        number.setMaximum(most)
    return number
