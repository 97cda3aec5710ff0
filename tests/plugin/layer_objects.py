"""Objects that were found, and layers that take them."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeedback,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
)

from geosam_plugin.clicking.draft import Candidate, Draft
from geosam_plugin.clicking.prompts import EXCLUDE, INCLUDE, Prompt
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import Shape
from geosam_plugin.result_fields import Source
from geosam_plugin.saving.layer_fields import attributes
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.plan import Plan, SavedObject, Target
from geosam_plugin.saving.provenance import TakenUp

UTM = QgsCoordinateReferenceSystem("EPSG:32633")
X, Y = 500000, 4650000

MORE_CLICKS = 8

SOURCE = Source("scene.tif", "nano", "EPSG:32633", {"simplify_px": 0.25})


def square(x: float, y: float, size: float) -> str:
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    return "(" + ", ".join(f"{X + a} {Y + b}" for a, b in corners) + ")"


def polygon(x: float, y: float, size: float) -> QgsGeometry:
    return QgsGeometry.fromWkt(f"Polygon({square(x, y, size)})")


def found(
    geometry: QgsGeometry, class_name: str = "roof", more_clicks: int = MORE_CLICKS
) -> SavedObject:
    draft = Draft()
    draft.history.add(Prompt(INCLUDE, ((X + 1.25, Y + 2.5),), pixel_size=0.3))
    draft.history.add(Prompt(INCLUDE, ((X + 2.0, Y + 2.0),)))
    draft.history.add(Prompt(EXCLUDE, ((X + 9.0, Y + 9.0),)))
    for _ in range(more_clicks):
        draft.history.add(Prompt(EXCLUDE, ((X + 9.123456789, Y + 9.123456789),)))
    draft.candidates = [Candidate(0, 0.87654, "")]
    return SavedObject(Shape(geometry, UTM), attributes(draft, SOURCE, class_name))


def save(
    target: Target,
    found: SavedObject,
    mode: SaveMode = SaveMode.NEW,
    taken: TakenUp | None = None,
) -> list[int]:
    plan = Plan(target, found, mode, taken)
    plan.read(QgsFeedback())
    return plan.write()


def layer_of(uri: str, project: QgsProject) -> QgsVectorLayer:
    layer = QgsVectorLayer(uri, "target", "memory")
    assert layer.isValid()
    project.addMapLayer(layer)
    return layer


def own(project: QgsProject, crs: QgsCoordinateReferenceSystem = UTM) -> QgsVectorLayer:
    layer = new_layer(crs, "objects")
    project.addMapLayer(layer)
    return layer


def features(layer: QgsVectorLayer) -> list[QgsFeature]:
    return sorted(layer.getFeatures(), key=lambda feature: abs(feature.id()))
