"""What an installation consists of: locks, commands and their order. Free of Qt."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from geosam_plugin.engine.command import clean_environment, engine_command
from geosam_plugin.install.platform import Platform, dotted
from geosam_plugin.install.problems import Kind, Problem
from geosam_plugin.install.python import MANAGED
from geosam_plugin.install.state import DOWNLOADS

PYTORCH_CPU = "https://download.pytorch.org/whl/cpu"
PYTORCH_CUDA = "https://download.pytorch.org/whl/cu130"

CUDA_WINDOWS_PYTHON = (3, 12)
"""The Python that torch-cuda-windows.lock has a wheel for."""

RECOMMENDED_MODEL = "sam2.1-tiny"


class Flavour(Enum):
    """base: nano and any cache; full: torch as well, on the CPU (Metal on macOS); cuda: torch
    for NVIDIA's cards."""

    BASE = "base"
    FULL = "full"
    CUDA = "cuda"


DISK_GB = {Flavour.BASE: 1.0, Flavour.FULL: 3.0, Flavour.CUDA: 12.0}
"""Room that an installation needs, its downloads included. Measured on Linux: 0.5 and 1.9 GB;
CUDA's is the sum of its wheels, twice."""


class Stage(Enum):
    """The kinds of steps, as far as users are told of them."""

    FETCH_PYTHON = "fetch python"
    FIND_PYTHON = "find python"
    ENVIRONMENT = "environment"
    PACKAGES = "packages"
    TORCH = "torch"
    SAM2 = "sam2"
    SELF_TEST = "self test"
    MODEL = "model"


@dataclass(frozen=True)
class Step:
    """One program to run. `environment` is all it gets."""

    stage: Stage
    program: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class LockUse:
    """A lock file with how it is installed.

    index: where its packages are in place of the user's index
    is_source: made from source, with what is installed already
    """

    name: str
    stage: Stage = Stage.PACKAGES
    index: str | None = None
    is_source: bool = False


@dataclass(frozen=True)
class Source:
    """Where packages come from.

    wheels: a folder, in place of all networks; index_url: None for the public index
    network: variables for proxies
    """

    wheels: Path | None = None
    index_url: str | None = None
    network: Mapping[str, str] = field(default_factory=dict, repr=False)


def lock_uses(platform: Platform, flavour: Flavour) -> list[LockUse]:
    """The locks of a flavour, in the order of their installation; raises Problem when there is
    no such flavour for the platform."""
    platform.check()
    if flavour is Flavour.BASE:
        return [LockUse("base-macos-x86_64" if platform.is_intel_mac else "base")]
    if platform.is_intel_mac:
        raise Problem(Kind.INTEL_MAC_NO_TORCH)
    if flavour is Flavour.CUDA and platform.system == "macos":
        raise Problem(Kind.NO_CUDA_BUILD)
    torch = LockUse("torch", Stage.TORCH)
    if platform.system == "linux" and flavour is Flavour.FULL:
        torch = LockUse("torch-cpu-linux", Stage.TORCH, PYTORCH_CPU)
    if platform.system == "windows" and flavour is Flavour.CUDA:
        torch = LockUse("torch-cuda-windows", Stage.TORCH, PYTORCH_CUDA)
    return [LockUse("full"), torch, LockUse("sources", Stage.SAM2, is_source=True)]


def check_python(platform: Platform, flavour: Flavour, path: str, version: tuple[int, ...]) -> None:
    """Raise Problem when the flavour has no wheels for this Python."""
    needed: tuple[int, ...] | None = None
    if platform.is_intel_mac:
        needed = (3, 12)
    if platform.system == "windows" and flavour is Flavour.CUDA:
        needed = CUDA_WINDOWS_PYTHON
    if needed is not None and version != needed:
        raise Problem(Kind.PYTHON_WRONG_FOR_CUDA, path, dotted(version), dotted(needed))


def locks_hash(locks: Path, uses: list[LockUse]) -> str:
    """Names what an engine is made of: 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for use in uses:
        digest.update((locks / f"{use.name}.lock").read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def python_of(platform: Platform) -> str:
    """The Python of an environment, relative to it."""
    return "Scripts/python.exe" if platform.system == "windows" else "bin/python"


def uv_environment(root: Path, source: Source) -> dict[str, str]:
    """What uv gets: nothing of QGIS's, nor of the user's pip and uv; their certificates stay."""
    foreign = re.compile(r"^(PIP_|UV_)", re.IGNORECASE)
    kept = {
        name: value
        for name, value in clean_environment(os.environ).items()
        if not foreign.match(name) or name == "UV_PYTHON_INSTALL_MIRROR"
    }
    kept.update(source.network)
    kept.update(
        UV_CACHE_DIR=str(root / DOWNLOADS),
        UV_HTTP_TIMEOUT="60",
        UV_NO_CONFIG="1",
        UV_NO_PROGRESS="1",
        UV_PYTHON_INSTALL_BIN="0",
        UV_PYTHON_INSTALL_DIR=str(root / "python"),
        UV_PYTHON_INSTALL_REGISTRY="0",
        UV_SYSTEM_CERTS="1",
        SAM2_BUILD_CUDA="0",
        NO_COLOR="1",
    )
    return kept


def fetch_python(uv: str, environment: Mapping[str, str]) -> list[Step]:
    """Have uv fetch a Python (from GitHub), and say where it is on the last line."""
    managed = ("--managed-python", "--no-python-downloads")
    return [
        Step(Stage.FETCH_PYTHON, uv, ("python", "install", MANAGED), environment),
        Step(Stage.FIND_PYTHON, uv, ("python", "find", *managed, MANAGED), environment),
    ]


def package_steps(
    uv: str,
    python: str,
    directory: Path,
    locks: Path,
    uses: list[LockUse],
    source: Source,
    platform: Platform,
    environment: Mapping[str, str],
) -> list[Step]:
    """From an empty place to an environment with all packages."""
    steps = [
        Step(
            Stage.ENVIRONMENT,
            uv,
            ("venv", "--no-project", "--python", python, str(directory)),
            environment,
        )
    ]
    inside = str(directory / python_of(platform))
    for use in uses:
        arguments = ["pip", "install", "--python", inside, "--no-deps", "--require-hashes"]
        arguments += ["--no-build-isolation"] if use.is_source else ["--only-binary", ":all:"]
        arguments += _where(use, source)
        arguments += ["-r", str(locks / f"{use.name}.lock")]
        steps.append(Step(use.stage, uv, tuple(arguments), environment))
    return steps


def _where(use: LockUse, source: Source) -> list[str]:
    if source.wheels is not None:
        return ["--no-index", "--find-links", str(source.wheels)]
    index = use.index or source.index_url
    return ["--default-index", index] if index else []


def self_test(python: str, engine_source: Path, flavour: Flavour) -> Step:
    """An encode and a click by the engine that was installed."""
    arguments = ["-m", "encoder_tool.selftest"]
    arguments += [] if flavour is Flavour.BASE else ["--torch"]
    environment = engine_command(python, str(engine_source)).environment
    return Step(Stage.SELF_TEST, python, tuple(arguments), environment)


def fetch_model(python: str, engine_source: Path, name: str, network: Mapping[str, str]) -> Step:
    """Download a model's checkpoint; a cut download goes on where it stopped."""
    environment = {**engine_command(python, str(engine_source)).environment, **network}
    arguments = ("-m", "encoder_tool", "models", "download", name)
    return Step(Stage.MODEL, python, arguments, environment)
