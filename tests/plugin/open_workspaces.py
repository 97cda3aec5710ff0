"""Docks that a test opens, and that are closed when it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qgis_window import Window, settle, wait_for

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace


@contextmanager
def open_workspaces(
    window: Window, stub: Callable[..., EngineCommand]
) -> Iterator[Callable[..., Workspace]]:
    """Opens one by how its engine behaves, when it knows whether the image has a cache."""
    made: list[Workspace] = []

    def make(*how: str) -> Workspace:
        workspace = Workspace(window, stub(*how))
        made.append(workspace)
        wait_for(lambda: not workspace.image.search.is_looking)
        return workspace

    yield make
    for workspace in made:
        workspace.close()
    settle()
