"""What the user has clicked so far and what the engine made of it; no Qt, no QGIS.

An object that is being clicked is a `Draft`. Saving one whose answer is still awaited puts it
into a queue, so that the next object can be begun at once: nothing that the user does is lost or
changes its order while the engine is busy. One question at a time is open: what is clicked
meanwhile goes into the next one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Point = tuple[float, float]

INCLUDE, EXCLUDE, BOX = "include", "exclude", "box"


@dataclass(frozen=True)
class Prompt:
    """A click, or a dragged box, in the raster's CRS.

    points: one for a click; for a box its outline, points along its edges
    upright: the box has its sides along the axes of the raster's CRS
    pixel_size: side of a screen pixel when it was made, in units of the raster's CRS
    """

    kind: str
    points: tuple[Point, ...]
    upright: bool = False
    pixel_size: float | None = None

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        xs, ys = zip(*self.points)
        return min(xs), min(ys), max(xs), max(ys)


Prompts = tuple[Prompt, ...]


def prompt_params(prompts: Sequence[Prompt]) -> dict[str, Any]:
    """The prompts as parameters of the worker's `predict`, but for what is not there."""
    params: dict[str, Any] = {}
    for kind in (INCLUDE, EXCLUDE):
        points = [list(prompt.points[0]) for prompt in prompts if prompt.kind == kind]
        if points:
            params[kind] = points
    for prompt in prompts:
        if prompt.kind == BOX and prompt.upright:
            params["box"] = list(prompt.bounds)
        elif prompt.kind == BOX:
            params["box_outline"] = [list(point) for point in prompt.points]
    return params


class PromptHistory:
    """The prompts of one object, with undo and redo. There is one box at most: a new one takes
    the place of the last."""

    def __init__(self) -> None:
        self._states: list[Prompts] = [()]
        self._now = 0

    @property
    def prompts(self) -> Prompts:
        return self._states[self._now]

    @property
    def can_undo(self) -> bool:
        return self._now > 0

    @property
    def can_redo(self) -> bool:
        return self._now + 1 < len(self._states)

    def add(self, prompt: Prompt) -> None:
        kept = self.prompts
        if prompt.kind == BOX:
            kept = tuple(p for p in kept if p.kind != BOX)
        self._push((*kept, prompt))

    def clear(self) -> None:
        """Can be undone, too: Esc is next to nothing on a keyboard."""
        if self.prompts:
            self._push(())

    def undo(self) -> bool:
        if not self.can_undo:
            return False
        self._now -= 1
        return True

    def redo(self) -> bool:
        if not self.can_redo:
            return False
        self._now += 1
        return True

    def drop_last(self) -> None:
        """Take the last step back for good."""
        if self.undo():
            del self._states[self._now + 1 :]

    def _push(self, prompts: Prompts) -> None:
        del self._states[self._now + 1 :]
        self._states.append(prompts)
        self._now += 1


@dataclass(frozen=True)
class Candidate:
    """A shape that the engine offers: `number` 1 to 3, or 0 for its single mask; `wkb` in
    base64, in the raster's CRS."""

    number: int
    score: float
    wkb: str


@dataclass
class Draft:
    """An object that is not saved yet.

    revision: grows with each change of the prompts; `answered` is the one that the candidates
        belong to, `failed` one that the engine had no answer for
    cycles: how often Tab was pressed before there was anything to cycle
    how: what the caller wants to remember of the moment of saving
    """

    history: PromptHistory = field(default_factory=PromptHistory)
    revision: int = 0
    answered: int = 0
    failed: int = -1
    candidates: list[Candidate] = field(default_factory=list)
    chosen: int = 0
    cycles: int = 0
    level: int = 0
    how: Any = None

    @property
    def prompts(self) -> Prompts:
        return self.history.prompts

    @property
    def candidate(self) -> Candidate | None:
        return self.candidates[self.chosen] if self.candidates else None

    @property
    def is_answered(self) -> bool:
        return self.answered == self.revision and not self.cycles

    @property
    def can_be_asked(self) -> bool:
        """Excluding alone says nothing about what is wanted."""
        return any(prompt.kind != EXCLUDE for prompt in self.prompts)

    @property
    def pixel_size(self) -> float | None:
        """The first prompt's: zooming in for a detail must not change what was found so far."""
        return self.prompts[0].pixel_size if self.prompts else None

    @property
    def is_single_click(self) -> bool:
        return len(self.prompts) == 1 and self.prompts[0].kind == INCLUDE

    def changed(self) -> None:
        self.revision += 1
        self.cycles = 0
        if not self.can_be_asked:
            self.candidates = []
            self.chosen = 0
            self.answered = self.revision


@dataclass(frozen=True)
class Question:
    """What to ask the engine: `candidate` is the parameter of that name."""

    draft: Draft
    revision: int
    candidate: str

    @property
    def params(self) -> dict[str, Any]:
        params = prompt_params(self.draft.prompts)
        params["candidate"] = self.candidate
        if self.draft.pixel_size is not None:
            params["pixel_size"] = self.draft.pixel_size
        return params


class ClickSession:
    """The object at hand, and those that wait to be saved.

    saved: objects saved so far; last_ms: what the last answer took
    """

    def __init__(self) -> None:
        self.draft = Draft()
        self.saved = 0
        self.last_ms: float | None = None
        self._outbox: deque[Draft] = deque()
        self._open: Question | None = None

    @property
    def waits_to_save(self) -> int:
        return len(self._outbox)

    @property
    def is_busy(self) -> bool:
        return self._open is not None

    def is_open(self, question: Question) -> bool:
        """Whether its answer is still awaited; not after `reset`."""
        return question is self._open

    # --- what the user does

    def add(self, prompt: Prompt) -> None:
        self.draft.history.add(prompt)
        self.draft.changed()

    def undo(self) -> bool:
        return self._changed(self.draft.history.undo())

    def redo(self) -> bool:
        return self._changed(self.draft.history.redo())

    def clear(self) -> bool:
        had = bool(self.draft.prompts)
        self.draft.history.clear()
        return self._changed(had)

    def cycle(self) -> None:
        """The next candidate; asked for when there is none, remembered when it is awaited."""
        draft = self.draft
        if draft.is_answered and len(draft.candidates) > 1:
            draft.chosen = (draft.chosen + 1) % len(draft.candidates)
        elif draft.can_be_asked and draft.failed != draft.revision:
            draft.cycles += 1

    def save(self, how: Any = None) -> bool:
        """Queue the object at hand for `take_finished`, with its prompts as they are now, and
        begin a new one. False when there is nothing to save."""
        draft = self.draft
        if not draft.can_be_asked or draft.failed == draft.revision:
            return False
        draft.how = how
        self._outbox.append(draft)
        self.draft = Draft()
        return True

    def retry(self) -> None:
        """The engine is there again, or has more to answer from."""
        for draft in (*self._outbox, self.draft):
            draft.failed = -1

    def reset(self) -> None:
        """Forget what is not saved: another raster, another cache."""
        self.draft = Draft()
        self._outbox.clear()
        self._open = None

    # --- what the engine does

    def next_question(self) -> Question | None:
        """What to ask now; None while a question is open or when nothing is to be asked."""
        if self._open is not None:
            return None
        for draft in (*self._outbox, self.draft):
            if not draft.is_answered and draft.can_be_asked and draft.failed != draft.revision:
                more = draft.answered == draft.revision or draft.is_single_click
                self._open = Question(draft, draft.revision, "all" if more else "auto")
                return self._open
        return None

    def answer(self, question: Question, candidates: Sequence[Candidate], level: int) -> None:
        """Candidates of a question: those of a single click are all there at once, the best one
        chosen; to the single mask of other prompts they are added when Tab asks for them."""
        if not self._close(question):
            return
        draft = question.draft
        if draft.revision != question.revision:
            return
        if draft.answered == draft.revision:
            draft.candidates = [*draft.candidates[:1], *candidates]
        else:
            draft.candidates = list(candidates)
            draft.chosen = max(range(len(candidates)), key=lambda i: candidates[i].score)
        draft.answered = draft.revision
        draft.level = level
        if len(draft.candidates) > 1:
            draft.chosen = (draft.chosen + draft.cycles) % len(draft.candidates)
            draft.cycles = 0
        elif question.candidate == "all":
            draft.cycles = 0

    def fail(self, question: Question, *, drop_prompt: bool = False, wait: bool = False) -> bool:
        """The engine has no answer; whether that concerns prompts that still hold.

        drop_prompt: the last prompt is to blame and goes. What was to be saved is taken up again
        if nothing else is begun, else given up; with `wait` it stays queued until `retry`.
        """
        if not self._close(question):
            return False
        draft = question.draft
        if draft in self._outbox and not wait:
            self._outbox.remove(draft)
            if not self.draft.prompts:
                self.draft = draft
        if draft.revision != question.revision:
            return False
        draft.cycles = 0
        if drop_prompt:
            draft.history.drop_last()
            draft.changed()
        else:
            draft.failed = draft.revision
            if draft.answered != draft.revision:
                draft.candidates = []
        return True

    def take_finished(self) -> list[Draft]:
        """Objects whose answers have come, in the order in which they were saved."""
        finished = []
        while self._outbox and self._outbox[0].is_answered:
            finished.append(self._outbox.popleft())
        return finished

    def give_back(self, draft: Draft) -> bool:
        """Take a finished object up again that could not be saved; False, and it is given up,
        when another one has been begun."""
        if self.draft.prompts:
            return False
        self.draft = draft
        return True

    def _close(self, question: Question) -> bool:
        if question is not self._open:
            return False
        self._open = None
        return True

    def _changed(self, did: bool) -> bool:
        if did:
            self.draft.changed()
        return did
