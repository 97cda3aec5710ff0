"""Going on with a cache after a kill, and where others go on with it as well."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from encoder_tool.cache import layout
from encoder_tool.cache.store import open_cache
from encoder_tool.cache.writer import CacheWriter
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import CacheLockedError
from encoder_tool.model.decoder import OnnxDecoder
from encoder_tool.types import BoxPixel, PatchId, Prompt
from tests.support import held_encode
from tests.support.cli import REPOSITORY, environment
from tests.support.encoded_folder import PATCH, PATCHES, assert_same_caches, encode
from tests.support.fakes import FakeModel, present
from tests.support.patience import PATIENCE_S
from tests.support.rasters import write_raster


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
