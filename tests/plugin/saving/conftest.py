"""A saver, and layers that take long to be read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProject
from qgis_window import wait_for
from saving.saver_story import Story

from geosam_plugin.saving.plan import Plan


@pytest.fixture
def story(project: QgsProject, tmp_path: Path) -> Iterator[Story]:
    story = Story(project, tmp_path / "journal")
    yield story
    story.saver.close()


@pytest.fixture
def slow_reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Features of files are read once the event is set."""
    gate = threading.Event()
    read = Plan.read

    def waits(plan: Plan, feedback: object) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        assert is_main is not plan.takes_long_to_read
        while not is_main and not gate.wait(0.01) and not feedback.isCanceled():
            pass
        read(plan, feedback)

    monkeypatch.setattr(Plan, "read", waits)
    yield gate
    gate.set()
    wait_for(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
