"""The tile server as a program, for tests in QGIS's Python, which lacks the engine's packages.

    python serve_tiles.py

Prints its address. Each line of its input is a command in JSON, answered by a line:

    {"reply": KIND, "tile_px": 256}   what it answers from now on: one of KINDS
    {"asked": true}                   the tiles that it was asked for since the last such question

Besides tiles it is a WMS of the same pixels, at URL/wms, and a WCS, at URL/wcs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

# At the end: the engine is the one that is to be tested.
sys.path.append(str(Path(__file__).resolve().parents[2]))

import numpy as np

from encoder_tool.tiles.web_mercator import Tile
from tests.support.scene_tiles import SceneTiles
from tests.support.tile_server import Reply, TileServer, encoded, tile_png, tile_server

SLOW_S = 0.5


def _coordinates(tile: Tile, tile_px: int) -> Reply:
    return Reply(body=tile_png(tile, tile_px))


@lru_cache
def drawn_scene() -> SceneTiles:
    """Drawing it takes seconds, in which a client gives up on a tile and asks again."""
    tiles = SceneTiles()
    assert tiles.scene.objects
    return tiles


def kinds(tile_px: int) -> dict[str, Callable[[Tile, int], Reply]]:
    """What can be answered to the nth request of a tile."""
    clear = Reply(body=encoded(np.zeros((tile_px, tile_px, 4), np.uint8)))

    def good(tile: Tile, nth: int) -> Reply:
        return _coordinates(tile, tile_px)

    def every_fourth(reply: Reply) -> Callable[[Tile, int], Reply]:
        return lambda tile, nth: reply if (tile.x, tile.y % 2) == (8875, 0) else good(tile, nth)

    return {
        "good": good,
        "404": lambda tile, nth: Reply(404, b"no", kind="text/plain"),
        "500": lambda tile, nth: Reply(500, b"broken", kind="text/plain"),
        "html": lambda tile, nth: Reply(body=b"<html>Log in</html>", kind="text/html"),
        "not an image": lambda tile, nth: Reply(body=b"<html>Log in</html>"),
        "empty": lambda tile, nth: Reply(body=b""),
        "cut": lambda tile, nth: Reply(body=tile_png(tile, tile_px), cut_after=100),
        "some 404": every_fourth(Reply(404, b"no", kind="text/plain")),
        "some clear": every_fourth(clear),
        "clear": lambda tile, nth: clear,
        "once 503": lambda tile, nth: good(tile, nth) if nth > 1 else Reply(503, b"busy"),
        "slow": lambda tile, nth: Reply(body=tile_png(tile, tile_px), delay_s=SLOW_S),
        "scene": lambda tile, nth: drawn_scene().reply(tile, nth),
    }


def _obey(server: TileServer, command: dict[str, object]) -> object:
    if command.get("reply") == "scene":
        drawn_scene()
    if "reply" in command:
        server.reply_to = kinds(int(str(command.get("tile_px", 256))))[str(command["reply"])]
        return None
    with server.lock:
        asked, server.asked[:] = list(server.asked), []
    return [list(one.tile) for one in asked]


def main() -> None:
    with tile_server() as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        for line in sys.stdin:
            sys.stdout.write(json.dumps(_obey(server, json.loads(line))) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
