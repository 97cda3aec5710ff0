"""Writing a feature cache: one writer at a time, data before flags, every step atomic."""

from __future__ import annotations

import errno
import re
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from encoder_tool.cache import layout
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.lock import WriterLock, current_writer
from encoder_tool.cache.manifest import QUANTISED, Manifest
from encoder_tool.cache.quantise import quantise
from encoder_tool.cache.store import FeatureCache, Presence, describe_patch, is_cache, open_cache
from encoder_tool.cache.verify import Damage, DamageKind, damaged_flags, sound_patches
from encoder_tool.errors import (
    CacheError,
    CacheLockedError,
    DiskFullError,
    EngineError,
    OutputError,
)
from encoder_tool.model.seam import DecoderGraphs
from encoder_tool.types import Features, FloatArray, PatchId

NO_SPACE = {errno.ENOSPC, errno.EDQUOT}

SETTLED_S = 60.0
"""A half-made sibling younger than this may belong to a process that has yet to lock it."""


class CacheWriter:
    """The right to write to one cache, and the only code that does.

    A context manager: leaving it commits what was written (unless an exception passes) and
    gives the lock back. `write_patch` may be called from several threads at once; the other
    methods belong to one thread.
    """

    def __init__(self, path: Path, manifest: Manifest, lock: WriterLock) -> None:
        self.path = path
        self.manifest = manifest
        self._lock = lock
        self._pending: dict[PatchId, PatchStatus] = {}
        self._flags: dict[int, Presence] = {}
        self._arrays: dict[str, layout.ZarrArray] = {}

    @classmethod
    def create(
        cls, path: Path, manifest: Manifest, graphs: DecoderGraphs, *, replace: bool = False
    ) -> CacheWriter:
        """Make a new cache, in one step as others see it: a killed creation leaves none.

        replace: put it in the place of the cache that is there. Nothing else than a cache is
        ever replaced. Raises OutputError when something is in the way, CacheLockedError when
        another process writes to the old cache or was faster to make the new one.
        """
        old_lock = _lock_old(path, replace) if path.exists() else None
        scratch = _sibling(path, "creating")
        try:
            with disk_errors(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                _sweep_siblings(path)
                scratch.mkdir()
                lock = WriterLock.acquire(scratch)
                layout.write_skeleton(scratch, manifest)
                for name in layout.GRAPH_NAMES:
                    layout.write_graph(scratch, name, getattr(graphs, name))
                _put_in_place(scratch, path, has_old=old_lock is not None)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            if old_lock is not None:
                old_lock.release()
        return cls(path, manifest, lock.moved_to(path))

    @classmethod
    def open(cls, path: Path) -> CacheWriter:
        """Go on with an existing cache; what a killed writer left half written is removed.

        Raises CacheLockedError when another process writes to it, and as `open_cache` does.
        """
        open_cache(path)  # a lock file goes into nothing but a cache
        with disk_errors(path):
            lock = WriterLock.acquire(path)
            try:
                _sweep_partial(path)
                # Only now: until it was locked, another process could replace the cache.
                return cls(path, open_cache(path).manifest, lock)
            except BaseException:
                lock.release()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            self.close()

    def close(self) -> None:
        """Give the lock back; patches that were not committed stay absent."""
        self._pending.clear()
        self._lock.release()

    def reader(self) -> FeatureCache:
        """The cache as it is committed now."""
        return FeatureCache(self.path, self.manifest)

    def write_patch(self, patch: PatchId, features: Features) -> None:
        """Write a patch's chunks; it counts as present after the next `commit`.

        Raises CacheError when the features have another shape than the model's or do not fit
        the cache's dtype, DiskFullError when there is no room.
        """
        scale_offset: list[FloatArray] = []
        for name, values in features.arrays().items():
            shape = self.manifest.model.feature_shapes[name]
            if values.shape != shape:
                raise CacheError(
                    f"The model gave a {name} of shape {values.shape}, not {shape}."
                )  # fmt: skip
            stored, steps = self._stored(values)
            if not np.isfinite(stored if steps is None else steps).all():
                raise CacheError(
                    f"{describe_patch(patch)}: its {name} does not fit {self.manifest.dtype}.",
                    "Encode to another --out with --dtype float32."
                    if np.isfinite(values).all()
                    else "The model gave values that are not finite numbers.",
                )
            self._write_chunk(patch, name, stored)
            if steps is not None:
                scale_offset.append(steps)
        if scale_offset:
            self._write_chunk(patch, layout.SCALE_OFFSET, np.concatenate(scale_offset, axis=1))
        self._pending[patch] = PatchStatus.PRESENT

    def _stored(self, values: FloatArray) -> tuple[npt.NDArray[Any], FloatArray | None]:
        """A feature map as it is stored, and its scales and offsets if it is quantised."""
        if self.manifest.dtype == QUANTISED:
            return quantise(values)
        with np.errstate(over="ignore"):
            return values.astype(self.manifest.dtype), None

    def _write_chunk(self, patch: PatchId, name: str, stored: npt.NDArray[Any]) -> None:
        with disk_errors(self.path):
            array = self._array(layout.feature_array(patch.level, name))
            array[patch.row, patch.col] = stored

    def mark_empty(self, patch: PatchId) -> None:
        """Note that a patch is nodata throughout, from the next `commit` on."""
        self._pending[patch] = PatchStatus.EMPTY

    def discard(self, patches: Iterable[PatchId]) -> None:
        """Declare patches absent, from the next `commit` on; their chunks stay."""
        self._pending.update(dict.fromkeys(patches, PatchStatus.ABSENT))

    def commit(self) -> None:
        """Flag what was written since the last commit. The data reach the disk first."""
        pending, self._pending = self._pending, {}
        with disk_errors(self.path):
            for patch, status in pending.items():
                if status is PatchStatus.PRESENT:
                    files = layout.patch_files(self.path, patch, self.manifest.dtype)
                    layout.sync_to_disk(*files.values())
            for level in sorted({patch.level for patch in pending}):
                flags = self._level_flags(level)
                for patch, status in pending.items():
                    if patch.level == level:
                        flags[patch.row, patch.col] = status
                self._write_flags(level, flags)

    def repair(self, damage: Iterable[Damage], graphs: DecoderGraphs | None = None) -> None:
        """Restore what can be restored and commit the rest as absent, to be encoded again.

        graphs: the decoder, needed when `damages_decoder(damage)`.
        """
        damage = list(damage)
        with disk_errors(self.path):
            if any(d.kind is DamageKind.METADATA for d in damage):
                layout.restore_metadata(self.path, self.manifest)
            for level in damaged_flags(damage):
                self._rebuild_flags(level)
            if graphs is not None:
                for name in layout.GRAPH_NAMES:
                    self._replace_graph(name, getattr(graphs, name))
        self.discard(d.patch for d in damage if d.patch is not None)
        self.commit()

    def _rebuild_flags(self, level: int) -> None:
        """Flag the patches whose chunks are all sound; the empty ones are found out anew."""
        grid = self.manifest.pyramid.level(level)
        flags = np.zeros((grid.rows, grid.cols), np.uint8)
        for patch in sound_patches(self.reader(), level):
            flags[patch.row, patch.col] = PatchStatus.PRESENT
        self._flags[level] = flags
        self._write_flags(level, flags)

    def _replace_graph(self, name: str, graph: bytes) -> None:
        with_scratch = self.path / f".{name}-{uuid.uuid4().hex}{layout.PARTIAL_SUFFIX}"
        layout.write_graph(with_scratch, name, graph)
        target = self.path / layout.graph_array(name)
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(exist_ok=True)
        (with_scratch / layout.graph_array(name)).rename(target)
        shutil.rmtree(with_scratch)

    def _level_flags(self, level: int) -> Presence:
        if level not in self._flags:
            self._flags[level] = self.reader().presence(level).copy()
        return self._flags[level]

    def _write_flags(self, level: int, flags: Presence) -> None:
        self._array(layout.present_array(level))[...] = flags

    def _array(self, array: str) -> layout.ZarrArray:
        if array not in self._arrays:
            self._arrays[array] = layout.open_array(self.path, array, "r+")
        return self._arrays[array]


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn the system's errors while writing below `path` into the engine's."""
    try:
        yield
    except EngineError:
        raise
    except OSError as error:
        if error.errno in NO_SPACE:
            raise DiskFullError(
                f"The disk that holds {path} is full.",
                "Make room and run the same command again: what was committed is kept.",
            ) from error
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error


def _lock_old(path: Path, replace: bool) -> WriterLock:
    """The lock of the cache that is about to be replaced."""
    if not is_cache(path):
        raise OutputError(
            f"{path} exists and is not a feature cache; it is left as it is.",
            "Encode to another --out, or remove it yourself.",
        )
    if not replace:
        raise OutputError(
            f"There is a cache at {path} already.", "Encode with --restart to replace it."
        )
    with disk_errors(path):
        return WriterLock.acquire(path)


def _put_in_place(scratch: Path, path: Path, *, has_old: bool) -> None:
    aside = _sibling(path, "replaced")
    if has_old:
        path.rename(aside)
    elif path.exists():
        raise _made_meanwhile(path)
    try:
        scratch.rename(path)
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
            raise _made_meanwhile(path) from error
        if has_old:
            aside.rename(path)
        raise
    if has_old:
        shutil.rmtree(aside, ignore_errors=True)


def _made_meanwhile(path: Path) -> CacheLockedError:
    return CacheLockedError(
        f"Another process has just made the cache {path}.", "Run the same command again."
    )


def _sweep_partial(path: Path) -> None:
    """Remove the files and folders that were being written when a writer was killed."""
    for leftover in list(path.rglob(f"*{layout.PARTIAL_SUFFIX}")):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)


def _sibling(path: Path, purpose: str) -> Path:
    return path.with_name(f".{path.name}.{purpose}-{uuid.uuid4().hex}")


def _sweep_siblings(path: Path) -> None:
    """Remove what killed creations and replacements of this very cache have left beside it."""
    ours = re.compile(rf"\.{re.escape(path.name)}\.(creating|replaced)-[0-9a-f]{{32}}")
    for sibling in path.parent.iterdir():
        if (
            ours.fullmatch(sibling.name)
            and time.time() - sibling.stat().st_mtime > SETTLED_S
            and current_writer(sibling) is None
        ):
            shutil.rmtree(sibling, ignore_errors=True)
