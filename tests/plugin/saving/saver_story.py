"""A saver with what it said, and layers for it."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis_window import wait_for

from geosam_plugin.clicking.draft import Candidate, Draft
from geosam_plugin.clicking.prompts import INCLUDE, Prompt
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import Shape
from geosam_plugin.result_fields import Source
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.provenance import TakenUp
from geosam_plugin.saving.saver import How, Saver

UTM = QgsCoordinateReferenceSystem("EPSG:32633")
SOURCE = Source("scene.tif", "nano", "EPSG:32633", {})
X, Y = 500000, 4650000


class Story:
    """A saver, and what it said, in order."""

    def __init__(self, project: QgsProject, folder: Path) -> None:
        self.folder = folder
        self.saver = Saver(project, folder)
        self.told: list[tuple[str, str]] = []
        self.count = 0
        self.saver.saved.connect(lambda draft: self.told.append((draft.how.class_name, "")))
        self.saver.refused.connect(lambda draft, why: self.told.append((draft.how.class_name, why)))
        self.saver.counted.connect(self._on_count)

    def _on_count(self, count: int) -> None:
        self.count = count

    def save(
        self, name: str, x: float, layer: QgsVectorLayer | None, mode: SaveMode = SaveMode.NEW,
        avoid: bool = False, taken: TakenUp | None = None,
    ) -> Draft:  # fmt: skip
        draft = Draft()
        draft.replaces = taken
        draft.history.add(Prompt(INCLUDE, ((X + x, Y),)))
        draft.candidates = [Candidate(0, 0.9, "")]
        selected = tuple(layer.selectedFeatureIds()) if layer else ()
        draft.how = How(layer.id() if layer else "", mode, name, avoid, SOURCE, selected)
        self.saver.save(draft, Shape(square(x), UTM))
        return draft

    def wait_for(self, *told: str) -> None:
        wait_for(lambda: len(self.told) >= len(told))
        assert [name for name, _ in self.told] == list(told)


def square(x: float, size: float = 10) -> QgsGeometry:
    x += X
    return QgsGeometry.fromWkt(
        f"Polygon(({x} {Y}, {x + size} {Y}, {x + size} {Y + size}, {x} {Y + size}, {x} {Y}))"
    )


def file_layer(project: QgsProject, path: Path, *places: float) -> QgsVectorLayer:
    """A GeoPackage with a square at each place."""
    memory = new_layer(UTM, "objects")
    for x in places:
        feature = QgsFeature(memory.fields())
        feature.setGeometry(square(x))
        memory.dataProvider().addFeature(feature)
    QgsVectorFileWriter.writeAsVectorFormatV3(
        memory, str(path), project.transformContext(), QgsVectorFileWriter.SaveVectorOptions()
    )
    layer = QgsVectorLayer(str(path), path.stem, "ogr")
    assert layer.isValid()
    project.addMapLayer(layer)
    return layer


def areas(layer: QgsVectorLayer) -> dict[str, int]:
    return {
        feature["class"]: round(feature.geometry().area())
        for feature in layer.getFeatures()
        if feature["class"]
    }
