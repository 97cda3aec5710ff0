"""A WMS on loopback that tells what it offers and remembers the last picture it was asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.support.wms_capabilities import capabilities


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
