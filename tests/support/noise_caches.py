"""Caches of noise, each test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.fakes import noise_cache


@pytest.fixture
def cache_path(tmp_path: Path) -> Path:
    return noise_cache(tmp_path / "scene.sam2.zarr")


@pytest.fixture
def quantised_path(tmp_path: Path) -> Path:
    return noise_cache(tmp_path / "scene.sam2.zarr", "int8")
