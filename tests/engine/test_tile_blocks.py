"""A block of web tiles as a raster: the right pixels at the right place, each tile once."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from pyproj import CRS, Transformer

from encoder_tool.errors import (
    BandError,
    MissingRasterError,
    MissingTilesError,
    RasterError,
    TileSizeError,
    UsageError,
)
from encoder_tool.raster import open_raster
from encoder_tool.tiles import live_tiles
from encoder_tool.tiles.web_mercator import HALF_WORLD_M, Tile
from encoder_tool.types import StretchRecord, Window
from tests.support.cli import environment
from tests.support.patience import PATIENCE_S
from tests.support.tile_blocks import SIDE, ZOOM, X, Y, world_pixels, write_block
from tests.support.tile_requests import QUICK
from tests.support.tile_server import (
    Reply,
    TileServer,
    coordinates_of,
    encoded,
    tile_png,
    tile_server,
)

PLAIN = StretchRecord("none", (0.0,) * 3, (255.0,) * 3)
FILL = (0.5, 0.5, 0.5)


@pytest.fixture
def block(tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(live_tiles, "LIVE_PATIENCE", QUICK)
    return write_block(tmp_path / "b.tiles.json", tile_site.template)


def colours(image: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    return np.rint(255 * image).astype(np.uint8)


def test_it_is_described_without_a_tile(block: Path, tile_site: TileServer) -> None:
    with open_raster(block) as raster:
        assert (raster.width, raster.height, raster.bands) == (SIDE * 256, SIDE * 256, (1, 2, 3))
        assert raster.crs_wkt is not None and CRS(raster.crs_wkt).to_epsg() == 3857
        pixel_m = 2 * HALF_WORLD_M / (256 << ZOOM)
        left, top = raster.transform @ (0, 0)
        assert left == pytest.approx(X * 256 * pixel_m - HALF_WORLD_M, abs=1e-6)
        assert top == pytest.approx(HALF_WORLD_M - Y * 256 * pixel_m, abs=1e-6)
        record, stretch = raster.record(), raster.sample_stretch()
        assert raster.matches(record)
    assert (record.name, record.title) == ("b.tiles.json", "Synthetic")
    assert record.attribution == "© Somebody"
    assert (stretch.low, stretch.high) == ((0.0,) * 3, (255.0,) * 3)
    assert not tile_site.asked
    assert not (block.parent / "kept").exists(), "nor is a store of tiles made"


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("tile_px", [256, 512])
def test_every_pixel_of_every_level_is_where_the_raster_says(
    block: Path, tile_site: TileServer, tile_px: int, level: int
) -> None:
    """Levels are of coarser zooms: their pixels carry the coordinates of those."""
    tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile, tile_px))
    write_block(block, tile_site.template, tile_px=tile_px, columns=8, rows=8)
    size = 8 * tile_px >> level
    window = Window(min(100, size - 300), min(900, size - 300), 300, 300)
    with open_raster(block) as raster:
        patch = raster.read_patch(level, window, PLAIN, FILL)
        to_map = raster.transform
    columns, rows = coordinates_of(colours(patch.image))
    assert patch.valid.all()
    # Reckoned by PROJ: from the raster's transform to degrees, and from there to the tile grid.
    scale = 2**level
    x = to_map.c + to_map.a * scale * (window.col_off + np.arange(300) + 0.5)
    y = to_map.f + to_map.e * scale * (window.row_off + np.arange(300) + 0.5)
    lon, lat = Transformer.from_crs(3857, 4326, always_xy=True).transform(x, y)
    world = tile_px * 2 ** (ZOOM - level)
    at_x = (lon / 360 + 0.5) * world
    at_y = (0.5 - np.arcsinh(np.tan(np.radians(lat))) / (2 * math.pi)) * world
    error_x = (at_x - (columns + 0.5) + 2048) % 4096 - 2048
    error_y = (at_y[:, None] - (rows + 0.5) + 2048) % 4096 - 2048
    assert max(np.abs(error_x).max(), np.abs(error_y).max()) < 0.01
    assert {asked.tile.zoom for asked in tile_site.asked} == {ZOOM - level}
    assert set(tile_site.counts.values()) == {1}


@pytest.mark.parametrize("level", [0, 2])
def test_a_wms_is_asked_for_exactly_its_tiles(
    block: Path, tile_site: TileServer, level: int
) -> None:
    """By boxes whose edges are those of the web's grid, as PROJ reckons it; and what it draws, all
    coordinates, is at its place."""
    write_block(
        block, f"{tile_site.url}/wms?REQUEST=GetMap&CRS=EPSG:3857&WIDTH=256&BBOX={{bbox}}"
    )  # fmt: skip
    window = Window(500 >> level, 300 >> level, 600, 500)
    with open_raster(block) as raster:
        patch = raster.read_patch(level, window, PLAIN, FILL)
        assert raster.fetched == len(tile_site.asked)
    columns, rows = coordinates_of(colours(patch.image))
    wanted_columns = ((X * 256 >> level) + window.col_off + np.arange(600)) % 4096
    wanted_rows = ((Y * 256 >> level) + window.row_off + np.arange(500)) % 4096
    assert (columns == wanted_columns).all() and (rows == wanted_rows[:, None]).all()
    to_degrees = Transformer.from_crs(3857, 4326, always_xy=True)
    pixels = 256 << (ZOOM - level)
    for asked in tile_site.asked:
        (box,) = parse_qs(urlsplit(asked.path).query)["BBOX"]
        assert "e" not in box
        xmin, ymin, xmax, ymax = map(float, box.split(","))
        (west, east), (south, north) = to_degrees.transform([xmin, xmax], [ymin, ymax])
        x, y = asked.tile.x * 256, asked.tile.y * 256
        edges = [
            (west / 360 + 0.5) * pixels - x,
            (east / 360 + 0.5) * pixels - (x + 256),
            (0.5 - math.asinh(math.tan(math.radians(north))) / (2 * math.pi)) * pixels - y,
            (0.5 - math.asinh(math.tan(math.radians(south))) / (2 * math.pi)) * pixels - (y + 256),
        ]
        assert max(map(abs, edges)) < 0.01


def test_two_processes_that_need_the_same_tiles_ask_for_each_once(
    block: Path, tile_site: TileServer, tmp_path: Path
) -> None:
    """While one of them waits for an answer, the other leaves that tile to it."""
    tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile), delay_s=0.1)
    program = (
        "import sys\n"
        "from encoder_tool.raster import open_raster\n"
        "from encoder_tool.types import StretchRecord, Window\n"
        "plain = StretchRecord('none', (0.0,) * 3, (255.0,) * 3)\n"
        "with open_raster(sys.argv[1]) as raster:\n"
        "    sys.stdin.read(1)\n"
        "    patch = raster.read_patch(0, Window(0, 0, 1024, 1024), plain, (0.0,) * 3)\n"
        "    print(raster.fetched, patch.valid.all(), patch.image.sum())\n"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(block)], env=environment(), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in both:
        assert process.stdin is not None
        process.stdin.write("g")
        process.stdin.flush()
    said = [process.communicate(timeout=PATIENCE_S)[0].split() for process in both]
    assert sum(int(fetched) for fetched, *_ in said) == 16
    assert said[0][1:] == said[1][1:] and said[0][1] == "True"
    assert set(tile_site.counts.values()) == {1}


def test_a_coarser_resolution_takes_a_coarser_zoom(block: Path, tile_site: TileServer) -> None:
    with open_raster(block) as native:
        pixel_m = native.transform.a
    with open_raster(block, resolution=2 * pixel_m) as raster:
        assert raster.width == SIDE * 128
        patch = raster.read_patch(0, Window(10, 20, 64, 64), PLAIN, FILL)
        assert not raster.is_averaged(0)
    columns, rows = coordinates_of(colours(patch.image))
    wanted_columns, wanted_rows = world_pixels(10, 20, 64, 1)
    assert (columns == wanted_columns).all() and (rows == wanted_rows[:, None]).all()
    assert {asked.tile.zoom for asked in tile_site.asked} == {ZOOM - 1}


def test_zooms_whose_pixels_begin_beside_the_block_are_not_taken(
    block: Path, tile_site: TileServer
) -> None:
    """A tile is a pixel, eight zooms up; what is coarser is averaged from there."""
    write_block(block, tile_site.template, x=X + 1, columns=6, rows=6)
    with open_raster(block) as native:
        pixel_m = native.transform.a
    with open_raster(block, resolution=2**9 * pixel_m) as raster:
        assert (raster.width, raster.height) == (3, 3)
        patch = raster.read_patch(0, Window(0, 0, 3, 3), PLAIN, FILL)
    assert {asked.tile.zoom for asked in tile_site.asked} == {ZOOM - 8}
    columns, rows = coordinates_of(colours(patch.image))
    # Of pairs of pixels, of which the first is even or odd: rounded, one of the two.
    assert set((columns[0] - (X + 1) - 2 * np.arange(3)) % 4096) <= {0, 1}
    assert set((rows[:, 0] - Y - 2 * np.arange(3)) % 4096) <= {0, 1}


def test_below_the_lowest_zoom_pixels_are_averaged(block: Path, tile_site: TileServer) -> None:
    """Of a ramp, whose means are known."""
    columns = np.mgrid[:256, :256][1]

    def ramp(tile: Tile, nth: int) -> Reply:
        grey = (columns // 2 + 64 * (tile.x % 2)).astype(np.uint8)
        return Reply(body=encoded(np.dstack([grey] * 3)))

    tile_site.reply_to = ramp
    write_block(block, tile_site.template, min_zoom=ZOOM - 1)
    with open_raster(block) as raster:
        patch = raster.read_patch(2, Window(0, 0, 128, 128), PLAIN, FILL)
    assert {asked.tile.zoom for asked in tile_site.asked} == {ZOOM - 1}
    seen = 255 * patch.image[0]
    halves = np.arange(256) // 2
    assert np.abs(seen[0] - halves.reshape(128, 2).mean(axis=1)).max() < 1e-3


def test_no_tile_is_asked_for_twice(block: Path, tile_site: TileServer) -> None:
    windows = [Window(0, 0, 1024, 1024), Window(768, 0, 1024, 1024), Window(0, 768, 1024, 1024)]
    with open_raster(block) as raster:
        assert raster.tiles_to_fetch((0, window) for window in windows) == 7 * 4 + 3 * 4
        for window in windows:
            raster.read_patch(0, window, PLAIN, FILL)
        assert raster.fetched == len(tile_site.asked) == 40
    with open_raster(block) as raster:
        assert raster.tiles_to_fetch((0, window) for window in windows) == 0
        raster.read_patch(0, windows[0], PLAIN, FILL)
        assert raster.fetched == 0
    assert set(tile_site.counts.values()) == {1}


@pytest.mark.parametrize("told", ["no-store", "max-age=0", "no-cache"])
def test_what_must_not_be_kept_comes_once_while_it_is_open(
    block: Path, tile_site: TileServer, told: str
) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(
        body=tile_png(tile), headers={"Cache-Control": told}
    )
    with open_raster(block) as raster:
        for col in (0, 200, 256):
            raster.read_patch(0, Window(col, 0, 512, 512), PLAIN, FILL)
    assert set(tile_site.counts.values()) == {1}


def test_tiles_that_are_not_there_are_nodata(block: Path, tile_site: TileServer) -> None:
    gone = Tile(ZOOM, X + 1, Y)
    tile_site.reply_to = lambda tile, nth: (
        Reply(404) if tile == gone else Reply(body=tile_png(tile))
    )
    with open_raster(block) as raster:
        patch = raster.read_patch(0, Window(0, 0, 1024, 512), PLAIN, FILL)
    assert not patch.valid[:256, 256:512].any()
    assert patch.valid.sum() == 1024 * 512 - 256 * 256
    assert (patch.image[:, 100, 300] == 0.5).all()


def test_a_tile_that_fails_is_named_and_never_black(block: Path, tile_site: TileServer) -> None:
    bad = Tile(ZOOM, X + 1, Y)
    tile_site.reply_to = lambda tile, nth: Reply(500) if tile == bad else Reply(body=tile_png(tile))
    with open_raster(block) as raster:
        with pytest.raises(MissingTilesError, match=rf"1 of 8 .* {bad} \(.*500") as raised:
            raster.read_patch(0, Window(0, 0, 1024, 512), PLAIN, FILL)
        assert raised.value.tiles == [str(bad)]
        assert tile_site.counts[bad] == QUICK.attempts
        # When the server is well again, that tile alone is asked for.
        tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile))
        assert raster.read_patch(0, Window(0, 0, 1024, 512), PLAIN, FILL).valid.all()
    assert tile_site.counts.pop(bad) == QUICK.attempts + 1
    assert len(tile_site.asked) == 7 + QUICK.attempts + 1


def test_who_was_told_to_wait_waits_also_with_the_next_patch(
    block: Path, tile_site: TileServer
) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(429, headers={"Retry-After": "1"})
    with open_raster(block) as raster:
        with pytest.raises(MissingTilesError, match="429"):
            raster.read_patch(0, Window(0, 0, 16, 16), PLAIN, FILL)
        told = tile_site.asked[-1].when
        tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile))
        raster.read_patch(0, Window(900, 900, 16, 16), PLAIN, FILL)
    assert tile_site.asked[-1].when - told >= 0.99


def test_tiles_of_another_size_are_refused(block: Path, tile_site: TileServer) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile, 512))
    with open_raster(block) as raster, pytest.raises(TileSizeError, match=r"512 .*, not 256") as e:
        raster.read_patch(0, Window(0, 0, 16, 16), PLAIN, FILL)
    assert e.value.details == {"tile_px": 512}


def test_headers_go_along_and_the_program_says_who_it_is(
    block: Path, tile_site: TileServer
) -> None:
    write_block(block, tile_site.template, headers={"Referer": "https://example.org/map"})
    with open_raster(block) as raster:
        raster.read_patch(0, Window(0, 0, 16, 16), PLAIN, FILL)
    (asked,) = tile_site.asked
    assert asked.headers["Referer"] == "https://example.org/map"
    assert asked.headers["User-Agent"].startswith("encoder-tool/")


def test_headers_do_not_go_on_to_another_host(block: Path, tile_site: TileServer) -> None:
    """Nor does a redirect within the host lose them: a key may be in there."""
    with tile_server() as elsewhere:

        def redirect(tile: Tile, nth: int) -> Reply:
            if tile.x % 2:
                return Reply(302, headers={"Location": f"{elsewhere.url}/{tile}"})
            return (
                Reply(body=tile_png(tile))
                if nth > 1
                else (Reply(302, headers={"Location": f"{tile_site.url}/{tile}"}))
            )

        tile_site.reply_to = redirect
        write_block(block, tile_site.template, headers={"X-Key": "sesame"})
        with open_raster(block) as raster:
            assert raster.read_patch(0, Window(0, 0, 512, 256), PLAIN, FILL).valid.all()
        (followed,) = elsewhere.asked
        assert followed.headers["X-Key"] is None
        assert followed.headers["User-Agent"].startswith("encoder-tool/")
        assert [asked.headers["X-Key"] for asked in tile_site.asked] == ["sesame"] * 3


def test_other_content_is_another_raster(block: Path, tile_site: TileServer) -> None:
    with open_raster(block) as raster:
        record = raster.record()
    block.write_text(json.dumps(json.loads(block.read_text()), indent=4))
    with open_raster(block) as raster:
        assert raster.matches(record), "another layout of the file is none"
    for change in ({"url": f"{tile_site.template}?style=b"}, {"min_zoom": 3}, {"name": "B"}):
        write_block(block, **{"url": tile_site.template, **change})  # type: ignore[arg-type]
        with open_raster(block) as raster:
            assert not raster.matches(record)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"zoom": 31}, "'zoom' must be a whole number from 0 to 30"),
        ({"zoom": "14"}, "'zoom'"),
        ({"x": -1}, "'x'"),
        ({"y": 1 << ZOOM}, "'y'"),
        ({"columns": 0}, "'columns'"),
        ({"rows": 1025}, "'rows' must be a whole number from 1 to 1024"),
        ({"x": (1 << ZOOM) - 2, "columns": 3}, "'columns' must be .* 1 to 2"),
        ({"min_zoom": ZOOM + 1}, "'min_zoom'"),
        ({"tile_px": 300}, "'tile_px' must be one of 256, 512, 1024"),
        ({"name": 7}, "'name' must be a text"),
        ({"headers": ["a"]}, "'headers'"),
        ({"headers": {"User-Agent": "me"}}, "'headers' cannot have 'User-Agent'"),
        ({"headers": {"X": "a\r\nHost: b"}}, "'X' must be a text of one line"),
        ({"headers": {"X": 3}}, "'X' must be a text"),
        ({"extra": 1}, "the member 'extra'"),
        ({"url": None}, "http or https"),
        ({"url": "https://h.org/sesame/{z}/{x}"}, "does not say where"),
        ({"url": "https://h.org/sesame/{z}/{x}/{y}?k={apikey}"}, "needs a key"),
        ({"format": "other"}, "its format is another"),
        ({"format_version": 2}, "another version of the format than 1"),
    ],
)
def test_what_is_wrong_with_a_description_is_said(
    tmp_path: Path, change: dict[str, object], sentence: str
) -> None:
    write_block(tmp_path / "b.tiles.json", "https://h.org/sesame/{z}/{x}/{y}")
    path = write_block(
        tmp_path / "b.tiles.json", **{"url": "https://h.org/sesame/{z}/{x}/{y}", **change}
    )  # type: ignore[arg-type]
    with pytest.raises(RasterError, match=f"^b.tiles.json .*{sentence}") as raised:
        open_raster(path)
    assert "sesame" not in str(raised.value)


def test_what_is_no_description_at_all(tmp_path: Path) -> None:
    path = tmp_path / "b.tiles.json"
    with pytest.raises(MissingRasterError):
        open_raster(path)
    for content in (b"", b"{", b"[]", b"\xff\xfe", b'"sesame"'):
        path.write_bytes(content)
        with pytest.raises(RasterError, match="no block of web tiles") as raised:
            open_raster(path)
        assert "sesame" not in str(raised.value)


def test_bands_and_stretches_that_are_not_to_be_had(block: Path, tile_site: TileServer) -> None:
    with pytest.raises(BandError, match="no band 4"):
        open_raster(block, bands=[1, 4])
    with open_raster(block, bands=[3, 2, 1]) as raster:
        with pytest.raises(UsageError, match="not fetched for statistics"):
            raster.sample_stretch("2,98")
        assert raster.sample_stretch("0:128").high == (128.0,) * 3
        swapped = raster.read_patch(0, Window(0, 0, 8, 8), PLAIN, FILL).image
    with open_raster(block) as raster:
        assert (raster.read_patch(0, Window(0, 0, 8, 8), PLAIN, FILL).image == swapped[::-1]).all()
    assert len(tile_site.asked) == 1
