"""From a plan to a raster: each block is drawn, looked at and written; what is whole is moved to
its place."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
from qgis.core import (
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsFeedback,
    QgsMapLayer,
    QgsRasterBlockFeedback,
)
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QImage

from geosam_plugin.layer_to_raster.drawing import Drawing, drawing_of, take_here
from geosam_plugin.layer_to_raster.geotiff import GeoTiff, warp
from geosam_plugin.layer_to_raster.pixel_grid import PixelGrid
from geosam_plugin.layer_to_raster.plan import RasterPlan
from geosam_plugin.layer_to_raster.refusal import LAYER, RefusedError
from geosam_plugin.layer_to_raster.reports import LayerReports, Report
from geosam_plugin.layer_to_raster.staging import staged
from geosam_plugin.layer_to_raster.title import title_of

translate = QCoreApplication.translate

BLOCK = 1024
"""Side of what is drawn at a time, in pixels: sixteen tiles of a web map, and less than what most
map servers draw at most."""

RETRY_WAITS_S = (1.0, 4.0)
"""Before a block is read once more that has holes because of a server in trouble."""

_WAIT_STEP_S = 0.05

WARPING_SHARE = 0.1
"""Of the time, roughly: servers are slower than warping."""


class StoppedError(Exception):
    """Somebody wanted that; nothing is written."""


@dataclass(frozen=True)
class Making:
    """What is made, of what; assembled on the main thread.

    tags: the file's metadata
    allow_missing: what the layer does not deliver is left transparent
    """

    name: str
    plan: RasterPlan
    drawing: Drawing
    reports: LayerReports
    transforms: QgsCoordinateTransformContext
    out: Path
    tags: Mapping[str, str]
    allow_missing: bool = False


def prepare_making(
    layer: QgsMapLayer,
    plan: RasterPlan,
    out: Path,
    transforms: QgsCoordinateTransformContext,
    attribution: str,
    *,
    allow_missing: bool,
) -> Making:
    """On the layer's own thread, of which it listens to the network from now on: `make_raster` ends
    that."""
    drawing = drawing_of(layer, plan, transforms)
    tags = {
        "TIFFTAG_IMAGEDESCRIPTION": title_of(layer),
        "TIFFTAG_SOFTWARE": "GeoSAM",
        "TIFFTAG_DATETIME": time.strftime("%Y:%m:%d %H:%M:%S"),
        **({"TIFFTAG_COPYRIGHT": attribution} if attribution else {}),
    }
    reports = LayerReports([copy.source() for copy in drawing.layers])
    return Making(title_of(layer), plan, drawing, reports, transforms, out, tags, allow_missing)


def make_raster(making: Making, feedback: QgsFeedback) -> list[Report]:
    """What was missing and may be, without a word for each pixel.

    Raises RefusedError when the layer does not deliver, GeoTiffError, OSError, and StoppedError.
    """
    take_here(making.drawing)
    making.reports.listen_here()
    try:
        return _make(making, feedback)
    finally:
        making.reports.close()
        making.drawing.layers.clear()  # here, where they belong, and not with some traceback


def _make(making: Making, feedback: QgsFeedback) -> list[Report]:
    out, plan = making.out, making.plan
    with staged(out) as folder:
        made = folder / "drawn.tif"
        missing = _draw(making, made, feedback)
        if plan.is_warped:
            transform = QgsCoordinateTransform(
                plan.drawn.lattice.crs, plan.made.lattice.crs, making.transforms
            )
            warped = made.with_name("warped.tif")
            middle = plan.drawn.extent.center()
            if not warp(made, warped, plan.made, transform, middle, _going_on(feedback)):
                raise StoppedError
            made = warped
        made.replace(out)
    feedback.setProgress(100)
    return missing


def _draw(making: Making, path: Path, feedback: QgsFeedback) -> list[Report]:
    grid = making.plan.drawn
    share = 1 - WARPING_SHARE if making.plan.is_warped else 1.0
    missing: list[Report] = []
    is_empty = True
    blocks = list(grid.blocks(BLOCK))
    with GeoTiff(path, grid, making.tags) as file:
        for number, block in enumerate(blocks):
            picture, reports = _read(making, block, feedback)
            missing += reports
            is_empty = is_empty and _is_blank(picture)
            file.put(block, picture)
            feedback.setProgress(100 * share * (number + 1) / len(blocks))
    if is_empty:
        raise RefusedError(LAYER, _say_empty(making.name, missing))
    return missing


def _read(
    making: Making, block: PixelGrid, feedback: QgsFeedback
) -> tuple[QImage, list[Report]]:  # fmt: skip
    """A block's picture, and why parts of it are missing; raises RefusedError if none may be."""
    for wait_s in (*RETRY_WAITS_S, None):
        picture, reports = _read_once(making, block, feedback)
        if not reports or wait_s is None or any(report.is_lasting for report in reports):
            break
        _wait(wait_s, feedback)
    if reports and not making.allow_missing:
        raise RefusedError(LAYER, _say_missing(making.name, reports[0]))
    return picture, reports


def _read_once(
    making: Making, block: PixelGrid, feedback: QgsFeedback
) -> tuple[QImage, list[Report]]:  # fmt: skip
    if feedback.isCanceled():
        raise StoppedError
    of_block = QgsRasterBlockFeedback()
    connection = feedback.canceled.connect(of_block.cancel, Qt.ConnectionType.DirectConnection)
    try:
        picture = making.drawing.picture(block, of_block)
    finally:
        feedback.canceled.disconnect(connection)
    if feedback.isCanceled():
        raise StoppedError
    reports = making.reports.take(of_block)
    # What went wrong on the way and came out well in the end is nobody's concern.
    return picture, reports if reports and _has_holes(picture) else []


def _wait(seconds: float, feedback: QgsFeedback) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not feedback.isCanceled():
        time.sleep(_WAIT_STEP_S)


def _going_on(feedback: QgsFeedback) -> Callable[[float], bool]:
    def go_on(done: float) -> bool:
        feedback.setProgress(100 * (1 - WARPING_SHARE + WARPING_SHARE * done))
        return not feedback.isCanceled()

    return go_on


def _has_holes(picture: QImage) -> bool:
    return bool((_alpha(picture) == 0).any())


def _is_blank(picture: QImage) -> bool:
    return not _alpha(picture).any()


def _alpha(picture: QImage) -> np.ndarray:
    """[height, width] of an RGBA picture."""
    bits = picture.constBits()
    bits.setsize(picture.sizeInBytes())
    rows = np.frombuffer(bits, np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return rows[:, 3 : 4 * picture.width() : 4]


def _say_missing(name: str, report: Report) -> str:
    return translate(
        "GeoSAM",
        "“{layer}” does not deliver all of it: {why}. Try again later, take another zoom or "
        "extent, or tick “Leave empty what is missing”.",
    ).format(layer=name, why=report.text.rstrip("."))


def _say_empty(name: str, missing: list[Report]) -> str:
    if missing:
        text = translate("GeoSAM", "“{layer}” delivers nothing there: {why}.")
        return text.format(layer=name, why=missing[0].text.rstrip("."))
    return translate(
        "GeoSAM", "“{layer}” shows nothing there. Take another extent or another resolution."
    ).format(layer=name)
