"""A procedural scene as a web map, in a process of its own, for QGIS: tiles and a WMS on loopback.

    python -m tests.support.tile_site FOLDER

Writes the outlines of its objects (EPSG:3857) to FOLDER/truth.geojson, and its address as the
first line. Then it does what each line of its input says, and answers with one: "counts" (how
often the engine has asked for each picture, JSON), "forget" (start counting anew), "fail" and
"mend" (answer with an error, or not any more), until its input ends. What QGIS itself asks for, to
draw its map, is not counted.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import pi
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import numpy.typing as npt

from encoder_tool.scene import SceneObject, make_scene
from tests.support.tile_server import encoded
from tests.support.wms_capabilities import capabilities

ZOOM = 18
X_FIRST, Y_FIRST = 140_000, 76_796
"""At 59.9 degrees north, where a pixel of the zoom has the scene's 0.3 m. The northern half is in
another block of 64 tiles than the southern one."""

SIDE, SEED = 8, 5
TILE_PX = 256
COARSEST = 10

GREY = 128
"""The world around the scene."""

HALF_WORLD_M = pi * 6_378_137
PIXEL_M = 2 * HALF_WORLD_M / (TILE_PX << ZOOM)

ENGINE = "encoder-tool/"


class Site:
    """What is on the map, and what was asked of it."""

    def __init__(self) -> None:
        self.scene = make_scene(SIDE * TILE_PX, SEED)
        self.counts: Counter[str] = Counter()
        self.fails = False
        self.lock = threading.Lock()

    def tile(self, zoom: int, x: int, y: int) -> bytes:
        span = TILE_PX * 2.0 ** (ZOOM - zoom)
        return self.picture(x * span, y * span, span, TILE_PX)

    def get_map(self, query: dict[str, str]) -> bytes:
        assert (query["LAYERS"], query["CRS"]) == ("ortho", "EPSG:3857")
        xmin, _, xmax, ymax = map(float, query["BBOX"].split(","))
        left, top = (xmin + HALF_WORLD_M) / PIXEL_M, (HALF_WORLD_M - ymax) / PIXEL_M
        return self.picture(left, top, (xmax - xmin) / PIXEL_M, int(query["WIDTH"]))

    def picture(self, left: float, top: float, span: float, size: int) -> bytes:
        """A square of the world in pixels of ZOOM, drawn `size` pixels wide: averaged where it
        is coarser."""
        ratio = span / size
        level = min(max(int(np.floor(np.log2(ratio))), 0), COARSEST)
        middles = ratio * (np.arange(size) + 0.5)
        columns, rows = middles + left - X_FIRST * TILE_PX, middles + top - Y_FIRST * TILE_PX
        inside_x, inside_y = (
            (places >= 0) & (places < SIDE * TILE_PX) for places in (columns, rows)
        )
        drawn = np.full((size, size, 3), GREY, np.uint8)
        if inside_x.any() and inside_y.any():
            places = (rows[inside_y].astype(int) >> level, columns[inside_x].astype(int) >> level)
            drawn[np.ix_(inside_y, inside_x)] = self.halved(level)[np.ix_(*places)]
        return encoded(drawn, "JPEG", quality=92)

    @cache  # noqa: B019 - there is one site
    def halved(self, times: int) -> npt.NDArray[np.uint8]:
        """The scene's picture, averaged."""
        count = SIDE * TILE_PX >> times
        blocks = self.scene.image.reshape(count, 1 << times, count, 1 << times, 3)
        return blocks.mean(axis=(1, 3)).round().astype(np.uint8)


def outline(one: SceneObject) -> list[list[float]]:
    """In EPSG:3857; the last point is the first."""
    ring = np.vstack([one.exterior, one.exterior[:1]])
    x = (ring[:, 0] + X_FIRST * TILE_PX) * PIXEL_M - HALF_WORLD_M
    y = HALF_WORLD_M - (ring[:, 1] + Y_FIRST * TILE_PX) * PIXEL_M
    return np.column_stack([x, y]).tolist()


def truth(site: Site) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"class": one.class_name},
            "geometry": {"type": "Polygon", "coordinates": [outline(one)]},
        }
        for one in site.scene.objects
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": features})


def handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            if query.get("REQUEST") == "GetCapabilities":
                host = self.headers["Host"]
                self._send(200, capabilities(f"http://{host}{parts.path}"), "text/xml")
                return
            if (self.headers["User-Agent"] or "").startswith(ENGINE):
                with site.lock:
                    site.counts[self.path] += 1
                if site.fails:
                    self._send(403, b"")  # which no other attempt can help
                    return
            if query.get("REQUEST") == "GetMap":
                self._send(200, site.get_map(query))
            else:
                zoom, x, y = (int(n) for n in parts.path.strip("/").split(".")[0].split("/")[-3:])
                self._send(200, site.tile(zoom, x, y))

        def _send(self, status: int, body: bytes, kind: str = "image/jpeg") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The tests' output is no place for an access log."""

    return Handler


def obey(site: Site, line: str) -> str:
    if line == "counts":
        with site.lock:
            return json.dumps(site.counts)
    if line == "forget":
        with site.lock:
            site.counts.clear()
    elif line in ("fail", "mend"):
        site.fails = line == "fail"
    return "done"


def main(folder: str) -> None:
    site = Site()
    Path(folder, "truth.geojson").write_text(truth(site), encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(site))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    say(f"http://127.0.0.1:{server.server_port}")
    for line in sys.stdin:
        say(obey(site, line.strip()))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
