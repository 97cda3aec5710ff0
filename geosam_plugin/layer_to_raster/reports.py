"""What goes wrong while a layer is read, in its own words. QGIS leaves a hole and says why in
various places, or, of a tile that is not there, in none: who looks at the picture alone takes it
for a part of the map."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from urllib.parse import unquote

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsNetworkAccessManager,
    QgsNetworkReplyContent,
    QgsNetworkRequestParameters,
    QgsRasterBlockFeedback,
)
from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt, QThread, pyqtSignal
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

FLUSH_S = 5.0
"""How long the main thread may take to say what it has heard; nobody waits for ever for one that
is busy."""

_AGAIN = (408, 425, 429)
"""Of the server's answers that blame the request, those that may be another one next time."""

_HOST = re.compile(r"https?://([^/?&\s]+)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(https?://)(?:[^\s/?#]*@)?([^\s/?#]*)\S*?(?=[)\]>\"'.,;:]*(?:\s|$))", re.IGNORECASE
)
_QUERY = re.compile(r"\?\S*")


@dataclass(frozen=True)
class Report:
    """is_lasting: asking again would not help"""

    text: str
    is_lasting: bool = False


class LayerReports(QObject):
    """Listens from `__init__`, on the main thread, until `close`; the layer is read on the thread
    that calls `listen_here`.

    sources: addresses of the layers
    """

    _flushWanted = pyqtSignal()  # noqa: N815 - Qt's way

    def __init__(self, sources: list[str]) -> None:
        super().__init__()
        self._hosts = _hosts_of(sources)
        self._reports: list[Report] = []
        self._reader = 0
        self._flushed = threading.Event()
        network = QgsNetworkAccessManager.instance()
        # Kept, since PyQt finds no method of another thread's.
        self._connections = [
            network.finished[QgsNetworkReplyContent].connect(self._on_reply),
            network.requestTimedOut[QgsNetworkRequestParameters].connect(self._on_timeout),
        ]
        self._flushWanted.connect(self._flushed.set, Qt.ConnectionType.QueuedConnection)

    def listen_here(self) -> None:
        """What QGIS logs on this thread is the layer's."""
        self._reader = threading.get_ident()
        log = QgsApplication.messageLog()
        self._connections.append(
            log.messageReceived.connect(self._on_message, Qt.ConnectionType.DirectConnection)
        )

    def close(self) -> None:
        for connection in self._connections:
            QObject.disconnect(connection)
        self._connections.clear()

    def take(self, feedback: QgsRasterBlockFeedback | None = None) -> list[Report]:
        """What was said since the last time; on the reader's thread.

        feedback: of a block that was read
        """
        self._flush()
        said, self._reports = self._reports, []
        return said + [Report(_told(text)) for text in (feedback.errors() if feedback else ())]

    def _flush(self) -> None:
        """Replies are told on the main thread: what was sent to it before this has come after."""
        self._flushed.clear()
        self._flushWanted.emit()
        if QThread.currentThread() == self.thread():
            while not self._flushed.is_set():
                QCoreApplication.processEvents()
        else:
            self._flushed.wait(FLUSH_S)

    def _on_reply(self, reply: QgsNetworkReplyContent) -> None:
        canceled = QNetworkReply.NetworkError.OperationCanceledError
        if reply.error() in (QNetworkReply.NetworkError.NoError, canceled):
            return
        if self._is_ours(reply.request()):
            status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) or 0
            is_lasting = 400 <= status < 500 and status not in _AGAIN
            self._reports.append(Report(_told(reply.errorString()), is_lasting))

    def _on_timeout(self, asked: QgsNetworkRequestParameters) -> None:
        if self._is_ours(asked.request()):
            text = QCoreApplication.translate("GeoSAM", "the server did not answer in time")
            self._reports.append(Report(f"{_told(asked.request().url().toString())}: {text}"))

    def _on_message(self, text: str, _tag: str, level: Qgis.MessageLevel) -> None:
        is_bad = level in (Qgis.MessageLevel.Warning, Qgis.MessageLevel.Critical)
        if is_bad and threading.get_ident() == self._reader:
            self._reports.append(Report(_told(text)))

    def _is_ours(self, request: QNetworkRequest) -> bool:
        return not self._hosts or request.url().authority() in self._hosts


def _hosts_of(sources: list[str]) -> frozenset[str]:
    """Empty where that cannot be told, as of servers that take turns."""
    found = [_HOST.findall(unquote(source)) for source in sources]
    hosts = frozenset(host.rpartition("@")[2] for of_one in found for host in of_one)
    return frozenset() if any("{" in host for host in hosts) or not all(found) else hosts


def _told(text: str) -> str:
    """Of addresses only the host: a key may be anywhere else."""
    return _QUERY.sub("", _ADDRESS.sub(r"\1\2", " ".join(text.split())))
