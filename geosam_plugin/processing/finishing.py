"""What is done to an output once it is written, and to its layer once it is in the project."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Callable, ClassVar

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProviderRegistry,
)
from qgis.PyQt import sip

from geosam_plugin.attribution import name_source, name_source_in_file

Step = Callable[[QgsMapLayer], None]


class _Finisher(QgsProcessingLayerPostProcessorInterface):
    kept: ClassVar[list[_Finisher]] = []
    """A run's context deletes its own, but does not keep what Python knows of it."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        super().__init__()
        self.steps = steps

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        for step in self.steps:
            step(layer)


def finish_later(context: QgsProcessingContext, layer_id: str, *steps: Step) -> None:
    """Take these steps, after those that are there, if a run's output is to come into the
    project."""
    if not context.willLoadLayerOnCompletion(layer_id):
        return
    details = context.layerToLoadOnCompletionDetails(layer_id)
    finisher = details.postProcessor()
    if isinstance(finisher, _Finisher):
        finisher.steps += steps
        return
    finisher = _Finisher(steps)
    _Finisher.kept = [*(one for one in _Finisher.kept if not sip.isdeleted(one)), finisher]
    details.setPostProcessor(finisher)


def name_output(context: QgsProcessingContext, layer_id: str, attribution: str) -> None:
    """Have a run's output name whom to name, wherever it is: once nothing more is written to it."""
    in_memory = context.temporaryLayerStore().mapLayer(layer_id)
    if in_memory is not None:
        name_source(in_memory, attribution)
        return
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer_id)
    path = Path(parts.get("path") or layer_id)
    name_source_in_file(path, parts.get("layerName") or path.stem, attribution)
    finish_later(context, layer_id, partial(name_source, attribution=attribution))
