"""Houses that are found by the dock and by the engine's own command, and the dock's button."""

from __future__ import annotations

import subprocess
from pathlib import Path

from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.PyQt.QtTest import QTest
from qgis_window import LEFT, PATIENCE_S, wait_for
from reference import iou

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.window.workspace import Workspace

OPTIONS = (
    "--points-per-side", "5", "--pred-iou-thresh", "0.4", "--stability-score-thresh", "0.4",
)  # fmt: skip
"""What the worker's presets are."""


HOUSE_M2 = 80 * 60 * 0.09

Objects = list[QgsGeometry]


def found_by_command(image: Path, command: EngineCommand, *more: str) -> Objects:
    """What `auto` finds, in its order."""
    out = image.with_name(f"all{len(more)}.geojson")
    cache = image.with_name(f"{image.name}.nano.sam2.zarr")
    run_engine(command, "auto", cache, "--out", out, "--out-crs", "EPSG:32633", *OPTIONS, *more)
    found = list(QgsVectorLayer(str(out)).getFeatures())
    assert len(found) > 5
    assert all(0.8 < f.geometry().area() / HOUSE_M2 < 1.1 for f in found)
    return [feature.geometry() for feature in sorted(found, key=lambda feature: feature["id"])]


def run_engine(command: EngineCommand, *words: object) -> None:
    done = subprocess.run(
        [command.program, "-m", "encoder_tool", *map(str, words)], env=dict(command.environment),
        capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def press(workspace: Workspace) -> None:
    """Begin, or stop."""
    button = workspace.dock.everything.button
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)


def begin(workspace: Workspace) -> QgsVectorLayer:
    """The layer, with the objects of the first patch; those of the second are held."""
    press(workspace)
    wait_for(lambda: workspace.everything.process_id != 0)
    wait_for(lambda: bool(layers()) and layers()[-1].featureCount() > 0)
    return layers()[-1]


def go_on(workspace: Workspace, gate: Path) -> None:
    """To the end."""
    gate.touch()
    if not workspace.everything.is_on:
        press(workspace)
    wait_for(lambda: not workspace.everything.is_on)


def layers() -> list[QgsVectorLayer]:
    every = QgsProject.instance().mapLayers().values()
    return [layer for layer in every if layer.name() == "Everything in houses"]


def objects_in(layer: QgsVectorLayer) -> list[QgsFeature]:
    """By their numbers."""
    return sorted(layer.getFeatures(), key=lambda feature: feature["id"])


def are_those(layer: QgsVectorLayer, expected: Objects) -> bool:
    """Each once, with its number."""
    found = objects_in(layer)
    assert [feature["id"] for feature in found] == [*range(1, len(expected) + 1)]
    return all(iou(f.geometry(), e) > 0.999 for f, e in zip(found, expected, strict=True))
