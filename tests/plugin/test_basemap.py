"""Web layers as the engine is told of them: their addresses, their blocks, the zoom that suits."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Iterator
from math import cosh
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from qgis.core import QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle
from wms_server import wms_server

from geosam_plugin.basemap.block import PLACES_VARIABLE, Block, block_at
from geosam_plugin.basemap.source import BasemapError, BasemapSource, is_web_layer, source_of
from geosam_plugin.basemap.tile_grid import (
    EARTH_RADIUS_M,
    HALF_WORLD_M,
    ground_size,
    pixel_size,
    proposed_zoom,
)
from geosam_plugin.engine.command import EngineCommand

PLAIN = "https://tiles.example.org/{z}/{x}/{y}.png"
ESCAPED = PLAIN.replace("{", "%7B").replace("}", "%7D")


def xyz(more: str = "", url: str = ESCAPED) -> QgsRasterLayer:
    layer = QgsRasterLayer(f"type=xyz&url={url}{more}", "Aerials", "wms")
    assert layer.isValid()
    return layer


@pytest.fixture(autouse=True)
def places(project: QgsProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where blocks are described."""
    monkeypatch.setenv(PLACES_VARIABLE, str(tmp_path / "places"))
    return tmp_path / "places"


# --- XYZ


def test_an_xyz_layer_tells_all_that_it_takes() -> None:
    layer = xyz(
        "?style=a%26key=1&zmin=3&zmax=20&referer=https://me.example&http-header:X-From=town"
        "&tilePixelRatio=2"
    )
    layer.setAttribution('© <a href="https://example.org">Example</a>, 2024')
    assert is_web_layer(layer)
    assert source_of(layer) == BasemapSource(
        f"{PLAIN}?style=a&key=1",
        (("Referer", "https://me.example"), ("X-From", "town")),
        tile_px=512,
        min_zoom=3,
        max_zoom=20,
        attribution="© Example, 2024",
    )


def test_headers_that_the_engine_sets_itself_are_not_handed_on() -> None:
    """QGIS 3.28 and newer let one set any."""
    layer = xyz("&http-header:user-agent=me&http-header:Accept=a/b&http-header:x-from=town")
    assert source_of(layer).headers == (("X-From", "town"),)


def test_an_xyz_layer_that_says_nothing_has_what_qgis_takes_for_granted() -> None:
    source = source_of(xyz())
    assert (source.tile_px, source.min_zoom, source.max_zoom) == (256, 0, 18)
    assert (source.headers, source.attribution, source.host) == ((), "", "tiles.example.org")


def test_of_hosts_that_take_turns_the_first_gives_the_name() -> None:
    assert BasemapSource("https://{switch:a,b}.example.org/{q}").host == "a.example.org"


@pytest.mark.parametrize(
    ("more", "url", "why"),
    [
        ("&authcfg=abc1234", ESCAPED, "asks for a password or has an authentication set in QGIS"),
        ("&username=ann&password=secret", ESCAPED, "asks for a password"),
        ("&interpretation=maptilerterrain", ESCAPED, "holds heights"),
        ("", "file:///tiles/%7Bz%7D/%7Bx%7D/%7By%7D.png", "does not come from a server"),
    ],
)
def test_what_the_engine_cannot_fetch_is_made_a_file_of(more: str, url: str, why: str) -> None:
    with pytest.raises(BasemapError, match=f"“Aerials” {why}.*“Layer to raster”"):
        source_of(xyz(more, url))


# --- WMS


@pytest.fixture(scope="module")
def wms() -> Iterator[str]:
    """The address of a WMS with two layers; of `dated` there are several dates."""
    with wms_server() as url:
        yield url


def wms_layer(url: str, more: str) -> QgsRasterLayer:
    layer = QgsRasterLayer(f"{more}&format=image/png&url={url}", "City", "wms")
    assert layer.isValid()
    return layer


def test_a_wms_is_asked_for_pictures_of_tiles(wms: str) -> None:
    layer = wms_layer(f"{wms}?map=town%26VERSION=1.1.0", "crs=EPSG:25832&layers=ortho&styles=")
    source = source_of(layer)
    address, query = source.url.split("?")
    assert address == wms
    assert query.endswith("&BBOX={bbox}")
    asked = {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
    assert asked == {
        "map": "town", "SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap",
        "LAYERS": "ortho", "STYLES": "", "CRS": "EPSG:3857", "WIDTH": "512", "HEIGHT": "512",
        "FORMAT": "image/png", "TRANSPARENT": "TRUE", "BBOX": "{bbox}",
    }  # fmt: skip
    assert (source.tile_px, source.host) == (512, urlsplit(wms).hostname)


def test_several_layers_are_drawn_in_the_order_that_qgis_asks_for(wms: str) -> None:
    """QGIS turns what its source says about."""
    more = "crs=EPSG:3857&layers=ortho&layers=names&styles=&styles=red"
    asked = parse_qs(urlsplit(source_of(wms_layer(wms, more)).url).query)
    drawn = drawn_layers(wms, wms_layer(wms, more))
    assert asked["LAYERS"] == [drawn]


def drawn_layers(wms: str, layer: QgsRasterLayer) -> str:
    """LAYERS as QGIS itself has just asked for them."""
    import urllib.request

    place = layer.extent().center()
    seen = QgsRectangle.fromCenterAndSize(place, 100, 100)
    layer.dataProvider().block(1, seen, 10, 10)
    with urllib.request.urlopen(f"{wms}/last") as answer:
        (layers,) = parse_qs(urlsplit(answer.read().decode()).query)["LAYERS"]
    return str(layers)


def test_what_the_web_s_grid_cannot_show_is_made_a_file_of(wms: str) -> None:
    """By the sentence that says why."""
    dated = wms_layer(
        wms,
        "type=wmst&timeDimensionExtent=2019-01-01/2020-01-01/P1D&temporalSource=provider"
        "&allowTemporalUpdates=true&crs=EPSG:3857&layers=dated&styles=",
    )
    with pytest.raises(BasemapError, match="changes with the time"):
        source_of(dated)
    dated.temporalProperties().setIsActive(False)
    assert "LAYERS=dated" in source_of(dated).url
    national = wms_layer(f"{wms}/national", "crs=EPSG:25832&layers=ortho&styles=")
    with pytest.raises(BasemapError, match="not to be had in the projection of web maps"):
        source_of(national)


def test_a_server_that_is_gone_is_told() -> None:
    gone = "http://127.0.0.1:9/wms"
    lost = QgsRasterLayer(f"crs=EPSG:3857&layers=a&styles=&format=image/png&url={gone}", "L", "wms")
    with pytest.raises(BasemapError, match=r"The server of “L”.*Load the layer again"):
        source_of(lost)


# --- blocks

SOURCE = BasemapSource(PLAIN, max_zoom=22)


def test_a_place_is_always_in_the_same_block() -> None:
    block = block_at(SOURCE, 18, QgsPointXY(1_000_000, 6_000_000))
    assert block is not None
    core = block.core
    assert (core.columns, core.rows, core.x % 64, core.y % 64) == (64, 64, 0, 0)
    extent = block.core_extent
    assert extent.contains(QgsPointXY(1_000_000, 6_000_000))
    assert extent.width() == pytest.approx(16_384 * pixel_size(18, 256))
    assert extent.xMinimum() == pytest.approx(core.x * 256 * pixel_size(18, 256) - HALF_WORLD_M)
    inside = extent.buffered(-0.001)
    for x in (inside.xMinimum(), inside.xMaximum()):
        for y in (inside.yMinimum(), inside.yMaximum()):
            assert block_at(SOURCE, 18, QgsPointXY(x, y)) == block
    east = block_at(SOURCE, 18, QgsPointXY(extent.xMaximum() + 0.001, 6_000_000))
    assert east is not None
    assert (east.core.x, east.core.y) == (core.x + 64, core.y)
    assert east.path != block.path


@pytest.mark.parametrize("tile_px", [256, 512, 1024])
def test_blocks_overlap_by_the_margins_of_both(tile_px: int) -> None:
    source = BasemapSource(PLAIN, tile_px=tile_px)
    block = block_at(source, 18, QgsPointXY(1_000_000, 6_000_000))
    assert block is not None
    margin = 2_048 // tile_px
    assert block.tiles == (
        block.core.x - margin, block.core.y - margin,
        block.core.columns + 2 * margin, block.core.rows + 2 * margin,
    )  # fmt: skip
    edge = block.core_extent.xMaximum() + 0.001
    east = block_at(source, 18, QgsPointXY(edge, 6_000_000))
    assert east is not None
    shared = block.extent.intersect(east.extent)
    assert shared.width() == pytest.approx(4_096 * pixel_size(18, tile_px))
    assert shared.center().x() == pytest.approx(edge, abs=0.01)


def test_the_engine_finds_a_block_where_it_is_said_to_be(command: EngineCommand) -> None:
    """And its levels begin at whole pixels of their zooms."""
    block = at_home(SOURCE)
    block.write("Aerials")
    told = subprocess.run(
        [
            command.program, "-c",
            "import sys; from encoder_tool.raster import open_raster\n"
            "raster = open_raster(sys.argv[1]); size = raster.width, raster.height\n"
            "print(*size, *raster.transform @ (0, 0), *raster.transform @ size)",
            str(block.path),
        ],
        env=command.environment, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    width, height, west, north, east, south = map(float, told)
    assert (width, height) == (20_480, 20_480)
    found = QgsRectangle(west, south, east, north)
    assert found.toString(3) == block.extent.toString(3)
    levels = range(6)  # until a patch holds it
    assert all(256 * n % 2**level == 0 for n in block.tiles for level in levels)


def test_large_tiles_make_blocks_of_as_many_pixels() -> None:
    large = block_at(BasemapSource(PLAIN, tile_px=512), 17, QgsPointXY(1_000_000, 6_000_000))
    small = block_at(SOURCE, 18, QgsPointXY(1_000_000, 6_000_000))
    assert large is not None
    assert small is not None
    assert (large.core.columns, large.tiles.rows) == (32, 40)
    assert large.extent == small.extent
    assert large.core_extent == small.core_extent


def test_the_world_s_edge_cuts_blocks() -> None:
    whole = block_at(SOURCE, 3, QgsPointXY(0, 0))
    assert whole is not None
    assert whole.tiles == whole.core == (0, 0, 8, 8)
    assert whole.extent.xMaximum() == pytest.approx(HALF_WORLD_M)
    for x, y in ((HALF_WORLD_M + 1, 0), (-HALF_WORLD_M - 1, 0), (0, HALF_WORLD_M + 1)):
        assert block_at(SOURCE, 3, QgsPointXY(x, y)) is None
    corner = block_at(SOURCE, 8, QgsPointXY(1 - HALF_WORLD_M, HALF_WORLD_M - 1))
    assert corner is not None
    assert corner.tiles == (0, 0, 72, 72)
    far = block_at(SOURCE, 8, QgsPointXY(HALF_WORLD_M - 1, 1 - HALF_WORLD_M))
    assert far is not None
    assert far.tiles == (184, 184, 72, 72)


def at_home(source: BasemapSource, zoom: int = 18) -> Block:
    block = block_at(source, zoom, QgsPointXY(1_000_000, 6_000_000))
    assert block is not None
    return block


def test_its_file_says_what_the_engine_needs_and_only_to_its_owner(places: Path) -> None:
    block = at_home(BasemapSource(f"{PLAIN}?key=secret", (("Referer", "me"),), attribution="© E"))
    block.write("Aerials")
    assert block.path.parent.parent == places
    assert block.path.parent.name.startswith("tiles.example.org.")
    x, y = block.core.x - 8, block.core.y - 8
    assert block.path.name == f"z18_x{x}_y{y}_80x80.tiles.json"
    assert json.loads(block.path.read_text(encoding="utf-8")) == {
        "format": "encoder-tool tiles", "format_version": 1, "name": "Aerials",
        "url": f"{PLAIN}?key=secret", "headers": {"Referer": "me"}, "zoom": 18, "min_zoom": 0,
        "tile_px": 256, "x": x, "y": y, "columns": 80, "rows": 80,
        "attribution": "© E",
    }  # fmt: skip
    assert stat.S_IMODE(block.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(block.path.parent.stat().st_mode) == 0o700
    assert [file.name for file in block.path.parent.iterdir()] == [block.path.name]


def test_a_layer_by_another_name_is_the_same_image(places: Path) -> None:
    """What was encoded belongs to the file as it is."""
    at_home(SOURCE).write("Aerials")
    before = at_home(SOURCE).path.read_bytes()
    at_home(BasemapSource(PLAIN, max_zoom=20, attribution="© E")).write("Summer")
    assert at_home(SOURCE).path.read_bytes() == before
    at_home(SOURCE).path.write_text('{"format": "encoder')
    at_home(SOURCE).write("Aerials")
    assert at_home(SOURCE).path.read_bytes() == before


@pytest.mark.parametrize(
    "other",
    [
        BasemapSource(f"{PLAIN}?TIME=2020"),
        BasemapSource(PLAIN, (("Referer", "me"),)),
        BasemapSource(PLAIN, tile_px=512),
        BasemapSource(PLAIN.replace("example", "another")),
    ],
)
def test_another_source_is_another_folder(other: BasemapSource) -> None:
    assert at_home(other).path.parent != at_home(SOURCE).path.parent
    assert at_home(SOURCE, 17).path != at_home(SOURCE, 18).path


# --- the zoom


@pytest.mark.parametrize("latitude_y", [0.0, 6_000_000.0, -9_000_000.0])
@pytest.mark.parametrize(
    ("map_zoom", "least_m", "most_m"),
    [
        (14, 0.3, 4.8),  # no more than three zooms finer than what is seen
        (16, 0.3, 0.61),  # buildings
        (18, 0.27, 0.61),
        (23, 0.198, 0.4),  # no finer than what helps
    ],
)
def test_the_zoom_is_the_map_s_or_what_buildings_need(
    latitude_y: float, map_zoom: int, least_m: float, most_m: float
) -> None:
    """Metres on the ground: zoom 18 has 0.6 m on the equator and 0.3 m at 60 degrees."""
    zoom = proposed_zoom(pixel_size(map_zoom, 256), latitude_y, range(24), 256)
    size = ground_size(zoom, 256, latitude_y)
    assert size == pytest.approx(pixel_size(zoom, 256) / cosh(latitude_y / EARTH_RADIUS_M))
    assert least_m <= size <= most_m
    assert zoom <= map_zoom + 3


def test_the_zoom_is_one_that_the_server_has() -> None:
    street = pixel_size(19, 256)
    assert proposed_zoom(street, 0, range(18), 256) == 17
    assert proposed_zoom(pixel_size(3, 256), 0, range(8, 20), 256) == 8
    assert proposed_zoom(street, 0, range(23), 512) == 18  # the same pixels in larger tiles
