"""QGIS's proxy, as the installer's programs are told of it."""

from __future__ import annotations

import pytest
from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtNetwork import QNetworkProxy

from geosam_plugin.install.network import ProxySettings, proxy_url

Type = QNetworkProxy.ProxyType


@pytest.mark.parametrize(
    ("proxy", "url"),
    [
        (QNetworkProxy(Type.HttpProxy, "proxy.example", 8080), "http://proxy.example:8080"),
        (
            QNetworkProxy(Type.HttpProxy, "proxy.example", 8080, "ann@corp", "a:b/c"),
            "http://ann%40corp:a%3Ab%2Fc@proxy.example:8080",
        ),
        (QNetworkProxy(Type.Socks5Proxy, "proxy.example", 1080), "socks5h://proxy.example:1080"),
        (QNetworkProxy(Type.NoProxy), ""),
    ],
)
def test_address(proxy: QNetworkProxy, url: str) -> None:
    assert proxy_url(proxy) == url


def test_environment(qgis_app: object) -> None:
    manager = QgsNetworkAccessManager.instance()
    before = manager.fallbackProxy(), manager.excludeList(), manager.noProxyList()
    try:
        manager.setFallbackProxyAndExcludes(
            QNetworkProxy(Type.HttpProxy, "proxy.example", 8080), ["http://intra.example/"], []
        )
        found = ProxySettings.read().environment("https://pypi.org/simple")
        assert found["HTTPS_PROXY"] == found["HTTP_PROXY"] == "http://proxy.example:8080"
        assert "intra.example" in found["NO_PROXY"].split(",")
    finally:
        manager.setFallbackProxyAndExcludes(*before)
