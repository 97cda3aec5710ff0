"""The feature cache: what is written is read, and damage is never taken for data."""

from __future__ import annotations

import errno
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.cache import layout
from encoder_tool.cache import writer as writer_module
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.location import default_cache_path
from encoder_tool.cache.manifest import FORMAT_VERSION, Manifest, sealed
from encoder_tool.cache.quantise import quantise
from encoder_tool.cache.store import open_cache
from encoder_tool.cache.verify import DamageKind
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.errors import (
    CacheDamagedError,
    CacheError,
    CacheLockedError,
    CacheNotFoundError,
    CacheVersionError,
    DiskFullError,
    NotEncodedError,
    OutputError,
    UsageError,
)
from encoder_tool.model.seam import StabilityRule
from encoder_tool.types import FEATURE_NAMES, PatchId
from tests.support.fakes import (
    GRAPHS,
    SHAPES,
    flip_byte,
    noise_cache,
    noise_features,
    same_features,
    small_manifest,
    tree_bytes,
)

PATCH = PatchId(0, 1, 2)


@pytest.fixture
def cache_path(tmp_path: Path) -> Path:
    return noise_cache(tmp_path / "scene.sam2.zarr")


@pytest.fixture
def quantised_path(tmp_path: Path) -> Path:
    return noise_cache(tmp_path / "scene.sam2.zarr", "int8")


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


def _delete(file: Path) -> None:
    file.unlink()


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


def _make_empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("name", FEATURE_NAMES)
@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (flip_byte, DamageKind.CHECKSUM),
        (_truncate, DamageKind.CHECKSUM),
        (_make_empty, DamageKind.CHECKSUM),
        (_delete, DamageKind.MISSING),
    ],
)
def test_a_damaged_chunk_is_found_and_never_read(
    cache_path: Path, name: str, harm: Callable[[Path], None], kind: DamageKind
) -> None:
    harm(layout.patch_files(cache_path, PATCH, "float16")[name])
    cache = open_cache(cache_path)
    with pytest.raises(CacheDamagedError, match="Patch 1, 2 of level 0") as caught:
        cache.load(PATCH)
    assert caught.value.hint is not None
    assert "`encode`" in caught.value.hint
    (damage,) = cache.find_damage()
    assert (damage.kind, damage.patch, damage.array) == (kind, PATCH, f"levels/0/{name}")
    assert same_features(cache.load(PatchId(0, 0, 0)), noise_features(PatchId(0, 0, 0)))


@pytest.mark.parametrize("name", [*FEATURE_NAMES, layout.SCALE_OFFSET])
@pytest.mark.parametrize("harm", [flip_byte, _delete])
def test_damage_to_a_quantised_patch_is_found_and_never_read(
    quantised_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    harm(layout.patch_files(quantised_path, PATCH, "int8")[name])
    cache = open_cache(quantised_path)
    with pytest.raises(CacheDamagedError, match=f"Patch 1, 2 of level 0 .*{name}"):
        cache.load(PATCH)
    (damage,) = cache.find_damage()
    assert (damage.patch, damage.array) == (PATCH, f"levels/0/{name}")
    with CacheWriter.open(quantised_path) as writer:
        writer.repair([damage])
        assert not writer.reader().is_present(PATCH)
        writer.write_patch(PATCH, noise_features(PATCH))
    assert open_cache(quantised_path).find_damage() == []
    open_cache(quantised_path).load(PATCH)


def test_every_flipped_byte_of_a_chunk_counts(cache_path: Path) -> None:
    file = layout.patch_files(cache_path, PATCH, "float16")["high_res_1"]
    sound = file.read_bytes()
    for at in [0, 1, len(sound) // 2, len(sound) - 5, len(sound) - 4, len(sound) - 1]:
        flip_byte(file, at)
        assert not layout.is_sound(file)
        with pytest.raises(CacheDamagedError):
            open_cache(cache_path).load(PATCH)
        file.write_bytes(sound)
    assert layout.is_sound(file)


@pytest.mark.parametrize("harm", [flip_byte, _delete])
def test_damaged_flags_are_rebuilt_from_the_chunks(
    cache_path: Path, harm: Callable[[Path], None]
) -> None:
    flags = layout.present_file(cache_path, 0)
    harm(flags) if harm is _delete else flip_byte(flags, 5)
    _delete(layout.patch_files(cache_path, PATCH, "float16")["high_res_0"])
    cache = open_cache(cache_path)
    with pytest.raises(CacheDamagedError, match="list of patches of level 0"):
        cache.state(PATCH)
    assert cache.is_present(PatchId(1, 0, 0))
    damage = cache.find_damage()
    assert [d.array for d in damage] == ["levels/0/present"]
    with CacheWriter.open(cache_path) as writer:
        writer.repair(damage)
    cache = open_cache(cache_path)
    states = {patch: cache.state(patch) for patch in cache.pyramid.patches()}
    assert states.pop(PATCH) is PatchStatus.ABSENT
    assert set(states.values()) == {PatchStatus.PRESENT}
    assert cache.find_damage() == []


def test_lost_metadata_of_scales_are_restored(quantised_path: Path) -> None:
    before = tree_bytes(quantised_path)
    _delete(quantised_path / "levels/0/scale_offset/zarr.json")
    cache = open_cache(quantised_path)
    with pytest.raises(CacheDamagedError):
        cache.load(PATCH)
    with CacheWriter.open(quantised_path) as writer:
        writer.repair(cache.find_damage())
    assert tree_bytes(quantised_path) == before


@pytest.mark.parametrize("array", ["levels/0/image_embed", "levels/0/present"])
@pytest.mark.parametrize("content", [None, "{", '{"zarr_format": 3, "node_type": "array"}'])
def test_damaged_array_metadata_are_restored(
    cache_path: Path, array: str, content: str | None
) -> None:
    file = cache_path / array / "zarr.json"
    before = tree_bytes(cache_path)
    _delete(file) if content is None else file.write_text(content)
    cache = open_cache(cache_path)
    with pytest.raises(CacheDamagedError):
        cache.load(PATCH)
    damage = cache.find_damage()
    assert [(d.kind, d.array) for d in damage] == [(DamageKind.METADATA, array)]
    with CacheWriter.open(cache_path) as writer:
        writer.repair(damage)
    assert tree_bytes(cache_path) == before
    assert same_features(open_cache(cache_path).load(PATCH), noise_features(PATCH))


@pytest.mark.parametrize("name", layout.GRAPH_NAMES)
@pytest.mark.parametrize("harm", [flip_byte, _delete])
def test_a_damaged_decoder_is_found_and_replaced(
    cache_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    harm(layout.chunk_file(cache_path, layout.graph_array(name), 0))
    cache = open_cache(cache_path)
    with pytest.raises(CacheDamagedError, match=f"decoder .* is damaged .{name}"):
        cache.decoder_graphs()
    damage = cache.find_damage()
    assert [d.array for d in damage] == [f"decoder/{name}"]
    with CacheWriter.open(cache_path) as writer:
        writer.repair(damage, GRAPHS)
    assert open_cache(cache_path).decoder_graphs() == GRAPHS
    assert open_cache(cache_path).find_damage() == []


def test_another_decoder_in_its_place_is_noticed(cache_path: Path) -> None:
    shutil.rmtree(cache_path / "decoder/decode")
    shutil.copytree(cache_path / "decoder/prepare", cache_path / "decoder/decode")
    sha256 = cache_path / "decoder/decode/zarr.json"
    sha256.write_text(sha256.read_text().replace('"sha256": "', '"sha256": "0'))
    with pytest.raises(CacheDamagedError):
        open_cache(cache_path).decoder_graphs()


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


def test_a_flipped_digit_in_the_description_is_noticed(cache_path: Path) -> None:
    file = cache_path / "zarr.json"
    content = json.loads(file.read_text())
    content["attributes"]["grid"]["transform"][2] += 1
    file.write_text(json.dumps(content))
    with pytest.raises(CacheError, match="description is damaged"):
        open_cache(cache_path)


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


def test_a_chunk_that_the_disk_does_not_give_is_damage(cache_path: Path) -> None:
    """A folder in its place stands for a failing disk; zarr would read it as zeros."""
    patch = PatchId(0, 1, 2)
    chunk = layout.patch_files(cache_path, patch, "float16")["high_res_0"]
    chunk.unlink()
    chunk.mkdir()
    cache = open_cache(cache_path)
    (damage,) = cache.find_damage()
    assert (damage.kind, damage.patch) == (DamageKind.UNREADABLE, patch)
    with pytest.raises(CacheDamagedError, match="high_res_0"):
        cache.load(patch)


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


def test_flags_that_are_lost_while_the_cache_is_open_are_noticed(cache_path: Path) -> None:
    cache = open_cache(cache_path)
    assert cache.is_present(PatchId(0, 0, 0))
    layout.present_file(cache_path, 0).unlink()
    cache.refresh()
    with pytest.raises(CacheDamagedError, match="level 0"):
        cache.is_present(PatchId(0, 0, 0))


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
