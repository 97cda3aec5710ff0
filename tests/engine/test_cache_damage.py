"""Damage to a feature cache is found, told, and never taken for data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from encoder_tool.cache import layout
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import open_cache
from encoder_tool.cache.verify import DamageKind
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.errors import CacheDamagedError, CacheError
from encoder_tool.types import FEATURE_NAMES, PatchId
from tests.support.fakes import GRAPHS, flip_byte, noise_features, same_features, tree_bytes

PATCH = PatchId(0, 1, 2)


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


def test_a_flipped_digit_in_the_description_is_noticed(cache_path: Path) -> None:
    file = cache_path / "zarr.json"
    content = json.loads(file.read_text())
    content["attributes"]["grid"]["transform"][2] += 1
    file.write_text(json.dumps(content))
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


def test_flags_that_are_lost_while_the_cache_is_open_are_noticed(cache_path: Path) -> None:
    cache = open_cache(cache_path)
    assert cache.is_present(PatchId(0, 0, 0))
    layout.present_file(cache_path, 0).unlink()
    cache.refresh()
    with pytest.raises(CacheDamagedError, match="level 0"):
        cache.is_present(PatchId(0, 0, 0))
