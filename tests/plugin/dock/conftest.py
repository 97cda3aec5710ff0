"""The dock, open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis_window import Window, settle

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace


@pytest.fixture
def workspace(window: Window, command: EngineCommand) -> Iterator[Workspace]:
    workspace = Workspace(window, command)
    yield workspace
    workspace.close()
    settle()
