"""Which tiles a request needs, how many of them have to be fetched, and whether that may be."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from encoder_tool.errors import DiskFullError, UsageError
from encoder_tool.tiles.open_source import open_source
from encoder_tool.tiles.request import TilesRequest, checked_bbox
from encoder_tool.tiles.source import DEFAULT_TILE_PX, TileArchive, WebSource
from encoder_tool.tiles.store import TileStore, store_path
from encoder_tool.tiles.web_client import PATIENCE, Patience
from encoder_tool.tiles.web_mercator import (
    MAX_LATITUDE,
    TileRange,
    tiles_of,
    window_of,
)
from encoder_tool.types import BoundsMap, Window

ASK_ABOVE = 1000
"""More tiles than this are fetched only when somebody agreed."""

MOST_TILES = 250_000
"""A raster of 128,000 pixels a side; beyond, providers hand out files."""

BYTES_A_TILE = 20_000
"""Of an aerial image of 256 pixels a side as JPEG; roughly."""

BANDS = 4


@dataclass(frozen=True, slots=True)
class TilesPlan:
    """What is going to happen.

    bbox: as it was asked for, cut off at the end of the square world
    to_fetch: tiles that are not in the cache; 0 for a file of tiles
    remarks: sentences that whoever asked should read first
    """

    request: TilesRequest
    source: WebSource | TileArchive
    bbox: BoundsMap
    tiles: TileRange
    to_fetch: int
    remarks: tuple[str, ...]

    @property
    def needs_consent(self) -> bool:
        return self.to_fetch > ASK_ABOVE

    def sentences(self) -> list[str]:
        """What is going to be fetched and written, and what the provider's terms say."""
        source, tile_px = self.source, self.expected_tile_px
        window = self.window(tile_px)
        kept = len(self.tiles) - self.to_fetch
        if not isinstance(source, WebSource):
            come = ""
        elif self.to_fetch == 0:
            come = ", all of them in the cache"
        else:
            size = self.to_fetch * BYTES_A_TILE * (tile_px // DEFAULT_TILE_PX) ** 2 / 1e6
            come = f", {kept:,} of them in the cache; about {size:,.0f} MB to fetch"
        tiles = "1 tile" if len(self.tiles) == 1 else f"{len(self.tiles):,} tiles"
        raw_mib = window.width * window.height * BANDS / 2**20
        return [
            f"{source.title}: {tiles} of zoom {self.request.zoom}{come}; a raster of "
            f"{window.width:,} x {window.height:,} pixels, at most {raw_mib:,.0f} MiB.",
            *self.remarks,
        ]

    @property
    def expected_tile_px(self) -> int:
        """By what the source says of itself."""
        source = self.source
        return source.expected_tile_px if isinstance(source, WebSource) else DEFAULT_TILE_PX

    def window(self, tile_px: int) -> Window:
        """The raster in the world of its zoom, where tiles have so many pixels."""
        return window_of(self.bbox, self.request.zoom, tile_px)


def plan_tiles(request: TilesRequest, patience: Patience = PATIENCE) -> TilesPlan:
    """Opens the source; fetches nothing but a WMTS's description.

    Raises UsageError for a box, a zoom or a number of tiles that cannot be, OutputError,
    DiskFullError, and what `open_source` does. An archive is the caller's to close.
    """
    request.check()
    bbox = checked_bbox(request.bbox)
    remarks = []
    if bbox != request.bbox:
        remarks.append(f"Web tiles end at {MAX_LATITUDE:.2f} degrees: the box is cut off there.")
    source = open_source(request.source, request.connections, patience)
    try:
        return _planned(request, source, bbox, remarks)
    except BaseException:
        if not isinstance(source, WebSource):
            source.close()
        raise


def _planned(
    request: TilesRequest, source: WebSource | TileArchive, bbox: BoundsMap, remarks: list[str]
) -> TilesPlan:
    _require_zoom(source, request.zoom)
    tiles = tiles_of(window_of(bbox, request.zoom, DEFAULT_TILE_PX), request.zoom, DEFAULT_TILE_PX)
    to_fetch = 0
    if len(tiles) > MOST_TILES:
        raise UsageError(
            f"That would be {len(tiles):,} tiles of zoom {request.zoom}; {MOST_TILES:,} are the "
            "limit.",
            "Take a smaller box or a lower zoom.",
        )
    if isinstance(source, WebSource):
        if source.max_tiles is not None and len(tiles) > source.max_tiles:
            raise UsageError(
                f"That would be {len(tiles):,} tiles, more than the {source.max_tiles} that are "
                f"taken from {source.host} at once. {source.remark}",
                "Take a smaller box, a lower zoom or another source.",
            )
        with TileStore(store_path(source.host, source.identity)) as store:
            to_fetch = len(tiles) - len(store.fresh(tiles))
        if source.remark:
            remarks.append(source.remark)
    plan = TilesPlan(request, source, bbox, tiles, to_fetch, tuple(remarks))
    _require_space(plan)
    return plan


def require_consent(plan: TilesPlan, agreed: bool) -> None:
    """Raises UsageError for many tiles that nobody agreed to."""
    if plan.needs_consent and not agreed:
        raise UsageError(
            f"{plan.to_fetch:,} tiles would be fetched, more than {ASK_ABOVE:,}.",
            "Say --yes if the provider's terms allow that; else take a smaller box or a lower "
            "zoom.",
        )


def _require_zoom(source: WebSource | TileArchive, zoom: int) -> None:
    if not source.min_zoom <= zoom <= source.max_zoom:
        raise UsageError(
            f"{source.title} has zooms {source.min_zoom} to {source.max_zoom}, not {zoom}."
        )


def _require_space(plan: TilesPlan) -> None:
    folder = plan.request.out.absolute().parent
    window = plan.window(plan.expected_tile_px)
    needed, free = window.width * window.height * BANDS, shutil.disk_usage(folder).free
    if needed > free:
        raise DiskFullError(
            f"{folder} has {free / 2**20:,.0f} MiB free and the raster may need "
            f"{needed / 2**20:,.0f} MiB."
        )
