"""Features that are taken up again, and how those that were clicked were, read back from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsExpression, QgsFeature, QgsFeatureRequest, QgsVectorLayer

from geosam_plugin.result_fields import PROMPTS, parsed

_POINTS = ("include", "exclude", "box_outline")


@dataclass(frozen=True)
class TakenUp:
    """A feature whose object is clicked on, to be replaced when that is saved (`Draft.replaces`).

    prompts: the text of its field, by which it is found when committing has given it another id;
        "" for a feature that was not clicked: it is found by its id, and keeps all its attributes
    """

    layer_id: str
    feature_id: int
    prompts: str


def prompts_of(feature: QgsFeature) -> dict[str, Any]:
    """What `result_fields.prompts_text` was given for a feature; empty where that cannot be told.

    `include`, `exclude`, `box`, `box_outline` and `shape` are there as far as they were given, the
    others always: `candidate`, `level`, `pixel_size` and `options` as the worker's `predict` takes
    them, `crs` a text for `geometry.crs_from_text`, `raster` and `model` names.
    """
    found = parsed(text_of(feature))
    try:
        return _checked(found) if found else {}
    except (ValueError, TypeError, KeyError):
        return {}


def taken_up(layer: QgsVectorLayer, feature: QgsFeature) -> TakenUp:
    """A feature of a layer, to be replaced."""
    text = text_of(feature)
    return TakenUp(layer.id(), feature.id(), text if parsed(text) else "")


def request_for(taken: TakenUp) -> QgsFeatureRequest:
    """Of the feature that was taken up, whichever id it has by now."""
    if not taken.prompts:
        return QgsFeatureRequest(taken.feature_id)
    same = QgsExpression.createFieldEqualityExpression(PROMPTS, taken.prompts)
    return QgsFeatureRequest().setFilterExpression(same)


def text_of(feature: QgsFeature) -> str:
    """Of its field of prompts; "" for none."""
    index = feature.fields().lookupField(PROMPTS)
    value = feature.attribute(index) if index >= 0 else None
    return value if isinstance(value, str) else ""


def _checked(found: dict[str, Any]) -> dict[str, Any]:
    """Raises ValueError, TypeError or KeyError for what `prompts_text` has not made."""
    checked: dict[str, Any] = {
        name: [_numbers(point, 2) for point in found[name]] for name in _POINTS if found.get(name)
    }
    if found.get("shape"):
        checked["shape"] = [[_numbers(point, 2) for point in ring] for ring in found["shape"]]
    if found.get("box"):
        checked["box"] = _numbers(found["box"], 4)
    if not checked.keys() - {"exclude"}:
        raise ValueError("nothing says what is wanted")
    size = found["pixel_size"]
    checked["pixel_size"] = None if size is None else _numbers([size], 1)[0]
    checked["candidate"] = int(found["candidate"])
    checked["level"] = int(found["level"])
    checked["options"] = dict(found["options"])
    for name in ("crs", "raster", "model"):
        checked[name] = str(found[name])
    return checked


def _numbers(values: Any, count: int) -> list[float]:
    numbers = [float(value) for value in values]
    if len(numbers) != count or not all(math.isfinite(number) for number in numbers):
        raise ValueError("no coordinates")
    return numbers
