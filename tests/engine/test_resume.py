"""Going on with a cache: after a kill, after damage, with another request."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.enums import Resampling

from encoder_tool.cache import layout
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.store import open_cache
from encoder_tool.cache.verify import DamageKind
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.encode import EncodeRequest, EncodeSummary, plan_encode, run_encode
from encoder_tool.errors import (
    CacheDamagedError,
    CacheLockedError,
    CacheMismatchError,
    CacheVersionError,
)
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.types import BoundsMap, BoxPixel, PatchId, Prompt
from tests.support import held_encode
from tests.support.cli import REPOSITORY, environment
from tests.support.fakes import GRAPHS, FakeModel, flip_byte, present, same_features, tree_bytes
from tests.support.patience import PATIENCE_S
from tests.support.rasters import NORTH_UP, noise, write_raster

PATCHES = 7
PATCH = PatchId(0, 1, 1)

Run = Callable[..., EncodeSummary]


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a raster and its finished cache; copy it before use."""
    folder = tmp_path_factory.mktemp("encoded")
    raster = write_raster(folder / "scene.tif", noise(4, 1800, 1100))
    run_encode(plan_encode(EncodeRequest(raster, folder / "cache"), model=FakeModel()))
    return folder


@pytest.fixture
def folder(encoded: Path, tmp_path: Path) -> Path:
    """scene.tif and cache, as the encode left them."""
    return Path(shutil.copytree(encoded, tmp_path / "work"))


def encode(folder: Path, model: FakeModel | None = None, **options: object) -> EncodeSummary:
    request = EncodeRequest(folder / "scene.tif", folder / "cache", **options)  # type: ignore[arg-type]
    return run_encode(plan_encode(request, model=model or FakeModel()))


def assert_same_caches(one: Path, other: Path) -> None:
    first, second = open_cache(one), open_cache(other)
    for patch in first.pyramid.patches():
        assert first.state(patch) is second.state(patch) is PatchStatus.PRESENT
        assert same_features(first.load(patch), second.load(patch))


@contextmanager
def started(*command: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this tree, killed at the end if it is still there."""
    process = subprocess.Popen(
        [sys.executable, *map(str, command)],
        cwd=REPOSITORY, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert process.poll() is None, "it ended too soon"
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.002)


class TestKilled:
    @pytest.mark.parametrize(("after", "pause_s"), [(1, 0.0), (4, 0.11), (6, 0.08)])
    def test_at_most_two_batches_are_encoded_again(
        self, encoded: Path, tmp_path: Path, after: int, pause_s: float
    ) -> None:
        """Killed while encoding (a batch of two takes 0.1 s), or while storing right after: the
        batch before may still be on its way to the disk."""
        out, log = tmp_path / "cache", tmp_path / "log"
        command = ("-m", "tests.support.encode_process", encoded / "scene.tif", out, log, "2")
        with started(*command, "0.1") as process:
            wait_for(lambda: log.exists() and log.stat().st_size >= after, process)
            time.sleep(pause_s)
            process.kill()
            process.wait()
        kept = present(open_cache(out))
        assert log.stat().st_size - len(kept) <= 4
        assert open_cache(out).find_damage() == []
        model = FakeModel(log=log)
        request = EncodeRequest(encoded / "scene.tif", out, batch=2)
        summary = run_encode(plan_encode(request, model=model))
        assert summary.encoded == PATCHES - len(kept)
        assert log.stat().st_size <= PATCHES + 4
        assert_same_caches(out, encoded / "cache")
        assert not list(out.rglob("*.partial"))

    def test_nano_gives_the_same_masks(self, tmp_path: Path) -> None:
        """The real thing, through the command line."""
        rng = np.random.default_rng(0)
        values = np.full((3, 1024, 1100), 90, np.uint8) + rng.integers(
            0, 30, (3, 1024, 1100), np.uint8
        )
        values[:, 300:620, 260:700] += 110
        raster = write_raster(tmp_path / "scene.tif", values)
        arguments = ("encode", raster, "--batch", "1", "-q", "--out")
        killed, whole = tmp_path / "killed", tmp_path / "whole"
        with started("-c", held_encode.COMMAND_LINE, *arguments, killed) as process:
            wait_for(lambda: killed.exists() and bool(present(open_cache(killed))), process)
            process.kill()
            process.wait()
        assert 1 <= len(present(open_cache(killed))) < 3
        for out in (killed, whole):
            with started("-m", "encoder_tool", *arguments, out) as process:
                assert process.wait(timeout=PATIENCE_S) == 0
        one, other = open_cache(killed), open_cache(whole)
        decoder = OnnxDecoder(one.decoder_graphs(), one.manifest.model.stability)
        prompt = Prompt(box=BoxPixel(255, 295, 705, 625))
        masks = []
        for cache in (one, other):
            assert len(present(cache)) == 3
            state = decoder.prepare(cache.load(PatchId(0, 0, 0)))
            masks.append(decoder.decode(state, [prompt])[0].logits[0] > 0)
        assert masks[0].sum() > 1000
        assert (masks[0] & masks[1]).sum() / (masks[0] | masks[1]).sum() >= 0.999

    def test_a_second_writer_is_refused_and_a_reader_is_not(
        self, encoded: Path, tmp_path: Path
    ) -> None:
        out, log = tmp_path / "cache", tmp_path / "log"
        command = ("-m", "tests.support.encode_process", encoded / "scene.tif", out, log, "1")
        with started(*command, "0.3") as process:
            wait_for(lambda: log.exists() and log.stat().st_size >= 3, process)  # one is stored
            reader = open_cache(out)
            for restart in (False, True):
                request = EncodeRequest(encoded / "scene.tif", out, restart=restart)
                with pytest.raises(CacheLockedError, match=f"process {process.pid} on") as caught:
                    plan_encode(request, model=FakeModel())
                assert caught.value.hint is not None
            seen = len(present(reader))
            assert process.wait(timeout=PATIENCE_S) == 0
        assert 1 <= seen < PATCHES
        reader.refresh()
        assert len(present(reader)) == PATCHES
        assert_same_caches(out, encoded / "cache")


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


def edit_pixels(raster: Path) -> None:
    with rasterio.open(raster, "r+") as dataset:
        values = dataset.read(2)
        values[500, 700] ^= 0xFF
        dataset.write(values, 2)


def move_raster(raster: Path) -> None:
    with rasterio.open(raster, "r+") as dataset:
        dataset.transform = Affine.translation(100, 0) @ dataset.transform


def reproject_raster(raster: Path) -> None:
    with rasterio.open(raster, "r+") as dataset:
        dataset.crs = "EPSG:32634"


class TestMismatch:
    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            ({"bands": (3, 2, 1)}, "bands 1,2,3, not 3,2,1"),
            ({"bands": (1,)}, "bands 1,2,3, not 1"),
            ({"resolution": 0.6}, "another resolution"),
            ({"overlap": 128}, "overlap by 256 pixels, not 128"),
            ({"dtype": "float32"}, "stored as int8, not float32"),
            ({"stretch": "2,98"}, "stretch 0:255, not"),
            ({"stretch": "0:200"}, "stretch 0:255, not 0:200"),
        ],
    )
    def test_another_request_is_refused_with_nothing_destroyed(
        self, folder: Path, options: dict[str, object], sentence: str
    ) -> None:
        before = tree_bytes(folder)
        with pytest.raises(CacheMismatchError, match=sentence) as caught:
            encode(folder, **options)
        assert "--out" in str(caught.value)
        assert "--restart" in str(caught.value)
        assert tree_bytes(folder) == before
        assert encode(folder, **options, restart=True).encoded > 0

    @pytest.mark.parametrize(
        ("model", "sentence"),
        [
            (FakeModel(name="other"), "model fake, not other"),
            (FakeModel(sha256="b" * 64), "other weights of fake"),
        ],
    )
    def test_another_model_is_refused(self, folder: Path, model: FakeModel, sentence: str) -> None:
        before = tree_bytes(folder)
        with pytest.raises(CacheMismatchError, match=sentence):
            encode(folder, model)
        assert tree_bytes(folder) == before

    @pytest.mark.parametrize("edit", [edit_pixels, move_raster, reproject_raster])
    def test_an_edited_raster_is_refused(self, folder: Path, edit: Callable[[Path], None]) -> None:
        edit(folder / "scene.tif")
        before = tree_bytes(folder)
        with pytest.raises(CacheMismatchError, match="pixels or georeferencing"):
            encode(folder)
        assert tree_bytes(folder) == before
        assert encode(folder, restart=True).encoded == PATCHES

    def test_everything_that_differs_is_named(self, folder: Path) -> None:
        with pytest.raises(CacheMismatchError) as caught:
            encode(folder, FakeModel(name="other"), bands=(1,), dtype="float32")
        for word in ("other", "bands", "float32"):
            assert word in caught.value.message

    def test_a_touched_copied_or_overviewed_raster_is_accepted(self, folder: Path) -> None:
        raster = folder / "scene.tif"
        os.utime(raster, (1, 1))
        assert encode(folder).skipped == PATCHES
        raster.rename(folder / "kept.tif")
        shutil.copy(folder / "kept.tif", raster)
        assert encode(folder).skipped == PATCHES
        with rasterio.open(raster, "r+") as dataset:
            dataset.build_overviews([2, 4], Resampling.average)
        assert encode(folder).skipped == PATCHES
        renamed = EncodeRequest(folder / "kept.tif", folder / "cache")
        assert plan_encode(renamed, model=FakeModel()).todo == ()

    def test_the_stretch_of_the_cache_is_kept(self, folder: Path) -> None:
        encode(folder, stretch="10:200", restart=True)
        for stretch in (None, "10:200", "10:200,10:200,10:200"):
            assert encode(folder, stretch=stretch).skipped == PATCHES
        with pytest.raises(CacheMismatchError, match="stretch"):
            encode(folder, stretch="auto")

    def test_a_newer_format_is_refused_and_kept(self, folder: Path) -> None:
        attributes = folder / "cache/zarr.json"
        attributes.write_text(
            attributes.read_text().replace('"format_version": 2', '"format_version": 9')
        )
        before = tree_bytes(folder)
        with pytest.raises(CacheVersionError):
            encode(folder)
        assert tree_bytes(folder) == before


def test_a_plan_that_others_have_carried_out_encodes_nothing(encoded: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(encoded, tmp_path / "work"))
    with CacheWriter.open(folder / "cache") as writer:
        writer.discard([PATCH])
    request = EncodeRequest(folder / "scene.tif", folder / "cache")
    model = FakeModel()
    plan = plan_encode(request, model=model)
    assert plan.todo == (PATCH,)
    encode(folder)
    summary = run_encode(plan)
    assert summary.encoded == 0
    assert not summary.stopped
    assert sum(model.encoders[0].batches) == 0


def test_a_cache_replaced_since_the_plan_was_made_is_left_alone(folder: Path) -> None:
    layout.patch_files(folder / "cache", PATCH, "int8")["high_res_0"].unlink()
    plan = plan_encode(EncodeRequest(folder / "scene.tif", folder / "cache"), model=FakeModel())
    encode(folder, FakeModel(name="other", sha256="b" * 64), restart=True)
    before = tree_bytes(folder / "cache")
    with pytest.raises(CacheMismatchError, match="replaced"):
        run_encode(plan)
    assert tree_bytes(folder / "cache") == before


def test_the_size_of_patches_is_learnt_from_what_is_flagged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large grid nearly every patch is absent: looking for the files of each takes long."""
    looked_at = []
    patch_files = layout.patch_files

    def counted(root: Path, patch: PatchId, dtype: str) -> dict[str, Path]:
        looked_at.append(patch)
        return patch_files(root, patch, dtype)

    with CacheWriter.open(folder / "cache") as writer:
        writer.discard(writer.manifest.pyramid.level(0).patches())
    monkeypatch.setattr(layout, "patch_files", counted)
    plan = plan_encode(EncodeRequest(folder / "scene.tif", folder / "cache"), model=FakeModel())
    assert set(looked_at) == {PatchId(1, 0, 0)}
    sizes = [
        file.stat().st_size
        for file in patch_files(folder / "cache", PatchId(1, 0, 0), "int8").values()
    ]
    assert plan.bytes_needed == 6 * sum(sizes)


def test_a_cache_serves_without_its_raster(folder: Path, encoded: Path) -> None:
    (folder / "scene.tif").unlink()
    moved = folder / "moved" / "elsewhere.sam2.zarr"
    moved.parent.mkdir()
    (folder / "cache").rename(moved)
    assert_same_caches(moved, encoded / "cache")
