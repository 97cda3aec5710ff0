"""A block of web tiles as a raster: coarser levels come from coarser zooms of the same map."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from rasterio.crs import CRS

from encoder_tool.errors import BandError, UsageError
from encoder_tool.raster.pixel_source import Region, Values
from encoder_tool.raster.source import MAX_BANDS, wkt_of
from encoder_tool.tiles.block import TileBlock, read_block
from encoder_tool.tiles.live_tiles import LiveTiles
from encoder_tool.tiles.web_mercator import TILE_CRS, window_affine
from encoder_tool.types import BoolArray, Remark, Window

IDENTITY_MARK = "tiles:"
"""What the fingerprint of a block begins with: it is of the description, not of pixels."""


class TiledSource:
    """A `PixelSource` of web tiles: red, green and blue; transparent pixels, and tiles that the
    server does not have, are nodata."""

    dtype = np.dtype(np.uint8)
    work_dtype = np.dtype(np.float32)
    nodata: float | None = None
    is_eight_bit = True
    type_range = (0.0, 255.0)
    in_strips = False

    def __init__(self, path: str | os.PathLike[str], bands: Sequence[int] | None) -> None:
        """Fetches nothing. Raises MissingRasterError, RasterError, BandError."""
        self.path = os.fspath(path)
        self._block = block = read_block(Path(self.path))
        self._tiles = LiveTiles(block.source, block.tile_px)
        self.width, self.height = block.window.width, block.window.height
        self.bands = _chosen(bands, self.name)
        self.colours = len(self.bands)
        self.transform = window_affine(block.window, block.tiles.zoom, block.tile_px)
        self.crs_wkt = wkt_of(CRS.from_string(TILE_CRS))
        self.title = block.name
        self.identity: str | None = IDENTITY_MARK + block.content_sha256
        self.most_tiles = block.source.max_tiles
        # A tile of a coarser zoom has one pixel for the block's first tile at most: halved further,
        # pixels would begin beside the block.
        most = block.tile_px.bit_length() - 1
        self.overviews = min(block.tiles.zoom - block.source.min_zoom, most)
        remark = block.source.remark
        self.notes: list[str] = [Remark("terms", remark)] if remark else []

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def attribution(self) -> str | None:
        return self._block.source.attribution

    @property
    def fetched(self) -> int:
        return self._tiles.fetched

    def files_state(self) -> tuple[int, int]:
        """The description says all, and is read anyway."""
        return 0, 0

    def read(self, window: Window, halvings: int = 0) -> tuple[Values, BoolArray]:
        """As of `PixelSource`; what is missing is fetched. Raises what `LiveTiles.pixels` does."""
        zoom = self._block.tiles.zoom - halvings
        pixels = self._tiles.pixels(self._block.part(window, halvings)[0], zoom)
        values = pixels[[band - 1 for band in self.bands]].astype(self.work_dtype)
        return values, pixels[3] > 0

    def tiles_to_fetch(self, regions: Iterable[Region]) -> int:
        ranges = {self._block.part(*region)[1] for region in regions}
        if self.most_tiles is not None:
            count = len({tile for tiles in ranges for tile in tiles})
            if count > self.most_tiles:
                raise _too_many(self._block, count)
        return self._tiles.not_fresh(ranges)

    def interrupt(self) -> None:
        self._tiles.interrupt()

    def close(self) -> None:
        self._tiles.close()


def _too_many(block: TileBlock, count: int) -> UsageError:
    source = block.source
    return UsageError(
        f"That would be {count:,} tiles, more than the {source.max_tiles} that are taken from "
        f"{source.host} at once. {source.remark}",
        "Take a smaller --extent, fewer --levels or another source.",
    )


def _chosen(bands: Sequence[int] | None, name: str) -> tuple[int, ...]:
    if bands is None:
        return tuple(range(1, MAX_BANDS + 1))
    if not bands:
        raise BandError("No bands are chosen.", "Choose one to three, such as --bands 1,2,3.")
    for band in bands:
        if not 1 <= band <= MAX_BANDS:
            raise BandError(f"There is no band {band}: {name} has red, green and blue.")
    return tuple(bands)
