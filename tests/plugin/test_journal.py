"""The journal of a memory layer: what it gives back, and when it cannot be written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from journal_layers import OTHER, UTM, VALUES, WHEN, add, restored_from, the_lost
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsSingleSymbolRenderer, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis_window import settle, wait_for

from geosam_plugin.field_types import text_field
from geosam_plugin.saving import journal as journal_module
from geosam_plugin.saving.journal import Journal
from geosam_plugin.saving.keeper import Keeper
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.lost import Lost, lost_counts, lost_objects


def test_it_gives_back_what_a_crash_took(project: QgsProject, tmp_path: Path) -> None:
    layer = new_layer(UTM, "objects")
    journal = Journal(layer, tmp_path)
    for x in range(3):
        add(layer, 20 * x, **{"class": f"class {x}", "created": WHEN})
        settle()
    layer.undoStack().undo()
    assert lost_objects(tmp_path) == []  # the layer is alive
    layer.commitChanges(False)  # its features get other ids
    late = add(layer, 200, **{"class": "late"})
    layer.changeGeometry(late.id(), QgsGeometry.fromWkt("Polygon((0 0, 2 0, 2 2, 0 2, 0 0))"))
    layer.deleteFeature(next(f.id() for f in layer.getFeatures() if f["class"] == "class 0"))
    journal.keep()  # as if QGIS were gone: the lock is free
    with journal.path.open("a") as file:
        file.write('{"id": 99, "wk')  # the crash came here
    lost = the_lost(tmp_path)
    restored = restored_from(lost)
    assert (lost.name, restored.name(), restored.crs()) == ("objects", "objects", UTM)
    by_class = {feature["class"]: feature for feature in restored.getFeatures()}
    assert sorted(by_class) == ["class 1", "late"]
    assert by_class["late"].geometry().area() == pytest.approx(4)
    assert by_class["class 1"]["created"] == WHEN
    lost.discard()
    assert lost_objects(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (['{"id": 1, "wkb": null}', '{"id": -2, "wkb": null}', '{"id": 1, "wkb": "x"}'], 2),
        (['{"id": 1, "wkb": null}', '{"gone": 1}', '{"id": 12, "wkb": null}'], 1),
        (['{"gone": 7}', '{"id": 7, "wkb": null}', '{"wkb": null, "id": 8}'], 2),
        (['{"id": 1, "wkb": null}', '{"id": 2, "wkb": {"bytes": "x"'], 1),  # cut by the crash
        (['{"id": 1, "wkb": null}', '{"id": 2, "wkb": {"bytes": "x"}'], 1),
        (['{"id": 1, "wkb": null}', '{"go'], 1),
        (['{"id": 1}', "[1]", "nonsense", '{"layer": "other", "file": "a.gpkg"}', '{"id": 2}'], 2),
        (['{"id": 1, "wkb": null}', '{"gone": 1}'], 0),
    ],
)
def test_objects_are_counted_as_they_are_read(tmp_path: Path, lines: list[str], count: int) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(['{"layer": "parcels"}', *lines]))
    (tmp_path / "empty.jsonl").write_text('{"layer": "nothing"}\n')
    counted = lost_counts(tmp_path)
    assert counted == ([("parcels" if len(lines) < 5 else "other (a.gpkg)", count)] * bool(count))
    read = lost_objects(tmp_path)  # the locks are free again
    assert counted == [(lost.title, len(lost.features)) for lost in read]


def test_a_layer_that_is_alive_is_not_counted(project: QgsProject, tmp_path: Path) -> None:
    layer = new_layer(UTM, "objects")
    journal = Journal(layer, tmp_path)
    add(layer)
    settle()
    assert lost_counts(tmp_path) == []
    journal.keep()
    assert lost_counts(tmp_path) == [("objects", 1)]


def test_any_memory_layer_comes_back_as_it_was(project: QgsProject, tmp_path: Path) -> None:
    layer = QgsVectorLayer(OTHER, "parcels", "memory")
    add(layer, **VALUES)
    add(layer, 20)  # NULL throughout
    layer.commitChanges()
    layer.setDisplayExpression("name || 'x'")
    layer.renderer().symbol().setColor(Qt.GlobalColor.magenta)
    journal = Journal(layer, tmp_path)
    add(layer, 40, name="late")
    layer.setName("fields")
    layer.emitStyleChanged()
    journal.keep()
    restored = restored_from(the_lost(tmp_path))
    assert restored.fields() == layer.fields()
    assert restored.wkbType() == layer.wkbType()
    assert (restored.name(), restored.crs().authid()) == ("fields", "EPSG:3857")
    assert restored.displayExpression() == "name || 'x'"
    assert isinstance(restored.renderer(), QgsSingleSymbolRenderer)
    assert restored.renderer().symbol().color() == Qt.GlobalColor.magenta
    full, empty, late = sorted(
        restored.getFeatures(), key=lambda f: f.geometry().boundingBox().xMinimum()
    )
    assert {name: full[name] for name in VALUES} == VALUES
    assert all(not value for value in empty.attributes())
    assert late["name"] == "late"


def test_fields_that_are_added_or_renamed_come_back(project: QgsProject, tmp_path: Path) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=a:string", "x", "memory")
    journal = Journal(layer, tmp_path)
    add(layer, a="first")
    layer.commitChanges(False)
    settle()
    layer.addAttribute(text_field("b"))
    layer.renameAttribute(0, "c")
    (feature,) = layer.getFeatures()
    layer.changeAttributeValue(feature.id(), 1, "second")
    journal.keep()
    (restored,) = restored_from(the_lost(tmp_path)).getFeatures()
    assert restored.fields().names() == ["c", "b"]
    assert restored.attributes() == ["first", "second"]


def test_what_is_rolled_back_does_not_come_back(project: QgsProject, tmp_path: Path) -> None:
    layer = new_layer(UTM, "objects")
    journal = Journal(layer, tmp_path)
    add(layer, **{"class": "kept"})
    layer.commitChanges(False)
    add(layer, 20)
    settle()
    layer.rollBack()
    journal.keep()
    assert [f["class"] for f in restored_from(the_lost(tmp_path)).getFeatures()] == ["kept"]


def test_an_empty_journal_is_swept(project: QgsProject, tmp_path: Path) -> None:
    Journal(new_layer(UTM, "objects"), tmp_path).keep()
    assert lost_objects(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
    journal = Journal(new_layer(UTM, "objects"), tmp_path)
    settle()
    assert journal.path.exists()
    journal.forget()
    assert list(tmp_path.iterdir()) == []


def test_many_features_are_written_in_portions(
    project: QgsProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event loop turns between them."""
    monkeypatch.setattr(journal_module, "AT_ONCE", 10)
    layer = new_layer(UTM, "objects")
    layer.dataProvider().addFeatures([QgsFeature(layer.fields()) for _ in range(35)])
    journal = Journal(layer, tmp_path)
    sizes = []

    def written() -> bool:
        sizes.append(journal.path.read_text().count('"id"') if journal.path.exists() else 0)
        return sizes[-1] == 35

    wait_for(written)
    assert len(set(sizes)) > 2
    journal.keep()
    assert len(the_lost(tmp_path).features) == 35


@pytest.mark.parametrize("bad", ["", "[1]\n", "1\n", '{"id": 1, "wkb": "x"}\n', "\xff\xfe\n"])
def test_a_journal_that_cannot_be_read_harms_nobody(tmp_path: Path, bad: str) -> None:
    (tmp_path / "bad.jsonl").write_text(bad, encoding="latin-1")
    (tmp_path / "folder.jsonl").mkdir()
    assert lost_objects(tmp_path) == []
    assert lost_objects(tmp_path / "none") == []


def test_a_place_that_cannot_be_written_to_is_told_once(
    project: QgsProject, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    keeper = Keeper(project, tmp_path / "file" / "journal")
    told: list[str] = []
    keeper.failed.connect(told.append)
    layers = [new_layer(UTM, name) for name in ("first", "second")]
    project.addMapLayers(layers)
    settle()
    assert len(told) == 1
    assert "Not a directory" in told[0]
    add(layers[0])
    settle()
    assert layers[0].featureCount() == 1
    project.removeMapLayers([layer.id() for layer in layers])
    settle()
    assert keeper.lost == []
    assert len(told) == 1
    keeper.close()


def test_a_full_disk_ends_the_journal_and_nothing_else(
    project: QgsProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Keeper(project, tmp_path)
    told: list[str] = []
    keeper.failed.connect(told.append)
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    add(layer)
    settle()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        add(layer, 20)
        settle()
    add(layer, 40)
    settle()
    assert told and "No space left" in told[0]
    assert lost_objects(tmp_path) == []  # it is still there
    assert layer.featureCount() == 3
    project.removeMapLayer(layer.id())
    wait_for(lambda: bool(keeper.lost))
    assert [len(lost.features) for lost in keeper.lost] == [1]  # what was written before
    keeper.close()


def test_a_removed_layer_is_asked_about_but_not_a_closed_project(
    project: QgsProject, tmp_path: Path
) -> None:
    keeper = Keeper(project, tmp_path)
    asked: list[list[Lost]] = []
    keeper.removed.connect(asked.append)
    empty, one, two = (new_layer(UTM, name) for name in ("empty", "one", "two"))
    project.addMapLayers([empty, one, two])
    add(one)
    add(two)
    project.removeMapLayers([empty.id(), one.id()])
    wait_for(lambda: bool(asked))
    assert [[lost.name for lost in group] for group in asked] == [["one"]]
    project.clear()
    wait_for(lambda: len(keeper.lost) == 2)
    settle()
    assert len(asked) == 1
    assert [lost.name for lost in keeper.lost] == ["one", "two"]
    keeper.close()


def test_qgis_itself_asks_before_it_closes_a_project_with_such_a_layer(
    project: QgsProject,
) -> None:
    """As QgisApp::checkMemoryLayers does."""
    layer = new_layer(UTM, "objects")
    assert layer.isTemporary()
    assert not layer.customProperty("skipMemoryLayersCheck")


def test_the_lines_are_json_that_others_can_read(project: QgsProject, tmp_path: Path) -> None:
    layer = new_layer(UTM, "objects")
    journal = Journal(layer, tmp_path)
    add(layer, **{"class": "roof"})
    settle()
    first, *others = map(json.loads, journal.path.read_text().splitlines())
    assert first["layer"] == "objects"
    assert [line["values"]["class"] for line in others] == ["roof"]
    journal.forget()
