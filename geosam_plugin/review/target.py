"""The layer that is corrected: each acceptance is one step of its edits, and what becomes of that,
by QGIS's own undo or by hand, is told."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    NULL,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from geosam_plugin.geometry import LayerError, coerced
from geosam_plugin.review.candidates import GONE, NEW, SAME_NEW, Candidate, overlap
from geosam_plugin.saving.edit_step import edit_step, say_refused, say_single_parts
from geosam_plugin.saving.layer_fields import matching

translate = QCoreApplication.translate


class ReviewedLayer(QObject):
    """changed: candidates whose features are others than before
    step: what says which state the layer's edits are in, also after they were saved or discarded
    """

    changed = pyqtSignal(list)

    def __init__(self, layer: QgsVectorLayer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layer = layer
        self._by_id: dict[int, Candidate] = {}
        self._times_settled = 0
        self._is_watching = False
        self._touched: dict[int, None] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._look)
        layer.geometryChanged.connect(self._on_changed)
        layer.featureAdded.connect(self._on_changed)
        layer.featureDeleted.connect(self._on_changed)
        layer.afterCommitChanges.connect(self._on_settled)
        layer.afterRollBack.connect(self._on_settled)

    def watch(self, candidates: Sequence[Candidate]) -> None:
        """Tell of these from now on, and of what has become of them while they were read."""
        self._by_id = {one.target_id: one for one in candidates if one.target_id is not None}
        self._is_watching = True
        self._soon.start()

    def close(self) -> None:
        self._soon.stop()
        if not sip.isdeleted(self.layer):
            self.layer.geometryChanged.disconnect(self._on_changed)
            self.layer.featureAdded.disconnect(self._on_changed)
            self.layer.featureDeleted.disconnect(self._on_changed)
            self.layer.afterCommitChanges.disconnect(self._on_settled)
            self.layer.afterRollBack.disconnect(self._on_settled)

    @property
    def step(self) -> tuple[int, int]:
        return self._times_settled, self.layer.undoStack().index()

    # --- edits, each one undo step; they raise LayerError

    def apply(self, candidate: Candidate, shape: QgsGeometry | None = None) -> list[int]:
        """Do what a candidate proposes, or give its feature this outline. Returns the ids of
        features that were made or changed."""
        if candidate.verdict == GONE and shape is None:
            self._delete(candidate, translate("GeoSAM", "Review: feature removed"))
            return []
        outline = candidate.proposed if shape is None else shape
        if candidate.verdict == NEW and candidate.current is None:
            self._add(candidate, outline, translate("GeoSAM", "Review: feature added"))
        else:
            self._replace(candidate, outline, translate("GeoSAM", "Review: outline replaced"))
        return [] if candidate.target_id is None else [candidate.target_id]

    def take_back(self, candidate: Candidate, before: QgsFeature | None) -> None:
        """Have a candidate's feature as it was before; None: there was none."""
        text = translate("GeoSAM", "Review: taken back")
        if before is None:
            self._delete(candidate, text)
        elif candidate.current is None:
            self._insert(candidate, before, text)
        else:
            self._replace(candidate, before.geometry(), text)

    def feature(self, candidate: Candidate) -> QgsFeature | None:
        """A candidate's feature as it is now; None where there is none."""
        if candidate.target_id is None or candidate.current is None:
            return None
        found = self.layer.getFeature(candidate.target_id)
        return found if found.isValid() else None

    def _replace(self, candidate: Candidate, outline: QgsGeometry, text: str) -> None:
        if candidate.current is None:
            raise LayerError(_say_missing(self.layer))
        geometry = self._fitted(outline)
        with edit_step(self.layer, text):
            if not self.layer.changeGeometry(candidate.target_id, geometry):
                raise LayerError(say_refused(self.layer))
        candidate.current = geometry

    def _delete(self, candidate: Candidate, text: str) -> None:
        if candidate.current is None:
            return
        with edit_step(self.layer, text):
            if not self.layer.deleteFeature(candidate.target_id):
                raise LayerError(say_refused(self.layer))
        candidate.current = None

    def _add(self, candidate: Candidate, outline: QgsGeometry, text: str) -> None:
        values = {name: v for name, v in candidate.attributes.items() if v not in (None, NULL)}
        feature = QgsVectorLayerUtils.createFeature(
            self.layer,
            self._fitted(outline),
            matching(self.layer, values),
            self.layer.createExpressionContext(),
        )
        self._insert(candidate, feature, text)

    def _insert(self, candidate: Candidate, feature: QgsFeature, text: str) -> None:
        with edit_step(self.layer, text):
            if not self.layer.addFeature(feature):
                raise LayerError(say_refused(self.layer))
        candidate.target_id, candidate.current = feature.id(), feature.geometry()
        self._by_id[feature.id()] = candidate

    def _fitted(self, outline: QgsGeometry) -> QgsGeometry:
        """In the layer's own geometry type."""
        parts = coerced(outline, self.layer)
        if len(parts) > 1:
            raise LayerError(say_single_parts(len(parts)))
        if not parts:
            raise LayerError(say_refused(self.layer))
        return parts[0]

    # --- what becomes of them

    def _on_settled(self) -> None:
        self._times_settled += 1

    def _on_changed(self, feature_id: int, *_: object) -> None:
        self._touched[feature_id] = None
        if self._is_watching:
            self._soon.start()

    def _look(self) -> None:
        """At features that were touched: there may be thousands, of which few are reviewed."""
        touched, self._touched = list(self._touched), {}
        if sip.isdeleted(self.layer):
            return
        known = [feature_id for feature_id in touched if feature_id in self._by_id]
        there = self._outlines(known)
        changed, lost = [], []
        for feature_id in known:
            one = self._by_id[feature_id]
            if one.target_id != feature_id:
                if one.current is not None or feature_id not in there:
                    continue  # it has another id by now
                one.target_id = feature_id  # a deletion that was undone
            before, one.current = one.current, there.get(feature_id)
            changed.append(one)
            if feature_id < 0 and before is not None and one.current is None:
                lost.append((one, before))
        if lost:
            self._adopt(lost, [one for one in touched if one not in self._by_id])
        if changed:
            self.changed.emit(changed)

    def _adopt(self, lost: list[tuple[Candidate, QgsGeometry]], added: list[int]) -> None:
        """What was added gets another id when it is written to the file."""
        for feature_id, outline in self._outlines(added).items():
            for one, before in lost:
                if one.current is None and overlap(outline, before) >= SAME_NEW:
                    one.target_id, one.current = feature_id, outline
                    self._by_id[feature_id] = one
                    break

    def _outlines(self, ids: list[int]) -> dict[int, QgsGeometry]:
        if not ids:
            return {}
        request = QgsFeatureRequest(ids).setNoAttributes()
        return {feature.id(): feature.geometry() for feature in self.layer.getFeatures(request)}


def _say_missing(layer: QgsVectorLayer) -> str:
    return translate(
        "GeoSAM", "The feature is no longer in “{layer}”. Reject the proposal, or go on."
    ).format(layer=layer.name())
