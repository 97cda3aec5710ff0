"""Tiles on disk: one SQLite file for each source, in the user's cache directory.

A tile is committed as it comes, so that a run that is killed goes on where it was. Deleting the
files does no harm: tiles are fetched again.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import platformdirs

from encoder_tool.errors import OutputError, TileError
from encoder_tool.tiles.freshness import DAY_S, Freshness
from encoder_tool.tiles.web_mercator import Tile, TileRange

TILES_VARIABLE = "ENCODER_TOOL_TILES"
"""Environment variable that names the directory of fetched tiles."""

FORGOTTEN_AFTER_S = 90 * DAY_S
"""Beyond its freshness, a tile is kept this long: it may still be the server's."""

CLAIMED_S = 4.0
"""A tile that a process asks for is left to it so long, unless it says again that it does: so long
do others wait for one that was killed."""

_LOCK_WAIT_S = 60.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tiles (
  zoom INTEGER, x INTEGER, y INTEGER,
  body BLOB,                 -- NULL: the server has no such tile
  fresh_until REAL NOT NULL,
  may_be_kept INTEGER NOT NULL,
  etag TEXT, last_modified TEXT,
  PRIMARY KEY (zoom, x, y)
);
CREATE TABLE IF NOT EXISTS claims (
  zoom INTEGER, x INTEGER, y INTEGER,
  owner TEXT NOT NULL,       -- who asks the server for it
  claimed_until REAL NOT NULL,
  PRIMARY KEY (zoom, x, y)
);
"""

_IN_RANGE = "zoom = ? AND x >= ? AND x < ? AND y >= ? AND y < ?"


@dataclass(frozen=True, slots=True)
class StoredTile:
    """A tile as a server gave it.

    body: the image file; None when the server said that there is no such tile
    etag, last_modified: what the server called this version, to ask whether there is a newer one
    """

    body: bytes | None
    freshness: Freshness
    etag: str | None = None
    last_modified: str | None = None

    @property
    def is_fresh(self) -> bool:
        """Whether it need not be asked for again."""
        return self.freshness.may_be_kept and self.freshness.until > time.time()


def tiles_directory() -> Path:
    """Where fetched tiles are kept."""
    named = os.environ.get(TILES_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("encoder-tool") / "tiles"


def store_path(host: str, template: str) -> Path:
    """The file of a source: another address, style or key is another one."""
    which = hashlib.sha256(template.encode()).hexdigest()[:16]
    return tiles_directory() / f"{re.sub(r'[^a-z0-9.-]', '_', host)}.{which}.sqlite"


class TileStore:
    """The tiles of one source; one thread at a time. Processes may share a file."""

    def __init__(self, path: Path) -> None:
        """Raises OutputError where the file cannot be made."""
        self._path = path
        self._owner = uuid4().hex
        self._unkept: dict[Tile, float] = {}
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open()

    def _open(self) -> None:
        self._database = sqlite3.connect(
            self._path, timeout=_LOCK_WAIT_S, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare()
        except sqlite3.OperationalError:
            self._database.close()
            raise
        except sqlite3.DatabaseError:  # damaged: it is a cache, whose tiles can be fetched again
            self._database.close()
            self._path.unlink()
            self._database = sqlite3.connect(
                self._path, timeout=_LOCK_WAIT_S, isolation_level=None, check_same_thread=False
            )
            self._prepare()

    def _prepare(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)
        self._forget_old(time.time())

    def _forget_old(self, now: float) -> None:
        """Once a day: it reads the whole file, and keeps other processes from writing."""
        today = int(now // DAY_S)
        if self._database.execute("PRAGMA user_version").fetchone()[0] >= today:
            return
        self._database.execute(f"PRAGMA user_version = {today}")
        self._database.execute(
            "DELETE FROM tiles WHERE fresh_until < ? OR (NOT may_be_kept AND fresh_until < ?)",
            (now - FORGOTTEN_AFTER_S, now - DAY_S),
        )

    def find(self, tile: Tile) -> StoredTile | None:
        """A tile that is there, fresh or not."""
        with self._explained():
            row = self._database.execute(
                "SELECT body, fresh_until, may_be_kept, etag, last_modified FROM tiles "
                "WHERE zoom = ? AND x = ? AND y = ?",
                tile,
            ).fetchone()
        if row is None:
            return None
        body, fresh_until, may_be_kept, etag, last_modified = row
        return StoredTile(body, Freshness(fresh_until, bool(may_be_kept)), etag, last_modified)

    def require(self, tile: Tile, title: str) -> StoredTile:
        """A tile that has come, of a source of this title. Raises TileError when it has gone since:
        the file may be emptied any time, and another process, which had the same tile after this
        one, forgets it where the server does not let it be kept."""
        found = self.find(tile)
        if found is None:
            raise TileError(
                f"The tile {tile} of {title} has gone from the tiles' cache.",
                "Something has emptied it meanwhile: ask again.",
            )
        return found

    def fresh(self, tiles: TileRange) -> set[Tile]:
        """Those of the tiles that need not be asked for, with those that are known to be absent."""
        return self._those(tiles, "fresh_until > ? AND may_be_kept", time.time())

    def absent(self, tiles: TileRange) -> set[Tile]:
        """Those of the tiles that the server does not have."""
        return self._those(tiles, "body IS NULL")

    def _those(self, tiles: TileRange, condition: str, *values: float) -> set[Tile]:
        with self._explained():
            rows = self._database.execute(
                f"SELECT zoom, x, y FROM tiles WHERE {_IN_RANGE} AND {condition}",
                (*_range(tiles), *values),
            ).fetchall()
        return {Tile(*row) for row in rows}

    def put(self, tile: Tile, stored: StoredTile) -> None:
        if stored.freshness.may_be_kept:
            self._unkept.pop(tile, None)
        else:
            self._unkept[tile] = stored.freshness.until
        with self._explained():
            self._database.execute(
                "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *tile, stored.body, stored.freshness.until, stored.freshness.may_be_kept,
                    stored.etag, stored.last_modified,
                ),
            )  # fmt: skip

    def claim(self, tile: Tile) -> bool:
        """Whether the tile is this store's to ask for: of all that share the file, one asks."""
        now = time.time()
        with self._explained():
            claimed = self._database.execute(
                "INSERT INTO claims VALUES (?, ?, ?, ?, ?) ON CONFLICT (zoom, x, y) "
                "DO UPDATE SET owner = excluded.owner, claimed_until = excluded.claimed_until "
                "WHERE claimed_until < ? OR owner = excluded.owner",
                (*tile, self._owner, now + CLAIMED_S, now),
            )
        return claimed.rowcount == 1

    def renew_claims(self) -> None:
        """The answers are still waited for."""
        with self._explained():
            self._database.execute(
                "UPDATE claims SET claimed_until = ? WHERE owner = ?",
                (time.time() + CLAIMED_S, self._owner),
            )

    def release_claims(self) -> None:
        """Nothing is waited for any more."""
        with self._explained():
            self._database.execute("DELETE FROM claims WHERE owner = ?", (self._owner,))

    def forget_unkept(self, tiles: TileRange) -> None:
        """Remove those of the tiles that the server forbids to keep: the run is over. One that
        another process has put there since is still read by that one."""
        mine = self._unkept.keys() & set(tiles)
        with self._explained():
            self._database.executemany(
                "DELETE FROM tiles WHERE zoom = ? AND x = ? AND y = ? AND fresh_until = ? "
                "AND NOT may_be_kept",
                [(*tile, self._unkept.pop(tile)) for tile in mine],
            )

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise OutputError(
                f"The tiles' cache {self._path} cannot be used ({error}).",
                f"Name another folder by the environment variable {TILES_VARIABLE}.",
            ) from error


def _range(tiles: TileRange) -> tuple[int, ...]:
    """The values of `_IN_RANGE`."""
    x, y = tiles.x_first, tiles.y_first
    return tiles.zoom, x, x + tiles.columns, y, y + tiles.rows
