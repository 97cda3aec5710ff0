"""Tiles in one file, MBTiles and PMTiles, for tests."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from encoder_tool.tiles.web_mercator import Tile
from tests.support.tile_server import tile_png


def write_mbtiles(path: Path, tiles: list[Tile], **metadata: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        database.execute(
            "CREATE TABLE tiles "
            "(zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        database.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        for tile in tiles:
            row = 2**tile.zoom - 1 - tile.y
            database.execute(
                "INSERT INTO tiles VALUES (?, ?, ?, ?)", (tile.zoom, tile.x, row, tile_png(tile))
            )
    database.close()


def write_pmtiles(path: Path, tiles: list[Tile], kind: TileType = TileType.PNG) -> None:
    with path.open("wb") as file:
        writer = Writer(file)
        for tile in sorted(tiles, key=lambda tile: zxy_to_tileid(*tile)):
            writer.write_tile(zxy_to_tileid(*tile), tile_png(tile))
        writer.finalize(
            {
                "tile_type": kind,
                "tile_compression": Compression.NONE,
                "min_zoom": tiles[0].zoom, "max_zoom": tiles[0].zoom,
                "min_lon_e7": 0, "min_lat_e7": 0, "max_lon_e7": 1, "max_lat_e7": 1,
                "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
            },
            {"attribution": '<a href="https://example.org">&copy; Example</a>'},
        )  # fmt: skip
