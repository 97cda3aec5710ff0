"""Making a feature cache: whole or not at all, by one writer, in no other thing's place."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.cache import layout
from encoder_tool.cache import writer as writer_module
from encoder_tool.cache.location import default_cache_path
from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import open_cache
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.errors import CacheError, CacheLockedError, DiskFullError, OutputError
from encoder_tool.types import PatchId
from tests.support.fakes import GRAPHS, noise_features, same_features, small_manifest, tree_bytes

PATCH = PatchId(0, 1, 2)


def test_making_a_cache_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(layout, "write_graph", fail)
    with pytest.raises(DiskFullError):
        CacheWriter.create(tmp_path / "c.sam2.zarr", small_manifest(), GRAPHS)
    assert list(tmp_path.iterdir()) == []


def test_a_cache_is_replaced_only_when_asked_and_by_a_whole_one(
    cache_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree_bytes(cache_path)
    with pytest.raises(OutputError, match="already"):
        CacheWriter.create(cache_path, small_manifest("float32"), GRAPHS)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(layout, "write_graph", fail)
        with pytest.raises(DiskFullError):
            CacheWriter.create(cache_path, small_manifest("float32"), GRAPHS, replace=True)
    assert tree_bytes(cache_path) == before
    rename = Path.rename

    def refuse_the_new(self: Path, target: Path) -> Path:
        if ".creating-" in self.name:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", refuse_the_new)
        with pytest.raises(OutputError, match="Input/output"):
            CacheWriter.create(cache_path, small_manifest("float32"), GRAPHS, replace=True)
    assert tree_bytes(cache_path) == before
    reader = open_cache(cache_path)
    CacheWriter.create(cache_path, small_manifest("float32"), GRAPHS, replace=True).close()
    assert [p.name for p in cache_path.parent.iterdir()] == [cache_path.name]
    assert open_cache(cache_path).manifest.dtype == "float32"
    assert not open_cache(cache_path).is_present(PATCH)
    with pytest.raises(CacheError, match="replaced"):
        reader.refresh()


def test_nothing_but_a_cache_is_ever_replaced(cache_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "holiday.jpg").write_text("precious")
    (tmp_path / "file.txt").write_text("precious")
    before = tree_bytes(tmp_path)
    for path in (folder, tmp_path / "file.txt", cache_path / "levels", cache_path.parent):
        with pytest.raises(OutputError, match="not a feature cache"):
            CacheWriter.create(path, small_manifest(), GRAPHS, replace=True)
    assert tree_bytes(tmp_path) == before


def test_a_cache_that_cannot_be_opened_for_writing_is_not_left_locked(
    cache_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(writer_module, "_sweep_partial", fail)
        with pytest.raises(OutputError, match="Permission denied"):
            CacheWriter.open(cache_path)
    CacheWriter.open(cache_path).close()


def test_a_second_writer_is_refused(cache_path: Path) -> None:
    with CacheWriter.open(cache_path):
        with pytest.raises(CacheLockedError):
            CacheWriter.open(cache_path)
        with pytest.raises(CacheLockedError):
            CacheWriter.create(cache_path, small_manifest(), GRAPHS, replace=True)
        assert open_cache(cache_path).summary().writer is not None
    CacheWriter.open(cache_path).close()
    assert open_cache(cache_path).summary().writer is None


def test_a_cache_made_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.sam2.zarr"
    write_skeleton = layout.write_skeleton

    def slow(root: Path, manifest: Manifest) -> None:
        write_skeleton(root, manifest)
        monkeypatch.undo()
        CacheWriter.create(path, small_manifest("float32"), GRAPHS)

    monkeypatch.setattr(layout, "write_skeleton", slow)
    with pytest.raises(CacheLockedError, match="just made"):
        CacheWriter.create(path, small_manifest("float16"), GRAPHS)
    assert open_cache(path).manifest.dtype == "float32"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_what_a_killed_writer_left_is_swept(
    cache_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree_bytes(cache_path)
    partial = cache_path / "levels/0/high_res_0/c/0/0/0/0/0.5f2a.partial"
    partial.write_bytes(b"half")
    graph = cache_path / ".decode-5f2a.partial/decoder/decode"  # a decoder was being replaced
    graph.mkdir(parents=True)
    (graph / "zarr.json").write_text("{")
    with CacheWriter.open(cache_path):
        assert not partial.exists()
    assert tree_bytes(cache_path) == before
    half_made = cache_path.with_name(f".new.zarr.creating-{'0' * 32}")
    half_made.mkdir()
    kept = cache_path.with_name(".new.zarr.creating-mine")
    kept.mkdir()
    monkeypatch.setattr(writer_module, "SETTLED_S", -1.0)
    CacheWriter.create(cache_path.with_name("new.zarr"), small_manifest(), GRAPHS).close()
    assert not half_made.exists()
    assert kept.exists()


def test_features_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    features = noise_features(PATCH)
    large = replace(features, image_embed=features.image_embed * 1e6)
    with CacheWriter.create(tmp_path / "half", small_manifest("float16"), GRAPHS) as writer:
        with pytest.raises(CacheError, match="float16") as caught:
            writer.write_patch(PATCH, large)
        assert "--dtype float32" in str(caught.value)
        with pytest.raises(CacheError, match="shape"):
            writer.write_patch(PATCH, replace(features, image_embed=features.high_res_0))
    with CacheWriter.create(tmp_path / "single", small_manifest("float32"), GRAPHS) as writer:
        writer.write_patch(PATCH, large)
        with pytest.raises(CacheError, match="not finite"):
            writer.write_patch(PATCH, replace(features, image_embed=large.image_embed * np.nan))
    with CacheWriter.create(tmp_path / "bytes", small_manifest("int8"), GRAPHS) as writer:
        writer.write_patch(PATCH, large)
        with pytest.raises(CacheError, match="does not fit int8") as caught:
            writer.write_patch(
                PatchId(0, 0, 0), replace(features, image_embed=features.image_embed * 1e30)
            )
        assert "--dtype float32" in str(caught.value)
        with pytest.raises(CacheError, match="not finite"):
            writer.write_patch(
                PatchId(0, 0, 0), replace(large, image_embed=large.image_embed * np.nan)
            )
    assert not open_cache(tmp_path / "bytes").is_present(PatchId(0, 0, 0))
    assert not open_cache(tmp_path / "half").is_present(PATCH)
    assert same_features(open_cache(tmp_path / "single").load(PATCH), large)


def test_the_default_place_is_beside_the_raster_or_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raster = tmp_path / "a" / "ortho.tif"
    raster.parent.mkdir()
    raster.touch()
    beside = raster.with_name("ortho.tif.nano.sam2.zarr")
    assert default_cache_path(raster, "nano") == beside
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setattr("os.access", lambda *_: False)
    elsewhere = default_cache_path(raster, "nano")
    assert tmp_path / "user" in elsewhere.parents
    assert elsewhere.name.startswith("ortho.tif.")
    assert elsewhere.name.endswith(".nano.sam2.zarr")
    assert default_cache_path(tmp_path / "b" / "ortho.tif", "nano") != elsewhere
    beside.mkdir()
    assert default_cache_path(raster, "nano") == beside
