"""Layers that are no files are encoded by way of a raster."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from layer_rasters import (
    COLUMN,
    ROW,
    Feedback,
    Make,
    Results,
    attributes_of,
)
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis_window import Window, wait_for
from served_tiles import (
    HALF_WORLD_M,
    PIXEL_M,
    ServedTiles,
    extent_px,
    place_px,
    position_error_px,
)

from geosam_plugin.attribution import name_source
from geosam_plugin.cache_paths import is_cache
from geosam_plugin.layer_to_raster import plan, run
from geosam_plugin.layer_to_raster.refusal import RefusedError
from geosam_plugin.processing.kept_raster import KeptRaster
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.window.encode_dialog import EncodeDialogs


def test_a_web_map_is_encoded_by_way_of_a_raster_that_is_kept(
    good_tiles: ServedTiles,
    encode_layer: Make,
    user_cache: Path,
    project: QgsProject,
) -> None:
    good_tiles.reply("scene")
    layer = good_tiles.xyz("encoded")
    metadata = layer.metadata()
    metadata.setRights(["© Scene"])
    layer.setMetadata(metadata)
    tile = 2 * HALF_WORLD_M / 2**18
    left, top = 140_001 * tile - HALF_WORLD_M, HALF_WORLD_M - 76_801 * tile
    extent = f"{left},{left + 3 * tile},{top - 2 * tile},{top} [EPSG:3857]"
    feedback, context = Feedback(), QgsProcessingContext()
    context.setProject(project)
    # Nearer to zoom 18 than to any other.
    made = encode_layer(layer, feedback, context, EXTENT=extent, RESOLUTION=0.7)
    raster, cache = Path(made["RASTER"]), Path(made["OUTPUT"])
    assert raster.parent == user_cache / "rasters"
    assert cache == raster.with_name(f"{raster.name}.nano.sam2.zarr")
    assert made["ENCODED"] == 1
    assert any("is kept, and encoded now" in text and str(raster) in text for text in feedback.said)
    dataset = gdal.Open(str(raster))
    assert (dataset.RasterXSize, dataset.RasterYSize) == (768, 512)
    described = attributes_of(cache)
    assert described["raster"]["attribution"] == "© Scene"
    assert described["stretch"]["method"] == "none", "8-bit pixels are read as they are"
    assert described["bands"] == [1, 2, 3]
    assert context.willLoadLayerOnCompletion(str(raster))
    assert len(good_tiles.asked()) == 6

    again = encode_layer(layer, feedback, EXTENT=extent, RESOLUTION=0.7)
    assert (again["ENCODED"], again["SKIPPED"], again["RASTER"]) == (0, 1, str(raster))
    assert not good_tiles.asked()
    assert any("that was made before is encoded" in text for text in feedback.said)

    layer.brightnessFilter().setBrightness(60)
    brighter = encode_layer(layer, EXTENT=extent, RESOLUTION=0.7)
    assert brighter["RASTER"] != str(raster), "another style shows something else"
    anew = encode_layer(layer, EXTENT=extent, RESOLUTION=0.7, RESTART=True)
    assert anew["ENCODED"] == 1


def test_a_chosen_cache_has_its_raster_beside_it(
    good_tiles: ServedTiles, encode_layer: Make, user_cache: Path, tmp_path: Path
) -> None:
    extent = extent_px(COLUMN, ROW, 300, 300)
    layer = good_tiles.xyz("beside")
    made = encode_layer(
        layer, EXTENT=extent, RESOLUTION=PIXEL_M, OUTPUT=str(tmp_path / "mine.sam2.zarr")
    )
    assert made["OUTPUT"] == str(tmp_path / "mine.sam2.zarr")
    assert Path(made["RASTER"]).parent == tmp_path
    assert position_error_px(Path(made["RASTER"])) < 0.01
    assert not user_cache.exists()


def test_what_a_web_map_needs_to_be_encoded_is_said(
    tiles: ServedTiles, encode_layer: Make, user_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RETRY_WAITS_S", (0.01,))
    layer, extent = tiles.xyz("said"), extent_px(COLUMN, ROW, 300, 300)
    for given, sentence in (
        ({"RESOLUTION": 1}, "EXTENT.*has no end of its own"),
        ({"EXTENT": extent}, "RESOLUTION.*Give a zoom from 0 to 19, or a resolution"),
        ({"EXTENT": extent, "RESOLUTION": 1, "BANDS": [1]}, "BANDS.*encoded as it is displayed"),
        ({"EXTENT": extent_px(0, 0, 1e5, 1e5), "RESOLUTION": 10}, "ALLOW_LARGE.*Agree to a large"),
    ):
        with pytest.raises(QgsProcessingException, match=sentence):
            encode_layer(layer, **given)
    tiles.reply("500")
    with pytest.raises(QgsProcessingException, match="Internal Server Error"):
        encode_layer(layer, EXTENT=extent, RESOLUTION=PIXEL_M)
    assert not list((user_cache / "rasters").iterdir())


@pytest.mark.parametrize("name", ["layertoraster", "encoderaster"])
def test_a_run_that_nobody_has_checked_needs_consent_as_well(
    provider: GeoSamProvider, project: QgsProject, user_cache: Path, tmp_path: Path, name: str
) -> None:
    given = {
        "INPUT": nowhere(),
        "EXTENT": extent_px(0, 0, 1e5, 1e5),
        "RESOLUTION": 10,
        **({"OUTPUT": str(tmp_path / "out.tif")} if name == "layertoraster" else {}),
    }
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"geosam:{name}")
    feedback = QgsProcessingFeedback(False)
    _, is_fine = algorithm.run(given, QgsProcessingContext(), feedback)
    assert not is_fine and not user_cache.exists()
    assert re.search("ALLOW_LARGE.*Agree to a large", feedback.textLog())


def test_a_large_raster_that_is_there_needs_consent_to_be_made_anew(
    project: QgsProject, user_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "ASK_ABOVE", 1000)
    layer = nowhere()
    (west, north), (east, south) = place_px(COLUMN, ROW), place_px(COLUMN + 300, ROW + 300)
    extent = QgsReferencedRectangle(
        QgsRectangle(west, south, east, north), QgsCoordinateReferenceSystem("EPSG:3857")
    )
    wanted = plan.Wanted(layer, extent, project.transformContext(), zoom=14)
    first = KeptRaster(wanted, layer, None, anew=False, is_agreed=False)
    for refused in (first.check, first.prepare):
        with pytest.raises(RefusedError, match="Agree to a large"):
            refused()
    assert not user_cache.exists()
    first.path.parent.mkdir(parents=True)
    first.path.touch()
    first.check()
    first.prepare()
    again = KeptRaster(wanted, layer, None, anew=True, is_agreed=False)
    for refused in (again.check, again.prepare):
        with pytest.raises(RefusedError, match="Agree to a large"):
            refused()
    KeptRaster(wanted, layer, None, anew=True, is_agreed=True).check()


def nowhere() -> QgsRasterLayer:
    """A web map that no server has."""
    url = quote("http://127.0.0.1:9/{z}/{x}/{y}.png", safe=":/")
    return QgsRasterLayer(f"type=xyz&url={url}&zmin=0&zmax=19", "basemap", "wms")


def test_the_docks_dialog_puts_the_raster_into_the_project(
    good_tiles: ServedTiles,
    with_processing: Window,
    provider: GeoSamProvider,
    project: QgsProject,
    user_cache: Path,
) -> None:
    layer = good_tiles.xyz("dialog")
    name_source(layer, "© Tiles")
    project.addMapLayer(layer)
    dialogs, encoded = EncodeDialogs(), []
    dialogs.encoded.connect(lambda *told: encoded.append(told))
    left, top = place_px(COLUMN, ROW)
    extent = QgsRectangle(left, top - 300 * PIXEL_M, left + 400 * PIXEL_M, top)
    dialogs.open(layer, extent, "nano", None, 1.2 * PIXEL_M)
    dialog = dialogs._dialogs.of(layer.id())
    ended: list[Results] = []
    dialog.algorithmFinished.connect(lambda _is_fine, results: ended.append(results))
    dialog.runButton().click()
    wait_for(lambda: bool(ended) and len(project.mapLayers()) > 1)
    dialogs.close()
    (made,) = (one for one in project.mapLayers().values() if one is not layer)
    assert made.name() == "basemap"
    assert Path(made.source()).parent == user_cache / "rasters"
    assert made.metadata().rights() == ["© Tiles"]
    assert is_cache(Path(ended[0]["OUTPUT"]))
    assert position_error_px(Path(made.source())) < 0.01
    assert not encoded, "the web map itself has no cache"
