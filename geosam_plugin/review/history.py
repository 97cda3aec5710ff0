"""What was decided in a review, one after the other: by it decisions are taken back."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsFeature

from geosam_plugin.review.candidates import Candidate
from geosam_plugin.review.decisions import Decision, State, state_of


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


def is_undone(done: Done, state: State) -> bool:
    """Whether the layer has it no more: by QGIS's own undo, or by hand.

    state: of its candidate by now
    """
    if state is State.REJECTED:  # which took back what was accepted
        return state_of(done.candidate, done.before) is State.ACCEPTED
    return state is not State.ACCEPTED
