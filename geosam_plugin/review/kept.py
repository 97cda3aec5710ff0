"""Decisions of a review, written into the project while it goes on."""

from __future__ import annotations

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QTimer

from geosam_plugin.review import decisions
from geosam_plugin.review.queue import ReviewQueue

KEEP_MS = 500
"""Decisions are written no more often: of 10,000 that takes 30 ms."""


class KeptDecisions(QObject):
    """Writes those of a queue soon after they change, and before the project is saved."""

    def __init__(
        self,
        refined: QgsVectorLayer,
        queue: ReviewQueue,
        project: QgsProject,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._refined = refined
        self._queue = queue
        self._project = project
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(KEEP_MS)
        self._soon.timeout.connect(self._write)
        project.writeProject.connect(self._on_project_written)

    def close(self) -> None:
        self._write_if_due()
        self._project.writeProject.disconnect(self._on_project_written)

    def keep_soon(self) -> None:
        self._project.setDirty(True)
        self._soon.start()

    def _write(self) -> None:
        decisions.save(self._refined, self._queue.decided)

    def _write_if_due(self) -> None:
        if self._soon.isActive():
            self._soon.stop()
            self._write()

    def _on_project_written(self, *_: object) -> None:
        """Before its layers are."""
        self._write_if_due()
