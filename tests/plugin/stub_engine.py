"""A worker that pretends, for an image that is a row of patches; quick, and without packages.

    python stub_engine.py FILE [crash] [full] [gate] [lost] [long] [large] [flips] [odd]

FILE: takes down what is asked of all of them, a line of JSON each
crash: every encode dies with its second patch
full: there is no room on the disk
gate: no patch is encoded before there is a file FILE.open
lost: tiles are missing until there is a file FILE.open, which is told when there is FILE.fail
large: the tiles of web maps have 512 pixels a side
flips: they have 512 where 256 are expected, and 256 where 512 are
odd: they have 300
long: every object goes on in the next two patches

Of a block of a web map only what a focus wants is encoded: its own patch, and those that meet its
extent. Then the next focus is waited for.
"""

from __future__ import annotations

import base64
import json
import queue
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any

PATCH_S = 0.05
PATCHES = 200
PATCH_M = 100.0
"""Of ten pixels each."""
LEFT, BOTTOM = 500_000.0, 4_600_000.0

Params = dict[str, Any]

asked: queue.Queue[dict[str, Any] | None] = queue.Queue()


class RefusalError(Exception):
    """Answered as an error of this type."""


def receive() -> None:
    read = sys.stdin.buffer.read
    while len(size := read(4)) == 4:
        asked.put(json.loads(read(int.from_bytes(size, "little"))))
    asked.put(None)


def send(request_id: int, **answer: Any) -> None:
    content = json.dumps({"id": request_id, **answer}).encode()
    sys.stdout.buffer.write(len(content).to_bytes(4, "little") + content)
    sys.stdout.buffer.flush()


def take(seconds: float | None) -> dict[str, Any] | None:
    """A request; None when none has come for so long. The end of the input ends the program."""
    try:
        request = asked.get(timeout=seconds)
    except queue.Empty:
        return None
    if request is None:
        sys.exit()
    return request


# --- the cache: a folder with a file for each patch


def present(cache: Path) -> list[int]:
    return [k for k in range(PATCHES) if (cache / str(k)).exists()]


def patch_of(place: Params) -> int:
    x = place["point"][0] if "point" in place else sum(place["bounds"][::2]) / 2
    return min(max(int((x - LEFT) // PATCH_M), 0), PATCHES - 1)


def described(params: Params) -> Params:
    cache = Path(params["cache"])
    if not cache.exists():
        raise RefusalError("CacheNotFoundError")
    done = present(cache)
    width = PATCHES * PATCH_M
    return {
        "path": str(cache), "raster": "row.tif", "model": "nano", "pixel_size": [10.0, 10.0],
        "bounds": [LEFT, BOTTOM, LEFT + width, BOTTOM + PATCH_M],
        "levels": [{"level": 0, "rows": 1, "cols": PATCHES, "present": len(done), "empty": 0,
                    "pixel_size": [10.0, 10.0]}],
        "manifest": {"grid": {"patch": 10, "stride": 10}, "dtype": "float16", "bands": [1],
                     "raster": {"transform": [10.0, 0.0, LEFT, 0.0, -10.0, BOTTOM + PATCH_M]}},
        **({"raster_state": "unchanged"} if params.get("raster") else {}),
    }  # fmt: skip


def predicted(params: Params, patches: int = 1) -> Params:
    """A square of 10 m about the first click; in so many patches, as far as they are there."""
    cache = Path(params["cache"])
    if not cache.exists():
        raise RefusalError("CacheNotFoundError")
    x, y = params["include"][0]
    first, there = patch_of({"point": [x, y]}), present(cache)
    if first not in there:
        raise RefusalError("NotEncodedError")
    more = next((k for k in range(first, first + patches) if k not in there), None)
    end = x + 5 + PATCH_M * ((patches if more is None else more - first) - 1)
    corners = [(x - 5, y - 5), (end, y - 5), (end, y + 5), (x - 5, y + 5), (x - 5, y - 5)]
    ring = struct.pack("<I", 5) + b"".join(struct.pack("<2d", *corner) for corner in corners)
    wkb = base64.b64encode(struct.pack("<BII", 1, 3, 1) + ring).decode()
    missing = [] if more is None else [[0, 0, more]]
    found = {"candidate": 1, "score": 0.9, "area_px": 100.0, "wkb": wkb, "missing": missing}
    return {"objects": [found], "level": 0, "patch": [0, 0], "timings_ms": {"total": 1.0}}


class Encode:
    """What is left, in the order in which it is wanted."""

    def __init__(self, request: dict[str, Any], gate: Path | None) -> None:
        """gate: a file without which nothing is encoded; None for none"""
        self._gate = gate
        self.id = request["id"]
        self._cache = Path(request["params"]["out"])
        self._follows = request["params"]["raster"].endswith(".tiles.json")
        self._absent = [k for k in range(PATCHES) if k not in present(self._cache)]
        self._left = list(self._absent)
        self.done = 0
        self._held_until = 0.0
        self.turn(request["params"]["focus"])
        self._tell([])

    def turn(self, place: Params) -> None:
        self._place = place
        if self._follows:
            west, _, east, _ = place.get("extent", [0.0] * 4)
            seen = range(int((west - LEFT) // PATCH_M), int((east - LEFT) // PATCH_M) + 1)
            self._left = [k for k in self._absent if k in seen or k == patch_of(place)]
        self._left.sort(key=lambda k: abs(k - patch_of(place)))

    def hold(self, seconds: float) -> None:
        self._held_until = time.monotonic() + seconds

    def step(self) -> bool:
        """Encode a patch, unless it is held; False when there is none left, nor will be."""
        is_open = self._gate is None or self._gate.exists()
        if self._left and is_open and time.monotonic() >= self._held_until:
            patch = self._left.pop(0)
            self._absent.remove(patch)
            self.done += 1
            self._cache.mkdir(exist_ok=True)
            (self._cache / "zarr.json").touch()
            (self._cache / str(patch)).touch()
            self._tell([[0, 0, patch]])
        return bool(self._left) or self._follows

    def _tell(self, committed: list[list[int]]) -> None:
        total = self.done + len(self._left)
        told = {"done": self.done, "total": total, "seconds": 0.0, "eta_s": None}
        focus = {"focus": {"patch": [0, 0, patch_of(self._place)], "committed": False}}
        send(self.id, progress={**told, "committed": committed, **focus})


def main(record: str, *how: str) -> None:
    threading.Thread(target=receive, daemon=True).start()
    encode: Encode | None = None
    while True:
        request = take(PATCH_S if encode else None)
        if request is None:
            if encode is not None and not encode.step():
                send(encode.id, result={})
                encode = None
            elif encode is not None and encode.done == 2 and "crash" in how:
                sys.exit(3)
            continue
        method, params = request["method"], request.get("params", {})
        with Path(record).open("a", encoding="utf-8") as file:
            file.write(json.dumps([method, params]) + "\n")
        if method == "encode" and (tile_px := other_tile_px(how, params)):
            told = {"type": "TileSizeError", "message": "", "details": {"tile_px": tile_px}}
            send(request["id"], error=told)
            continue
        is_lost = "lost" in how and not Path(f"{record}.open").exists()
        if method == "encode" and "full" not in how and not is_lost:
            sys.stderr.write("encoding\n")
            encode = Encode(request, Path(f"{record}.open") if "gate" in how else None)
            continue
        try:
            if method == "encode" and is_lost:
                while not Path(f"{record}.fail").exists():
                    time.sleep(0.01)
                raise RefusalError("MissingTilesError")
            result = predicted(params, 3) if method == "predict" and "long" in how else None
            send(request["id"], result=result or answer(encode, method, params))
        except RefusalError as error:
            told = {"type": str(error), "message": "It cannot be done."}
            if method == "predict" and params.get("include"):
                x, y = params["include"][0]
                told["details"] = {"extent": [x - 30, y - 30, x + 30, y + 30]}
            send(request["id"], error=told)
        if method == "cancel" and encode is not None:
            encode.step()  # the patch at hand is done
            send(encode.id, error={"type": "Cancelled", "message": "Stopped."})
            encode = None


def other_tile_px(how: tuple[str, ...], params: Params) -> int:
    """That the tiles have, where they have not what is said of them; else 0."""
    if "large" in how and said_tile_px(params) != 512:
        return 512
    if "flips" in how:
        return 512 if said_tile_px(params) == 256 else 256
    return 300 if "odd" in how else 0


def said_tile_px(params: Params) -> int:
    """Of the block of a web map that is to be encoded."""
    said: int = json.loads(Path(params["raster"]).read_text(encoding="utf-8"))["tile_px"]
    return said


def answer(encode: Encode | None, method: str, params: Params) -> Params:
    if method == "encode":
        raise RefusalError("DiskFullError")
    if method == "open":
        return described(params)
    if method == "predict":
        return predicted(params)
    if method == "focus" and encode is not None:
        encode.turn(params)
    if method == "hold" and encode is not None:
        encode.hold(params["seconds"])
    if method == "ping":
        return {"busy": None, "queued": 0}
    return {"protocol": 1} if method == "hello" else {}


if __name__ == "__main__":
    main(*sys.argv[1:])
