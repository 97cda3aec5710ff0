"""A part of a town that is encoded, and the algorithm as a script runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_once import made_once
from qgis.core import (
    QgsApplication,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from refine_footprints.town import Results, Run, engine

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.settings import EngineSettings


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory, command: EngineCommand) -> Path:
    """A part of a town of 1024 pixels, EPSG:32633, 0.3 m, with 69 whole buildings, encoded."""

    def make(folder: Path) -> None:
        engine(command, "sample", str(folder), "--size", "1024", "--seed", "5")
        engine(command, "encode", str(folder / "scene.tif"), "--threads", "2")

    return made_once(tmp_path_factory, "town", make) / "scene.tif"


@pytest.fixture(scope="session")
def cache(scene: Path) -> Path:
    """By nano: one patch."""
    return scene.with_name("scene.tif.nano.sam2.zarr")


@pytest.fixture
def context(project: QgsProject) -> Iterator[QgsProcessingContext]:
    context = QgsProcessingContext()
    context.setProject(project)
    yield context
    context.temporaryLayerStore().removeAllMapLayers()


@pytest.fixture
def run(
    context: QgsProcessingContext, provider: GeoSamProvider, cache: Path, engine_python: str
) -> Run:
    """Runs it as a script does, on the main thread; the results, and the refined layer."""
    EngineSettings(python=engine_python, is_complete=True).save()

    def run(
        feedback: QgsProcessingFeedback | None = None, **parameters: Any
    ) -> tuple[Results, QgsVectorLayer]:
        algorithm = provider.algorithm("refinefootprints").create()
        given = {"CACHE": str(cache), "OUTPUT": "memory:", **parameters}
        is_fine, message = algorithm.checkParameterValues(given, context)
        assert is_fine, message
        results, is_fine = algorithm.run(
            given, context, feedback or QgsProcessingFeedback(), catchExceptions=False
        )
        assert is_fine
        made = context.getMapLayer(results["OUTPUT"])
        return results, made or QgsVectorLayer(results["OUTPUT"])

    return run


@pytest.fixture(scope="session")
def truth(scene: Path, qgis_app: QgsApplication) -> list[QgsGeometry]:
    """The scene's buildings that lie on it whole, the largest first."""
    layer = QgsVectorLayer(f"{scene.with_name('truth.gpkg')}|subset=class = 'building'")
    found = [QgsGeometry(feature.geometry()) for feature in layer.getFeatures()]
    inside = layer.extent().buffered(-1)
    found = [outline for outline in found if inside.contains(outline.boundingBox())]
    assert len(found) > 60
    return sorted(found, key=lambda outline: -outline.area())
