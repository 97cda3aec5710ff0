"""The keyboard is the map's, whatever is pressed in the dock and its dialogs."""

from __future__ import annotations

from pathlib import Path

import pytest
from by_hand import UTM
from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QFileDialog, QWidget
from qgis_window import LEFT, Window, raster_layer, settle, wait_for

from geosam_plugin.processing.provider import GeoSamProvider
from geosam_plugin.saving.layers import new_layer
from geosam_plugin.window.workspace import Workspace


def test_buttons_leave_the_keyboard_to_the_map(workspace: Workspace) -> None:
    sections = (workspace.dock.prompt, workspace.dock.image)
    for section in sections:
        for name in ("encode", "clicking", "undo", "redo", "clear", "cycle", "coverage"):
            button = getattr(section, name, None)
            assert button is None or button.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert workspace.dock.target.save.focusPolicy() == Qt.FocusPolicy.NoFocus


def focus_of(window: Window) -> QWidget | None:
    settle()
    return window.window.focusWidget()


def test_a_click_on_the_dock_leaves_the_keyboard_to_the_map(
    workspace: Workspace, window: Window, project: QgsProject, scene: Path, cache: Path
) -> None:
    layer = raster_layer(scene, project)
    window.show_layer(layer, UTM)
    dock, canvas = workspace.dock, window.canvas
    wait_for(lambda: bool(workspace.controller.described))
    QTest.mouseClick(dock.prompt.clicking, LEFT)
    assert dock.prompt.clicking.isChecked()
    assert focus_of(window) is canvas
    dock.options.setCollapsed(False)
    settle()
    window.click(QPoint(300, 300))
    wait_for(lambda: workspace.controller.shape is not None)
    for widget in (
        dock.prompt.cycle, dock.prompt.undo, dock.prompt.redo, dock.options.hover, dock.options,
        dock.next_step, dock.counters, dock.prompt, dock.target, dock.widget().viewport(),
        dock.widget().widget(), dock,
    ):  # fmt: skip
        QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, widget.rect().center())
        assert focus_of(window) is canvas, widget.objectName() or type(widget).__name__
    QTest.mouseClick(dock.prompt.meanings.buttons()[1], LEFT)
    draft = workspace.controller.session.draft
    wait_for(lambda: draft.is_answered)
    QTest.keyClick(focus_of(window), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not draft.prompts
    QTest.mouseClick(dock.prompt.redo, LEFT)
    wait_for(lambda: draft.is_answered and draft.candidates)
    QTest.keyClick(focus_of(window), Qt.Key.Key_Return)
    wait_for(lambda: "Saved: 1" in dock.counters.text())


@pytest.mark.parametrize("name", ["export", "choose", "encode"])
def test_the_keyboard_is_the_maps_again_after_a_dialog(
    workspace: Workspace, with_processing: Window, project: QgsProject, scene: Path, cache: Path,
    provider: GeoSamProvider, monkeypatch: pytest.MonkeyPatch, name: str,
) -> None:  # fmt: skip
    window = with_processing
    window.show_layer(raster_layer(scene, project), UTM)
    dock = workspace.dock
    wait_for(lambda: bool(workspace.controller.described))
    dock.prompt.clicking.setChecked(True)
    dock.target.class_name.setFocus()
    assert focus_of(window) is not window.canvas
    if name == "choose":
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
        dock.image.choose.click()
    elif name == "encode":
        dock.image.encode.click()
        (dialog,) = window.window.findChildren(AlgorithmDialog)
        dialog.close()
    else:
        workspace.kept.export(project.addMapLayer(new_layer(UTM, "objects")))
        dialog = dock.findChild(QFileDialog)
        assert Path(dialog.directory().absolutePath()) == scene.parent
        assert [Path(path).name for path in dialog.selectedFiles()] == ["objects.gpkg"]
        dialog.reject()
    assert focus_of(window) is window.canvas
