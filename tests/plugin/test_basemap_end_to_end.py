"""A web map from a server on loopback becomes polygons in layers, by mouse and keys, with the real
engine; judged by the scene that the server draws, and by what it was asked."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from by_hand import MERCATOR, WGS84, features, is_idle, wait_for_saved
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, Window, settle, wait_for
from reference import iou

from geosam_plugin.basemap.block import PLACES_VARIABLE
from geosam_plugin.basemap.tile_grid import ground_size, pixel_size
from geosam_plugin.engine.command import EngineCommand, with_variables
from geosam_plugin.geometry import Shape, in_crs
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.window.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]

TILES_VARIABLE = "ENCODER_TOOL_TILES"

PIXEL = pixel_size(18, 256)
SCENE = QgsRectangle(
    140_000 * 256 * PIXEL - 20_037_508.342789,
    20_037_508.342789 - 76_804 * 256 * PIXEL,
    140_008 * 256 * PIXEL - 20_037_508.342789,
    20_037_508.342789 - 76_796 * 256 * PIXEL,
)
"""Where tests/support/tile_site.py draws it. Two blocks meet in its middle."""

VIEW = 360.0
"""Side of what the map shows: a pixel of zoom 18 for each of the screen."""

PATCH = 1024 * PIXEL

COUNT = 3


@dataclass
class Site:
    """The server, and how it is spoken to."""

    url: str
    truth: list[QgsGeometry]
    process: subprocess.Popen[str]

    def say(self, line: str) -> str:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    @property
    def counts(self) -> dict[str, int]:
        """What the engine has asked for, and how often."""
        found: dict[str, int] = json.loads(self.say("counts"))
        return found

    def buildings(self, around: QgsPointXY, most: int = COUNT) -> list[QgsGeometry]:
        """The largest that lie wholly in what the map shows there."""
        seen = QgsRectangle.fromCenterAndSize(around, VIEW - 20, VIEW - 20)
        found = [one for one in self.truth if seen.contains(one.boundingBox())]
        return sorted(found, key=lambda one: -one.area())[:most]


@pytest.fixture(scope="module")
def running(
    command: EngineCommand, tmp_path_factory: pytest.TempPathFactory, qgis_app: object
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    process = subprocess.Popen(
        [command.program, "-m", "tests.support.tile_site", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY,
        env={**command.environment, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    url = process.stdout.readline().strip()
    layer = QgsVectorLayer(str(folder / "truth.geojson"), "truth", "ogr")
    layer.setSubsetString("\"class\" = 'building'")
    truth = [QgsGeometry(feature.geometry()) for feature in layer.getFeatures()]
    yield Site(url, truth, process)
    process.stdin.close()
    process.wait()
    process.stdout.close()


@pytest.fixture
def site(running: Site) -> Site:
    running.say("mend")
    running.say("forget")
    return running


@dataclass
class QgisLife:
    """QGIS with the plugin, begun and ended at will: what is kept is in folders of the test's."""

    window: Window
    project: QgsProject
    command: EngineCommand
    workspace: Workspace | None = None

    def begin(self, layer: QgsRasterLayer, middle: QgsPointXY) -> Workspace:
        self.end()
        self.look_at(middle)
        self.workspace = Workspace(self.window, self.command)
        self.workspace.dock.image.raster.setLayer(layer)
        wait_for(lambda: not self.workspace.image.search.is_looking)
        return self.workspace

    def end(self) -> None:
        if self.workspace is not None:
            self.workspace.close()
            self.workspace = None
            settle()

    def look_at(self, middle: QgsPointXY) -> None:
        self.window.canvas.setDestinationCrs(MERCATOR)
        self.window.canvas.setExtent(QgsRectangle.fromCenterAndSize(middle, VIEW, VIEW))
        settle()

    def click(self, where: QgsPointXY) -> None:
        self.window.click(self._pixel(where.x(), where.y()))

    def save_boxed(self, building: QgsGeometry) -> None:
        """Drag a box around it, and press Enter."""
        workspace, box = self.workspace, building.boundingBox().buffered(1.2)
        saved = workspace.controller.session.saved
        self.window.drag(
            self._pixel(box.xMinimum(), box.yMaximum()), self._pixel(box.xMaximum(), box.yMinimum())
        )
        wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
        self.window.key(Qt.Key.Key_Return)
        wait_for_saved(workspace, saved + 1)

    def _pixel(self, x: float, y: float) -> QPoint:
        return self.window.pixel(QgsPointXY(x, y), MERCATOR)


@pytest.fixture
def life(
    window: Window, project: QgsProject, command: EngineCommand, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[QgisLife]:  # fmt: skip
    places, tiles = str(tmp_path / "places"), str(tmp_path / "tiles")
    monkeypatch.setenv(PLACES_VARIABLE, places)
    variables = {PLACES_VARIABLE: places, TILES_VARIABLE: tiles, "NO_PROXY": "127.0.0.1"}
    life = QgisLife(window, project, with_variables(command, variables))
    yield life
    life.end()


def xyz(site: Site, project: QgsProject, more: str = "") -> QgsRasterLayer:
    url = f"{site.url}/%7Bz%7D/%7Bx%7D/%7By%7D.jpg{more}"
    layer = QgsRasterLayer(f"type=xyz&zmin=0&zmax=19&url={url}", "Aerials", "wms")
    layer.setAttribution("© Somebody")
    return _added(layer, project)


def wms(site: Site, project: QgsProject) -> QgsRasterLayer:
    uri = f"crs=EPSG:3857&format=image/jpeg&layers=ortho&styles=&url={site.url}/wms"
    return _added(QgsRasterLayer(uri, "City", "wms"), project)


def _added(layer: QgsRasterLayer, project: QgsProject) -> QgsRasterLayer:
    assert layer.isValid()
    project.addMapLayer(layer)
    return layer


def middle_of(block: str) -> QgsPointXY:
    """A place with buildings in the north or the south of the scene."""
    row = {"north": 448, "south": 1344}[block]
    return QgsPointXY(SCENE.xMinimum() + 448 * PIXEL, SCENE.yMaximum() - row * PIXEL)


def press_click_now(workspace: Workspace) -> None:
    wait_for(workspace.dock.image.click_now.isEnabled)
    QTest.mouseClick(workspace.dock.image.click_now, LEFT)
    wait_for(workspace.dock.prompt.clicking.isChecked)


def overlaps(layer: QgsVectorLayer, truth: list[QgsGeometry]) -> list[float]:
    """IoU of features, in their order, with the truth."""
    to_mercator = QgsCoordinateTransform(layer.crs(), MERCATOR, QgsProject.instance())
    found = []
    for feature, true in zip(features(layer), truth, strict=True):
        shape = QgsGeometry(feature.geometry())
        shape.transform(to_mercator)
        found.append(iou(shape, true))
    return found


def tiles_of(counts: dict[str, int]) -> list[tuple[int, int, int]]:
    paths = (path.partition("?")[0].strip("/").partition(".")[0] for path in counts)
    return [tuple(int(number) for number in path.split("/")) for path in paths]


@pytest.mark.slow
@pytest.mark.parametrize("crs", [WGS84, MERCATOR], ids=["EPSG:4326", "EPSG:3857"])
def test_polygons_of_an_xyz_layer_land_where_things_are(
    site: Site, life: QgisLife, project: QgsProject, crs: QgsCoordinateReferenceSystem
) -> None:
    middle = middle_of("south")
    workspace = life.begin(xyz(site, project), middle)
    target = new_layer(crs, "mine")
    project.addMapLayer(target)
    workspace.dock.target.set_layer(target)
    assert site.counts == {}
    press_click_now(workspace)
    truth = site.buildings(middle)
    assert len(truth) == COUNT
    for building in truth:
        life.save_boxed(building)
    assert target.crs() == crs
    found = overlaps(target, truth)
    # nano is small; but a shape in the wrong place, by its own width, would have next to nothing.
    assert mean(found) > 0.6, found
    ground = ground_size(18, 256, middle.y())
    for feature, building in zip(features(target), truth, strict=True):
        area = building.area() * (ground / PIXEL) ** 2  # EPSG:3857 is twice as large up there
        assert feature["area_m2"] == pytest.approx(area, rel=0.5)
        assert feature["raster"] == "Aerials"

    wait_for(lambda: workspace.on_demand.fill.is_waiting)
    counts = site.counts
    assert set(counts.values()) == {1}
    seen = QgsRectangle.fromCenterAndSize(middle, VIEW, VIEW).buffered(PATCH)
    for zoom, x, y in tiles_of(counts):
        size = 256 * pixel_size(zoom, 256)
        left, top = x * size - 20_037_508.342789, 20_037_508.342789 - y * size
        assert seen.intersects(QgsRectangle(left, top - size, left + size, top))
    target.rollBack()


@pytest.mark.slow
def test_after_a_restart_the_same_click_fetches_nothing(
    site: Site, life: QgisLife, project: QgsProject
) -> None:
    middle, layer = middle_of("south"), xyz(site, project)
    building = site.buildings(middle)[0]
    workspace = life.begin(layer, middle)
    press_click_now(workspace)
    life.save_boxed(building)
    first = features(workspace.dock.target.layer)[0].geometry()
    wait_for(lambda: workspace.on_demand.fill.is_waiting)
    assert site.counts
    site.say("forget")
    site.say("fail")  # and it would be no use

    workspace = life.begin(layer, middle)
    wait_for(lambda: bool(workspace.controller.described))
    workspace.dock.target.set_layer(None)
    QTest.mouseClick(workspace.dock.prompt.clicking, LEFT)
    life.save_boxed(building)
    again = features(workspace.dock.target.layer)[0].geometry()
    assert again.equals(first)
    press_click_now(workspace)
    wait_for(lambda: workspace.on_demand.fill.is_waiting)
    assert site.counts == {}

    site.say("mend")
    workspace = life.begin(xyz(site, project, "?TIME=2020"), middle)
    assert not workspace.controller.cache  # another date is another image
    press_click_now(workspace)
    wait_for(lambda: workspace.on_demand.fill.is_waiting)
    assert site.counts
    assert all(path.endswith("?TIME=2020") for path in site.counts)
    for target in project.mapLayers().values():
        if isinstance(target, QgsVectorLayer):
            target.rollBack()


@pytest.mark.slow
def test_who_pans_on_clicks_on(site: Site, life: QgisLife, project: QgsProject) -> None:
    """Into another block, into the same layer."""
    workspace = life.begin(xyz(site, project), middle_of("south"))
    press_click_now(workspace)
    truth = [site.buildings(middle_of(block))[0] for block in ("south", "north")]
    life.save_boxed(truth[0])
    target, before = workspace.dock.target.layer, workspace.controller.image.raster
    life.look_at(middle_of("north"))
    wait_for(lambda: workspace.controller.image.raster != before)
    life.save_boxed(truth[1])
    assert workspace.dock.target.layer is target
    assert target.metadata().rights() == ["© Somebody"]
    assert mean(overlaps(target, truth)) > 0.6
    assert set(site.counts.values()) == {1}
    target.rollBack()


BORDER = SCENE.yMaximum() - 1024 * PIXEL
"""Between two blocks."""


def part_beyond(shape: QgsGeometry, side: int) -> QgsGeometry:
    """What of it lies north (1) or south (-1) of the border."""
    far = BORDER + side * 1e6
    half = QgsRectangle(SCENE.xMinimum(), min(BORDER, far), SCENE.xMaximum(), max(BORDER, far))
    return shape.intersection(QgsGeometry.fromRect(half))


def run_along_border(shape: QgsGeometry) -> float:
    """How much of an outline lies within a pixel of it, in pixels."""
    sides = pairwise(shape.vertices())
    near = (one for one in sides if all(abs(end.y() - BORDER) < PIXEL for end in one))
    return sum(start.distance(end) for start, end in near) / PIXEL


@pytest.mark.slow
@pytest.mark.parametrize("side", [1, -1], ids=["from-the-north", "from-the-south"])
def test_what_lies_across_the_border_of_two_blocks_is_whole(
    site: Site, life: QgisLife, project: QgsProject, side: int
) -> None:
    """From a click on either side, while the middle of the map is on the other one."""
    across = [one for one in site.truth if 0.3 < part_beyond(one, 1).area() / one.area() < 0.7]
    across = sorted(across, key=lambda one: -one.area())[:COUNT]
    assert len(across) == COUNT
    x = mean(one.boundingBox().center().x() for one in across)
    middle = QgsPointXY(x, BORDER - side * 40 * PIXEL)
    seen = {one.asWkt() for one in site.buildings(middle, len(site.truth))}
    assert all(one.asWkt() in seen for one in across)
    workspace = life.begin(xyz(site, project), middle)
    press_click_now(workspace)
    wait_for(lambda: workspace.on_demand.fill.is_waiting)
    other = workspace.controller.image.raster
    for building in across:
        life.click(part_beyond(building, side).pointOnSurface().asPoint())
        wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
        assert workspace.controller.image.raster != other
        life.save_boxed(building)
    target = workspace.dock.target.layer
    found = overlaps(target, across)
    assert mean(found) > 0.65 and min(found) > 0.5, found
    for feature, building in zip(features(target), across, strict=True):
        shape = Shape(feature.geometry(), target.crs())
        drawn = in_crs(shape, MERCATOR, project)
        for half in (1, -1):
            assert iou(part_beyond(drawn, half), part_beyond(building, half)) > 0.4
        assert run_along_border(drawn) < 12  # these are 36 to 43 pixels wide
    assert set(site.counts.values()) == {1}  # the blocks share the tiles of their margins
    target.rollBack()


@pytest.mark.slow
def test_a_server_that_fails_is_told_and_a_click_elsewhere_goes_on(
    site: Site, life: QgisLife, project: QgsProject
) -> None:
    south, north = middle_of("south"), middle_of("north")
    workspace = life.begin(xyz(site, project), south)
    press_click_now(workspace)
    wait_for(lambda: workspace.on_demand.fill.is_waiting)
    site.say("fail")
    life.look_at(north)
    wait_for(lambda: "403 Forbidden" in workspace.messages.text)
    site.say("mend")
    wait_for(lambda: workspace.on_demand.fill.process_id == 0)
    if not workspace.dock.prompt.clicking.isChecked():
        press_click_now(workspace)
    building = site.buildings(north)[0]
    life.save_boxed(building)
    target = workspace.dock.target.layer
    assert mean(overlaps(target, [building])) > 0.5
    target.rollBack()


@pytest.mark.slow
def test_a_wms_is_clicked_likewise(site: Site, life: QgisLife, project: QgsProject) -> None:
    middle = middle_of("south")
    workspace = life.begin(wms(site, project), middle)
    press_click_now(workspace)
    truth = site.buildings(middle)[:2]
    for building in truth:
        life.save_boxed(building)
    target = workspace.dock.target.layer
    assert mean(overlaps(target, truth)) > 0.6
    counts = site.counts
    assert set(counts.values()) == {1}
    assert all("REQUEST=GetMap" in path and "WIDTH=512" in path for path in counts)
    target.rollBack()
