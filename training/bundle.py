"""What a bare machine with torch lacks, in one folder: sam2's Python files and what they import,
as they are installed here. All of it is Python; numpy, cv2, torch, pillow, pyyaml, tqdm and
safetensors are expected there."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

PACKAGES = ("sam2", "hydra", "omegaconf", "antlr4", "iopath", "portalocker")


def write_bundle(out: Path) -> int:
    """Copy the packages to `out`, which PYTHONPATH then names; returns its size in bytes."""
    shutil.rmtree(out, ignore_errors=True)
    for name in PACKAGES:
        found = importlib.util.find_spec(name)
        if found is None or not found.submodule_search_locations:
            raise ValueError(f"The package {name} is not installed.")
        ignored = shutil.ignore_patterns("__pycache__", "*.so", "*.pyc", "tests")
        shutil.copytree(found.submodule_search_locations[0], out / name, ignore=ignored)
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
