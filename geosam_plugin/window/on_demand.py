"""Clicks in images that are not encoded yet, or not wholly: what is clicked is encoded first,
then what is around it, while the user goes on."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import Qgis, QgsRasterLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QElapsedTimer, QObject, QTimer, pyqtSignal

from geosam_plugin.cache_finder import remember_cache
from geosam_plugin.cache_paths import cache_name, default_cache_path
from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.draft import PatchKey
from geosam_plugin.clicking.fill import Fill, FillState, Place
from geosam_plugin.clicking.filling import begin_filling, end_filled, end_unfilled, grow
from geosam_plugin.clicking.image import ClickedImage
from geosam_plugin.clicking.map_overlay import MapOverlay
from geosam_plugin.engine.client import FAILED, STOPPED, EngineClient
from geosam_plugin.engine.command import with_variables
from geosam_plugin.engine.encoding import SteeredEncode
from geosam_plugin.engine.protocol import EngineError
from geosam_plugin.engine.sentences import tell
from geosam_plugin.errands import Errands
from geosam_plugin.install.installer import downloaded_model
from geosam_plugin.install.network import ProxySettings, is_socks
from geosam_plugin.models import MODELS
from geosam_plugin.raster_axes import is_file_placed_by_points, say_placed_by_points
from geosam_plugin.window.dock import GeoSamDock
from geosam_plugin.window.encode_request import more_of, new_cache
from geosam_plugin.window.layer_raster import LayerRaster
from geosam_plugin.window.looked_at import LookedAt
from geosam_plugin.window.messages import Messages, say_set_aside

translate = QCoreApplication.translate

PATIENCE_S = 0.02
"""About a frame: a disk of this computer answers in less."""

REST_MS = 300
"""The map rests when it has not been moved for so long."""

NOTE_MS = 1000
"""A click that waits for longer is explained."""

DESCRIBE_MS = 2000
"""The engine is asked no more often how much there is."""


class OnDemand(QObject):
    """One image at a time: that which is clicked.

    begun: an image can be clicked from now on
    ended: it is over, and nothing has been encoded
    termsWanted: tiles of a server are going to be fetched: its host
    tileSizeTold: it is over, as the tiles of a web map have another size: the EngineError
    """

    begun = pyqtSignal()
    ended = pyqtSignal()
    termsWanted = pyqtSignal(str)  # noqa: N815 - Qt's way
    tileSizeTold = pyqtSignal(object)  # noqa: N815

    def __init__(
        self,
        client: EngineClient,
        controller: Controller,
        overlay: MapOverlay,
        dock: GeoSamDock,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._controller = controller
        self._overlay = overlay
        self._dock = dock
        self._messages = messages
        self._layer: QgsRasterLayer | None = None
        self._file: LayerRaster | None = None
        self._image: ClickedImage | None = None
        self._proxy: dict[str, str] = {}
        self._looked_at = LookedAt(controller, overlay)
        self._note = self._failure = ""
        self._since_described = QElapsedTimer()
        self._errands = Errands("geosam-on-demand", self)
        self.fill = Fill(self._make_encode, self)
        self._rest = self._timer(REST_MS, self._on_rest)
        self._patience = self._timer(NOTE_MS, self._explain)
        self.fill.changed.connect(self.show)
        self.fill.grew.connect(self._on_grew)
        self.fill.ended.connect(self._on_ended)
        self.fill.stopped.connect(self._on_stopped)
        controller.changed.connect(self._on_clicked)
        controller.asked.connect(self.fill.give_way)
        controller.hoverMissed.connect(self._on_hover_missed)
        overlay.viewMoved.connect(self._rest.start)
        client.stateChanged.connect(self._on_engine)
        dock.image.fill.pauseToggled.connect(self.fill.pause)
        dock.image.fill.stopWanted.connect(self._stop)
        dock.closed.connect(self._stop)  # nobody would see what keeps the computer busy

    @property
    def goes_on(self) -> bool:
        """Whether it follows the user: it was begun, and neither stopped nor failed."""
        return self.fill.is_on and self._image is not None

    @property
    def was_ended(self) -> bool:
        """By the user, or by an error: it begins again only when somebody says so."""
        return self.fill.state in (FillState.STOPPING, FillState.STOPPED, FillState.FAILED)

    def can_begin(self) -> bool:
        """Whether there is something to encode, and nothing else to be known for it."""
        file, described = self._dock.image.file, self._controller.described
        if file is None or (self.fill.is_on and self._is_of(file)):
            return False
        if not self._controller.cache or str(file.path) != self._controller.image.raster:
            return True
        return bool(described) and described["model"] in MODELS and not _is_whole(described)

    def begin(self, layer: QgsRasterLayer | None) -> None:
        """Encode a layer's image, the current one, from now on, and have it clicked."""
        file = self._dock.image.file
        if layer is None or file is None or not self.can_begin():
            return
        described = self._controller.described
        if described and file.block is None:
            self._begin(layer, file, more_of(described, layer, file.path))
            return
        model = described.get("model")  # of the block before, which goes on in the next one
        if model not in MODELS:
            model = downloaded_model() or MODELS[0]
        proxy = ProxySettings.read() if file.block is not None else None
        self._errands.drop()
        self._errands.send(
            partial(_find_place, layer.name(), file, model, proxy),
            partial(self._on_place, layer, file, model),
            lambda error: self._messages.say(_say_no_place(file, error)),
            patience_s=PATIENCE_S,
        )

    def cache_of(self, file: LayerRaster | None) -> Path | None:
        """The cache that a raster is being encoded into; it need not be there yet."""
        image = self._image
        is_its = image is not None and image.is_filling and file is not None and self._is_of(file)
        return Path(image.cache) if is_its else None

    def _is_of(self, file: LayerRaster) -> bool:
        return self._file is not None and self._file.path == file.path

    def close(self) -> None:
        """End it without waiting; what is encoded is kept."""
        self._errands.drop()
        self._rest.stop()
        self._patience.stop()
        self._image = None
        self.fill.close()

    def show(self) -> None:
        """What can be done now, and how far it is; another image may have been chosen."""
        if self._image is not None and self._controller.image is not self._image:
            self._end()
            self._image = None
            self.fill.forget()
        self._dock.image.click_now.setEnabled(self.can_begin())
        self._dock.image.fill.show_fill(self.fill)

    # --- from the first to the last patch

    def _on_place(
        self, layer: QgsRasterLayer, file: LayerRaster, model: str, place: _Place | None
    ) -> None:
        if sip.isdeleted(layer) or self._dock.image.file != file:
            return  # another one was chosen meanwhile
        if place is None:
            self._messages.say(say_placed_by_points(layer))
            return
        self._proxy = place.proxy
        self._controller.use_cache(str(place.cache), file.crs, str(file.path), file.axes, file.core)
        self._begin(layer, file, new_cache(layer, file.path, place.cache, model))

    def _begin(self, layer: QgsRasterLayer, file: LayerRaster, params: dict[str, Any]) -> None:
        is_another = layer is not self._layer
        self._layer, self._file, self._image = layer, file, self._controller.image
        self._since_described.start()
        if self._failure and self._failure == self._messages.text:
            self._messages.clear()
        self._failure = ""
        self._client.start()
        begin_filling(self._image, file.extent)
        self._controller.cacheChanged.emit()
        self._controller.cache_grew()
        if is_another or file.block is None:
            self._messages.say(_say_begun(layer, params["model"]), Qgis.MessageLevel.Info)
        if file.block is not None:
            self.termsWanted.emit(file.block.source.host)
        self.begun.emit()
        self.fill.begin(params, self._looked_at.first, follows=file.block is not None)

    def _make_encode(self, params: dict[str, Any]) -> SteeredEncode:
        command = with_variables(self._client.command, self._proxy)
        encode = SteeredEncode(command, params, self)
        encode.logged.connect(self._client.add_to_log)
        return encode

    def _on_grew(self, encoded: set[PatchKey]) -> None:
        image = self._image
        if image is None or not image.is_filling:
            return
        if not image.described and not sip.isdeleted(self._layer):
            remember_cache(self._layer, Path(image.cache))
        is_stale = (
            not image.described
            or self.fill.is_waiting
            or self._since_described.elapsed() > DESCRIBE_MS
        )
        if is_stale and not image.is_opening:
            self._since_described.restart()
            self._controller.describe(with_raster=not image.described)
        grow(self._controller.session, image, encoded)
        self._controller.go_on()

    def _on_ended(self, error: EngineError | None) -> None:
        if error is not None:
            self._end()
            if "tile_px" in error.details:
                self.tileSizeTold.emit(error)
            else:
                self._say_failed(tell(error))
        elif self._image is not None:
            end_filled(self._controller.session, self._image)
            self._controller.describe()
            self._controller.go_on()

    def _say_failed(self, why: str) -> None:
        """Until it is closed or gone on: the dock itself tells only how far it came."""
        self._failure = why
        go_on = (translate("GeoSAM", "Click now"), self._dock.image.click_now.click)
        self._messages.say(why, action=go_on)

    def _stop(self) -> None:
        """Whether an image will have a cache that is stopped at its first patch is known when the
        process has ended."""
        self.fill.stop()
        if self._image is not None and self._image.described:
            self._end()

    def _on_stopped(self) -> None:
        self._end()
        self._controller.describe()

    def _end(self) -> None:
        """What waits for a patch waits no more."""
        image = self._image
        if image is None or not image.is_filling:
            return
        count = end_unfilled(self._controller.session, image)
        self._controller.go_on()
        if count:
            self._messages.say(say_set_aside(count), Qgis.MessageLevel.Info)
        if image is self._controller.image and not image.described:
            self.ended.emit()

    def _on_engine(self, state: str) -> None:
        """One that has been given up, or is replaced, may be about to be removed."""
        if state in (FAILED, STOPPED):
            self._stop()

    # --- where

    def _on_rest(self) -> None:
        if self.fill.is_on:
            self.fill.look_at(self._looked_at.middle)

    def _on_hover_missed(self, place: Place) -> None:
        """What the mouse points at comes first, and the rest of what is shown still comes."""
        self.fill.look_at(self._looked_at.around(place))

    def _on_clicked(self) -> None:
        """Whatever has been clicked, or answered."""
        session = self._controller.session
        draft = session.awaiting or (session.draft if session.draft.missing else None)
        if draft is None:
            self.fill.want(None)
        else:
            place = draft.image.focus(draft.wanted_points, draft.pixel_size, draft.options)
            if draft.surer is not None:
                place["level"] = draft.surer[0]
            more = draft.candidate.missing if draft.candidate is not None else ()
            if more and draft.image.is_block:  # which nothing else brings, beyond what is seen
                place = draft.image.place_of(more[0])
            self.fill.want(self._looked_at.around(place))
        self._wait(session.awaiting is not None)

    def _wait(self, is_waiting: bool) -> None:
        self._overlay.tool.set_busy(is_waiting)
        if is_waiting and not (self._note or self._patience.isActive()):
            self._patience.start()
        elif not is_waiting:
            self._patience.stop()
            if self._note and self._note == self._messages.text:
                self._messages.clear()
            self._note = ""

    def _explain(self) -> None:
        self._note = translate(
            "GeoSAM", "That part of the image is being encoded: the outline comes by itself."
        )
        self._messages.say(self._note, Qgis.MessageLevel.Info)

    def _timer(self, interval_ms: int, do: Any) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(do)
        return timer


class _SocksProxyError(Exception):
    """Tiles are fetched by way of HTTP proxies only."""


class _Place(NamedTuple):
    """Where a new cache goes; proxy: variables by which the engine reaches a web map."""

    cache: Path
    proxy: dict[str, str]


def _find_place(
    title: str, file: LayerRaster, model: str, proxy: ProxySettings | None
) -> _Place | None:
    """None for a raster that the engine cannot place. Looks at the disk, and may ask the network
    for a proxy; raises OSError where a web map's block cannot be noted, and _SocksProxyError."""
    if file.block is not None:
        variables = proxy.environment(file.block.source.url) if proxy is not None else {}
        if is_socks(variables):
            raise _SocksProxyError
        file.block.write(title)
        return _Place(default_cache_path(file.path, model), variables)
    if is_file_placed_by_points(file.path):
        return None
    with suppress(OSError):
        return _Place(default_cache_path(file.path, model), {})
    # The engine tells what the disk has.
    return _Place(file.path.with_name(cache_name(file.path, model)), {})


def _say_no_place(file: LayerRaster, error: Exception) -> str:
    if isinstance(error, _SocksProxyError):
        return translate(
            "GeoSAM",
            "QGIS reaches the network by a SOCKS proxy, which the engine of GeoSAM cannot use. "
            "Choose an HTTP proxy in QGIS's options, under Network, or make a file of the part "
            "that you need by “Layer to raster” in the toolbox, and choose that.",
        )
    if not isinstance(error, OSError):
        raise error
    text = translate("GeoSAM", "The folder {folder} cannot be written to ({why}).")
    return text.format(folder=file.path.parent, why=error.strerror or error)


def _is_whole(described: dict[str, Any]) -> bool:
    return all(
        level["present"] + level["empty"] == level["rows"] * level["cols"]
        for level in described["levels"]
    )


def _say_begun(layer: QgsRasterLayer, model: str) -> str:
    if model == MODELS[0]:
        text = translate(
            "GeoSAM",
            "Click now: “{image}” is encoded as you click, with nano, the quick default. Larger, "
            "more accurate models are in “Encode…”.",
        )
    else:
        text = translate("GeoSAM", "Click now: “{image}” is encoded as you click, with {model}.")
    return text.format(image=layer.name(), model=model)
