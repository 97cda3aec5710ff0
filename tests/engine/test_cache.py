"""The feature cache: what is written is read, and what is none is refused."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.cache import layout
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.manifest import FORMAT_VERSION, sealed
from encoder_tool.cache.quantise import quantise
from encoder_tool.cache.store import open_cache
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.errors import (
    CacheError,
    CacheNotFoundError,
    CacheVersionError,
    NotEncodedError,
    UsageError,
)
from encoder_tool.model.seam import StabilityRule
from encoder_tool.types import FEATURE_NAMES, PatchId
from tests.support.fakes import (
    GRAPHS,
    SHAPES,
    noise_cache,
    noise_features,
    same_features,
    small_manifest,
)

PATCH = PatchId(0, 1, 2)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_features_come_back_as_they_were_written(tmp_path: Path, dtype: str) -> None:
    cache = open_cache(noise_cache(tmp_path / "c.sam2.zarr", dtype))
    for patch in cache.pyramid.patches():
        assert cache.is_present(patch)
        loaded = cache.load(patch)
        assert same_features(loaded, noise_features(patch))
        assert all(values.dtype == np.float32 for values in loaded.arrays().values())
    assert cache.decoder_graphs() == GRAPHS
    assert cache.manifest == small_manifest(dtype)
    assert cache.find_damage() == []


def test_a_chunk_is_a_patch_and_its_checksum_comes_last(cache_path: Path) -> None:
    for name in FEATURE_NAMES:
        described = json.loads((cache_path / "levels/0" / name / "zarr.json").read_text())
        assert described["shape"][:2] == [2, 3]
        assert described["chunk_grid"]["configuration"]["chunk_shape"] == [1, 1, *SHAPES[name]]
        assert [codec["name"] for codec in described["codecs"]] == ["bytes", "zstd", "crc32c"]
        assert described["data_type"] == "float16"
        assert (cache_path / f"levels/0/{name}/c/1/2/0/0/0").is_file()


def test_quantised_features_come_back_within_half_a_step(quantised_path: Path) -> None:
    cache = open_cache(quantised_path)
    for patch in cache.pyramid.patches():
        written, read = noise_features(patch).arrays(), cache.load(patch).arrays()
        for name, values in written.items():
            scale = quantise(values)[1][0]
            error = np.abs(read[name] - values).max(axis=(1, 2))
            assert (error <= scale * 0.501).all()
            assert (error > scale * 0.4).all()
            assert read[name].dtype == np.float32
    assert cache.find_damage() == []
    assert cache.manifest == small_manifest("int8")


def test_what_quantises_a_patch_is_a_chunk_of_its_own(quantised_path: Path) -> None:
    described = json.loads((quantised_path / "levels/0/scale_offset/zarr.json").read_text())
    assert described["shape"] == [2, 3, 2, 6]
    assert described["chunk_grid"]["configuration"]["chunk_shape"] == [1, 1, 2, 6]
    assert described["data_type"] == "float32"
    assert [codec["name"] for codec in described["codecs"]] == ["bytes", "zstd", "crc32c"]
    assert (quantised_path / "levels/0/scale_offset/c/1/2/0/0").is_file()
    stored = json.loads((quantised_path / "levels/0/high_res_0/zarr.json").read_text())
    assert stored["data_type"] == "int8"


@pytest.mark.parametrize(("dtype", "version"), [("float16", 1), ("float32", 1), ("int8", 2)])
def test_only_what_older_releases_would_misread_has_a_new_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: str, version: int
) -> None:
    path = noise_cache(tmp_path / "c.sam2.zarr", dtype)
    attributes = json.loads((path / "zarr.json").read_text())["attributes"]
    assert attributes["format_version"] == version
    monkeypatch.setattr("encoder_tool.cache.manifest.FORMAT_VERSION", 1)  # an older release
    if version == 1:
        assert same_features(open_cache(path).load(PATCH), noise_features(PATCH))
    else:
        with pytest.raises(CacheVersionError, match=r"version 2; this release reads up to .* 1"):
            open_cache(path)


def test_a_cache_of_version_1_reads_as_ever(tmp_path: Path) -> None:
    """Written by the release before quantised features came."""
    path = tmp_path / "c.sam2.zarr"
    with zipfile.ZipFile(Path(__file__).parent / "data" / "cache_version_1.zip") as packed:
        packed.extractall(path)
    cache, patch = open_cache(path), PatchId(0, 0, 0)
    expected = small_manifest("float16", 1000, 900)
    assert replace(cache.manifest, producer=expected.producer) == expected
    assert same_features(cache.load(patch), noise_features(patch))
    assert cache.decoder_graphs() == GRAPHS
    assert cache.find_damage() == []
    with CacheWriter.open(path) as writer:
        writer.write_patch(patch, noise_features(PATCH))
    assert same_features(open_cache(path).load(patch), noise_features(PATCH))


def test_a_dtype_that_is_unknown_is_refused(cache_path: Path) -> None:
    _edit_attributes(cache_path, dtype="int4")
    with pytest.raises(CacheError, match="int4"):
        open_cache(cache_path)


def test_what_is_not_committed_is_absent(tmp_path: Path) -> None:
    manifest = small_manifest()
    path = tmp_path / "c.sam2.zarr"
    with CacheWriter.create(path, manifest, GRAPHS) as writer:
        reader = open_cache(path)
        writer.write_patch(PATCH, noise_features(PATCH))
        reader.refresh()
        assert reader.state(PATCH) is PatchStatus.ABSENT
        with pytest.raises(NotEncodedError, match="Patch 1, 2 of level 0 is not encoded yet"):
            reader.load(PATCH)
        writer.commit()
        assert reader.state(PATCH) is PatchStatus.ABSENT
        reader.refresh()
        assert reader.is_present(PATCH)
        assert same_features(reader.load(PATCH), noise_features(PATCH))
        with pytest.raises(RuntimeError), writer:
            writer.write_patch(PatchId(0, 0, 0), noise_features(PATCH))
            raise RuntimeError("killed")
    assert not open_cache(path).is_present(PatchId(0, 0, 0))


def test_an_empty_patch_stores_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.sam2.zarr"
    with CacheWriter.create(path, small_manifest(), GRAPHS) as writer:
        writer.mark_empty(PATCH)
    cache = open_cache(path)
    assert cache.state(PATCH) is PatchStatus.EMPTY
    assert not any(file.exists() for file in layout.patch_files(path, PATCH, "float16").values())
    assert cache.find_damage() == []
    with pytest.raises(NotEncodedError, match="all nodata"):
        cache.load(PATCH)
    level = cache.summary().levels[0]
    assert (level.rows, level.cols, level.present, level.empty) == (2, 3, 0, 1)


def test_features_that_are_zero_are_stored_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "c.sam2.zarr"
    zeros = replace(noise_features(PATCH), high_res_0=np.zeros(SHAPES["high_res_0"], np.float32))
    with CacheWriter.create(path, small_manifest(), GRAPHS) as writer:
        writer.write_patch(PATCH, zeros)
    cache = open_cache(path)
    assert same_features(cache.load(PATCH), zeros)
    assert cache.find_damage() == []


def test_a_patch_outside_the_grid_is_an_error(cache_path: Path) -> None:
    cache = open_cache(cache_path)
    for patch in (PatchId(0, 2, 0), PatchId(0, 0, -1)):
        with pytest.raises(IndexError):
            cache.state(patch)
    with pytest.raises(UsageError):
        cache.state(PatchId(2, 0, 0))


def test_a_moved_cache_is_the_same_cache(cache_path: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "other name.zarr"
    moved.parent.mkdir()
    cache_path.rename(moved)
    cache = open_cache(moved)
    assert same_features(cache.load(PATCH), noise_features(PATCH))
    assert cache.decoder_graphs() == GRAPHS
    assert str(tmp_path) not in (moved / "zarr.json").read_text()


def test_a_newer_format_is_refused_by_name(cache_path: Path) -> None:
    _edit_attributes(cache_path, format_version=FORMAT_VERSION + 1)
    with pytest.raises(CacheVersionError, match=f"version {FORMAT_VERSION + 1}"):
        open_cache(cache_path)


def _edit_attributes(cache: Path, **changes: object) -> None:
    file = cache / "zarr.json"
    content = json.loads(file.read_text())
    content["attributes"] = sealed({**content["attributes"], **changes})
    file.write_text(json.dumps(content))


def test_attributes_of_a_later_release_are_ignored(cache_path: Path) -> None:
    manifest = open_cache(cache_path).manifest
    attributes = json.loads((cache_path / "zarr.json").read_text())["attributes"]
    for part in (
        attributes,
        *(attributes[name] for name in ("raster", "stretch", "grid", "model")),
    ):
        part["later"] = 1
    attributes["model"]["stability"] = {"delta": 0.05, "threshold": 0.98, "later": 1}
    _edit_attributes(cache_path, **attributes)
    opened = open_cache(cache_path).manifest
    assert opened.raster == manifest.raster
    assert opened.model.stability == StabilityRule(0.05, 0.98)
    _edit_attributes(cache_path, grid={**attributes["grid"], "transform": [0.3, 0, 0]})
    with pytest.raises(CacheError, match="description is damaged"):
        open_cache(cache_path)


def test_looking_for_new_patches_reads_nothing_when_there_are_none(
    cache_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It happens at every prompt, many times a second while the mouse moves."""
    cache = open_cache(cache_path)
    assert cache.is_present(PATCH)
    cache.refresh()
    with monkeypatch.context() as patched:
        patched.setattr("encoder_tool.cache.store.zarr", None)
        patched.setattr(layout, "open_array", None)
        cache.refresh()
        assert cache.is_present(PATCH)
    with CacheWriter.open(cache_path) as writer:
        writer.discard([PATCH])
    cache.refresh()
    assert not cache.is_present(PATCH)
    shutil.rmtree(cache_path)
    with pytest.raises(CacheNotFoundError):
        cache.refresh()


def test_what_is_no_cache_gets_one_sentence(cache_path: Path, tmp_path: Path) -> None:
    with pytest.raises(CacheNotFoundError):
        open_cache(tmp_path / "nothing")
    with pytest.raises(CacheError, match="File name too long"):
        open_cache("a" * 300)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    for name in ("folder", "file"):
        with pytest.raises(CacheError, match="not a readable feature cache"):
            open_cache(tmp_path / name)
    with pytest.raises(CacheError):
        open_cache(cache_path / "levels")
    _edit_attributes(cache_path, grid={})
    with pytest.raises(CacheError, match="description is damaged"):
        open_cache(cache_path)
    (cache_path / "zarr.json").write_text("{")
    with pytest.raises(CacheError, match="not a readable feature cache"):
        open_cache(cache_path)


def test_a_nodata_value_of_nan_survives(tmp_path: Path) -> None:
    manifest = small_manifest()
    manifest = replace(manifest, raster=replace(manifest.raster, nodata=float("nan")))
    path = tmp_path / "c.sam2.zarr"
    CacheWriter.create(path, manifest, GRAPHS).close()
    json.loads((path / "zarr.json").read_text(), parse_constant=pytest.fail)
    cache = open_cache(path)
    assert np.isnan(cache.manifest.raster.nodata or 0)
    cache.refresh()
