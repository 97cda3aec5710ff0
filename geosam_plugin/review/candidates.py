"""What a refined layer proposes, and how the layer that is corrected stands to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsFeature, QgsFields, QgsGeometry

SHIFT, RESHAPE, NEW, GONE, UNCERTAIN = "shift", "reshape", "new", "gone", "uncertain"

VERDICTS = (SHIFT, RESHAPE, NEW, GONE, UNCERTAIN)
"""That are reviewed: what fits already (`keep`) is not."""

UNSEEN = (
    "Too little of it is on the image.",
    "The image is not encoded there.",
    "The image has no data there.",
)
"""Reasons, as the engine writes them, of what is not reviewed: there is nothing to judge it by."""

FIELDS = ("source_fid", "verdict", "reason", "score")
"""Of a refined layer, besides those of the layer that it was made from."""

OSM_FIELDS = ("osm_type", "osm_id")
"""Of a layer of OpenStreetMap's buildings, as the engine reads them."""

DECIMALS = 6
"""Of a corner; in degrees that is a decimetre."""

SAME_NEW = 0.5
"""From this IoU on, a feature of the layer is the one that was added: it may have been edited."""


@dataclass(eq=False)
class Candidate:
    """A feature that the refined layer proposes to change.

    fid: in the refined layer
    source_fid: in the layer that is corrected; None for one that is missing there
    proposed: its outline, in that layer's CRS
    corner: of what is proposed, its least x and y, by which it is known again
    attributes: by the names of their fields, in lower case
    element: of OpenStreetMap, where that is known
    target_id: the feature's id by now: one that was added has another one once it is in the file
    current: its outline by now; None where there is no such feature
    """

    fid: int
    source_fid: int | None
    verdict: str
    reason: str
    score: float | None
    proposed: QgsGeometry
    corner: tuple[float, float]
    attributes: Mapping[str, Any]
    element: Element | None = None
    target_id: int | None = None
    current: QgsGeometry | None = None


def field_names(fields: QgsFields) -> dict[str, str]:
    """The fields of a refined layer by what they are: one whose name was there before has a number
    in its name, and they are the last ones. Empty for a layer that is none."""
    names = {}
    for name in FIELDS:
        meant = re.compile(rf"{name}(_\d+)?", re.IGNORECASE)
        found = [field.name() for field in fields if meant.fullmatch(field.name())]
        if not found:
            return {}
        names[name] = found[-1]
    return names


Element = tuple[str, int]
"""Of OpenStreetMap: its type and its id."""


def elements_known(fields: QgsFields) -> bool:
    """Whether a layer says which elements of OpenStreetMap its features are."""
    return all(fields.lookupField(name) >= 0 for name in OSM_FIELDS)


def element_of(feature: QgsFeature) -> Element | None:
    """Of a layer of which `elements_known`."""
    kind, number = (feature[feature.fieldNameIndex(name)] for name in OSM_FIELDS)
    try:
        return (str(kind), int(number)) if kind and number else None
    except (TypeError, ValueError):
        return None


def candidate_of(
    feature: QgsFeature, names: Mapping[str, str], proposed: QgsGeometry
) -> Candidate | None:
    """None for a feature that is not reviewed."""
    verdict, reason = feature[names["verdict"]], str(feature[names["reason"]] or "")
    if verdict not in VERDICTS or reason in UNSEEN:
        return None
    source, score = feature[names["source_fid"]], feature[names["score"]]
    source_fid = int(source) if isinstance(source, (int, float)) else None
    if (source_fid is None) != (verdict == NEW):
        return None
    own, box = set(names.values()), proposed.boundingBox()
    return Candidate(
        feature.id(),
        source_fid,
        verdict,
        reason,
        float(score) if isinstance(score, (int, float)) else None,
        proposed,
        (round(box.xMinimum(), DECIMALS), round(box.yMinimum(), DECIMALS)),
        {
            field.name().lower(): feature[index]
            for index, field in enumerate(feature.fields())
            if field.name() not in own
        }
        if verdict == NEW
        else {},
        element_of(feature) if elements_known(feature.fields()) else None,
        target_id=source_fid,
    )


def overlap(one: QgsGeometry, other: QgsGeometry) -> float:
    """IoU; 0 where it cannot be computed."""
    if not one.boundingBox().intersects(other.boundingBox()):
        return 0.0
    both = one.intersection(other)
    if both.isNull():
        return 0.0
    either = one.area() + other.area() - both.area()
    return both.area() / either if either > 0 else 0.0
