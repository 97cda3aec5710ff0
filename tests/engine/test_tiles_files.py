"""MBTiles and PMTiles become the same raster as the server that has their tiles."""

from __future__ import annotations

from pathlib import Path

import pytest
import rasterio
from pmtiles.tile import TileType

from encoder_tool.errors import TileError, TileFileNotFoundError, UsageError
from encoder_tool.tiles import plan_tiles
from encoder_tool.tiles.web_mercator import Tile
from tests.support.tile_files import write_mbtiles, write_pmtiles
from tests.support.tile_positions import position_error_px
from tests.support.tile_requests import ZOOM, asked, make
from tests.support.tile_server import TileServer


def planned_tiles(tmp_path: Path) -> list[Tile]:
    plan = plan_tiles(asked("https://tiles.invalid/{z}/{x}/{y}", tmp_path / "plan.tif"))
    return list(plan.tiles)


@pytest.mark.parametrize("suffix", [".mbtiles", ".pmtiles"])
def test_files_of_tiles(tile_site: TileServer, tmp_path: Path, suffix: str) -> None:
    tiles, path, out = planned_tiles(tmp_path), tmp_path / f"a b{suffix}", tmp_path / "o.tif"
    if suffix == ".mbtiles":
        write_mbtiles(path, tiles, format="png", attribution="<b>&copy; Example</b>")
    else:
        write_pmtiles(path, tiles)
    summary = make(asked(str(path), out))
    assert position_error_px(out, ZOOM, 256) < 0.01
    assert summary.attribution == "© Example"
    assert summary.fetched == 0
    assert not tile_site.asked
    with pytest.raises(UsageError, match=r"has zooms 14 to 14, not 15"):
        make(asked(str(path), tmp_path / "other.tif", zoom=15))


@pytest.mark.parametrize("suffix", [".mbtiles", ".pmtiles"])
def test_files_that_lack_tiles(tile_site: TileServer, tmp_path: Path, suffix: str) -> None:
    tiles, path = planned_tiles(tmp_path), tmp_path / f"t{suffix}"
    write = write_mbtiles if suffix == ".mbtiles" else write_pmtiles
    write(path, tiles[1:])
    with pytest.raises(
        TileError, match=rf"1 of {len(tiles)} tiles are missing: {tiles[0]} "
    ) as told:
        make(asked(str(path), tmp_path / "o.tif"))
    assert told.value.hint == "Take a smaller box, or leave them empty by --allow-missing."
    assert not (tmp_path / "o.tif").exists()
    summary = make(asked(str(path), tmp_path / "o.tif", allow_missing=True))
    assert summary.missing == [str(tiles[0])]
    with rasterio.open(tmp_path / "o.tif") as dataset:
        alpha = dataset.read(4)
    assert alpha[0, 0] == 0 and alpha[-1, -1] == 255


def test_files_that_are_no_tiles_are_one_sentence(tmp_path: Path) -> None:
    for name in ("a.mbtiles", "a.pmtiles"):
        path = tmp_path / name
        with pytest.raises(TileFileNotFoundError, match="There is no file"):
            make(asked(str(path), tmp_path / "o.tif"))
        for content in (b"", b"nonsense", b"SQLite format 3\0" + bytes(200), b"PMTiles\x03" * 40):
            path.write_bytes(content)
            with pytest.raises(TileError, match=r"is no (MB|PM)Tiles file, or is damaged"):
                make(asked(str(path), tmp_path / "o.tif"))
    write_mbtiles(tmp_path / "v.mbtiles", [Tile(0, 0, 0)], format="pbf")
    write_pmtiles(tmp_path / "v.pmtiles", [Tile(0, 0, 0)], TileType.MVT)
    for name in ("v.mbtiles", "v.pmtiles"):
        with pytest.raises(TileError, match="holds vector tiles"):
            make(asked(str(tmp_path / name), tmp_path / "o.tif", zoom=0))
