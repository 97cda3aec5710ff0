"""What was saved into a layer's edits survives a crash of QGIS."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from qgis.core import QgsProject, QgsVectorLayer
from qgis_window import settle, wait_for
from saving.saver_story import UTM, Story, areas, file_layer, square

from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.saving.journal_lines import layer_from
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.saving.lost import lost_objects
from geosam_plugin.saving.restoring import fill


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
