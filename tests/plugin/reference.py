"""Prompts to test with, and what the engine by itself makes of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis_window import PATIENCE_S

from geosam_plugin.engine.command import EngineCommand

UTM, WGS84, MERCATOR = "EPSG:32633", "EPSG:4326", "EPSG:3857"

Prompts = dict[str, Any]

SEGMENT = """
import json, sys
from pathlib import Path
from encoder_tool.cache.store import open_cache
from encoder_tool.segment import MapPrompt, Segmenter, SegmentRequest
from encoder_tool.types import XY, BoundsMap
segmenter = Segmenter(open_cache(Path(sys.argv[1])))
wkt = []
for asked in json.load(sys.stdin):
    include, exclude = (tuple(XY(*p) for p in asked.get(k, ())) for k in ("include", "exclude"))
    box = BoundsMap(*asked["box"]) if "box" in asked else None
    request = SegmentRequest(MapPrompt(include, exclude, box, asked["crs"]))
    wkt.append([found.geometry.wkt for found in segmenter.segment(request).objects])
print(json.dumps(wkt))
"""
"""The engine by itself, with its own transformations."""


def engine_polygons(
    command: EngineCommand, cache: Path, prompts: list[Prompts]
) -> list[list[QgsGeometry]]:
    done = subprocess.run(
        [command.program, "-c", SEGMENT, str(cache)], input=json.dumps(prompts), text=True,
        env=dict(command.environment), capture_output=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [[QgsGeometry.fromWkt(wkt) for wkt in found] for found in json.loads(done.stdout)]


def iou(a: QgsGeometry, b: QgsGeometry) -> float:
    return a.intersection(b).area() / a.combine(b).area()


def large_buildings(scene: Path) -> list[QgsGeometry]:
    """Outlines of the ten largest buildings that lie well inside the sample."""
    layer = QgsVectorLayer(f"{scene.with_name('truth.gpkg')}|subset=class = 'building'")
    assert layer.isValid()
    inside = QgsRasterLayer(str(scene)).extent().buffered(-15)
    found = [QgsGeometry(feature.geometry()) for feature in layer.getFeatures()]
    found = [outline for outline in found if inside.contains(outline.boundingBox())]
    assert len(found) > 10
    return sorted(found, key=lambda outline: -outline.area())[:10]


def centre(outline: QgsGeometry) -> QgsGeometry:
    return outline.poleOfInaccessibility(0.5)[0]


def layer_with(kind: str, crs: str, features: list[tuple[str, list[Any]]]) -> QgsVectorLayer:
    """A memory layer of (WKT in UTM 33N, attributes)."""
    layer = QgsVectorLayer(f"{kind}?crs={crs}&field=name:string&field=label:string", "x", "memory")
    transform = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem(UTM), layer.crs(), QgsProject.instance()
    )
    for wkt, attributes in features:
        feature = QgsFeature(layer.fields())
        geometry = QgsGeometry.fromWkt(wkt)
        geometry.transform(transform)
        feature.setGeometry(geometry)
        feature.setAttributes(attributes)
        assert layer.dataProvider().addFeature(feature)
    return layer


def write_layer(layer: QgsVectorLayer, path: Path) -> None:
    options = QgsVectorFileWriter.SaveVectorOptions()
    error, message, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, str(path), QgsProject.instance().transformContext(), options
    )
    assert error == QgsVectorFileWriter.WriterError.NoError, message


def points_of(layer: QgsVectorLayer) -> list[list[float]]:
    points = [feature.geometry().asPoint() for feature in layer.getFeatures()]
    return [[point.x(), point.y()] for point in points]


def write_tiff(path: Path, values: np.ndarray, crs: str = UTM) -> Path:
    """Values [bands, rows, columns], 0.3 m, as in the sample."""
    bands, rows, columns = values.shape
    kind = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16}[values.dtype.name]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, bands, kind)
    dataset.SetGeoTransform((500000, 0.3, 0, 4650000, 0, -0.3))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(int(crs.split(":")[1]))
    dataset.SetProjection(reference.ExportToWkt())
    dataset.WriteArray(values)
    dataset.FlushCache()
    return path
