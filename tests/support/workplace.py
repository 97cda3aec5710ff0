"""A sample scene and its cache, made by the command line where torch cannot be imported."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.cli import run_apart
from tests.support.made_once import made_once

HOUSE = "500132,4649768"


@dataclass(frozen=True)
class Workplace:
    """A sample scene of one patch and its cache, which tests must leave as they are."""

    folder: Path
    scene: Path
    truth: Path
    cache: Path


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Made by the command line where torch cannot be imported."""

    def make(folder: Path) -> None:
        assert run_apart("sample", folder, "--size", "1024", torch=False).code == 0
        encoded = run_apart("encode", folder / "scene.tif", "--json", torch=False)
        assert encoded.code == 0, encoded.err
        assert json.loads(encoded.out)["encoded"] == 1

    folder = made_once(tmp_path_factory, "workplace", make)
    return Workplace(
        folder, folder / "scene.tif", folder / "truth.gpkg", folder / "scene.tif.nano.sam2.zarr"
    )


def copy_cache(workplace: Workplace, folder: Path) -> Path:
    return Path(shutil.copytree(workplace.cache, folder / "copy.sam2.zarr"))


def snapshot(folder: Path) -> dict[str, int]:
    """All files below a folder, with their times of change."""
    return {str(p): p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}
