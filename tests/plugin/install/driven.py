"""An installer that a test drives, and what its programs are replaced by."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsApplication
from qgis_window import PATIENCE_S

from geosam_plugin.install import uv_fetch
from geosam_plugin.install.installer import Installer
from geosam_plugin.install.platform import Platform, this_platform
from geosam_plugin.install.steps import Flavour, Source
from geosam_plugin.install.work import InstallRequest, Place
from geosam_plugin.paths import engine_source, locks_directory

LINUX = Platform("linux", "x86_64")
WINDOWS = Platform("windows", "x86_64")
MAC = Platform("macos", "arm64", (15, 1))
INTEL_MAC = Platform("macos", "x86_64", (15, 1))


class Driven:
    """An installer with what it said."""

    def __init__(self, root: Path, *, locks: Path | None = None, idle_minutes: float = 5) -> None:
        place = Place(root, locks or locks_directory(), engine_source(), this_platform())
        self.installer = Installer(place, idle_minutes)
        self.steps: list[str] = []
        self.results: list[tuple[bool, str]] = []
        self.installer.progress.connect(self.steps.append)
        self.installer.finished.connect(lambda *result: self.results.append(result))

    def install(self, source: Source, flavour: Flavour = Flavour.BASE, **more: object) -> Driven:
        self.installer.install(InstallRequest(flavour, source, **more))
        return self

    def wait(self, until: object = None, seconds: float = PATIENCE_S) -> tuple[bool, str]:
        """Turn the event loop until the end, or until `until` says so."""
        end = time.monotonic() + seconds
        while not self.results and time.monotonic() < end:
            QgsApplication.processEvents()
            time.sleep(0.005)
            if callable(until) and until():
                return False, ""
        assert self.results, self.installer.log_text
        return self.results[-1]


ENDS_IN_THE_MIDDLE = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from qgis.core import QgsApplication
from geosam_plugin.install.installer import Installer
from geosam_plugin.install.platform import this_platform
from geosam_plugin.install.steps import Flavour
from geosam_plugin.install.work import InstallRequest, Place
from geosam_plugin.paths import engine_source, locks_directory

app = QgsApplication([], False)
app.initQgis()
place = Place(Path(sys.argv[2]), locks_directory(), engine_source(), this_platform())
installer = Installer(place)


def go_on(text):
    if "Installing packages" in text:
        print("ending", flush=True)
        {end}


installer.progress.connect(go_on)
installer.install(InstallRequest(Flavour.BASE, repair=True))
app.exec_()
"""


def turn_until(is_done: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Let the event loop turn until something has happened."""
    end = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < end, "it did not happen in time"
        QgsApplication.processEvents()
        time.sleep(0.005)


def put_uv(root: Path) -> Path:
    """As if uv had been fetched before."""
    pin = uv_fetch.UvPin.read(locks_directory() / "uv.lock")
    path = root / "uv" / pin.version / "uv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path
