"""Procedural scenes as tiles, made by seed on all cores while training runs."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Event, Thread

import cv2
import numpy as np

from encoder_tool.scene import make_scene
from training.countryside import countryside_tile
from training.tile import TILE_SIZE, Tile, label_tile, read_tile, write_tile

HELD_OUT_SEEDS = 1_000_000
"""Scenes from this seed on are for judging: never trained on."""

_SPARE_SEEDS = 500_000
"""Where a seed that makes no scene finds its stand-in."""

_READ_AHEAD = 4

FINEST_M, COARSEST_M = 0.06, 1.0
"""The pixel sizes of towns; crops are scaled further."""

_COUNTRYSIDE_SHARE = 0.33
"""Of scenes."""


def scene_tile(seed: int, size: int = TILE_SIZE) -> Tile:
    """The scene of a seed: a town, a crowded one, or countryside, at a pixel size of its own."""
    rng = np.random.default_rng([seed, 7])
    pixel_m = float(np.exp(rng.uniform(np.log(FINEST_M), np.log(COARSEST_M))))
    crowded = bool(rng.random() < 0.5)
    if rng.random() < _COUNTRYSIDE_SHARE:
        return countryside_tile(seed, size)
    scene = make_scene(size, seed, pixel_m, crowded=crowded)
    return label_tile(scene.image, scene.objects, scene.parts, fully_labelled=True)


class SceneFolder:
    """A folder of scene tiles that processes fill by seed and a thread reads ahead; what is
    there already is kept."""

    def __init__(
        self, folder: Path, count: int, first_seed: int, size: int = TILE_SIZE, turn: int = 0
    ) -> None:
        """turn: how many places further in the order of seeds to begin"""
        if first_seed < HELD_OUT_SEEDS < first_seed + count:
            raise ValueError("Scenes for training would reach the seeds of those held out.")
        folder.mkdir(parents=True, exist_ok=True)
        seeds = [first_seed + (turn + index) % count for index in range(count)]
        jobs = [(seed, folder / f"{seed}.{size}.npz", size) for seed in seeds]
        # A call that goes on need not wait for scenes before it takes those that are there.
        self._jobs = sorted(jobs, key=lambda job: not job[1].exists())
        self._processes: list[multiprocessing.process.BaseProcess] = []
        self._tiles: Queue[Tile | BaseException] = Queue(_READ_AHEAD)
        self._stopped = Event()
        self._reader = Thread(target=self._read, daemon=True)
        self._taken = 0

    def start(self, processes: int) -> None:
        """Make what is missing, and read, in the background."""
        context = multiprocessing.get_context("spawn")
        missing = [job for job in self._jobs if not job[1].exists()]
        for index in range(min(processes, len(missing))):
            jobs = missing[index::processes]
            process = context.Process(target=_make_scenes, args=(jobs, os.getpid()), daemon=True)
            process.start()
            self._processes.append(process)
        self._reader.start()

    @property
    def is_exhausted(self) -> bool:
        return self._taken == len(self._jobs)

    def take(self) -> Tile | None:
        """The next tile in the order of seeds, or None while it is still being made or read.

        Raises RuntimeError when a process that makes scenes has failed.
        """
        if any(process.exitcode not in (None, 0) for process in self._processes):
            raise RuntimeError("A process that makes scenes has failed; its output says why.")
        try:
            tile = self._tiles.get_nowait()
        except Empty:
            return None
        if isinstance(tile, BaseException):
            raise tile
        self._taken += 1
        return tile

    def ready(self, most: int) -> list[Tile]:
        """The next tiles, as many as are there already."""
        tiles: list[Tile] = []
        while len(tiles) < most and (tile := self.take()) is not None:
            tiles.append(tile)
        return tiles

    def wait(self) -> Tile:
        """The next tile, as soon as it is there; for a folder that is not exhausted."""
        while (tile := self.take()) is None:
            time.sleep(0.05)
        return tile

    def stop(self) -> None:
        self._stopped.set()
        for process in self._processes:
            if process.is_alive():
                process.terminate()
            process.join()
        self._processes.clear()

    def _read(self) -> None:
        for _, path, _ in self._jobs:
            while not path.exists():
                if self._stopped.wait(0.1):
                    return
            try:
                tile: Tile | BaseException = read_tile(path)
            except (OSError, ValueError, KeyError) as error:
                tile = error
            while not self._stopped.is_set():
                try:
                    self._tiles.put(tile, timeout=0.2)
                    break
                except Full:
                    continue


def _make_scenes(jobs: list[tuple[int, Path, int]], parent: int) -> None:
    cv2.setNumThreads(1)
    os.nice(10)
    for seed, path, size in jobs:
        if os.getppid() != parent:
            return
        try:
            tile = scene_tile(seed, size)
        except (ArithmeticError, LookupError, ValueError) as error:
            print(f"The scene of seed {seed} failed ({error!r}); another one takes its place.")
            tile = scene_tile(seed + _SPARE_SEEDS, size)
        write_tile(path, tile)
