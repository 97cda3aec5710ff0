"""A memory layer becomes a GeoPackage from the dock."""

from __future__ import annotations

from pathlib import Path

from by_hand import UTM
from qgis.core import (
    QgsFeature,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis_window import Window, raster_layer, wait_for

from geosam_plugin.saving.layers import new_layer
from geosam_plugin.window.workspace import Workspace


def test_a_memory_layer_becomes_a_geopackage(
    workspace: Workspace,
    window: Window,
    project: QgsProject,
    scene: Path,
    cache: Path,
    tmp_path: Path,
) -> None:
    window.show_layer(raster_layer(scene, project), UTM)
    wait_for(lambda: bool(workspace.controller.described))
    workspace.dock.prompt.clicking.setChecked(True)
    window.click(QPoint(300, 300))
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 1)
    layer = workspace.dock.target.layer
    workspace.saver.export(layer, str(tmp_path / "kept.gpkg"))
    wait_for(lambda: "is now kept in" in workspace.messages.text)
    assert layer.providerType() == "ogr"
    assert layer.featureCount() == 1
    assert not workspace.dock.target.export.isEnabled()
    assert QgsVectorLayer(str(tmp_path / "kept.gpkg"), "", "ogr").featureCount() == 1
    window.click(QPoint(200, 200))
    window.key(Qt.Key.Key_Return)
    wait_for(lambda: workspace.controller.session.saved == 2)
    assert layer.commitChanges(), layer.commitErrors()
    assert [f["class"] is not None for f in layer.getFeatures()] == [True, True]
    project.clear()
    assert workspace.saver.keeper.lost == []


def test_what_is_saved_while_the_file_is_written_is_not_lost(
    workspace: Workspace, project: QgsProject, tmp_path: Path
) -> None:
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    workspace.saver.export(layer, str(tmp_path / "kept.gpkg"))
    assert layer.startEditing()
    layer.addFeature(QgsFeature(layer.fields()))
    wait_for(lambda: "edited meanwhile" in workspace.messages.text)
    assert layer.providerType() == "memory"
    assert layer.featureCount() == 1
    layer.rollBack()


def test_other_layers_of_a_geopackage_stay(
    workspace: Workspace, project: QgsProject, tmp_path: Path
) -> None:
    path = str(tmp_path / "kept.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "others"
    context = project.transformContext()
    QgsVectorFileWriter.writeAsVectorFormatV3(new_layer(UTM, "others"), path, context, options)
    layer = new_layer(UTM, "objects")
    project.addMapLayer(layer)
    workspace.saver.export(layer, path)
    wait_for(lambda: "is now kept in" in workspace.messages.text)
    assert layer.isValid()
    assert QgsVectorLayer(f"{path}|layername=others", "", "ogr").isValid()
