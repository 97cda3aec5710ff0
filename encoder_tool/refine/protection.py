"""Which features stay as they are because their fields say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from encoder_tool.errors import UsageError
from encoder_tool.osm.layer import TAGS, tags_of
from encoder_tool.refine.buildings import BuildingLayer
from encoder_tool.refine.request import Protection

NOTHING = ("", "0", "no")
"""Values that are none: a field of flags has them for what is not protected."""

FLAGS = {"true": "1", "false": "0"}


def protected_rows(layer: BuildingLayer, protect: Sequence[Protection]) -> frozenset[int]:
    """Raises UsageError for a name that is no field and no feature's tag."""
    if not protect:
        return frozenset()
    table = layer.table()
    values: list[Mapping[str, str]] = []
    for row in range(len(layer)):
        tags = (tags_of(table, row) or {}) if TAGS in table else {}
        own = {
            name: _as_text(column[row]) for name, column in table.items() if column[row] is not None
        }
        values.append({**tags, **own})
    names = {name for found in values for name in found} | set(table)
    for one in protect:
        if one.name not in names:
            raise UsageError(
                f"{layer.path} has neither a field nor a tag {one.name!r}.",
                f"Its fields are {', '.join(table) or 'none'}.",
            )
    return frozenset(
        row for row, found in enumerate(values) if any(_is_meant(one, found) for one in protect)
    )


def _is_meant(one: Protection, found: Mapping[str, str]) -> bool:
    value = found.get(one.name)
    if value is None:
        return False
    if one.value is None:
        return _compared(value) not in NOTHING
    return _compared(value) == _compared(one.value)


def _as_text(value: Any) -> str:
    """A field of flags is one of numbers in formats that have no other: true is 1 there."""
    return str(int(value)) if isinstance(value, bool | np.bool_) else str(value)


def _compared(text: str) -> str:
    """Numbers by what they are: 1.0 is 1."""
    plain = FLAGS.get(text.strip().casefold(), text.strip().casefold())
    try:
        return f"{float(plain):.15g}"
    except ValueError:
        return plain
