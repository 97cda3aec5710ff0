"""What a raster's style, its kind and the parameters say is encoded, or refused by its name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from algorithms.algorithm_runs import Feedback, Results, Run, attributes_of
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsContrastEnhancement,
    QgsCoordinateReferenceSystem,
    QgsMultiBandColorRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRasterLayer,
)
from reference import UTM, write_tiff

from geosam_plugin.processing.appearance import appearance_of
from geosam_plugin.processing.encode_parameters import is_stretch
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.settings import EngineSettings


def test_the_style_decides_bands_and_stretch_and_a_cache_keeps_its_own(
    run: Run, context: QgsProcessingContext, tmp_path: Path
) -> None:
    rng = np.random.default_rng(1)
    path = write_tiff(
        tmp_path / "four.tif", rng.integers(200, 3000, (4, 300, 300)).astype(np.uint16)
    )
    layer = QgsRasterLayer(str(path), "four")
    context.project().addMapLayer(layer)
    layer.setRenderer(coloured(layer, (4, 3, 2), [(100, 2500), (110, 2600), (120, 2700)]))
    results = run("encoderaster", {"INPUT": layer.id()})
    attributes = attributes_of(Path(results["OUTPUT"]))
    assert attributes["bands"] == [4, 3, 2]
    assert attributes["stretch"]["low"] == [100, 110, 120]
    assert attributes["stretch"]["high"] == [2500, 2600, 2700]

    layer.setRenderer(coloured(layer, (4, 3, 2), [(300, 900)] * 3))
    again = run("encoderaster", {"INPUT": layer.id()})
    assert (again["SKIPPED"], again["ENCODED"]) == (1, 0)
    with pytest.raises(QgsProcessingException, match=r"\(OUTPUT\): .*stretch .*Replace the cache"):
        run("encoderaster", {"INPUT": layer.id(), "STRETCH": "0:5000"})
    explicit = {"INPUT": layer.id(), "BANDS": [1], "STRETCH": "5, 95", "RESTART": True,
                "OUTPUT": str(tmp_path / "other.sam2.zarr"), "RESOLUTION": 0.6,
                "DTYPE": "float32", "OVERLAP": 128}  # fmt: skip
    made = attributes_of(Path(run("encoderaster", explicit)["OUTPUT"]))
    assert (made["bands"], made["dtype"]) == ([1], "float32")
    del explicit["DTYPE"]
    assert run("encoderaster", {**explicit, "RESTART": False})["ENCODED"] == 0
    assert made["stretch"]["method"] == "5,95"
    assert 300 < made["stretch"]["low"][0] < 400


def coloured(
    layer: QgsRasterLayer, bands: tuple[int, int, int], limits: list[tuple[float, float] | None]
) -> QgsMultiBandColorRenderer:
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *bands)
    setters = (
        renderer.setRedContrastEnhancement,
        renderer.setGreenContrastEnhancement,
        renderer.setBlueContrastEnhancement,
    )
    for band, limit, setter in zip(bands, limits, setters, strict=True):
        if limit is None:
            continue
        enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(max(band, 1)))
        enhancement.setMinimumValue(limit[0])
        enhancement.setMaximumValue(limit[1])
        enhancement.setContrastEnhancementAlgorithm(
            QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
        )
        setter(enhancement)
    return renderer


@pytest.mark.parametrize(
    ("bands", "limits", "expected_bands", "expected_stretch"),
    [
        ((3, 2, 1), [(0, 9), (1, 8), (2, 7)], (3, 2, 1), "0.0:9.0,1.0:8.0,2.0:7.0"),
        ((3, 2, 1), [(0, 9), None, (2, 7)], (3, 2, 1), None),
        ((2, 2, 2), [(0, 9)] * 3, (2,), "0.0:9.0"),
        ((3, -1, 1), [(0, 9), None, (2, 7)], (3, 1), "0.0:9.0,2.0:7.0"),
        ((1, 2, 3), [(5, 5), (1, 8), (2, 7)], (1, 2, 3), None),
    ],
)
def test_appearance_of_colours(
    qgis_app: QgsApplication, wide: Path, bands: Any, limits: Any, expected_bands: Any,
    expected_stretch: str | None,
) -> None:  # fmt: skip
    layer = QgsRasterLayer(str(wide))
    layer.setRenderer(coloured(layer, bands, limits))
    appearance = appearance_of(layer)
    assert appearance.bands == expected_bands
    assert appearance.stretch(appearance.bands) == expected_stretch


@pytest.mark.parametrize(
    ("parameters", "name", "words"),
    [
        ({"INPUT": "nowhere.tif"}, "INPUT", ""),
        ({"BANDS": [1, 2, 3, 1]}, "BANDS", "one to three"),
        ({"BANDS": [7]}, "BANDS", "no band 7"),
        ({"STRETCH": "a lot"}, "STRETCH", "2,98"),
        ({"OVERLAP": 130}, "OVERLAP", "multiple of 4"),
        ({"OVERLAP": 1024}, "OVERLAP", "1020"),
        ({"RESOLUTION": 0}, "RESOLUTION", "above 0"),
        ({"LEVELS": 0}, "LEVELS", ""),
        ({"MODEL": "sam9"}, "MODEL", ""),
        ({"EXTENT": f"0,10,0,10 [{UTM}]"}, "EXTENT", "does not meet"),
        ({"CHECKPOINT": "/nowhere/weights.pt"}, "CHECKPOINT", "no file"),
        ({"OUTPUT": __file__}, "OUTPUT", "not a folder"),
    ],
)
def test_messages_name_the_parameter(
    provider: GeoSamProvider, context: QgsProcessingContext, wide: Path, parameters: Results,
    name: str, words: str,
) -> None:  # fmt: skip
    algorithm = provider.algorithm("encoderaster")
    is_fine, message = algorithm.checkParameterValues({"INPUT": str(wide), **parameters}, context)
    assert not is_fine
    assert name in message
    assert words in message


def test_what_only_the_engine_finds_wrong_names_the_parameter_too(run: Run, wide: Path) -> None:
    weights = wide.with_name("weights.pt")
    weights.write_text("These are no weights.")
    with pytest.raises(QgsProcessingException, match=r"\(CHECKPOINT\): .*weights\.pt") as told:
        run("encoderaster", {"INPUT": str(wide), "CHECKPOINT": str(weights)})
    assert "--" not in str(told.value)
    broken = wide.with_name("broken.sam2.zarr")
    broken.mkdir()
    (broken / "zarr.json").write_text("{}")
    with pytest.raises(QgsProcessingException, match=r"\(CACHE\): "):
        run("cacheinfo", {"CACHE": str(broken)})
    with pytest.raises(QgsProcessingException, match=r"\(OUTPUT\): "):
        run("encoderaster", {"INPUT": str(wide), "OUTPUT": str(broken)})


def test_a_layer_that_is_no_file_is_encoded_by_way_of_one(
    run: Run, context: QgsProcessingContext, sample: Path, tmp_path: Path
) -> None:
    archive = shutil.make_archive(str(tmp_path / "sample"), "zip", sample.parent, sample.name)
    layer = QgsRasterLayer(f"/vsizip/{archive}/{sample.name}", "packed")
    assert layer.isValid()
    context.project().addMapLayer(layer)
    folder = tmp_path / "caches"
    folder.mkdir()
    results = run("encoderaster", {"INPUT": layer.id(), "LEVELS": 1, "OUTPUT": str(folder)})
    assert (results["PATCHES"], results["ENCODED"]) == (1, 1)
    raster = Path(results["RASTER"])
    assert raster.parent == Path(results["OUTPUT"]).parent == folder
    given, made = (gdal.Open(str(path)) for path in (sample, raster))
    assert np.array_equal(made.ReadAsArray()[:3], given.ReadAsArray())
    assert made.GetGeoTransform() == pytest.approx(given.GetGeoTransform(), rel=1e-9)


def test_what_only_control_points_place_is_to_be_warped_first(
    provider: GeoSamProvider, context: QgsProcessingContext, tmp_path: Path
) -> None:
    """Its cache would know pixels only, while QGIS shows it on the map."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(tmp_path / "scan.tif"), 40, 30, 1)
    corners = ((0, 0), (40, 0), (0, 30), (40, 30))
    reference = QgsCoordinateReferenceSystem(UTM).toWkt()
    dataset.SetGCPs([gdal.GCP(5e5 + x, 4e6 - y, 0, x, y) for x, y in corners], reference)
    dataset = None
    is_fine, message = provider.algorithm("encoderaster").checkParameterValues(
        {"INPUT": str(tmp_path / "scan.tif")}, context
    )
    assert not is_fine
    assert "(INPUT): “scan” is placed by control points only. Warp it first" in message
    warped = tmp_path / "warped.tif"
    gdal.Warp(str(warped), str(tmp_path / "scan.tif"))
    is_fine, message = provider.algorithm("encoderaster").checkParameterValues(
        {"INPUT": str(warped)}, context
    )
    assert is_fine, message


def test_without_an_engine_there_is_a_sentence(
    provider: GeoSamProvider, context: QgsProcessingContext, wide: Path
) -> None:
    installed = EngineSettings.load()
    EngineSettings(python="/nowhere/python", is_complete=True).save()
    try:
        with pytest.raises(QgsProcessingException, match="not installed"):
            provider.algorithm("encoderaster").create().run(
                {"INPUT": str(wide)}, context, Feedback(), catchExceptions=False
            )
    finally:
        installed.save()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("auto", True), ("None", True), ("2,98", True), (" 2 , 98 ", True), ("0:3000", True),
     ("-1.5:3e3,0:1,.5:2.", True), ("", False), ("2", False), ("0:1,2:3,4:5,6:7", False),
     ("0-3000", False), ("a:b", False)],
)  # fmt: skip
def test_stretches(text: str, expected: bool) -> None:
    assert is_stretch(text) is expected
