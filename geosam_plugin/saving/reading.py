"""Existing features, read in the background for objects that are saved."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsFeedback, QgsTask
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.geometry import LayerError
from geosam_plugin.saving.plan import Plan


class ReadTask(QgsTask):
    """Reads what a plan must know; `done` is called with what went wrong, or None, on the GUI's
    thread."""

    def __init__(self, plan: Plan, done: Callable[[LayerError | None], None]) -> None:
        super().__init__(
            QCoreApplication.translate("GeoSAM", "Read existing polygons"), QgsTask.Flag.CanCancel
        )
        self._plan = plan
        self._done = done
        self._feedback = QgsFeedback()
        self._problem: LayerError | None = None

    def run(self) -> bool:
        try:
            self._plan.read(self._feedback)
        except LayerError as problem:
            self._problem = problem
        return not self.isCanceled()

    def cancel(self) -> None:
        self._feedback.cancel()
        super().cancel()

    def finished(self, result: bool) -> None:
        if not result and self._problem is None:
            self._problem = LayerError(
                QCoreApplication.translate(
                    "GeoSAM", "The existing polygons were not read. Save the object again."
                )
            )
        self._done(self._problem)
