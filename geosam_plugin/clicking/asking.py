"""The session's questions to the engine, and what becomes of their answers."""

from __future__ import annotations

from functools import partial
from typing import Any

from qgis.core import QgsRectangle
from qgis.PyQt.QtCore import QCoreApplication, QObject, pyqtSignal

from geosam_plugin.clicking.answers import understood
from geosam_plugin.clicking.draft import ENGINE, PATCH, Draft
from geosam_plugin.clicking.session import ClickSession, Question
from geosam_plugin.engine.client import EngineClient
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.sentences import tell

translate = QCoreApplication.translate

GONE = ("CacheNotFoundError", "CacheDamagedError", "CacheMismatchError", "CacheVersionError")

FAILED = "Failed"

SILENT = (FAILED, "Cancelled", "Superseded")
"""What the user is told elsewhere, or has done himself."""


class Asking(QObject):
    """asked: the engine is asked about prompts that the user has just given
    answered: the session has an answer, or knows that there is none
    cacheGone: the cache of the image that is clicked cannot be used any more
    said: a sentence for the user
    notEncoded: a sentence, and the extent (raster's CRS) that would have to be encoded
    """

    asked = pyqtSignal()
    answered = pyqtSignal()
    cacheGone = pyqtSignal()  # noqa: N815 - Qt's way
    said = pyqtSignal(str)
    notEncoded = pyqtSignal(str, QgsRectangle)  # noqa: N815

    def __init__(
        self, client: EngineClient, session: ClickSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._session = session

    def ask(self, question: Question) -> None:
        """The question's object knows with which options it is to be found."""
        image = question.draft.image
        self._client.request(
            "predict",
            {
                **question.draft.options.params(),
                **image.axes.params(question.params),
                **image.params,
            },
            partial(self._on_answer, question, image.grown),
            partial(self._on_error, question, image.grown),
        )
        if not question.is_about_more:
            self.asked.emit()

    def _on_answer(self, question: Question, grown: int, result: dict[str, Any]) -> None:
        """grown: the image's, when it was asked"""
        try:
            candidates, took_ms = understood(result)
        except (KeyError, TypeError, ValueError):
            # Whatever it says, the question must not stay open: nothing would be asked any more.
            text = translate("GeoSAM", "The engine answered something unreadable.")
            self._on_error(question, grown, EngineError("ProtocolError", text))
            return
        self._session.answer(question, candidates)
        self._session.last_ms = took_ms
        if question.draft.image.grown != grown:  # what the shape lacks may have come meanwhile
            self._session.ask_for_more()
        self.answered.emit()

    def _on_error(self, question: Question, grown: int, error: EngineError) -> None:
        draft, prompts, session = question.draft, question.draft.prompts, self._session
        if draft.image.awaits(error, grown):
            session.fail(question, wait_for=PATCH)
            if draft.image.grown != grown:  # what it waits for may have come meanwhile
                session.patch_came()
            self.answered.emit()
            return
        outside, was_aside = error.type == "NotEncodedError", session.is_set_aside(draft)
        wait_for = ENGINE if error.type == FAILED else ""
        concerns = session.fail(question, drop_prompt=outside, wait_for=wait_for)
        if concerns and not was_aside and error.type not in SILENT:
            if outside and draft is session.draft:
                draft.image.keep_outside(prompts, draft.prompts)
            elif error.type in GONE and draft.image is session.image:
                self.cacheGone.emit()
            self._say_failed(draft, error)
        self.answered.emit()

    def _say_failed(self, draft: Draft, error: EngineError) -> None:
        text, extent = self.say_kept(draft, tell(error)), error.details.get("extent")
        if extent and draft.image == self._session.image:
            self.notEncoded.emit(text, draft.image.axes.rectangle(extent))
        else:
            self.said.emit(text)

    def say_kept(self, draft: Draft, why: str) -> str:
        """Why an object was not saved, and where it is now."""
        if not self._session.is_set_aside(draft):
            return why
        if draft.image == self._session.image:
            text = translate("GeoSAM", "{why} The object is kept: press “Take up again”.")
        else:
            text = translate("GeoSAM", "{why} The object is kept with its image.")
        return text.format(why=why)
