"""Tiles that are fetched when their pixels are asked for, while somebody waits."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from encoder_tool.errors import Cancelled, MissingTilesError, TileError, TileSizeError
from encoder_tool.tiles.fetch import NOT_THERE, fetch_tiles, named
from encoder_tool.tiles.image import NotATileError, RgbaArray, decode_tile
from encoder_tool.tiles.mosaic import Mosaic, window_pixels
from encoder_tool.tiles.server_link import ServerLink
from encoder_tool.tiles.source import WebSource
from encoder_tool.tiles.store import TileStore, store_path
from encoder_tool.tiles.web_client import Patience
from encoder_tool.tiles.web_mercator import Tile, TileRange, tiles_of
from encoder_tool.types import Window

LIVE_PATIENCE = Patience(
    attempts=3, failures=4, first_wait_s=0.5, longest_wait_s=30.0, connect_s=5.0, silence_s=10.0,
    whole_s=60.0,
)  # fmt: skip
"""Somebody waits for a click: of a server that answers with errors they hear after 2 s (with
`PATIENCE` it took 30), of one that cannot be reached after 17."""

IMAGE_BYTES = 32 << 20
"""Of decoded tiles: neighbouring patches share a quarter of theirs."""


class LiveTiles:
    """The tiles of a web source, each fetched once; one thread at a time, but for `interrupt`.

    fetched: how many have come over the network
    """

    def __init__(self, source: WebSource, tile_px: int, patience: Patience | None = None) -> None:
        self.fetched = 0
        self._source = source
        self._tile_px = tile_px
        self._patience = patience or LIVE_PATIENCE
        self._store: TileStore | None = None
        self._link: ServerLink | None = None
        self._had: set[Tile] = set()
        self._unkept: list[TileRange] = []
        self._images: OrderedDict[Tile, RgbaArray | None] = OrderedDict()
        self._interrupted = threading.Event()

    def pixels(self, window: Window, zoom: int) -> RgbaArray:
        """[4, height, width] of a window of the zoom's world; all 0 where the server has no tile.

        Raises MissingTilesError, naming them, for tiles that could not be had, TileError when the
        server as a whole fails, and Cancelled after `interrupt`.
        """
        self._fetch(tiles_of(window, zoom, self._tile_px))
        return window_pixels(Mosaic(window, zoom, self._tile_px, self._image, {}), window)

    def not_fresh(self, tiles: Iterable[TileRange]) -> int:
        """How many of the tiles would have to be asked for."""
        store, wanted = self._opened_store(), set[Tile]()
        for some in tiles:
            wanted.update(set(some) - store.fresh(some))
        return len(wanted - self._had)

    def interrupt(self) -> None:
        """Called from any thread: nothing is fetched any more."""
        self._interrupted.set()

    def close(self) -> None:
        """Tiles that their server does not let keep are forgotten."""
        if self._store is not None:
            for tiles in self._unkept:
                self._store.forget_unkept(tiles)
            self._store.close()
        if self._link is not None:
            self._link.close()

    def _opened_store(self) -> TileStore:
        """Made when it is needed: a block can be described, and compared, without."""
        if self._store is None:
            self._store = TileStore(store_path(self._source.host, self._source.identity))
        return self._store

    def _fetch(self, tiles: TileRange) -> None:
        if self._had.issuperset(tiles):
            return
        store = self._opened_store()
        if self._link is None:
            self._link = ServerLink(self._source, self._patience)
        self._unkept.append(tiles)
        summary = fetch_tiles(
            self._link, tiles, store, allow_missing=True, had=self._had,
            should_stop=self._interrupted.is_set,
        )  # fmt: skip
        self.fetched += summary.fetched
        if summary.stopped:
            raise Cancelled("Stopped; the tiles that came are kept.")
        failed = {tile: why for tile, why in summary.missing.items() if why != NOT_THERE}
        if failed:
            raise MissingTilesError(
                f"{len(failed)} of {len(tiles)} tiles could not be had from "
                f"{self._source.host}: {named(failed)}.",
                "The others are kept: ask again later.",
                list(map(str, failed)),
            )
        self._had.update(tiles)

    def _image(self, tile: Tile) -> RgbaArray | None:
        if tile not in self._images:
            self._images[tile] = self._decoded(tile)
            image_bytes = 4 * self._tile_px**2
            while len(self._images) * image_bytes > IMAGE_BYTES:
                self._images.popitem(last=False)
        self._images.move_to_end(tile)
        return self._images[tile]

    def _decoded(self, tile: Tile) -> RgbaArray | None:
        try:
            stored = self._opened_store().require(tile, self._source.title)
        except TileError:
            self._had.discard(tile)
            raise
        if stored.body is None:
            return None
        try:
            image = decode_tile(stored.body)
        except NotATileError as error:
            raise TileError(f"{self._source.title} has {error} in place of the tile {tile}.") from (
                error
            )
        if image.shape[1] != self._tile_px:
            raise TileSizeError(
                f"The tiles of {self._source.title} have {image.shape[1]} pixels a side, not "
                f"{self._tile_px} ({tile}).",
                "Say so in the basemap's description.",
                image.shape[1],
            )
        return image
