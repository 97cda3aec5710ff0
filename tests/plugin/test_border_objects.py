"""Clicks on an object that no patch holds: the whole of it is seen, and saved; where it is cut, the
dock says so, and it grows as soon as it can. The engine is real, and so is the cache, but that it
knows what is in the image."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from by_hand import UTM, features, is_idle, wait_for_saved
from qgis.core import QgsGeometry, QgsPointXY, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis_window import Window, raster_layer, settle, wait_for
from reference import iou, write_tiff

from geosam_plugin.clicking.fill import FillState
from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace

ORACLE = Path(__file__).parents[1] / "support" / "oracle_worker.py"

WIDTH, HEIGHT = 1792, 900
"""Two patches at level 0, from x 0 and from x 768; one at level 1."""

HALL = "POLYGON ((620 300, 1180 420, 1150 560, 590 440, 620 300))"
"""In pixels; over the borders of both patches."""


def on_map(x: float, y: float) -> QgsPointXY:
    """Where `write_tiff` puts a pixel."""
    return QgsPointXY(500000 + 0.3 * x, 4650000 - 0.3 * y)


@pytest.fixture(scope="module")
def truth() -> QgsGeometry:
    ring = QgsGeometry.fromWkt(HALL).asPolygon()[0]
    return QgsGeometry.fromPolygonXY([[on_map(point.x(), point.y()) for point in ring]])


@pytest.fixture(scope="module")
def left_half(truth: QgsGeometry) -> QgsGeometry:
    """What the first patch has of it."""
    corners = on_map(0, HEIGHT), on_map(1024, 0)
    return truth.intersection(QgsGeometry.fromRect(QgsRectangle(*corners)))


def encode(command: EngineCommand, image: Path, *options: str) -> None:
    words = ["-m", "encoder_tool", "encode", str(image), "--threads", "2", *options]
    subprocess.run([command.program, *words], env=dict(command.environment), check=True)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, command: EngineCommand) -> Path:
    path = tmp_path_factory.mktemp("hall") / "hall.tif"
    write_tiff(path, np.full((1, HEIGHT, WIDTH), 90, np.uint8))
    encode(command, path)
    return path


@pytest.fixture
def bare(image: Path, tmp_path: Path) -> Path:
    """The image, not encoded."""
    return Path(shutil.copy(image, tmp_path / image.name))


@pytest.fixture
def open_in(
    window: Window, project: QgsProject, command: EngineCommand
) -> Iterator[Callable[..., Workspace]]:
    """The dock open and an image on the map, with an engine that sees the hall."""
    made: list[Workspace] = []

    def make(image: Path, *how: str) -> Workspace:
        window.show_layer(raster_layer(image, project), UTM)
        oracle = dataclasses.replace(command, arguments=(str(ORACLE), *how, HALL))
        made.append(Workspace(window, oracle))
        wait_for(lambda: not made[-1].image.search.is_looking)
        return made[-1]

    yield make
    for workspace in made:
        workspace.close()
    settle()


@pytest.fixture
def workspace(open_in: Callable[..., Workspace], image: Path) -> Workspace:
    """Clicking."""
    return start_clicking(open_in(image))


def start_clicking(workspace: Workspace) -> Workspace:
    wait_for(lambda: bool(workspace.controller.described))
    workspace.dock.prompt.clicking.setChecked(True)
    return workspace


def click(workspace: Workspace, window: Window, x: float, y: float) -> QgsGeometry:
    """The shape that is to be seen then."""
    window.click(window.pixel(on_map(x, y), UTM))
    wait_for(lambda: is_idle(workspace))
    return QgsGeometry(workspace.overlay.preview.pending)


def zoom_to(window: Window, width_px: float, x: float, y: float) -> None:
    """So many pixels of the image across the map."""
    middle, half = on_map(x, y), 0.15 * width_px
    window.canvas.setExtent(
        QgsRectangle(middle.x() - half, middle.y() - half, middle.x() + half, middle.y() + half)
    )


def saved_level(workspace: Workspace) -> int:
    (feature,) = features(workspace.dock.target.layer)
    return int(feature["level"])


@pytest.mark.parametrize("x", [700, 1090])
def test_a_click_on_either_side_of_a_border_saves_the_whole(
    workspace: Workspace, window: Window, truth: QgsGeometry, x: int
) -> None:
    zoom_to(window, 600, x, 420)
    seen = click(workspace, window, x, 420)
    assert iou(seen, truth) > 0.99
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    (feature,) = features(workspace.dock.target.layer)
    assert iou(feature.geometry(), seen) > 0.999999
    assert feature["level"] == 0
    assert feature["area_m2"] == pytest.approx(truth.area(), rel=0.01)


def test_every_shape_that_tab_shows_is_whole(
    workspace: Workspace, window: Window, truth: QgsGeometry
) -> None:
    zoom_to(window, 600, 900, 420)
    areas = [click(workspace, window, 900, 420).area()]
    for _ in range(2):
        window.key(Qt.Key.Key_Tab)
        areas.append(workspace.overlay.preview.pending.area())
    grown = [truth.buffer(0.3 * by, 32).area() for by in (-12, 0, 12)]
    assert sorted(areas) == pytest.approx(grown, rel=0.02)


def test_the_zoom_decides_the_level_and_the_pin_overrides_it(
    workspace: Workspace, window: Window, truth: QgsGeometry
) -> None:
    """In the window all of the image is seen, three of its pixels in one of the screen."""
    assert iou(click(workspace, window, 900, 420), truth) > 0.98
    assert workspace.controller.session.draft.level == 1
    workspace.dock.options.level.setCurrentIndex(1)
    wait_for(lambda: is_idle(workspace))
    assert workspace.controller.session.draft.level == 0
    assert iou(workspace.overlay.preview.pending, truth) > 0.99
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    assert saved_level(workspace) == 0


def test_a_preview_under_the_mouse_asks_one_patch(
    workspace: Workspace, window: Window, truth: QgsGeometry
) -> None:
    zoom_to(window, 600, 700, 420)
    shown: list[QgsGeometry] = []
    workspace.controller.hoverChanged.connect(lambda shape: shown.append(shape) if shape else None)
    QTest.mouseMove(window.canvas.viewport(), window.pixel(on_map(700, 420), UTM))
    wait_for(lambda: bool(shown))
    (feature,) = shown
    right = feature.boundingBox().xMaximum()
    assert right == pytest.approx(on_map(1024, 0).x(), abs=0.01)


# --- where it is cut


def step(workspace: Workspace) -> str:
    return str(workspace.dock.next_step.text())


def test_an_object_that_is_cut_says_so_and_grows_when_more_is_encoded(
    open_in: Callable[..., Workspace], window: Window, bare: Path, command: EngineCommand,
    truth: QgsGeometry, left_half: QgsGeometry,
) -> None:  # fmt: skip
    corners = [*on_map(0, HEIGHT), *on_map(700, 0)]
    encode(command, bare, "--levels", "1", "--extent", ",".join(map(str, corners)))
    workspace = start_clicking(open_in(bare))
    zoom_to(window, 600, 700, 420)
    assert iou(click(workspace, window, 700, 420), left_half) > 0.99
    assert step(workspace).startswith("The object goes on where nothing is encoded yet.")
    encode(command, bare, "--levels", "1")
    cache = bare.with_name(f"{bare.name}.nano.sam2.zarr")
    workspace.image.encode_dialogs.encoded.emit(workspace.dock.image.layer.id(), str(cache))
    wait_for(lambda: iou(workspace.overlay.preview.pending, truth) > 0.99)
    assert step(workspace).startswith("5. ")
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    (feature,) = features(workspace.dock.target.layer)
    assert iou(feature.geometry(), truth) > 0.99


def test_what_is_encoded_as_it_is_clicked_grows_by_itself(
    open_in: Callable[..., Workspace], window: Window, bare: Path, tmp_path: Path,
    truth: QgsGeometry, left_half: QgsGeometry,
) -> None:  # fmt: skip
    """The shape that Tab has chosen, too, and even with everything else paused."""
    gate = tmp_path / "gate"
    workspace = open_in(bare, "--gate", str(gate))
    zoom_to(window, 600, 700, 420)
    workspace.dock.image.click_now.click()
    window.click(window.pixel(on_map(700, 420), UTM))
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    assert iou(workspace.overlay.preview.pending, left_half) > 0.99
    assert step(workspace).startswith("The object goes on where the image is still being encoded")
    window.key(Qt.Key.Key_Tab)
    chosen = workspace.controller.session.draft.candidate.number
    assert chosen == 3  # the grown one
    workspace.dock.image.fill.pause.click()
    gate.touch()
    grown = truth.buffer(0.3 * 12, 32)
    wait_for(lambda: iou(workspace.overlay.preview.pending, grown) > 0.98)
    assert workspace.controller.session.draft.candidate.number == chosen
    assert not step(workspace).startswith("The object goes on")


def test_a_shape_that_is_saved_is_asked_for_no_more(
    open_in: Callable[..., Workspace], window: Window, bare: Path, tmp_path: Path,
    left_half: QgsGeometry,
) -> None:  # fmt: skip
    gate = tmp_path / "gate"
    workspace = open_in(bare, "--gate", str(gate))
    zoom_to(window, 600, 700, 420)
    workspace.dock.image.click_now.click()
    window.click(window.pixel(on_map(700, 420), UTM))
    wait_for(lambda: is_idle(workspace) and workspace.controller.shape is not None)
    window.key(Qt.Key.Key_Return)
    wait_for_saved(workspace, 1)
    gate.touch()
    wait_for(lambda: workspace.on_demand.fill.state is FillState.DONE)
    wait_for(lambda: workspace.client.pending == 0)
    (feature,) = features(workspace.dock.target.layer)
    assert iou(feature.geometry(), left_half) > 0.99
    assert workspace.overlay.preview.pending.isEmpty()


def test_every_cut_has_a_sentence_but_those_of_previews(
    workspace: Workspace, window: Window
) -> None:
    zoom_to(window, 600, 700, 420)
    click(workspace, window, 700, 420)
    draft = workspace.controller.session.draft
    whole = draft.candidates[draft.chosen]
    for cuts, told in (
        (("not_encoded", "unsure"), "The object goes on where nothing is encoded yet."),
        (("limit",), "The object is too large to be seen whole at this scale."),
        (("unsure",), "Where the outline is straight, the object may go on."),
        (("not_asked",), "5. "),
        ((), "5. "),
    ):
        draft.candidates[draft.chosen] = dataclasses.replace(whole, cuts=cuts)
        workspace.dock.show_session(workspace.controller)
        assert step(workspace).startswith(told)
    draft.candidates[draft.chosen] = dataclasses.replace(whole, score=0.3)
    workspace.dock.show_session(workspace.controller)
    assert step(workspace).startswith("The model is not sure of this shape. Click on")


def test_what_might_know_better_is_encoded_at_its_level(
    workspace: Workspace, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    zoom_to(window, 600, 700, 420)
    click(workspace, window, 700, 420)
    draft, wanted = workspace.controller.session.draft, []
    monkeypatch.setattr(workspace.on_demand.fill, "want", wanted.append)
    unsure = dataclasses.replace(draft.candidates[draft.chosen], score=0.3, surer=(1, 0, 0))
    draft.candidates[draft.chosen] = unsure
    workspace.controller.changed.emit()
    (place,) = wanted
    assert place["level"] == 1
    assert place["point"] == pytest.approx(on_map(700, 420))
    draft.image.is_filling = True
    workspace.dock.show_session(workspace.controller)
    assert step(workspace).startswith("The model is not sure of this shape. More of what is around")
