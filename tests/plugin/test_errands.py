"""Slow work away from the GUI thread: its outcome comes back there, once, if it is wanted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QObject
from qgis_window import PATIENCE_S, settle, wait_for

from geosam_plugin.errands import Errands

pytestmark = pytest.mark.usefixtures("qgis_app")


class Gate:
    """Work that ends when it is let."""

    def __init__(self, value: Any = None) -> None:
        self.value = value
        self._gate = threading.Event()

    def __call__(self) -> Any:
        assert self._gate.wait(PATIENCE_S)
        return self.value

    def let(self) -> None:
        self._gate.set()


@pytest.fixture
def errands() -> Iterator[Errands]:
    parent = QObject()
    yield Errands("geosam-test", parent)
    sip.delete(parent)


def until_over(errands: Errands) -> None:
    errands.wait(PATIENCE_S)
    settle()


def failing() -> None:
    raise LookupError("why")


def test_outcomes_come_on_this_thread_and_work_does_not(errands: Errands) -> None:
    threads, told = [], []
    errands.send(
        lambda: threads.append(threading.current_thread()),
        lambda _: told.append(threading.current_thread()),
    )
    wait_for(lambda: bool(told))
    assert told == [threading.main_thread()]
    assert threads != told and threads[0].daemon
    assert not errands.is_busy


def test_several_are_told_as_they_come(errands: Errands) -> None:
    slow, quick, told = Gate("slow"), Gate("quick"), []
    errands.send(slow, told.append)
    errands.send(quick, told.append)
    quick.let()
    wait_for(lambda: bool(told))
    assert (told, errands.is_busy) == (["quick"], True)
    slow.let()
    wait_for(lambda: not errands.is_busy)
    assert told == ["quick", "slow"]


def test_with_patience_it_may_come_at_once(errands: Errands) -> None:
    told: list[int] = []
    errands.send(lambda: 1, told.append, patience_s=30)
    assert (told, errands.is_busy) == ([1], False)
    errands.send(lambda: 2, told.append)
    assert (told, errands.is_busy) == ([1], True)
    wait_for(lambda: told == [1, 2])


def test_what_it_raises_is_handed_over(errands: Errands) -> None:
    told: list[Exception] = []
    errands.send(failing, lambda _: pytest.fail("it failed"), told.append)
    wait_for(lambda: bool(told))
    assert isinstance(told[0], LookupError)
    assert not errands.is_busy


def test_an_error_that_nobody_takes_is_seen(
    errands: Errands, no_exception_goes_unseen: list[str]
) -> None:
    errands.send(failing, lambda _: pytest.fail("it failed"))
    wait_for(lambda: bool(no_exception_goes_unseen))
    assert "LookupError: why" in no_exception_goes_unseen.pop()
    assert not errands.is_busy


def test_a_callback_that_raises_keeps_no_other_from_being_called(
    errands: Errands, no_exception_goes_unseen: list[str]
) -> None:
    told: list[int] = []

    def fail(_: int) -> None:
        raise LookupError("why")

    errands.send(lambda: 1, fail)
    errands.send(lambda: 2, told.append)
    wait_for(lambda: bool(told))
    assert len(no_exception_goes_unseen) == 1
    no_exception_goes_unseen.clear()


@pytest.mark.parametrize("when", ["before its end", "after its end"])
def test_what_is_dropped_is_not_told_but_let_go_of_once(errands: Errands, when: str) -> None:
    work, told, let_go = Gate(7), [], []
    errands.send(work, told.append, if_dropped=let_go.append)
    errands.send(failing, told.append, told.append, if_dropped=let_go.append)
    if when == "after its end":
        work.let()
        errands.wait(PATIENCE_S)
    errands.drop()
    assert not errands.is_busy
    work.let()
    until_over(errands)
    errands.drop()
    assert (told, let_go) == ([], [7])


def test_a_callback_may_drop_the_others_and_send_another(errands: Errands) -> None:
    told: list[str] = []

    def go_on(value: str) -> None:
        told.append(value)
        errands.drop()
        errands.send(lambda: "third", told.append)

    for value in ("first", "second"):
        errands.send(partial(str, value), go_on)
    wait_for(lambda: len(told) == 2)
    until_over(errands)
    assert told == ["first", "third"]


def test_its_owner_may_be_gone_before_the_thread() -> None:
    owner, work, told = QObject(), Gate(), []
    errands = Errands("geosam-test", owner)
    errands.send(work, told.append)
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert sip.isdeleted(errands)
    work.let()
    until_over(errands)
    assert told == []


def test_waiting_has_an_end(errands: Errands) -> None:
    work = Gate()
    errands.send(work, lambda _: None)
    errands.wait(0.01)
    assert errands.is_busy
    work.let()
