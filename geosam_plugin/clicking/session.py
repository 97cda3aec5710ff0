"""The objects that the user clicks and what the engine made of them; no Qt, no QGIS.

An object that is being clicked is a `Draft`. Saving one whose answer is still awaited puts it
into a queue, so that the next object can be begun at once: nothing that the user does is lost or
changes its order while the engine is busy. One question at a time is open: what is clicked
meanwhile goes into the next one. An object that cannot go on, since it failed or since another
image was chosen, is set aside and can be taken up again.

A shape that ends where the image is not encoded yet is asked for again once more is: what the user
sees grows, and can be saved as it is at any moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from geosam_plugin.clicking.draft import PATCH, Candidate, Draft, PatchKey
from geosam_plugin.clicking.prompts import Prompt, prompt_params


@dataclass(frozen=True)
class Question:
    """What to ask the engine: `candidate` is the parameter of that name; `is_about_more`: there is
    an answer already, and more of the image is encoded by now."""

    draft: Draft
    revision: int
    candidate: str
    is_about_more: bool = False

    @property
    def params(self) -> dict[str, Any]:
        params = prompt_params(self.draft.prompts)
        params["candidate"] = self.candidate
        if self.draft.pixel_size is not None:
            params["pixel_size"] = self.draft.pixel_size
        return params


class ClickSession:
    """The object at hand, those that wait to be saved, and those that were set aside.

    image: the one that is clicked now
    saved: objects saved so far; last_ms: what the last answer took
    """

    def __init__(self) -> None:
        self.image: Any = None
        self.draft = Draft()
        self.saved = 0
        self.last_ms: float | None = None
        self._outbox: deque[Draft] = deque()
        self._aside: list[Draft] = []
        self._open: Question | None = None

    @property
    def waits_to_save(self) -> int:
        return len(self._outbox)

    @property
    def awaiting(self) -> Draft | None:
        """The first object that a patch is awaited for."""
        waiting = (one for one in (*self._outbox, self.draft) if one.waits_for == PATCH)
        return next(waiting, None)

    @property
    def aside(self) -> list[Draft]:
        """Objects of this image that can be taken up again, the newest last."""
        return [draft for draft in self._aside if draft.image == self.image]

    def is_set_aside(self, draft: Draft) -> bool:
        return draft in self._aside

    # --- what the user does

    def use_image(self, image: Any) -> bool:
        """Click in another image: the object at hand stays with its own, and is there again when
        that is chosen again; in an equal one it goes on. Whether it stayed behind."""
        draft, self.image = self.draft, image
        if draft.image is image:
            return False
        if draft.image == image:
            draft.move_to(image)
            return False
        if draft.prompts:
            self._aside.append(draft)
        begun = [other for other in self.aside if other.how is None]
        self.draft = self._taken(begun[-1]) if begun else Draft(image)
        self.draft.ask_again()
        return bool(draft.prompts)

    def add(self, prompt: Prompt) -> None:
        self.draft.history.add(prompt)
        self.draft.changed()

    def undo(self) -> bool:
        return self._changed(self.draft.history.undo())

    def redo(self) -> bool:
        return self._changed(self.draft.history.redo())

    def clear(self) -> bool:
        """Can be undone; but what is clicked after a correction was given up is another object."""
        had = bool(self.draft.prompts)
        if self.draft.replaces is not None:
            self.draft = Draft(self.image)
            return had
        self.draft.history.clear()
        return self._changed(had)

    def cycle(self) -> None:
        """The next candidate; asked for when there is none, remembered when it is awaited."""
        draft = self.draft
        if draft.is_answered and len(draft.candidates) > 1:
            draft.chosen = (draft.chosen + 1) % len(draft.candidates)
            self.ask_for_more()  # it may have been found when less was encoded
        elif draft.can_be_asked and (draft.failed != draft.revision or draft.is_awaited):
            draft.cycles += 1

    def save(self, how: Any = None) -> bool:
        """Queue the object at hand for `take_finished`, with its prompts as they are now, and
        begin a new one. False when there is nothing to save."""
        draft = self.draft
        if not draft.can_be_asked or draft.has_failed:
            return False
        draft.how = how
        self._outbox.append(draft)
        self.draft = Draft(self.image)
        return True

    def retry(self) -> None:
        """The engine is there again, or has more to answer from."""
        for draft in (*self._outbox, self.draft):
            draft.ask_again()
        self.ask_for_more()

    def patch_came(self) -> None:
        """What waits for one is asked again, and goes on waiting until it is answered."""
        for draft in self._lacking_patch():
            draft.failed = -1

    def ask_for_more(self, encoded: Container[PatchKey] | None = None) -> None:
        """Have the shape at hand asked for again if it ends for want of one of these patches, None
        for whichever."""
        missing = self.draft.missing
        if missing if encoded is None else any(patch in encoded for patch in missing):
            self.draft.may_grow = True

    def end_waiting(self) -> int:
        """No patch will come any more: what was to be saved is given back; returns how many
        objects that is. The one at hand loses the prompt that it waits for. What is being asked
        again may yet be answered."""
        waiting = self._lacking_patch()
        for draft in waiting:
            draft.waits_for = ""
        queued = [draft for draft in waiting if draft is not self.draft]
        for draft in queued:
            self._outbox.remove(draft)
            self.give_back(draft)
        if len(queued) < len(waiting):
            waiting[-1].drop_last()
        return len(queued)

    def take_up(self) -> bool:
        """Go on with the object that was set aside last; the one at hand goes behind the others."""
        if not self.aside:
            return False
        self.begin(self._taken(self.aside[-1]))
        self.draft.ask_again()
        return True

    def begin(self, draft: Draft) -> None:
        """Go on with this one; the one at hand is set aside."""
        if self.draft.prompts:
            self._aside.insert(0, self.draft)
        self.draft = draft

    def set_queue_aside(self) -> int:
        """Nothing that waits is saved now; returns how many objects waited."""
        count = len(self._outbox)
        self._aside.extend(self._outbox)
        self._outbox.clear()
        return count

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
        draft = self.draft
        if draft.may_grow and draft.is_answered and draft.candidate is not None:
            draft.may_grow = False
            candidate = "all" if draft.candidate.number else "single"
            self._open = Question(draft, draft.revision, candidate, is_about_more=True)
            return self._open
        return None

    def answer(self, question: Question, candidates: Sequence[Candidate]) -> None:
        """`candidates`: one at least."""
        if not self._close(question):
            return
        draft = question.draft
        if question.is_about_more:
            if draft is self.draft and draft.revision == question.revision:
                draft.take_grown(candidates)  # what is saved is what was seen
        elif draft.revision == question.revision:
            draft.waits_for = ""
            draft.take_candidates(candidates, question.candidate == "all")

    def fail(self, question: Question, *, drop_prompt: bool = False, wait_for: str = "") -> bool:
        """The engine has no answer; whether that concerns prompts that still hold.

        drop_prompt: the last prompt of the object at hand is to blame
        wait_for: ENGINE or PATCH. What was to be saved stays queued until `retry` then, and is
            given back else
        """
        if not self._close(question):
            return False
        draft = question.draft
        if draft.revision != question.revision or question.is_about_more:
            return False
        draft.failed, draft.waits_for = draft.revision, wait_for
        if not draft.is_awaited:
            draft.cycles = 0
        if draft.answered != draft.revision:
            draft.candidates = []
        if draft in self._outbox and not wait_for:
            self._outbox.remove(draft)
            self.give_back(draft)
        if draft.revision != question.revision:
            return False  # at hand again in another cache of the image, which is asked, too
        if drop_prompt and draft is self.draft:
            draft.drop_last()
        return True

    def _lacking_patch(self) -> list[Draft]:
        """Without what is being asked again."""
        drafts = (*self._outbox, self.draft)
        return [one for one in drafts if one.waits_for == PATCH and one.failed == one.revision]

    def take_finished(self) -> list[Draft]:
        """Objects whose answers have come, in the order in which they were saved."""
        finished = []
        while self._outbox and self._outbox[0].is_answered:
            finished.append(self._outbox.popleft())
        return finished

    def give_back(self, draft: Draft) -> None:
        """An object that could not be saved is at hand again, or set aside when another one has
        been begun."""
        self._aside.append(draft)
        if draft.image == self.image and not self.draft.prompts:
            self.draft = self._taken(draft)

    def _close(self, question: Question) -> bool:
        """False when it was answered before."""
        if question is not self._open:
            return False
        self._open = None
        return True

    def _taken(self, draft: Draft) -> Draft:
        self._aside.remove(draft)
        draft.how = None
        draft.may_grow = bool(draft.missing)  # nobody told it meanwhile of what came
        if draft.image is not self.image:
            draft.move_to(self.image)
        return draft

    def _changed(self, did: bool) -> bool:
        if did:
            self.draft.changed()
        return did
