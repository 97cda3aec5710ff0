"""The network as QGIS is set up for it: its proxy, its certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable
from urllib.parse import quote

from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QObject, QUrl
from qgis.PyQt.QtNetwork import (
    QNetworkProxy,
    QNetworkProxyFactory,
    QNetworkProxyQuery,
    QNetworkReply,
    QNetworkRequest,
)

TIMEOUT_MS = 60_000


@dataclass(frozen=True)
class ProxySettings:
    """QGIS's, as they are at the moment; hosts: those that are reached without the proxy."""

    proxy: QNetworkProxy
    hosts: tuple[str, ...]

    @classmethod
    def read(cls) -> ProxySettings:
        """On the thread of the user interface: QGIS has other settings for every thread."""
        manager = QgsNetworkAccessManager.instance()
        left_out = [*manager.excludeList(), *manager.noProxyList()]
        hosts = [QUrl.fromUserInput(url).host() for url in left_out if url]
        return cls(QNetworkProxy(manager.fallbackProxy()), tuple(hosts))

    def environment(self, url: str) -> dict[str, str]:
        """The variables by which uv and Python reach `url`; empty without a proxy.

        Slow where the system looks for its proxy: Windows may ask the network for it.
        """
        proxy = self.proxy
        if proxy.type() == QNetworkProxy.ProxyType.DefaultProxy:
            proxy = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url)))[0]
        address = proxy_url(proxy)
        if not address:
            return {}
        return {
            "HTTP_PROXY": address,
            "HTTPS_PROXY": address,
            "ALL_PROXY": address,
            "NO_PROXY": ",".join(["localhost", "127.0.0.1", *self.hosts]),
        }


def is_socks(variables: dict[str, str]) -> bool:
    """Whether these are of a proxy that is no HTTP proxy: uv knows such ones, the engine does
    not."""
    return variables.get("HTTPS_PROXY", "").startswith("socks")


def proxy_url(proxy: QNetworkProxy) -> str:
    """ "http://name:password@host:port" of a proxy, "" of none."""
    schemes = {
        QNetworkProxy.ProxyType.HttpProxy: "http",
        QNetworkProxy.ProxyType.HttpCachingProxy: "http",
        QNetworkProxy.ProxyType.Socks5Proxy: "socks5h",
    }
    scheme = schemes.get(proxy.type())
    if scheme is None or not proxy.hostName():
        return ""
    user = quote(proxy.user(), safe="")
    if proxy.password():
        user += ":" + quote(proxy.password(), safe="")
    port = f":{proxy.port()}" if proxy.port() else ""
    return f"{scheme}://{user}{'@' if user else ''}{proxy.hostName()}{port}"


class Download(QObject):
    """One file into memory, by QGIS's own network access; ends with one of the two callbacks."""

    def __init__(
        self,
        url: str,
        on_done: Callable[[bytes], None],
        on_error: Callable[[str], None],
        parent: QObject,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(parent)
        self._on_done, self._on_error = on_done, on_error
        request = QNetworkRequest(QUrl(url))
        request.setAttribute(
            QNetworkRequest.Attribute.RedirectPolicyAttribute,
            QNetworkRequest.RedirectPolicy.NoLessSafeRedirectPolicy,
        )
        request.setTransferTimeout(TIMEOUT_MS)
        for name, value in headers:
            request.setRawHeader(name.encode(), value.encode("latin-1", "replace"))
        self._reply = QgsNetworkAccessManager.instance().get(request)
        self._reply.finished.connect(self._finish)

    def cancel(self) -> None:
        """End it without any callback."""
        self._reply.finished.disconnect(self._finish)
        self._reply.abort()
        self._reply.deleteLater()

    def _finish(self) -> None:
        reply = self._reply
        reply.deleteLater()
        if reply.error() == QNetworkReply.NetworkError.NoError:
            self._on_done(bytes(reply.readAll()))
        else:
            self._on_error(reply.errorString())
