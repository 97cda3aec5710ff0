"""The candidates in their order: which is shown, and what was decided of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from qgis.core import QgsGeometry

from geosam_plugin.review.candidates import GONE, UNCERTAIN, Candidate
from geosam_plugin.review.decisions import Decision, State, state_of


class ReviewQueue:
    """candidates: all of them
    current: the one that is shown; None where there is none to show
    """

    def __init__(self, candidates: Sequence[Candidate], decisions: Mapping[int, Decision]) -> None:
        """decisions: by the candidates' `fid`"""
        self.candidates = list(candidates)
        self._decisions = dict(decisions)
        self._states = {
            one.fid: state_of(one, self._decisions.get(one.fid)) for one in self.candidates
        }
        self._verdict = ""
        self._shown = self.candidates
        self.current: Candidate | None = self.candidates[0] if self.candidates else None
        self.go_to_pending()

    # --- which

    @property
    def verdict(self) -> str:
        """That all shown candidates have; "" for any."""
        return self._verdict

    def show_only(self, verdict: str) -> None:
        """Candidates of one verdict, "" for all; the current one stays if it is one of them."""
        self._verdict = verdict
        self._shown = [one for one in self.candidates if verdict in ("", one.verdict)]
        if self.current not in self._shown:
            self.current = self._shown[0] if self._shown else None
            self.go_to_pending()

    def step(self, by: int) -> None:
        """To the next (1) or the one before (-1), round the end."""
        if self.current is not None:
            at = self._shown.index(self.current)
            self.current = self._shown[(at + by) % len(self._shown)]

    def go_to(self, candidate: Candidate) -> None:
        if candidate not in self._shown:
            self.show_only("")
        self.current = candidate

    def go_to_pending(self) -> None:
        """To the current one or the first after it that is undecided; stays if none is."""
        if self.current is None:
            return
        at = self._shown.index(self.current)
        ahead = [*self._shown[at:], *self._shown[:at]]
        self.current = next(
            (one for one in ahead if self.state(one) is State.PENDING), self.current
        )

    def pending(self) -> list[Candidate]:
        """Those that are shown and undecided; the current one comes last."""
        found = [one for one in self._shown if self.state(one) is State.PENDING]
        return sorted(found, key=lambda one: one is self.current)

    @property
    def position(self) -> tuple[int, int]:
        """Number of the current one, from 1 on, and of how many; 0, 0 for none."""
        if self.current is None:
            return 0, 0
        return self._shown.index(self.current) + 1, len(self._shown)

    # --- decided

    def state(self, candidate: Candidate) -> State:
        return self._states[candidate.fid]

    def decision(self, candidate: Candidate) -> Decision | None:
        return self._decisions.get(candidate.fid)

    def decide(self, candidate: Candidate, decision: Decision | None) -> None:
        """None takes a decision back."""
        if decision is None:
            self._decisions.pop(candidate.fid, None)
        else:
            self._decisions[candidate.fid] = decision
        self.look_again(candidate)

    def look_again(self, candidate: Candidate) -> None:
        """Its feature has changed."""
        self._states[candidate.fid] = state_of(candidate, self.decision(candidate))

    def is_written(self, candidate: Candidate) -> bool:
        """Whether the layer has what was accepted: of an uncertain one only what was edited."""
        decision = self.decision(candidate)
        if decision is None or self.state(candidate) is not State.ACCEPTED:
            return False
        return decision.shape is not None or candidate.verdict != UNCERTAIN

    def outline(self, candidate: Candidate) -> QgsGeometry:
        """What was accepted, or is proposed."""
        decision = self.decision(candidate)
        edited = decision.shape if decision is not None else None
        return candidate.proposed if edited is None else edited

    def new_outline(self, candidate: Candidate) -> QgsGeometry | None:
        """The same; None where nothing is proposed."""
        outline = self.outline(candidate)
        is_old = candidate.verdict == UNCERTAIN and candidate.current is not None
        is_old = is_old and outline is candidate.proposed
        return None if candidate.verdict == GONE or is_old else outline

    @property
    def decided(self) -> dict[int, tuple[Candidate, Decision]]:
        """What is to be kept, by `fid`."""
        return {
            one.fid: (one, self._decisions[one.fid])
            for one in self.candidates
            if one.fid in self._decisions
        }

    def counts(self) -> Counter[State]:
        """Of those that are shown."""
        return Counter(self._states[one.fid] for one in self._shown)

    def count_of(self, verdict: str) -> int:
        return sum(one.verdict == verdict for one in self.candidates)
