"""What the engine tells of an encode, in the user's language: it speaks English itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.processing.progress import duration, tell

translate = QCoreApplication.translate


def show(told: Mapping[str, Any], feedback: QgsProcessingFeedback) -> None:
    """told: progress of the worker's `encode`"""
    if "notice" in told:
        feedback.pushInfo(say_notice(told))
        return
    done, total, left = told["done"], told["total"], told["eta_s"]
    if not total:
        return
    text = translate("GeoSAM", "Patches: {done} of {total}").format(done=done, total=total)
    feedback.setProgress(100 * done / total)
    tell(feedback, text, left if done < total else None)


def say_done(summary: Mapping[str, Any]) -> str:
    """summary: the result of the worker's `encode`"""
    return translate(
        "GeoSAM",
        "Patches encoded: {encoded} (in {seconds:.1f} s); without any pixel: {empty}; there "
        "already: {skipped}.",
    ).format(**summary)


def say_notice(told: Mapping[str, Any]) -> str:
    """told: progress of the worker's `encode` that has a notice in it. A kind that a newer engine
    may have is said as the engine does."""
    values = dict(told.get("values", {}))
    if "expected_s" in values:
        values["time"] = duration(values["expected_s"])
    for name in ("bytes_needed", "bytes_free"):
        if name in values:
            values[name] /= 1e6
    template = _sentences().get(told.get("kind", ""))
    return told["notice"] if template is None else template.format(**values)


def _sentences() -> dict[str, str]:
    return {
        "as_wanted": translate(
            "GeoSAM", "What is looked at is encoded; there already: {there}. The cache: {cache}"
        ),
        "bands": translate("GeoSAM", "Bands {bands} are read: red, green and blue."),
        "checking": translate("GeoSAM", "Checking what is in the cache already."),
        "damaged": translate(
            "GeoSAM", "Damaged places in the cache: {places}. What is lost is encoded again."
        ),
        "disk": translate(
            "GeoSAM",
            "That takes up to {bytes_needed:.0f} MB of disk; {bytes_free:.0f} MB are free.",
        ),
        "encoding": translate("GeoSAM", "Encoding with {model} on {device}."),
        "expected_time": translate(
            "GeoSAM", "Patches to come: {rest}. By what the first ones took, that is about {time}."
        ),
        "levels": translate(
            "GeoSAM",
            "Levels: {levels} instead of {wanted}, since one patch of the last one holds the "
            "raster.",
        ),
        "no_crs": translate(
            "GeoSAM", "The raster has no CRS: coordinates are in its own, unnamed units."
        ),
        "not_georeferenced": translate(
            "GeoSAM", "The raster is not georeferenced: coordinates are pixels."
        ),
        "not_beside": translate(
            "GeoSAM",
            "That is not beside the raster, because the folder {folder} cannot be written.",
        ),
        "nothing_to_encode": translate("GeoSAM", "Nothing to encode: {cache} has all patches."),
        "on_cpu": translate(
            "GeoSAM",
            "The memory of {device} does not hold a single patch: going on on the processor.",
        ),
        "palette": translate("GeoSAM", "Band {band} has a palette, which is expanded to RGB."),
        "smaller_batch": translate(
            "GeoSAM",
            "The memory of {device} does not hold {size} patches at once: going on with {batch}.",
        ),
        "terms": translate(
            "GeoSAM",
            "The terms of who offers this map say how much of it may be fetched, and what for.",
        ),
        "tiles": translate("GeoSAM", "Map tiles to fetch: {tiles}."),
        "to_encode": translate(
            "GeoSAM", "Patches to encode: {patches}; there already: {there}. The cache: {cache}"
        ),
    }
