"""A block of a web map's tiles, described in a small JSON file that is used like a raster.

docs/basemaps.md has the format for those who write such files.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from encoder_tool.errors import MissingRasterError, RasterError, UsageError
from encoder_tool.tiles.open_source import web_source
from encoder_tool.tiles.source import DEFAULT_TILE_PX, WebSource, plain_text
from encoder_tool.tiles.template import parse_template
from encoder_tool.tiles.web_mercator import MAX_ZOOM, TileRange, tiles_of
from encoder_tool.types import Window

FORMAT = "encoder-tool tiles"
FORMAT_VERSION = 1

TILE_SIZES = (256, 512, 1024)
"""Powers of two, so that the pixels of a coarser zoom begin where those of a block do."""

MOST_TILES_A_SIDE = 1024
"""Further out, a coarser zoom has the whole of it in a pixel of a tile's size."""

MAX_FILE_BYTES = 1 << 20

_MEMBERS = frozenset(
    {
        "format", "format_version", "url", "zoom", "tile_px", "x", "y", "columns", "rows",
        "min_zoom", "attribution", "name", "headers",
    }
)  # fmt: skip

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

_OUR_HEADERS = frozenset(
    {
        "accept", "accept-encoding", "connection", "content-length", "host", "if-modified-since",
        "if-none-match", "range", "transfer-encoding", "user-agent",
    }
)  # fmt: skip
"""Those that the program sets itself: servers must be able to tell who asks."""


@dataclass(frozen=True, slots=True)
class TileBlock:
    """What a file says.

    source: where the tiles come from; its zooms end at `min_zoom` and at the block's
    tiles: of the finest zoom; tile_px: the pixels of each
    name: what people call the map, None where nobody said
    content_sha256: of all that the file says
    """

    source: WebSource
    tiles: TileRange
    tile_px: int
    name: str | None
    content_sha256: str

    @property
    def window(self) -> Window:
        """The block in the pixels of the world of its zoom."""
        tiles, size = self.tiles, self.tile_px
        return Window(
            tiles.x_first * size, tiles.y_first * size, tiles.columns * size, tiles.rows * size
        )

    def part(self, window: Window, halvings: int) -> tuple[Window, TileRange]:
        """A window of the block's pixels, halved so many times, in the pixels of the world of
        that coarser zoom; and the tiles that it meets."""
        whole, zoom = self.window, self.tiles.zoom - halvings
        part = Window(
            (whole.col_off >> halvings) + window.col_off,
            (whole.row_off >> halvings) + window.row_off,
            window.width,
            window.height,
        )
        return part, tiles_of(part, zoom, self.tile_px)


def read_block(path: Path) -> TileBlock:
    """Raises MissingRasterError, and RasterError for what is no such file, which says what is
    wrong with which member; never the address, which may hold a key."""
    document = _document(path)
    try:
        return _parsed(document)
    except (UsageError, _WrongMemberError) as error:
        hint = error.hint if isinstance(error, UsageError) else None
        what = error.message if isinstance(error, UsageError) else f"{error}."
        raise RasterError(f"{path.name} is no block of web tiles: {what}", hint) from None


class _WrongMemberError(Exception):
    """Its text names the member."""


def _document(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise RasterError(f"{path.name} is too large for a block of web tiles.")
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise MissingRasterError(f"There is no raster at {path}.") from None
    except OSError as error:
        raise RasterError(f"{path.name} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError):  # its text may quote the file
        raise RasterError(f"{path.name} is no block of web tiles: it is not JSON.") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise RasterError(f"{path.name} is no block of web tiles: its format is another.")
    if document.get("format_version") != FORMAT_VERSION:
        raise RasterError(
            f"{path.name} has another version of the format than {FORMAT_VERSION}, which this "
            "release reads."
        )
    return document


def _parsed(document: Mapping[str, Any]) -> TileBlock:
    for member in sorted(document.keys() - _MEMBERS):
        raise _WrongMemberError(f"it has the member {member!r}, which is not known")
    zoom = _number(document, "zoom", 0, MAX_ZOOM)
    side = 1 << zoom
    x, y = (_number(document, name, 0, side - 1) for name in ("x", "y"))
    columns = _number(document, "columns", 1, min(MOST_TILES_A_SIDE, side - x))
    rows = _number(document, "rows", 1, min(MOST_TILES_A_SIDE, side - y))
    min_zoom = _number(document, "min_zoom", 0, zoom, default=0)
    tile_px = _number(document, "tile_px", 1, max(TILE_SIZES), default=DEFAULT_TILE_PX)
    if tile_px not in TILE_SIZES:
        raise _WrongMemberError(f"'tile_px' must be one of {', '.join(map(str, TILE_SIZES))}")
    name, headers = plain_text(_text(document, "name")), _headers(document.get("headers"))
    template = parse_template(_text(document, "url") or "")
    source = web_source(template, name or f"tiles of {template.host}")
    return TileBlock(
        source=replace(
            source,
            # The same source as by its template alone, which shares the tiles that it has kept.
            identity=source.identity + (json.dumps(headers, sort_keys=True) if headers else ""),
            attribution=plain_text(_text(document, "attribution")),
            min_zoom=min_zoom,
            max_zoom=zoom,
            expected_tile_px=tile_px,
            headers=headers,
        ),
        tiles=TileRange(zoom, x, y, columns, rows),
        tile_px=tile_px,
        name=name,
        content_sha256=hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest(),
    )


def _number(
    document: Mapping[str, Any], name: str, lowest: int, highest: int, default: int | None = None
) -> int:
    value = document.get(name, default)
    if type(value) is not int or not lowest <= value <= highest:
        raise _WrongMemberError(f"{name!r} must be a whole number from {lowest} to {highest}")
    return value


def _text(document: Mapping[str, Any], name: str) -> str | None:
    value = document.get(name)
    if value is not None and not isinstance(value, str):
        raise _WrongMemberError(f"{name!r} must be a text")
    return value


def _headers(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _WrongMemberError("'headers' must be an object of texts")
    for name, text in value.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OUR_HEADERS:
            raise _WrongMemberError(f"'headers' cannot have {name!r}")
        if not isinstance(text, str) or not _HEADER_VALUE.fullmatch(text):
            raise _WrongMemberError(f"the header {name!r} must be a text of one line, in Latin-1")
    return dict(value)
