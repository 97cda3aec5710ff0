"""The tiles of a WMTS's layer, where they lie in the grid of web maps: from the description of the
service to an address with {z}, {x} and {y}."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isclose, log2
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from xml.etree import ElementTree

from geosam_plugin.basemap.tile_grid import HALF_WORLD_M

_OWS = "{http://www.opengis.net/ows/1.1}"
_WMTS = "{http://www.opengis.net/wmts/1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"

_PIXEL_M = 0.00028
"""Of the screen that scale denominators are about."""

_WEB_MERCATOR = re.compile(r"(?:\b|:)(3857|900913|102100)$")

_CORNER_TOLERANCE_M = 0.05
"""Corners are written with two decimals here and there."""

_ASKED_ANEW = {
    "service", "request", "version", "layer", "style", "format", "tilematrixset", "tilematrix",
    "tilerow", "tilecol",
}  # fmt: skip
"""Parameters of an address that each request has its own of."""


class OtherGridError(Exception):
    """The tiles are not those of web maps, or their address cannot be told."""


@dataclass(frozen=True)
class WmtsChoice:
    """What a layer of QGIS shows of a service.

    dimensions: values by names in lower case, such as a time
    """

    layer: str
    style: str
    matrix_set: str
    kind: str
    dimensions: dict[str, str]


@dataclass(frozen=True)
class WmtsTiles:
    """url: of a tile, with {z}, {x} and {y}; tile_px: its side"""

    url: str
    tile_px: int
    zooms: range


def wmts_tiles(description: bytes, choice: WmtsChoice) -> WmtsTiles:
    """Raises OtherGridError."""
    root = _parsed(description)
    layer = _named(root.iterfind(f"{_WMTS}Contents/{_WMTS}Layer"), choice.layer)
    matrix_set = _named(root.iterfind(f"{_WMTS}Contents/{_WMTS}TileMatrixSet"), choice.matrix_set)
    zooms, tile_px, matrix = _web_grid(matrix_set)
    values = {
        **_dimensions(layer, choice.dimensions),
        "layer": choice.layer,
        "style": choice.style,
        "tilematrixset": choice.matrix_set,
    }
    # Braces are the engine's.
    placeholders = {"tilematrix": quote(matrix, "{}:"), "tilerow": "{y}", "tilecol": "{x}"}
    template = _rest_template(layer, choice.kind)
    if template:
        return WmtsTiles(_filled(template, values, placeholders), tile_px, zooms)
    base = _kvp_base(root)
    if not base:
        raise OtherGridError
    return WmtsTiles(_asked(base, choice.kind, values, placeholders), tile_px, zooms)


def _parsed(description: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in description or b"<!ENTITY" in description:
        raise OtherGridError  # it might grow without end
    try:
        return ElementTree.fromstring(description)
    except ElementTree.ParseError:
        raise OtherGridError from None


def _named(elements: Any, name: str) -> ElementTree.Element:
    for element in elements:
        if _text(element, f"{_OWS}Identifier") == name:
            return element
    raise OtherGridError


def _dimensions(layer: ElementTree.Element, chosen: dict[str, str]) -> dict[str, str]:
    """By names in lower case: what is chosen, else the service's own choice."""
    named = (
        (_text(one, f"{_OWS}Identifier").lower(), _text(one, f"{_WMTS}Default"))
        for one in layer.iterfind(f"{_WMTS}Dimension")
    )
    return {name: chosen.get(name, default) for name, default in named}


def _web_grid(matrix_set: ElementTree.Element) -> tuple[range, int, str]:
    """Zooms, side of a tile, and what a zoom is called, with {z}."""
    if not _WEB_MERCATOR.search(_text(matrix_set, f"{_OWS}SupportedCRS")):
        raise OtherGridError
    names = {}
    sizes = set()
    for one in matrix_set.iterfind(f"{_WMTS}TileMatrix"):
        zoom, tile_px = _zoom_and_size(one)
        names[zoom] = _text(one, f"{_OWS}Identifier")
        sizes.add(tile_px)
    forms = {
        name[: -len(str(zoom))] + "{z}" if name.endswith(str(zoom)) else ""
        for zoom, name in names.items()
    }
    if len(sizes) != 1 or len(forms) != 1 or "" in forms:
        raise OtherGridError
    zooms = range(min(names), max(names) + 1)
    if len(zooms) != len(names):
        raise OtherGridError
    return zooms, sizes.pop(), forms.pop()


def _zoom_and_size(matrix: ElementTree.Element) -> tuple[int, int]:
    try:
        sides = {int(_text(matrix, f"{_WMTS}Tile{side}")) for side in ("Width", "Height")}
        (tile_px,) = sides
        span_m = float(_text(matrix, f"{_WMTS}ScaleDenominator")) * _PIXEL_M * tile_px
        zoom = log2(2 * HALF_WORLD_M / span_m)
        left, top = map(float, _text(matrix, f"{_WMTS}TopLeftCorner").split())
    except (ArithmeticError, ValueError):
        raise OtherGridError from None
    is_web = (
        isclose(zoom, round(zoom), abs_tol=1e-6)
        and abs(left + HALF_WORLD_M) < _CORNER_TOLERANCE_M
        and abs(top - HALF_WORLD_M) < _CORNER_TOLERANCE_M
    )
    if not is_web:
        raise OtherGridError
    return round(zoom), tile_px


def _rest_template(layer: ElementTree.Element, kind: str) -> str:
    """Of the pictures' kind that the layer shows; "" for none."""
    for resource in layer.iterfind(f"{_WMTS}ResourceURL"):
        if resource.get("resourceType") == "tile" and resource.get("format") == kind:
            return resource.get("template", "")
    return ""


def _filled(template: str, values: dict[str, str], placeholders: dict[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1].lower()
        if name in placeholders:
            return placeholders[name]
        if name not in values:
            raise OtherGridError
        return quote(values[name], ":")

    return re.sub(r"\{([^{}]*)\}", value, template)


def _kvp_base(root: ElementTree.Element) -> str:
    for operation in root.iterfind(f"{_OWS}OperationsMetadata/{_OWS}Operation"):
        if operation.get("name") == "GetTile":
            for get in operation.iter(f"{_OWS}Get"):
                encodings = {value.text for value in get.iter(f"{_OWS}Value")}
                if not encodings or "KVP" in encodings:
                    return get.get(_HREF, "")
    return ""


def _asked(base: str, kind: str, values: dict[str, str], placeholders: dict[str, str]) -> str:
    """The address of a tile by parameters."""
    parts = urlsplit(base)
    ours = _ASKED_ANEW | values.keys()
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in ours
    ]
    asked = [("SERVICE", "WMTS"), ("REQUEST", "GetTile"), ("VERSION", "1.0.0"), ("FORMAT", kind)]
    asked += [(name.upper(), value) for name, value in values.items()]
    query = urlencode([*kept, *asked], quote_via=quote, safe="/:,")
    tile = "&".join(f"{name.upper()}={value}" for name, value in placeholders.items())
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
    return f"{parts.scheme}://{parts.netloc}{path}?{query}&{tile}"


def _text(element: ElementTree.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
