"""Whatever ends a run leaves what it has found, and the next one goes on with it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from everything.found_objects import Objects, are_those, begin, go_on, layers, objects_in, press
from processes import is_alive
from qgis.core import QgsFeature, QgsProject, QgsVectorLayer
from qgis_window import Window, raster_layer, wait_for

from geosam_plugin.window import found_layer
from geosam_plugin.window.workspace import Workspace

STOPPED = "Stopped: 1 of 2 patches. The same run goes on from there."


def test_a_stopped_run_keeps_what_it_has_and_goes_on(
    workspace: Workspace, gate: Path, expected: Objects
) -> None:
    layer = begin(workspace)
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    early = [feature.id() for feature in objects_in(layer)]
    assert 0 < len(early) < len(expected)
    assert workspace.dock.everything.text.text() == STOPPED
    assert workspace.messages.text == ""
    press(workspace)
    press(workspace)  # stopped before it is known how far it was
    wait_for(lambda: not workspace.everything.is_on)
    assert workspace.dock.everything.text.text() == "Stopped."
    go_on(workspace, gate)
    assert layers() == [layer]
    assert are_those(layer, expected)
    assert [feature.id() for feature in objects_in(layer)][: len(early)] == early


def test_what_became_of_a_run_is_not_told_of_another_image(
    workspace: Workspace, project: QgsProject, scene: Path, cache: Path
) -> None:
    begin(workspace)
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    assert workspace.dock.everything.text.text() != ""
    workspace.dock.image.raster.setLayer(raster_layer(scene, project))
    wait_for(lambda: bool(workspace.controller.described))
    assert workspace.dock.everything.text.text() == ""
    assert workspace.dock.everything.button.isEnabled()


def test_a_layer_that_takes_no_more_is_told_and_the_next_run_fills_another(
    workspace: Workspace, gate: Path, expected: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = begin(workspace)
    early = layer.featureCount()
    with monkeypatch.context() as patched:
        patched.setattr(found_layer, "QgsVectorLayerUtils", Points)
        go_on(workspace, gate)
    assert workspace.messages.text == "The layer “Everything in houses” takes no more objects."
    assert workspace.dock.everything.text.text().startswith("Stopped")
    go_on(workspace, gate)
    assert layer.featureCount() == early
    (other,) = [one for one in layers() if one is not layer]
    assert are_those(other, expected)


class Points:
    """Features that no layer of polygons takes."""

    @staticmethod
    def makeFeaturesCompatible(  # noqa: N802 - QGIS's name
        features: list[QgsFeature], layer: QgsVectorLayer
    ) -> list[QgsFeature]:
        for feature in features:
            feature.setGeometry(feature.geometry().pointOnSurface())
        return features


def test_what_the_user_deletes_meanwhile_does_not_come_back(
    workspace: Workspace, gate: Path, expected: Objects
) -> None:
    layer = begin(workspace)
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    doomed = objects_in(layer)[0]
    assert layer.dataProvider().deleteFeatures([doomed.id()])
    go_on(workspace, gate)
    numbers = [feature["id"] for feature in objects_in(layer)]
    assert numbers == [*range(2, len(expected) + 1)]


def test_a_killed_engine_is_told_once_and_the_next_run_goes_on(
    workspace: Workspace, window: Window, gate: Path, expected: Objects
) -> None:
    layer = begin(workspace)
    early = layer.featureCount()
    os.kill(workspace.everything.process_id, signal.SIGKILL)
    wait_for(lambda: not workspace.everything.is_on)
    (shown,) = window.bar.items()
    assert "ended unexpectedly" in shown.text()
    assert "What was found is kept" in shown.text()
    assert layer.featureCount() == early
    go_on(workspace, gate)
    assert layers() == [layer]
    assert are_those(layer, expected)


def test_other_parameters_get_a_layer_of_their_own(workspace: Workspace, gate: Path) -> None:
    first = begin(workspace)
    early = first.featureCount()
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    workspace.dock.everything.min_area.setValue(20)
    go_on(workspace, gate)
    assert first.featureCount() == early
    (other,) = [layer for layer in layers() if layer is not first]
    assert other.featureCount() > early


def test_another_cache_in_the_same_place_gets_a_layer_of_its_own(
    workspace: Workspace, gate: Path, expected: Objects
) -> None:
    """Its objects have the same numbers, and are others."""
    first = begin(workspace)
    early = first.featureCount()
    press(workspace)
    wait_for(lambda: not workspace.everything.is_on)
    described = workspace.controller.image.described
    described["manifest"] = {**described["manifest"], "dtype": "float16"}
    go_on(workspace, gate)
    assert first.featureCount() == early
    (other,) = [layer for layer in layers() if layer is not first]
    assert are_those(other, expected)


@pytest.mark.parametrize("what", ["its layer", "the image", "the dock", "the engine"])
def test_it_stops_with(workspace: Workspace, project: QgsProject, what: str) -> None:
    layer = begin(workspace)
    if what == "its layer":
        project.removeMapLayer(layer.id())
    elif what == "the image":
        project.removeMapLayer(workspace.dock.image.layer.id())
    elif what == "the dock":
        workspace.dock.closed.emit()
    else:
        workspace.client.give_up("It is being removed.")
    wait_for(lambda: not workspace.everything.is_on)
    assert workspace.everything.process_id == 0
    if what in ("its layer", "the image"):
        assert workspace.messages.text.startswith("Its layer was removed")
    if what != "its layer":
        assert layer.featureCount() > 0


def test_it_stops_with_the_project(
    workspace: Workspace, window: Window, project: QgsProject
) -> None:
    begin(workspace)
    process = workspace.everything.process_id
    project.clear()
    wait_for(lambda: not workspace.everything.is_on)
    wait_for(lambda: not is_alive(process))
    assert project.mapLayers() == {}
    assert not window.bar.items()
    assert not workspace.dock.everything.button.isEnabled()


def test_it_ends_with_the_workspace(workspace: Workspace) -> None:
    layer = begin(workspace)
    process, count = workspace.everything.process_id, layer.featureCount()
    workspace.close()
    wait_for(lambda: not is_alive(process))
    assert layer.featureCount() == count
