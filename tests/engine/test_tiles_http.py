"""The manners of who fetches tiles: who asks, how often, how long, by which way."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import replace
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import pytest

from encoder_tool.errors import TileError
from encoder_tool.tiles.store import TILES_VARIABLE
from encoder_tool.tiles.web_client import HOMEPAGE, NoAnswerError, WebClient
from encoder_tool.tiles.web_mercator import Tile
from encoder_tool.version import version
from tests.support.cli import REPOSITORY
from tests.support.tile_faults import TILES, good, right
from tests.support.tile_requests import QUICK, asked, make
from tests.support.tile_server import Reply, TileServer, tile_png, tile_server


@pytest.mark.parametrize("by_date", [False, True])
def test_retry_after_holds_all_connections(
    tile_site: TileServer, tmp_path: Path, by_date: bool
) -> None:
    """Nobody asks sooner than told, by seconds or by the second of a clock."""
    told: list[float] = []

    def busy(tile: Tile, nth: int) -> Reply:
        if told:
            return good(tile)
        now = time.time()
        told.append(int(now) + 2 if by_date else now + 1)
        after = formatdate(told[0], usegmt=True) if by_date else "1"
        return Reply(429, headers={"Retry-After": after})

    tile_site.reply_to = busy
    make(asked(tile_site.template, tmp_path / "o.tif", connections=1))
    assert right(tmp_path / "o.tif")
    assert len(tile_site.asked) == TILES + 1
    waited_until = time.time() - (time.monotonic() - tile_site.asked[1].when)
    assert waited_until >= told[0] - 0.05


def test_a_long_retry_after_ends_the_run(tile_site: TileServer, tmp_path: Path) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(429, headers={"Retry-After": "3600"})
    with pytest.raises(TileError, match=r"asks to come back in 3600 seconds \(429 Too Many"):
        make(asked(tile_site.template, tmp_path / "o.tif"))
    assert len(tile_site.asked) <= 4


def test_a_server_that_wants_a_key(tile_site: TileServer, tmp_path: Path) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(401)
    with pytest.raises(TileError, match=r"127\.0\.0\.1 wants to know who asks \(401") as raised:
        make(asked(f"{tile_site.template}?key=sesame", tmp_path / "o.tif"))
    assert "sesame" not in str(raised.value)
    assert len(tile_site.asked) <= 4


def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TILES_VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(TileError, match="cannot be reached"):
        make(asked("http://127.0.0.1:9/{z}/{x}/{y}", tmp_path / "o.tif"))


def test_a_key_is_not_in_what_is_told_of_an_error() -> None:
    """Not in the traceback either, which --debug prints."""
    key = "sesame"
    with pytest.raises(NoAnswerError) as raised:
        WebClient(1, QUICK).get(f"http://127.0.0.1:9/1/2/3?key={key}", {})
    assert key not in "".join(traceback.format_exception(raised.value))


def test_the_server_is_told_who_asks_and_asked_politely(
    tile_site: TileServer, tmp_path: Path
) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(body=tile_png(tile), delay_s=0.05)
    make(asked(tile_site.template, tmp_path / "a.tif", connections=2))
    assert tile_site.most_at_once == 2
    agent = tile_site.asked[0].headers["User-Agent"]
    assert agent == f"encoder-tool/{version()} (+{HOMEPAGE})"
    assert f"homepage={HOMEPAGE}\n" in (REPOSITORY / "metadata.txt").read_text("utf-8")
    make(asked(f"{tile_site.template}?2", tmp_path / "b.tif"))
    assert tile_site.most_at_once <= 4


def test_a_drip_is_too_slow(tile_site: TileServer, tmp_path: Path) -> None:
    """A byte now and then breaks no silence; all of a response has a limit of its own."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Drip(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            for _ in range(200):
                try:
                    self.wfile.write(b"x" * 70_000)
                except OSError:
                    return
                time.sleep(0.05)

        def log_message(self, format: str, *args: object) -> None:
            """No access log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Drip) as drip:
        thread = threading.Thread(target=drip.serve_forever, args=(0.01,))
        thread.start()
        patience = replace(QUICK, attempts=1, whole_s=0.3)
        url = f"http://127.0.0.1:{drip.server_port}/{{z}}/{{x}}/{{y}}"
        with pytest.raises(TileError, match=r"the answer took longer than 0\.3 s"):
            make(asked(url, tmp_path / "o.tif"), patience)
        drip.shutdown()
        thread.join()


def test_a_flood_is_cut_off(
    tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compressed too: what it unpacks to is what counts."""
    import gzip

    body = gzip.compress(bytes(40 << 20))
    tile_site.reply_to = lambda tile, nth: Reply(body=body, headers={"Content-Encoding": "gzip"})
    with pytest.raises(TileError, match="the answer is larger than 16 MiB"):
        make(asked(tile_site.template, tmp_path / "o.tif"), replace(QUICK, attempts=1))


def test_redirects_are_followed_but_not_in_circles(tile_site: TileServer, tmp_path: Path) -> None:
    tile_site.reply_to = lambda tile, nth: (
        Reply(302, headers={"Location": f"/{tile}.png?there"}) if nth == 1 else good(tile)
    )
    make(asked(tile_site.template, tmp_path / "o.tif"))
    assert right(tmp_path / "o.tif")
    tile_site.reply_to = lambda tile, nth: Reply(302, headers={"Location": f"/{tile}.png"})
    with pytest.raises(TileError, match="from one address to the next"):
        make(asked(f"{tile_site.template}?2", tmp_path / "p.tif"))


def test_waits_grow_between_attempts(tile_site: TileServer, tmp_path: Path) -> None:
    tile_site.reply_to = lambda tile, nth: Reply(500)
    with pytest.raises(TileError):
        make(
            asked(tile_site.template, tmp_path / "o.tif", connections=1),
            replace(QUICK, attempts=4, first_wait_s=0.04),
        )
    tile = tile_site.asked[0].tile
    times = [request.when for request in tile_site.asked if request.tile == tile]
    # No sooner than three quarters of 0.04, 0.08 and 0.16 seconds.
    assert [b - a >= 0.03 * 2**n for n, (a, b) in enumerate(pairwise(times))] == [True] * 3


def test_a_proxy_of_the_environment_is_used(
    tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server plays the proxy: it is asked for another host's address, in full."""
    from encoder_tool.tiles import web_client

    monkeypatch.setenv("http_proxy", tile_site.url.replace("//", "//user:pass%20word@"))
    monkeypatch.setenv("no_proxy", "")
    web_client._proxies.cache_clear()
    try:
        tile_site.documents = {}
        seen: list[str] = []

        def reply(tile: Tile, nth: int) -> Reply:
            seen.append(tile_site.asked[-1].path)
            return good(tile)

        tile_site.reply_to = reply
        make(asked("http://tiles.invalid/{z}/{x}/{y}.png", tmp_path / "o.tif"))
    finally:
        web_client._proxies.cache_clear()
    assert all(re.match(r"http://tiles\.invalid/14/", path) for path in seen)
    assert tile_site.asked[0].headers["Proxy-Authorization"] == "Basic dXNlcjpwYXNzIHdvcmQ="


@pytest.mark.parametrize("variable", ["http_proxy", "all_proxy"])
def test_a_socks_proxy_is_told(
    tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """In one sentence, at once, and without its password."""
    from encoder_tool.tiles import web_client

    monkeypatch.setenv(variable, "socks5h://user:sesame@proxy.example:1080")
    monkeypatch.setenv("no_proxy", "")
    web_client._proxies.cache_clear()
    try:
        with pytest.raises(TileError) as raised:
            make(asked(tile_site.template, tmp_path / "o.tif"))
    finally:
        web_client._proxies.cache_clear()
    assert raised.value.message == (
        "The proxy socks5h://proxy.example:1080 is a SOCKS proxy, and tiles are fetched through "
        "HTTP proxies only."
    )
    assert raised.value.hint is not None and "http_proxy" in raised.value.hint
    assert not tile_site.asked


def test_certificates_are_the_systems(
    tile_site: TileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that the system does not know is refused at once; one that it was told of is taken."""
    openssl = shutil.which("openssl")
    if openssl is None or sys.platform in ("win32", "darwin"):
        pytest.skip("a certificate is made by openssl, and made known by OpenSSL's variable")
    certificate = tmp_path / "both.pem"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", tmp_path / "key.pem", "-out", certificate,
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, tmp_path / "key.pem")
    monkeypatch.setenv("no_proxy", "localhost")
    with tile_server(context) as secure:
        template = secure.template.replace("127.0.0.1", "localhost")
        with pytest.raises(TileError, match="certificate of localhost is not trusted"):
            make(asked(template, tmp_path / "o.tif"))
        assert not secure.asked
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        make(asked(template, tmp_path / "o.tif"))
        assert right(tmp_path / "o.tif")
