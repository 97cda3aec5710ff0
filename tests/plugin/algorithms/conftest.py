"""QGIS's Processing with the plugin's algorithms, and what they are run on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from algorithms.algorithm_runs import Feedback, Results, Run
from qgis.core import (
    QgsApplication,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from reference import large_buildings, write_tiff

from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.settings import EngineSettings


@pytest.fixture(scope="module")
def provider(qgis_app: QgsApplication, engine_python: str) -> Iterator[GeoSamProvider]:
    before = EngineSettings.load()
    EngineSettings(python=engine_python, is_complete=True).save()
    provider = GeoSamProvider()
    registry = QgsApplication.processingRegistry()
    assert registry.addProvider(provider)
    yield provider
    registry.removeProvider(provider)
    before.save()


@pytest.fixture
def context(qgis_app: QgsApplication) -> Iterator[QgsProcessingContext]:
    project = QgsProject.instance()
    project.clear()
    project.setEllipsoid("EPSG:7030")
    context = QgsProcessingContext()
    context.setProject(project)
    yield context
    # pytest lets go of the last test's fixtures after QGIS has ended, and GDAL with it: a raster
    # that is closed then crashes.
    context.temporaryLayerStore().removeAllMapLayers()


@pytest.fixture
def run(provider: GeoSamProvider, context: QgsProcessingContext) -> Run:
    """Runs an algorithm as a script does, on the main thread."""

    def run(
        name: str, parameters: Results, feedback: QgsProcessingFeedback | None = None
    ) -> Results:
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"geosam:{name}")
        is_fine, message = algorithm.checkParameterValues(parameters, context)
        assert is_fine, message
        results, is_fine = algorithm.run(
            parameters, context, feedback or Feedback(), catchExceptions=False
        )
        assert is_fine
        return results

    return run


@pytest.fixture
def sample(scene: Path, tmp_path: Path) -> Path:
    """The sample without a cache."""
    return Path(shutil.copy(scene, tmp_path / "scene.tif"))


@pytest.fixture(scope="module")
def buildings(scene: Path) -> list[QgsGeometry]:
    return large_buildings(scene)


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Five patches of noise in a row, at level 0."""
    rng = np.random.default_rng(0)
    values = rng.integers(0, 255, (3, 200, 1024 + 4 * 768), np.uint8, endpoint=True)
    return write_tiff(tmp_path / "wide.tif", values)
