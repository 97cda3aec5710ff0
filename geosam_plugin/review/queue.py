"""The candidates in their order: which is shown, and what was decided of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from geosam_plugin.review.candidates import Candidate
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
