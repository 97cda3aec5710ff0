"""The raster that is made of a layer in order to be encoded. It is kept, under a name that says
what it is of: the same layer, style and place are not fetched a second time."""

from __future__ import annotations

import hashlib
import re
from functools import partial
from pathlib import Path

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsReadWriteContext,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtXml import QDomDocument

from geosam_plugin.attribution import attribution_of, name_source
from geosam_plugin.cache_paths import cache_name, is_cache, user_folder
from geosam_plugin.layer_to_raster.plan import RasterPlan, Wanted, plan_raster, require_consent
from geosam_plugin.layer_to_raster.refusal import OUTPUT, RefusedError
from geosam_plugin.layer_to_raster.run import Making, prepare_making
from geosam_plugin.layer_to_raster.title import title_of
from geosam_plugin.processing.finishing import finish_later
from geosam_plugin.processing.raster_making import require_room, run_making, say_not_writable

translate = QCoreApplication.translate

RASTERS = "rasters"
"""Folder within the user's cache folder."""

_LONGEST_NAME = 40


class KeptRaster:
    """path: where it is, or will be: in the user's cache folder, or beside the cache where that has
    a place of its own; name: of the layer"""

    def __init__(
        self,
        wanted: Wanted,
        layer: QgsRasterLayer,
        cache: Path | None,
        *,
        anew: bool,
        is_agreed: bool,
    ) -> None:
        """cache: as the user has chosen it, or a folder for it
        anew: it is made, though it is there already; is_agreed: to a large one

        Raises RefusedError.
        """
        self.plan = plan_raster(wanted)
        self.name = title_of(layer)
        self.path = _folder(cache) / _file_name(layer, self.plan)
        self._layer, self._wanted, self._chosen = layer, wanted, cache
        self._anew, self._is_agreed = anew, is_agreed
        self._attribution = attribution_of(layer)
        self._making: Making | None = None

    @property
    def _is_to_be_made(self) -> bool:
        return self._anew or not self.path.exists()

    def check(self) -> None:
        """Raises RefusedError for what cannot be made, or only for somebody who agrees."""
        if self._is_to_be_made:
            require_consent(self.plan, self._is_agreed)
            if self.path.parent.is_dir():
                require_room(self.plan, self.path.parent)

    def cache(self, model: str) -> Path:
        if self._chosen is not None and (is_cache(self._chosen) or not self._chosen.is_dir()):
            return self._chosen
        return self.path.with_name(cache_name(self.path, model))

    def prepare(self) -> None:
        """On the layer's own thread. Raises RefusedError where its folder cannot be made, and where
        `check` would: not everybody calls that first."""
        if not self._is_to_be_made:
            return
        self.check()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RefusedError(OUTPUT, say_not_writable(self.path.parent, error)) from error
        self._making = prepare_making(
            self._layer, self.plan, self.path, self._wanted.transforms, self._attribution,
            allow_missing=False,
        )  # fmt: skip

    def make(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> bool:
        """Whether it is there: not when somebody stopped that. It comes into the project, where it
        can be clicked. Raises QgsProcessingException."""
        making, self._making = self._making, None
        if making is None:
            text = translate("GeoSAM", "The raster that was made before is encoded: {}")
        else:
            try:
                if not run_making(making, feedback):
                    return False
            except RefusedError as error:
                raise QgsProcessingException(str(error)) from error
            text = translate("GeoSAM", "The raster is kept, and encoded now: {}")
        feedback.pushInfo(text.format(self.path))
        self._load(context)
        return True

    def _load(self, context: QgsProcessingContext) -> None:
        if context.project() is None:
            return
        path = str(self.path)
        details = QgsProcessingContext.LayerDetails(self.name, context.project(), "RASTER")
        context.addLayerToLoadOnCompletion(path, details)
        finish_later(context, path, partial(name_source, attribution=self._attribution))


def _folder(cache: Path | None) -> Path:
    if cache is None:
        return user_folder() / RASTERS
    return cache if cache.is_dir() and not is_cache(cache) else cache.parent


def _file_name(layer: QgsRasterLayer, plan: RasterPlan) -> str:
    """By all that decides which pixels there are, but for what the server has."""
    style = QDomDocument()
    layer.exportNamedStyle(style, QgsReadWriteContext(), QgsRasterLayer.StyleCategory.Symbology)
    made = plan.made
    parts = (
        layer.source(),
        style.toString(),
        made.lattice.crs.toWkt(),
        repr((made.geotransform, made.columns, made.rows, plan.zoom)),
    )
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
    name = re.sub(r"\W+", "_", title_of(layer)).strip("_")[:_LONGEST_NAME] or "layer"
    return f"{name}.{digest}.tif"
