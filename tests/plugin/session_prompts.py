"""Prompts of a click session, and answers to them."""

from __future__ import annotations

from geosam_plugin.clicking.draft import Candidate
from geosam_plugin.clicking.prompts import BOX, EXCLUDE, INCLUDE, Prompt
from geosam_plugin.clicking.session import ClickSession, Question

THREE = [Candidate(1, 0.5, "one"), Candidate(2, 0.9, "two"), Candidate(3, 0.7, "three")]
SINGLE = [Candidate(0, 0.8, "single")]


def include(x: float, y: float = 0.0, pixel_size: float = 1.0) -> Prompt:
    return Prompt(INCLUDE, ((x, y),), pixel_size=pixel_size)


def exclude(x: float, y: float = 0.0) -> Prompt:
    return Prompt(EXCLUDE, ((x, y),))


def box(size: float, upright: bool = True) -> Prompt:
    return Prompt(BOX, ((0.0, 0.0), (size, 0.0), (size, size), (0.0, size)), upright)


def ask(session: ClickSession) -> Question:
    question = session.next_question()
    assert question is not None
    return question


def answered(session: ClickSession, *prompts: Prompt) -> None:
    for prompt in prompts:
        session.add(prompt)
    question = ask(session)
    session.answer(question, THREE if question.candidate == "all" else SINGLE)
