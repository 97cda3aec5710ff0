"""This machine, as far as wheels care. Free of Qt."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

from geosam_plugin.install.problems import Kind, Problem

MIN_MACOS = (14, 0)
MIN_GLIBC = (2, 28)

_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class Platform:
    """system: "linux", "windows" or "macos"; machine: "x86_64" or "arm64"; release: of macOS."""

    system: str
    machine: str
    release: tuple[int, ...] = ()

    @property
    def is_intel_mac(self) -> bool:
        return self.system == "macos" and self.machine == "x86_64"

    def check(self) -> None:
        """Raise Problem when there are no wheels for this machine."""
        if self.system not in _SYSTEMS.values() or self.machine not in _MACHINES.values():
            raise Problem(Kind.PLATFORM_UNSUPPORTED, self.system, self.machine)
        if self.system == "macos" and self.release and self.release < MIN_MACOS:
            raise Problem(Kind.MACOS_TOO_OLD, dotted(self.release), dotted(MIN_MACOS))


def this_platform() -> Platform:
    """The machine that QGIS runs on, seen through the emulators QGIS may run in."""
    system = _SYSTEMS.get(sys.platform, sys.platform)
    machine = _MACHINES.get(platform.machine().lower(), platform.machine())
    if system == "macos":
        # Under Rosetta the machine says x86_64, but the kernel still names itself.
        machine = "arm64" if "ARM64" in platform.version() else machine
        return Platform(system, machine, release_of(platform.mac_ver()[0]))
    if system == "windows":
        # Windows on ARM runs x86-64 programs, as it runs QGIS; not all wheels exist for ARM.
        return Platform(system, "x86_64")
    return Platform(system, machine)


def release_of(text: str) -> tuple[int, ...]:
    """(14, 5) of "14.5.1"."""
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def dotted(version: tuple[int, ...]) -> str:
    """ "3.11" of (3, 11)."""
    return ".".join(str(part) for part in version)
