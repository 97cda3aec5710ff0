"""`geosam:cacheinfo`: what a feature cache was made from, and how much of it there is."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
)

from geosam_plugin.engine.process import EngineSession
from geosam_plugin.processing.base import (
    CACHE,
    COVERAGE,
    OF_CACHES,
    EngineAlgorithm,
    Results,
    translate,
)
from geosam_plugin.processing.coverage import COVERAGE_WANTED, write_coverage
from geosam_plugin.raster_file import raster_file

RASTER, OUTPUT_HTML_FILE = "RASTER", "OUTPUT_HTML_FILE"

Row = tuple[str, str]


class CacheInfo(EngineAlgorithm):
    NAME = "cacheinfo"
    BLAMED: ClassVar = dict.fromkeys(OF_CACHES, CACHE)

    def displayName(self) -> str:
        return translate("GeoSAM", "Describe a feature cache")

    def group(self) -> str:
        return translate("GeoSAM", "Encoding")

    def groupId(self) -> str:
        return "encoding"

    def shortDescription(self) -> str:
        return translate("GeoSAM", "Tells what a cache was made from and what is encoded.")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_cache()
        self.add(
            QgsProcessingParameterRasterLayer(
                RASTER, translate("GeoSAM", "Raster to compare with"), optional=True
            ),
            translate("GeoSAM", "Is it still the raster that was encoded?"),
        )
        self.add_coverage()
        self.addParameter(
            QgsProcessingParameterFileDestination(
                OUTPUT_HTML_FILE,
                translate("GeoSAM", "Report"),
                translate("GeoSAM", "HTML files (*.html)"),
                optional=True,
            )
        )
        for name, description in (
            ("MODEL", translate("GeoSAM", "Model")),
            ("RASTER_NAME", translate("GeoSAM", "Name of the raster")),
            ("RASTER_STATE", translate("GeoSAM", "What became of the raster")),
            ("CRS", translate("GeoSAM", "CRS")),
        ):
            self.addOutput(QgsProcessingOutputString(name, description))
        for name, description in (
            ("LEVELS", translate("GeoSAM", "Number of levels")),
            ("PATCHES", translate("GeoSAM", "Number of encoded patches")),
            ("EMPTY", translate("GeoSAM", "Number of patches without any pixel")),
            ("MISSING", translate("GeoSAM", "Number of patches that are not encoded")),
            ("SIZE_BYTES", translate("GeoSAM", "Size on disk in bytes")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, description))

    def problem(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        problem = self.cache_problem(parameters, context)
        if problem is not None:
            return problem
        layer = self.parameterAsRasterLayer(parameters, RASTER, context)
        if layer is not None and raster_file(layer) is None:
            return self.complaint(RASTER, translate("GeoSAM", "It is not a raster file."))
        return None

    def prepareAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> bool:
        """On the main thread: layers must not be looked at from another."""
        layer = self.parameterAsRasterLayer(parameters, RASTER, context)
        self._raster = None if layer is None else raster_file(layer)
        return True

    def execute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        engine: EngineSession,
    ) -> Results:
        cache = str(self.cache_path(parameters, context))
        wants_coverage = self.is_given(parameters, COVERAGE, context)
        described = engine.request(
            "open",
            {
                "cache": cache,
                "size": True,
                **(COVERAGE_WANTED if wants_coverage else {}),
                "raster": None if self._raster is None else str(self._raster),
            },
        )
        crs = QgsCoordinateReferenceSystem.fromWkt(described["crs_wkt"] or "")
        results = _counts(described, crs)
        rows = _rows(described, results)
        for name, value in rows:
            feedback.pushInfo(f"{name}: {value}")
        report = self.parameterAsFileOutput(parameters, OUTPUT_HTML_FILE, context)
        if report:
            self._write_report(Path(report), cache, rows, described)
            results[OUTPUT_HTML_FILE] = report
        if wants_coverage:
            results[COVERAGE] = write_coverage(self, parameters, context, described, crs)
        return results

    def _write_report(
        self, path: Path, cache: str, rows: list[Row], described: dict[str, Any]
    ) -> None:
        try:
            path.write_text(_report(cache, rows, described["levels"]), encoding="utf-8")
        except OSError as error:
            text = translate("GeoSAM", "It cannot be written ({}).").format(error.strerror)
            raise QgsProcessingException(self.complaint(OUTPUT_HTML_FILE, text)) from error


def _counts(described: dict[str, Any], crs: QgsCoordinateReferenceSystem) -> Results:
    levels = described["levels"]
    present, empty = (sum(level[state] for level in levels) for state in ("present", "empty"))
    return {
        CACHE: described["path"],
        "MODEL": described["model"],
        "RASTER_NAME": described["raster"],
        "RASTER_STATE": described.get("raster_state", ""),
        "CRS": crs.authid() or crs.description(),
        "LEVELS": len(levels),
        "PATCHES": present,
        "EMPTY": empty,
        "MISSING": sum(level["rows"] * level["cols"] for level in levels) - present - empty,
        "SIZE_BYTES": described["size_bytes"],
    }


def _rows(described: dict[str, Any], counts: Results) -> list[Row]:
    """What a report says, by name."""
    states = {
        "unchanged": translate("GeoSAM", "it is the raster that was encoded"),
        "changed": translate("GeoSAM", "it is not the raster that was encoded: encode again"),
        "unreadable": translate("GeoSAM", "it cannot be read"),
        "absent": translate("GeoSAM", "there is none"),
    }
    across, down = described["pixel_size"]
    manifest = described["manifest"]
    rows = [
        (translate("GeoSAM", "Model"), described["model"]),
        (translate("GeoSAM", "Raster"), described["raster"]),
        (translate("GeoSAM", "CRS"), counts["CRS"] or translate("GeoSAM", "none")),
        (
            translate("GeoSAM", "Size"),
            translate("GeoSAM", "{width} x {height} pixels of {across:g} x {down:g}").format(
                width=described["width"], height=described["height"], across=across, down=down
            ),
        ),
        (translate("GeoSAM", "Bands"), ", ".join(map(str, manifest["bands"]))),
        (translate("GeoSAM", "Stretch"), _stretch(manifest["stretch"])),
        (
            translate("GeoSAM", "Patches"),
            translate(
                "GeoSAM", "{PATCHES} encoded, {EMPTY} without any pixel, {MISSING} not encoded"
            ).format(**counts),
        ),
        (
            translate("GeoSAM", "On disk"),
            translate("GeoSAM", "{:.1f} MB").format(described["size_bytes"] / 1e6),
        ),
    ]
    if counts["RASTER_STATE"]:
        rows.append((translate("GeoSAM", "Compared with"), states[counts["RASTER_STATE"]]))
    if described["writer"]:
        rows.append(
            (
                translate("GeoSAM", "Being written by"),
                translate("GeoSAM", "process {pid} on {host}").format(**described["writer"]),
            )
        )
    return rows


def _stretch(stretch: dict[str, Any]) -> str:
    ranges = dict.fromkeys(zip(stretch["low"], stretch["high"]))
    return ", ".join(f"{low:g}:{high:g}" for low, high in ranges)


def _report(cache: str, rows: list[Row], levels: list[dict[str, Any]]) -> str:
    head = (
        translate("GeoSAM", "Level"),
        translate("GeoSAM", "Pixel size"),
        translate("GeoSAM", "Patches"),
        translate("GeoSAM", "Encoded"),
        translate("GeoSAM", "Without any pixel"),
    )
    table = [
        (
            str(level["level"]),
            f"{level['pixel_size'][0]:g}",
            str(level["rows"] * level["cols"]),
            str(level["present"]),
            str(level["empty"]),
        )
        for level in levels
    ]
    parts = [
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>',
        f"<h2>{html.escape(cache)}</h2>",
        "<table>",
        *(_line((f"{name}:", value), "td") for name, value in rows),
        "</table>",
        "<p></p>",
        '<table border="1" cellspacing="0" cellpadding="4">',
        _line(head, "th"),
        *(_line(row, "td") for row in table),
        "</table></body></html>\n",
    ]
    return "\n".join(parts)


def _line(cells: tuple[str, ...], tag: str) -> str:
    inside = "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells)
    return f"<tr>{inside}</tr>"
