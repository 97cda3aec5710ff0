"""What the user is asked about layers that are in memory alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsMessageBar
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QFileDialog, QMessageBox
from qgis_window import settle, wait_for

from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.saver import Saver
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.dock_settings import DockSettings
from geosam_plugin.window.kept_layers import KeptLayers
from geosam_plugin.window.messages import Messages

UTM = QgsCoordinateReferenceSystem("EPSG:32633")


@pytest.fixture
def shown(project: QgsProject, tmp_path: Path) -> Iterator[SimpleNamespace]:
    dock, bar = GeoSamDock(DockSettings()), QgsMessageBar()
    saver, messages = Saver(project, tmp_path / "journal"), Messages(bar)
    kept = KeptLayers(saver, dock, messages)
    yield SimpleNamespace(dock=dock, saver=saver, messages=messages, kept=kept)
    kept.close()
    saver.close()
    settle()
    dock.deleteLater()
    bar.deleteLater()
    settle()
    assert dialogs(QMessageBox) == dialogs(QFileDialog) == []


def dialogs(kind: type) -> list:
    return [one for one in QApplication.topLevelWidgets() if type(one) is kind]


def own(project: QgsProject, name: str = "objects", count: int = 1) -> QgsVectorLayer:
    layer = new_layer(UTM, name)
    project.addMapLayer(layer)
    layer.startEditing()
    for x in range(count):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(f"MultiPolygon((({x} 0, 1 0, 1 1, {x} 0)))"))
        assert layer.addFeature(feature)
    return layer


def the_question() -> QMessageBox:
    wait_for(lambda: bool(dialogs(QMessageBox)))
    (box,) = dialogs(QMessageBox)
    return box


def answer(box: QMessageBox, text: str) -> None:
    (button,) = [one for one in box.buttons() if text in one.text()]
    button.click()
    settle()


def layers(project: QgsProject) -> list[tuple[str, int]]:
    return sorted((layer.name(), layer.featureCount()) for layer in project.mapLayers().values())


def test_a_removed_layer_is_kept_on_request(project: QgsProject, shown: SimpleNamespace) -> None:
    project.removeMapLayer(own(project, count=2).id())
    box = the_question()
    assert "2 object" in box.text() and "objects" in box.text()
    assert shown.saver.keeper.lost  # nothing is lost before the answer
    answer(box, "Keep")
    wait_for(lambda: layers(project) == [("objects", 2)])
    assert not shown.dock.lost.isVisibleTo(shown.dock)


def test_escape_keeps_it(project: QgsProject, shown: SimpleNamespace) -> None:
    project.removeMapLayer(own(project).id())
    QTest.keyClick(the_question(), Qt.Key.Key_Escape)
    settle()
    wait_for(lambda: layers(project) == [("objects", 1)])


def test_a_removed_layer_goes_for_good_on_request(
    project: QgsProject, shown: SimpleNamespace, tmp_path: Path
) -> None:
    project.removeMapLayer(own(project).id())
    answer(the_question(), "Discard")
    assert layers(project) == []
    assert shown.saver.keeper.lost == []
    assert list((tmp_path / "journal").iterdir()) == []


def test_a_removed_layer_becomes_a_file_on_request(
    project: QgsProject, shown: SimpleNamespace, tmp_path: Path
) -> None:
    project.removeMapLayer(own(project, "a/b").id())
    answer(the_question(), "GeoPackage")
    wait_for(lambda: bool(dialogs(QFileDialog)))  # when it is back, which may take a while
    (dialog,) = dialogs(QFileDialog)
    assert dialog.defaultSuffix() == "gpkg"
    assert dialog.selectedFiles()[0].endswith("a_b.gpkg")
    wait_for(lambda: layers(project) == [("a/b", 1)])  # whatever becomes of the file
    dialog.fileSelected.emit(str(tmp_path / "kept.gpkg"))
    wait_for(lambda: "is now kept in" in shown.messages.text)
    (layer,) = project.mapLayers().values()
    assert (layer.providerType(), layer.featureCount()) == ("ogr", 1)


def test_several_are_one_question(project: QgsProject, shown: SimpleNamespace) -> None:
    removed = [own(project, "one"), own(project, "two", 2)]
    project.removeMapLayers([layer.id() for layer in removed])
    box = the_question()
    assert "one, two" in box.text() and "3 object" in box.text()
    assert not [one for one in box.buttons() if "GeoPackage" in one.text()]
    answer(box, "Keep")
    wait_for(lambda: layers(project) == [("one", 1), ("two", 2)])


def test_an_answer_in_the_dock_will_do(project: QgsProject, shown: SimpleNamespace) -> None:
    project.removeMapLayer(own(project).id())
    the_question()
    shown.dock.restore.click()
    settle()
    assert dialogs(QMessageBox) == []
    wait_for(lambda: layers(project) == [("objects", 1)])


def test_a_closed_project_is_not_asked_about_a_second_time(
    project: QgsProject, shown: SimpleNamespace
) -> None:
    own(project)
    project.clear()
    wait_for(lambda: bool(shown.saver.keeper.lost))
    settle()
    assert dialogs(QMessageBox) == []
    assert shown.dock.lost.isVisibleTo(shown.dock)


def test_an_unanswered_question_leaves_the_objects_for_the_next_time(
    project: QgsProject, tmp_path: Path
) -> None:
    dock, bar = GeoSamDock(DockSettings()), QgsMessageBar()
    saver = Saver(project, tmp_path / "journal")
    kept = KeptLayers(saver, dock, Messages(bar))
    project.removeMapLayer(own(project).id())
    the_question()
    kept.close()
    saver.close()
    settle()
    assert dialogs(QMessageBox) == []
    again = Saver(project, tmp_path / "journal")
    wait_for(lambda: bool(again.keeper.lost))
    assert [len(lost.features) for lost in again.keeper.lost] == [1]
    again.close()
    dock.deleteLater()
    bar.deleteLater()
    settle()


def test_a_file_dialog_is_open_but_blocks_nothing(
    project: QgsProject, shown: SimpleNamespace, tmp_path: Path
) -> None:
    layer = own(project)
    shown.kept.export(layer)
    (dialog,) = dialogs(QFileDialog)
    project.removeMapLayer(layer.id())
    dialog.fileSelected.emit(str(tmp_path / "kept.gpkg"))
    settle()
    assert not (tmp_path / "kept.gpkg").exists()
    answer(the_question(), "Discard")


def test_a_profile_that_cannot_be_written_to_is_told_and_objects_are_saved(
    project: QgsProject, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    dock, bar = GeoSamDock(DockSettings()), QgsMessageBar()
    messages = Messages(bar)
    first = own(project, "first")  # there before the dock is
    saver = Saver(project, tmp_path / "file" / "journal")
    kept = KeptLayers(saver, dock, messages)
    settle()
    assert "Save the layers as GeoPackages" in messages.text
    messages.clear()
    own(project, "second")
    settle()
    assert messages.text == ""
    saver.export(first, str(tmp_path / "kept.gpkg"))
    wait_for(lambda: "is now kept in" in messages.text)
    kept.close()
    saver.close()
    dock.deleteLater()
    bar.deleteLater()
    settle()


def test_the_layer_brought_back_is_the_one_that_is_saved_to(
    project: QgsProject, shown: SimpleNamespace
) -> None:
    project.removeMapLayer(own(project).id())
    answer(the_question(), "Keep")
    (layer,) = project.mapLayers().values()
    assert shown.dock.target.layer is layer


def test_the_question_suits_one_object_and_many(
    project: QgsProject, shown: SimpleNamespace
) -> None:
    project.removeMapLayer(own(project).id())
    box = the_question()
    assert "them" not in box.informativeText()
    answer(box, "Discard")


def test_what_is_not_in_the_file_is_told_and_saved_from_the_dock(
    project: QgsProject, shown: SimpleNamespace, tmp_path: Path
) -> None:
    target, layer = shown.dock.target, own(project, count=2)
    target.set_layer(layer)
    shown.saver.export(layer, str(tmp_path / "kept.gpkg"))
    wait_for(lambda: "is now kept in" in shown.messages.text)
    assert "until you save" in shown.messages.text
    assert not target.unsaved.isVisibleTo(shown.dock)
    shown.saver.keeper.watch(layer)
    layer.startEditing()
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("MultiPolygon(((9 0, 11 0, 11 1, 9 0)))"))
    assert layer.addFeature(feature)
    shown.saver.keeper.note(layer, [feature.id()])
    wait_for(lambda: target.unsaved.isVisibleTo(shown.dock))
    assert "1 object" in target.unsaved.text.text()
    target.unsaved.save.click()
    assert not target.unsaved.isVisibleTo(shown.dock)
    assert QgsVectorLayer(str(tmp_path / "kept.gpkg")).featureCount() == 3
    assert layer.isEditable()
