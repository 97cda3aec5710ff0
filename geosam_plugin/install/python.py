"""Which Python the engine's environment is made from. Free of Qt.

Never `sys.executable`: that is QGIS itself on Windows and macOS, and its Python is often 3.9.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from geosam_plugin.install.platform import MIN_GLIBC, Platform, dotted, release_of
from geosam_plugin.install.problems import Kind, Problem

OLDEST, NEWEST = (3, 11), (3, 14)
"""What the engine runs on, and what its locked packages have wheels for."""

MANAGED = "3.12"
"""What `uv` downloads where there is no Python to be had."""

PROBE = """
import json, platform, struct, sys
print(json.dumps({
    "executable": sys.executable,
    "version": list(sys.version_info[:2]),
    "implementation": platform.python_implementation(),
    "bits": struct.calcsize("P") * 8,
    "libc": list(platform.libc_ver()),
}))
"""


@dataclass(frozen=True)
class PythonFacts:
    """What a Python says of itself."""

    executable: str
    version: tuple[int, ...]
    implementation: str
    bits: int
    libc: tuple[str, str]


def candidates(platform: Platform, path: str | None = None) -> list[str]:
    """Pythons worth asking, the preferred first; none on Windows and macOS.

    path: where to look, in the form of PATH; None for this process's
    """
    if platform.system != "linux":
        return []
    names = ["python3.12", "python3.13", "python3.11", "python3.14", "python3"]
    found = [shutil.which(name, path=path) for name in names]
    return [executable for executable in found if executable]


def probe_arguments() -> list[str]:
    """The arguments with which a Python tells its facts, whatever its environment holds."""
    return ["-I", "-c", PROBE]


def read_probe(path: str, output: str) -> PythonFacts:
    """The facts in what a probe printed; raises Problem when it is not a Python's answer."""
    try:
        said: Mapping[str, object] = json.loads(output)
        return PythonFacts(
            str(said["executable"]),
            tuple(int(part) for part in said["version"]),  # type: ignore[attr-defined]
            str(said["implementation"]),
            int(said["bits"]),  # type: ignore[call-overload]
            tuple(said["libc"]),  # type: ignore[arg-type]
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Problem(Kind.PYTHON_UNUSABLE, path) from error


def check(facts: PythonFacts) -> None:
    """Raise Problem when the engine cannot be made from this Python."""
    path, found = facts.executable, dotted(facts.version)
    if facts.implementation != "CPython":
        raise Problem(Kind.PYTHON_NOT_CPYTHON, path, facts.implementation)
    if facts.version < OLDEST:
        raise Problem(Kind.PYTHON_TOO_OLD, path, found, dotted(OLDEST))
    if facts.version > NEWEST:
        raise Problem(Kind.PYTHON_TOO_NEW, path, found, dotted(NEWEST))
    if facts.bits != 64:
        raise Problem(Kind.PYTHON_NOT_64_BIT, path)
    name, version = facts.libc
    if name == "glibc" and release_of(version) < MIN_GLIBC:
        raise Problem(Kind.LIBC_TOO_OLD, version, dotted(MIN_GLIBC))
