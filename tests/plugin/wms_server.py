"""A WMS on loopback that tells what it offers and remembers the last picture it was asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_CAPABILITIES = """<?xml version="1.0"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms"
    xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title>Town</Title><OnlineResource xlink:href="{url}"/></Service>
<Capability><Request>
{operations}
</Request><Exception><Format>XML</Format></Exception>
<Layer><Title>All</Title>{crs}
{layers}
</Layer></Capability></WMS_Capabilities>"""

_OPERATION = """<{name}><Format>{kind}</Format><DCPType><HTTP><Get>
<OnlineResource xlink:href="{url}"/></Get></HTTP></DCPType></{name}>"""

_LAYER = """<Layer><Name>{name}</Name><Title>{name}</Title><EX_GeographicBoundingBox>
<westBoundLongitude>5</westBoundLongitude><eastBoundLongitude>15</eastBoundLongitude>
<southBoundLatitude>47</southBoundLatitude><northBoundLatitude>62</northBoundLatitude>
</EX_GeographicBoundingBox>{dates}</Layer>"""

_DATES = """<Dimension name="time" units="ISO8601" default="2020-01-01">2019-01-01/2020-01-01/P1D
</Dimension>"""


def capabilities(url: str, systems: tuple[str, ...] = ("EPSG:3857", "EPSG:25832")) -> bytes:
    """What a WMS at `url` says of itself: layers ortho, names, and dated, in these CRSs."""
    operations = [
        _OPERATION.format(name=name, kind=kind, url=f"{url}?")
        for name, kind in (("GetCapabilities", "text/xml"), ("GetMap", "image/png"))
    ]
    layers = [
        _LAYER.format(name=name, dates=_DATES if name == "dated" else "")
        for name in ("ortho", "names", "dated")
    ]
    text = _CAPABILITIES.format(
        url=url,
        operations="".join(operations),
        crs="".join(f"<CRS>{system}</CRS>" for system in systems),
        layers="".join(layers),
    )
    return text.encode()


@contextmanager
def wms_server() -> Iterator[str]:
    """Its address; below it, /national does not have the web's CRS, and /last is the last GetMap.
    It has no pictures."""
    last = [""]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            wanted = parse_qs(parts.query).get("REQUEST", [""])[0]
            if parts.path.endswith("/last"):
                body = last[0].encode()
            elif wanted == "GetCapabilities":
                is_national = parts.path.endswith("/national")
                systems = ("EPSG:25832",) if is_national else ("EPSG:3857", "EPSG:25832")
                body = capabilities(f"{address}{parts.path}", systems)
            else:
                last[0], body = self.path, b""
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The tests' output is no place for an access log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"{address}/wms"
        server.shutdown()
        thread.join()
