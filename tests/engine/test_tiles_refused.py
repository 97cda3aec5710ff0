"""What cannot be fetched, or may not be, is refused in one sentence before anything is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from encoder_tool.errors import CacheNotFoundError, EngineError, OutputError, TileError, UsageError
from encoder_tool.tiles import plan_tiles
from encoder_tool.types import BoundsMap
from tests.support.tile_requests import asked, make
from tests.support.tile_server import TileServer


def test_a_crs_that_cannot_be_is_refused_before_anything_is_fetched(
    tile_site: TileServer, tmp_path: Path
) -> None:
    for crs in ("EPSG:nonsense", "EPSG:5701"):
        with pytest.raises(UsageError):
            make(asked(tile_site.template, tmp_path / "o.tif", crs=crs))
    assert not tile_site.asked


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
