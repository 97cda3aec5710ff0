"""A refined layer, reviewed by keys: what is accepted goes into the edits of the layer, and can be
undone there; the review can be left and resumed."""

from __future__ import annotations

from pathlib import Path

import pytest
from by_hand import MERCATOR, UTM, is_idle
from qgis.core import QgsGeometry, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QApplication
from qgis_window import Window, settle, wait_for
from review.refined_layers import (
    COUNT,
    VERDICTS,
    Key,
    Layers,
    begin,
    edit,
    go_to,
    is_at,
    name_of,
    states,
)

from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.review.candidates import overlap
from geosam_plugin.review.decisions import State
from geosam_plugin.window.workspace import Workspace


@pytest.mark.parametrize("crs", [UTM, MERCATOR], ids=lambda crs: crs.authid())
def test_twenty_candidates_by_keys(workspace: Workspace, window: Window, reviewed: Layers) -> None:
    layers, section = reviewed, workspace.dock.review
    assert section.text.text().startswith(f"1 of {COUNT}\n")
    assert "It is shift." in section.text.text()
    names = list(layers.features())
    rejected = set()
    for number in range(COUNT):
        name, verdict = name_of(workspace, layers), workspace.review.queue.current.verdict
        extent = window.canvas.extent()
        shown = workspace.review.outlines
        assert shown.new.isEmpty() == (verdict in ("gone", "uncertain"))
        assert shown.old.isEmpty() == (verdict == "new")
        outlines = [one for one in (shown.old, shown.new) if not one.isEmpty()]
        assert all(extent.contains(one.boundingBox()) for one in outlines), name
        if number % 4 == 3:
            rejected.add(name)
        window.key(Key.Key_R if number % 4 == 3 else Key.Key_A)
    assert states(workspace) == {"accepted": 15, "rejected": 5}
    assert "15 accepted · 5 rejected · all decided" in section.text.text()
    found = layers.features()
    for name, shape in layers.new.items():
        verdict = name.split()[0]
        if name in rejected or verdict in ("uncertain", "keep"):
            assert (name in found) == (verdict != "new")
            assert verdict == "new" or is_at(layers, name, layers.old[name])
        elif verdict == "gone":
            assert name not in found
        else:
            assert is_at(layers, name, shape), name
    assert all(found[name]["tag"] == "yes" for name in names if name in found)
    added = [feature for name, feature in found.items() if name.startswith("new")]
    assert added and all(feature["tag"] == "built" for feature in added)
    assert layers.target.commitChanges(), layers.target.commitErrors()
    settle()
    assert states(workspace) == {"accepted": 15, "rejected": 5}, "nothing is lost by saving"


def test_all_of_a_kind_are_accepted_at_once_and_each_can_be_taken_back(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    section, count = workspace.dock.review, VERDICTS.count("shift")
    assert not section.accept_all.isEnabled(), "no kind is chosen"
    choose_kind(workspace, "uncertain")
    assert not section.accept_all.isEnabled(), "there is nothing to accept"
    choose_kind(workspace, "shift")
    window.key(Key.Key_R)
    section.accept_all.click()
    wait_for(lambda: states(workspace)["accepted"] == count - 1)
    settle()
    assert states(workspace) == {"accepted": count - 1, "rejected": 1, "pending": COUNT - count}
    assert reviewed.target.undoStack().count() == count - 1, "each is a step of its own"
    names = [f"shift {number}" for number in range(count)]
    moved_names = [name for name in names if is_at(reviewed, name, reviewed.new[name])]
    assert len(moved_names) == count - 1
    assert sum(is_at(reviewed, name, reviewed.old[name]) for name in names) == 1
    assert not section.accept_all.isEnabled()
    window.key(Key.Key_U)
    assert states(workspace)["accepted"] == count - 2
    assert sum(is_at(reviewed, name, reviewed.old[name]) for name in names) == 2


def choose_kind(workspace: Workspace, verdict: str) -> None:
    box = workspace.dock.review.verdict
    box.setCurrentIndex(box.findData(verdict))
    box.activated.emit(box.currentIndex())


@pytest.mark.parametrize("verdict", ["shift", "reshape", "gone", "new"])
def test_what_is_undone_in_qgis_is_pending_again(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    before = {key: feature.attributes() for key, feature in reviewed.features().items()}
    window.key(Key.Key_A)
    stack = reviewed.target.undoStack()
    assert stack.count() == 1 and stack.text(0).startswith("Review: ")
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED
    stack.undo()
    settle()
    assert workspace.review.queue.state(one) is State.PENDING
    assert {key: f.attributes() for key, f in reviewed.features().items()} == before
    assert verdict == "new" or is_at(reviewed, name, reviewed.old[name])
    stack.redo()
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED
    assert (name in reviewed.features()) == (verdict != "gone")


@pytest.mark.parametrize("verdict", ["shift", "gone", "new", "uncertain"])
@pytest.mark.parametrize("is_saved", [False, True], ids=["in the edits", "in the file"])
def test_u_takes_the_last_decision_back(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str, is_saved: bool
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    window.key(Key.Key_R)  # of the next one
    other = reviewed.features()[f"keep {len(VERDICTS)}"].id()
    tag = reviewed.target.fields().lookupField("tag")
    if is_saved:
        reviewed.target.commitChanges(False)
        reviewed.target.startEditing()
        # As many steps as before, but it is not the review's.
        reviewed.target.changeAttributeValue(other, tag, "mine")
        settle()
    window.key(Key.Key_U)
    assert states(workspace)["rejected"] == 0
    window.key(Key.Key_U)
    settle()
    assert reviewed.target.getFeature(other)["tag"] == ("mine" if is_saved else "yes")
    assert states(workspace) == {"pending": COUNT}
    assert workspace.review.queue.current is one
    assert (name in reviewed.features()) == (verdict != "new")
    assert verdict == "new" or is_at(reviewed, name, reviewed.old[name])
    assert verdict == "new" or reviewed.features()[name]["tag"] == "yes"
    window.key(Key.Key_U)  # there is nothing left
    assert states(workspace) == {"pending": COUNT}


@pytest.mark.parametrize("verdict", ["shift", "uncertain", "new"])
def test_an_edited_candidate_counts_as_accepted(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    seen = QgsGeometry(workspace.controller.shape.geometry)
    assert overlap(seen, reviewed.new[name]) > 0.5
    window.key(Key.Key_Return)
    wait_for(lambda: workspace.review.queue.state(one) is State.ACCEPTED)
    assert is_at(reviewed, name, seen)
    assert reviewed.features()[name]["tag"] == ("built" if verdict == "new" else "yes")
    assert workspace.review.queue.current is not one
    assert workspace.controller.session.saved == 0, "no object of its own"
    reviewed.target.undoStack().undo()
    settle()
    assert workspace.review.queue.state(one) is State.PENDING
    reviewed.target.undoStack().redo()
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED


def test_an_edit_that_is_let_go_changes_nothing(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    window.key(Key.Key_Escape)
    assert states(workspace) == {"pending": COUNT}
    assert workspace.controller.session.draft.prompts == ()
    assert not reviewed.target.isEditable()
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    seen = QgsGeometry(workspace.controller.shape.geometry)
    name = name_of(workspace, reviewed)
    window.key(Key.Key_A)  # as Enter does
    wait_for(lambda: states(workspace)["accepted"] == 1)
    assert is_at(reviewed, name, seen)


def test_an_edit_is_not_saved_as_the_object_before_it_was_to_be(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    """What is chosen by “As” holds for the outline that was at hand."""
    target = workspace.dock.target
    first = workspace.review.queue.current
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    assert target.save_mode is SaveMode.REPLACE
    target.mode.setCurrentIndex(target.mode.findData(SaveMode.NEW.value))
    other = next(one for one in workspace.review.queue.candidates if one is not first)
    workspace.review.queue.go_to(other)
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    assert target.save_mode is SaveMode.REPLACE
    window.key(Key.Key_Return)
    wait_for(lambda: workspace.review.queue.state(other) is State.ACCEPTED)
    assert len(reviewed.features()) == len(reviewed.old)
    assert workspace.controller.session.saved == 0, "no object of its own"
    assert workspace.review.queue.state(first) is State.PENDING


def test_what_was_accepted_can_be_rejected_after_all(
    workspace: Workspace, window: Window, reviewed: Layers
) -> None:
    section = workspace.dock.review
    names = []
    for verdict in ("shift", "gone", "new"):
        names.append(go_to(workspace, window, reviewed, verdict))
        one = workspace.review.queue.current
        window.key(Key.Key_A)
        workspace.review.queue.go_to(one)
        steps = reviewed.target.undoStack().count()
        window.key(Key.Key_A)  # again: nothing more
        assert reviewed.target.undoStack().count() == steps
        workspace.review.queue.go_to(one)
        window.key(Key.Key_R)
        settle()
        assert workspace.review.queue.state(one) is State.REJECTED
    assert "3 rejected" in section.text.text()
    shifted, gone, new = names
    assert is_at(reviewed, shifted, reviewed.old[shifted])
    assert is_at(reviewed, gone, reviewed.old[gone])
    assert reviewed.features()[gone]["tag"] == "yes"
    assert new not in reviewed.features()


@pytest.mark.parametrize("verdict", ["shift", "uncertain", "new"])
def test_what_was_accepted_and_edited_can_be_rejected_after_all(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    workspace.review.queue.go_to(one)
    edit(workspace, window, reviewed)
    workspace.review.queue.go_to(one)
    window.key(Key.Key_R)
    settle()
    assert workspace.review.queue.state(one) is State.REJECTED
    assert (name in reviewed.features()) == (verdict != "new")
    assert verdict == "new" or is_at(reviewed, name, reviewed.old[name])


@pytest.mark.parametrize("verdict", ["shift", "gone", "new"])
@pytest.mark.parametrize("is_saved", [False, True], ids=["in the edits", "in the file"])
def test_u_takes_a_rejection_of_what_was_accepted_back(
    workspace: Workspace, window: Window, reviewed: Layers, verdict: str, is_saved: bool
) -> None:
    name = go_to(workspace, window, reviewed, verdict)
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    workspace.review.queue.go_to(one)
    window.key(Key.Key_R)
    settle()
    if is_saved:
        assert reviewed.target.commitChanges()
        settle()
    window.key(Key.Key_U)
    settle()
    assert workspace.review.queue.state(one) is State.ACCEPTED
    assert (name in reviewed.features()) == (verdict != "gone")
    assert verdict == "gone" or is_at(reviewed, name, reviewed.new[name])
    window.key(Key.Key_U)
    settle()
    assert workspace.review.queue.state(one) is State.PENDING
    assert (name in reviewed.features()) == (verdict != "new")
    assert verdict == "new" or is_at(reviewed, name, reviewed.old[name])
    window.key(Key.Key_A)
    settle()
    assert (name in reviewed.features()) == (verdict != "gone")


@pytest.mark.parametrize("key", [Key.Key_R, Key.Key_U])
def test_what_cannot_be_taken_back_is_said(
    workspace: Workspace, window: Window, reviewed: Layers, key: Qt.Key
) -> None:
    name = go_to(workspace, window, reviewed, "shift")
    one = workspace.review.queue.current
    window.key(Key.Key_A)
    assert reviewed.target.commitChanges()
    settle()
    reviewed.target.setReadOnly(True)
    workspace.review.queue.go_to(one)
    for _ in range(2):
        window.key(key)
        assert "cannot be edited" in workspace.messages.text
        assert workspace.review.queue.state(one) is State.ACCEPTED
    assert is_at(reviewed, name, reviewed.new[name])
    reviewed.target.setReadOnly(False)
    window.key(key)
    settle()
    assert is_at(reviewed, name, reviewed.old[name])


def test_it_is_resumed_after_the_project_was_opened_again(
    workspace: Workspace, window: Window, project: QgsProject, reviewed: Layers, tmp_path: Path
) -> None:
    shifted = go_to(workspace, window, reviewed, "shift")
    window.key(Key.Key_A)
    added = go_to(workspace, window, reviewed, "new")
    window.key(Key.Key_A)
    edited = go_to(workspace, window, reviewed, "reshape")
    window.key(Key.Key_E)
    wait_for(lambda: workspace.controller.shape is not None and is_idle(workspace))
    window.key(Key.Key_Return)
    wait_for(lambda: states(workspace)["accepted"] == 3)
    rejected = go_to(workspace, window, reviewed, "gone")
    window.key(Key.Key_R)
    settle()
    assert reviewed.target.commitChanges()
    dropped = go_to(workspace, window, reviewed, "gone")
    window.key(Key.Key_A)
    assert states(workspace) == {"accepted": 4, "rejected": 1, "pending": COUNT - 5}
    assert project.isDirty()
    reviewed.target.rollBack()  # what the user does not save
    assert project.write(str(tmp_path / "project.qgz"))
    project.clear()
    settle()
    assert not workspace.review.is_on
    assert project.read(str(tmp_path / "project.qgz"))
    (target,) = project.mapLayersByName("footprints")
    (refined,) = project.mapLayersByName("refined")
    again = Layers(refined, target, reviewed.old, reviewed.new)
    begin(workspace, again)
    queue = workspace.review.queue
    by_name = {refined.getFeature(one.fid)["name"]: queue.state(one) for one in queue.candidates}
    assert {name for name, state in by_name.items() if state is State.ACCEPTED} == {
        shifted, added, edited,
    }  # fmt: skip
    assert by_name[rejected] is State.REJECTED
    assert by_name[dropped] is State.PENDING
    assert is_at(again, shifted, reviewed.new[shifted])
    assert queue.state(queue.current) is State.PENDING, "it goes on with what is undecided"


def test_only_those_of_one_verdict(workspace: Workspace, window: Window, reviewed: Layers) -> None:
    section = workspace.dock.review
    texts = [section.verdict.itemText(i) for i in range(section.verdict.count())]
    assert texts[0] == f"All ({COUNT})" and len(texts) == 6
    section.verdict.setCurrentIndex(section.verdict.findData("gone"))
    section.verdict.activated.emit(section.verdict.currentIndex())
    assert window.canvas.hasFocus() or QApplication.activeWindow() is None
    assert section.text.text().startswith("1 of 3\n")
    for _ in range(3):
        assert workspace.review.queue.current.verdict == "gone"
        window.key(Key.Key_A)
    assert "3 accepted" in section.text.text()
    window.key(Key.Key_N)
    window.key(Key.Key_P)
    assert workspace.review.queue.current.verdict == "gone"
