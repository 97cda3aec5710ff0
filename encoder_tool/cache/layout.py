"""Where things lie inside a cache, and how they are encoded: the arrays, no policy.

docs/cache-format.md is the same for third parties.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, Literal

import google_crc32c
import numpy as np
import zarr
from zarr.codecs import BytesCodec, Crc32cCodec, ZstdCodec

from encoder_tool.cache.manifest import QUANTISED, Manifest, sealed
from encoder_tool.types import FEATURE_NAMES, PatchId

PRESENT = "present"
SCALE_OFFSET = "scale_offset"
"""What turns quantised features back into values, of all channels of a patch, in the order of
`FEATURE_NAMES`: their scales, then their offsets."""
GRAPH_NAMES = ("prepare", "decode")
METADATA_FILE = "zarr.json"

PARTIAL_SUFFIX = ".partial"
"""What is being written ends in this, zarr's own files included, until it is whole."""

ZSTD_LEVEL = 1
"""Float16 features shrink to 0.92 of their size at level 1 and hardly further at level 9; the
differences of quantised ones grow by 3 % when higher levels look for repetitions in them."""

CHECKSUM_BYTES = 4

UNREADABLE = (ValueError, TypeError, KeyError, RuntimeError, AttributeError, OSError)
"""What zarr raises for metadata or chunks that are damaged, gone or on a failing disk, having no
error of its own for it: a failed crc32c is a ValueError, a cut zarr.json a JSONDecodeError, a
KeyError …"""

ZarrArray = zarr.Array[Any]


class PatchStatus(IntEnum):
    """What a cache holds of a patch; the values are those of the `present` arrays."""

    ABSENT = 0
    PRESENT = 1
    EMPTY = 2
    """All nodata: known, and nothing is stored."""


def feature_array(level: int, name: str) -> str:
    return f"levels/{level}/{name}"


def present_array(level: int) -> str:
    return f"levels/{level}/{PRESENT}"


def graph_array(name: str) -> str:
    return f"decoder/{name}"


def chunk_file(root: Path, array: str, *index: int) -> Path:
    """The file of one chunk (zarr's default chunk keys)."""
    return root.joinpath(array, "c", *map(str, index))


def present_file(root: Path, level: int) -> Path:
    return chunk_file(root, present_array(level), 0, 0)


def patch_files(root: Path, patch: PatchId, dtype: str) -> dict[str, Path]:
    """The chunk files that hold a patch, by the name of their array; dtype: the cache's."""
    files = {
        name: chunk_file(
            root, feature_array(patch.level, name), patch.row, patch.col, 0, 0, 0
        )
        for name in FEATURE_NAMES
    }  # fmt: skip
    if dtype == QUANTISED:
        array = feature_array(patch.level, SCALE_OFFSET)
        files[SCALE_OFFSET] = chunk_file(root, array, patch.row, patch.col, 0, 0)
    return files


def is_sound(chunk: Path) -> bool:
    """Whether a chunk file ends in the crc32c of what precedes it; nothing is decompressed.

    Raises FileNotFoundError for a missing chunk.
    """
    data = chunk.read_bytes()
    stored = int.from_bytes(data[-CHECKSUM_BYTES:], "little")
    return (
        len(data) > CHECKSUM_BYTES
        and google_crc32c.value(data[:-CHECKSUM_BYTES]) == stored
    )  # fmt: skip


def sync_to_disk(*files: Path) -> None:
    """Make what was written to files outlive a power cut, not only a killed process."""
    for file in files:
        descriptor = os.open(file, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open_array(root: Path, array: str, mode: Literal["r", "r+"] = "r") -> ZarrArray:
    """Raises one of UNREADABLE when the array's metadata are damaged or missing."""
    # zarr drops chunks that hold nothing but the fill value unless told otherwise, and a
    # dropped chunk of a present patch is indistinguishable from a lost one.
    opened = zarr.open_array(root / array, mode=mode, zarr_format=3)
    return opened.with_config({"write_empty_chunks": True, "order": "C"})


def expected_arrays(manifest: Manifest) -> Iterator[tuple[str, tuple[int, ...], str]]:
    """(path, shape, dtype) of every array below `levels`."""
    for level in range(manifest.pyramid.levels):
        grid = manifest.pyramid.level(level)
        yield present_array(level), (grid.rows, grid.cols), "uint8"
        shapes = manifest.model.feature_shapes
        for name in FEATURE_NAMES:
            yield (
                feature_array(level, name), (grid.rows, grid.cols, *shapes[name]), manifest.dtype
            )  # fmt: skip
        if manifest.dtype == QUANTISED:
            channels = sum(shapes[name][0] for name in FEATURE_NAMES)
            shape = (grid.rows, grid.cols, 2, channels)
            yield feature_array(level, SCALE_OFFSET), shape, "float32"


def write_skeleton(root: Path, manifest: Manifest) -> None:
    """Write the group, its attributes and all arrays of all levels, with no patch present.

    The arrays of a level cost a few small files, so every level of the whole raster has its
    arrays from the start: an extent that later needs more levels finds them.
    """
    zarr.create_group(root, zarr_format=3, attributes=sealed(manifest.to_attributes()))
    for array, shape, dtype in expected_arrays(manifest):
        chunks = shape if array.endswith(PRESENT) else (1, 1, *shape[2:])
        created = _create_array(root, array, shape, chunks, dtype)
        if array.endswith(PRESENT):
            created[...] = np.zeros(shape, np.uint8)


def write_graph(root: Path, name: str, graph: bytes) -> None:
    """Store one decoder graph as a uint8 array of one chunk, its sha256 in the attributes."""
    data = np.frombuffer(graph, np.uint8)
    attributes = {"sha256": hashlib.sha256(graph).hexdigest()}
    array = _create_array(root, graph_array(name), data.shape, data.shape, "uint8", attributes)
    array[...] = data


def restore_metadata(root: Path, manifest: Manifest) -> None:
    """Replace array metadata below `levels` that are damaged, leaving every chunk as it is."""
    with tempfile.TemporaryDirectory(
        prefix=".metadata-", suffix=PARTIAL_SUFFIX, dir=root
    ) as scratch:
        skeleton = Path(scratch) / "skeleton"
        write_skeleton(skeleton, manifest)
        for array, shape, dtype in expected_arrays(manifest):
            if not has_metadata(root, array, shape, dtype):
                (root / array).mkdir(parents=True, exist_ok=True)
                shutil.move(skeleton / array / METADATA_FILE, root / array / METADATA_FILE)


def has_metadata(root: Path, array: str, shape: tuple[int, ...], dtype: str) -> bool:
    """Whether an array can be opened and is what the manifest says it must be."""
    try:
        opened = open_array(root, array)
    except UNREADABLE:
        return False
    return opened.shape == shape and opened.dtype == np.dtype(dtype)


def _create_array(
    root: Path,
    array: str,
    shape: tuple[int, ...],
    chunks: tuple[int, ...],
    dtype: str,
    attributes: dict[str, Any] | None = None,
) -> ZarrArray:
    """The checksum comes last, over the compressed bytes: checking needs no decompression."""
    return zarr.create_array(
        root,
        name=array,
        shape=shape,
        chunks=chunks,
        dtype=dtype,
        serializer=BytesCodec(endian="little"),
        filters=None,
        compressors=[ZstdCodec(level=ZSTD_LEVEL), Crc32cCodec()],
        fill_value=0,
        attributes=attributes,
        zarr_format=3,
        config={"write_empty_chunks": True, "order": "C"},
    )
