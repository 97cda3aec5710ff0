"""Asking a server for one tile, as often as it takes: what may come, and what it means."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

import urllib3

from encoder_tool.errors import TileError
from encoder_tool.tiles.freshness import ABSENT_UNTOLD_S, DAY_S, KEPT_UNTOLD_S, freshness_of
from encoder_tool.tiles.image import NotATileError, decode_tile
from encoder_tool.tiles.pace import Pace
from encoder_tool.tiles.source import WebSource
from encoder_tool.tiles.store import StoredTile
from encoder_tool.tiles.web_client import (
    Answer,
    NoAnswerError,
    NotReachedError,
    Patience,
    WebClient,
)
from encoder_tool.tiles.web_mercator import Tile

_ABSENT = frozenset({204, 404, 410})
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What another attempt can help."""

_UNAUTHORISED = frozenset({401, 407})
_FORBIDDEN = 403
_NOT_MODIFIED = 304

AGAIN_LATER = "What came is kept: run the same command again later."
ALLOWED = "Does it let programs fetch its tiles, and is a key in the address valid?"
REACHABLE = "Is this computer online, and is the address right?"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a request.

    stored: the tile, or that there is none; None when it could not be had
    why: then the reason, which continues `the server ...` or stands for itself
    advice: and what to do when no tile can be had for that reason
    is_new: it came now; else it was in the store
    """

    stored: StoredTile | None
    why: str = ""
    advice: str = AGAIN_LATER
    is_new: bool = True


class TileRequester:
    """Asks one server; threads may share it."""

    def __init__(
        self, source: WebSource, client: WebClient, pace: Pace, patience: Patience
    ) -> None:  # fmt: skip
        self._source = source
        self._client = client
        self._pace = pace
        self._patience = patience

    def fetch(self, tile: Tile, known: StoredTile | None) -> Fetched | None:
        """A tile, or why there is none; None when the run was stopped meanwhile.

        known: an older version, which the server may say is still the newest
        Raises TileError for what holds for all tiles.
        """
        url, headers = self._source.url_of(tile), {**self._source.headers, **_conditions(known)}
        why, advice, wait_s = "", AGAIN_LATER, 0.0
        for attempt in range(self._patience.attempts):
            if not self._pace.wait(wait_s):
                return None
            # By chance, so that connections that failed together do not come back together.
            wait_s = self._patience.first_wait_s * 2**attempt * random.uniform(0.75, 1.25)
            try:
                answer = self._client.get(url, headers)
            except NoAnswerError as error:
                why = str(error)
                advice = REACHABLE if isinstance(error, NotReachedError) else AGAIN_LATER
                continue
            advice = AGAIN_LATER
            if answer.status in _BUSY:
                why = f"the server answered {_named(answer.status)}"
                self._hold_as_told(answer)
                continue
            try:
                return self._read(answer, known)
            except NotATileError as error:
                why = f"the server sent {error} in place of a tile"
        return Fetched(None, why, advice)

    def _read(self, answer: Answer, known: StoredTile | None) -> Fetched:
        now = time.time()
        status = answer.status
        if status == _NOT_MODIFIED and known is not None:
            fresh = freshness_of(answer.headers, now, KEPT_UNTOLD_S)
            return Fetched(replace(known, freshness=fresh))
        if status in _ABSENT or (status == 200 and not answer.body):
            fresh = freshness_of(answer.headers, now, ABSENT_UNTOLD_S)
            until = min(fresh.until, now + DAY_S)
            return Fetched(StoredTile(None, replace(fresh, until=until)))
        if status in _UNAUTHORISED:
            raise TileError(
                f"{self._source.host} wants to know who asks ({_named(status)}).",
                "Is there a key in the address, and is it still valid?",
            )
        if status != 200:
            advice = ALLOWED if status == _FORBIDDEN else AGAIN_LATER
            return Fetched(None, f"the server answered {_named(status)}", advice)
        decode_tile(answer.body)
        return Fetched(
            StoredTile(
                answer.body,
                freshness_of(answer.headers, now, KEPT_UNTOLD_S),
                answer.headers.get("ETag"),
                answer.headers.get("Last-Modified"),
            )
        )

    def _hold_as_told(self, answer: Answer) -> None:
        """Let all connections wait as long as the server asks."""
        told = answer.headers.get("Retry-After")
        if told is None:
            return
        try:
            seconds = urllib3.Retry().parse_retry_after(told)
        except urllib3.exceptions.InvalidHeader:
            return
        if seconds > self._patience.longest_wait_s:
            raise TileError(
                f"{self._source.host} asks to come back in {seconds:.0f} seconds "
                f"({_named(answer.status)}).",
                "What came is kept: run the same command again then.",
            )
        self._pace.hold(seconds)


def _conditions(known: StoredTile | None) -> Mapping[str, str]:
    if known is None or known.body is None:
        return {}
    named = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in named.items() if value is not None}


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
