"""Going on with a cache that is damaged: only what is lost is encoded again."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder_tool.cache import layout
from encoder_tool.cache.store import open_cache
from encoder_tool.cache.verify import DamageKind
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import CacheDamagedError
from encoder_tool.types import BoundsMap, PatchId
from tests.support.encoded_folder import PATCH, PATCHES, assert_same_caches, encode
from tests.support.fakes import GRAPHS, FakeModel, flip_byte, present, tree_bytes
from tests.support.rasters import NORTH_UP


class TestDamage:
    def test_only_the_damaged_patch_is_encoded_again(self, folder: Path) -> None:
        cache = folder / "cache"
        before = tree_bytes(cache)
        harmed = layout.patch_files(cache, PATCH, "int8")["high_res_0"]
        flip_byte(harmed)
        chunks = [file for file in cache.rglob("c/**/*") if file.is_file()]
        times = {
            file: file.stat().st_mtime_ns for file in chunks if layout.PRESENT not in file.parts
        }
        with pytest.raises(CacheDamagedError, match="encode"):
            open_cache(cache).load(PATCH)
        plan = plan_encode(EncodeRequest(folder / "scene.tif", cache), model=FakeModel())
        assert plan.todo == (PATCH,)
        assert any("damaged in 1 place" in sentence for sentence in plan.sentences())
        summary = run_encode(plan)
        assert (summary.encoded, summary.repaired, summary.skipped) == (1, 1, PATCHES - 1)
        assert tree_bytes(cache) == before
        touched = {file for file, at in times.items() if file.stat().st_mtime_ns != at}
        assert touched == set(layout.patch_files(cache, PATCH, "int8").values())

    def test_a_lost_chunk_outside_the_extent_is_repaired_too(
        self, folder: Path, encoded: Path
    ) -> None:
        layout.patch_files(folder / "cache", PatchId(0, 1, 2), "int8")["image_embed"].unlink()
        x0, y0 = NORTH_UP @ (0, 0)
        summary = encode(folder, extent=BoundsMap(x0, y0 - 9, x0 + 9, y0))
        assert (summary.patches_total, summary.encoded, summary.repaired) == (1, 1, 1)
        assert_same_caches(folder / "cache", encoded / "cache")

    def test_checksums_are_read_of_the_patches_asked_for_only(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A village added to the cache of a country must not read the country."""
        checked = []
        is_sound = layout.is_sound

        def counted(chunk: Path) -> bool:
            checked.append(chunk)
            return is_sound(chunk)

        monkeypatch.setattr(layout, "is_sound", counted)
        x0, y0 = NORTH_UP @ (0, 0)
        extent = BoundsMap(x0, y0 - 9, x0 + 9, y0)
        plan = plan_encode(
            EncodeRequest(folder / "scene.tif", folder / "cache", extent=extent), model=FakeModel()
        )
        assert plan.patches == (PatchId(0, 0, 0),)
        files = layout.patch_files(folder / "cache", PatchId(0, 0, 0), "int8").values()
        assert sorted(checked) == sorted(files)

    def test_lost_flags_cost_no_encoding(self, folder: Path, encoded: Path) -> None:
        layout.present_file(folder / "cache", 0).unlink()
        flip_byte(layout.patch_files(folder / "cache", PATCH, "int8")["image_embed"])
        summary = encode(folder)
        assert (summary.encoded, summary.skipped) == (1, PATCHES - 1)
        assert_same_caches(folder / "cache", encoded / "cache")

    def test_a_damaged_decoder_is_replaced_without_encoding(self, folder: Path) -> None:
        flip_byte(layout.chunk_file(folder / "cache", "decoder/decode", 0))
        model = FakeModel()
        assert encode(folder, model).encoded == 0
        assert model.encoders == []
        assert open_cache(folder / "cache").decoder_graphs() == GRAPHS

    def test_a_stopped_repair_leaves_the_patch_absent(self, folder: Path) -> None:
        """Absent is what a click can deal with: it goes one level up."""
        flip_byte(layout.patch_files(folder / "cache", PATCH, "int8")["high_res_0"])
        flip_byte(layout.patch_files(folder / "cache", PatchId(0, 0, 0), "int8")["high_res_0"])
        plan = plan_encode(EncodeRequest(folder / "scene.tif", folder / "cache"), model=FakeModel())
        assert run_encode(plan, should_stop=lambda: True).stopped
        cache = open_cache(folder / "cache")
        assert len(present(cache)) == PATCHES - 2
        assert cache.find_damage() == []
        assert encode(folder).encoded == 2

    def test_a_description_that_is_damaged_is_restored(self, folder: Path, encoded: Path) -> None:
        (folder / "cache/levels/0/high_res_1/zarr.json").write_text("{")
        plan = plan_encode(EncodeRequest(folder / "scene.tif", folder / "cache"), model=FakeModel())
        assert [damage.kind for damage in plan.damage] == [DamageKind.METADATA]
        run_encode(plan)
        assert_same_caches(folder / "cache", encoded / "cache")
