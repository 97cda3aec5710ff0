"""What no raster can be made of, or not without consent, is refused before anything is fetched."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from layer_rasters import COLUMN, ROW, Feedback, Make
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)
from served_tiles import PIXEL_M, ZOOM, ServedTiles, extent_px, place_px, position_error_px

from geosam_plugin.layer_to_raster.plan import Wanted, plan_raster
from geosam_plugin.layer_to_raster.refusal import RefusedError

WORLD = "-180,180,-90,90 [EPSG:4326]"

REFUSED = {
    "across, written": ({"EXTENT": "179.5,-179.5,-1,1 [EPSG:4326]"},
        "EXTENT.*crosses the antimeridian.*179.5,180,-1,1 and of -180,-179.5,-1,1"),
    "across, beyond": ({"EXTENT": "179.5,180.5,-1,1 [EPSG:4326]"},
        "EXTENT.*crosses the antimeridian.*179.5,180,-1,1 and of -180,-179.5,-1,1"),
    "in metres": ({"EXTENT": "20000000,20100000,0,1000 [EPSG:3857]"},
        "EXTENT.*crosses the antimeridian"),
    "the pole": ({"EXTENT": "10,11,86,87 [EPSG:4326]"}, "EXTENT.*Web maps end at 85.05 degrees"),
    "no extent": ({"EXTENT": None}, "EXTENT.*“basemap” has no end of its own"),
    "no zoom": ({"ZOOM": None}, "ZOOM.*Give a zoom from 0 to 19, or a resolution"),
    "both": ({"RESOLUTION": 1}, "ZOOM.*not both"),
    "a zoom too many": ({"ZOOM": 20}, "ZOOM.*has the zooms 0 to 19, not 20"),
    "no tiff": ({"OUTPUT": "out.png"}, "OUTPUT.*name end in .tif"),
    "no folder": ({"OUTPUT": "/nowhere/out.tif"}, "OUTPUT.*There is no folder /nowhere"),
    "large": ({"ZOOM": 19}, "ALLOW_LARGE.*more than 66 million"),
    "absurd": ({"EXTENT": WORLD, "ZOOM": 19, "ALLOW_LARGE": True}, "more than can be made"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_before_anything_is_fetched(
    good_tiles: ServedTiles, make_raster: Make, case: str
) -> None:
    changes, sentence = REFUSED[case]
    given = {"EXTENT": extent_px(COLUMN, ROW, 700, 700), "ZOOM": ZOOM, **changes}
    with pytest.raises(QgsProcessingException, match=sentence):
        make_raster(good_tiles.xyz(case), **given)
    assert not good_tiles.asked()


@pytest.mark.parametrize(
    ("host", "is_capped"),
    [
        ("tile.openstreetmap.org", True),
        ("tile.openstreetmap.org.", True),
        ("{switch:a,b}.tile.openstreetmap.org:443", True),
        ("{switch:tiles.example.org,a.tile.osm.org}", True),
        ("tile.openstreetmap.org.example", False),
    ],
)
def test_servers_whose_terms_forbid_bulk_downloads_are_asked_for_a_hundred_tiles(
    project: QgsProject, host: str, is_capped: bool
) -> None:
    url = quote(f"https://{host}/{{z}}/{{x}}/{{y}}.png", safe="")
    layer = QgsRasterLayer(f"type=xyz&url={url}&zmax=19", "streets", "wms")
    for side, count in ((10, 100), (11, 121), (31, 961)):
        west, north = place_px(256 * 8875, 256 * 6091)
        east, south = place_px(256 * (8875 + side), 256 * (6091 + side))
        extent = QgsReferencedRectangle(
            QgsRectangle(west, south, east, north), QgsCoordinateReferenceSystem("EPSG:3857")
        )
        wanted = Wanted(layer, extent, project.transformContext(), zoom=ZOOM)
        if is_capped and count > 100:
            with pytest.raises(RefusedError, match=f"{count} tiles.*100 at once") as raised:
                plan_raster(wanted)
            assert raised.value.about == "extent"
        else:
            assert plan_raster(wanted).made.columns == 256 * side


def test_the_world_ends_at_85_degrees(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path
) -> None:
    feedback = Feedback()
    make_raster(good_tiles.xyz("world"), feedback, EXTENT=WORLD, ZOOM=1)
    assert gdal.Open(str(tmp_path / "out.tif")).RasterYSize == 512
    assert position_error_px(tmp_path / "out.tif", PIXEL_M * 2 ** (ZOOM - 1)) < 0.01
    assert any("85.05 degrees: the extent is cut off" in text for text in feedback.said)
