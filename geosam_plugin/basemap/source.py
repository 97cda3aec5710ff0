"""What a web layer of the project fetches its pictures from, as the engine is to ask for them."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from qgis.core import QgsDataSourceUri, QgsMapLayer, QgsRasterLayer
from qgis.PyQt.QtCore import QCoreApplication, QUrl, QUrlQuery

from geosam_plugin.attribution import attribution_of
from geosam_plugin.basemap.wmts import OtherGridError, WmtsChoice, wmts_tiles

translate = QCoreApplication.translate

STANDARD_PX, LARGE_PX = 256, 512
"""Sides of tiles. A WMS is asked for large ones: a quarter of the requests."""

TILE_SIZES = (STANDARD_PX, LARGE_PX, 1024)
"""Those that the engine reads."""

DEEPEST_XYZ = 18
"""What QGIS takes for the deepest zoom of an XYZ layer that does not say."""

DEEPEST_WMS = 21
"""Of large tiles: pixels of 0.04 m. A WMS has no zooms, and draws whatever is asked for."""

WEB_CRS = "EPSG:3857"

_WMS_VERSION = re.compile(r">\s*(1\.[13]\.\d)\s*<")

_ASKED_ANEW = {
    "service", "version", "request", "layers", "styles", "crs", "srs", "bbox", "width", "height",
    "format", "transparent",
}  # fmt: skip
"""Parameters of a WMS's address that each request has its own of."""


_SET_BY_THE_ENGINE = {
    "accept", "accept-encoding", "connection", "content-length", "host", "if-modified-since",
    "if-none-match", "range", "transfer-encoding", "user-agent",
}  # fmt: skip
"""Headers that the engine takes from nobody: servers must be able to tell who asks."""


class BasemapError(Exception):
    """A web layer that the engine cannot fetch; the sentence says why, and what to do."""


@dataclass(frozen=True)
class BasemapSource:
    """A map on a server, in the tile grid of web maps.

    url: of a tile, with {x}, {y} and {z}, or {q}, or {bbox}
    headers: names and values that go with every request
    tile_px: side of a tile
    min_zoom, max_zoom: that there are
    attribution: whom to name; "" where nobody is known
    """

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    tile_px: int = STANDARD_PX
    min_zoom: int = 0
    max_zoom: int = DEEPEST_XYZ
    attribution: str = ""

    @property
    def host(self) -> str:
        """The server's name; of several, which take turns, the first."""
        return urlsplit(re.sub(r"\{switch:([^,}]*)[^}]*\}", r"\1", self.url)).hostname or ""

    @property
    def folder_name(self) -> str:
        """By all that decides what the pictures show."""
        which = json.dumps([self.url, self.headers, self.tile_px, self.min_zoom])
        host = re.sub(r"[^a-z0-9.-]", "_", self.host.lower())
        return f"{host}.{hashlib.sha256(which.encode()).hexdigest()[:16]}"


def is_web_layer(layer: QgsMapLayer | None) -> bool:
    """Whether a layer comes tile by tile, or picture by picture, from a server."""
    return isinstance(layer, QgsRasterLayer) and layer.providerType() == "wms"


def description_url(layer: QgsMapLayer | None) -> str:
    """Where a layer's server describes what `source_of` has to know; "" for what needs none."""
    if not isinstance(layer, QgsRasterLayer) or not is_web_layer(layer):
        return ""
    uri = _uri_of(layer)
    # As QGIS itself tells a WMTS from a WMS that has tiles.
    is_wmts = uri.hasParam("tileMatrixSet") and "wmts" in uri.param("url").lower()
    return uri.param("url") if is_wmts and not _asks_for_password(uri) else ""


def source_of(layer: QgsRasterLayer, description: bytes = b"") -> BasemapSource:
    """Where the pictures of a web layer come from. Raises BasemapError for what the engine cannot
    ask for.

    description: what is at `description_url`
    """
    uri = _uri_of(layer)
    if _asks_for_password(uri):
        raise _refused(
            layer,
            translate(
                "GeoSAM",
                "“{layer}” asks for a password or has an authentication set in QGIS, which stays "
                "in QGIS: what is clicked is fetched by the engine of GeoSAM.",
            ),
        )
    if uri.param("type") == "xyz":
        return _xyz(layer, uri)
    if uri.param("type") == "mbtiles":
        raise _refused(layer, translate("GeoSAM", "“{layer}” is a file of tiles."))
    if uri.hasParam("tileMatrixSet"):
        return _wmts(layer, uri, description)
    return _wms(layer, uri)


def _uri_of(layer: QgsRasterLayer) -> QgsDataSourceUri:
    uri = QgsDataSourceUri()
    uri.setEncodedUri(layer.source())
    return uri


def _asks_for_password(uri: QgsDataSourceUri) -> bool:
    named = any(uri.hasParam(name) for name in ("authcfg", "username"))
    return named or bool(uri.authConfigId() or uri.username())


def _xyz(layer: QgsRasterLayer, uri: QgsDataSourceUri) -> BasemapSource:
    url = uri.param("url").replace("{usage}", "view")  # what QGIS puts there for its map
    if not url.lower().startswith(("http://", "https://")):
        raise _refused(layer, translate("GeoSAM", "“{layer}” does not come from a server."))
    if uri.param("interpretation"):
        raise _refused(layer, translate("GeoSAM", "“{layer}” holds heights, and no pictures."))
    is_large = uri.param("tilePixelRatio") == "2"
    return BasemapSource(
        url,
        headers_of(layer),
        LARGE_PX if is_large else STANDARD_PX,
        _number(uri.param("zmin"), 0),
        _number(uri.param("zmax"), DEEPEST_XYZ),
        attribution_of(layer),
    )


def _wms(layer: QgsRasterLayer, uri: QgsDataSourceUri) -> BasemapSource:
    told = layer.dataProvider().htmlMetadata() if layer.isValid() else ""
    if not told:
        raise BasemapError(say_untold(layer))
    if WEB_CRS not in told:
        raise _refused(
            layer,
            translate("GeoSAM", "“{layer}” is not to be had in the projection of web maps."),
        )
    _require_one_time(layer)
    version = _WMS_VERSION.search(told)
    return BasemapSource(
        _get_map(uri, version[1] if version else "1.3.0"),
        headers_of(layer),
        LARGE_PX,
        0,
        DEEPEST_WMS,
        attribution_of(layer),
    )


def _wmts(layer: QgsRasterLayer, uri: QgsDataSourceUri, description: bytes) -> BasemapSource:
    _require_one_time(layer)
    dimensions = (one.partition("=") for one in uri.param("tileDimensions").split(";") if one)
    choice = WmtsChoice(
        uri.param("layers"),
        uri.param("styles"),
        uri.param("tileMatrixSet"),
        uri.param("format"),
        {name.lower(): value for name, _, value in dimensions},
    )
    try:
        tiles = wmts_tiles(description, choice)
        if tiles.tile_px not in TILE_SIZES:
            raise OtherGridError
    except OtherGridError:
        text = translate("GeoSAM", "“{layer}” is a WMTS whose tiles are not those of web maps.")
        raise _refused(layer, text) from None
    return BasemapSource(
        tiles.url,
        headers_of(layer),
        tiles.tile_px,
        tiles.zooms.start,
        tiles.zooms.stop - 1,
        attribution_of(layer),
    )


def say_untold(layer: QgsRasterLayer) -> str:
    return translate(
        "GeoSAM",
        "The server of “{layer}” has not told what it offers. Load the layer again when it can be "
        "reached.",
    ).format(layer=layer.name())


def _require_one_time(layer: QgsRasterLayer) -> None:
    times = layer.temporalProperties()
    if times is not None and times.isActive():
        raise _refused(
            layer,
            translate("GeoSAM", "“{layer}” changes with the time that the map is set to."),
        )


def _get_map(uri: QgsDataSourceUri, version: str) -> str:
    """The address of a picture, with {bbox} where its place goes. In EPSG:3857 the order of axes is
    the same in all versions."""
    parts = urlsplit(uri.param("url"))
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _ASKED_ANEW
    ]
    kind = uri.param("format") or "image/png"
    asked = [
        ("SERVICE", "WMS"),
        ("VERSION", version),
        ("REQUEST", "GetMap"),
        ("LAYERS", ",".join(uri.params("layers"))),
        ("STYLES", ",".join(uri.params("styles"))),
        ("CRS" if version >= "1.3" else "SRS", WEB_CRS),
        ("WIDTH", str(LARGE_PX)),
        ("HEIGHT", str(LARGE_PX)),
        ("FORMAT", kind),
        *([] if "jpeg" in kind else [("TRANSPARENT", "TRUE")]),
    ]
    query = urlencode([*kept, *asked], quote_via=quote, safe="/:,")
    # What else is in braces would be taken for a placeholder.
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
    return f"{parts.scheme}://{parts.netloc}{path}?{query}&BBOX={{bbox}}"


def headers_of(layer: QgsRasterLayer) -> tuple[tuple[str, str], ...]:
    """That a layer's requests are to have; sorted, so that the same ones are always the same."""
    decoded = QUrl.ComponentFormattingOption.FullyDecoded
    found = {
        name.rpartition(":")[2].title(): value
        for name, value in QUrlQuery(layer.source()).queryItems(decoded)
        if value and (name == "referer" or name.startswith("http-header:"))
    }
    return tuple(
        (name, value)
        for name, value in sorted(found.items())
        if name.lower() not in _SET_BY_THE_ENGINE
    )


def _number(text: str, default: int) -> int:
    return int(text) if text.isdigit() else default


def _refused(layer: QgsRasterLayer, why: str) -> BasemapError:
    text = translate(
        "GeoSAM",
        "{why} Make a file of the part that you need by “Layer to raster” in the toolbox, and "
        "choose that.",
    )
    return BasemapError(text.format(why=why.format(layer=layer.name())))
