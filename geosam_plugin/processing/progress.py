"""How far a run is, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from qgis.core import QgsProcessingFeedback
from qgis.PyQt.QtCore import QCoreApplication

translate = QCoreApplication.translate

Item = TypeVar("Item")

TELL_S = 1.0


def tell(feedback: QgsProcessingFeedback, text: str, left_s: float | None) -> None:
    """text: such as "Patches: 3 of 12"; left_s: None when it is not known"""
    if left_s:
        text = translate("GeoSAM", "{done}, {time} left").format(done=text, time=duration(left_s))
    feedback.setProgressText(text)


def until_cancelled(items: Iterable[Item], feedback: QgsProcessingFeedback) -> Iterator[Item]:
    for item in items:
        if feedback.isCanceled():
            return
        yield item


def told(items: Iterable[Item], total: int, feedback: QgsProcessingFeedback) -> Iterator[Item]:
    """The items, each counted as done when the next one is wanted; none after a cancel.

    total: -1 where nobody knows, as of some databases
    """
    started = last = time.monotonic()
    for done, item in enumerate(until_cancelled(items, feedback), 1):
        yield item
        now = time.monotonic()
        if done == 1:
            started = now  # the first one waits for the engine to start
        if done <= total:
            feedback.setProgress(100 * done / total)
        if done == total or now - last >= TELL_S:
            last = now
            _tell_count(feedback, done, total, (now - started) / max(1, done - 1))


def _tell_count(feedback: QgsProcessingFeedback, done: int, total: int, each_s: float) -> None:
    if done <= total:
        text = translate("GeoSAM", "Prompts: {done} of {total}").format(done=done, total=total)
        tell(feedback, text, each_s * (total - done))
    else:
        tell(feedback, translate("GeoSAM", "Prompts: {done}").format(done=done), None)


def duration(seconds: float) -> str:
    """In words: seconds, minutes or hours."""
    if seconds < 90:
        return translate("GeoSAM", "{:.0f} s").format(seconds)
    if seconds < 5400:
        return translate("GeoSAM", "{:.0f} min").format(seconds / 60)
    return translate("GeoSAM", "{:.1f} h").format(seconds / 3600)
