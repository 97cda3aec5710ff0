"""WMTS: from a service's description to the addresses of its tiles in the web's grid.

A source is written as GDAL writes it: WMTS:URL,layer=NAME[,style=NAME][,tilematrixset=NAME].

2026-11, why GDAL's own WMTS driver does not fetch: it takes a tile that is not there (404) for
black pixels without a word, makes no further attempt, and keeps its cache and its pace to itself.
Read from its description, a WMTS is a template like others, and all that holds for those holds
for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isclose, log2
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from encoder_tool.errors import TileError, UsageError
from encoder_tool.tiles.web_mercator import HALF_WORLD_M, Tile

PREFIX = "WMTS:"

_OWS = "{http://www.opengis.net/ows/1.1}"
_WMTS = "{http://www.opengis.net/wmts/1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"

_PIXEL_M = 0.00028
"""Of the screen that scale denominators are about."""

_WEB_MERCATOR = re.compile(r"(?:\b|:)(3857|900913|102100)$")

_CORNER_TOLERANCE_M = 0.05
"""Corners are written with two decimals here and there."""

_FORMATS = ("image/jpeg", "image/png", "image/webp")
"""The ones that can be read; images mostly are JPEG, so that comes first."""


@dataclass(frozen=True, slots=True)
class WmtsName:
    """What a source's text says."""

    url: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WmtsLayer:
    """A layer in the web's tile grid.

    url_of: the address of a tile; tile_px: its pixels
    zooms: for which there are tiles
    """

    title: str
    provider: str | None
    url_of: Callable[[Tile], str]
    tile_px: int
    zooms: range


@dataclass(frozen=True, slots=True)
class _MatrixSet:
    name: str
    matrices: Mapping[int, str]
    tile_px: int


def parse_wmts_name(text: str) -> WmtsName:
    """Raises UsageError for an option that is not known, or an address that is not http(s)."""
    parts = re.split(r",(?=(?:layer|style|tilematrixset)=)", text[len(PREFIX) :], flags=re.I)
    if not parts[0].lower().startswith(("http://", "https://")):
        raise UsageError(
            f"{parts[0]} is no http or https address of a WMTS.",
            "Write WMTS:https://host/WMTSCapabilities.xml,layer=NAME.",
        )
    options = (part.partition("=") for part in parts[1:])
    return WmtsName(parts[0], {name.lower(): value for name, _, value in options})


def read_capabilities(document: bytes, options: Mapping[str, str]) -> WmtsLayer:
    """The layer that the options name, in the web's grid.

    Raises TileError for a document that is no description of a WMTS or has no tiles in the web's
    grid, UsageError for a layer, style or set that it does not have.
    """
    root = _parsed(document)
    layer = _layer(root, options.get("layer"))
    identifier = _text(layer, f"{_OWS}Identifier")
    matrix_set = _matrix_set(root, layer, identifier, options.get("tilematrixset"))
    values = {
        "Layer": identifier,
        "Style": _style(layer, options.get("style")),
        "TileMatrixSet": matrix_set.name,
        **_dimensions(layer),
    }
    address = _rest_address(layer, values) or _kvp_address(root, layer, values)

    def url_of(tile: Tile) -> str:
        return address(matrix_set.matrices[tile.zoom], tile)

    zooms = matrix_set.matrices
    return WmtsLayer(
        title=_text(layer, f"{_OWS}Title") or identifier,
        provider=_text(root, f"{_OWS}ServiceProvider/{_OWS}ProviderName") or None,
        url_of=url_of,
        tile_px=matrix_set.tile_px,
        zooms=range(min(zooms), max(zooms) + 1),
    )


def _parsed(document: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise TileError("The service's answer is no description of a WMTS.")
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise TileError(f"The service's answer is no description of a WMTS ({error}).") from error
    if root.tag != f"{_WMTS}Capabilities":
        raise TileError(
            "The service's answer is no description of a WMTS 1.0.0.",
            "Its address mostly ends in WMTSCapabilities.xml or in "
            "?SERVICE=WMTS&REQUEST=GetCapabilities.",
        )
    return root


def _layer(root: ElementTree.Element, wanted: str | None) -> ElementTree.Element:
    layers = {
        _text(layer, f"{_OWS}Identifier"): layer
        for layer in root.iterfind(f"{_WMTS}Contents/{_WMTS}Layer")
    }
    if wanted is None and len(layers) == 1:
        return next(iter(layers.values()))
    if wanted not in layers:
        what = "Several layers are there" if wanted is None else f"There is no layer {wanted}"
        raise UsageError(f"{what}: choose by layer=NAME from {_some(layers)}.")
    return layers[wanted]


def _style(layer: ElementTree.Element, wanted: str | None) -> str:
    styles = {
        _text(style, f"{_OWS}Identifier"): style.get("isDefault") == "true"
        for style in layer.iterfind(f"{_WMTS}Style")
    }
    if wanted is not None:
        if wanted not in styles:
            raise UsageError(f"There is no style {wanted}: choose from {_some(styles)}.")
        return wanted
    return next((name for name, is_default in styles.items() if is_default), next(iter(styles), ""))


def _dimensions(layer: ElementTree.Element) -> dict[str, str]:
    """Their defaults: the newest time, mostly."""
    return {
        _text(dimension, f"{_OWS}Identifier"): _text(dimension, f"{_WMTS}Default")
        for dimension in layer.iterfind(f"{_WMTS}Dimension")
    }


def _matrix_set(
    root: ElementTree.Element, layer: ElementTree.Element, name: str, wanted: str | None
) -> _MatrixSet:
    offered = [
        _text(link, f"{_WMTS}TileMatrixSet") for link in layer.iterfind(f"{_WMTS}TileMatrixSetLink")
    ]
    if wanted is not None and wanted not in offered:
        raise UsageError(f"There is no tilematrixset {wanted}: choose from {_some(offered)}.")
    sets = {
        _text(one, f"{_OWS}Identifier"): one
        for one in root.iterfind(f"{_WMTS}Contents/{_WMTS}TileMatrixSet")
    }
    for identifier in [wanted] if wanted is not None else offered:
        if identifier in sets and (found := _in_web_grid(identifier, sets[identifier])):
            return found
    raise TileError(
        f"The layer {name} has no tiles in the web's grid (EPSG:3857), only in {_some(offered)}.",
        "In QGIS, add the layer and export it as a raster.",
    )


def _in_web_grid(name: str, matrix_set: ElementTree.Element) -> _MatrixSet | None:
    if not _WEB_MERCATOR.search(_text(matrix_set, f"{_OWS}SupportedCRS")):
        return None
    matrices: dict[int, str] = {}
    sizes = set()
    for matrix in matrix_set.iterfind(f"{_WMTS}TileMatrix"):
        if found := _zoom_and_size(matrix):
            zoom, tile_px = found
            matrices[zoom] = _text(matrix, f"{_OWS}Identifier")
            sizes.add(tile_px)
    if len(sizes) != 1 or len(matrices) != max(matrices) - min(matrices) + 1:
        return None
    return _MatrixSet(name, matrices, sizes.pop())


def _zoom_and_size(matrix: ElementTree.Element) -> tuple[int, int] | None:
    """Of a matrix in the web's grid its zoom and its tiles' pixels; None for any other, and where
    numbers are missing or impossible."""
    try:
        tile_px = int(_text(matrix, f"{_WMTS}TileWidth"))
        span_m = float(_text(matrix, f"{_WMTS}ScaleDenominator")) * _PIXEL_M * tile_px
        zoom = log2(2 * HALF_WORLD_M / span_m)
        left, top = map(float, _text(matrix, f"{_WMTS}TopLeftCorner").split())
        in_grid = (
            isclose(zoom, round(zoom), abs_tol=1e-6)
            and abs(left + HALF_WORLD_M) < _CORNER_TOLERANCE_M
            and abs(top - HALF_WORLD_M) < _CORNER_TOLERANCE_M
        )
    except (ArithmeticError, ValueError):
        return None
    return (round(zoom), tile_px) if in_grid else None


_Address = Callable[[str, Tile], str]


def _rest_address(layer: ElementTree.Element, values: Mapping[str, str]) -> _Address | None:
    templates = {
        resource.get("format", ""): resource.get("template", "")
        for resource in layer.iterfind(f"{_WMTS}ResourceURL")
        if resource.get("resourceType") == "tile"
    }
    template = next((templates[kind] for kind in _FORMATS if kind in templates), None)
    if template is None:
        return None

    def address(matrix: str, tile: Tile) -> str:
        numbers = {"TileMatrix": matrix, "TileCol": str(tile.x), "TileRow": str(tile.y)}
        known = {name.lower(): quote(value, ":") for name, value in {**values, **numbers}.items()}
        return re.sub(r"\{(\w+)\}", lambda name: known.get(name[1].lower(), name[0]), template)

    return address


def _kvp_address(
    root: ElementTree.Element, layer: ElementTree.Element, values: Mapping[str, str]
) -> _Address:
    base = next(
        (
            get.get(_HREF, "")
            for operation in root.iterfind(f"{_OWS}OperationsMetadata/{_OWS}Operation")
            if operation.get("name") == "GetTile"
            for get in operation.iter(f"{_OWS}Get")
        ),
        "",
    )
    offered = {kind.text or "" for kind in layer.iterfind(f"{_WMTS}Format")}
    kind = next((kind for kind in _FORMATS if kind in offered), None)
    if not base or kind is None:
        raise TileError(
            f"The layer {values['Layer']} offers no JPEG, PNG or WebP tiles.",
            "Choose another layer.",
        )

    def address(matrix: str, tile: Tile) -> str:
        query = {
            "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "FORMAT": kind,
            **{name.upper(): value for name, value in values.items()},
            "TILEMATRIX": matrix, "TILEROW": tile.y, "TILECOL": tile.x,
        }  # fmt: skip
        joint = "" if base.endswith(("?", "&")) else "&" if "?" in base else "?"
        return f"{base}{joint}{urlencode(query)}"

    return address


def _text(element: ElementTree.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _some(names: Mapping[str, object] | list[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:10]) + (", …" if len(listed) > 10 else "")
