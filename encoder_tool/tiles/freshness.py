"""How long a tile may be kept: HTTP's caching rules (RFC 9111), for a private cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

DAY_S = 86_400.0

KEPT_UNTOLD_S = 7 * DAY_S
"""Where a server says nothing: what OpenStreetMap's policy asks for at least."""

ABSENT_UNTOLD_S = 600.0
"""A tile that is not there: long enough to decide to go on without it."""

LONGEST_S = 2.0**31
"""What RFC 9111 has one take for any longer time."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a response says about keeping it.

    until: when it must be asked for again, in seconds since 1970
    may_be_kept: whether it may lie in a cache beyond the run that fetched it
    """

    until: float
    may_be_kept: bool


def freshness_of(headers: Mapping[str, str], now: float, untold_s: float) -> Freshness:
    """headers: by name, in any case (as urllib3 has them); untold_s: where they say nothing"""
    directives = _directives(headers.get("Cache-Control", ""))
    may_be_kept = "no-store" not in directives
    if not may_be_kept or "no-cache" in directives:
        return Freshness(now, may_be_kept)
    if "max-age" in directives:
        return Freshness(now + _seconds(directives["max-age"]) - _seconds(headers.get("Age", "0")),
                         may_be_kept)  # fmt: skip
    if "Expires" in headers:
        expires = _moment(headers["Expires"])
        # Anything that is no date, "0" above all, means: has expired.
        if expires is None:
            return Freshness(now, may_be_kept)
        # By the server's own clock, which may not be ours.
        server_now = _moment(headers.get("Date", "")) or now
        return Freshness(now + max(expires - server_now, 0.0), may_be_kept)
    return Freshness(now + untold_s, may_be_kept)


def _directives(text: str) -> dict[str, str]:
    parts = (part.strip().partition("=") for part in text.lower().split(","))
    return {name.strip(): value.strip(' "') for name, _, value in parts if name}


def _seconds(text: str) -> float:
    return min(float(text), LONGEST_S) if text.isascii() and text.strip().isdigit() else 0.0


def _moment(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
