"""From a plan to a raster: fetch what is not there, say what is missing, write the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from encoder_tool.errors import Cancelled, MissingTilesError, TileError
from encoder_tool.tiles.fetch import MISSING_NAMED, NOT_THERE, fetch_tiles, named
from encoder_tool.tiles.image import NotATileError, RgbaArray, decode_tile
from encoder_tool.tiles.mosaic import Mosaic, write_mosaic
from encoder_tool.tiles.plan import TilesPlan
from encoder_tool.tiles.server_link import ServerLink
from encoder_tool.tiles.source import TileArchive, WebSource
from encoder_tool.tiles.store import TileStore, store_path
from encoder_tool.tiles.tile_threads import TileThreads
from encoder_tool.tiles.web_client import PATIENCE, Patience
from encoder_tool.tiles.web_mercator import Tile
from encoder_tool.version import version

Stage = Literal["fetching", "writing"]
OnProgress = Callable[[Stage, int, int], None]
"""Told how many of how many tiles are there, then how many of how many chunks are written."""

ZOOMS_TRIED = 8
"""How far up a tile that is there is looked for when a zoom has none."""

BodyOf = Callable[[Tile], bytes | None]
"""A tile's image file; None where there is none."""


@dataclass(frozen=True, slots=True)
class TilesSummary:
    """What a run did.

    fetched: tiles that came over the network; missing: those that are nodata now
    width, height, size_bytes: of the raster
    """

    out: str
    source: str
    attribution: str | None
    zoom: int
    tiles: int
    fetched: int
    missing: list[str]
    width: int
    height: int
    size_bytes: int
    seconds: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def run_tiles(
    plan: TilesPlan,
    on_progress: OnProgress,
    should_stop: Callable[[], bool],
    patience: Patience = PATIENCE,
    on_notice: Callable[[str], None] | None = None,
) -> TilesSummary:
    """Make the raster of a plan. The source is closed when it is done.

    on_notice: told, in a sentence, why nothing comes for a while

    Raises MissingTilesError, naming them, for tiles that cannot be had (unless they may be
    missing), TileError when the source as a whole fails, Cancelled, and OutputError. Tiles that
    came are kept whatever happens.
    """
    if isinstance(plan.source, WebSource):
        return _run_web(plan, plan.source, on_progress, should_stop, patience, on_notice)
    with plan.source as archive:
        return _run_archive(plan, archive, on_progress, should_stop)


def _run_web(
    plan: TilesPlan,
    source: WebSource,
    on_progress: OnProgress,
    should_stop: Callable[[], bool],
    patience: Patience,
    on_notice: Callable[[str], None] | None,
) -> TilesSummary:
    began = time.monotonic()
    tiles, notice = plan.tiles, on_notice or _ignore
    with (
        TileStore(store_path(source.host, source.identity)) as store,
        ServerLink(source, patience) as link,
    ):
        try:
            fetch = fetch_tiles(
                link, tiles, store, allow_missing=plan.request.allow_missing,
                on_progress=lambda done: on_progress("fetching", done, len(tiles)),
                on_wait=lambda wait_s: notice(
                    f"{source.host} asks to be left alone for {wait_s:.0f} s: waiting."
                ),
                should_stop=should_stop,
            )  # fmt: skip
            if fetch.stopped:
                raise Cancelled(
                    f"Stopped; {fetch.fetched} tiles came and are kept.",
                    "Run the same command again to go on.",
                )

            def kept_body(tile: Tile) -> bytes | None:
                stored = None if tile in fetch.missing else store.find(tile)
                return None if stored is None else stored.body

            def body_of(tile: Tile) -> bytes | None:
                return None if tile in fetch.missing else store.require(tile, source.title).body

            _require_enough(
                plan, fetch.missing, kept_body, lambda tile: _is_there(link, store, tile)
            )
            return _write(plan, body_of, fetch.missing, fetch.fetched, began, on_progress)
        finally:
            store.forget_unkept(tiles)


def _run_archive(
    plan: TilesPlan, archive: TileArchive, on_progress: OnProgress, should_stop: Callable[[], bool]
) -> TilesSummary:
    began = time.monotonic()
    missing: dict[Tile, str] = {}
    for number, tile in enumerate(plan.tiles, 1):
        if should_stop():
            raise Cancelled("Stopped; nothing is written.", "Run the same command again.")
        if archive.read(tile) is None:
            missing[tile] = "it is not in the file"
        on_progress("fetching", number, len(plan.tiles))
    _require_enough(plan, missing, archive.read, lambda tile: archive.read(tile) is not None)
    return _write(plan, archive.read, missing, 0, began, on_progress)


def _require_enough(
    plan: TilesPlan, missing: dict[Tile, str], body_of: BodyOf, probe: Callable[[Tile], bool]
) -> None:
    """Raises MissingTilesError for missing tiles, unless some may be missing and some are there."""
    if not missing:
        return
    if all(body_of(tile) is None for tile in plan.tiles):
        raise MissingTilesError(
            f"{plan.source.title} has no tiles there at zoom {plan.request.zoom}.",
            _hint_for_none(plan, missing, probe),
            list(map(str, missing)),
        )
    if plan.request.allow_missing:
        return
    count = f"{len(missing)} or more" if len(missing) >= MISSING_NAMED else str(len(missing))
    raise MissingTilesError(
        f"{count} of {len(plan.tiles)} tiles are missing: {named(missing)}.",
        "What came is kept: run the same command again, or leave them empty by --allow-missing."
        if isinstance(plan.source, WebSource)
        else "Take a smaller box, or leave them empty by --allow-missing.",
        list(map(str, missing)),
    )


def _hint_for_none(plan: TilesPlan, missing: dict[Tile, str], probe: Callable[[Tile], bool]) -> str:
    """Which zoom there is; or why there is none."""
    others = {why for why in missing.values() if why != NOT_THERE}
    if others and isinstance(plan.source, WebSource):
        return f"The first that came in answer: {sorted(others)[0]}."
    tile = plan.tiles.middle
    for _ in range(min(ZOOMS_TRIED, tile.zoom - plan.source.min_zoom)):
        tile = tile.parent
        if probe(tile):
            return f"The deepest zoom in the middle of the box is {tile.zoom}."
    return "Is the box in a place that the source shows?"


def _is_there(link: ServerLink, store: TileStore, tile: Tile) -> bool:
    """Whether the server has a tile; what it says is kept like any other answer."""
    known = store.find(tile)
    if known is not None and known.is_fresh:
        return known.body is not None
    with TileThreads(link) as threads:
        threads.ask(tile, known)
        while (answer := threads.answer(link.patience.whole_s)) is None:
            continue
    outcome = answer[1]
    if isinstance(outcome, Exception):
        raise outcome
    if outcome is None or outcome.stored is None:
        return False
    if outcome.stored.freshness.may_be_kept:
        store.put(tile, outcome.stored)
    return outcome.stored.body is not None


def _write(
    plan: TilesPlan,
    body_of: BodyOf,
    missing: dict[Tile, str],
    fetched: int,
    began: float,
    on_progress: OnProgress,
) -> TilesSummary:
    request = plan.request
    attribution = request.attribution or plan.source.attribution
    tile_px = _tile_px(plan, body_of)

    def image_of(tile: Tile) -> RgbaArray | None:
        body = body_of(tile)
        if body is None:
            return None
        image = _decoded(tile, body, plan)
        if image.shape[1] != tile_px:
            raise TileError(
                f"The tiles of {plan.source.title} differ in size: {image.shape[1]} pixels where "
                f"the first have {tile_px} ({tile})."
            )
        return image

    mosaic = Mosaic(plan.window(tile_px), request.zoom, tile_px, image_of, _tags(plan, attribution))
    written = write_mosaic(
        mosaic, request.out, request.target_crs, cog=request.cog,
        report=lambda done, total: on_progress("writing", done, total),
    )  # fmt: skip
    return TilesSummary(
        out=str(request.out),
        source=plan.source.title,
        attribution=attribution,
        zoom=request.zoom,
        tiles=len(plan.tiles),
        fetched=fetched,
        missing=list(map(str, missing)),
        width=written.width,
        height=written.height,
        size_bytes=written.size_bytes,
        seconds=time.monotonic() - began,
    )


def _tile_px(plan: TilesPlan, body_of: BodyOf) -> int:
    for tile in plan.tiles:
        body = body_of(tile)
        if body is not None:
            return int(_decoded(tile, body, plan).shape[1])
    raise AssertionError("some tiles are there")


def _decoded(tile: Tile, body: bytes, plan: TilesPlan) -> RgbaArray:
    try:
        return decode_tile(body)
    except NotATileError as error:
        raise TileError(f"{plan.source.title} has {error} in place of the tile {tile}.") from error


def _tags(plan: TilesPlan, attribution: str | None) -> dict[str, str]:
    """TIFF's own fields, which GDAL and QGIS show."""
    tags = {
        "TIFFTAG_IMAGEDESCRIPTION": f"{plan.source.title}, zoom {plan.request.zoom}",
        "TIFFTAG_SOFTWARE": f"encoder-tool {version()}",
        "TIFFTAG_DATETIME": time.strftime("%Y:%m:%d %H:%M:%S"),
    }
    return tags if attribution is None else {**tags, "TIFFTAG_COPYRIGHT": attribution}


def _ignore(_sentence: str) -> None:
    """For callers who want to know nothing of it."""
