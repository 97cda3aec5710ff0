"""The tile grid and the templates, against PROJ and against one another."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pmtiles.tile import tileid_to_zxy, zxy_to_tileid
from pyproj import Transformer

from encoder_tool.errors import UsageError
from encoder_tool.tiles.open_source import open_source
from encoder_tool.tiles.request import checked_bbox
from encoder_tool.tiles.source import WebSource
from encoder_tool.tiles.template import parse_template
from encoder_tool.tiles.web_mercator import (
    HALF_WORLD_M,
    MAX_LATITUDE,
    Tile,
    TileRange,
    tile_bounds,
    tiles_of,
    window_affine,
    window_of,
    world_fraction,
)
from encoder_tool.types import BoundsMap

TO_MAP = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)

SIZES = st.sampled_from([256, 512])


@st.composite
def tiles(draw: st.DrawFn, max_zoom: int = 22) -> Tile:
    zoom = draw(st.integers(0, max_zoom))
    numbers = st.integers(0, 2**zoom - 1)
    return Tile(zoom, draw(numbers), draw(numbers))


@st.composite
def boxes(draw: st.DrawFn) -> BoundsMap:
    longitudes = sorted(draw(st.lists(st.floats(-180, 180), min_size=2, max_size=2)))
    latitudes = sorted(draw(st.lists(st.floats(-85, 85), min_size=2, max_size=2)))
    assume(longitudes[0] < longitudes[1] and latitudes[0] < latitudes[1])
    return BoundsMap(longitudes[0], latitudes[0], longitudes[1], latitudes[1])


@given(st.floats(-180, 180), st.floats(-85.05, 85.05))
def test_places_are_projs(longitude: float, latitude: float) -> None:
    x, y = TO_MAP.transform(longitude, latitude)
    fraction = world_fraction(longitude, latitude)
    assert fraction.x * 2 * HALF_WORLD_M - HALF_WORLD_M == pytest.approx(x, abs=1e-6)
    assert HALF_WORLD_M - fraction.y * 2 * HALF_WORLD_M == pytest.approx(y, abs=1e-6)


def test_the_world_is_square() -> None:
    assert TO_MAP.transform(180, MAX_LATITUDE) == pytest.approx((HALF_WORLD_M, HALF_WORLD_M))


@given(tiles(), SIZES)
def test_the_bounds_of_a_tile_ask_for_that_tile_alone(tile: Tile, tile_px: int) -> None:
    window = window_of(tile_bounds(tile), tile.zoom, tile_px)
    assert list(tiles_of(window, tile.zoom, tile_px)) == [tile]
    assert (window.width, window.height) == (tile_px, tile_px)
    affine = window_affine(window, tile.zoom, tile_px)
    west, south, east, north = tile_bounds(tile)
    pixel_m = affine.a
    for corner, (x, y) in {(0, 0): (west, north), (tile_px, tile_px): (east, south)}.items():
        map_x, map_y = TO_MAP.transform(x, y)
        assert (affine @ corner)[0] == pytest.approx(map_x, abs=0.01 * pixel_m)
        assert (affine @ corner)[1] == pytest.approx(map_y, abs=0.01 * pixel_m)


@given(tiles(max_zoom=18), st.integers(0, 3), st.integers(0, 3))
def test_the_bounds_of_neighbours_ask_for_them_all(tile: Tile, right: int, down: int) -> None:
    last = 2**tile.zoom - 1
    other = Tile(tile.zoom, min(tile.x + right, last), min(tile.y + down, last))
    west, _, _, north = tile_bounds(tile)
    _, south, east, _ = tile_bounds(other)
    found = tiles_of(window_of(BoundsMap(west, south, east, north), tile.zoom, 256), tile.zoom, 256)
    assert found == TileRange(tile.zoom, tile.x, tile.y, other.x - tile.x + 1, other.y - tile.y + 1)
    assert len(found) == len(list(found)) == len(set(found))
    assert found.middle in set(found)


@given(boxes(), st.integers(0, 12), SIZES)
def test_a_window_holds_its_box_and_less_than_a_pixel_more(
    box: BoundsMap, zoom: int, tile_px: int
) -> None:
    window = window_of(box, zoom, tile_px)
    affine = window_affine(window, zoom, tile_px)
    left, top = affine @ (0, 0)
    right, bottom = affine @ (window.width, window.height)
    west, south = TO_MAP.transform(box.xmin, box.ymin)
    east, north = TO_MAP.transform(box.xmax, box.ymax)
    edge, pixel = 0.01 * affine.a, affine.a
    assert left <= west + edge and right >= east - edge
    assert bottom <= south + edge and top >= north - edge
    if east - west > 2 * edge and north - south > 2 * edge:
        assert west - left < pixel + edge and right - east < pixel + edge
        assert south - bottom < pixel + edge and top - north < pixel + edge
    assert 0 <= window.col_off < window.col_end <= tile_px << zoom
    assert 0 <= window.row_off < window.row_end <= tile_px << zoom
    # The tiles do not depend on how many pixels they have.
    assert tiles_of(window, zoom, tile_px) == tiles_of(window_of(box, zoom, 256), zoom, 256)


@given(tiles(max_zoom=30))
def test_other_numberings_come_back(tile: Tile) -> None:
    digits = tile.quadkey
    assert len(digits) == tile.zoom
    x = int("".join(str(int(digit) & 1) for digit in digits) or "0", 2)
    y = int("".join(str(int(digit) >> 1) for digit in digits) or "0", 2)
    assert Tile(len(digits), x, y) == tile
    assert tile._replace(y=tile.row_from_south).row_from_south == tile.y
    if tile.zoom:
        assert tile.quadkey[:-1] == tile.parent.quadkey
        assert tile_bounds(tile.parent).xmin <= tile_bounds(tile).xmin


def test_numberings_that_are_published() -> None:
    """Bing's example of a quadkey, and TMS's rows."""
    assert Tile(3, 3, 5).quadkey == "213"
    assert Tile(0, 0, 0).quadkey == ""
    assert Tile(3, 3, 5).row_from_south == 2


@given(tiles(max_zoom=20))
def test_the_hilbert_numbers_of_pmtiles_come_back(tile: Tile) -> None:
    assert tileid_to_zxy(zxy_to_tileid(*tile)) == tile


TILE = Tile(3, 3, 5)
TEMPLATES = {
    "https://h.org/{z}/{x}/{y}.png": "https://h.org/3/3/5.png",
    "https://h.org/{zoom}/{x}/{-y}.png": "https://h.org/3/3/2.png",
    "https://h.org/%7Bz%7D/%7bx%7d/%7By%7D?a=%7B%7D": "https://h.org/3/3/5?a=%7B%7D",
    "https://h.org/{q}.jpeg?g=1": "https://h.org/213.jpeg?g=1",
    "http://{s}.h.org/{z}/{x}/{y}": "http://c.h.org/3/3/5",
    "http://{switch:one,two,three}.h.org/{z}/{x}/{y}": "http://three.h.org/3/3/5",
    "https://h.org/{z}/{x}/{y}{r}.png": "https://h.org/3/3/5@2x.png",
    "https://h.org/?x={x}&y={y}&z={z}&x2={x}": "https://h.org/?x=3&y=5&z=3&x2=3",
    "https://h.org/wms?SRS=epsg%3A900913&BBOX={bbox}": "https://h.org/wms?SRS=epsg%3A900913&BBOX="
    "-5009377.085697,-10018754.171395,0.000000,-5009377.085697",
    "https://h.org/wms?BBOX={bbox-epsg-3857}": "https://h.org/wms?BBOX="
    "-5009377.085697,-10018754.171395,0.000000,-5009377.085697",
}


@pytest.mark.parametrize("text", TEMPLATES)
def test_templates(text: str) -> None:
    template = parse_template(text)
    assert template.url(TILE) == TEMPLATES[text]
    assert template.host.endswith("h.org")


def test_a_template_of_twice_the_pixels_says_so() -> None:
    assert parse_template("https://h.org/{z}/{x}/{y}{r}.png").is_retina
    assert parse_template("https://h.org/{z}/{x}/{y}@2x.png").is_retina
    assert not parse_template("https://h.org/{z}/{x}/{y}.png").is_retina


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", 100),
        ("https://a.tile.openstreetmap.org./{z}/{x}/{y}.png", 100),
        ("https://{switch:h.org,tile.osm.org}/{z}/{x}/{y}.png", 100),
        ("https://{s}.h.org/{z}/{x}/{y}.png", None),
    ],
)
def test_the_terms_hold_however_a_server_is_written(text: str, most: int | None) -> None:
    source = open_source(text)
    assert isinstance(source, WebSource) and source.max_tiles == most


@given(tiles())
def test_the_hosts_of_a_switch_are_all_used_and_a_tile_keeps_its_own(tile: Tile) -> None:
    template = parse_template("https://{switch:a,b}.h.org/{z}/{x}/{y}")
    assert template.url(tile) == template.url(tile)
    neighbour = tile._replace(x=tile.x + 1)
    assert template.url(tile)[:9] != template.url(neighbour)[:9]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ftp://h.org/{z}/{x}/{y}", "not from ftp"),
        ("h.org/{z}/{x}/{y}?key=sesame", "https: the address begins so"),
        ("me:sesame@h.org/{z}/{x}/{y}", "https: the address begins so"),
        ("h.org/sesame://{z}/{x}/{y}", "https: the address begins so"),
        ("https://h.org/{x}/{y}", "does not say where"),
        ("https://h.org/{z}/{y}", "does not say where"),
        ("https://h.org/tiles", "does not say where"),
        ("https://h.org/wms?CRS=EPSG:4326&BBOX={bbox}", "the address asks for EPSG:4326"),
        ("https://h.org/wms?srs=EPSG%3A25832&BBOX={bbox}", "the address asks for EPSG:25832"),
        ("https://h.org/{z}/{x}/{y}?t={access_token}", r"in place of \{access_token\}"),
        ("https://h.org/{z}/{x}/{y}?t={API_KEY}", r"in place of \{API_KEY\}"),
        ("https://h.org/{z}/{x}/{y}/{bbox-epsg-25832}", r"has \{bbox-epsg-25832\}"),
        ("https://{switch:}.h.org/{z}/{x}/{y}", r"has \{switch:\}"),
        ("https://[h.org/{z}/{x}/{y}", "no host"),
    ],
)
def test_templates_that_cannot_be(text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence) as raised:
        parse_template(text)
    assert "sesame" not in str(raised.value), "a key is nobody's to read"


@given(st.floats(-180, 180), st.floats(-180, 180), st.floats(-90, 90), st.floats(-90, 90))
def test_a_box_is_right_or_refused_with_a_sentence(
    west: float, east: float, south: float, north: float
) -> None:
    try:
        box = checked_bbox(BoundsMap(west, south, east, north))
    except UsageError as error:
        assert re.match(r"[A-Z][^.]*", error.message)
        assert west >= east or south >= north or south >= 85 or north <= -85
        return
    assert -180 <= box.xmin < box.xmax <= 180
    assert -MAX_LATITUDE <= box.ymin < box.ymax <= MAX_LATITUDE
    assert all(map(math.isfinite, window_affine(window_of(box, 20, 256), 20, 256)))
