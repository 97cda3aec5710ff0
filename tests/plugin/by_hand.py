"""What a user does with mouse and keys to segment an object, and waiting for what comes of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis_window import RIGHT, Window, wait_for

if TYPE_CHECKING:
    from geosam_plugin.window.workspace import Workspace

UTM = QgsCoordinateReferenceSystem("EPSG:32633")
WGS84 = QgsCoordinateReferenceSystem("EPSG:4326")
MERCATOR = QgsCoordinateReferenceSystem("EPSG:3857")

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True)
class Clicked:
    """Where the mouse was, in the map's CRS."""

    include: list[QgsPointXY]
    exclude: list[QgsPointXY]
    box: QgsRectangle


def largest_objects(scene: Path, count: int = 10) -> list[QgsGeometry]:
    """The truth's largest objects that lie within the image."""
    layer = QgsVectorLayer(str(scene.with_name("truth.gpkg")), "truth", "ogr")
    inner = QgsRasterLayer(str(scene)).extent().buffered(-4)
    whole = [
        QgsGeometry(feature.geometry())
        for feature in layer.getFeatures()
        if inner.contains(feature.geometry().boundingBox())
    ]
    return sorted(whole, key=lambda geometry: -geometry.area())[:count]


def spots(geometry: QgsGeometry, count: int) -> list[QgsPointXY]:
    """Places within an object, apart from each other."""
    centre = geometry.pointOnSurface().asPoint()
    box = geometry.boundingBox()
    found = [centre]
    for dx, dy in ((0.25, 0.1), (-0.2, -0.1), (0.1, 0.3), (-0.3, 0.2), (0.0, -0.3)):
        place = QgsPointXY(centre.x() + dx * box.width(), centre.y() + dy * box.height())
        if geometry.contains(place):
            found.append(place)
    return [found[i % len(found)] for i in range(count)]


def compose(workspace: Workspace, window: Window, target: QgsGeometry) -> Clicked:
    """Three includes, an exclude, a box, Tab, undo, redo."""
    box = target.boundingBox()
    # A pixel further each: two clicks at one place are a double click.
    included = [window.pixel(p, UTM) + QPoint(i, 0) for i, p in enumerate(spots(target, 3))]
    excluded = window.pixel(QgsPointXY(box.xMinimum() - 3, box.yMaximum() + 3), UTM)
    first = window.pixel(QgsPointXY(box.xMinimum() - 1, box.yMaximum() + 1), UTM)
    last = window.pixel(QgsPointXY(box.xMaximum() + 1, box.yMinimum() - 1), UTM)
    for place in included:
        window.click(place)
    window.click(excluded, RIGHT)
    window.drag(first, last)
    session = workspace.controller.session
    assert [prompt.kind for prompt in session.draft.prompts] == [
        "include", "include", "include", "exclude", "box",
    ]  # fmt: skip
    window.key(Qt.Key.Key_Tab)
    wait_for(lambda: is_idle(workspace))
    assert session.draft.candidate.number == 1
    window.key(Qt.Key.Key_Z, CONTROL)
    assert len(session.draft.prompts) == 4
    window.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert len(session.draft.prompts) == 5
    to_map = window.canvas.getCoordinateTransform().toMapCoordinates
    return Clicked(
        [to_map(place) for place in included],
        [to_map(excluded)],
        QgsRectangle(to_map(first), to_map(last)),
    )


def is_idle(workspace: Workspace) -> bool:
    session = workspace.controller.session
    return workspace.client.pending == 0 and session.draft.is_answered and not session.waits_to_save


@contextmanager
def held(workspace: Workspace) -> Iterator[None]:
    """The engine answers nothing meanwhile."""
    worker = workspace.client.process_id
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGCONT)


def wait_for_saved(workspace: Workspace, count: int) -> None:
    wait_for(lambda: is_idle(workspace) and workspace.controller.session.saved == count)


def features(layer: QgsVectorLayer) -> list[QgsFeature]:
    """In the order in which they came: in an edit buffer, ids count down."""
    return sorted(layer.getFeatures(), key=lambda feature: -feature.id())
