"""MBTiles and PMTiles: tiles in one file."""

from __future__ import annotations

import gzip
import sqlite3
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from pmtiles.reader import Reader
from pmtiles.tile import MagicNumberNotFound, SpecVersionUnsupported, TileType

from encoder_tool.errors import TileError, TileFileNotFoundError
from encoder_tool.tiles.source import TileArchive, plain_text
from encoder_tool.tiles.web_mercator import MAX_ZOOM, Tile

ARCHIVE_SUFFIXES = (".mbtiles", ".pmtiles")

_DAMAGED = (
    sqlite3.Error, OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError,
    MemoryError, OverflowError, struct.error, zlib.error, gzip.BadGzipFile,
    MagicNumberNotFound, SpecVersionUnsupported,
)  # fmt: skip
"""What sqlite3 and pmtiles raise for files that are something else, cut, or of a newer version."""

_VECTOR = "holds vector tiles, which have to be drawn first."
_VECTOR_HINT = "In QGIS, add it as a vector tile layer and export the map as an image."


def open_archive(path: Path) -> TileArchive:
    """Raises TileFileNotFoundError, or TileError for what is no such file or holds no images."""
    if not path.is_file():
        raise TileFileNotFoundError(f"There is no file {path}.")
    return PmtilesFile(path) if path.suffix.lower() == ".pmtiles" else MbtilesFile(path)


class _Archive:
    """What both have in common."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.attribution: str | None = None
        self.min_zoom, self.max_zoom = 0, MAX_ZOOM

    @property
    def title(self) -> str:
        return self.path.name

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except _DAMAGED as error:
            kind = {".pmtiles": "PMTiles"}.get(self.path.suffix.lower(), "MBTiles")
            why = str(error) or type(error).__name__
            raise TileError(
                f"{self.path.name} is no {kind} file, or is damaged ({why})."
            ) from error

    def _refuse_vector(self) -> None:
        raise TileError(f"{self.path.name} {_VECTOR}", _VECTOR_HINT)

    def close(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class MbtilesFile(_Archive):
    """MBTiles 1.x: an SQLite database, its rows counted from the south."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self._explained():
            self._database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            try:
                self._describe()
            except BaseException:
                self._database.close()
                raise

    def _describe(self) -> None:
        metadata = dict(self._database.execute("SELECT name, value FROM metadata").fetchall())
        if metadata.get("format") == "pbf":
            self._refuse_vector()
        self.attribution = plain_text(metadata.get("attribution"))
        lowest, highest = self._database.execute(
            "SELECT min(zoom_level), max(zoom_level) FROM tiles"
        ).fetchone()
        if lowest is None:
            raise ValueError("there are no tiles")
        self.min_zoom, self.max_zoom = int(lowest), int(highest)

    def read(self, tile: Tile) -> bytes | None:
        with self._explained():
            row = self._database.execute(
                "SELECT tile_data FROM tiles "
                "WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                (tile.zoom, tile.x, tile.row_from_south),
            ).fetchone()
            return None if row is None else bytes(row[0])

    def close(self) -> None:
        self._database.close()


class PmtilesFile(_Archive):
    """PMTiles 3: directories of tiles along a Hilbert curve."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self._explained():
            self._file = path.open("rb")
            try:
                self._describe()
            except BaseException:
                self._file.close()
                raise

    def _describe(self) -> None:
        self._reader = Reader(self._bytes)
        header: dict[str, Any] = self._reader.header()
        if header["tile_type"] == TileType.MVT:
            self._refuse_vector()
        self.min_zoom, self.max_zoom = int(header["min_zoom"]), int(header["max_zoom"])
        self.attribution = plain_text(self._reader.metadata().get("attribution"))

    def _bytes(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(length)

    def read(self, tile: Tile) -> bytes | None:
        with self._explained():
            body: bytes | None = self._reader.get(*tile)
            return body

    def close(self) -> None:
        self._file.close()
