"""A folder with a raster, `scene.tif`, and what was encoded of it, `cache`."""

from __future__ import annotations

from pathlib import Path

from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, EncodeSummary, plan_encode, run_encode
from encoder_tool.types import PatchId
from tests.support.fakes import FakeModel, same_features

PATCHES = 7
"""In all."""

PATCH = PatchId(0, 1, 1)
"""One of them."""


def encode(folder: Path, model: FakeModel | None = None, **options: object) -> EncodeSummary:
    request = EncodeRequest(folder / "scene.tif", folder / "cache", **options)  # type: ignore[arg-type]
    return run_encode(plan_encode(request, model=model or FakeModel()))


def assert_same_caches(one: Path, other: Path) -> None:
    first, second = open_cache(one), open_cache(other)
    for patch in first.pyramid.patches():
        assert first.state(patch) is second.state(patch) is PatchStatus.PRESENT
        assert same_features(first.load(patch), second.load(patch))
