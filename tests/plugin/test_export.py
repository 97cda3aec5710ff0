"""A memory layer becomes a GeoPackage: whole or not at all, and never without what came since."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QTime
from qgis_window import settle, wait_for

from geosam_plugin.attribution import name_source
from geosam_plugin.saving import export as export_module
from geosam_plugin.saving.export import ExportTask
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.saver import Saver

UTM = QgsCoordinateReferenceSystem("EPSG:32633")
WHEN = QDateTime(QDate(2024, 2, 29), QTime(12, 0, 1))


class Exports:
    def __init__(self, project: QgsProject, folder: Path) -> None:
        self.saver = Saver(project, folder)
        self.told: list[tuple[bool, str]] = []
        self.saver.exported.connect(lambda *told: self.told.append(told))

    def export(self, layer: QgsVectorLayer, path: Path) -> tuple[bool, str]:
        before = len(self.told)
        self.saver.export(layer, str(path))
        wait_for(lambda: len(self.told) > before)
        return self.told[-1]


@pytest.fixture
def exports(project: QgsProject, tmp_path: Path) -> Iterator[Exports]:
    exports = Exports(project, tmp_path / "journal")
    yield exports
    exports.saver.close()


def add(layer: QgsVectorLayer, x: float = 0, name: str = "roof") -> None:
    feature = QgsFeature(layer.fields())
    feature.setGeometry(
        QgsGeometry.fromWkt(f"MultiPolygon((({x} 0, {x + 5} 0, {x + 5} 5, {x} 5, {x} 0)))")
    )
    feature["class"], feature["created"] = name, WHEN
    layer.startEditing()
    assert layer.addFeature(feature)


def own(project: QgsProject, *places: float) -> QgsVectorLayer:
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    for x in places:
        add(layer, x)
    return layer


def in_file(path: Path, name: str) -> QgsVectorLayer:
    return QgsVectorLayer(f"{path}|layername={name}", "", "ogr")


def test_the_layer_stays_where_it_is_and_is_kept_in_the_file(
    project: QgsProject, exports: Exports, tmp_path: Path
) -> None:
    layer = own(project, 0, 20)
    succeeded, text = exports.export(layer, tmp_path / "kept.gpkg")
    assert succeeded and "kept.gpkg" in text
    assert layer.providerType() == "ogr"
    assert layer.crs() == UTM
    first, second = layer.getFeatures()
    assert (first["class"], first["created"]) == ("roof", WHEN)
    assert second.geometry().boundingBox().xMinimum() == 20
    project.removeMapLayer(layer.id())
    assert exports.saver.keeper.lost == []
    assert [path.name for path in tmp_path.glob("*.gpkg")] == ["kept.gpkg"]
    assert not list(tmp_path.glob(".geosam-*"))


def test_whom_to_name_goes_into_the_file(
    project: QgsProject, exports: Exports, tmp_path: Path
) -> None:
    """A new one, and one that has other layers."""
    for number in (0, 1):
        layer = own(project, 0)
        name_source(layer, f"© {number}")
        assert exports.export(layer, tmp_path / "kept.gpkg")[0]
        assert in_file(tmp_path / "kept.gpkg", "kept").metadata().rights() == [f"© {number}"]
        assert layer.metadata().rights() == [f"© {number}"]
        project.removeMapLayer(layer.id())


def test_other_layers_of_the_file_stay_and_that_of_the_same_name_is_replaced(
    project: QgsProject, exports: Exports, tmp_path: Path
) -> None:
    path = tmp_path / "kept.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    old = own(project, 0, 20, 40)
    old.commitChanges()
    for name in ("others", "kept"):
        options.layerName = name
        QgsVectorFileWriter.writeAsVectorFormatV3(
            old, str(path), project.transformContext(), options
        )
        options.actionOnExistingFile = (
            QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
        )
    layer = own(project, 100)
    assert exports.export(layer, path)[0]
    assert in_file(path, "others").featureCount() == 3
    (feature,) = in_file(path, "kept").getFeatures()
    assert feature.geometry().boundingBox().xMinimum() == 100
    assert layer.isValid()
    add(layer, 120)
    assert layer.commitChanges(), layer.commitErrors()


@pytest.mark.parametrize("content", ["no database", "cut"])
def test_a_failure_leaves_the_file_as_it_was(
    project: QgsProject, exports: Exports, tmp_path: Path, content: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = tmp_path / "kept.gpkg"
    if content == "cut":
        first = own(project, 0, 20)
        assert exports.export(first, path)[0]
        project.removeMapLayer(first.id())
        # It fails when the old layer has gone from the file already.
        monkeypatch.setattr(export_module, "_has_all", lambda *_: False)
    else:
        path.write_text("these are my notes")
    settle()
    layer = own(project, 100)
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    succeeded, text = exports.export(layer, path)
    assert not succeeded and "objects" in text
    assert layer.providerType() == "memory"
    assert layer.featureCount() == 1
    if content == "cut":
        assert [
            f.geometry().boundingBox().xMinimum() for f in in_file(path, "kept").getFeatures()
        ] == [0, 20]
    else:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == before


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file sizes are POSIX's")
@pytest.mark.parametrize("exists", [False, True])
def test_a_disk_that_is_full_when_the_file_is_closed_costs_nothing(
    project: QgsProject, exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    exists: bool,
) -> None:  # fmt: skip
    """SQLite writes last what makes the file readable, and GDAL does not tell that it failed."""
    import resource

    path = tmp_path / "kept.gpkg"
    if exists:
        assert exports.export(own(project, 0), path)[0]
    layer = own(project, *range(0, 400, 10))
    write = ExportTask._write

    def writes_to_a_full_disk(task: ExportTask, path: Path) -> int:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, hard))
        try:
            return write(task, path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    monkeypatch.setattr(ExportTask, "_write", writes_to_a_full_disk)
    succeeded, text = exports.export(layer, path)
    assert not succeeded, text
    assert layer.providerType() == "memory"
    assert layer.featureCount() == 40
    assert path.exists() is exists
    if exists:
        assert in_file(path, "kept").featureCount() == 1


def test_a_folder_that_is_not_there_is_told(
    project: QgsProject, exports: Exports, tmp_path: Path
) -> None:
    layer = own(project, 0)
    succeeded, text = exports.export(layer, tmp_path / "none" / "kept.gpkg")
    assert not succeeded and "No such file" in text
    assert layer.featureCount() == 1


@pytest.fixture
def slow_writing(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Files are put in place once the event is set."""
    gate = threading.Event()
    write = ExportTask._write

    def waits(task: ExportTask, path: Path) -> int:
        count = write(task, path)
        while not gate.wait(0.01) and not task.isCanceled():
            pass
        return count

    monkeypatch.setattr(ExportTask, "_write", waits)
    yield gate
    gate.set()


def test_what_is_saved_and_committed_while_the_file_is_written_is_not_lost(
    project: QgsProject, exports: Exports, tmp_path: Path, slow_writing: threading.Event
) -> None:
    layer = own(project, 0)
    exports.saver.export(layer, str(tmp_path / "kept.gpkg"))
    settle()
    add(layer, 20, "late")
    assert layer.commitChanges()
    slow_writing.set()
    wait_for(lambda: bool(exports.told))
    assert not exports.told[0][0] and "edited meanwhile" in exports.told[0][1]
    assert layer.providerType() == "memory"
    assert layer.featureCount() == 2
    assert exports.export(layer, tmp_path / "kept.gpkg")[0]
    assert [f["class"] for f in layer.getFeatures()] == ["roof", "late"]
    assert in_file(tmp_path / "kept.gpkg", "kept").featureCount() == 2


def test_a_layer_that_is_removed_while_it_is_written_is_in_the_file(
    project: QgsProject, exports: Exports, tmp_path: Path, slow_writing: threading.Event
) -> None:
    layer = own(project, 0, 20)
    exports.saver.export(layer, str(tmp_path / "kept.gpkg"))
    project.removeMapLayer(layer.id())
    slow_writing.set()
    wait_for(lambda: bool(exports.told))
    assert exports.told[0][0]
    assert in_file(tmp_path / "kept.gpkg", "kept").featureCount() == 2


def test_an_unloaded_plugin_leaves_no_half_written_file(
    project: QgsProject, tmp_path: Path, slow_writing: threading.Event
) -> None:
    exports = Exports(project, tmp_path / "journal")
    layer = own(project, 0)
    exports.saver.export(layer, str(tmp_path / "kept.gpkg"))
    settle()
    exports.saver.close()
    exports.saver.deleteLater()
    settle()
    wait_for(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
    assert [path.name for path in tmp_path.iterdir() if path.name != "journal"] == []
    assert layer.featureCount() == 1


def test_a_field_that_is_called_like_the_key_is_kept(
    project: QgsProject, exports: Exports, tmp_path: Path
) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=fid:string&field=x:integer", "a", "memory")
    project.addMapLayer(layer)
    for name in ("one", "one"):
        feature = QgsFeature(layer.fields())
        feature["fid"] = name
        layer.dataProvider().addFeature(feature)
    assert exports.export(layer, tmp_path / "kept.gpkg")[0]
    assert [f["fid"] for f in layer.getFeatures()] == ["one", "one"]
