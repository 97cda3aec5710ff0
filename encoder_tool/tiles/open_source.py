"""From what a user names, such as usgs-imagery or https://host/{z}/{x}/{y}.png, to a source."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from encoder_tool.errors import TileError, UsageError
from encoder_tool.tiles.archives import ARCHIVE_SUFFIXES, open_archive
from encoder_tool.tiles.host_rules import rule_of
from encoder_tool.tiles.named_sources import NAMED_SOURCES
from encoder_tool.tiles.source import DEFAULT_TILE_PX, TileArchive, WebSource
from encoder_tool.tiles.template import UrlTemplate, host_of, parse_template
from encoder_tool.tiles.web_client import (
    MAX_DOCUMENT_BYTES,
    PATIENCE,
    NoAnswerError,
    Patience,
    WebClient,
)
from encoder_tool.tiles.wmts import PREFIX, parse_wmts_name, read_capabilities


def open_source(
    text: str, connections: int | None = None, patience: Patience = PATIENCE
) -> WebSource | TileArchive:
    """The source that `text` names; a WMTS is asked for its description.

    connections: at most; the server's rule may be less
    Raises UsageError for what names no source, TileFileNotFoundError, and TileError for a file or
    a service that cannot be read.
    """
    if text in NAMED_SOURCES:
        named = NAMED_SOURCES[text]
        source = web_source(parse_template(named.template), named.title, connections)
        return replace(source, attribution=named.attribution, max_zoom=named.max_zoom)
    if text.upper().startswith(PREFIX):
        return _wmts_source(text, connections, patience)
    if "://" in text:
        if text.lower().endswith(ARCHIVE_SUFFIXES):
            raise UsageError("A file of tiles is read from this machine.", "Download it first.")
        template = parse_template(text)
        return web_source(template, f"tiles of {template.host}", connections)
    if text.lower().endswith(ARCHIVE_SUFFIXES):
        return open_archive(Path(text))
    raise UsageError(
        f"There is no source {text!r}.",
        f"Named ones are {', '.join(NAMED_SOURCES)}; else give an address with {{x}}, {{y}} and "
        "{z}, WMTS:URL,layer=NAME, or an .mbtiles or .pmtiles file.",
    )


def web_source(
    template: UrlTemplate, title: str, connections: int | None = None
) -> WebSource:  # fmt: skip
    """The source of a template, by the rule of its host; connections as for `open_source`."""
    rule = rule_of(*template.hosts)
    return WebSource(
        title=title,
        host=template.host,
        identity=template.text,
        url_of=template.url,
        attribution=None,
        connections=min(connections or rule.connections, rule.most_connections),
        expected_tile_px=2 * DEFAULT_TILE_PX if template.is_retina else DEFAULT_TILE_PX,
        max_tiles=rule.max_tiles,
        remark=rule.remark,
    )


def _wmts_source(text: str, connections: int | None, patience: Patience) -> WebSource:
    name = parse_wmts_name(text)
    host = host_of(name.url)
    client = WebClient(1, patience)
    try:
        answer = client.get(name.url, {"Accept": "application/xml,*/*;q=0.5"}, MAX_DOCUMENT_BYTES)
    except NoAnswerError as error:
        raise TileError(f"The WMTS of {host} cannot be asked: {error}.") from error
    finally:
        client.close()
    if answer.status != 200:
        raise TileError(f"The WMTS of {host} answered {answer.status} to what it offers.")
    layer = read_capabilities(answer.body, name.options)
    rule = rule_of(host)
    return WebSource(
        title=f"{layer.title}, WMTS of {host}",
        host=host,
        identity=text,
        url_of=layer.url_of,
        attribution=layer.provider,
        connections=min(connections or rule.connections, rule.most_connections),
        min_zoom=layer.zooms.start,
        max_zoom=layer.zooms.stop - 1,
        expected_tile_px=layer.tile_px,
        max_tiles=rule.max_tiles,
        remark=rule.remark,
    )
