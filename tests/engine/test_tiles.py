"""Tiles to raster: the right pixels at the right place, from every kind of source."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from pyproj import Transformer

from encoder_tool.errors import (
    CacheNotFoundError,
    EngineError,
    OutputError,
    TileError,
    TileFileNotFoundError,
    UsageError,
)
from encoder_tool.tiles import plan_tiles
from encoder_tool.tiles.web_mercator import HALF_WORLD_M, Tile, tile_bounds
from encoder_tool.types import BoundsMap
from tests.support.tile_requests import BBOX, ZOOM, asked, make
from tests.support.tile_server import (
    Reply,
    TileServer,
    coordinates_of,
    encoded,
    tile_pixels,
    tile_png,
)


def position_error_px(path: Path, zoom: int, tile_px: int) -> float:
    """The largest distance, in pixels, between where the file says that a pixel is and where its
    colour says; reckoned by PROJ, not by the code that is tested."""
    with rasterio.open(path) as dataset:
        assert dataset.crs.to_epsg() == 3857
        columns, rows = coordinates_of(dataset.read([1, 2, 3]))
        y, x = np.mgrid[: dataset.height, : dataset.width] + 0.5
        to_map = dataset.transform
        map_x, map_y = to_map.a * x + to_map.c, to_map.e * y + to_map.f
        assert (dataset.read(4) == 255).all()
    pixels_per_m = tile_px * 2**zoom / (2 * HALF_WORLD_M)
    world_x, world_y = (map_x + HALF_WORLD_M) * pixels_per_m, (HALF_WORLD_M - map_y) * pixels_per_m
    error_x = (world_x - (columns + 0.5) + 2048) % 4096 - 2048
    error_y = (world_y - (rows + 0.5) + 2048) % 4096 - 2048
    return float(max(np.abs(error_x).max(), np.abs(error_y).max()))


@pytest.mark.parametrize("tile_px", [256, 512])
@pytest.mark.parametrize("cog", [False, True])
def test_every_pixel_is_where_the_file_says(
    tile_site: TileServer, tmp_path: Path, tile_px: int, cog: bool
) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile, tile_px))
    out = tmp_path / "out.tif"
    summary = make(asked(tile_site.template, out, cog=cog))
    assert position_error_px(out, ZOOM, tile_px) < 0.01
    assert summary.fetched == summary.tiles == len(tile_site.asked)
    with rasterio.open(out) as dataset:
        assert (dataset.width, dataset.height) == (summary.width, summary.height)
        layout = dataset.tags(ns="IMAGE_STRUCTURE").get("LAYOUT")
        to_map = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
        west, north = to_map.transform(BBOX.xmin, BBOX.ymax)
        east, south = to_map.transform(BBOX.xmax, BBOX.ymin)
        pixel, bounds = dataset.transform.a, dataset.bounds
    assert (layout == "COG") == cog
    # The box, rounded outwards to whole pixels.
    assert 0 <= west - bounds.left < pixel and 0 <= bounds.right - east < pixel
    assert 0 <= bounds.top - north < pixel and 0 <= south - bounds.bottom < pixel


@pytest.mark.parametrize("zoom", [0, 1])
def test_the_whole_world(tile_site: TileServer, tmp_path: Path, zoom: int) -> None:
    """Cut off at 85.05 degrees, and said so."""
    request = asked(
        tile_site.template, tmp_path / "w.tif", bbox=BoundsMap(-180, -90, 180, 90), zoom=zoom
    )
    plan = plan_tiles(request)
    assert any("85.05" in remark for remark in plan.remarks)
    summary = make(request)
    assert summary.tiles == 4**zoom
    assert (summary.width, summary.height) == (256 << zoom, 256 << zoom)
    assert position_error_px(request.out, zoom, 256) < 0.01


def test_far_more_pixels_than_are_in_memory_at_a_time(
    tile_site: TileServer, tmp_path: Path
) -> None:
    """Several chunks: no seam and no shift where they meet, which is within tiles."""
    bbox = BoundsMap(15.003, 41.9, 15.203, 42.05)
    summary = make(asked(tile_site.template, tmp_path / "o.tif", bbox=bbox))
    assert summary.width > 2048 and summary.height > 2048
    assert position_error_px(tmp_path / "o.tif", ZOOM, 256) < 0.01
    assert set(tile_site.counts.values()) == {1}


def test_a_box_of_one_tile_asks_for_it_alone(tile_site: TileServer, tmp_path: Path) -> None:
    tile = Tile(ZOOM, 8875, 6091)
    summary = make(asked(tile_site.template, tmp_path / "o.tif", bbox=tile_bounds(tile)))
    assert tile_site.counts == {tile: 1}
    assert (summary.width, summary.height) == (256, 256)


def images() -> dict[str, tuple[bytes, tuple[int, int, int, int]]]:
    """Image files whose upper left pixel has a colour (red, green, blue, alpha)."""
    from PIL import Image

    rgb = np.zeros((256, 256, 3), np.uint8)
    rgb[:128] = 200, 10, 30
    grey = rgb[..., 0]
    palette = Image.fromarray(rgb).quantize(4)
    index = palette.getpixel((0, 0))
    quantised = np.asarray(palette.convert("RGB"))[0, 0]

    def saved(image: Image.Image, kind: str, **options: object) -> bytes:
        import io

        file = io.BytesIO()
        image.save(file, kind, **options)
        return file.getvalue()

    alpha = np.dstack([rgb, np.where(grey > 0, 128, 0).astype(np.uint8)])
    return {
        "png": (encoded(rgb), (200, 10, 30, 255)),
        "png with alpha": (encoded(alpha), (200, 10, 30, 128)),
        "png with a transparent colour": (
            saved(Image.fromarray(rgb), "PNG", transparency=(200, 10, 30)), (200, 10, 30, 0)
        ),
        "png with a palette": (saved(palette, "PNG"), (*quantised, 255)),
        "png with a palette and a transparent entry": (
            saved(palette, "PNG", transparency=index), (*quantised, 0)
        ),
        "grey png": (encoded(grey), (200, 200, 200, 255)),
        "grey png with alpha": (
            saved(Image.fromarray(grey).convert("LA"), "PNG"), (200, 200, 200, 255)
        ),
        "png of one bit": (saved(Image.fromarray(grey > 0), "PNG"), (255, 255, 255, 255)),
        "png of 16 bits": (encoded(grey.astype(np.uint16) * 257), (200, 200, 200, 255)),
        "jpeg": (encoded(rgb, "JPEG", quality=95), (200, 10, 30, 255)),
        "grey jpeg": (encoded(grey, "JPEG", quality=95), (200, 200, 200, 255)),
        "webp": (encoded(rgb, "WEBP", lossless=True), (200, 10, 30, 255)),
        "webp with alpha": (encoded(alpha, "WEBP", lossless=True), (200, 10, 30, 128)),
        "gif": (saved(palette, "GIF"), (*quantised, 255)),
    }  # fmt: skip


IMAGES = images()


@pytest.mark.parametrize("kind", IMAGES)
def test_every_kind_of_image_becomes_its_colours(
    tile_site: TileServer, tmp_path: Path, kind: str
) -> None:
    body, colour = IMAGES[kind]
    # What the server calls it does not matter; what it is does.
    tile_site.reply_to = lambda tile, nth: Reply(body=body, kind="application/octet-stream")
    bbox = tile_bounds(Tile(ZOOM, 8875, 6091))
    make(asked(tile_site.template, tmp_path / "o.tif", bbox=bbox))
    with rasterio.open(tmp_path / "o.tif") as dataset:
        pixels = dataset.read().astype(int)
    assert np.abs(pixels[:, 3, 3] - colour).max() <= (3 if "jpeg" in kind else 0)
    if colour[3] == 255:
        assert (pixels[3] == 255).all()
    lower = pixels[:3, 200, 200]
    assert lower.max() <= 3


def test_warped_into_another_crs_places_stay_where_they_are(
    tile_site: TileServer, tmp_path: Path
) -> None:
    """Colours that grow with longitude and latitude say where a warped pixel is."""

    def smooth(tile: Tile, nth: int) -> Reply:
        rows, columns = np.mgrid[:256, :256]
        x, y = columns + 256 * (tile.x - 8874), rows + 256 * (tile.y - 6080)
        return Reply(body=encoded(np.stack([x // 4, y // 4, 0 * x], -1).astype(np.uint8)))

    tile_site.reply_to = smooth
    out = tmp_path / "utm.tif"
    make(asked(tile_site.template, out, crs="EPSG:32633"))
    with rasterio.open(out) as dataset:
        assert dataset.crs.to_epsg() == 32633
        pixels = dataset.read()
        rows, columns = np.nonzero(pixels[3] == 255)
        to_map = dataset.transform
        x, y = to_map.a * (columns + 0.5) + to_map.c, to_map.e * (rows + 0.5) + to_map.f
        size_m = to_map.a
    assert len(rows) > 0.8 * pixels[3].size, "UTM and Web Mercator are turned by a degree here"
    map_x, map_y = Transformer.from_crs("EPSG:32633", "EPSG:3857", always_xy=True).transform(x, y)
    pixels_per_m = 256 * 2**ZOOM / (2 * HALF_WORLD_M)
    world_x = (map_x + HALF_WORLD_M) * pixels_per_m - 256 * 8874
    world_y = (HALF_WORLD_M - map_y) * pixels_per_m - 256 * 6080
    # A colour stands for four pixels: its middle is what it means, and rounding cancels out.
    shown_x, shown_y = pixels[0, rows, columns] * 4.0 + 2, pixels[1, rows, columns] * 4.0 + 2
    assert abs(np.mean(shown_x - world_x)) < 0.1
    assert abs(np.mean(shown_y - world_y)) < 0.1
    assert 5 < size_m < 12, "the pixels of the zoom at 42 degrees north"


def test_the_tiles_own_crs_is_not_warped(tile_site: TileServer, tmp_path: Path) -> None:
    make(asked(tile_site.template, tmp_path / "o.tif", crs="EPSG:3857"))
    assert position_error_px(tmp_path / "o.tif", ZOOM, 256) < 0.01


def test_a_crs_that_cannot_be_is_refused_before_anything_is_fetched(
    tile_site: TileServer, tmp_path: Path
) -> None:
    for crs in ("EPSG:nonsense", "EPSG:5701"):
        with pytest.raises(UsageError):
            make(asked(tile_site.template, tmp_path / "o.tif", crs=crs))
    assert not tile_site.asked


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


def test_the_attribution_goes_into_the_file(tile_site: TileServer, tmp_path: Path) -> None:
    secret = f"{tile_site.template}?apikey=sesame"
    make(asked(secret, tmp_path / "o.tif", attribution="© Ärial, CC BY 4.0", cog=True))
    with rasterio.open(tmp_path / "o.tif") as dataset:
        tags = dataset.tags()
    assert tags["TIFFTAG_COPYRIGHT"] == "© Ärial, CC BY 4.0"
    assert tags["TIFFTAG_IMAGEDESCRIPTION"] == f"tiles of 127.0.0.1, zoom {ZOOM}"
    assert tags["TIFFTAG_SOFTWARE"].startswith("encoder-tool ")
    assert b"sesame" not in (tmp_path / "o.tif").read_bytes()


BOXES = [
    ((179.5, -1, -179.5, 1), r"crosses the antimeridian.*179.5,-1,180,1 and -180,-1,-179.5,1"),
    ((179.5, -1, 180.5, 1), r"crosses the antimeridian.*179.5,-1,180,1 and -180,-1,-179.5,1"),
    ((-180.5, -1, -179.5, 1), r"crosses the antimeridian.*179.5,-1,180,1 and -180,-1,-179.5,1"),
    ((11, 1, 10, 2), "west, 11, lies east of its east, 10"),
    ((10, 2, 11, 1), "south, 2, is north of its north, 1"),
    ((10, 1, 10, 2), "empty"),
    ((10, 1, 11, 1), "empty"),
    ((0, 86, 1, 87), "end at 85.05 degrees"),
    ((0, -89, 1, -88), "end at 85.05 degrees"),
    ((0, 89, 1, 91), "latitude 91"),
    ((500000, 4649700, 500250, 4649800), "latitude 4.6498e"),
    ((500000, 1, 500250, 2), "from longitude 500000"),
]


@pytest.mark.parametrize(("box", "sentence"), BOXES)
def test_boxes_that_cannot_be(
    tile_site: TileServer, tmp_path: Path, box: tuple[float, ...], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        make(asked(tile_site.template, tmp_path / "o.tif", bbox=BoundsMap(*box)))
    assert not tile_site.asked


def test_sources_and_outputs_that_cannot_be(tmp_path: Path) -> None:
    tif = tmp_path / "o.tif"
    (tmp_path / "old.tif").write_bytes(b"mine")
    cases: list[tuple[str, Path, type[EngineError], str]] = [
        ("nowhere", tif, UsageError, "no source 'nowhere'"),
        ("file:///etc/{x}/{y}/{z}", tif, UsageError, "not from file"),
        ("/tiles/{z}/{x}/{y}.png", tif, UsageError, "no source"),
        ("https://h.org/{z}/{x}.png", tif, UsageError, "does not say where"),
        ("https://h.org/{z}/{x}/{y}?k={apikey}", tif, UsageError, r"yours in place of \{apikey\}"),
        ("https://h.org/{z}/{x}/{y}/{style}", tif, UsageError, r"has \{style\}"),
        ("https://h.org/a.pmtiles", tif, UsageError, "Download it first"),
        ("https:///{z}/{x}/{y}", tif, UsageError, "no host"),
        ("WMTS:/etc/passwd,layer=a", tif, UsageError, "no http or https address"),
        ("osm", tmp_path / "o.png", OutputError, "no suffix"),
        ("osm", tmp_path / "no" / "o.tif", OutputError, "does not exist"),
        ("osm", tmp_path / "old.tif", OutputError, "exists already"),
    ]
    for source, out, kind, sentence in cases:
        with pytest.raises(kind, match=sentence):
            plan_tiles(asked(source, out))
    with pytest.raises(UsageError, match="has zooms 0 to 19, not 20"):
        plan_tiles(asked("osm", tif, zoom=20))
    with pytest.raises(UsageError, match="no zoom 31"):
        plan_tiles(asked("osm", tif, zoom=31))
    assert not issubclass(TileError, CacheNotFoundError)


def test_the_terms_of_openstreetmap_cap_what_is_taken(tmp_path: Path) -> None:
    wide = BoundsMap(15.0, 41.9, 15.3, 42.1)
    for source in ("osm", "https://tile.openstreetmap.org/{z}/{x}/{y}.png"):
        with pytest.raises(UsageError, match=r"more than the 100 that are taken.*forbid bulk"):
            plan_tiles(asked(source, tmp_path / "o.tif", bbox=wide))
        plan = plan_tiles(asked(source, tmp_path / "o.tif", connections=16))
        assert plan.source.connections == 2  # type: ignore[union-attr]
        assert any("donations" in sentence for sentence in plan.sentences())


def test_pixels_of_the_support_say_where_they_are() -> None:
    """The test's own tiles are right: their colours are the world's columns and rows."""
    tile = Tile(14, 8875, 6091)
    columns, rows = coordinates_of(np.moveaxis(tile_pixels(tile), -1, 0))
    assert columns[7, 9] == (8875 * 256 + 9) % 4096
    assert rows[7, 9] == (6091 * 256 + 7) % 4096


def test_more_tiles_than_anybody_should_fetch(tmp_path: Path) -> None:
    wide = BoundsMap(5, 45, 15, 50)
    with pytest.raises(UsageError, match=r"tiles of zoom 18; 250,000 are the limit"):
        plan_tiles(asked("usgs-imagery", tmp_path / "o.tif", bbox=wide, zoom=18))


def test_what_terms_forbid_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    said = {
        "https://mt1.google.com/vt/lyrs=s&x={x}&y={y}&z={z}": "Google Maps forbid to keep",
        "https://ecn.t3.tiles.virtualearth.net/tiles/a{q}.jpeg?g=1": "Bing Maps forbid to keep",
        "https://server.arcgisonline.com/World_Imagery/tile/{z}/{y}/{x}": "Esri's terms",
        "https://wmts.geo.admin.ch/swissimage/3857/{z}/{x}/{y}.jpeg": "swisstopo asks",
    }
    for source, sentence in said.items():
        plan = plan_tiles(asked(source, tmp_path / "o.tif"))
        assert any(sentence in line for line in plan.sentences()), source
    for source in ("https://notgoogle.com/{z}/{x}/{y}", "https://google.com.h.org/{z}/{x}/{y}"):
        assert plan_tiles(asked(source, tmp_path / "o.tif")).remarks == ()
