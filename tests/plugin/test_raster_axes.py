"""Images without a georeference: QGIS shows them with y upwards, below 0; the engine counts pixels
downwards. Polygons must lie where the image is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from by_hand import UTM, features, wait_for_saved
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QTransform
from qgis_window import Window, raster_layer, settle, wait_for
from reference import engine_polygons, iou, large_buildings

from geosam_plugin.cache_finder import remember_cache
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.raster_axes import IDENTITY, RasterAxes, is_placed_by_points
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.provenance import prompts_of
from geosam_plugin.settings import EngineSettings
from geosam_plugin.window.workspace import Workspace

PIXEL, LEFT_EDGE, TOP_EDGE = 0.3, 500000.0, 4650000.0
PIXELS = QTransform(1 / PIXEL, 0, 0, 1 / PIXEL, -LEFT_EDGE / PIXEL, -TOP_EDGE / PIXEL)
"""From the sample's coordinates to those in which QGIS shows it without a georeference."""


@dataclass(frozen=True)
class Image:
    """The sample as a PNG, encoded by Processing.

    shift: from the sample's coordinates to the image's
    """

    path: Path
    cache: Path
    shift: QTransform
    coverage: QgsRectangle

    def placed(self, geometry: QgsGeometry) -> QgsGeometry:
        moved = QgsGeometry(geometry)
        moved.transform(self.shift)
        return moved

    def on_sample(self, place: QgsPointXY) -> list[float]:
        x, y = self.shift.inverted()[0].map(place.x(), place.y())
        return [x, y]


@pytest.fixture(scope="module", params=["nothing", "world file"])
def image(
    request: pytest.FixtureRequest, scene: Path, command: EngineCommand,
    tmp_path_factory: pytest.TempPathFactory,
) -> Image:  # fmt: skip
    path = tmp_path_factory.mktemp("image") / "photo.png"
    write_png(path, gdal.Open(str(scene)).ReadAsArray())
    shift = PIXELS
    if request.param == "world file":
        numbers = (PIXEL, 0, 0, -PIXEL, LEFT_EDGE + PIXEL / 2, TOP_EDGE - PIXEL / 2)
        path.with_suffix(".pgw").write_text("\n".join(map(str, numbers)))
        shift = QTransform()
    extent = QgsRasterLayer(str(path)).extent()
    lower = f"{extent.xMinimum()},{extent.xMaximum()},{extent.yMinimum()},{extent.center().y()}"
    parameters = {"INPUT": str(path), "OUTPUT": "", "EXTENT": lower, "COVERAGE": "memory:"}
    with geosam_algorithms(command):
        results = run("encoderaster", parameters)
    assert results["ENCODED"] == 1
    coverage = results["COVERAGE"].extent()
    return Image(path, Path(results["OUTPUT"]), shift, coverage)


@contextmanager
def geosam_algorithms(command: EngineCommand) -> Iterator[None]:
    """They are there, and have an engine."""
    provider, registry = GeoSamProvider(), QgsApplication.processingRegistry()
    registry.addProvider(provider)
    EngineSettings(python=command.program, is_complete=True).save()
    yield
    registry.removeProvider(provider)


@pytest.fixture
def algorithms(project: QgsProject, command: EngineCommand) -> Iterator[None]:
    with geosam_algorithms(command):
        yield


@pytest.fixture
def encoded_image(image: Image) -> Path:
    return image.path


def write_png(path: Path, values: object) -> None:
    bands, rows, columns = values.shape
    dataset = gdal.GetDriverByName("MEM").Create("", columns, rows, bands)
    dataset.WriteArray(values)
    gdal.GetDriverByName("PNG").CreateCopy(str(path), dataset)


def run(name: str, parameters: dict[str, object]) -> dict:
    import processing

    return processing.run(f"geosam:{name}", parameters)


def test_a_click_and_a_box_find_the_building_where_it_is_shown(
    image: Image, workspace: Workspace, window: Window, project: QgsProject, scene: Path,
    cache: Path, command: EngineCommand,
) -> None:  # fmt: skip
    controller, to_map = workspace.controller, window.canvas.getCoordinateTransform()
    first, second = (image.placed(outline) for outline in large_buildings(scene)[:2])
    at = window.pixel(first.poleOfInaccessibility(0.5)[0].asPoint(), UTM)
    hovered: list[QgsGeometry] = []
    controller.hoverChanged.connect(hovered.append)
    controller.hover(to_map.toMapCoordinates(at), workspace.overlay.view)
    wait_for(lambda: any(hovered))
    window.click(at)
    wait_for(lambda: controller.shape is not None)
    pending = workspace.overlay.preview.pending
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)

    box = second.boundingBox()
    start = window.pixel(QgsPointXY(box.xMinimum(), box.yMaximum()), UTM)
    end = window.pixel(QgsPointXY(box.xMaximum(), box.yMinimum()), UTM)
    window.drag(start, end)
    wait_for(lambda: controller.shape is not None)
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 2)

    clicked, boxed = features(workspace.dock.target.layer)
    corners = [image.on_sample(to_map.toMapCoordinates(corner)) for corner in (start, end)]
    (xmin, ymax), (xmax, ymin) = corners
    ((by_click,), (by_box,)) = engine_polygons(
        command, cache,
        [
            {"include": [image.on_sample(to_map.toMapCoordinates(at))], "crs": UTM.authid()},
            {"box": [xmin, ymin, xmax, ymax], "crs": UTM.authid()},
        ],
    )  # fmt: skip
    for feature, truth, expected in ((clicked, first, by_click), (boxed, second, by_box)):
        placed = image.placed(expected)
        assert iou(feature.geometry(), truth) >= iou(placed, truth) - 0.01
        assert iou(feature.geometry(), placed) >= 0.99
        assert feature.geometry().isGeosValid()
    for shown in (next(filter(None, hovered)), pending):
        assert iou(shown, clicked.geometry()) >= 0.99

    workspace.dock.target.layer.selectByIds([clicked.id()])
    workspace.dock.target.correct.click()
    wait_for(lambda: controller.shape is not None)
    assert iou(controller.shape.geometry, clicked.geometry()) >= 0.99
    (place,) = prompts_of(clicked)["include"]
    assert first.contains(QgsPointXY(*place)), "stored as the image is shown"


def test_coverage_is_the_image(image: Image, workspace: Workspace) -> None:
    extent = QgsRasterLayer(str(image.path)).extent()
    workspace.dock.image.coverageToggled.emit(True)
    wait_for(lambda: not workspace.controller.image.coverage.isEmpty())
    for covered in (image.coverage, workspace.controller.image.coverage.boundingBox()):
        assert QgsGeometry.fromRect(covered).equals(QgsGeometry.fromRect(extent))


def test_a_click_before_the_cache_is_open_goes_to_the_same_place(
    image: Image, window: Window, project: QgsProject, command: EngineCommand, scene: Path
) -> None:
    layer = raster_layer(image.path, project)
    remember_cache(layer, image.cache)
    window.show_layer(layer, UTM)
    workspace = Workspace(window, command)
    try:
        workspace.dock.prompt.clicking.setChecked(True)
        truth = image.placed(large_buildings(scene)[0])
        assert not workspace.controller.described
        window.click(window.pixel(truth.poleOfInaccessibility(0.5)[0].asPoint(), UTM))
        wait_for(lambda: workspace.controller.shape is not None)
        assert workspace.controller.shape.geometry.intersects(truth)
    finally:
        workspace.close()
        settle()


def test_what_is_not_encoded_is_offered_where_it_is_shown() -> None:
    """As the dialog's extent has it, and back as the engine wants it."""
    shown = RasterAxes(is_flipped=True).rectangle([10.0, 20.0, 30.0, 60.0])
    assert shown == QgsRectangle(10, -60, 30, -20)
    assert RasterAxes(True).params({"shape": [[[1, -2], [3, -4], [5, -6]]]}) == {
        "shape": [[[1, 2], [3, 4], [5, 6]]]
    }
    assert RasterAxes(True).params({"extent": [10, -60, 30, -20], "level": 0}) == {
        "extent": [10, 20, 30, 60], "level": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("algorithms")
def test_prompts_of_a_layer_find_the_buildings(
    image: Image, scene: Path, cache: Path, command: EngineCommand
) -> None:
    outlines = large_buildings(scene)
    prompts = QgsVectorLayer("Point", "points", "memory")
    boxes = new_layer(prompts.crs(), "boxes")
    asked = []
    for outline in outlines:
        place = outline.poleOfInaccessibility(0.5)[0]
        asked.append({"include": [[place.asPoint().x(), place.asPoint().y()]], "crs": UTM.authid()})
        add(prompts, image.placed(place))
        add(boxes, image.placed(outline))
    expected = engine_polygons(command, cache, asked)

    wanted = {"CACHE": str(image.cache), "OUTPUT": "memory:"}
    results = run("segmentprompts", {"INPUT": prompts, **wanted})
    found = list(results["OUTPUT"].getFeatures())
    assert len(found) == len(outlines)
    for feature, outline, (polygon,) in zip(found, outlines, expected, strict=True):
        truth, placed = image.placed(outline), image.placed(polygon)
        assert iou(feature.geometry(), truth) >= iou(placed, truth) - 0.01
        assert iou(feature.geometry(), placed) >= 0.99
        assert truth.contains(QgsPointXY(*prompts_of(feature)["include"][0]))

    results = run("segmentprompts", {"INPUT": boxes, **wanted})
    found = list(results["OUTPUT"].getFeatures())
    hits = [iou(f.geometry(), image.placed(o)) > 0.5 for f, o in zip(found, outlines, strict=True)]
    assert sum(hits) >= 6, "as many as of the sample"


def add(layer: QgsVectorLayer, geometry: QgsGeometry) -> None:
    feature = QgsFeature(layer.fields())
    feature.setGeometry(layer_type(geometry, layer))
    assert layer.dataProvider().addFeature(feature)


def layer_type(geometry: QgsGeometry, layer: QgsVectorLayer) -> QgsGeometry:
    (coerced,) = geometry.coerceToType(layer.wkbType())
    return coerced


@pytest.mark.parametrize(
    ("transform", "has_crs", "is_flipped"),
    [
        (None, False, True),
        (None, True, True),  # a CRS alone places nothing
        ((0, 1, 0, 0, 0, -1), False, False),  # the same extent, but said by the file
        ((7, 0.5, 0, 9, 0, -0.5), False, False),
        ((7, 0.5, 0.1, 9, 0.1, -0.5), True, False),
    ],
)
def test_a_layer_tells_how_it_lies(
    tmp_path: Path, qgis_app: QgsApplication, transform: tuple[float, ...] | None, has_crs: bool,
    is_flipped: bool,
) -> None:  # fmt: skip
    path = tmp_path / "image.tif"
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 40, 30, 1)
    if transform is not None:
        dataset.SetGeoTransform(transform)
    if has_crs:
        dataset.SetProjection(UTM.toWkt())
    dataset = None
    assert RasterAxes.of_layer(QgsRasterLayer(str(path))) == RasterAxes(is_flipped)


def scan(path: Path, points: bool = True) -> gdal.Dataset:
    """An image with control points at its corners, if any."""
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 40, 30, 1)
    corners = ((0, 0), (40, 0), (0, 30), (40, 30))
    if points:
        gcps = [gdal.GCP(LEFT_EDGE + x, TOP_EDGE - y, 0, x, y) for x, y in corners]
        dataset.SetGCPs(gcps, UTM.toWkt())
    return dataset


def test_control_points_are_left_to_qgis(tmp_path: Path, qgis_app: QgsApplication) -> None:
    """QGIS warps such images to the map itself."""
    path = tmp_path / "scan.tif"
    scan(path).FlushCache()
    assert RasterAxes.of_layer(QgsRasterLayer(str(path))) == RasterAxes(False)


def test_what_only_points_place_is_told_from_the_rest(
    tmp_path: Path, qgis_app: QgsApplication
) -> None:
    paths = [tmp_path / f"{name}.tif" for name in ("scan", "plain", "placed", "rational")]
    images = [scan(path, path is paths[0]) for path in paths]
    images[2].SetGeoTransform((7, 0.5, 0.1, 9, 0.1, -0.5))
    numbers = ("LINE", "SAMP", "LAT", "LONG", "HEIGHT")
    images[3].SetMetadata(
        {
            **{f"{name}_OFF": "10" for name in numbers},
            **{f"{name}_SCALE": "10" for name in numbers},
            **{
                f"{name}_{part}_COEFF": " ".join(["1"] + ["0.5"] * 19)
                for name in ("LINE", "SAMP") for part in ("NUM", "DEN")
            },
        },
        "RPC",
    )  # fmt: skip
    images.clear()  # which closes them
    layers = [QgsRasterLayer(str(path)) for path in paths]
    assert [is_placed_by_points(layer) for layer in layers] == [True, False, False, True]
    assert not is_placed_by_points(QgsRasterLayer(str(tmp_path / "gone.tif")))


def test_a_cache_tells_how_it_lies() -> None:
    described = {"manifest": {"raster": {"transform": IDENTITY}}}
    assert RasterAxes.of_cache(described) == RasterAxes(True)
    described["manifest"]["raster"]["transform"] = [1.0, 0.0, 0.0, 0.0, -1.0, 0.0]
    assert RasterAxes.of_cache(described) == RasterAxes(False)
