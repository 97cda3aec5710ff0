"""The attributes of a segmented object, as a new layer's fields and as an existing layer's."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsField, QgsFields, QgsVectorLayer
from qgis.PyQt.QtCore import QDateTime

from geosam_plugin.clicking.draft import Draft
from geosam_plugin.clicking.prompts import BOX, EXCLUDE, INCLUDE, prompt_params
from geosam_plugin.field_types import WHOLE_NUMBERS, stored_fields
from geosam_plugin.result_fields import CLASS, PROMPTS, Source, prompts_text


def attributes(draft: Draft, source: Source, class_name: str) -> dict[str, Any]:
    """All but the area, which is that of the final geometry."""
    candidate = draft.candidate
    kinds = [prompt.kind for prompt in draft.prompts]
    return {
        CLASS: class_name or None,
        "score": round(candidate.score, 4) if candidate else None,
        "n_include": kinds.count(INCLUDE),
        "n_exclude": kinds.count(EXCLUDE),
        "box": kinds.count(BOX),
        "model": source.model,
        "level": draft.level,
        "raster": source.raster,
        "created": QDateTime.currentDateTime(),
        PROMPTS: provenance(draft, source),
    }


def provenance(draft: Draft, source: Source) -> str:
    return prompts_text(
        source,
        prompt_params(draft.prompts),
        candidate=draft.candidate.number if draft.candidate else 0,
        level=draft.level,
        pixel_size=draft.pixel_size,
    )


def matching(layer: QgsVectorLayer, values: dict[str, Any]) -> dict[int, Any]:
    """Values for the fields that the layer has by these names, where they can take them whole;
    the others are left to the layer's defaults."""
    fields: QgsFields = layer.fields()
    matched = {}
    for name, value in values.items():
        index = stored_index(layer, name)
        if index is None or value is None:
            continue
        field: QgsField = fields[index]
        if isinstance(value, float) and field.type() in WHOLE_NUMBERS:
            continue  # a score of 0.8 is not 1
        try:
            matched[index] = field.convertCompatible(value)
        except ValueError:  # too long, or of another kind: half a JSON text is worth nothing
            continue
    return matched


def stored_index(layer: QgsVectorLayer, name: str) -> int | None:
    """Of the layer's own field by a name in lower case, unless it is its key."""
    keys = layer.primaryKeyAttributes()
    found = (i for i, field in stored_fields(layer.fields()) if field.name().lower() == name)
    return next((index for index in found if index not in keys), None)
