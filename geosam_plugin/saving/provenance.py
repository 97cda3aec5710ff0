"""How a saved object was clicked, read back from its feature, so that it can be taken up again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsExpression, QgsFeature, QgsFeatureRequest, QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication

from geosam_plugin.result_fields import PROMPTS, parsed

_POINTS = ("include", "exclude", "box_outline")


@dataclass(frozen=True)
class TakenUp:
    """A feature whose object is clicked on, to be replaced when that is saved (`Draft.replaces`).

    prompts: the text of its field, by which it is found when committing has given it another id
    """

    layer_id: str
    feature_id: int
    prompts: str


def prompts_of(feature: QgsFeature) -> dict[str, Any]:
    """What `result_fields.prompts_text` was given for a feature; empty where that cannot be told.

    `include`, `exclude`, `box` and `box_outline` are there as far as they were given, the others
    always: `candidate`, `level`, `pixel_size` and `options` as the worker's `predict` takes
    them, `crs` a text for `geometry.crs_from_text`, `raster` and `model` names.
    """
    found = parsed(text_of(feature))
    try:
        return _checked(found) if found else {}
    except (ValueError, TypeError, KeyError):
        return {}


def taken_up(layer: QgsVectorLayer | None) -> tuple[TakenUp, dict[str, Any]] | None:
    """The one selected feature of a layer and its prompts; None unless there is just one, with
    prompts."""
    if layer is None or layer.selectedFeatureCount() != 1:
        return None
    (feature_id,) = layer.selectedFeatureIds()
    feature = layer.getFeature(feature_id)
    prompts = prompts_of(feature)
    if not prompts:
        return None
    return TakenUp(layer.id(), feature_id, text_of(feature)), prompts


def say_not_taken_up(layer: QgsVectorLayer) -> str:
    """Why the selected feature cannot be taken up."""
    if any("parts" in parsed(text_of(feature)) for feature in layer.getSelectedFeatures()):
        return QCoreApplication.translate(
            "GeoSAM",
            "The selected feature was joined with other objects or cut by them: click what is "
            "missing or too much as an object of its own, and add or cut that.",
        )
    return QCoreApplication.translate(
        "GeoSAM",
        "The selected feature does not tell how it was clicked: its field “prompts” is empty.",
    )


def request_for(taken: TakenUp) -> QgsFeatureRequest:
    """Of the feature that was taken up, whichever id it has by now."""
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
