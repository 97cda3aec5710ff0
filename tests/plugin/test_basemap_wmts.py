"""Layers of a WMTS as the engine is told of them: where tiles are the web's they can be clicked."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest
from by_hand import MERCATOR
from coordinate_services import coordinate_services, wmts_capabilities
from qgis.core import QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, settle, wait_for
from record import Record
from served_tiles import HALF_WORLD_M, PIXEL_M, ZOOM, meant_places, place_px

from geosam_plugin.basemap.block import PLACES_VARIABLE, block_at
from geosam_plugin.basemap.source import BasemapError, description_url, source_of
from geosam_plugin.basemap.wmts import OtherGridError, WmtsChoice, wmts_tiles
from geosam_plugin.engine.command import EngineCommand, with_variables
from geosam_plugin.window.workspace import Workspace

CHOICE = WmtsChoice("ortho", "default", "web", "image/png", {})

MIDDLE = QgsPointXY(*place_px(8875 * 256, 6091 * 256))


@pytest.fixture(scope="module")
def services() -> Iterator[str]:
    with coordinate_services() as url:
        yield url


@pytest.fixture(autouse=True)
def places(project: QgsProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLACES_VARIABLE, str(tmp_path / "places"))


def wmts_layer(services: str, more: str = "") -> QgsRasterLayer:
    url = quote(f"{services}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", safe=":/")
    source = f"crs=EPSG:3857&format=image/png&layers=ortho&styles=default&tileMatrixSet=web{more}"
    return QgsRasterLayer(f"{source}&url={url}", "City", "wms")


def described(*changes: tuple[str, str]) -> bytes:
    text = wmts_capabilities("https://wmts.example.org")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


# --- where its tiles are


def test_its_tiles_are_asked_for_by_parameters(services: str) -> None:
    layer = wmts_layer(services, "&http-header:x-from=town")
    assert layer.isValid()
    assert description_url(layer) == f"{services}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"
    source = source_of(layer, wmts_capabilities(services).encode())
    address, query = source.url.split("?")
    assert address == f"{services}/wmts"
    assert {name: values[0] for name, values in parse_qs(query).items()} == {
        "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "FORMAT": "image/png",
        "LAYER": "ortho", "STYLE": "default", "TILEMATRIXSET": "web", "TILEMATRIX": "{z}",
        "TILEROW": "{y}", "TILECOL": "{x}",
    }  # fmt: skip
    assert (source.tile_px, source.min_zoom, source.max_zoom) == (256, ZOOM - 1, ZOOM + 1)
    assert source.headers == (("X-From", "town"),)


def test_the_engine_reads_them_where_they_lie(
    services: str, command: EngineCommand, tmp_path: Path
) -> None:
    """To the pixel, by tiles whose colours say where they are."""
    block = block_at(
        source_of(wmts_layer(services), wmts_capabilities(services).encode()), ZOOM, MIDDLE
    )
    block.write("City")
    column, row = (8875 - block.tiles.x) * 256 - 300, (6091 - block.tiles.y) * 256 - 200
    script = """import sys, numpy as np
from encoder_tool.raster import open_raster
from encoder_tool.types import StretchRecord, Window
path, out, column, row = sys.argv[1:]
raster = open_raster(path)
plain = StretchRecord("none", (0.0,) * 3, (255.0,) * 3)
window = Window(int(column), int(row), 600, 500)
read = raster.read_patch(0, window, plain, (0.5,) * 3)
assert read.valid.all()
np.savez(out, image=read.image, place=raster.transform @ (window.col_off, window.row_off))
"""
    tiles = with_variables(
        command, {"ENCODER_TOOL_TILES": str(tmp_path / "tiles"), "NO_PROXY": "127.0.0.1"}
    )
    out = tmp_path / "read.npz"
    subprocess.run(
        [command.program, "-c", script, str(block.path), str(out), str(column), str(row)],
        env=tiles.environment, check=True,
    )  # fmt: skip
    read = np.load(out)
    columns, rows = meant_places(np.rint(255 * read["image"]))
    left, top = read["place"]
    x = (left + HALF_WORLD_M) / PIXEL_M + np.arange(600) + 0.5
    y = (HALF_WORLD_M - top) / PIXEL_M + np.arange(500)[:, None] + 0.5
    error_x = (x - (columns + 0.5) + 2048) % 4096 - 2048
    error_y = (y - (rows + 0.5) + 2048) % 4096 - 2048
    assert max(np.abs(error_x).max(), np.abs(error_y).max()) < 0.01


def test_its_tiles_may_have_addresses_of_their_own() -> None:
    """And names for zooms, other sizes, and dimensions: what is chosen, else what the service
    takes."""
    resource = (
        '<ResourceURL format="image/png" resourceType="tile" template="https://t.example.org/'
        '{Style}/{Time}/{Elevation}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png?k=1"/>'
    )
    dimensions = "".join(
        f"<Dimension><ows:Identifier>{name}</ows:Identifier><Default>{value}</Default></Dimension>"
        for name, value in (("Time", "2020"), ("Elevation", "5"))
    )
    scales = [
        (f"<ows:Identifier>{zoom}</ows:Identifier>", f"<ows:Identifier>web:{zoom}</ows:Identifier>")
        for zoom in (ZOOM - 1, ZOOM, ZOOM + 1)
    ]
    told = described(
        ("<TileMatrixSetLink>", f"{dimensions}<TileMatrixSetLink>"),
        ("</Layer>", f"{resource}</Layer>"),
        *scales, ("urn:ogc:def:crs:EPSG::3857", "EPSG:3857"),
    )  # fmt: skip
    choice = WmtsChoice("ortho", "default", "web", "image/png", {"time": "2024"})
    tiles = wmts_tiles(told, choice)
    assert tiles.url == "https://t.example.org/default/2024/5/web/web:{z}/{y}/{x}.png?k=1"
    assert tiles.zooms == range(ZOOM - 1, ZOOM + 2)
    # Of pictures of another kind than the layer's there may be other addresses.
    jpeg = WmtsChoice("ortho", "default", "web", "image/jpeg", {"time": "2024"})
    asked = parse_qs(urlsplit(wmts_tiles(told, jpeg).url).query)
    assert (asked["FORMAT"], asked["TIME"], asked["TILEMATRIX"]) == (
        ["image/jpeg"], ["2024"], ["web:{z}"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        ("EPSG::3857", "EPSG::25832"),
        ("-20037508.342789244 20037508.342789244", "-20037508.34 19971868.88"),
        (f"<ows:Identifier>{ZOOM}</ows:Identifier>", "<ows:Identifier>3</ows:Identifier>"),
        (f"<ows:Identifier>{ZOOM}</ows:Identifier>", "<ows:Identifier/>"),
        ("<TileWidth>256", "<TileWidth>300"),
        ("<ScaleDenominator>", "<ScaleDenominator>1"),
        ("<ScaleDenominator>", "<ScaleDenominator>nothing"),
        ("<ows:Identifier>ortho", "<ows:Identifier>other"),
        ('<ows:Operation name="GetTile">', '<ows:Operation name="GetFeatureInfo">'),
        ("<ows:Value>KVP", "<ows:Value>SOAP"),
        ('<?xml version="1.0"?>', '<!DOCTYPE a [<!ENTITY b "c">]>'),
        ("</Capabilities>", ""),
    ],
)
def test_what_is_not_in_the_web_s_grid_is_no_web_map(change: tuple[str, str]) -> None:
    wmts_tiles(described(), CHOICE)
    with pytest.raises(OtherGridError):
        wmts_tiles(described(change), CHOICE)


@pytest.mark.parametrize("side", [300, 2048])
def test_tiles_that_the_engine_does_not_read_are_told(services: str, side: int) -> None:
    scale = PIXEL_M / 0.00028
    told = described(
        ("<TileWidth>256", f"<TileWidth>{side}"), ("<TileHeight>256", f"<TileHeight>{side}"),
        *(
            (f"{scale * 2.0**k!r}", f"{scale * 2.0**k * 256 / side!r}") for k in (1, 0, -1)
        ),
    )  # fmt: skip
    assert wmts_tiles(told, CHOICE).tile_px == side
    with pytest.raises(BasemapError, match=r"“City” is a WMTS whose tiles.*“Layer to raster”"):
        source_of(wmts_layer(services), told)


def test_a_wmts_with_an_authentication_is_not_asked(services: str) -> None:
    layer = wmts_layer(services, "&authcfg=abc1234")
    assert description_url(layer) == ""
    with pytest.raises(BasemapError, match=r"stays in QGIS.*“Layer to raster”"):
        source_of(layer)


# --- in the window


@pytest.fixture
def chosen(
    window: Window, project: QgsProject, stub: Callable[..., EngineCommand]
) -> Iterator[Callable[[QgsRasterLayer], Workspace]]:
    made: list[Workspace] = []

    def choose(layer: QgsRasterLayer) -> Workspace:
        project.addMapLayer(layer)
        window.canvas.setDestinationCrs(MERCATOR)
        side = 600 * PIXEL_M
        window.canvas.setExtent(QgsRectangle.fromCenterAndSize(MIDDLE, side, side))
        workspace = Workspace(window, stub())
        made.append(workspace)
        return workspace

    yield choose
    for workspace in made:
        workspace.close()
    settle()


def test_a_wmts_is_clicked_like_any_web_map(
    chosen: Callable[[QgsRasterLayer], Workspace], services: str, record: Record
) -> None:
    workspace = chosen(wmts_layer(services))
    wait_for(workspace.dock.image.click_now.isEnabled)
    zooms = workspace.dock.image.basemap.zoom
    offered = [zooms.itemData(at) for at in range(zooms.count())]
    assert offered == [ZOOM - 1, ZOOM, ZOOM + 1]
    QTest.mouseClick(workspace.dock.image.click_now, LEFT)
    wait_for(lambda: bool(record.of("encode")))
    told = json.loads(Path(record.of("encode")[0]["raster"]).read_text(encoding="utf-8"))
    assert "TILEMATRIX={z}&TILEROW={y}&TILECOL={x}" in told["url"]
    assert (told["zoom"], told["min_zoom"]) == (ZOOM + 1, ZOOM - 1)


def test_a_wmts_in_another_grid_names_the_way_round(
    chosen: Callable[[QgsRasterLayer], Workspace], services: str
) -> None:
    workspace = chosen(wmts_layer(services, "&tileDimensions="))
    layer = workspace.dock.image.layer
    layer.setDataSource(layer.source().replace("layers=ortho", "layers=gone"), "City", "wms")
    wait_for(lambda: "“City” is a WMTS whose tiles" in workspace.dock.image.state.text())
    assert "“Layer to raster”" in workspace.dock.image.state.text()
    assert not workspace.dock.image.click_now.isEnabled()


def test_a_server_that_has_gone_meanwhile_is_told(
    chosen: Callable[[QgsRasterLayer], Workspace], services: str
) -> None:
    layer = wmts_layer(services)
    url = quote("http://127.0.0.1:9/wmts?SERVICE=WMTS&key=sesame", safe=":/")
    layer.setDataSource(f"{layer.source().partition('&url=')[0]}&url={url}", "City", "wms")
    workspace = chosen(layer)
    wait_for(lambda: "has not told what it offers" in workspace.dock.image.state.text())
    assert "sesame" not in workspace.dock.image.state.text()
