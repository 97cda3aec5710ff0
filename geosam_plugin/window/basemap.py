"""The part of a web map that can be clicked: the block under the middle of the map, or that which
was clicked since it was moved."""

from __future__ import annotations

from dataclasses import replace

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsSettings,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal

from geosam_plugin.basemap.block import Block, block_at
from geosam_plugin.basemap.source import (
    STANDARD_PX,
    TILE_SIZES,
    WEB_CRS,
    BasemapError,
    BasemapSource,
    description_url,
    headers_of,
    is_web_layer,
    say_untold,
    source_of,
)
from geosam_plugin.basemap.tile_grid import proposed_zoom, shows_buildings
from geosam_plugin.clicking.controller import Controller
from geosam_plugin.clicking.map_overlay import MapOverlay
from geosam_plugin.clicking.placing import Placing
from geosam_plugin.install.network import Download
from geosam_plugin.window.basemap_row import BasemapRow

translate = QCoreApplication.translate

REST_MS = 300
"""The map rests when it has not been moved for so long."""

_ZOOMS = "geosam/basemaps/zooms"
_SIZES = "geosam/basemaps/tile_sizes"
"""By the names of the sources' folders."""


class Basemap(QObject):
    """Of the layer that is chosen, if that is a web map.

    source: None for other layers, and for what the engine cannot fetch
    block: None where the map shows none of it
    why_not: a sentence for when there is no block
    moved: another block is looked at, or at another zoom
    sourceChanged: the layer shows something else
    """

    moved = pyqtSignal()
    sourceChanged = pyqtSignal()  # noqa: N815 - Qt's way

    def __init__(
        self,
        controller: Controller,
        overlay: MapOverlay,
        row: BasemapRow,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.source: BasemapSource | None = None
        self.block: Block | None = None
        self.why_not = ""
        self._layer: QgsRasterLayer | None = None
        self._zoom: int | None = None
        self._clicked: QgsPointXY | None = None
        self._download: Download | None = None
        self._taken_sizes: dict[str, int] = {}
        self._controller = controller
        self._overlay = overlay
        self._row = row
        self._placing = Placing(QgsCoordinateReferenceSystem(WEB_CRS), QgsProject.instance())
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._follow)
        overlay.viewMoved.connect(self._on_view)
        controller.changed.connect(self._on_session)
        row.zoomChosen.connect(self._on_zoom)

    def close(self) -> None:
        self._rest.stop()
        self._drop_download()
        self._watch(None)

    def use(self, layer: QgsRasterLayer | None) -> None:
        """Look at this layer from now on; None for none."""
        self._watch(layer)
        self.source, self.block, self.why_not, self._zoom = None, None, "", None
        self._clicked = None
        self._drop_download()
        url = description_url(layer)
        if url:
            self._ask(layer, url)
        elif layer is not None and is_web_layer(layer):
            self._take_source(layer)
        self._look()

    def _ask(self, layer: QgsRasterLayer, url: str) -> None:
        """What the server of a layer offers, by QGIS's own network, which mostly has it already."""
        self.why_not = translate("GeoSAM", "Asking the server of “{layer}” what it offers…").format(
            layer=layer.name()
        )

        def on_done(description: bytes) -> None:
            self._forget_download()
            self._take_source(layer, description)
            self._look()
            self.moved.emit()

        def on_error(_: str) -> None:  # which may have the address in it, with a key
            self._forget_download()
            self.why_not = say_untold(layer)
            self.moved.emit()

        self._download = Download(url, on_done, on_error, self, headers_of(layer))

    def _drop_download(self) -> None:
        if self._download is not None:
            self._download.cancel()
            self._forget_download()

    def _forget_download(self) -> None:
        self._download.deleteLater()
        self._download = None

    def _take_source(self, layer: QgsRasterLayer, description: bytes = b"") -> None:
        try:
            self.source = self._with_known_size(source_of(layer, description))
        except BasemapError as error:
            self.why_not = str(error)
        else:
            self._zoom = self._remembered_zoom()

    def turn_to(self, place: QgsPointXY) -> bool:
        """Look at the block whose core holds a place in EPSG:3857, until the map is moved; False
        beyond the square world."""
        if self.block is None or block_at(self.block.source, self.block.zoom, place) is None:
            return False
        self.keep_zoom()
        self._clicked = place
        self._look()
        self.moved.emit()
        return True

    def begin(self) -> None:
        """Clicking begins. Who begins at the scale of a country goes nearer first: a zoom that
        shows no buildings stays only once something is clicked."""
        if self.block is None:
            return
        zoom, source = self.block.zoom, self.block.source
        if zoom == source.max_zoom or shows_buildings(zoom, source.tile_px, self._place().y()):
            self.keep_zoom()

    def keep_zoom(self) -> None:
        """It is clicked at this zoom from now on, whatever the map's scale, also next time."""
        if self.block is not None:
            self._zoom = self.block.zoom
            QgsSettings().setValue(self._key(), self._zoom)

    def take_tile_size(self, tile_px: int) -> bool:
        """The server's tiles have so many pixels a side, whatever the layer says. Whether that is
        gone on with: once, as a server may have tiles of several sizes."""
        if self.source is None or tile_px not in TILE_SIZES:
            return False
        key = _size_key(self.source)
        if key in self._taken_sizes:
            return False
        self._taken_sizes[key] = tile_px
        self.source = replace(self.source, tile_px=tile_px)
        self._zoom = None
        self._look()
        return True

    def keep_tile_size(self) -> None:
        """What is encoded shows that its tiles have that size: so they do next time."""
        key = _size_key(self.source) if self.source is not None else ""
        taken = self._taken_sizes.get(key)
        if taken is not None and QgsSettings().value(key, 0, type=int) != taken:
            QgsSettings().setValue(key, taken)

    def _with_known_size(self, source: BasemapSource) -> BasemapSource:
        key = _size_key(source)
        known = self._taken_sizes.get(key) or QgsSettings().value(key, 0, type=int)
        return replace(source, tile_px=known) if known in TILE_SIZES else source

    def _watch(self, layer: QgsRasterLayer | None) -> None:
        if self._layer is not None and not sip.isdeleted(self._layer):
            self._layer.dataSourceChanged.disconnect(self.sourceChanged)
        self._layer = layer if is_web_layer(layer) else None
        if self._layer is not None:
            self._layer.dataSourceChanged.connect(self.sourceChanged)

    # --- the view

    def _on_view(self) -> None:
        self._clicked = None
        if self.source is not None:
            self._rest.start()

    def _on_session(self) -> None:
        """What was waited for may be over, or something is clicked."""
        if self.block is not None and self._zoom is None and self._controller.session.draft.prompts:
            self.keep_zoom()
        if self.source is not None and not self._rest.isActive() and self._is_elsewhere():
            self._rest.start()

    def _on_zoom(self, zoom: int) -> None:
        self._zoom = zoom
        self._look()
        self.moved.emit()

    def _follow(self) -> None:
        """An object at hand stays, with its block: its shape would be gone else, and so would an
        answer that is awaited."""
        session = self._controller.session
        is_busy = session.draft.prompts or session.waits_to_save
        if self._is_elsewhere() and not is_busy:
            self._look()
            self.moved.emit()

    def _is_elsewhere(self) -> bool:
        return self._wanted() != self.block

    def _look(self) -> None:
        self.block = self._wanted()
        place = self._place()
        if self.source is not None:
            self.why_not = "" if self.block is not None else self.say_beyond()
        zoom = self.block.zoom if self.block is not None else 0
        self._row.show_source(
            self.source if self.block is not None else None, zoom, place.y() if place else 0.0
        )

    def say_beyond(self) -> str:
        return translate(
            "GeoSAM", "The map shows no part of “{layer}” here: web maps end at 85 degrees."
        ).format(layer=self._layer.name())

    def _wanted(self) -> Block | None:
        place = self._place()
        if self.source is None or place is None:
            return None
        return block_at(self.source, self._zoom_at(place), place)

    def _place(self) -> QgsPointXY | None:
        """What was clicked, or the middle of the map, in EPSG:3857."""
        if self._clicked is not None:
            return self._clicked
        points = self._placing.to_raster([self._overlay.middle], self._overlay.view.crs)
        return QgsPointXY(*points[0]) if points else None

    # --- the zoom

    def _zoom_at(self, place: QgsPointXY) -> int:
        if self._zoom is not None:
            return self._zoom
        source = self.source
        size = self._placing.pixel_size(self._overlay.middle, self._overlay.view)
        zooms = range(source.min_zoom, source.max_zoom + 1)
        return proposed_zoom(size or 1.0, place.y(), zooms, source.tile_px)

    def _remembered_zoom(self) -> int | None:
        zoom = QgsSettings().value(self._key(), -1, type=int)
        return zoom if self.source.min_zoom <= zoom <= self.source.max_zoom else None

    def _key(self) -> str:
        return f"{_ZOOMS}/{self.source.folder_name}"


def _size_key(source: BasemapSource) -> str:
    return f"{_SIZES}/{replace(source, tile_px=STANDARD_PX).folder_name}"
