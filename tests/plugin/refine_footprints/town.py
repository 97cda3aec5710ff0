"""A part of a town, layers of its buildings, and the engine by itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
)
from qgis_window import PATIENCE_S
from reference import UTM, WGS84, layer_with

from geosam_plugin.engine.command import EngineCommand

Results = dict[str, Any]
Run = Callable[..., "tuple[Results, QgsVectorLayer]"]

VERDICTS = {"keep", "shift", "reshape", "uncertain", "gone", "new"}


def engine(command: EngineCommand, *arguments: str) -> None:
    done = subprocess.run(
        [command.program, "-m", "encoder_tool", *arguments],
        env={**os.environ, **command.environment}, capture_output=True, text=True,
        timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def moved(outline: QgsGeometry, dx: float, dy: float) -> QgsGeometry:
    copy = QgsGeometry(outline)
    copy.translate(dx, dy)
    return copy


def in_utm(geometry: QgsGeometry, layer: QgsVectorLayer) -> QgsGeometry:
    copy = QgsGeometry(geometry)
    crs = QgsCoordinateReferenceSystem(UTM)
    copy.transform(QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance()))
    return copy


def buildings(outlines: list[QgsGeometry], crs: str = UTM) -> QgsVectorLayer:
    """`name` numbers them, `label` is empty."""
    return layer_with("Polygon", crs, [(o.asWkt(12), [str(i), ""]) for i, o in enumerate(outlines)])


def by_command(
    command: EngineCommand, cache: Path, file: Path, out: Path, *options: str
) -> list[QgsFeature]:
    engine(command, "refine", str(cache), str(file), "--out", str(out), *options)
    return list(QgsVectorLayer(str(out)).getFeatures())


OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">{nodes}{ways}</osm>
"""


def osm_file(path: Path, outlines: list[QgsGeometry]) -> Path:
    """Each a way with the tag building=house; ways count from 1001, their nodes from 1."""
    to_degrees = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem(UTM), QgsCoordinateReferenceSystem(WGS84),
        QgsProject.instance(),
    )  # fmt: skip
    nodes, ways, number = [], [], 1
    for way, outline in enumerate(outlines, 1001):
        copy = QgsGeometry(outline)
        copy.transform(to_degrees)
        ring = [*copy.vertices()][:-1]
        refs = list(range(number, number + len(ring)))
        number += len(ring)
        nodes += [
            f'<node id="{ref}" version="3" lat="{point.y():.7f}" lon="{point.x():.7f}"/>'
            for ref, point in zip(refs, ring, strict=True)
        ]
        told = "".join(f'<nd ref="{ref}"/>' for ref in [*refs, refs[0]])
        ways.append(
            f'<way id="{way}" version="7">{told}<tag k="building" v="house"/></way>'
        )  # fmt: skip
    path.write_text(OSM.format(nodes="".join(nodes), ways="".join(ways)), encoding="utf-8")
    return path
