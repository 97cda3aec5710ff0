"""A layer made a raster by an algorithm: what may be wrong is said of its parameters."""

from __future__ import annotations

import shutil
from pathlib import Path

from qgis.core import QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.layer_to_raster.geotiff import BANDS, GeoTiffError
from geosam_plugin.layer_to_raster.plan import RasterPlan
from geosam_plugin.layer_to_raster.refusal import OUTPUT, RefusedError
from geosam_plugin.layer_to_raster.run import Making, StoppedError, make_raster
from geosam_plugin.processing.base import cancelled_with_plugin

translate = QCoreApplication.translate


def require_room(plan: RasterPlan, folder: Path) -> None:
    """Raises RefusedError where the raster might not fit, and where there is no such folder."""
    if not folder.is_dir():
        raise RefusedError(OUTPUT, translate("GeoSAM", "There is no folder {}.").format(folder))
    drawn = plan.drawn.count if plan.is_warped else 0
    needed, free = BANDS * (plan.made.count + drawn), shutil.disk_usage(folder).free
    if needed > free:
        raise RefusedError(
            OUTPUT,
            translate(
                "GeoSAM",
                "The raster may need {needed:.0f} MB; {free:.0f} MB are free in {folder}.",
            ).format(needed=needed / 1e6, free=free / 1e6, folder=folder),
        )


def say_plan(plan: RasterPlan) -> str:
    made = plan.made
    crs = made.lattice.crs
    told = translate(
        "GeoSAM", "A raster of {columns} x {rows} pixels of {size:.6g} in {crs}."
    ).format(
        columns=made.columns,
        rows=made.rows,
        size=made.lattice.width,
        crs=crs.authid() or crs.description() or translate("GeoSAM", "no CRS"),
    )
    if plan.zoom is None:
        return told
    return translate("GeoSAM", "{raster} Zoom {zoom}.").format(raster=told, zoom=plan.zoom)


def run_making(making: Making, feedback: QgsProcessingFeedback) -> bool:
    """Whether it was made: not when somebody stopped it. Raises QgsProcessingException, and
    RefusedError."""
    feedback.pushInfo(say_plan(making.plan))
    for remark in making.plan.remarks:
        feedback.pushWarning(remark)
    feedback.setProgressText(translate("GeoSAM", "Reading “{layer}”").format(layer=making.name))
    try:
        with cancelled_with_plugin(feedback):
            missing = make_raster(making, feedback)
    except StoppedError:
        return False
    except GeoTiffError as error:
        raise QgsProcessingException(str(error)) from error
    except OSError as error:
        raise QgsProcessingException(say_not_writable(making.out, error)) from error
    if missing:
        text = translate("GeoSAM", "Parts are missing and left empty, the first because of: {why}.")
        feedback.pushWarning(text.format(why=missing[0].text.rstrip(".")))
    return True


def say_not_writable(path: Path, error: OSError) -> str:
    text = translate("GeoSAM", "{path} cannot be written: {why}.")
    return text.format(path=path, why=error.strerror or str(error))
