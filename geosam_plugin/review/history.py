"""What was decided in a review, one after the other: by it decisions are taken back."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsFeature

from geosam_plugin.review.candidates import Candidate
from geosam_plugin.review.decisions import Decision, State


@dataclass(frozen=True, eq=False)
class Done:
    """One decision.

    before: the decision until then, and the state it was in; feature: as it was then
    step: `ReviewedLayer.step` right after it; None where nothing was edited
    """

    candidate: Candidate
    before: Decision | None
    state: State
    feature: QgsFeature | None
    step: tuple[int, int] | None


def first_written(history: list[Done], candidate: Candidate) -> Done | None:
    """The first edit of a candidate's feature since it was last not accepted; None when that was
    before the history begins."""
    first = None
    for done in reversed([done for done in history if done.candidate is candidate]):
        if done.step is not None:
            first = done
        if done.state is not State.ACCEPTED:
            return first
    return None
