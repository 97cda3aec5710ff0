"""What a segmented object says of itself: the fields of results, and the JSON of its prompts."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsFields

from geosam_plugin.field_types import double_field, integer_field, text_field, time_field

_TEXT, _REAL, _WHOLE, _TIME = text_field, double_field, integer_field, time_field

FIELDS = (
    ("class", _TEXT),
    ("score", _REAL),
    ("area_m2", _REAL),
    ("n_include", _WHOLE),
    ("n_exclude", _WHOLE),
    ("box", _WHOLE),
    ("model", _TEXT),
    ("level", _WHOLE),
    ("raster", _TEXT),
    ("created", _TIME),
    ("prompts", _TEXT),
)
"""Names in order, with what makes a field of each. `prompts` is what `prompts_text` gives, or
`composed_text`."""

CLASS, AREA, PROMPTS = "class", "area_m2", "prompts"

PROMPTS_VERSION = 1


def result_fields(without: Container[str] = ()) -> QgsFields:
    """The fields of a layer of results; texts of any length."""
    fields = QgsFields()
    for name, field in FIELDS:
        if name not in without:
            fields.append(field(name))
    return fields


@dataclass(frozen=True)
class Source:
    """Where an object was found.

    crs: of the raster, in which the prompts are (`geometry.crs_text`); of an image without a
        georeference they are where QGIS shows it, y from minus the height to 0
    options: what else the engine was asked, such as `level` or `simplify_px`
    attribution: whom the raster names; "" for nobody
    """

    raster: str
    model: str
    crs: str
    options: Mapping[str, Any]
    attribution: str = ""


def prompts_text(
    source: Source,
    prompts: Mapping[str, Any],
    *,
    candidate: int,
    level: int,
    pixel_size: float | None,
) -> str:
    """JSON from which an object can be taken up again, or found anew with a larger model.

    prompts: `include`, `exclude`, `box`, `box_outline` and `shape`, as the worker's `predict` takes
        them
    level: the one that it was found on
    """
    found = {
        "version": PROMPTS_VERSION,
        **prompts,
        "candidate": candidate,
        "level": level,
        "pixel_size": pixel_size,
        "options": dict(source.options),
        "crs": source.crs,
        "raster": source.raster,
        "model": source.model,
    }
    return json.dumps(found, separators=(",", ":"))


def composed_text(first: str, added: Iterable[tuple[str, str]]) -> str:
    """JSON of an object that others were joined with or cut from: `parts` has what
    `prompts_text` or this function gave for each, in their order, and as which `mode` it came.

    first: of the object as it was; "" when it was not clicked
    added: modes and texts
    """
    whole = parsed(first)
    parts = [{"mode": "new", **whole}] if whole else []
    if isinstance(whole.get("parts"), list):
        parts = whole["parts"]
    parts += [{"mode": mode, **parsed(text)} for mode, text in added if parsed(text)]
    return json.dumps({"version": PROMPTS_VERSION, "parts": parts}, separators=(",", ":"))


def parsed(text: str) -> dict[str, Any]:
    """What a text of these functions says; empty for any other."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    is_ours = isinstance(found, dict) and found.get("version") == PROMPTS_VERSION
    return found if is_ours else {}
