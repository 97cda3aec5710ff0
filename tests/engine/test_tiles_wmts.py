"""WMTS: from a service's description to a raster, and what cannot be used."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import rasterio

from encoder_tool.errors import TileError, UsageError
from encoder_tool.tiles import plan_tiles
from encoder_tool.tiles.source import WebSource
from encoder_tool.tiles.web_mercator import HALF_WORLD_M, Tile
from encoder_tool.tiles.wmts import read_capabilities
from tests.support.tile_requests import asked, make
from tests.support.tile_server import Reply, TileServer, coordinates_of, tile_png

WORLD_SCALE = 2 * HALF_WORLD_M / 256 / 0.00028
"""The scale denominator of zoom 0."""

CAPABILITIES = """<?xml version="1.0"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"
    xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">
  <ows:ServiceProvider><ows:ProviderName>The Office</ows:ProviderName></ows:ServiceProvider>
  <ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP>
    <ows:Get xlink:href="{url}/kvp?map=a"/>
  </ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>
  <Contents>
    <Layer>
      <ows:Title>Aerial images</ows:Title><ows:Identifier>ortho</ows:Identifier>
      <Style><ows:Identifier>grey</ows:Identifier></Style>
      <Style isDefault="true"><ows:Identifier>colour</ows:Identifier></Style>
      <Format>image/png</Format>
      <Dimension><ows:Identifier>Time</ows:Identifier><Default>2026</Default></Dimension>
      <TileMatrixSetLink><TileMatrixSet>national</TileMatrixSet></TileMatrixSetLink>
      <TileMatrixSetLink><TileMatrixSet>web</TileMatrixSet></TileMatrixSetLink>
      {resource}
    </Layer>
    <Layer>
      <ows:Title>National only</ows:Title><ows:Identifier>national</ows:Identifier>
      <TileMatrixSetLink><TileMatrixSet>national</TileMatrixSet></TileMatrixSetLink>
    </Layer>
    <TileMatrixSet>
      <ows:Identifier>national</ows:Identifier>
      <ows:SupportedCRS>urn:ogc:def:crs:EPSG::25832</ows:SupportedCRS>
      {national}
    </TileMatrixSet>
    <TileMatrixSet>
      <ows:Identifier>web</ows:Identifier>
      <ows:SupportedCRS>urn:ogc:def:crs:EPSG:6.18.3:3857</ows:SupportedCRS>
      {web}
    </TileMatrixSet>
  </Contents>
</Capabilities>"""

REST = (
    '<ResourceURL format="image/png" resourceType="tile" template="{url}/{{TileMatrix}}/'
    '{{TileCol}}/{{TileRow}}.png?style={{Style}}&amp;time={{Time}}&amp;set={{TileMatrixSet}}"/>'
)


def matrices(name: str, corner: str, shift: float = 0.0) -> str:
    return "".join(
        f"""<TileMatrix><ows:Identifier>{name}{zoom}</ows:Identifier>
        <ScaleDenominator>{WORLD_SCALE / 2 ** (zoom + shift):.9f}</ScaleDenominator>
        <TopLeftCorner>{corner}</TopLeftCorner><TileWidth>256</TileWidth>
        <TileHeight>256</TileHeight></TileMatrix>"""
        for zoom in range(4, 17)
    )


def capabilities(url: str, rest: bool = True, corner: str = "-20037508.34 20037508.34") -> bytes:
    return CAPABILITIES.format(
        url=url,
        resource=REST.format(url=url) if rest else "",
        national=matrices("n:", "-46133.17 6301219.54"),
        web=matrices("" if rest else "web:", corner),
    ).encode()


def serve(site: TileServer, document: bytes) -> str:
    site.documents["/wmts.xml"] = Reply(body=document, kind="application/xml")
    return f"WMTS:{site.url}/wmts.xml"


@pytest.mark.parametrize("rest", [True, False])
def test_a_wmts_becomes_a_raster(tile_site: TileServer, tmp_path: Path, rest: bool) -> None:
    source = serve(tile_site, capabilities(tile_site.url, rest))
    summary = make(asked(f"{source},layer=ortho", tmp_path / "o.tif"))
    assert summary.source == "Aerial images, WMTS of 127.0.0.1"
    assert summary.attribution == "The Office"
    assert summary.tiles == summary.fetched == 12
    with rasterio.open(tmp_path / "o.tif") as dataset:
        columns, rows = coordinates_of(dataset.read([1, 2, 3]))
        column = (dataset.transform.c + HALF_WORLD_M) / dataset.transform.a
        row = (HALF_WORLD_M - dataset.transform.f) / dataset.transform.a
    assert column % 4096 == pytest.approx(columns[0, 0], abs=0.01)
    assert row % 4096 == pytest.approx(rows[0, 0], abs=0.01)
    query = dict(parse_qsl(urlsplit(tile_site.asked[0].path).query))
    if rest:
        assert query == {"style": "colour", "time": "2026", "set": "web"}
    else:
        assert query["map"] == "a" and query["STYLE"] == "colour" and query["TIME"] == "2026"
        assert query["TILEMATRIX"] == "web:14" and query["FORMAT"] == "image/png"


def test_style_and_zooms_are_the_services(tile_site: TileServer, tmp_path: Path) -> None:
    source = serve(tile_site, capabilities(tile_site.url))
    plan = plan_tiles(asked(f"{source},layer=ortho,style=grey", tmp_path / "o.tif"))
    assert isinstance(plan.source, WebSource)
    assert "style=grey" in plan.source.url_of(Tile(5, 1, 1))
    for zoom in (3, 17):
        with pytest.raises(UsageError, match=f"has zooms 4 to 16, not {zoom}"):
            plan_tiles(asked(f"{source},layer=ortho", tmp_path / "o.tif", zoom=zoom))


def test_what_a_service_does_not_have(tile_site: TileServer, tmp_path: Path) -> None:
    source = serve(tile_site, capabilities(tile_site.url))
    cases = {
        "": "Several layers are there: choose by layer=NAME from ortho, national",
        ",layer=gone": "no layer gone: choose by layer=NAME from ortho, national",
        ",layer=ortho,style=blue": "no style blue: choose from grey, colour",
        ",layer=ortho,tilematrixset=x": "no tilematrixset x: choose from national, web",
    }
    for options, sentence in cases.items():
        with pytest.raises(UsageError, match=sentence):
            plan_tiles(asked(source + options, tmp_path / "o.tif"))
    with pytest.raises(TileError, match=r"no tiles in the web's grid \(EPSG:3857\), only in nat"):
        plan_tiles(asked(f"{source},layer=national", tmp_path / "o.tif"))
    with pytest.raises(TileError, match="answered 404"):
        plan_tiles(asked(f"WMTS:{tile_site.url}/gone.xml,layer=a", tmp_path / "o.tif"))


@pytest.mark.parametrize(
    "document",
    [
        b"", b"not XML", b"<html></html>", b"<?xml version='1.0'?><WMS_Capabilities/>",
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    ],
)  # fmt: skip
def test_what_is_no_description_is_one_sentence(document: bytes) -> None:
    with pytest.raises(TileError, match="no description of a WMTS"):
        read_capabilities(document, {})


def test_a_grid_that_is_not_the_webs_is_not_taken_for_it() -> None:
    """A corner a metre off, or scales between the web's: pixels would lie elsewhere."""
    shifted = capabilities("http://h.org", corner="-20037507.34 20037508.34")
    between = capabilities("http://h.org").replace(
        matrices("", "-20037508.34 20037508.34").encode(),
        matrices("", "-20037508.34 20037508.34", shift=0.3).encode(),
    )
    for document in (shifted, between):
        with pytest.raises(TileError, match="no tiles in the web's grid"):
            read_capabilities(document, {"layer": "ortho"})
    assert read_capabilities(capabilities("http://h.org"), {"layer": "ortho"}).zooms == range(4, 17)


@pytest.mark.parametrize(
    ("told", "instead"),
    [
        ("<TileWidth>256<", "<TileWidth><"),
        ("<TileWidth>256<", "<TileWidth>0<"),
        ("<ScaleDenominator>", "<ScaleDenominator>-"),
        ("<ScaleDenominator>", "<ScaleDenominator>1e-999"),
        ("<TopLeftCorner>-20037508.34 ", "<TopLeftCorner>"),
    ],
)
def test_a_grid_of_impossible_numbers_is_none(told: str, instead: str) -> None:
    document = capabilities("http://h").replace(told.encode(), instead.encode())
    with pytest.raises(TileError, match="has no tiles in the web's grid"):
        read_capabilities(document, {"layer": "ortho"})


def test_no_tile_is_asked_for_twice(tile_site: TileServer, tmp_path: Path) -> None:
    source = serve(tile_site, capabilities(tile_site.url)) + ",layer=ortho"
    tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile))
    make(asked(source, tmp_path / "a.tif"))
    make(asked(source, tmp_path / "b.tif"))
    assert set(tile_site.counts.values()) == {1}
