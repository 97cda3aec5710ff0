"""One registry of the options and value types that commands share."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from encoder_tool.cli.session import Session
from encoder_tool.types import XY, BoundsMap

F = TypeVar("F", bound=Callable[..., Any])


# ParamType is generic in newer releases of click; in older ones a subscript is an error.
class _Numbers(click.ParamType):  # type: ignore[type-arg]
    """Comma-separated numbers, as float64."""

    count: int

    def numbers(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[float]:
        parts = value.split(",")
        try:
            numbers = [float(part) for part in parts]
        except ValueError:
            self.fail(f"{value!r} is not {self.name}: {self.count} numbers.", param, ctx)
        if len(numbers) != self.count:
            self.fail(
                f"{value!r} has {len(numbers)} numbers; {self.name} has {self.count}.", param, ctx
            )
        if not all(math.isfinite(number) for number in numbers):
            self.fail(f"{value!r} has a number that is not finite.", param, ctx)
        return numbers


class PointType(_Numbers):
    """`X,Y` as an `XY`."""

    name = "X,Y"
    count = 2

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> XY:
        return value if isinstance(value, XY) else XY(*self.numbers(value, param, ctx))


class BoundsType(_Numbers):
    """`XMIN,YMIN,XMAX,YMAX` as a `BoundsMap`."""

    name = "XMIN,YMIN,XMAX,YMAX"
    count = 4

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> BoundsMap:
        if isinstance(value, BoundsMap):
            return value
        bounds = BoundsMap(*self.numbers(value, param, ctx))
        if bounds.xmin >= bounds.xmax or bounds.ymin >= bounds.ymax:
            self.fail(f"{value!r} is empty; the order is {self.name}.", param, ctx)
        return bounds


class BboxType(_Numbers):
    """`W,S,E,N` as a `BoundsMap`; whether it is a box is the work's to say, which knows what
    crosses the antimeridian."""

    name = "W,S,E,N"
    count = 4

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> BoundsMap:
        if isinstance(value, BoundsMap):
            return value
        return BoundsMap(*self.numbers(value, param, ctx))


class BandsType(click.ParamType):  # type: ignore[type-arg]
    """`1,2,3` as a tuple of band numbers; which of them exist is the raster's to say."""

    name = "BANDS"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return tuple(int(part) for part in value.split(",") if part.strip())
        except ValueError:
            self.fail(f"{value!r} is not a list of band numbers such as 1,2,3.", param, ctx)


class AutoOr(click.ParamType):  # type: ignore[type-arg]
    """The word `auto`, as None, or a whole number."""

    def __init__(self, minimum: int) -> None:
        self.name = "auto|N"
        self._minimum = minimum

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | None:
        if value == "auto":
            return None
        try:
            number = int(value)
        except ValueError:
            self.fail(f"{value!r} is neither auto nor a whole number.", param, ctx)
        if number < self._minimum:
            self.fail(f"{number} is less than {self._minimum}.", param, ctx)
        return number


POINT = PointType()
BOUNDS = BoundsType()
BBOX = BboxType()
BANDS = BandsType()
POSITIVE = click.FloatRange(min=0, min_open=True)
NOT_NEGATIVE = click.FloatRange(min=0)
PATH = click.Path(path_type=Path)


def _remember(name: str) -> Callable[[click.Context, click.Parameter, bool], None]:
    """A callback that keeps a flag in the session: given before or after the command's name."""

    def callback(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value:
            setattr(ctx.ensure_object(Session), name, True)

    return callback


debug_option = click.option(
    "--debug", is_flag=True, is_eager=True, expose_value=False, callback=_remember("debug"),
    help="Show the traceback of an error.",
)  # fmt: skip
quiet_option = click.option(
    "-q", "--quiet", is_flag=True, is_eager=True, expose_value=False, callback=_remember("quiet"),
    help="No progress and no remarks on stderr; errors only.",
)  # fmt: skip


def common_options(command: F) -> F:
    """What every command takes."""
    return quiet_option(debug_option(command))


cache_argument = click.argument("cache", type=PATH)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON on stdout."
)
simplify_option = click.option(
    "--simplify", type=NOT_NEGATIVE, metavar="PX",
    help="Tolerance when vertices are left out, a quarter of a pixel if not given; 0 keeps all.",
)  # fmt: skip
right_angles_option = click.option(
    "--right-angles", is_flag=True,
    help="Right angles for outlines whose shape that is, as of most buildings.",
)  # fmt: skip
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace what is there.")


def crs_option(name: str, what: str) -> Callable[[F], F]:
    """An option that takes a CRS: an authority code, WKT or PROJ string."""
    return click.option(name, metavar="CRS", help=f"CRS of {what}, e.g. EPSG:4326; else the "
                        "raster's own.")  # fmt: skip
