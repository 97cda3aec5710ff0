"""Groups that QGIS shows as one layer, as a GeoTIFF: by a group of the tests' own, too, since QGIS
before 3.24 has none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from layer_rasters import COLUMN, ROW, Make, mean_shift_px
from osgeo import gdal
from qgis import core
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsMapLayer,
    QgsPluginLayer,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsVectorLayer,
)
from served_tiles import PIXEL_M, ServedTiles, extent_px, place_px

from geosam_plugin.attribution import attribution_of
from geosam_plugin.layer_to_raster import run

Group = Callable[..., QgsMapLayer]

EXTENT = "500000,500400,4649000,4649400 [EPSG:32633]"


class OwnGroup(QgsPluginLayer):
    """What is asked of a group, with its layers from the bottom up."""

    def __init__(self, crs: str, *layers: QgsMapLayer) -> None:
        super().__init__("group", "group")
        self.setCrs(QgsCoordinateReferenceSystem(crs))
        self.setValid(True)
        self._layers = layers
        whole = QgsRectangle()
        for layer in layers:
            to_own = QgsCoordinateTransform(layer.crs(), self.crs(), QgsProject.instance())
            whole.combineExtentWith(to_own.transformBoundingBox(layer.extent()))
        self.setExtent(whole)

    def childLayers(self) -> list[QgsMapLayer]:  # noqa: N802 - Qt's way
        return list(self._layers)


@pytest.fixture(params=["QGIS's", "own"])
def group(request: pytest.FixtureRequest) -> Group:
    if request.param == "own":
        return OwnGroup
    if not hasattr(core, "QgsGroupLayer"):
        pytest.skip("QGIS has group layers since 3.24")

    def make(crs: str, *layers: QgsMapLayer) -> QgsMapLayer:
        options = core.QgsGroupLayer.LayerOptions(QgsCoordinateTransformContext())
        made = core.QgsGroupLayer("group", options)
        made.setChildLayers(list(layers))
        made.setCrs(QgsCoordinateReferenceSystem(crs))
        return made

    return make


def square(colour: str, *edges: float, crs: str = "EPSG:32633") -> QgsVectorLayer:
    layer = QgsVectorLayer(f"Polygon?crs={crs}", colour, "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(*edges)))
    layer.dataProvider().addFeatures([feature])
    symbol = QgsFillSymbol.createSimple({"color": colour, "outline_style": "no"})
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    return layer


def test_its_layers_lie_one_over_another(make_raster: Make, tmp_path: Path, group: Group) -> None:
    """Groups in it, too; each in its own CRS; and what none covers is transparent."""
    red = square("255,0,0", 500100, 4649100, 500300, 4649300)
    green = square("0,255,0", 500200, 4649200, 500350, 4649350)
    blue = square("0,0,255", 500250, 4649250, 500280, 4649280)
    made = make_raster(
        group("EPSG:32633", red, group("EPSG:32633", green, blue)), EXTENT=EXTENT, RESOLUTION=1
    )
    assert (made["COLUMNS"], made["ROWS"]) == (400, 400)
    pixels = gdal.Open(str(tmp_path / "out.tif")).ReadAsArray()
    expected = np.zeros((4, 400, 400), np.uint8)
    for colour, (west, south, east, north) in (
        ((255, 0, 0), (100, 100, 300, 300)),
        ((0, 255, 0), (200, 200, 350, 350)),
        ((0, 0, 255), (250, 250, 280, 280)),
    ):
        expected[:, 400 - north : 400 - south, west:east] = np.reshape((*colour, 255), (4, 1, 1))
    assert np.array_equal(pixels[3], expected[3])
    seen = expected[3] > 0
    assert np.array_equal(pixels[:3, seen], expected[:3, seen])


def test_a_web_map_in_it_is_fetched_and_lies_where_it_belongs(
    good_tiles: ServedTiles, make_raster: Make, tmp_path: Path, group: Group
) -> None:
    left, top = place_px(COLUMN + 100, ROW + 50)
    over = square(
        "9,9,9", left, top - 20 * PIXEL_M, left + 30 * PIXEL_M, top, crs="EPSG:3857"
    )  # fmt: skip
    both = group("EPSG:3857", good_tiles.xyz("group", last=14), over)
    make_raster(both, EXTENT=extent_px(COLUMN, ROW, 220, 120), RESOLUTION=PIXEL_M)
    alone = group("EPSG:3857", good_tiles.xyz("group", last=14))
    plain = tmp_path / "plain.tif"
    make_raster(
        alone, EXTENT=extent_px(COLUMN, ROW, 220, 120), RESOLUTION=PIXEL_M, OUTPUT=str(plain)
    )
    assert mean_shift_px(plain) < 0.6
    found, before = (gdal.Open(str(path)).ReadAsArray() for path in (tmp_path / "out.tif", plain))
    covered = np.zeros(found.shape[1:], bool)
    covered[50:70, 100:130] = True
    assert (found[:3, covered] == 9).all()
    assert np.array_equal(found[:, ~covered], before[:, ~covered])


def test_what_a_server_does_not_deliver_is_told(
    tiles: ServedTiles, make_raster: Make, tmp_path: Path, group: Group,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    tiles.reply("500")
    layer = group("EPSG:3857", tiles.xyz("group-500", last=14))
    with pytest.raises(QgsProcessingException, match=r"500|Internal Server Error"):
        make_raster(layer, EXTENT=extent_px(COLUMN, ROW, 200, 200), RESOLUTION=PIXEL_M)
    assert not (tmp_path / "out.tif").exists()


def test_the_terms_of_what_is_in_it_hold(make_raster: Make, group: Group) -> None:
    url = "https://tile.openstreetmap.org/%7Bz%7D/%7Bx%7D/%7By%7D.png"
    layer = group("EPSG:3857", QgsRasterLayer(f"type=xyz&url={url}&zmax=19", "OSM", "wms"))
    with pytest.raises(QgsProcessingException, match=r"961 tiles.*forbid bulk downloads"):
        make_raster(
            layer, EXTENT=extent_px(8875 * 256, 6091 * 256, 31 * 256, 31 * 256), RESOLUTION=PIXEL_M
        )


def test_whom_its_layers_name_is_named_once(group: Group) -> None:
    layers = [square("9,9,9", 0, 0, 1, 1) for _ in range(4)]
    for layer, name in zip(layers, ("© A", "", "© <b>B</b>", "© A"), strict=True):
        layer.setAttribution(name)
    made = group("EPSG:32633", *layers[:2], group("EPSG:32633", *layers[2:]))
    assert attribution_of(made) == "© A, © B"
    metadata = made.metadata()
    metadata.setRights(["© All"])
    made.setMetadata(metadata)
    assert attribution_of(made) == "© All"
