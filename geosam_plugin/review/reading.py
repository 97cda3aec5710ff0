"""A refined layer and the features that it is about, read in the background."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qgis.core import (
    QgsCsException,
    QgsFeatureRequest,
    QgsFeedback,
    QgsProject,
    QgsTask,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.geometry import LayerError, polygonal
from geosam_plugin.review.candidates import (
    OSM_FIELDS,
    SAME_NEW,
    Candidate,
    candidate_of,
    element_of,
    elements_known,
    field_names,
    overlap,
)
from geosam_plugin.review.decisions import Decision, decision_for, load

translate = QCoreApplication.translate

REACH = 2.0
"""A feature lies within so many of its own diameters of what is proposed for it, or it is another
one: the layers do not belong together."""


class ReadReview(QgsTask):
    """Reads what there is to review.

    candidates, decisions: as `ReviewQueue` takes them
    remarks: sentences about the layers that the user has to know
    problem: a sentence that says why there is nothing to review; "" when there is
    """

    def __init__(
        self,
        refined: QgsVectorLayer,
        target: QgsVectorLayer,
        project: QgsProject,
        done: Callable[[ReadReview], None],
    ) -> None:
        """`done` is called on the GUI's thread."""
        super().__init__(translate("GeoSAM", "Read what is to be reviewed"), QgsTask.Flag.CanCancel)
        self.candidates: list[Candidate] = []
        self.decisions: dict[int, Decision] = {}
        self.remarks: list[str] = []
        self.problem = ""
        self._refined, self._target = map(QgsVectorLayerFeatureSource, (refined, target))
        self._names = field_names(refined.fields())
        self._titles = refined.name(), target.name()
        self._kept: Mapping[int, Mapping[str, Any]] = load(refined)
        self._request = QgsFeatureRequest()
        self._request.setDestinationCrs(target.crs(), project.transformContext())
        self._feedback = QgsFeedback()
        self._request.setFeedback(self._feedback)
        self._done = done
        if refined.isTemporary():
            text = translate(
                "GeoSAM",
                "“{layer}” is a temporary layer: what you decide is lost with it.",
            )
            self.remarks.append(text.format(layer=refined.name()))

    def run(self) -> bool:
        try:
            self._read()
        except LayerError as error:
            self.problem = str(error)
        return not self.isCanceled()

    def cancel(self) -> None:
        self._feedback.cancel()
        super().cancel()

    def finished(self, _result: bool) -> None:
        self._done(self)

    def _read(self) -> None:
        try:
            for feature in self._refined.getFeatures(self._request):
                one = candidate_of(feature, self._names, polygonal(feature.geometry()))
                if one is None or one.proposed.isEmpty():
                    continue
                decision = decision_for(one, self._kept.get(one.fid))
                if decision is not None:
                    self.decisions[one.fid] = decision
                    if one.source_fid is None:
                        one.target_id = decision.target_id
                self.candidates.append(one)
        except QgsCsException as error:
            text = translate("GeoSAM", "“{refined}” cannot be brought into the CRS of “{target}”.")
            raise LayerError(self._told(text)) from error
        if not self.candidates:
            text = translate(
                "GeoSAM", "There is nothing to review in “{refined}”: what the image shows fits."
            )
            raise LayerError(self._told(text))
        self._read_target()
        undecided = [
            one
            for one in self.candidates
            if one.source_fid is not None and one.fid not in self.decisions
        ]
        strangers = [one for one in undecided if not _is_near(one)]
        if 2 * len(strangers) > len(undecided):
            text = translate(
                "GeoSAM",
                "“{target}” is not the layer that “{refined}” was made from: its features lie "
                "elsewhere. Choose the layer that was refined.",
            )
            raise LayerError(self._told(text))
        for one in strangers:
            one.target_id = one.current = None
        if strangers:
            text = translate(
                "GeoSAM",
                "%n feature(s) of “{layer}” are not where they were when it was refined: they can "
                "only be rejected.",
                None,
                len(strangers),
            )
            self.remarks.append(text.format(layer=self._titles[1]))

    def _read_target(self) -> None:
        self._find_elements()
        by_id = {one.target_id: one for one in self.candidates if one.target_id is not None}
        request = QgsFeatureRequest(list(by_id)).setNoAttributes()
        request.setFeedback(self._feedback)
        for feature in self._target.getFeatures(request):
            if feature.hasGeometry():
                by_id[feature.id()].current = feature.geometry()
        for one in self.candidates:
            decision = self.decisions.get(one.fid)
            if one.source_fid is None and decision is not None and decision.is_accepted:
                self._find_added(one, decision)

    def _find_elements(self) -> None:
        """Of OpenStreetMap: files of the same buildings count their features differently."""
        fields = self._target.fields()
        wanted = {one.element for one in self.candidates if one.element is not None}
        if not wanted or not elements_known(fields):
            return
        request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
        request.setSubsetOfAttributes([fields.lookupField(name) for name in OSM_FIELDS])
        request.setFeedback(self._feedback)
        ids = {
            element: feature.id()
            for feature in self._target.getFeatures(request)
            if (element := element_of(feature)) in wanted
        }
        for one in self.candidates:
            if one.element is not None and one.source_fid is not None:
                one.target_id = ids.get(one.element)

    def _find_added(self, candidate: Candidate, decision: Decision) -> None:
        """A feature that was added has got another id since, when it was written to the file."""
        added = candidate.proposed if decision.shape is None else decision.shape
        if candidate.current is not None and overlap(candidate.current, added) >= SAME_NEW:
            return
        candidate.current = None
        request = QgsFeatureRequest(added.boundingBox()).setNoAttributes()
        request.setFeedback(self._feedback)
        for feature in self._target.getFeatures(request):
            if feature.hasGeometry() and overlap(feature.geometry(), added) >= SAME_NEW:
                candidate.target_id, candidate.current = feature.id(), feature.geometry()
                return

    def _told(self, text: str) -> str:
        refined, target = self._titles
        return text.format(refined=refined, target=target)


def _is_near(candidate: Candidate) -> bool:
    if candidate.current is None:
        return False
    box = candidate.current.boundingBox()
    reach = REACH * max(box.width(), box.height())
    return box.buffered(reach).intersects(candidate.proposed.boundingBox())
