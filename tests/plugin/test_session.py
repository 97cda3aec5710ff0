"""The click session: prompts with undo and redo, candidates, and what is kept while the engine
is busy."""

from __future__ import annotations

from session_prompts import SINGLE, THREE, answered, ask, box, exclude, include

from geosam_plugin.clicking.draft import ENGINE, PATCH, corrected
from geosam_plugin.clicking.prompts import prompt_params, shape_prompt
from geosam_plugin.clicking.session import ClickSession


def test_prompts_become_parameters_of_predict() -> None:
    assert prompt_params([include(1, 2), exclude(3, 4), include(5, 6), box(9)]) == {
        "include": [[1, 2], [5, 6]], "exclude": [[3, 4]], "box": [0, 0, 9, 9],
    }  # fmt: skip
    assert prompt_params([box(2, upright=False)]) == {
        "box_outline": [[0, 0], [2, 0], [2, 2], [0, 2]]
    }
    rings = [[(0, 0), (9, 0), (9, 9)], [(1, 1), (2, 1), (2, 2), (1, 2)]]
    assert prompt_params([shape_prompt(rings), exclude(3, 4)]) == {
        "exclude": [[3, 4]], "shape": [[list(point) for point in ring] for ring in rings],
    }  # fmt: skip


def test_a_box_takes_the_place_of_a_shape() -> None:
    session = ClickSession()
    shape = shape_prompt([[(0, 0), (9, 0), (9, 9)]])
    session.begin(corrected(None, (shape,), 0, "feature"))
    session.add(exclude(2))
    assert session.draft.prompts == (shape, exclude(2))
    assert session.draft.pixel_size is None, "the shape says how large it is"
    assert session.draft.wanted_points == [(-0.45, -0.45), (9.45, 9.45)], "what a patch has to hold"
    session.add(box(3))
    assert session.draft.prompts == (exclude(2), box(3))
    session.undo()
    assert session.draft.prompts == (shape, exclude(2))


def test_undo_and_redo_of_prompts_and_of_clearing() -> None:
    session = ClickSession()
    first, second, third = include(1), exclude(2), box(3)
    for prompt in (first, second, third):
        session.add(prompt)
    assert session.undo()
    assert session.draft.prompts == (first, second)
    assert session.redo()
    assert not session.redo()
    assert session.draft.prompts == (first, second, third)
    assert session.clear()
    assert session.draft.prompts == ()
    assert session.undo()
    assert session.draft.prompts == (first, second, third)
    session.undo()
    session.add(include(9))
    assert not session.draft.history.can_redo


def test_a_new_box_takes_the_place_of_the_last_and_undo_brings_that_back() -> None:
    session = ClickSession()
    session.add(box(1))
    session.add(include(5))
    session.add(box(2))
    assert session.draft.prompts == (include(5), box(2))
    session.undo()
    assert session.draft.prompts == (box(1), include(5))


def test_a_single_click_offers_three_and_the_best_is_chosen() -> None:
    session = ClickSession()
    session.add(include(1))
    question = ask(session)
    assert question.params == {"include": [[1, 0.0]], "candidate": "all", "pixel_size": 1.0}
    session.answer(question, THREE)
    shown = []
    for _ in range(4):
        assert session.draft.candidate is not None
        shown.append(session.draft.candidate.number)
        session.cycle()
    assert shown == [2, 3, 1, 2]
    assert session.next_question() is None


def test_tab_after_several_prompts_asks_for_the_candidates() -> None:
    session = ClickSession()
    session.add(include(1))
    session.add(include(2))
    question = ask(session)
    assert question.candidate == "auto"
    session.cycle()  # before the answer is there
    session.answer(question, SINGLE)
    more = ask(session)
    assert more.candidate == "all"
    session.answer(more, THREE)
    assert session.draft.candidate == THREE[0]
    session.cycle()
    assert session.draft.candidate == THREE[1]
    session.add(exclude(4))  # other prompts, other candidates
    session.answer(ask(session), SINGLE)
    assert session.draft.candidates == SINGLE


def test_prompts_given_while_the_engine_is_busy_are_asked_together_in_order() -> None:
    session = ClickSession()
    session.add(include(1))
    question = ask(session)
    session.add(include(2))
    session.add(exclude(3))
    assert session.next_question() is None
    session.answer(question, THREE)
    assert session.draft.candidate is None  # it is about prompts that hold no more
    after = ask(session)
    assert after.params["include"] == [[1, 0.0], [2, 0.0]]
    assert after.params["exclude"] == [[3, 0.0]]


def test_saving_does_not_wait_for_the_engine_and_keeps_the_order() -> None:
    session = ClickSession()
    session.add(include(1))
    first = ask(session)
    assert session.save("road")
    session.add(include(2))
    session.add(include(3))
    assert session.save("tree")
    session.add(include(4))
    assert session.take_finished() == []
    session.answer(first, THREE)
    (saved,) = session.take_finished()
    assert (saved.how, saved.prompts) == ("road", (include(1),))
    session.answer(ask(session), SINGLE)
    (saved,) = session.take_finished()
    assert (saved.how, saved.prompts) == ("tree", (include(2), include(3)))
    assert ask(session).params["include"] == [[4, 0.0]]


def test_saving_after_tab_waits_for_the_candidate_that_tab_wants() -> None:
    session = ClickSession()
    answered(session, include(1), include(2))
    session.cycle()
    session.save()
    assert session.take_finished() == []
    session.answer(ask(session), THREE)
    (saved,) = session.take_finished()
    assert saved.candidate == THREE[0]


def test_nothing_to_save() -> None:
    session = ClickSession()
    assert not session.save()
    session.add(exclude(1))
    assert session.next_question() is None  # excluding alone means nothing
    assert not session.save()


def test_a_failed_object_that_was_to_be_saved_is_taken_up_again() -> None:
    session = ClickSession()
    session.add(include(1))
    question = ask(session)
    session.save()
    assert session.fail(question)
    assert session.draft.prompts == (include(1),)
    assert session.next_question() is None  # not asked again and again
    session.retry()
    assert ask(session).params["include"] == [[1, 0.0]]


def test_a_prompt_that_is_to_blame_goes_for_good() -> None:
    session = ClickSession()
    answered(session, include(1))
    session.add(include(99))
    assert session.fail(ask(session), drop_prompt=True)
    assert session.draft.prompts == (include(1),)
    assert not session.redo()
    assert ask(session).params["include"] == [[1, 0.0]]


def test_failures_of_prompts_that_hold_no_more_are_not_reported() -> None:
    session = ClickSession()
    session.add(include(1))
    question = ask(session)
    session.clear()
    assert not session.fail(question)


def test_what_is_entered_while_there_is_no_engine_waits_for_it() -> None:
    session = ClickSession()
    session.add(include(1))
    assert session.fail(ask(session), wait_for=ENGINE)
    assert session.draft.waits_for == ENGINE
    assert session.save("road")
    assert session.next_question() is None
    session.retry()
    session.answer(ask(session), THREE)
    assert [draft.how for draft in session.take_finished()] == ["road"]


def test_objects_wait_for_their_patches_and_are_saved_in_their_order() -> None:
    session = ClickSession()
    session.add(include(1))
    session.fail(ask(session), wait_for=PATCH)
    session.cycle()  # for when it is answered
    assert session.save("first")
    session.add(include(2))
    session.fail(ask(session), wait_for=PATCH)
    first, second = session.awaiting, session.draft
    assert first is not None and first.prompts == (include(1),)
    assert session.save("second")
    assert session.next_question() is None

    session.retry()
    session.fail(ask(session), wait_for=PATCH)
    question = ask(session)
    assert question.draft is second
    session.answer(question, THREE)
    assert session.take_finished() == []
    assert session.awaiting is first
    session.retry()
    session.answer(ask(session), THREE)
    assert session.awaiting is None
    finished = session.take_finished()
    assert [draft.how for draft in finished] == ["first", "second"]
    assert [draft.candidate for draft in finished] == [THREE[2], THREE[1]]


def test_what_is_taken_back_is_not_awaited_any_more() -> None:
    session = ClickSession()
    session.add(include(1))
    session.fail(ask(session), wait_for=PATCH)
    assert session.awaiting is session.draft
    session.undo()
    assert session.awaiting is None
    session.redo()
    session.fail(ask(session), wait_for=PATCH)
    assert session.awaiting is session.draft


def test_a_shape_that_has_no_others_can_be_saved() -> None:
    session = ClickSession()
    answered(session, include(1), include(2))
    session.cycle()
    assert session.fail(ask(session))
    assert session.save("road")
    assert [draft.candidate for draft in session.take_finished()] == SINGLE


def test_a_failed_object_is_kept_when_another_one_was_begun() -> None:
    session = ClickSession()
    session.add(include(1))
    question = ask(session)
    session.save("road")
    session.add(include(2))
    assert session.fail(question, drop_prompt=True)
    assert [draft.prompts for draft in session.aside] == [(include(1),)]
    assert session.is_set_aside(question.draft)
    assert session.draft.prompts == (include(2),)
    assert session.take_up()
    assert session.draft is question.draft
    assert session.draft.how is None
    assert [draft.prompts for draft in session.aside] == [(include(2),)]
    assert session.take_up()
    assert session.draft.prompts == (include(2),)
    assert ask(session).params["include"] == [[2, 0.0]]
    assert len(session.aside) == 1


def test_the_first_prompt_decides_the_level() -> None:
    session = ClickSession()
    session.add(include(1, pixel_size=4.0))
    session.add(include(2, pixel_size=0.5))
    assert ask(session).params["pixel_size"] == 4.0


def test_what_is_to_be_saved_outlives_an_engine_that_is_given_up() -> None:
    session = ClickSession()
    for number in (1, 2):
        session.add(include(number))
        session.save()
    session.add(include(3))
    for _ in range(3):
        assert session.fail(ask(session), wait_for=ENGINE)
    assert session.next_question() is None
    assert session.waits_to_save == 2
    session.retry()
    for number in (1, 2, 3):
        question = ask(session)
        assert question.params["include"] == [[number, 0.0]]
        session.answer(question, THREE)
    assert [draft.prompts for draft in session.take_finished()] == [(include(1),), (include(2),)]
