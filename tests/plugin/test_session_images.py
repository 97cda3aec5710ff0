"""The click session over several images and caches, and objects that are taken up again."""

from __future__ import annotations

from session_prompts import SINGLE, THREE, answered, ask, box, exclude, include

from geosam_plugin.clicking.draft import corrected
from geosam_plugin.clicking.session import ClickSession


def test_what_is_begun_stays_with_its_image() -> None:
    session = ClickSession()
    session.use_image("here")
    answered(session, include(1))
    assert session.use_image("there")
    assert (session.draft.prompts, session.aside) == ((), [])
    session.add(include(5))
    assert session.use_image("here")
    assert session.draft.prompts == (include(1),)
    assert session.draft.candidate == THREE[1]
    assert session.undo()
    assert not session.use_image("there")  # nothing was begun here any more
    assert session.draft.prompts == (include(5),)


def test_what_waits_to_be_saved_is_asked_and_saved_in_whatever_image_is_chosen() -> None:
    session = ClickSession()
    session.use_image("here")
    session.add(include(1))
    session.save("road")
    assert not session.use_image("there")
    session.add(include(2))
    question = ask(session)
    assert (question.draft.image, question.draft.prompts) == ("here", (include(1),))
    session.answer(question, THREE)
    (saved,) = session.take_finished()
    assert (saved.how, saved.image) == ("road", "here")
    assert ask(session).draft is session.draft


def test_a_queued_object_that_fails_is_not_at_hand_in_another_image() -> None:
    session = ClickSession()
    session.use_image("here")
    session.add(include(1))
    question = ask(session)
    session.save("road")
    session.use_image("there")
    session.fail(question)
    assert (session.draft.prompts, session.aside) == ((), [])
    session.use_image("here")
    assert session.draft.prompts == ()  # it was finished: taking it up again is for the user
    assert [draft.prompts for draft in session.aside] == [(include(1),)]


def test_an_answer_for_what_was_left_is_kept_with_it() -> None:
    session = ClickSession()
    session.use_image("here")
    session.add(include(1))
    question = ask(session)
    session.use_image("there")
    session.answer(question, THREE)
    assert session.draft.candidate is None
    session.use_image("here")
    assert session.draft.candidate == THREE[1]


class Cache:
    """Of the one raster that there is."""

    def __init__(self, model: str) -> None:
        self.model = model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cache)


def test_what_is_begun_goes_on_in_another_cache_of_its_image() -> None:
    small, large = Cache("small"), Cache("large")
    session = ClickSession()
    session.use_image(small)
    answered(session, include(1))
    assert not session.use_image(large)
    question = ask(session)
    assert (question.draft.image.model, question.draft.prompts) == ("large", (include(1),))
    session.use_image(small)
    session.answer(question, THREE)  # of the other cache
    assert not session.draft.is_answered
    assert ask(session).draft.image is small


def test_what_one_cache_could_not_answer_is_asked_of_another_one() -> None:
    small, large = Cache("small"), Cache("large")
    session = ClickSession()
    session.use_image(small)
    session.add(include(1))
    question = ask(session)
    session.save("road")
    session.use_image(large)
    assert not session.fail(question, drop_prompt=True)
    assert ask(session).draft.image is large
    assert session.draft.prompts == (include(1),)


def test_the_queue_can_be_set_aside() -> None:
    session = ClickSession()
    for number in (1, 2):
        session.add(include(number))
        session.save()
    assert session.set_queue_aside() == 2
    assert session.waits_to_save == 0
    assert [draft.prompts for draft in session.aside] == [(include(1),), (include(2),)]


def test_a_saved_object_is_asked_for_with_the_candidate_that_was_saved() -> None:
    session = ClickSession()
    session.begin(corrected(None, (include(1),), 3, "feature"))
    session.answer(ask(session), THREE)
    assert session.draft.candidate == THREE[2]
    assert session.next_question() is None

    session.begin(corrected(None, (include(1), exclude(2)), 2, "feature"))
    assert len(session.aside) == 1
    session.answer(ask(session), SINGLE)
    assert not session.draft.is_answered
    session.answer(ask(session), THREE)
    assert session.draft.candidate == THREE[1]

    session.begin(corrected(None, (include(1), exclude(2)), 0, "feature"))
    session.answer(ask(session), SINGLE)
    assert session.draft.candidate == SINGLE[0]
    assert session.next_question() is None


def test_other_prompts_than_the_saved_ones_have_their_own_best_candidate() -> None:
    session = ClickSession()
    session.begin(corrected(None, (box(1),), 3, "feature"))
    question = ask(session)
    session.add(include(1))
    session.answer(question, SINGLE)
    session.answer(ask(session), SINGLE)
    assert session.next_question() is None
    assert session.undo()
    assert session.draft.prompts == (box(1),)
    assert not session.undo()  # the saved prompts are where it begins


def test_what_is_clicked_after_a_correction_was_given_up_replaces_nothing() -> None:
    session = ClickSession()
    session.begin(corrected(None, (box(1),), 0, "feature"))
    assert session.clear()
    session.add(include(1))
    assert session.draft.replaces is None
