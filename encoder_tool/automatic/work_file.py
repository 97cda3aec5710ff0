"""What a run has found so far, in one file beside its output: a killed run goes on from there.

The masks of each patch are what costs time, so they are kept as soon as they are there; all that
follows from them is worked out again by a run that goes on, and so comes out the same.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import shapely
from platformdirs import user_cache_path

from encoder_tool.automatic.objects import FoundObject
from encoder_tool.automatic.patch_masks import FoundMask
from encoder_tool.errors import DiskFullError, OutputError
from encoder_tool.types import MASK_LOGIT_LIMIT, BoxPixel, PatchId

SUFFIX = ".auto.sqlite"

UNFINISHED = "unfinished"

FORGOTTEN_S = 7 * 24 * 3600.0

QUICKLY = 1
"""zlib's level: masks shrink to a third of their size, and hardly further at higher ones."""

_TABLES = """
CREATE TABLE IF NOT EXISTS run (signature TEXT);
CREATE TABLE IF NOT EXISTS patch (
    layer INTEGER, level INTEGER, row INTEGER, col INTEGER, masks BLOB,
    PRIMARY KEY (layer, level, row, col)
);
CREATE TABLE IF NOT EXISTS object (
    number INTEGER PRIMARY KEY, geometry BLOB, score REAL, stability REAL, level INTEGER,
    class INTEGER, xmin REAL, ymin REAL, xmax REAL, ymax REAL, area REAL
);
"""

_OBJECT = "number, geometry, score, stability, level, class"


def work_file_of(out: Path) -> Path:
    """Where the work for an output is kept: a hidden file beside it."""
    return out.with_name(f".{out.name}{SUFFIX}")


def unfinished_work(cache: str, signature: str) -> Path:
    """Where the work of a run without a file of its own is kept, in the user's cache directory:
    one place for each cache and signature. What nobody has gone on with for a week is removed.

    Raises OutputError when there can be no such directory.
    """
    folder = user_cache_path("encoder-tool") / UNFINISHED
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"The folder {folder} cannot be made ({error.strerror}).",
            "Unfinished work is kept there: make room for it, or name an output.",
        ) from error
    for left in folder.glob(f".*{SUFFIX}"):
        with suppress(OSError):  # another run may be removing it, or have it open
            if time.time() - left.stat().st_mtime > FORGOTTEN_S:
                left.unlink()
    name = hashlib.sha256(f"{cache}\n{signature}".encode()).hexdigest()[:32]
    return folder / f".{name}{SUFFIX}"


class WorkFile:
    """A context manager; only one process at a time has a work file open.

    signature: text that is another one for another cache or other parameters: what was kept for
    those is dropped
    Raises OutputError when another run has it open or it cannot be written.
    """

    def __init__(self, path: Path, signature: str) -> None:
        self.path = path
        with _sqlite_errors(path):
            self._database = sqlite3.connect(path, timeout=0.0)
            try:
                self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
                self._begin(signature)
            except sqlite3.DatabaseError:
                self._database.close()
                raise

    def _begin(self, signature: str) -> None:
        self._database.executescript(_TABLES)
        known = self._database.execute("SELECT signature FROM run").fetchone()
        if known != (signature,):
            for table in ("run", "patch", "object"):
                self._database.execute(f"DELETE FROM {table}")
            self._database.execute("INSERT INTO run VALUES (?)", (signature,))
        self._database.execute("DELETE FROM object")
        self._database.commit()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def remove(self) -> None:
        """The work is done: close the file and delete it."""
        self._database.close()
        self.path.unlink(missing_ok=True)

    def kept_patches(self) -> set[tuple[int, PatchId]]:
        """Layers and patches that an earlier run has been through."""
        rows = self._database.execute("SELECT layer, level, row, col FROM patch")
        return {(layer, PatchId(*patch)) for layer, *patch in rows}

    def keep_masks(self, layer: int, patch: PatchId, masks: Sequence[FoundMask]) -> None:
        """Keep all masks of a patch for good, with their logits in half precision."""
        with _sqlite_errors(self.path), self._database:
            self._database.execute(
                "INSERT OR REPLACE INTO patch VALUES (?, ?, ?, ?, ?)",
                (layer, *patch, _packed(masks)),
            )

    def masks(self, layer: int, patch: PatchId) -> list[FoundMask] | None:
        """What was kept of a patch; None when it was not."""
        with _sqlite_errors(self.path):
            found = self._database.execute(
                "SELECT masks FROM patch WHERE layer = ? AND level = ? AND row = ? AND col = ?",
                (layer, *patch),
            ).fetchone()
        return None if found is None else _unpacked(found[0])

    def add_objects(self, objects: Iterable[FoundObject]) -> None:
        """Not for good: a run that goes on works them out again. So no disk is waited for, which
        takes some milliseconds each time."""
        rows = [
            (
                found.number, shapely.to_wkb(found.geometry), found.score, found.stability,
                found.level, found.object_class, *found.geometry.bounds, found.area_px,
            )
            for found in objects
        ]  # fmt: skip
        with _sqlite_errors(self.path):
            places = ", ".join("?" * 11)
            self._database.executemany(f"INSERT INTO object VALUES ({places})", rows)

    def object_count(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM object").fetchone()[0])

    def object(self, number: int) -> FoundObject:
        query = f"SELECT {_OBJECT} FROM object WHERE number = ?"
        return _object(self._database.execute(query, (number,)).fetchone())

    def objects(self) -> Iterator[FoundObject]:
        """All of them, by number, one at a time."""
        cursor = self._database.execute(f"SELECT {_OBJECT} FROM object ORDER BY number")
        yield from map(_object, cursor)

    def objects_meeting(self, box: BoxPixel) -> Iterator[FoundObject]:
        """Those whose bounds meet a box of level-0 pixels, the largest first."""
        cursor = self._database.execute(
            f"SELECT {_OBJECT} FROM object WHERE xmin < ? AND xmax > ? AND ymin < ? AND ymax > ? "
            "ORDER BY area DESC, number",
            (box.xmax, box.xmin, box.ymax, box.ymin),
        )
        yield from map(_object, cursor)


def _object(row: tuple[int, bytes, float, float, int, int | None]) -> FoundObject:
    number, geometry, score, stability, level, object_class = row
    return FoundObject(number, shapely.from_wkb(geometry), score, stability, level, object_class)


def _packed(masks: Sequence[FoundMask]) -> bytes:
    """A count, a row of numbers for each mask, then all logits as float16; compressed."""
    rows = [
        (
            *mask.logits.shape, mask.row, mask.col, mask.score, mask.stability, *mask.box,
            mask.area_px, *mask.points[0],
        )
        for mask in masks
    ]  # fmt: skip
    table = np.array(rows, "<f8").tobytes()
    logits = [
        mask.logits.clip(-MASK_LOGIT_LIMIT, MASK_LOGIT_LIMIT).astype("<f2").tobytes()
        for mask in masks
    ]
    count = np.array([len(masks)], "<i8").tobytes()
    return zlib.compress(b"".join([count, table, *logits]), QUICKLY)


def _unpacked(packed: bytes) -> list[FoundMask]:
    data = zlib.decompress(packed)
    (count,) = np.frombuffer(data, "<i8", 1)
    columns = 13
    table = np.frombuffer(data, "<f8", count * columns, 8).reshape(count, columns)
    start, masks = 8 + table.nbytes, []
    for height, width, row, col, score, stability, *box, area_px, x, y in table.tolist():
        shape = int(height), int(width)
        cells = shape[0] * shape[1]
        logits = np.frombuffer(data, "<f2", cells, start).reshape(shape).astype(np.float32)
        start += 2 * cells
        masks.append(
            FoundMask(
                logits, int(row), int(col), score, stability, BoxPixel(*box), int(area_px),
                np.array([[x, y]]),
            )
        )  # fmt: skip
    return masks


@contextmanager
def _sqlite_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = str(error)
        if "locked" in said:
            if path.parent.name == UNFINISHED:
                raise OutputError(
                    "Another run is finding the same objects.", "Wait for it to end, or stop it."
                ) from error
            raise OutputError(
                f"Another run is writing {path.name.removeprefix('.').removesuffix(SUFFIX)}.",
                "Wait for it to end, or name another output.",
            ) from error
        if "full" in said:
            raise DiskFullError(
                f"The disk that holds {path} is full.",
                "Make room and run the same command again: what was found is kept.",
            ) from error
        raise OutputError(
            f"The work file {path} cannot be used ({said}).", "Delete it and run again."
        ) from error
