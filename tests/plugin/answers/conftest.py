"""A controller whose engine is played."""

from __future__ import annotations

import pytest
from answers.played_engine import DESCRIBED, UTM, Engine
from qgis.core import QgsProject

from geosam_plugin.clicking.controller import Controller


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def controller(engine: Engine, project: QgsProject) -> Controller:
    controller = Controller(engine, project)
    controller.use_cache("/a.zarr", UTM, "/a.tif")
    engine.answer(dict(DESCRIBED))
    return controller


@pytest.fixture
def told(controller: Controller) -> list[str]:
    told: list[str] = []
    controller.said.connect(told.append)
    controller.noted.connect(told.append)
    controller.notEncoded.connect(lambda text, _extent: told.append(text))
    return told
