"""From frames to typed requests: everything a client may get wrong is found here."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from encoder_tool.errors import UsageError
from encoder_tool.types import XY, BoundsMap, Focus
from encoder_tool.worker.steering import MAX_HOLD_S, Steering
from encoder_tool.worker.wire import ProtocolError

METHODS = (
    "hello", "open", "predict", "prefetch", "encode", "segment_all", "refine", "focus", "hold",
    "download", "ping", "cancel", "shutdown",
)  # fmt: skip

HOVER = "hover"

MIN_RING_POINTS = 3


@dataclass(frozen=True, eq=False)
class Call:
    """A request; its parameters are looked at when it is executed.

    steering: what later requests want of it, an encode
    """

    id: int
    method: str
    params: Mapping[str, Any]
    steering: Steering = field(default_factory=Steering)

    @property
    def is_hover(self) -> bool:
        """Whether it is a preview, of which only the newest counts."""
        return self.method == "predict" and self.params.get(HOVER) is True


@dataclass(frozen=True, slots=True)
class Place:
    """Where a click is expected; `pixel_size` and `level` as of `predict`."""

    cache: Path
    point: XY
    pixel_size: float | None
    level: int | None


def parse_call(frame: bytes) -> Call:
    """Raises ProtocolError; its `call_id` is the request's where it has a usable one."""
    try:
        document = json.loads(frame.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"A request is not UTF-8 JSON ({error}).") from error
    if not isinstance(document, dict):
        raise ProtocolError("A request is a JSON object.")
    call_id = document.get("id")
    if not isinstance(call_id, int) or isinstance(call_id, bool):
        raise ProtocolError("A request has an integer as its id.")
    unknown = sorted(document.keys() - {"id", "method", "params"})
    if unknown:
        raise ProtocolError(f"A request has no member {unknown[0]!r}.", call_id=call_id)
    method, params = document.get("method"), document.get("params", {})
    if method not in METHODS:
        raise ProtocolError(
            f"There is no method {method!r}.", f"Use one of {', '.join(METHODS)}.", call_id
        )
    if not isinstance(params, dict):
        raise ProtocolError("The params of a request are a JSON object.", call_id=call_id)
    return Call(call_id, method, params)


def parse_cancel(params: Mapping[str, Any]) -> int:
    """The id of the request to be cancelled; raises UsageError."""
    reader = ParamReader("cancel", params)
    call_id = reader.integer("id")
    reader.finish()
    if call_id is None:
        reader.missing("id")
    return call_id


def parse_prefetch(params: Mapping[str, Any]) -> Place:
    """Raises UsageError."""
    reader = ParamReader("prefetch", params)
    cache, point = reader.required_text("cache"), reader.point("point")
    place = (reader.positive("pixel_size"), reader.integer("level"))
    reader.finish()
    if point is None:
        reader.missing("point")
    return Place(Path(cache), point, *place)


def parse_focus(params: Mapping[str, Any]) -> Focus:
    """Where the next prompt is expected; raises UsageError."""
    reader = ParamReader("focus", params)
    point, bounds = reader.point("point"), reader.bounds("bounds")
    focus = Focus(
        point, bounds, reader.positive("pixel_size"), reader.integer("level"),
        reader.bounds("extent"),
    )  # fmt: skip
    reader.finish()
    if (focus.point is None) == (focus.bounds is None):
        raise UsageError("A focus has either a point or bounds.")
    return focus


def parse_hold(params: Mapping[str, Any]) -> float:
    """Seconds; raises UsageError."""
    reader = ParamReader("hold", params)
    seconds = reader.number("seconds")
    reader.finish()
    if seconds is None:
        reader.missing("seconds")
    if not 0 <= seconds <= MAX_HOLD_S:
        raise UsageError(f"The parameter 'seconds' of hold must be 0 to {MAX_HOLD_S:.0f}.")
    return seconds


class ParamReader:
    """Takes parameters out of a request one by one, each by its kind.

    Absent parameters and null are the same. All methods raise UsageError.
    """

    def __init__(self, method: str, params: Mapping[str, Any]) -> None:
        self._method = method
        self._left = dict(params)

    def finish(self) -> None:
        """Raises for parameters that nobody took: misspelt ones should not go unnoticed."""
        for name in sorted(self._left):
            raise UsageError(f"{self._method} has no parameter {name!r}.")

    def missing(self, name: str) -> NoReturn:
        raise UsageError(f"{self._method} needs the parameter {name!r}.")

    def text(self, name: str) -> str | None:
        value = self._left.pop(name, None)
        if value is not None and (not isinstance(value, str) or not value):
            self._refuse(name, "a text that is not empty")
        return value

    def required_text(self, name: str) -> str:
        return self.text(name) or self.missing(name)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._left.pop(name, None)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._refuse(name, "a list of texts")
        return tuple(value)

    def number(self, name: str) -> float | None:
        value = self._left.pop(name, None)
        return None if value is None else self._finite(name, value, "a finite number")

    def positive(self, name: str) -> float | None:
        value = self.number(name)
        if value is not None and value <= 0:
            self._refuse(name, "a number above 0")
        return value

    def integer(self, name: str) -> int | None:
        value = self._left.pop(name, None)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            self._refuse(name, "a whole number")
        return value

    def integers(self, name: str) -> tuple[int, ...] | None:
        value = self._left.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, list) or not all(type(item) is int for item in value):
            self._refuse(name, "a list of whole numbers")
        return tuple(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._left.pop(name, None)
        if value is not None and not isinstance(value, bool):
            self._refuse(name, "true or false")
        return default if value is None else bool(value)

    def optional_flag(self, name: str) -> bool | None:
        """None where it is not given."""
        value = self._left.pop(name, None)
        if value is not None and not isinstance(value, bool):
            self._refuse(name, "true or false")
        return value

    def members(self, name: str) -> Mapping[str, Any] | None:
        """An object, whose members are read by a reader of their own."""
        value = self._left.pop(name, None)
        if value is not None and not isinstance(value, dict):
            self._refuse(name, "an object")
        return value

    def point(self, name: str) -> XY | None:
        value = self._left.pop(name, None)
        if value is None:
            return None
        return XY(*self._numbers(name, value, 2, "two finite numbers, [x, y]"))

    def points(self, name: str) -> tuple[XY, ...]:
        value = self._left.pop(name, None)
        if value is None:
            return ()
        what = "a list of pairs of finite numbers, [[x, y], ...]"
        if not isinstance(value, list):
            self._refuse(name, what)
        return tuple(XY(*self._numbers(name, pair, 2, what)) for pair in value)

    def rings(self, name: str) -> tuple[tuple[XY, ...], ...]:
        value = self._left.pop(name, None)
        if value is None:
            return ()
        what = f"a list of rings, each of at least {MIN_RING_POINTS} pairs of finite numbers"
        if not isinstance(value, list) or not all(
            isinstance(ring, list) and len(ring) >= MIN_RING_POINTS for ring in value
        ):
            self._refuse(name, what)
        return tuple(
            tuple(XY(*self._numbers(name, pair, 2, what)) for pair in ring) for ring in value
        )

    def bounds(self, name: str) -> BoundsMap | None:
        value = self._left.pop(name, None)
        if value is None:
            return None
        what = "four finite numbers, [xmin, ymin, xmax, ymax]"
        return BoundsMap(*self._numbers(name, value, 4, what))

    def _numbers(self, name: str, value: Any, count: int, what: str) -> Sequence[float]:
        if not isinstance(value, list) or len(value) != count:
            self._refuse(name, what)
        return [self._finite(name, item, what) for item in value]

    def _finite(self, name: str, value: Any, what: str) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            self._refuse(name, what)
        try:
            number = float(value)
        except OverflowError:
            self._refuse(name, what)
        if not math.isfinite(number):
            self._refuse(name, what)
        return number

    def _refuse(self, name: str, what: str) -> NoReturn:
        raise UsageError(f"The parameter {name!r} of {self._method} must be {what}.")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
