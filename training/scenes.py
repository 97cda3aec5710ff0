"""Procedural scenes as tiles, made by seed on all cores while training runs."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import cv2
import numpy as np

from encoder_tool.scene import make_scene
from training.tile import TILE_SIZE, Tile, label_tile, read_tile, write_tile

HELD_OUT_SEEDS = 1_000_000
"""Scenes from this seed on are for judging: never trained on."""

FINEST_M, COARSEST_M = 0.06, 1.0
"""The pixel sizes of scenes; crops are scaled further."""


def scene_tile(seed: int, size: int = TILE_SIZE) -> Tile:
    """The scene of a seed: a town, or a crowded one, at a pixel size of its own."""
    rng = np.random.default_rng([seed, 7])
    pixel_m = float(np.exp(rng.uniform(np.log(FINEST_M), np.log(COARSEST_M))))
    scene = make_scene(size, seed, pixel_m, crowded=bool(rng.random() < 0.5))
    return label_tile(scene.image, scene.objects, scene.parts, fully_labelled=True)


class SceneFolder:
    """A folder of scene tiles that processes fill by seed; what is there already is kept."""

    def __init__(self, folder: Path, count: int, first_seed: int, size: int = TILE_SIZE) -> None:
        if first_seed < HELD_OUT_SEEDS < first_seed + count:
            raise ValueError("Scenes for training would reach the seeds of those held out.")
        folder.mkdir(parents=True, exist_ok=True)
        self._paths = [folder / f"{first_seed + i}.{size}.npz" for i in range(count)]
        self._seeds = range(first_seed, first_seed + count)
        self._size = size
        self._processes: list[multiprocessing.process.BaseProcess] = []
        self._read = 0

    def start(self, processes: int) -> None:
        """Make what is missing in the background."""
        context = multiprocessing.get_context("spawn")
        missing = [s for s, p in zip(self._seeds, self._paths, strict=True) if not p.exists()]
        for index in range(min(processes, len(missing))):
            jobs = [(s, self._path(s), self._size) for s in missing[index::processes]]
            process = context.Process(target=_make_scenes, args=(jobs, os.getpid()), daemon=True)
            process.start()
            self._processes.append(process)

    def _path(self, seed: int) -> Path:
        return self._paths[seed - self._seeds[0]]

    @property
    def is_exhausted(self) -> bool:
        return self._read == len(self._paths)

    def take(self) -> Tile | None:
        """The next tile in the order of seeds, or None while it is still being made."""
        if self.is_exhausted or not self._paths[self._read].exists():
            return None
        self._read += 1
        return read_tile(self._paths[self._read - 1])

    def check(self) -> None:
        """Raises RuntimeError when a process that makes scenes has failed."""
        if any(process.exitcode not in (None, 0) for process in self._processes):
            raise RuntimeError("A process that makes scenes has failed; its output says why.")

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
            process.join()


def _make_scenes(jobs: list[tuple[int, Path, int]], parent: int) -> None:
    cv2.setNumThreads(1)
    os.nice(10)
    for seed, path, size in jobs:
        if os.getppid() != parent:
            return
        write_tile(path, scene_tile(seed, size))
