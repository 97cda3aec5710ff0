"""The way of finished objects into layers: in order, off the GUI's thread, never lost unsaid."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis_window import Window, settle, wait_for

from geosam_plugin.clicking.draft import Candidate, Draft
from geosam_plugin.clicking.prompts import INCLUDE, Prompt
from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import (
    AreaMeasure,
    LayerError,
    Shape,
    crs_from_text,
    crs_text,
    difference,
    union,
)
from geosam_plugin.result_fields import FIELDS, Source, result_fields
from geosam_plugin.saving.journal_lines import layer_from
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.lost import lost_objects
from geosam_plugin.saving.plan import Plan
from geosam_plugin.saving.provenance import TakenUp, text_of
from geosam_plugin.saving.restoring import fill
from geosam_plugin.saving.saver import How, Saver
from geosam_plugin.window.workspace import Workspace

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


@pytest.fixture
def story(project: QgsProject, tmp_path: Path) -> Iterator[Story]:
    story = Story(project, tmp_path / "journal")
    yield story
    story.saver.close()


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


@pytest.fixture
def slow_reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Features of files are read once the event is set."""
    gate = threading.Event()
    read = Plan.read

    def waits(plan: Plan, feedback: object) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        assert is_main is not plan.takes_long_to_read
        while not is_main and not gate.wait(0.01) and not feedback.isCanceled():
            pass
        read(plan, feedback)

    monkeypatch.setattr(Plan, "read", waits)
    yield gate
    gate.set()
    wait_for(lambda: QgsApplication.taskManager().countActiveTasks() == 0)


def test_neighbours_in_a_file_are_read_in_the_background_and_the_order_is_kept(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    story.save("first", 5, layer, avoid=True)
    story.save("second", 12, layer)  # has nothing to read, and waits all the same
    story.save("third", 7, layer, avoid=True)
    settle()
    assert story.told == []
    slow_reading.set()
    story.wait_for("first", "second", "third")
    assert {why for name, why in story.told if name != "third"} == {""}
    assert "nothing of it is left" not in story.told[0][1]
    assert areas(layer) == {"first": 50, "second": 100}
    assert "nothing of it is left" in story.told[2][1]
    assert story.count == 2


def test_what_the_user_edits_while_it_is_read_stays(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    (square_id,) = layer.allFeatureIds()
    layer.selectByIds([square_id])
    story.save("cut", 5, layer, SaveMode.CUT)
    settle()
    layer.startEditing()
    assert layer.changeGeometry(square_id, square(-10, 20))
    slow_reading.set()
    story.wait_for("cut")
    assert story.told == [("cut", "")]
    left = layer.getFeature(square_id).geometry()
    assert left.area() == pytest.approx(20 * 20 - 5 * 10 - 0)
    assert left.boundingBox().xMinimum() == X - 10
    layer.undoStack().undo()
    assert layer.getFeature(square_id).geometry().area() == 400
    layer.rollBack()


def test_what_was_selected_when_the_user_saved_is_cut(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    """Though the selection is another one by the time at which the object's turn has come."""
    layer = file_layer(project, tmp_path / "objects.gpkg", 0, 100)
    meant, other = sorted(layer.allFeatureIds())
    story.save("first", 200, layer, avoid=True)
    layer.selectByIds([meant])
    story.save("cut", 5, layer, SaveMode.CUT)
    layer.selectByIds([other])
    slow_reading.set()
    story.wait_for("first", "cut")
    assert {why for _, why in story.told} == {""}
    assert [layer.getFeature(i).geometry().area() for i in (meant, other)] == [50, 100]
    layer.rollBack()


def test_a_layer_that_goes_while_it_is_read_is_told(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    kept = new_layer(UTM, "kept")
    project.addMapLayer(kept)
    story.save("lost", 5, layer, avoid=True)
    story.save("kept", 5, kept)
    project.removeMapLayer(layer.id())
    slow_reading.set()
    story.wait_for("lost", "kept")
    assert "gone" in story.told[0][1]
    assert areas(kept) == {"kept": 100}


def test_reading_that_is_cancelled_is_told(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    story.save("one", 5, layer, avoid=True)
    settle()
    (task,) = QgsApplication.taskManager().activeTasks()
    task.cancel()
    story.wait_for("one")
    assert "Save the object again" in story.told[0][1]
    assert not layer.isEditable()


def test_a_saver_that_is_closed_while_it_reads_says_nothing_more(
    project: QgsProject, tmp_path: Path, slow_reading: threading.Event
) -> None:
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    story = Story(project, tmp_path / "journal")
    story.save("one", 5, layer, avoid=True)
    story.save("two", 5, layer)
    story.saver.close()
    story.saver.deleteLater()
    settle()
    wait_for(lambda: QgsApplication.taskManager().countActiveTasks() == 0)
    settle()
    assert story.told == []
    assert layer.featureCount() == 1


def test_whatever_goes_wrong_the_object_is_given_back_and_the_next_one_saved(
    project: QgsProject, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_plan: Plan) -> list[int]:
        raise ZeroDivisionError

    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    with monkeypatch.context() as patch:
        patch.setattr(Plan, "write", fails)
        with pytest.raises(ZeroDivisionError):
            story.save("bad", 0, layer)
    story.save("good", 0, layer)
    assert story.told == [("bad", "The object could not be saved."), ("good", "")]


def test_what_waits_behind_an_object_that_goes_wrong_is_saved(
    project: QgsProject, story: Story, tmp_path: Path, slow_reading: threading.Event,
    monkeypatch: pytest.MonkeyPatch, no_exception_goes_unseen: list[str],
) -> None:  # fmt: skip
    write = Plan.write

    def fails(plan: Plan) -> list[int]:
        if plan.layer.name() == "bad":
            raise ZeroDivisionError
        return write(plan)

    monkeypatch.setattr(Plan, "write", fails)
    layer = file_layer(project, tmp_path / "objects.gpkg", 0)
    bad = new_layer(UTM, "bad")
    project.addMapLayer(bad)
    story.save("first", 5, layer, avoid=True)
    story.save("bad", 20, bad)
    story.save("good", 40, layer)
    slow_reading.set()
    story.wait_for("first", "bad", "good")
    assert [why for _, why in story.told] == ["", "The object could not be saved.", ""]
    assert "ZeroDivisionError" in no_exception_goes_unseen.pop()
    layer.rollBack()


def test_a_layer_whose_editing_is_turned_off_or_rolled_back_takes_the_next_object(
    project: QgsProject, story: Story
) -> None:
    story.save("first", 0, None)
    (layer,) = project.mapLayers().values()
    layer.commitChanges()
    assert not layer.isEditable()
    story.save("second", 20, None)
    layer.rollBack()
    story.save("third", 40, None)
    assert areas(layer) == {"first": 100, "third": 100}
    assert story.count == 2
    project.removeMapLayer(layer.id())
    story.save("fourth", 40, layer=None)
    assert [areas(la) for la in project.mapLayers().values()] == [{"fourth": 100}]


def test_what_is_saved_counts_as_long_as_it_is_not_undone(
    project: QgsProject, story: Story
) -> None:
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    for x in range(3):
        story.save(str(x), 20 * x, layer)
    stack = layer.undoStack()
    assert story.count == 3
    stack.undo()
    stack.undo()
    assert story.count == 1
    stack.redo()
    assert story.count == 2
    layer.deleteFeature(next(layer.getFeatures()).id())  # instead of what was undone
    stack.undo()
    stack.redo()
    assert story.count == 2
    layer.selectAll()
    story.save("joined", 60, layer, SaveMode.MERGE)
    assert story.count == 3
    layer.commitChanges(False)
    assert story.count == 3
    story.save("late", 100, layer)
    assert story.count == 4
    layer.rollBack()
    assert story.count == 3
    project.removeMapLayer(layer.id())
    assert story.count == 3


def test_merging_needs_a_layer_of_its_own(project: QgsProject, story: Story) -> None:
    story.save("one", 0, None, SaveMode.MERGE)
    assert "Choose the layer" in story.told[0][1]


# --- geometries and fields


def test_the_crs_of_a_user_is_told_as_wkt(qgis_app: object) -> None:
    crs = QgsCoordinateReferenceSystem()
    crs.createFromProj("+proj=tmerc +lat_0=1 +lon_0=2 +x_0=3 +y_0=4 +ellps=GRS80 +units=m")
    QgsApplication.createDatabase()  # the user's, where a CRS of his own is kept
    QgsApplication.coordinateReferenceSystemRegistry().addUserCrs(crs, "Works")
    assert crs.authid().startswith("USER:")
    assert "USER" not in crs_text(crs)
    assert crs_from_text(crs_text(crs)).toProj() == crs.toProj()
    assert crs_text(UTM) == "EPSG:32633"
    assert crs_from_text("EPSG:32633") == UTM
    assert crs_text(QgsCoordinateReferenceSystem()) == ""
    assert not crs_from_text("").isValid()


@pytest.mark.parametrize("ellipsoid", ["EPSG:7030", "NONE", "", "nonsense"])
def test_areas_are_on_an_ellipsoid_whatever_the_project_says(
    qgis_app: object, ellipsoid: str
) -> None:
    measure = AreaMeasure(UTM, QgsCoordinateTransformContext(), ellipsoid)
    assert measure.square_metres(square(0, 100)) == pytest.approx(1e4 / 0.9996**2, rel=1e-4)
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    measure = AreaMeasure(degrees, QgsCoordinateTransformContext(), ellipsoid)
    cell = QgsGeometry.fromWkt("Polygon((0 0, 1 0, 1 1, 0 1, 0 0))")
    # 111.32 km by 110.57 km at the equator
    assert measure.square_metres(cell) == pytest.approx(1.2309e10, rel=1e-3)


def test_without_a_crs_there_is_no_area(qgis_app: object) -> None:
    measure = AreaMeasure(QgsCoordinateReferenceSystem(), QgsCoordinateTransformContext(), "NONE")
    assert measure.square_metres(square(0)) is None


def test_a_failure_of_geos_is_not_told_as_nothing_left(qgis_app: object) -> None:
    bow = QgsGeometry.fromWkt("Polygon((0 0, 1 1, 1 0, 0 1, 0 0))")
    other = QgsGeometry.fromWkt("Polygon((0.2 0, 1 1, 1 0, 0.2 1, 0.2 0))")
    with pytest.raises(LayerError, match=r"could not be combined.*TopologyException"):
        difference(bow, other)
    with pytest.raises(LayerError, match="could not be combined"):
        union([bow, other])
    assert difference(square(0), square(-5, 50)).isEmpty()


def test_the_fields_of_results_are_those_of_a_new_layer(qgis_app: object) -> None:
    layer = new_layer(UTM, "objects")
    assert result_fields().names() == layer.fields().names() == [name for name, _ in FIELDS]
    assert result_fields(without=("class", "raster")).names() == [
        name for name, _ in FIELDS if name not in ("class", "raster")
    ]


# --- in the dock


def test_an_object_is_kept_off_the_polygons_of_a_file_and_its_undo_counts(
    workspace: Workspace, window: Window, project: QgsProject, objects: list[QgsGeometry],
    tmp_path: Path,
) -> None:  # fmt: skip
    dock = workspace.dock
    place = objects[0].pointOnSurface().asPoint()
    target = file_layer(project, tmp_path / "objects.gpkg", place.x() - X)
    dock.target.set_layer(target)
    dock.options.avoid.setChecked(True)
    (there,) = (QgsGeometry(f.geometry()) for f in target.getFeatures())
    there.translate(0, place.y() - Y)
    target.dataProvider().changeGeometryValues({1: there})
    assert objects[0].intersection(there).area() > 1
    window.click(window.pixel(QgsPointXY(place.x() - 1, place.y() - 1), UTM))
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: "Saved: 1" in dock.counters.text())
    (new,) = [f for f in target.getFeatures() if isinstance(f["score"], float)]
    assert new.geometry().intersection(objects[0]).area() > 1
    assert new.geometry().intersection(there).area() < 0.01
    target.undoStack().undo()
    assert "Saved: 0" in dock.counters.text()
    target.rollBack()


def lost(folder: Path) -> dict[str, dict[str, int]]:
    """What would be offered if QGIS were gone now, by layer; it is not offered a second time."""
    found = lost_objects(folder)
    for one in found:
        one.lock.unlock()
    areas_of = {}
    for one in found:
        layer = layer_from(one.layer)
        for _ in fill(layer, one):
            pass
        areas_of[one.title] = areas(layer)
    return areas_of


def crashed(story: Story, layer: QgsVectorLayer) -> dict[str, dict[str, int]]:
    """The same, of a copy of the journal: its own is locked while QGIS lives."""
    settle()
    folder = Path(tempfile.mkdtemp(dir=story.folder.parent))
    for path in story.folder.glob("*.jsonl"):
        shutil.copy(path, folder)
    return lost(folder)


def test_what_is_in_the_edits_of_a_file_survives_a_crash(
    project: QgsProject, story: Story, tmp_path: Path
) -> None:
    layer = file_layer(project, tmp_path / "kept.gpkg", 0, 200)
    feature = next(layer.getFeatures())
    layer.startEditing()
    layer.changeGeometry(feature.id(), square(0, 5))  # the user's own edit is QGIS's to keep
    for x in (20, 40, 60):
        story.save(str(x), x, layer)
    layer.undoStack().undo()
    layer.changeGeometry(sorted(layer.allFeatureIds())[0], square(40, 4))
    assert crashed(story, layer) == {"kept (kept.gpkg)": {"20": 100, "40": 16}}
    assert story.saver.keeper.unsaved(layer) == 2
    layer.undoStack().undo()
    layer.undoStack().redo()
    assert crashed(story, layer) == {"kept (kept.gpkg)": {"20": 100, "40": 16}}
    assert layer.commitChanges(False)
    assert crashed(story, layer) == {}
    assert story.saver.keeper.unsaved(layer) == 0
    assert list(story.folder.iterdir()) == []
    story.save("late", 80, layer)
    assert crashed(story, layer) == {"kept (kept.gpkg)": {"late": 100}}
    layer.rollBack()
    assert crashed(story, layer) == {}


def test_a_feature_of_a_file_that_gets_another_shape_survives_a_crash(
    project: QgsProject, story: Story, tmp_path: Path
) -> None:
    layer = file_layer(project, tmp_path / "kept.gpkg", 0, 200)
    layer.startEditing()
    layer.changeAttributeValue(1, layer.fields().indexOf("class"), "roof")
    layer.selectByIds([1])
    story.save("joined", 10, layer, SaveMode.ADD)
    story.wait_for("joined")
    assert crashed(story, layer) == {"kept (kept.gpkg)": {"roof": 200}}
    layer.undoStack().undo()
    layer.undoStack().undo()
    assert crashed(story, layer) == {}


def test_a_layer_that_has_become_a_file_is_as_safe_as_before(
    project: QgsProject, story: Story, tmp_path: Path
) -> None:
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    story.save("first", 0, layer)
    done: list[bool] = []
    story.saver.exported.connect(lambda succeeded, _text: done.append(succeeded))
    story.saver.export(layer, str(tmp_path / "kept.gpkg"))
    wait_for(lambda: bool(done))
    assert done == [True]
    assert crashed(story, layer) == {}
    story.save("second", 20, layer)
    assert crashed(story, layer) == {"objects (kept.gpkg)": {"second": 100}}


def test_a_replaced_object_is_no_new_one(project: QgsProject, story: Story) -> None:
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    story.save("first", 0, layer)
    (feature,) = layer.getFeatures()
    taken = TakenUp(layer.id(), feature.id(), text_of(feature))
    story.save("again", 5, layer, SaveMode.REPLACE, taken=taken)
    assert len(list(layer.getFeatures())) == 1
    assert story.count == 1
