"""The benchmark of cache sizes measures what it says, at its smallest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from benchmarks import cache_size
from benchmarks.support.clicked_patch import ModelChoice
from encoder_tool.cache.manifest import DTYPES
from encoder_tool.cache.store import open_cache
from encoder_tool.scene import Scene
from encoder_tool.types import BoxPixel, PatchId
from tests.support.fakes import noise_cache, noise_features, same_features


def test_every_dtype_stores_the_same_features(tmp_path: Path) -> None:
    path = noise_cache(tmp_path / "full", "float32")
    caches = cache_size.stored_alike(open_cache(path), tmp_path)
    assert list(caches) == list(DTYPES)
    for patch in (PatchId(0, 1, 2), PatchId(1, 0, 0)):
        features = noise_features(patch)
        assert same_features(caches["float16"].load(patch), features)
        near = caches["int8"].load(patch).arrays()
        for name, values in features.arrays().items():
            assert np.abs(near[name] - values).max() < 0.05
            assert not np.array_equal(near[name], values)


def test_prompts_mean_objects_that_lie_whole_in_the_patch(scene: Scene) -> None:
    objects = cache_size.objects_of(scene, 5)
    assert len(set(map(shapely.to_wkb, objects))) == 5
    prompts = cache_size.prompts_of(objects)
    for polygon, box, click in zip(objects, prompts["box"], prompts["click"], strict=True):
        assert box.box == BoxPixel(*polygon.bounds)
        assert min(box.box) >= 0 and max(box.box) <= 1024
        assert polygon.contains(shapely.Point(click.points[0]))


def test_the_smallest_run_tells_sizes_and_masks(tmp_path: Path) -> None:
    found = cache_size.measure([ModelChoice("nano")], 1, 3, 1, 1, tmp_path)
    bits = {row["dtype"]: row["bits_per_value"] for row in found["sizes"]}
    assert 4 < bits["int8"] < 6.5 < bits["float16"] < 16 < bits["float32"] < 32
    masks = {row["dtype"]: row for row in found["masks"]}
    assert masks["float32"]["mean"] == masks["float32"]["minimum"] == 1
    assert 0.9 < masks["int8"]["mean"] < 1
    assert all(row["prompts"] == 6 for row in masks.values())
    size, mask = cache_size.tables(found)
    assert len(size.rows) == len(mask.rows) == len(DTYPES)
    assert "6 prompts" in mask.note


def test_a_missed_target_is_told() -> None:
    row = {"model": "nano", "dtype": "int8", "bits_per_value": 6.4}
    mask = {"dtype": "int8", "mean": 0.995, "poor": 0.0}
    half = {"dtype": "float16", "mean": 0.9985, "poor": 0.0}
    found = {"sizes": [row], "masks": [mask, half]}
    assert cache_size.missed_targets(found) == []
    for worse in (
        {**found, "sizes": [{**row, "bits_per_value": 6.6}]},
        {**found, "masks": [{**mask, "mean": 0.98}, half]},
        {**found, "masks": [{**mask, "poor": 0.02}, half]},
        {**found, "masks": [mask, {**half, "mean": 0.997}]},
    ):
        assert len(cache_size.missed_targets(worse)) == 1
