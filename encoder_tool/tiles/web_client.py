"""One HTTP request: the system's proxies and certificates, bounded in time and in size.

urllib3 keeps connections open, which urllib does not: hundreds of tiles come over a handful of
them. truststore asks the operating system which certificates to trust, so that those of a
company's own proxy count.
"""

from __future__ import annotations

import ssl
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import truststore
import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError, ProxySchemeUnknown, SSLError

from encoder_tool.errors import TileError
from encoder_tool.version import version

HOMEPAGE = "https://github.com/geosam-plugin/geosam-plugin"
"""Where those who run a tile server can reach us: metadata.txt's."""

MAX_TILE_BYTES = 16 << 20
MAX_DOCUMENT_BYTES = 64 << 20
"""Descriptions of large services: NASA's lists a thousand layers in 5 MB."""

_ACCEPT = "image/png,image/jpeg,image/webp,*/*;q=0.5"
_BLOCK_BYTES = 1 << 16
_MAX_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take, and how often it is asked.

    attempts: at a tile, the first one included
    failures: tiles in a row that may fail after all attempts; then the server is left alone
    first_wait_s: before the second attempt; each further wait is twice as long
    longest_wait_s: what a server may ask to wait; when it asks for more, the run ends
    connect_s: until there is a connection; silence_s: until the next byte comes
    whole_s: until all of a response is there
    """

    attempts: int = 5
    failures: int = 10
    first_wait_s: float = 1.0
    longest_wait_s: float = 120.0
    connect_s: float = 10.0
    silence_s: float = 30.0
    whole_s: float = 120.0


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response; `headers` by name, in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswerError(Exception):
    """The server did not answer, or not to the end; another attempt may help."""


class NotReachedError(NoAnswerError):
    """There was no connection at all."""


def user_agent() -> str:
    """Names this program, its version and where its people can be reached."""
    return f"encoder-tool/{version()} (+{HOMEPAGE})"


class WebClient:
    """Fetches from http and https; threads may share it."""

    def __init__(self, connections: int, patience: Patience = PATIENCE) -> None:
        self._connections = connections
        self._patience = patience
        self._timeout = urllib3.Timeout(connect=patience.connect_s, read=patience.silence_s)
        self._retries = urllib3.Retry(
            total=_MAX_REDIRECTS, redirect=_MAX_REDIRECTS, connect=0, read=0, status=0, other=0,
            respect_retry_after_header=False,
        )  # fmt: skip
        self._pools: dict[str | None, urllib3.PoolManager] = {}

    def get(self, url: str, headers: Mapping[str, str], max_bytes: int = MAX_TILE_BYTES) -> Answer:
        """Raises NoAnswerError, and TileError for what no further attempt can help."""
        try:
            response = self._pool(_proxy_of(url)).request(
                "GET", url, headers={"User-Agent": user_agent(), "Accept": _ACCEPT, **headers},
                timeout=self._timeout, preload_content=False,
                # What is meant for one host, a key perhaps, does not go on to another.
                retries=self._retries.new(remove_headers_on_redirect=[*map(str.lower, headers)]),
            )  # fmt: skip
        except (HTTPError, OSError, ValueError) as error:
            raise _explained(error, url) from None  # its text may have the address, with a key
        try:
            body = self._body(response, max_bytes)
        except HTTPError as error:
            raise NoAnswerError("the connection was cut") from error
        finally:
            # A connection whose response was read to its end can serve the next request.
            response.release_conn()
        return Answer(response.status, response.headers, body)

    def _body(self, response: urllib3.BaseHTTPResponse, max_bytes: int) -> bytes:
        until = time.monotonic() + self._patience.whole_s
        body = bytearray()
        for block in response.stream(_BLOCK_BYTES):
            body += block
            if len(body) > max_bytes:
                response.close()
                raise NoAnswerError(f"the answer is larger than {max_bytes >> 20} MiB")
            if time.monotonic() > until:
                response.close()
                raise NoAnswerError(f"the answer took longer than {self._patience.whole_s:g} s")
        return bytes(body)

    def _pool(self, proxy: str | None) -> urllib3.PoolManager:
        if proxy not in self._pools:
            settings: dict[str, Any] = {
                "maxsize": self._connections,
                "ssl_context": truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            }
            self._pools[proxy] = (
                urllib3.PoolManager(**settings)
                if proxy is None
                else _proxy_manager(proxy, settings)
            )
        return self._pools[proxy]

    def close(self) -> None:
        for pool in self._pools.values():
            pool.clear()


def _proxy_manager(proxy: str, settings: dict[str, Any]) -> urllib3.ProxyManager:
    parts = urlsplit(proxy)
    user = unquote(parts.username or "")
    headers = (
        urllib3.make_headers(proxy_basic_auth=f"{user}:{unquote(parts.password or '')}")
        if user
        else None
    )
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    try:
        return urllib3.ProxyManager(address, proxy_headers=headers, **settings)
    except ProxySchemeUnknown as error:
        kind = "a SOCKS proxy" if parts.scheme.startswith("socks") else "no HTTP proxy"
        raise TileError(
            f"The proxy {address} is {kind}, and tiles are fetched through HTTP proxies only.",
            "Set http_proxy and https_proxy to one that begins with http.",
        ) from error


@cache
def _proxies() -> Mapping[str, str]:
    """Of the environment's variables, else of the system's settings (Windows, macOS)."""
    return urllib.request.getproxies()


def _proxy_of(url: str) -> str | None:
    parts = urlsplit(url)
    proxy = _proxies().get(parts.scheme) or _proxies().get("all")
    if not proxy or urllib.request.proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _explained(error: Exception, url: str) -> Exception:
    cause: object = error.reason if isinstance(error, MaxRetryError) else error
    if isinstance(cause, SSLError):
        return TileError(
            f"The certificate of {urlsplit(url).hostname} is not trusted ({cause}).",
            "Install the certificate of your network's proxy in the operating system.",
        )
    if isinstance(cause, urllib3.exceptions.ReadTimeoutError | TimeoutError):
        return NoAnswerError("the server did not answer in time")
    if isinstance(cause, urllib3.exceptions.ResponseError):
        return NoAnswerError("the server sends from one address to the next")
    if isinstance(cause, urllib3.exceptions.LocationParseError | ValueError):
        return TileError("The address of the tiles is no URL that can be.")
    if isinstance(cause, urllib3.exceptions.NewConnectionError):  # a host without a name, too
        return NotReachedError("the server cannot be reached")
    return NoAnswerError("the server cannot be reached, or broke off")
