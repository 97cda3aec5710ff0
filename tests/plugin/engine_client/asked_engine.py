"""An engine that is asked, and what it answers."""

from __future__ import annotations

import base64
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from processes import is_alive
from qgis.core import QgsGeometry
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop
from qgis_window import PATIENCE_S

from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.watch import Timing

BUILDING = (500_150.0, 4_649_850.0)

QUICK = Timing(ping_ms=100, missed=50, start_ms=120_000, restart_ms=50)
"""On a computer that has much else to do, an engine may be silent for a second."""


def wait_until(is_done: Callable[[], bool], what: str = "the engine") -> None:
    """Let Qt work until something has happened."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_done():
        assert time.monotonic() < deadline, f"{what} took too long"
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def plugin_home() -> Path:
    """The folder of the package that is tested."""
    return Path(sys.modules["geosam_plugin.engine.client"].__file__).parents[1]


class Answers:
    """Records what comes back, and all that the client tells."""

    def __init__(self, client: EngineClient) -> None:
        self.client = client
        self.results: list[dict[str, Any]] = []
        self.errors: list[EngineError] = []
        self.states: list[str] = []
        self.told: list[str] = []
        client.stateChanged.connect(self.states.append)
        client.restarted.connect(self.told.append)
        client.failed.connect(self.told.append)

    @property
    def count(self) -> int:
        return len(self.results) + len(self.errors)

    def ask(self, method: str, **params: Any) -> int:
        return self.client.request(method, params, self.results.append, self.errors.append)

    def wait(self, count: int) -> None:
        wait_until(lambda: self.count >= count, f"answer {count}")


@contextmanager
def running(command: EngineCommand) -> Iterator[EngineClient]:
    client = EngineClient(command, timing=QUICK)
    yield client
    pid = client.process_id
    client.shutdown()
    wait_until(lambda: not is_alive(pid), "the end of the worker")


def click(cache: Path, dx: float = 0.0) -> dict[str, Any]:
    return {"cache": str(cache), "include": [[BUILDING[0] + dx, BUILDING[1]]], "candidate": "all"}


def polygons(result: dict[str, Any]) -> list[QgsGeometry]:
    found = []
    for described in result["objects"]:
        geometry = QgsGeometry()
        geometry.fromWkb(base64.b64decode(described["wkb"]))
        found.append(geometry)
    return found


def defective(command: EngineCommand, what: str) -> EngineCommand:
    """An engine that does `what` when a cache is opened."""
    code = (
        "import os, sys, time\n"
        "from encoder_tool.worker.methods import Methods\n"
        "from encoder_tool.worker.__main__ import main\n"
        f"Methods._open = lambda self, params: {what}\n"
        "sys.exit(main())"
    )
    return EngineCommand(command.program, ("-c", code), command.environment)
