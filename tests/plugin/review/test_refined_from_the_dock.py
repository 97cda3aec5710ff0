"""A layer is refined from the dock: Processing's dialog comes filled in, and what it finds is
reviewed straight away. The engine is real, and so is nano."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis.core import QgsGeometry, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QComboBox
from qgis_window import Window, raster_layer, settle, wait_for
from review.refined_layers import SHIFT_M, Key, Layers, begin, feature_of, states, written

from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.review.candidates import overlap
from geosam_plugin.window.workspace import Workspace

SOME = 6
"""Buildings, where it does not matter which."""


@pytest.fixture
def window(with_processing: Window, provider: GeoSamProvider) -> Window:
    return with_processing


@pytest.fixture
def true(scene: Path) -> list[QgsGeometry]:
    """The scene's buildings, the largest first."""
    truth = QgsVectorLayer(str(scene.with_name("truth.gpkg")), "truth", "ogr")
    inner = truth.extent().buffered(-6)
    found = [QgsGeometry(f.geometry()) for f in truth.getFeatures("\"class\" = 'building'")]
    whole = [shape for shape in found if inner.contains(shape.boundingBox())]
    return sorted(whole, key=lambda shape: -shape.area())


def drawn(shapes: list[QgsGeometry], path: Path) -> QgsVectorLayer:
    """In the project, as a file."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=name:string", "drawn", "memory")
    for number, shape in enumerate(shapes):
        layer.dataProvider().addFeature(feature_of(layer, shape, str(number)))
    target = written(layer, path)
    QgsProject.instance().addMapLayer(target)
    return target


def off(shape: QgsGeometry) -> QgsGeometry:
    """By SHIFT_M."""
    old = QgsGeometry(shape)
    old.translate(*SHIFT_M)
    return old


def dialog_of(workspace: Workspace, window: Window, target: QgsVectorLayer) -> AlgorithmDialog:
    """As it comes up, by the keyboard, for a layer."""
    section = workspace.dock.review
    section.setCollapsed(False)
    assert not section.inner.isVisible()
    section.target.setLayer(target)
    section.target.setFocus()
    QTest.keyClick(section.target, Qt.Key.Key_Tab)
    button = window.window.focusWidget()
    assert button is section.refine
    QTest.keyClick(button, Qt.Key.Key_Space)
    (dialog,) = shown(window)
    return dialog


def shown(window: Window) -> list[AlgorithmDialog]:
    settle()
    return [one for one in window.window.findChildren(AlgorithmDialog) if one.isVisible()]


def trust_the_image(dialog: AlgorithmDialog) -> None:
    boxes = dialog.mainWidget().findChildren(QComboBox)
    (box,) = [one for one in boxes if one.findText("The image", Qt.MatchFlag.MatchStartsWith) >= 0]
    box.setCurrentIndex(box.findText("The image", Qt.MatchFlag.MatchStartsWith))


def layers_of(project: QgsProject, name: str) -> list[QgsVectorLayer]:
    return [layer for layer in project.mapLayers().values() if layer.name() == name]


@pytest.mark.slow
def test_a_layer_is_refined_reviewed_and_saved(
    workspace: Workspace, window: Window, project: QgsProject, true: list[QgsGeometry],
    cache: Path, tmp_path: Path,
) -> None:  # fmt: skip
    """The whole way, by keys: every outline that was off by two metres fits in the file."""
    target = drawn([off(shape) for shape in true], tmp_path / "footprints.gpkg")
    before = sum(overlap(off(shape), shape) for shape in true) / len(true)
    dialog = dialog_of(workspace, window, target)
    values = dialog.createProcessingParameters()
    assert (values["INPUT"], values["CACHE"]) == (target.id(), str(cache))
    trust_the_image(dialog)
    dialog.runButton().click()
    wait_for(lambda: workspace.review.is_on)

    section = workspace.dock.review
    (refined,) = layers_of(project, "footprints, refined")
    assert section.refined.currentLayer() == refined
    assert section.target.currentLayer() == target
    assert shown(window) == []
    assert window.window.focusWidget() is window.canvas, "the keys count"
    text = workspace.messages.text
    east, north = map(float, re.findall(r"([+-][\d.]+) m to the", text))
    assert (east, north) == pytest.approx((-SHIFT_M[0], -SHIFT_M[1]), abs=0.3)
    assert "“footprints, refined” is a temporary layer" in text
    assert workspace.messages.button.text() == "Save as GeoPackage…"
    assert not section.refine.isEnabled()
    for button in section.buttons.values():
        assert button.visibleRegion().boundingRect() == button.rect(), "it is scrolled to"

    count = len(workspace.review.queue.candidates)
    assert not section.unsaved.isVisibleTo(section)
    for _ in range(count):
        window.key(Key.Key_A)
    assert states(workspace) == {"accepted": count}
    section.button.click()
    assert section.unsaved.isVisibleTo(section)
    section.unsaved.save.click()
    assert not section.unsaved.isVisibleTo(section)
    assert target.isEditable() and not target.isModified()
    kept = QgsVectorLayer(target.source(), "kept", "ogr")
    found = {feature["name"]: feature.geometry() for feature in kept.getFeatures()}
    after = [overlap(found[str(i)], shape) for i, shape in enumerate(true) if str(i) in found]
    assert sum(after) / len(true) >= before + 0.15


def test_a_layer_that_fits_but_for_its_place_is_told_so_and_nothing_is_to_be_reviewed(
    workspace: Workspace, window: Window, project: QgsProject, true: list[QgsGeometry],
    tmp_path: Path,
) -> None:  # fmt: skip
    """By default it is the image that is off."""
    target = drawn([off(shape) for shape in true[:SOME]], tmp_path / "footprints.gpkg")
    dialog_of(workspace, window, target).runButton().click()
    wait_for(
        lambda: "There is nothing to review in “footprints, refined”" in workspace.messages.text
    )
    assert re.findall(r"([+-])[\d.]+ m to the", workspace.messages.text) == ["-", "+"]
    assert not workspace.review.is_on
    (refined,) = layers_of(project, "footprints, refined")
    assert {feature["verdict"] for feature in refined.getFeatures()} == {"keep"}
    assert workspace.dock.review.refine.isEnabled(), "with other options it may be run again"


def test_another_layer_in_the_dialog_is_the_one_that_is_corrected(
    workspace: Workspace, window: Window, project: QgsProject, true: list[QgsGeometry],
    tmp_path: Path,
) -> None:  # fmt: skip
    first = drawn(true[:SOME], tmp_path / "first.gpkg")
    other = drawn([off(shape) for shape in true[:SOME]], tmp_path / "other.gpkg")
    dialog = dialog_of(workspace, window, first)
    dialog.setParameters({**dialog.createProcessingParameters(), "INPUT": other.id()})
    trust_the_image(dialog)
    dialog.runButton().click()
    wait_for(lambda: workspace.review.is_on)
    assert workspace.dock.review.target.currentLayer() == other
    assert len(layers_of(project, "other, refined")) == 1
    assert all(one.current is not None for one in workspace.review.queue.candidates)


def test_a_cancelled_run_leaves_all_as_it_was(
    workspace: Workspace, window: Window, project: QgsProject, true: list[QgsGeometry],
    tmp_path: Path,
) -> None:  # fmt: skip
    target = drawn([off(shape) for shape in true], tmp_path / "footprints.gpkg")
    there = set(project.mapLayers())
    dialog = dialog_of(workspace, window, target)
    dialog.runButton().click()
    wait_for(lambda: dialog.cancelButton().isEnabled())
    dialog.cancelButton().click()
    wait_for(lambda: not dialog.cancelButton().isEnabled())
    settle()
    assert shown(window) == [dialog], "it says what came of it"
    assert set(project.mapLayers()) == there
    assert not workspace.review.is_on
    assert workspace.messages.text == ""


def test_a_review_that_is_on_is_not_broken_off(
    workspace: Workspace, window: Window, project: QgsProject, layers: Layers,
    true: list[QgsGeometry], tmp_path: Path,
) -> None:  # fmt: skip
    """What has been refined meanwhile is offered."""
    target = drawn([off(shape) for shape in true[:SOME]], tmp_path / "others.gpkg")
    dialog_of(workspace, window, target).runButton().click()
    begin(workspace, layers)
    window.key(Key.Key_A)
    wait_for(lambda: "“others, refined” can be reviewed" in workspace.messages.text)
    assert workspace.review.is_on
    assert states(workspace)["accepted"] == 1
    assert workspace.dock.review.refined.currentLayer() == layers.refined


def test_it_needs_a_layer_and_an_encoded_image(
    workspace: Workspace, window: Window, project: QgsProject, true: list[QgsGeometry],
    tmp_path: Path,
) -> None:  # fmt: skip
    section = workspace.dock.review
    assert not section.refine.isEnabled()
    target = drawn(true[:SOME], tmp_path / "footprints.gpkg")
    assert section.refine.isEnabled()
    bare = tmp_path / "bare.tif"
    bare.write_bytes(Path(workspace.dock.image.layer.source()).read_bytes())
    workspace.dock.image.raster.setLayer(raster_layer(bare, project))
    wait_for(lambda: workspace.dock.image.state.text() == "Not encoded yet.")
    assert not section.refine.isEnabled()
    assert section.refine.toolTip() == "Encode the image first."
    project.removeMapLayer(target)
    assert section.target.currentLayer() is None
