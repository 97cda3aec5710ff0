"""Lost layers come back from their journals: in portions, once, into new journals."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from journal_layers import OTHER, UTM, add, brought_back, restored_from, the_lost
from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication
from qgis_window import PATIENCE_S, settle, wait_for

from geosam_plugin.saving import keeper as keeper_module
from geosam_plugin.saving import restoring
from geosam_plugin.saving.journal import AT_ONCE, Journal
from geosam_plugin.saving.keeper import Keeper
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.lost import Lost, lost_objects


def test_lost_layers_come_back_and_are_journaled_again(project: QgsProject, tmp_path: Path) -> None:
    keeper = Keeper(project, tmp_path)
    layer = QgsVectorLayer(OTHER, "parcels", "memory")  # not the plugin's own
    project.addMapLayer(layer)
    keeper.watch(layer)
    add(layer, name="a")
    project.clear()
    wait_for(lambda: bool(keeper.lost))
    assert [lost.name for lost in keeper.lost] == ["parcels"]
    (restored,) = brought_back(keeper)
    assert keeper.lost == []
    assert restored.id() in project.mapLayers()
    add(restored, 20, name="b")
    project.clear()
    wait_for(lambda: bool(keeper.lost))
    (lost,) = keeper.lost
    assert sorted(f["name"] for f in restored_from(lost).getFeatures()) == ["a", "b"]
    keeper.discard()
    assert list(tmp_path.iterdir()) == []
    keeper.close()


def test_what_comes_back_while_the_disk_is_full_stays_in_its_old_journal(
    project: QgsProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Keeper(project, tmp_path)
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    add(layer)
    project.clear()
    wait_for(lambda: bool(keeper.lost))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        (restored,) = brought_back(keeper)
    assert restored.featureCount() == 1
    assert lost_objects(tmp_path) == []  # it is there again, and nobody else's
    keeper.close()
    assert [len(lost.features) for lost in lost_objects(tmp_path)] == [1]


@pytest.fixture
def many_lost(project: QgsProject, tmp_path: Path) -> Keeper:
    """A keeper that has found 260 objects of a layer that is gone."""
    layer = new_layer(UTM, "many")
    journal = Journal(layer, tmp_path)
    for x in range(260):
        add(layer, 20 * x, **{"class": f"class {x}"})
    journal.keep()
    keeper = Keeper(project, tmp_path)
    wait_for(lambda: bool(keeper.lost))
    return keeper


def test_many_come_back_without_a_long_standstill(
    project: QgsProject, tmp_path: Path, many_lost: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "SLICE_S", 0.0)
    told: list[list[QgsVectorLayer]] = []
    many_lost.restore(on_done=told.append)
    seen: list[int] = []
    while not told:
        seen.append(sum(layer.featureCount() for layer in project.mapLayers().values()))
        QCoreApplication.processEvents()
    assert set(seen) == {0, 260}, "a layer is brought in once it is whole"
    assert seen.count(0) >= 260 // AT_ONCE, "its features come in slices"
    assert seen.count(260) >= 2, "and so does its journal"
    ((layer,),) = told
    assert {f["class"] for f in layer.getFeatures()} == {f"class {x}" for x in range(260)}
    many_lost._journals[layer.id()].keep()  # as if QGIS were gone
    assert len(the_lost(tmp_path).features) == 260, "and nothing else is lost"
    many_lost.close()


@pytest.mark.parametrize("turns", [0, 2, 7])
def test_what_is_not_back_yet_when_qgis_ends_is_offered_again(
    project: QgsProject, tmp_path: Path, many_lost: Keeper, monkeypatch: pytest.MonkeyPatch,
    turns: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(restoring, "SLICE_S", 0.0)
    told: list[list[QgsVectorLayer]] = []
    many_lost.restore(on_done=told.append)
    for _ in range(turns):
        QCoreApplication.processEvents()
    is_back = bool(project.mapLayers())
    assert is_back == (turns == 7)
    many_lost.close()
    settle()
    assert told == []
    lost = lost_objects(tmp_path)
    assert [len(one.features) for one in lost] == ([] if is_back else [260])


def test_a_layer_that_is_removed_while_it_comes_back_is_lost_once(
    project: QgsProject, tmp_path: Path, many_lost: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "SLICE_S", 0.0)
    told: list[list[QgsVectorLayer]] = []
    many_lost.restore(on_done=told.append)
    while not project.mapLayers():
        QCoreApplication.processEvents()
    project.clear()
    wait_for(lambda: bool(told) and bool(many_lost.lost))
    assert [len(one.features) for one in many_lost.lost] == [260]
    many_lost.close()
    assert [len(one.features) for one in lost_objects(tmp_path)] == [260]


def test_what_a_killed_qgis_had_in_memory_comes_back(project: QgsProject, tmp_path: Path) -> None:
    """The lock of a process that is gone holds nobody up."""
    code = f"""
import os, signal, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry
application = QgsApplication([], False)
application.initQgis()
from geosam_plugin.saving.journal import Journal
from geosam_plugin.saving.layers import new_layer
layer = new_layer(QgsCoordinateReferenceSystem("EPSG:32633"), "objects")
journal = Journal(layer, Path({str(tmp_path)!r}))
layer.startEditing()
feature = QgsFeature(layer.fields())
feature.setGeometry(QgsGeometry.fromWkt("MultiPolygon(((0 0, 2 0, 2 2, 0 2, 0 0)))"))
feature["class"] = "roof"
layer.addFeature(feature)
while not journal.path.exists():
    application.processEvents()
print("saved", flush=True)
os.kill(os.getpid(), signal.SIGKILL)  # no farewell of any kind
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert "saved" in done.stdout, done.stderr
    (feature,) = restored_from(the_lost(tmp_path)).getFeatures()
    assert (feature["class"], feature.geometry().area()) == ("roof", 4)


def test_a_journal_that_takes_long_to_read_does_not_hold_up_the_dock(
    project: QgsProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = new_layer(UTM, "objects")
    journal = Journal(layer, tmp_path)
    add(layer)
    journal.keep()
    gate = threading.Event()

    def slow(folder: Path) -> list[Lost]:
        assert gate.wait(PATIENCE_S)
        return lost_objects(folder)

    monkeypatch.setattr(keeper_module, "lost_objects", slow)
    closed, keeper = Keeper(project, tmp_path), Keeper(project, tmp_path)
    changes: list[int] = []
    keeper.lostChanged.connect(lambda: changes.append(len(keeper.lost)))
    closed.close()
    assert keeper.lost == []
    gate.set()
    wait_for(lambda: bool(changes))
    keeper.close()
    again: list[Lost] = []
    wait_for(lambda: bool(again) or bool(again.extend(lost_objects(tmp_path))))
    assert len(again) == 1  # whoever has found it and is closed has let it go
