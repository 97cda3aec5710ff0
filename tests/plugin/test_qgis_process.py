"""The plugin in QGIS's own `qgis_process`: no windows, no event loop, the engine from settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis_window import PATIENCE_S
from reference import (
    UTM,
    WGS84,
    centre,
    engine_polygons,
    iou,
    large_buildings,
    layer_with,
    points_of,
    write_layer,
)
from served_tiles import PIXEL_M, ZOOM, extent_px, position_error_px, served_tiles

from geosam_plugin.engine.command import EngineCommand

REPOSITORY = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("GEOSAM_PLUGIN_HOME") or REPOSITORY)
SHARED = Path(os.environ.get("GEOSAM_SHARED", REPOSITORY.parent / "shared")) / "data"

# Debian's `qgis_process` is a wrapper that passes QGIS's options for windows on.
PROGRAM = shutil.which("qgis_process.bin") or shutil.which("qgis_process")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="this QGIS has no qgis_process")

SETTINGS = """[PythonPlugins]
geosam_plugin=true

[geosam]
engine\\python={python}
engine\\is_complete=true
"""

Outputs = dict[str, str]


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plugins folder with the plugin in it: the unpacked package, or links into this tree."""
    if (HOME / "geosam_plugin" / "metadata.txt").is_file():
        return HOME
    folder = tmp_path_factory.mktemp("plugins")
    script = REPOSITORY / ".ci" / "make_package.py"
    subprocess.run([sys.executable, str(script), "link", str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def environment(
    plugins: Path, engine_python: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """A profile of its own, in which the plugin is active and the engine's Python is chosen."""
    folder = tmp_path_factory.mktemp("profile")
    ini = folder / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    ini.parent.mkdir(parents=True)
    ini.write_text(SETTINGS.format(python=engine_python))
    return {
        **os.environ,
        "QGIS_CUSTOM_CONFIG_PATH": str(folder),
        "QGIS_PLUGINPATH": str(plugins),
        "QT_QPA_PLATFORM": "offscreen",
    }


def call(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), *arguments], env=environment, capture_output=True, text=True,
        timeout=PATIENCE_S, check=False,
    )  # fmt: skip


Run = Callable[..., Outputs]


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    def run(algorithm: str, **parameters: Any) -> Outputs:
        given = [f"{name}={value}" for name, value in parameters.items()]
        done = call(environment, "run", f"geosam:{algorithm}", "--", *given)
        assert done.returncode == 0, done.stdout + done.stderr
        _, _, results = done.stdout.partition("Results\n----------------\n")
        lines = (line.partition(":\t") for line in results.splitlines() if line)
        return {name: value for name, _, value in lines}

    return run


def polygons_in(path: Path) -> tuple[QgsVectorLayer, list[Any]]:
    layer = QgsVectorLayer(str(path))
    assert layer.isValid()
    return layer, list(layer.getFeatures())


def test_algorithms_are_listed(environment: dict[str, str]) -> None:
    listed = call(environment, "list").stdout
    for name in (
        "layertoraster", "encoderaster", "segmentprompts", "segmentall", "refinefootprints",
        "cacheinfo",
    ):  # fmt: skip
        assert f"geosam:{name}" in listed


@pytest.mark.slow
def test_the_sample_is_encoded_and_segmented(
    run: Run, qgis_app: QgsApplication, command: EngineCommand, scene: Path, tmp_path: Path
) -> None:
    raster = Path(shutil.copy(scene, tmp_path / "scene.tif"))
    encoded = run("encoderaster", INPUT=raster, COVERAGE=tmp_path / "coverage.gpkg")
    cache = Path(encoded["OUTPUT"])
    assert cache == tmp_path / "scene.tif.nano.sam2.zarr"
    assert (encoded["PATCHES"], encoded["ENCODED"], encoded["SKIPPED"]) == ("1", "1", "0")
    coverage, patches = polygons_in(tmp_path / "coverage.gpkg")
    assert (coverage.crs().authid(), len(patches)) == (UTM, 1)
    assert (patches[0]["level"], patches[0]["status"]) == (0, "present")

    buildings = large_buildings(scene)
    clicks = [(centre(b).asWkt(12), [f"b{i}", ""]) for i, b in enumerate(buildings)]
    points = layer_with("Point", WGS84, clicks)
    write_layer(points, tmp_path / "points.gpkg")
    made = run(
        "segmentprompts",
        INPUT=tmp_path / "points.gpkg",
        CACHE=cache,
        OUTPUT=tmp_path / "found.gpkg",
    )
    assert (made["POLYGONS"], made["FAILED"]) == ("10", "0")
    layer, found = polygons_in(tmp_path / "found.gpkg")
    asked = [{"include": [point], "crs": WGS84} for point in points_of(points)]
    assert layer.crs().authid() == UTM
    assert [feature["name"] for feature in found] == [f"b{i}" for i in range(10)]
    for feature, (polygon,) in zip(found, engine_polygons(command, cache, asked), strict=True):
        assert iou(feature.geometry(), polygon) >= 0.99
        assert feature["model"] == "nano"

    labels, foreground = tmp_path / "labels.tif", tmp_path / "foreground.tif"
    everything = run(
        "segmentall", CACHE=cache, POINTS_PER_SIDE=6, POINTS_PER_BATCH=12, SKIP_COVERED="yes",
        OUTPUT=tmp_path / "all.gpkg", LABELS=labels, FOREGROUND=foreground,
    )  # fmt: skip
    layer, found = polygons_in(tmp_path / "all.gpkg")
    assert layer.crs().authid() == UTM
    assert int(everything["POLYGONS"]) == len(found) > 0
    numbers = gdal.Open(str(labels)).ReadAsArray()
    assert 0 < int(numbers.max()) <= len(found)
    assert np.array_equal(gdal.Open(str(foreground)).ReadAsArray(), numbers > 0)

    described = run("cacheinfo", CACHE=cache, RASTER=raster)
    assert (described["RASTER_STATE"], described["CRS"]) == ("unchanged", UTM)


def test_a_web_map_becomes_a_raster_and_a_cache(
    run: Run, qgis_app: QgsApplication, environment: dict[str, str], engine_python: str,
    tmp_path: Path,
) -> None:  # fmt: skip
    """By QGIS's own fetching, in a program without an event loop."""
    column, row = 8875 * 256 + 37, 6091 * 256 + 101
    extent = extent_px(column, row, 700, 600)
    with served_tiles(engine_python) as tiles:
        address = quote(f"{tiles.url}/{{z}}/{{x}}/{{y}}.png", safe="")
        layer = f"wms://type=xyz&url={address}&zmin=0&zmax=19"
        out = tmp_path / "town.tif"
        made = run("layertoraster", INPUT=layer, EXTENT=extent, ZOOM=ZOOM, OUTPUT=out)
        assert (made["COLUMNS"], made["ROWS"]) == ("700", "600")
        assert position_error_px(out) < 0.01
        encoded = run(
            "encoderaster", INPUT=layer, EXTENT=extent, RESOLUTION=PIXEL_M,
            OUTPUT=tmp_path / "town.sam2.zarr",
        )  # fmt: skip
        assert encoded["ENCODED"] == "1"
        assert position_error_px(Path(encoded["RASTER"])) < 0.01
        tiles.reply("404")
        gone = layer.replace("png", "jpg")
        given = (f"INPUT={gone}", f"EXTENT={extent}", f"ZOOM={ZOOM}", f"OUTPUT={tmp_path}/no.tif")
        done = call(environment, "run", "geosam:layertoraster", "--", *given)
    assert done.returncode != 0
    assert "“127.0.0.1” does not deliver all of it" in done.stdout + done.stderr
    assert not (tmp_path / "no.tif").exists()


def test_footprints_are_refined(
    run: Run,
    environment: dict[str, str],
    qgis_app: QgsApplication,
    scene: Path,
    cache: Path,
    tmp_path: Path,
) -> None:
    """In degrees, one of them 3 m off; and what is no layer of polygons."""
    outlines = large_buildings(scene)
    outlines[3].translate(3, 0)
    given = layer_with(
        "Polygon", WGS84, [(o.asWkt(12), [f"b{i}", "x"]) for i, o in enumerate(outlines)]
    )
    write_layer(given, tmp_path / "buildings.gpkg")
    made = run(
        "refinefootprints", INPUT=tmp_path / "buildings.gpkg", CACHE=cache, MIN_AREA=20,
        PROTECT="name=b9", OUTPUT=tmp_path / "refined.gpkg",
    )  # fmt: skip
    layer, found = polygons_in(tmp_path / "refined.gpkg")
    assert layer.crs().authid() == WGS84
    assert [feature["name"] for feature in found] == [f"b{i}" for i in range(10)]
    assert [feature["source_fid"] for feature in found] == list(range(1, 11))
    counted = [int(made[name]) for name in ("KEEP", "SHIFT", "RESHAPE", "UNCERTAIN", "GONE")]
    assert sum(counted) == 10 and made["NEW"] == "0"
    assert found[9]["verdict"] == "keep"
    same = [f for f in found if f["verdict"] in ("keep", "uncertain", "gone")]
    before = {f["name"]: f.geometry() for f in given.getFeatures()}
    assert same and all(f.geometry().equals(before[f["name"]]) for f in same)
    points = layer_with("Point", UTM, [(centre(outlines[0]).asWkt(12), ["", ""])])
    write_layer(points, tmp_path / "points.gpkg")
    done = call(
        environment, "run", "geosam:refinefootprints", "--", f"INPUT={tmp_path / 'points.gpkg'}",
        f"CACHE={cache}", f"OUTPUT={tmp_path / 'none.gpkg'}",
    )  # fmt: skip
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "(INPUT): A layer of polygons is needed" in said and "Traceback" not in said


def test_a_batch_of_three_rasters_into_one_folder(
    run: Run, qgis_app: QgsApplication, scene: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "caches"
    folder.mkdir()
    for number, left in enumerate((0, 300, 600)):
        raster = tmp_path / f"part{number}.tif"
        gdal.Translate(str(raster), str(scene), srcWin=[left, left, 400, 400])
        encoded = run("encoderaster", INPUT=raster, OUTPUT=folder)
        assert Path(encoded["OUTPUT"]) == folder / f"part{number}.tif.nano.sam2.zarr"
        assert encoded["ENCODED"] == "1"
    assert len(list(folder.iterdir())) == 3


@pytest.mark.skipif(not SHARED.is_dir(), reason="no folder of real imagery (GEOSAM_SHARED)")
def test_footprints_on_a_real_image(
    run: Run, qgis_app: QgsApplication, command: EngineCommand, tmp_path: Path
) -> None:
    """Volunteers' footprints in degrees, as boxes on an image in web Mercator."""
    source = SHARED / "buildings_oam" / "kampala_0.tif"
    raster = Path(shutil.copy(source, tmp_path / source.name))
    cache = Path(run("encoderaster", INPUT=raster)["OUTPUT"])
    image = QgsRasterLayer(str(raster))
    everywhere = QgsVectorLayer(str(SHARED / "buildings_oam" / "kampala.geojson"))
    wanted = layer_within(everywhere, image)
    write_layer(wanted, tmp_path / "footprints.gpkg")
    made = run(
        "segmentprompts",
        INPUT=tmp_path / "footprints.gpkg",
        CACHE=cache,
        OUTPUT=tmp_path / "found.gpkg",
    )
    layer, found = polygons_in(tmp_path / "found.gpkg")
    assert layer.crs() == image.crs()
    footprints = list(wanted.getFeatures())
    assert len(footprints) >= 5
    assert int(made["POLYGONS"]) + int(made["FAILED"]) == len(footprints)
    assert int(made["FAILED"]) <= len(footprints) / 10
    boxes = {f["name"]: f.geometry().boundingBox() for f in footprints}
    expected = engine_polygons(
        command,
        cache,
        [
            {"box": [b.xMinimum(), b.yMinimum(), b.xMaximum(), b.yMaximum()], "crs": WGS84}
            for b in (boxes[feature["name"]] for feature in found)
        ],
    )
    same = [iou(f.geometry(), polygon) for f, (polygon,) in zip(found, expected, strict=True)]
    assert min(same) >= 0.99
    truth = {f["name"]: in_crs_of(image, f.geometry(), wanted) for f in footprints}
    agreement = [iou(f.geometry(), truth[f["name"]]) for f in found]
    assert np.median(agreement) > 0.3


def test_without_an_engine_it_fails_with_a_sentence(
    environment: dict[str, str], scene: Path, tmp_path: Path
) -> None:
    done = call(
        {**environment, "QGIS_CUSTOM_CONFIG_PATH": str(bare_profile(tmp_path)),
         "XDG_DATA_HOME": str(tmp_path / "data")},
        "run", "geosam:encoderaster", "--", f"INPUT={scene}", f"OUTPUT={tmp_path / 'x'}",
    )  # fmt: skip
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert said.count("GeoSAM's engine is not installed") == 1
    assert "base.lock" in said and "QGIS3.ini" in said and "engine\\python" in said
    assert "Traceback" not in said
    done = call(environment, "run", "geosam:encoderaster", "--", f"INPUT={scene}", "OVERLAP=7")
    assert done.returncode != 0
    assert "(OVERLAP): It must be a multiple of 4" in done.stdout + done.stderr


def bare_profile(folder: Path) -> Path:
    """The plugin is active, and nobody has chosen or installed an engine."""
    ini = folder / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    ini.parent.mkdir(parents=True)
    ini.write_text("[PythonPlugins]\ngeosam_plugin=true\n")
    return folder


def layer_within(layer: QgsVectorLayer, image: QgsRasterLayer) -> QgsVectorLayer:
    """The polygons that lie on the image, in their own CRS."""
    area = image.extent()
    kept = QgsVectorLayer(f"Polygon?crs={WGS84}&field=name:string", "footprints", "memory")
    for feature in layer.getFeatures():
        if area.contains(in_crs_of(image, feature.geometry(), layer).boundingBox()):
            feature.setFields(kept.fields())
            feature.setAttributes([str(feature.id())])
            assert kept.dataProvider().addFeature(feature)
    return kept


def in_crs_of(image: QgsRasterLayer, geometry: QgsGeometry, layer: QgsVectorLayer) -> QgsGeometry:
    moved = QgsGeometry(geometry)
    moved.transform(QgsCoordinateTransform(layer.crs(), image.crs(), QgsProject.instance()))
    return moved
