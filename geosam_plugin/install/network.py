"""The network as QGIS is set up for it: its proxy, its certificates."""

from __future__ import annotations

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


def proxy_environment(index_url: str) -> dict[str, str]:
    """QGIS's proxy as the variables that uv and Python understand; empty without one."""
    manager = QgsNetworkAccessManager.instance()
    proxy = manager.fallbackProxy()
    if proxy.type() == QNetworkProxy.ProxyType.DefaultProxy:
        query = QNetworkProxyQuery(QUrl(index_url))
        proxy = QNetworkProxyFactory.systemProxyForQuery(query)[0]
    address = proxy_url(proxy)
    if not address:
        return {}
    left_out = [*manager.excludeList(), *manager.noProxyList()]
    hosts = [QUrl.fromUserInput(url).host() for url in left_out if url]
    return {
        "HTTP_PROXY": address,
        "HTTPS_PROXY": address,
        "ALL_PROXY": address,
        "NO_PROXY": ",".join(["localhost", "127.0.0.1", *hosts]),
    }


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
    ) -> None:
        super().__init__(parent)
        self._on_done, self._on_error = on_done, on_error
        request = QNetworkRequest(QUrl(url))
        request.setAttribute(
            QNetworkRequest.Attribute.RedirectPolicyAttribute,
            QNetworkRequest.RedirectPolicy.NoLessSafeRedirectPolicy,
        )
        request.setTransferTimeout(TIMEOUT_MS)
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
