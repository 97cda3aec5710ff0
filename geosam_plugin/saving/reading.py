"""Existing features, read in the background for objects that are saved."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsFeedback, QgsTask
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.geometry import LayerError
from geosam_plugin.saving.plan import Plan


class ReadTask(QgsTask):
    """Reads what a plan must know.

    problem: what went wrong, or None
    was_edited: the layer was changed while it was read
    """

    def __init__(self, plan: Plan, done: Callable[[ReadTask], None]) -> None:
        """`done` is called on the GUI's thread."""
        super().__init__(
            QCoreApplication.translate("GeoSAM", "Read existing polygons"), QgsTask.Flag.CanCancel
        )
        self.plan = plan
        self.problem: LayerError | None = None
        self.was_edited = False
        self._done = done
        self._feedback = QgsFeedback()
        plan.layer.layerModified.connect(self._on_modified)

    def _on_modified(self) -> None:
        self.was_edited = True

    def run(self) -> bool:
        try:
            self.plan.read(self._feedback)
        except LayerError as problem:
            self.problem = problem
        return not self.isCanceled()

    def cancel(self) -> None:
        self._feedback.cancel()
        super().cancel()

    def finished(self, result: bool) -> None:
        if not result and self.problem is None:
            self.problem = LayerError(
                QCoreApplication.translate(
                    "GeoSAM", "The existing polygons were not read. Save the object again."
                )
            )
        self._done(self)
