"""An object's way into a layer: settle what must be known of existing features, read them, write.

Reading may take seconds, from a server or a file without an index; settling and writing belong
to the GUI's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsFeedback,
    QgsGeometry,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsVectorLayerUtils,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.clicking.save_mode import SaveMode
from geosam_plugin.geometry import (
    AreaMeasure,
    LayerError,
    Shape,
    coerced,
    difference,
    in_crs,
    polygonal,
    union,
    without_overlaps,
)
from geosam_plugin.result_fields import AREA, CLASS, PROMPTS, composed_text, parsed
from geosam_plugin.saving.edit_step import (
    edit_step,
    say_not_editable,
    say_refused,
    say_single_parts,
)
from geosam_plugin.saving.layer_fields import matching, stored_index
from geosam_plugin.saving.layers import OWN_LAYER, is_target, show_class
from geosam_plugin.saving.provenance import TakenUp, request_for, text_of

translate = QCoreApplication.translate


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
    selected: features that ADD, CUT and MERGE are about; None for those selected now
    """

    layer: QgsVectorLayer
    project: QgsProject
    avoid_overlaps: bool = False
    selected: tuple[int, ...] | None = None


@dataclass(frozen=True)
class _Query:
    """What is to be read of a layer, on any thread: its edits are those of the moment."""

    source: QgsVectorLayerFeatureSource
    request: QgsFeatureRequest
    is_of_target: bool
    is_of_memory: bool

    @classmethod
    def of(
        cls, layer: QgsVectorLayer, request: QgsFeatureRequest, target: QgsVectorLayer
    ) -> _Query:
        is_of_memory = layer.providerType() == "memory"
        return cls(QgsVectorLayerFeatureSource(layer), request, layer is target, is_of_memory)

    def features(self, feedback: QgsFeedback) -> Iterator[QgsFeature]:
        self.request.setFeedback(feedback)
        for feature in self.source.getFeatures(self.request):
            if feature.hasGeometry():
                yield feature


class Plan:
    """One object that goes into a layer: `read`, then `write`."""

    def __init__(
        self,
        target: Target,
        found: SavedObject,
        mode: SaveMode = SaveMode.NEW,
        taken: TakenUp | None = None,
    ) -> None:
        """Raises LayerError.

        taken: the feature that REPLACE is about
        """
        layer = target.layer
        if not is_target(layer):
            raise LayerError(say_not_editable(layer))
        self._target, self._found, self._mode, self._taken = target, found, mode, taken
        self._geometry = in_crs(found.shape, layer.crs(), target.project)
        if self._geometry.isEmpty():
            raise LayerError(translate("GeoSAM", "The object has no area."))
        self._select_first = _say_select(layer, mode)
        self._changed = self._query_changed()
        self._neighbours = self._query_neighbours()
        self._shapes: list[tuple[QgsFeature, QgsGeometry]] = []

    @property
    def layer(self) -> QgsVectorLayer:
        return self._target.layer

    @property
    def takes_long_to_read(self) -> bool:
        """All but memory layers may: 50,000 of their polygons are searched in 9 ms, a GeoJSON
        file's in 1.2 s."""
        return not all(query.is_of_memory for query in (*self._changed, *self._neighbours))

    # --- on any thread

    def read(self, feedback: QgsFeedback) -> None:
        """Raises LayerError."""
        changed = [feature for query in self._changed for feature in query.features(feedback)]
        if self._mode is SaveMode.REPLACE:
            changed = self._taken_of(changed)
        elif self._mode is not SaveMode.NEW and not changed:
            raise LayerError(self._select_first)
        if self._mode is SaveMode.CUT:
            self._shapes = self._cut(changed)
        elif self._mode in (SaveMode.ADD, SaveMode.MERGE):
            joined = union([self._geometry, *(polygonal(f.geometry()) for f in changed)])
            self._shapes = [(feature, joined) for feature in changed]
        else:
            keep = {feature.id() for feature in changed}
            others = (
                feature.geometry()
                for query in self._neighbours
                for feature in query.features(feedback)
                if not (query.is_of_target and feature.id() in keep)
            )
            if self._neighbours:
                self._geometry = without_overlaps(self._geometry, others)
            self._shapes = [(feature, self._geometry) for feature in changed]

    def _cut(self, changed: list[QgsFeature]) -> list[tuple[QgsFeature, QgsGeometry]]:
        shapes = []
        for feature in changed:
            geometry = polygonal(feature.geometry())
            if not geometry.intersects(self._geometry):
                continue
            left = difference(geometry, self._geometry)
            if left.isEmpty():
                raise LayerError(
                    translate(
                        "GeoSAM",
                        "The object covers the whole selected feature: nothing would be left.",
                    )
                )
            shapes.append((feature, left))
        if not shapes:
            raise LayerError(translate("GeoSAM", "The object does not touch the selected feature."))
        return shapes

    def _taken_of(self, found: list[QgsFeature]) -> list[QgsFeature]:
        """The one that was taken up: of copies with the same prompts that with its id."""
        assert self._taken is not None
        same = [feature for feature in found if feature.id() == self._taken.feature_id]
        if not same and len(found) != 1:
            raise LayerError(
                translate(
                    "GeoSAM",
                    "The feature that was taken up is no longer there. Take it up again, or save "
                    "the object as a new feature.",
                )
            )
        return same or found

    @property
    def replaces(self) -> bool:
        """Nothing new comes of it: what was saved before gets another shape."""
        return self._mode is SaveMode.REPLACE

    # --- on the GUI's thread

    def write(self) -> list[int]:
        """Into the layer's edit buffer, as one undo command.

        Returns the ids of the features that were made or changed: several where a layer of
        single parts gets an object of several. Raises LayerError; then the layer is as before.
        """
        texts: dict[SaveMode, tuple[str, Callable[[], list[int]]]] = {
            SaveMode.NEW: (translate("GeoSAM", "Segmented object"), self._add),
            SaveMode.CUT: (translate("GeoSAM", "Cut by a segmented object"), self._change_all),
            SaveMode.ADD: (translate("GeoSAM", "Joined with a segmented object"), self._join),
            SaveMode.MERGE: (translate("GeoSAM", "Joined with a segmented object"), self._join),
            SaveMode.REPLACE: (translate("GeoSAM", "Segmented again"), self._replace),
        }
        text, work = texts[self._mode]
        with edit_step(self.layer, text):
            return work()

    def _add(self) -> list[int]:
        layer, values = self.layer, self._found.values
        measure = AreaMeasure.of_project(layer.crs(), self._target.project)
        ids = []
        for part in _fitted(self._geometry, layer):
            measured = {**values, AREA: measure.square_metres(part)}
            feature = QgsVectorLayerUtils.createFeature(
                layer, part, matching(layer, measured), layer.createExpressionContext()
            )
            if not layer.addFeature(feature):
                raise LayerError(say_refused(layer))
            ids.append(feature.id())
        if layer.customProperty(OWN_LAYER):
            show_class(layer, values.get(CLASS))
        return ids

    def _join(self) -> list[int]:
        """The first selected feature keeps its attributes and gets the shape of all."""
        (first, joined), *others = self._shapes
        self._change(first, joined, self._composed(first, [other for other, _ in others]))
        for feature, _ in others:
            if not self.layer.deleteFeature(feature.id()):
                raise LayerError(say_refused(self.layer))
        return [first.id()]

    def _change_all(self) -> list[int]:
        for feature, geometry in self._shapes:
            self._change(feature, geometry, self._composed(feature))
        return [feature.id() for feature, _ in self._shapes]

    def _composed(self, feature: QgsFeature, others: Sequence[QgsFeature] = ()) -> dict[str, Any]:
        """What a feature and those that go into it tell of their prompts, and the object itself.
        Nothing when the field has something else of the user's."""
        mode, before = self._mode.value, text_of(feature)
        if before and not parsed(before):
            return {}
        added = [text_of(other) for other in others] + [self._found.values[PROMPTS]]
        return {PROMPTS: composed_text(before, [(mode, text) for text in added])}

    def _replace(self) -> list[int]:
        """Its class is the user's, and stays; so does all of a feature that was not clicked."""
        assert self._taken is not None
        ((feature, geometry),) = self._shapes
        values = {k: v for k, v in self._found.values.items() if k != CLASS}
        self._change(feature, geometry, values if self._taken.prompts else None)
        return [feature.id()]

    def _change(
        self, feature: QgsFeature, geometry: QgsGeometry, values: Mapping[str, Any] | None
    ) -> None:
        """values: for fields of these names and that of the area; None to keep all as they are"""
        layer = self.layer
        parts = _fitted(geometry, layer)
        if len(parts) > 1:
            raise LayerError(say_single_parts(len(parts)))
        changes = {} if values is None else self._changes(parts[0], values)
        done = layer.changeGeometry(feature.id(), parts[0]) and all(
            layer.changeAttributeValue(feature.id(), index, value)
            for index, value in changes.items()
        )
        if not done:
            raise LayerError(say_refused(layer))

    def _changes(self, geometry: QgsGeometry, values: Mapping[str, Any]) -> dict[int, Any]:
        """By the fields' indices."""
        layer = self.layer
        measure = AreaMeasure.of_project(layer.crs(), self._target.project)
        changes = matching(layer, {**values, AREA: measure.square_metres(geometry)})
        index = stored_index(layer, PROMPTS)
        if PROMPTS in values and index is not None:
            # Where the field does not take the new ones, the old ones would lead to another shape.
            changes.setdefault(index, None)
        return changes

    # --- what is to be read

    def _query_changed(self) -> list[_Query]:
        layer, mode = self.layer, self._mode
        if mode is SaveMode.NEW:
            return []
        if mode is SaveMode.REPLACE:
            assert self._taken is not None
            return [_Query.of(layer, request_for(self._taken), layer)]
        chosen = self._target.selected
        selected = layer.selectedFeatureIds() if chosen is None else list(chosen)
        if not selected or (mode is SaveMode.ADD and len(selected) > 1):
            raise LayerError(self._select_first)
        request = QgsFeatureRequest(selected).setSubsetOfAttributes([PROMPTS], layer.fields())
        return [_Query.of(layer, request, layer)]

    def _query_neighbours(self) -> list[_Query]:
        if self._mode not in (SaveMode.NEW, SaveMode.REPLACE):
            return []
        layer, project = self.layer, self._target.project
        queries = []
        for other in _layers_to_avoid(self._target):
            request = QgsFeatureRequest().setNoAttributes()
            request.setDestinationCrs(layer.crs(), project.transformContext())
            request.setFilterRect(self._geometry.boundingBox())
            queries.append(_Query.of(other, request, layer))
        return queries


def _fitted(geometry: QgsGeometry, layer: QgsVectorLayer) -> list[QgsGeometry]:
    parts = coerced(geometry, layer)
    if not parts:
        raise LayerError(say_refused(layer))
    return parts


def _layers_to_avoid(target: Target) -> list[QgsVectorLayer]:
    modes = QgsProject.AvoidIntersectionsMode
    mode = target.project.avoidIntersectionsMode()
    layers = []
    if target.avoid_overlaps or mode == modes.AvoidIntersectionsCurrentLayer:
        layers.append(target.layer)
    if mode == modes.AvoidIntersectionsLayers:
        layers += [la for la in target.project.avoidIntersectionsLayers() if la not in layers]
    return layers


def _say_select(layer: QgsVectorLayer, mode: SaveMode) -> str:
    text = (
        translate("GeoSAM", "Select one feature of “{layer}” first.")
        if mode is SaveMode.ADD
        else translate("GeoSAM", "Select features of “{layer}” first.")
    )
    return text.format(layer=layer.name())
