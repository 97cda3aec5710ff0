"""From the dock's layer of buildings to the review of what the image says of them: Processing's
dialog of `geosam:refinefootprints`, filled in, and its result taken up."""

from __future__ import annotations

import math
from typing import Any

from qgis.core import Qgis, QgsProcessingContext, QgsProcessingUtils, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from geosam_plugin.clicking.controller import Controller
from geosam_plugin.processing.base import CACHE
from geosam_plugin.processing.refine_parameters import INPUT, OUTPUT
from geosam_plugin.window.algorithm_dialogs import AlgorithmDialogs
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.messages import Messages
from geosam_plugin.window.review import Review

translate = QCoreApplication.translate

ALGORITHM = "geosam:refinefootprints"

TOLD_OFFSET_M = 0.5
"""From here on it is told that a layer is off as a whole: what is found of layers that are not is
within 0.3 m (docs/refine.md)."""


class Refining(QObject):
    """dialogClosed: whichever of them"""

    dialogClosed = pyqtSignal()  # noqa: N815 - Qt's way

    def __init__(
        self,
        controller: Controller,
        dock: GeoSamDock,
        review: Review,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._dock = dock
        self._section = dock.review
        self._review = review
        self._messages = messages
        self._project = QgsProject.instance()
        self.dialogs = AlgorithmDialogs(ALGORITHM, self)
        self.dialogs.ended.connect(self._on_ended)
        self.dialogs.dialogClosed.connect(self.dialogClosed)
        self._section.refineWanted.connect(self.open)
        controller.cacheChanged.connect(self._on_cache)
        self._on_cache()

    def close(self) -> None:
        self.dialogs.close()

    def open(self) -> None:
        """Show the dialog of the layer that the section says, with the cache that is clicked."""
        layer, cache = self._section.target.currentLayer(), self._controller.cache
        if layer is not None and cache:
            self.dialogs.open(layer.id(), lambda: {INPUT: layer.id(), CACHE: cache})

    def _on_cache(self) -> None:
        self._section.set_ready(bool(self._controller.described))

    def _on_ended(self, layer_id: str, succeeded: bool, results: dict[str, Any]) -> None:
        """Review what has come into the project, unless the user has turned to something else."""
        refined, target = self._refined_layer(results), self._target_layer(layer_id)
        if not succeeded or refined is None or target is None or self._dock.isHidden():
            return
        if refined.isTemporary():
            text = translate("GeoSAM", "{buildings}, refined")
            refined.setName(text.format(buildings=target.name()))
        if self._review.is_on:
            text = translate(
                "GeoSAM", "“{layer}” can be reviewed when this review is left: choose it as Result."
            )
            self._messages.say(text.format(layer=refined.name()), Qgis.MessageLevel.Info)
            return
        self.dialogs.of(layer_id).hide()
        self._dock.window().activateWindow()
        self._section.choose(refined, target)
        self._review.begin(*_say_offset(results))

    def _refined_layer(self, results: dict[str, Any]) -> QgsVectorLayer | None:
        """None when the user has not had it loaded."""
        name = str(results.get(OUTPUT, ""))
        found = QgsProcessingUtils.mapLayerFromString(name, self._context(), False)
        return found if isinstance(found, QgsVectorLayer) else None

    def _target_layer(self, layer_id: str) -> QgsVectorLayer | None:
        """The one that was refined: the dialog may have been given another one."""
        dialog = self.dialogs.of(layer_id)
        given = dialog.createProcessingParameters()
        found = dialog.algorithm().parameterAsVectorLayer(given, INPUT, self._context())
        return self._project.mapLayer(found.id()) if found is not None else None

    def _context(self) -> QgsProcessingContext:
        context = QgsProcessingContext()
        context.setProject(self._project)
        return context


def _say_offset(results: dict[str, Any]) -> list[str]:
    east, north = results["OFFSET_EAST"], results["OFFSET_NORTH"]
    if math.hypot(east, north) < TOLD_OFFSET_M:
        return []
    text = translate(
        "GeoSAM",
        "The buildings would fit the image if all were moved {east:+.1f} m to the east and "
        "{north:+.1f} m to the north.",
    )
    return [text.format(east=east, north=north)]
