"""Tiles to raster: the right pixels at the right place, from every kind of source."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer

from encoder_tool.tiles import plan_tiles
from encoder_tool.tiles.web_mercator import HALF_WORLD_M, Tile, tile_bounds
from encoder_tool.types import BoundsMap
from tests.support.tile_positions import position_error_px
from tests.support.tile_requests import BBOX, ZOOM, asked, make
from tests.support.tile_server import (
    Reply,
    TileServer,
    coordinates_of,
    encoded,
    tile_pixels,
    tile_png,
)


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


def test_the_attribution_goes_into_the_file(tile_site: TileServer, tmp_path: Path) -> None:
    secret = f"{tile_site.template}?apikey=sesame"
    make(asked(secret, tmp_path / "o.tif", attribution="© Ärial, CC BY 4.0", cog=True))
    with rasterio.open(tmp_path / "o.tif") as dataset:
        tags = dataset.tags()
    assert tags["TIFFTAG_COPYRIGHT"] == "© Ärial, CC BY 4.0"
    assert tags["TIFFTAG_IMAGEDESCRIPTION"] == f"tiles of 127.0.0.1, zoom {ZOOM}"
    assert tags["TIFFTAG_SOFTWARE"].startswith("encoder-tool ")
    assert b"sesame" not in (tmp_path / "o.tif").read_bytes()


def test_pixels_of_the_support_say_where_they_are() -> None:
    """The test's own tiles are right: their colours are the world's columns and rows."""
    tile = Tile(14, 8875, 6091)
    columns, rows = coordinates_of(np.moveaxis(tile_pixels(tile), -1, 0))
    assert columns[7, 9] == (8875 * 256 + 9) % 4096
    assert rows[7, 9] == (6091 * 256 + 7) % 4096
