"""The form of a request, as SamGIS has published it: what is read, and what is wrong with it.

{"bbox": {"ne": {"lat": 46.2, "lng": 9.4}, "sw": {"lat": 46.1, "lng": 9.2}},
 "prompt": [{"type": "point", "data": {"lat": 46.15, "lng": 9.3}, "label": 1},
            {"type": "rectangle", "data": {"ne": {...}, "sw": {...}}}],
 "zoom": 13, "source_type": "OpenStreetMap", "id": "mine"}

`id` comes back in the answer; what else is there is ignored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, isfinite
from typing import Any

from encoder_tool.errors import RequestError
from encoder_tool.prompts import MapPrompt
from encoder_tool.tiles import NAMED_SOURCES
from encoder_tool.types import XY, BoundsMap

CRS = "EPSG:4326"

DEFAULT_SOURCE = "OpenStreetMap.Mapnik"

_PUBLISHED_NAMES = {
    "openstreetmap": "osm",
    "openstreetmap.mapnik": "osm",
    "usgs.usimagery": "usgs-imagery",
    "geoportailfrance.orthos": "ign-orthophotos",
    "basemapat.orthofoto": "basemap-at-orthofoto",
}
"""What xyzservices, and so SamGIS, calls sources that are known here; in small letters."""

MAX_BYTES = 1 << 20
MAX_PROMPTS = 1000


@dataclass(frozen=True, slots=True)
class MapRequest:
    """One object to find on a web map.

    bbox: in degrees; prompt: too, as longitude and latitude
    source: as `tiles.open_source` takes it
    """

    bbox: BoundsMap
    prompt: MapPrompt
    zoom: int
    source: str
    id: str = ""


def read_request(text: str | bytes, source: str | None = None) -> MapRequest:
    """source: taken in place of the request's own, which may then be any that a map knows

    Raises RequestError, which names the field, for anything but a request.
    """
    if len(text) > MAX_BYTES:
        raise RequestError(f"The request is larger than {MAX_BYTES >> 20} MiB.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"The request is no JSON ({error}).") from error
    request = _object(document, "The request")
    bbox = _box(_member(request, "bbox"), "bbox")
    return MapRequest(
        bbox=bbox,
        prompt=_prompt(_member(request, "prompt"), bbox),
        zoom=_zoom(_member(request, "zoom")),
        source=source or _source(request.get("source_type", DEFAULT_SOURCE)),
        id=_text(request.get("id", ""), "id"),
    )


def _prompt(value: Any, bbox: BoundsMap) -> MapPrompt:
    """Nothing may lie beyond the box: whether there is a raster depends on earlier requests."""
    if not isinstance(value, list) or not value:
        raise RequestError("prompt must be a list of one point or rectangle at least.")
    if len(value) > MAX_PROMPTS:
        raise RequestError(f"prompt has {len(value)} parts; {MAX_PROMPTS} are the most.")
    points: dict[int, list[XY]] = {0: [], 1: []}
    box: BoundsMap | None = None
    for number, part in enumerate(value):
        name = f"prompt[{number}]"
        kind = _member(_object(part, name), "type", name)
        data = _member(part, "data", name)
        if kind == "point":
            place = _place(data, f"{name}.data")
            _require_within(bbox, BoundsMap(*place, *place), name)
            points[_label(_member(part, "label", name), name)].append(place)
        elif kind == "rectangle":
            if box is not None:
                raise RequestError(f"{name} is a second rectangle: there may be one.")
            box = _box(data, f"{name}.data")
            _require_within(bbox, box, name)
        else:
            raise RequestError(f"{name}.type must be point or rectangle, not {_shown(kind)}.")
    if box is None and not points[1]:
        raise RequestError(
            "prompt has points to leave out only.", "Add a point with label 1, or a rectangle."
        )
    return MapPrompt(include=tuple(points[1]), exclude=tuple(points[0]), box=box, crs=CRS)


def _require_within(bbox: BoundsMap, part: BoundsMap, name: str) -> None:
    is_within = (
        bbox.xmin <= part.xmin
        and bbox.ymin <= part.ymin
        and part.xmax <= bbox.xmax
        and part.ymax <= bbox.ymax
    )
    if not is_within:
        raise RequestError(f"{name}.data must lie within bbox.", "Send a bbox that holds it.")


def _box(value: Any, name: str) -> BoundsMap:
    corners = _object(value, name)
    north_east = _place(_member(corners, "ne", name), f"{name}.ne")
    south_west = _place(_member(corners, "sw", name), f"{name}.sw")
    if south_west.y >= north_east.y:
        raise RequestError(f"{name}.sw.lat must be less than {name}.ne.lat.")
    if south_west.x >= north_east.x:
        raise RequestError(
            f"{name}.sw.lng must be less than {name}.ne.lng; nothing may cross the antimeridian."
        )
    return BoundsMap(*south_west, *north_east)


def _place(value: Any, name: str) -> XY:
    place = _object(value, name)
    latitude = _number(_member(place, "lat", name), f"{name}.lat")
    longitude = _number(_member(place, "lng", name), f"{name}.lng")
    if abs(latitude) > 90:
        raise RequestError(f"{name}.lat must be from -90 to 90, not {latitude:g}.")
    if abs(longitude) > 180:
        raise RequestError(f"{name}.lng must be from -180 to 180, not {longitude:g}.")
    return XY(longitude, latitude)


def _zoom(value: Any) -> int:
    """Maps may stand between two zooms; their tiles are those of the one below."""
    return floor(_number(value, "zoom"))


def _source(value: Any) -> str:
    name = _text(value, "source_type")
    known = _PUBLISHED_NAMES.get(name.lower(), name)
    # Addresses and files are for who runs this program to name, not for who sends a request.
    if known not in NAMED_SOURCES:
        raise RequestError(
            f"source_type {_shown(name)} is not known.",
            f"Known are OpenStreetMap, {', '.join(NAMED_SOURCES)}.",
        )
    return known


def _label(value: Any, name: str) -> int:
    if isinstance(value, bool) or value not in (0, 1):
        raise RequestError(
            f"{name}.label must be 1 (include) or 0 (leave out), not {_shown(value)}."
        )
    return int(value)


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise RequestError(f"{name} must be an object, not {_shown(value)}.")
    return value


def _member(value: Mapping[str, Any], key: str, name: str = "") -> Any:
    if key not in value:
        raise RequestError(f"{name}.{key} is missing." if name else f"{key} is missing.")
    return value[key]


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RequestError(f"{name} must be a number, not {_shown(value)}.")
    if abs(value) > 1e9 or not isfinite(value):
        raise RequestError(f"{name} must be a number of the map, not {_shown(value)}.")
    return float(value)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise RequestError(f"{name} must be a text, not {_shown(value)}.")
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which no answer could repeat
        raise RequestError(f"{name} must be a text of whole characters.") from None
    return value


def _shown(value: Any) -> str:
    """As JSON, for a sentence."""
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
