"""What a result was measured on: the machine without its name, and the versions that matter."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

PACKAGES = ("numpy", "onnxruntime", "torch", "sam2", "zarr", "rasterio", "shapely", "contourpy")

TELLING_FLAGS = {"amx_tile": "AMX", "avx512f": "AVX-512", "avx2": "AVX2"}
"""The first of these that a processor has says most about its matrix products."""

BUSY_LOAD = 0.5
"""Of each core. Threads that wait for one that has no core make torch many times slower."""


def machine_facts() -> dict[str, Any]:
    """For a result's JSON. `load_before` is how many cores were at work for a second: what else was
    going on. (The system's load average still counts the benchmark before this one.)"""
    told = _cpuinfo()
    cores = os.cpu_count() or 1
    return {
        "machine": describe_machine(),
        "cpu": told.get("model name") or platform.processor(),
        "cores": cores,
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system(),
        "load_before": round(cores * psutil.cpu_percent(interval=1.0) / 100, 1),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def headline(facts: dict[str, Any]) -> str:
    """The machine in a line, and a warning when what was measured on it says little."""
    told = f"{facts['machine']}; load {facts['load_before']} before"
    if facts["load_before"] > BUSY_LOAD * facts["cores"]:
        told += "\nThe machine was busy with other things: these figures say little."
    return told


def describe_machine() -> str:
    """The machine in a few words, as "2 cores of an Intel Xeon with AMX, Linux"."""
    told = _cpuinfo()
    name = re.sub(r"\(R\)|\(TM\)|Processor|CPU|@.*", " ", told.get("model name", ""))
    name = " ".join(name.split()) or platform.machine()
    flags = told.get("flags", "").split()
    telling = next((f" with {TELLING_FLAGS[flag]}" for flag in TELLING_FLAGS if flag in flags), "")
    article = "an" if name[0] in "AEIOUaeiou" else "a"
    return f"{os.cpu_count()} cores of {article} {name}{telling}, {platform.system()}"


def _cpuinfo() -> dict[str, str]:
    """Of the first core; empty where there is no /proc."""
    path = Path("/proc/cpuinfo")
    if not path.is_file():
        return {}
    first = path.read_text(encoding="utf-8").split("\n\n")[0]
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
