"""Shapes that end where nothing is encoded yet are asked for again when it is."""

from __future__ import annotations

from session_prompts import SINGLE, THREE, ask, include

from geosam_plugin.clicking.draft import ENGINE, Candidate, Draft
from geosam_plugin.clicking.session import ClickSession

# --- shapes that end where nothing is encoded yet

BESIDE, BELOW = (0, 0, 1), (0, 1, 0)


def cut(number: int, *missing: tuple[int, int, int]) -> Candidate:
    return Candidate(number, 0.1 * number, "short", 0, ("not_encoded",) * bool(missing), missing)


def test_a_cut_shape_is_asked_for_again_when_what_it_lacks_is_encoded() -> None:
    session = ClickSession()
    session.add(include(1))
    session.answer(ask(session), [cut(1), cut(2), cut(3, BESIDE, BELOW)])
    session.ask_for_more({(0, 5, 5), (1, 0, 1)})
    assert session.next_question() is None
    session.ask_for_more({(0, 5, 5), BESIDE})
    question = ask(session)
    assert question.is_about_more
    assert (question.candidate, question.params["include"]) == ("all", [[1, 0.0]])
    assert session.draft.is_answered  # and can be saved as it is
    longer = [cut(1), cut(2), cut(3, BELOW)]
    session.answer(question, longer)
    assert session.draft.candidates == longer
    session.ask_for_more({BESIDE})
    assert session.next_question() is None
    session.ask_for_more({BELOW})
    session.answer(ask(session), THREE)
    session.ask_for_more()
    assert session.next_question() is None  # it is whole


def test_an_unsure_shape_gives_way_to_a_surer_one_when_a_coarser_patch_is_encoded() -> None:
    above = (1, 0, 0)
    session = ClickSession()
    session.add(include(1))
    session.answer(ask(session), [Candidate(n, 0.1 * n, "part", surer=above) for n in (1, 2, 3)])
    assert session.draft.missing == (above,)
    session.ask_for_more({BESIDE})
    assert session.next_question() is None
    session.ask_for_more({above})
    question = ask(session)
    assert question.is_about_more
    better = [Candidate(n, score, "roof", 1) for n, score in ((1, 0.5), (2, 0.9), (3, 0.7))]
    session.answer(question, better)
    assert session.draft.candidate == better[1]
    assert session.draft.missing == ()


def test_a_shape_that_grows_stays_the_one_that_tab_chose() -> None:
    session = ClickSession()
    session.add(include(1))
    session.add(include(2))
    session.answer(ask(session), [cut(0, BESIDE)])
    session.cycle()
    session.answer(ask(session), [cut(1, BESIDE), cut(2), cut(3)])
    assert session.draft.candidate.number == 1
    session.ask_for_more({BESIDE})
    session.answer(ask(session), THREE)
    assert session.draft.candidate == THREE[0]
    assert session.draft.candidates[0] == cut(0, BESIDE)
    for _ in range(3):
        session.cycle()  # back to the single mask, which is as it was
    question = ask(session)
    assert (question.candidate, question.is_about_more) == ("single", True)
    session.answer(question, SINGLE)
    assert session.draft.candidates == [*SINGLE, *THREE]


def test_a_cut_shape_that_is_saved_changed_or_not_answered_again_stays_as_it_is() -> None:
    session = ClickSession()
    session.add(include(1))
    session.answer(ask(session), [cut(1, BESIDE)])
    session.ask_for_more({BESIDE})
    question = ask(session)
    assert not session.fail(question, drop_prompt=True)
    assert session.draft.candidates == [cut(1, BESIDE)]
    assert not session.draft.has_failed
    session.ask_for_more({BESIDE})
    question = ask(session)
    session.save()
    (saved,) = session.take_finished()
    session.answer(question, THREE)
    assert saved.candidates == [cut(1, BESIDE)]
    assert session.next_question() is None
    session.add(include(2))
    session.answer(ask(session), [cut(1, BESIDE)])
    session.ask_for_more({BESIDE})
    session.add(include(3))
    assert not ask(session).is_about_more


def test_a_cut_shape_is_asked_for_again_when_the_engine_is_there_again() -> None:
    session = ClickSession()
    session.add(include(1))
    session.answer(ask(session), [cut(1, BESIDE)])
    session.ask_for_more({BESIDE})
    session.fail(ask(session), wait_for=ENGINE)
    assert session.next_question() is None
    session.retry()
    question = ask(session)
    assert question.is_about_more
    session.answer(question, THREE)
    session.retry()
    assert session.next_question() is None  # it is whole


def test_a_cut_shape_that_was_set_aside_is_asked_for_again_when_it_is_taken_up() -> None:
    """What it lacks may have come while it was not at hand."""
    session = ClickSession()
    session.add(include(1))
    session.answer(ask(session), [cut(1, BESIDE)])
    session.begin(Draft(session.image))
    session.ask_for_more({BESIDE})
    assert session.next_question() is None
    assert session.take_up()
    question = ask(session)
    assert question.is_about_more
    session.answer(question, THREE)
    assert session.draft.candidates == THREE[:1]
