"""What is done to an output's layer once it is in the project."""

from __future__ import annotations

from typing import Callable, ClassVar

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
)
from qgis.PyQt import sip

Step = Callable[[QgsMapLayer], None]


class _Finisher(QgsProcessingLayerPostProcessorInterface):
    kept: ClassVar[list[_Finisher]] = []
    """A run's context deletes its own, but does not keep what Python knows of it."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        super().__init__()
        self._steps = steps

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        for step in self._steps:
            step(layer)


def finish_later(context: QgsProcessingContext, layer_id: str, *steps: Step) -> None:
    """Take these steps, if a run's output is to come into the project."""
    if context.willLoadLayerOnCompletion(layer_id):
        finisher = _Finisher(steps)
        _Finisher.kept = [*(one for one in _Finisher.kept if not sip.isdeleted(one)), finisher]
        context.layerToLoadOnCompletionDetails(layer_id).setPostProcessor(finisher)
