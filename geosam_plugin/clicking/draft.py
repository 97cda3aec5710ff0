"""An object that is clicked: its prompts, and what the engine made of them; no Qt, no QGIS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geosam_plugin.clicking.prompts import EXCLUDE, EXTENTS, INCLUDE, Point, PromptHistory, Prompts

ENGINE, PATCH = "engine", "patch"
"""What an object may wait for: an engine that works, or a patch that is still to be encoded."""

PatchKey = tuple[int, int, int]
"""Level, row and column, as the engine tells them."""


@dataclass(frozen=True)
class Candidate:
    """A shape that the engine offers: `number` 1 to 3, or 0 for its single mask; `wkb` in
    base64, in the raster's CRS; `level` whose pixels it was found in; `cuts` why it ends where it
    would go on, in the worker's words; `missing` patches that it goes on in once they are encoded;
    `surer` one that may show the object better, where the model is unsure of this shape.
    """

    number: int
    score: float
    wkb: str
    level: int = 0
    cuts: tuple[str, ...] = ()
    missing: tuple[PatchKey, ...] = ()
    surer: PatchKey | None = None


@dataclass(eq=False)
class Draft:
    """An object that is not saved yet.

    image: the one that it was begun in
    options: how the object is found; None until it is asked for
    revision: grows with each change of the prompts; `answered` is the one that the candidates
        belong to, `failed` one that the engine had no answer for
    waits_for: ENGINE or PATCH where there is none to answer; asked again by `retry`, `patch_came`
    cycles: how often Tab was pressed before there was anything to cycle
    wanted: number of the candidate to be chosen; None for the best
    may_grow: more of what the candidate lacks is encoded by now
    how: what the caller wants to remember of the moment of saving
    replaces: the saved feature that this is the correction of, as the caller knows it
    brought: prompts that come from another cache or from a saved object
    """

    image: Any = None
    history: PromptHistory = field(default_factory=PromptHistory)
    options: Any = None
    revision: int = 0
    answered: int = 0
    failed: int = -1
    waits_for: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    chosen: int = 0
    cycles: int = 0
    wanted: int | None = None
    may_grow: bool = False
    how: Any = None
    replaces: Any = None
    brought: Prompts = ()

    @property
    def prompts(self) -> Prompts:
        return self.history.prompts

    @property
    def candidate(self) -> Candidate | None:
        return self.candidates[self.chosen] if self.candidates else None

    @property
    def level(self) -> int:
        return self.candidate.level if self.candidate else 0

    @property
    def is_answered(self) -> bool:
        return self.answered == self.revision and not self.cycles

    @property
    def is_awaited(self) -> bool:
        """Its first answer is still to come, when there is what it waits for."""
        return bool(self.waits_for) and self.answered != self.revision

    @property
    def has_failed(self) -> bool:
        """Nothing can come of it, unless the prompts change."""
        return self.failed == self.revision and not (self.waits_for or self.is_answered)

    @property
    def surer(self) -> PatchKey | None:
        """A patch that may show the object better than what its shape was found in."""
        return self.candidate.surer if self.candidate else None

    @property
    def missing(self) -> tuple[PatchKey, ...]:
        """Patches with which there may be more of its shape, or a better one."""
        if self.candidate is None:
            return ()
        return (*self.candidate.missing, *([self.surer] if self.surer else ()))

    @property
    def can_be_asked(self) -> bool:
        """Excluding alone says nothing about what is wanted."""
        return any(prompt.kind != EXCLUDE for prompt in self.prompts)

    @property
    def pixel_size(self) -> float | None:
        """The first prompt's: zooming in for a detail must not change what was found so far.
        None with a box or a shape, which itself says how large the object is."""
        if not self.prompts or any(prompt.kind in EXTENTS for prompt in self.prompts):
            return None
        return self.prompts[0].pixel_size

    @property
    def wanted_points(self) -> list[Point]:
        """Where it is: what is excluded may lie anywhere."""
        wanted = (prompt for prompt in self.prompts if prompt.kind != EXCLUDE)
        return [point for prompt in wanted for point in prompt.reach]

    @property
    def is_single_click(self) -> bool:
        return len(self.prompts) == 1 and self.prompts[0].kind == INCLUDE

    def changed(self) -> None:
        self.revision += 1
        self.waits_for = ""
        self.cycles = 0
        self.wanted = None
        self.may_grow = False
        if not self.can_be_asked:
            self.candidates = []
            self.chosen = 0
            self.answered = self.revision

    def ask_again(self) -> None:
        self.failed, self.waits_for = -1, ""

    def move_to(self, image: Any) -> None:
        """Another cache of the same image has answers of its own."""
        self.image, self.brought = image, self.prompts
        self.changed()

    def drop_last(self) -> None:
        """The last prompt is to blame and goes, unless it was there before."""
        if self.prompts[-1] not in self.brought:
            self.history.drop_last()
            self.changed()

    def take_candidates(self, found: Sequence[Candidate], is_all: bool) -> None:
        """Those of a single click are all there at once, the best one chosen; to the single mask
        of other prompts they are added when Tab asks for them."""
        if self.answered == self.revision:
            self.candidates = [*self.candidates[:1], *found]
        else:
            self.candidates = list(found)
            self.chosen = _best(found)
        self.answered = self.revision
        numbers = [candidate.number for candidate in self.candidates]
        if self.wanted in numbers:
            self.chosen = numbers.index(self.wanted)
            self.wanted, self.cycles = None, 0
        elif len(self.candidates) > 1:
            self.chosen = (self.chosen + self.cycles) % len(self.candidates)
            self.cycles = 0
        elif is_all:
            self.cycles = 0

    def take_grown(self, found: Sequence[Candidate]) -> None:
        """The same shapes with more of the image encoded, in the places of those before. Where the
        best one was at hand, the best one is."""
        was_best = self.chosen == _best(self.candidates)
        grown = {candidate.number: candidate for candidate in found}
        self.candidates = [grown.get(one.number, one) for one in self.candidates]
        if was_best and self.is_single_click:
            self.chosen = _best(self.candidates)


def _best(candidates: Sequence[Candidate]) -> int:
    return max(range(len(candidates)), key=lambda i: candidates[i].score)


def corrected(image: Any, prompts: Prompts, candidate: int, replaces: Any) -> Draft:
    """A saved object that is taken up again, to be asked for as if it had just been clicked.

    candidate: number of the one that was saved
    """
    draft = Draft(image, PromptHistory(prompts), replaces=replaces, brought=prompts)
    draft.changed()
    draft.wanted = candidate
    if candidate and not draft.is_single_click:
        draft.cycles = 1  # the candidates are wanted besides the single mask
    return draft
