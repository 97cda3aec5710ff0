"""Rasters that the algorithms make of layers: what runs them, and where their pixels are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
)
from served_tiles import (
    HALF_WORLD_M,
    PIXEL_M,
    ServedTiles,
    served_tiles,
)

from geosam_plugin.engine.command import EngineCommand
from geosam_plugin.processing import kept_raster
from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.settings import EngineSettings

Results = dict[str, Any]
Make = Callable[..., Results]

COLUMN, ROW = 8875 * 256 + 37, 6091 * 256 + 101
"""Within a tile, so that edges of the raster are none of tiles."""


class Feedback(QgsProcessingFeedback):
    """What a user is told."""

    def __init__(self) -> None:
        super().__init__(False)
        self.said: list[str] = []

    def pushInfo(self, text: str) -> None:  # noqa: N802
        self.said.append(text)

    def pushWarning(self, text: str) -> None:  # noqa: N802
        self.said.append(text)


@pytest.fixture(scope="module")
def tiles(engine_python: str) -> Iterator[ServedTiles]:
    with served_tiles(engine_python) as running:
        yield running


@pytest.fixture
def good_tiles(tiles: ServedTiles) -> ServedTiles:
    tiles.reply("good")
    tiles.asked()
    return tiles


@pytest.fixture
def make_raster(provider: GeoSamProvider, project: QgsProject, tmp_path: Path) -> Make:
    """Runs `geosam:layertoraster`, as a script does; raises for what the check refuses, too."""

    def make_raster(
        layer: Any, feedback: QgsProcessingFeedback | None = None, **parameters: Any
    ) -> Any:
        context = QgsProcessingContext()
        context.setProject(project)
        given = {"INPUT": layer, "OUTPUT": str(tmp_path / "out.tif"), **parameters}
        return run_algorithm("layertoraster", given, context, feedback)

    return make_raster


@pytest.fixture
def encode_layer(provider: GeoSamProvider, project: QgsProject, command: EngineCommand) -> Make:
    """Runs `geosam:encoderaster`."""
    EngineSettings(python=command.program, is_complete=True).save()

    def encode_layer(
        layer: Any,
        feedback: QgsProcessingFeedback | None = None,
        context: QgsProcessingContext | None = None,
        **parameters: Any,
    ) -> Any:
        given = {"INPUT": layer, **parameters}
        return run_algorithm("encoderaster", given, context or QgsProcessingContext(), feedback)

    return encode_layer


@pytest.fixture
def user_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's cache folder is, or would be."""
    folder = tmp_path / "user"
    monkeypatch.setattr(kept_raster, "user_folder", lambda: folder)
    return folder


def run_algorithm(
    name: str,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback | None,
) -> Results:
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"geosam:{name}")
    is_fine, message = algorithm.checkParameterValues(parameters, context)
    if not is_fine:
        raise QgsProcessingException(message)
    results, is_fine = algorithm.run(
        parameters, context, feedback or QgsProcessingFeedback(), catchExceptions=False
    )
    assert is_fine
    return results


def attributes_of(cache: Path) -> dict[str, Any]:
    return json.loads((cache / "zarr.json").read_text("utf-8"))["attributes"]


def mean_shift_px(path: Path) -> float:
    """As `position_error_px`, on average over the inside, where no pixel is next to a border of a
    tile: there red and green start anew."""
    dataset = gdal.Open(str(path))
    left, width, _, top, _, height = dataset.GetGeoTransform()
    pixels = dataset.ReadAsArray().astype(float)[:, 3:-3, 3:-3]
    assert (pixels[3] == 255).all()
    y, x = np.mgrid[3 : 3 + pixels.shape[1], 3 : 3 + pixels.shape[2]] + 0.5
    world_x = (left + x * width + HALF_WORLD_M) / PIXEL_M
    world_y = (HALF_WORLD_M - (top + y * height)) / PIXEL_M
    # A colour is of a pixel's middle.
    shift_x = pixels[0] + 0.5 - world_x % 256
    shift_y = pixels[1] + 0.5 - world_y % 256
    return float(max(abs(shift_x.mean()), abs(shift_y.mean())))
