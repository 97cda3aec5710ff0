"""Target layers: a new one in memory, or any polygon layer; objects go into its edit buffer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsMapLayer,
    QgsProject,
    QgsRendererCategory,
    QgsVectorDataProvider,
    QgsVectorLayer,
    QgsVectorLayerUtils,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import (
    AreaMeasure,
    LayerError,
    Shape,
    coerced,
    in_crs,
    polygonal,
    without_overlaps,
)
from geosam_plugin.result_fields import AREA, result_fields
from geosam_plugin.saving.layer_fields import matching

OWN_LAYER = "geosam/own"
"""Custom property of layers that the plugin made: their style grows with their classes."""

# Okabe and Ito's colours, which colour-blind people tell apart, but for black.
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")


@dataclass(frozen=True)
class SavedObject:
    """A shape and the values for its fields (`layer_fields.attributes`)."""

    shape: Shape
    values: dict[str, Any]


@dataclass(frozen=True)
class Target:
    """Where objects go.

    avoid_overlaps: of new features with existing ones, whatever the project says; where the
        project itself avoids overlaps, it is done in any case
    """

    layer: QgsVectorLayer
    project: QgsProject
    avoid_overlaps: bool = False


def new_layer(crs: QgsCoordinateReferenceSystem, name: str) -> QgsVectorLayer:
    """An empty memory layer with the fields and the style of segmented objects; not yet part of
    a project."""
    layer = QgsVectorLayer("MultiPolygon", name, "memory")
    layer.dataProvider().addAttributes(list(result_fields()))
    layer.updateFields()
    layer.setCrs(crs)
    layer.setCustomProperty(OWN_LAYER, True)
    layer.setRenderer(
        QgsCategorizedSymbolRenderer("class", [QgsRendererCategory("", _symbol(0), "")])
    )
    return layer


def is_target(layer: QgsMapLayer | None) -> bool:
    """A polygon layer that can be edited."""
    return (
        isinstance(layer, QgsVectorLayer)
        and layer.isValid()
        and layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry
        and not layer.readOnly()
        and bool(layer.dataProvider().capabilities() & QgsVectorDataProvider.Capability.AddFeatures)
    )


def save(target: Target, found: SavedObject, mode: SaveMode = SaveMode.NEW) -> list[int]:
    """Put an object into the layer's edit buffer, as one undo command.

    Returns the ids of the features that were made or changed: several where a layer of single
    parts gets an object of several. Raises LayerError; then the layer is as before.
    """
    layer = target.layer
    if not is_target(layer):
        raise LayerError(_say_not_editable(layer))
    geometry = in_crs(found.shape, layer.crs(), target.project)
    if geometry.isEmpty():
        raise LayerError(QCoreApplication.translate("GeoSAM", "The object has no area."))
    if not layer.isEditable() and not layer.startEditing():
        raise LayerError(_say_not_editable(layer))
    if mode is SaveMode.NEW:
        return _in_one_command(
            layer,
            QCoreApplication.translate("GeoSAM", "Segmented object"),
            lambda: _add_new(target, geometry, found),
        )
    selected = _selected(layer, mode)
    if mode is SaveMode.CUT:
        return _in_one_command(
            layer,
            QCoreApplication.translate("GeoSAM", "Cut by a segmented object"),
            lambda: _cut(target, geometry, selected),
        )
    return _in_one_command(
        layer,
        QCoreApplication.translate("GeoSAM", "Joined with a segmented object"),
        lambda: _join(target, geometry, selected),
    )


def _in_one_command(layer: QgsVectorLayer, text: str, work: Callable[[], list[int]]) -> list[int]:
    layer.beginEditCommand(text)
    done = False
    try:
        ids = work()
        done = True
    finally:
        # An open command would swallow all later edits of the layer, whatever went wrong.
        if done:
            layer.endEditCommand()
        else:
            layer.destroyEditCommand()
    layer.triggerRepaint()
    return ids


def _add_new(target: Target, geometry: QgsGeometry, found: SavedObject) -> list[int]:
    layer, project = target.layer, target.project
    others = _layers_to_avoid(target)
    if others:
        geometry = without_overlaps(geometry, layer, others, project)
    measure = AreaMeasure.of_project(layer.crs(), project)
    ids = []
    for part in _fitted(geometry, layer):
        values = {**found.values, AREA: measure.square_metres(part)}
        feature = QgsVectorLayerUtils.createFeature(
            layer, part, matching(layer, values), layer.createExpressionContext()
        )
        if not layer.addFeature(feature):
            raise LayerError(_say_refused(layer))
        ids.append(feature.id())
    if layer.customProperty(OWN_LAYER):
        _show_class(layer, found.values.get("class"))
    return ids


def _join(target: Target, geometry: QgsGeometry, selected: Sequence[QgsFeature]) -> list[int]:
    """The first selected feature keeps its attributes and gets the shape of all."""
    layer = target.layer
    joined = QgsGeometry.unaryUnion([geometry, *(polygonal(f.geometry()) for f in selected)])
    first = selected[0]
    _change(target, first, joined)
    for feature in selected[1:]:
        if not layer.deleteFeature(feature.id()):
            raise LayerError(_say_refused(layer))
    return [first.id()]


def _cut(target: Target, geometry: QgsGeometry, selected: Sequence[QgsFeature]) -> list[int]:
    ids = []
    for feature in selected:
        if not feature.geometry().intersects(geometry):
            continue
        left = polygonal(feature.geometry().difference(geometry))
        if left.isEmpty():
            raise LayerError(
                QCoreApplication.translate(
                    "GeoSAM", "The object covers the whole selected feature: nothing would be left."
                )
            )
        _change(target, feature, left)
        ids.append(feature.id())
    if not ids:
        raise LayerError(
            QCoreApplication.translate("GeoSAM", "The object does not touch the selected feature.")
        )
    return ids


def _change(target: Target, feature: QgsFeature, geometry: QgsGeometry) -> None:
    layer = target.layer
    parts = _fitted(geometry, layer)
    if len(parts) > 1:
        raise LayerError(
            QCoreApplication.translate(
                "GeoSAM",
                "The feature would get {count} parts, but the layer takes single parts only.",
            ).format(count=len(parts))
        )
    measure = AreaMeasure.of_project(layer.crs(), target.project)
    area = {AREA: measure.square_metres(parts[0])}
    done = layer.changeGeometry(feature.id(), parts[0]) and all(
        layer.changeAttributeValue(feature.id(), index, value)
        for index, value in matching(layer, area).items()
    )
    if not done:
        raise LayerError(_say_refused(layer))


def _fitted(geometry: QgsGeometry, layer: QgsVectorLayer) -> list[QgsGeometry]:
    parts = coerced(geometry, layer)
    if not parts:
        raise LayerError(_say_refused(layer))
    return parts


def _selected(layer: QgsVectorLayer, mode: SaveMode) -> list[QgsFeature]:
    features = [f for f in layer.getSelectedFeatures() if f.hasGeometry()]
    if not features or (mode is SaveMode.ADD and len(features) > 1):
        text = (
            QCoreApplication.translate("GeoSAM", 'Select one feature of "{layer}" first.')
            if mode is SaveMode.ADD
            else QCoreApplication.translate("GeoSAM", 'Select features of "{layer}" first.')
        )
        raise LayerError(text.format(layer=layer.name()))
    return features


def _layers_to_avoid(target: Target) -> list[QgsVectorLayer]:
    modes = QgsProject.AvoidIntersectionsMode
    mode = target.project.avoidIntersectionsMode()
    layers = []
    if target.avoid_overlaps or mode == modes.AvoidIntersectionsCurrentLayer:
        layers.append(target.layer)
    if mode == modes.AvoidIntersectionsLayers:
        layers += [la for la in target.project.avoidIntersectionsLayers() if la not in layers]
    return layers


def _show_class(layer: QgsVectorLayer, name: str | None) -> None:
    """A colour of its own for each class, in the legend, too."""
    renderer = layer.renderer()
    if not name or not isinstance(renderer, QgsCategorizedSymbolRenderer):
        return
    if renderer.classAttribute() != "class" or renderer.categoryIndexForValue(name) >= 0:
        return
    # Before the last one, which is for all others.
    categories = renderer.categories()
    categories.insert(-1, QgsRendererCategory(name, _symbol(len(categories)), name))
    layer.setRenderer(QgsCategorizedSymbolRenderer("class", categories))
    layer.emitStyleChanged()


def _symbol(number: int) -> QgsFillSymbol:
    colour = COLOURS[number % len(COLOURS)]
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return QgsFillSymbol.createSimple(
        {
            "color": f"{red},{green},{blue},70",
            "outline_color": f"{red},{green},{blue},255",
            "outline_width": "0.6",
            "joinstyle": "round",
        }
    )


def _say_not_editable(layer: QgsVectorLayer) -> str:
    return QCoreApplication.translate(
        "GeoSAM", 'The layer "{layer}" cannot be edited. Choose another target layer.'
    ).format(layer=layer.name())


def _say_refused(layer: QgsVectorLayer) -> str:
    return QCoreApplication.translate(
        "GeoSAM", 'The layer "{layer}" does not take the object.'
    ).format(layer=layer.name())
