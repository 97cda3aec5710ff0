"""A tile server on loopback that counts what it is asked and does as it is told, and tiles whose
pixels say where they are."""

from __future__ import annotations

import io
import math
import re
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import numpy.typing as npt
from PIL import Image

from encoder_tool.tiles.web_mercator import HALF_WORLD_M, Tile

_TILE_PATH = re.compile(r"(?:http://[^/]+)?/(\d+)/(\d+)/(\d+)")


def coordinate_pixels(columns: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]) -> np.ndarray:  # type: ignore[type-arg]
    """The colours [..., 3] of pixels of a zoom's world: their column and row, modulo 4096."""
    x, y = columns % 4096, rows % 4096
    return np.stack([x & 255, y & 255, (x >> 8) << 4 | y >> 8], axis=-1).astype(np.uint8)


def coordinates_of(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Columns and rows, modulo 4096, of colours [3, h, w]."""
    red, green, blue = pixels.astype(np.int64)
    return red | (blue >> 4) << 8, green | (blue & 15) << 8


def tile_pixels(tile: Tile, tile_px: int = 256) -> np.ndarray:  # type: ignore[type-arg]
    """[tile_px, tile_px, 3], each pixel coloured by its place in the zoom's world."""
    rows, columns = np.mgrid[:tile_px, :tile_px].astype(np.int64)
    return coordinate_pixels(columns + tile.x * tile_px, rows + tile.y * tile_px)


def encoded(pixels: np.ndarray, kind: str = "PNG", **options: object) -> bytes:  # type: ignore[type-arg]
    """An image file of pixels [h, w] or [h, w, bands]."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


@lru_cache(maxsize=4096)
def tile_png(tile: Tile, tile_px: int = 256) -> bytes:
    return encoded(tile_pixels(tile, tile_px), compress_level=1)


def _tile_of(path: str) -> Tile | None:
    """By /z/x/y, by the query of a WMTS whose matrices are called web:z, or by the box of a WMS."""
    if match := _TILE_PATH.match(path):
        return Tile(*map(int, match.groups()))
    query = dict(parse_qsl(urlsplit(path).query))
    if query.get("REQUEST") == "GetMap":
        xmin, _, xmax, ymax = map(float, query["BBOX"].split(","))
        side = xmax - xmin
        zoom = round(math.log2(2 * HALF_WORLD_M / side))
        return Tile(zoom, round((xmin + HALF_WORLD_M) / side), round((HALF_WORLD_M - ymax) / side))
    if query.get("REQUEST") != "GetTile":
        return None
    zoom = query["TILEMATRIX"].removeprefix("web:")
    return Tile(int(zoom), int(query["TILECOL"]), int(query["TILEROW"]))


@dataclass(frozen=True)
class Reply:
    """What the server says to one request.

    cut_after: bytes, then the connection breaks; delay_s: before the first byte
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "image/png"
    cut_after: int | None = None
    delay_s: float = 0.0
    says_length: bool = True


@dataclass
class Asked:
    """One request."""

    tile: Tile
    path: str
    headers: Message
    when: float


@dataclass
class TileServer:
    """The server's address and memory, and what it answers: `reply_to(tile, nth request of it)`."""

    url: str = ""
    reply_to: Callable[[Tile, int], Reply] = lambda tile, nth: Reply(body=tile_png(tile))
    documents: dict[str, Reply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def template(self) -> str:
        return f"{self.url}/{{z}}/{{x}}/{{y}}.png"

    @property
    def counts(self) -> Counter[Tile]:
        """How often each tile was asked for."""
        return Counter(asked.tile for asked in self.asked)


@contextmanager
def tile_server(secured: ssl.SSLContext | None = None) -> Iterator[TileServer]:
    """A server of coordinate tiles at URL/z/x/y, until told otherwise.

    secured: by whose certificate it speaks https
    """
    state = TileServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path in state.documents:
                self._send(state.documents[path])
                return
            tile = _tile_of(self.path)
            if tile is None:
                self._send(Reply(404))
                return
            with state.lock:
                state.asked.append(Asked(tile, self.path, self.headers, time.monotonic()))
                nth = state.counts[tile]
                state.at_once += 1
                state.most_at_once = max(state.most_at_once, state.at_once)
            try:
                self._send(state.reply_to(tile, nth))
            finally:
                with state.lock:
                    state.at_once -= 1

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.delay_s)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            if reply.says_length:
                self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut_after])
            if reply.cut_after is not None or not reply.says_length:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """The tests' output is no place for an access log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        http_server.daemon_threads = True
        http_server.block_on_close = False
        http_server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=http_server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        if secured is not None:
            http_server.socket = secured.wrap_socket(http_server.socket, server_side=True)
        scheme = "http" if secured is None else "https"
        state.url = f"{scheme}://127.0.0.1:{http_server.server_port}"
        yield state
        http_server.shutdown()
        thread.join()
