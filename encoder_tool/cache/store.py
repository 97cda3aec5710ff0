"""Reading a feature cache: no raster, no model and no torch is needed for it."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import zarr

from encoder_tool.cache import layout
from encoder_tool.cache.layout import PatchStatus
from encoder_tool.cache.lock import LockOwner, current_writer
from encoder_tool.cache.manifest import FORMAT, QUANTISED, Manifest
from encoder_tool.cache.quantise import dequantise
from encoder_tool.cache.verify import Damage, find_damage
from encoder_tool.errors import (
    CacheDamagedError,
    CacheError,
    CacheNotFoundError,
    NotEncodedError,
)
from encoder_tool.grid import Pyramid
from encoder_tool.model.seam import DecoderGraphs
from encoder_tool.types import FEATURE_NAMES, Features, FloatArray, PatchId

Presence = npt.NDArray[np.uint8]

REPAIR_HINT = "Run `encode` again with the same raster and --out: it repairs what is damaged."


@dataclass(frozen=True, slots=True)
class LevelSummary:
    """How much of one level is encoded; `empty` patches are nodata throughout."""

    level: int
    rows: int
    cols: int
    present: int
    empty: int


@dataclass(frozen=True, slots=True)
class CacheSummary:
    """What `info` tells about a cache beyond its manifest."""

    path: Path
    manifest: Manifest
    levels: tuple[LevelSummary, ...]
    size_bytes: int
    writer: LockOwner | None

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "size_bytes": self.size_bytes,
            "levels": [asdict(level) for level in self.levels],
            "writer": asdict(self.writer) if self.writer else None,
            **self.manifest.to_attributes(),
        }


class FeatureCache:
    """A cache opened for reading; it may be written meanwhile (see `refresh`).

    `present` flags are read when a level is first asked for, so that a cache with a damaged one
    still opens and its other levels still serve.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._presence: dict[int, tuple[tuple[int, int], Presence]] = {}
        self._arrays: dict[str, layout.ZarrArray] = {}
        self._described: tuple[int, int] | None = None
        """Signature of the description that is known to be `manifest`."""

    @property
    def pyramid(self) -> Pyramid:
        return self.manifest.pyramid

    def state(self, patch: PatchId) -> PatchStatus:
        """What is stored of a patch.

        Raises CacheDamagedError when the level's flags are damaged, UsageError for a level that
        does not exist, IndexError for a patch outside the grid.
        """
        flags = self.presence(patch.level)
        rows, cols = flags.shape
        if not (0 <= patch.row < rows and 0 <= patch.col < cols):
            raise IndexError(f"{patch} is outside the grid of {rows} x {cols} patches")
        return PatchStatus(flags[patch.row, patch.col])

    def is_present(self, patch: PatchId) -> bool:
        """Whether `load` has something to give."""
        return self.state(patch) is PatchStatus.PRESENT

    def presence(self, level: int) -> Presence:
        """The `PatchStatus` values of a level, [rows, cols]; do not write to it."""
        if level not in self._presence:
            self._presence[level] = self._read_presence(level)
        return self._presence[level][1]

    def refresh(self) -> None:
        """See the patches that were committed since; takes microseconds when there are none.

        Raises CacheError when another cache has taken this one's place, CacheNotFoundError when
        it is gone.
        """
        described = _signature(self.path / layout.METADATA_FILE)
        if described is None or described != self._described:
            # Attributes rather than manifests: a nodata value of NaN does not equal itself.
            if read_manifest(self.path).to_attributes() != self.manifest.to_attributes():
                raise CacheError(
                    f"The cache {self.path} was replaced by another.", "Open it again."
                )
            self._described = described
        for level, (signature, _) in list(self._presence.items()):
            if _signature(layout.present_file(self.path, level)) != signature:
                del self._presence[level]

    def load(self, patch: PatchId) -> Features:
        """The features of a patch as float32, checked against their checksums.

        Raises NotEncodedError for a patch that is absent or empty, CacheDamagedError when a
        chunk is missing or fails its checksum.
        """
        state = self.state(patch)
        if state is not PatchStatus.PRESENT:
            raise NotEncodedError(
                f"{describe_patch(patch)} is "
                + ("all nodata." if state is PatchStatus.EMPTY else "not encoded yet.")
            )
        # A chunk that is gone would read as zeros, without a word from zarr.
        for name, file in layout.patch_files(self.path, patch, self.manifest.dtype).items():
            if not file.is_file():
                raise CacheDamagedError(
                    f"{describe_patch(patch)} of the cache {self.path} has lost its {name}.",
                    REPAIR_HINT,
                )
        stored = {name: self._load_chunk(name, patch) for name in FEATURE_NAMES}
        if self.manifest.dtype == QUANTISED:
            return Features(**self._dequantised(stored, patch))
        return Features(**{n: v.astype(np.float32, copy=False) for n, v in stored.items()})

    def decoder_graphs(self) -> DecoderGraphs:
        """The prompt decoder that the cache carries; raises CacheDamagedError."""
        return DecoderGraphs(**{name: self.load_graph(name) for name in layout.GRAPH_NAMES})

    def find_damage(self) -> list[Damage]:
        """Check everything that is committed; see verify.find_damage."""
        return find_damage(self)

    def summary(self) -> CacheSummary:
        """Counts and sizes; raises CacheDamagedError when a level's flags are damaged."""
        return CacheSummary(
            path=self.path,
            manifest=self.manifest,
            levels=tuple(self._level_summary(k) for k in range(self.pyramid.levels)),
            size_bytes=directory_size(self.path),
            writer=current_writer(self.path),
        )

    def _level_summary(self, level: int) -> LevelSummary:
        presence = self.presence(level)
        rows, cols = presence.shape
        return LevelSummary(
            level=level,
            rows=rows,
            cols=cols,
            present=int(np.count_nonzero(presence == PatchStatus.PRESENT)),
            empty=int(np.count_nonzero(presence == PatchStatus.EMPTY)),
        )

    def _read_presence(self, level: int) -> tuple[tuple[int, int], Presence]:
        file = layout.present_file(self.path, level)
        grid = self.pyramid.level(level)
        try:
            signature = _signature(file)  # before reading: a later commit must look new
            flags = np.asarray(layout.open_array(self.path, layout.present_array(level))[...])
        except layout.UNREADABLE as error:
            raise self._flags_damaged(level) from error
        if (
            signature is None  # lost flags would read as zeros
            or flags.shape != (grid.rows, grid.cols)
            or flags.max() > max(PatchStatus)
        ):
            raise self._flags_damaged(level)
        return signature, flags

    def _flags_damaged(self, level: int) -> CacheDamagedError:
        return CacheDamagedError(
            f"The list of patches of level {level} of the cache {self.path} is damaged.",
            REPAIR_HINT,
        )

    def _dequantised(
        self, stored: dict[str, npt.NDArray[Any]], patch: PatchId
    ) -> dict[str, FloatArray]:
        scale_offset = self._load_chunk(layout.SCALE_OFFSET, patch)
        ends = np.cumsum([len(values) for values in stored.values()])[:-1]
        split = np.split(scale_offset, ends, axis=1)
        return {n: dequantise(v, s) for (n, v), s in zip(stored.items(), split, strict=True)}

    def _load_chunk(self, name: str, patch: PatchId) -> npt.NDArray[Any]:
        array = layout.feature_array(patch.level, name)
        try:
            if array not in self._arrays:
                self._arrays[array] = layout.open_array(self.path, array)
            return np.asarray(self._arrays[array][patch.row, patch.col])
        except layout.UNREADABLE as error:
            fails = "cannot be read" if isinstance(error, OSError) else "fails its checksum"
            raise CacheDamagedError(
                f"{describe_patch(patch)} of the cache {self.path} is damaged: its {name} {fails}.",
                REPAIR_HINT,
            ) from error

    def load_graph(self, name: str) -> bytes:
        """One of the decoder's two graphs, "prepare" or "decode"; raises CacheDamagedError."""
        damaged = CacheDamagedError(
            f"The prompt decoder in the cache {self.path} is damaged ({name}).", REPAIR_HINT
        )
        try:
            array = layout.open_array(self.path, layout.graph_array(name))
            graph = np.asarray(array[...], dtype=np.uint8).tobytes()
        except layout.UNREADABLE as error:
            raise damaged from error
        if hashlib.sha256(graph).hexdigest() != array.attrs.get("sha256"):
            raise damaged
        return graph


def open_cache(path: str | Path) -> FeatureCache:
    """Open a cache for reading.

    Raises CacheNotFoundError when nothing is there, CacheVersionError for a newer format,
    CacheError for anything else that is not a readable cache.
    """
    root = Path(path)
    return FeatureCache(root, read_manifest(root))


def read_manifest(root: Path) -> Manifest:
    """The attributes of a cache; raises as `open_cache` does."""
    try:
        exists = root.exists()
    except OSError as error:
        raise CacheError(f"{root} cannot be read: {error.strerror}.") from error
    if not exists:
        raise CacheNotFoundError(f"There is no cache at {root}.", "`encode` makes one.")
    try:
        group = zarr.open_group(root, mode="r", zarr_format=3)
    except layout.UNREADABLE as error:
        raise CacheError(
            f"{root} is not a readable feature cache.",
            "Name the .sam2.zarr directory that `encode` wrote, or encode the raster again.",
        ) from error
    return Manifest.from_attributes(dict(group.attrs))


def is_cache(path: Path) -> bool:
    """Whether a directory says of itself that it is a feature cache, of any version."""
    try:
        group = zarr.open_group(path, mode="r", zarr_format=3)
    except layout.UNREADABLE:
        return False
    return group.attrs.get("format") == FORMAT


def describe_patch(patch: PatchId) -> str:
    """A patch in a sentence, at its start."""
    return f"Patch {patch.row}, {patch.col} of level {patch.level}"


def directory_size(root: Path) -> int:
    """Bytes of all files below a directory, of those that stay while it is being read."""
    total = 0
    for folder, _, files in os.walk(root):
        for file in files:
            try:
                total += (Path(folder) / file).stat().st_size
            except FileNotFoundError:
                continue
    return total


def _signature(file: Path) -> tuple[int, int] | None:
    """What changes whenever a file is replaced; None for one that is gone."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns
