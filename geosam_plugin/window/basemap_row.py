"""How fine a web map is looked at, and whose it is."""

from __future__ import annotations

from math import floor, log10

from qgis.PyQt.QtCore import QCoreApplication, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QWidget

from geosam_plugin.basemap.source import BasemapSource
from geosam_plugin.basemap.tile_grid import FINEST_M, ground_size

translate = QCoreApplication.translate

COARSEST_M = 40.0
"""Coarser pixels show no thing that has an outline."""


class BasemapRow(QWidget):
    """Only there for web maps. The zoom that is proposed is shown until another one is chosen.

    zoomChosen: by the user
    """

    zoomChosen = pyqtSignal(int)  # noqa: N815 - Qt's way

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zoom = QComboBox()
        self.zoom.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.zoom.setToolTip(
            translate(
                "GeoSAM",
                "How fine the image is: proposed from the map's scale, fine enough for buildings. "
                "Larger things are found on its coarser levels.",
            )
        )
        self.attribution = QLabel()
        self.attribution.setWordWrap(True)
        self.attribution.setTextFormat(Qt.TextFormat.PlainText)
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addRow(translate("GeoSAM", "Zoom"), self.zoom)
        layout.addRow(self.attribution)
        self.hide()
        self.zoom.activated.connect(lambda _: self.zoomChosen.emit(self.zoom.currentData()))

    def show_source(self, source: BasemapSource | None, zoom: int, y: float) -> None:
        """source: None hides it; y: of the middle of the map in EPSG:3857, by which the size of
        pixels is told"""
        self.setVisible(source is not None)
        if source is None:
            self.zoom.clear()
            return
        self.attribution.setText(source.attribution)
        self.attribution.setVisible(bool(source.attribution))
        self._offer(_zooms_of(source, zoom, y))
        self.zoom.setCurrentIndex(self.zoom.findData(zoom))

    def _offer(self, zooms: list[tuple[str, int]]) -> None:
        """A list that somebody has opened stays open while the map moves: it is filled anew only
        with other zooms."""
        places = range(self.zoom.count())
        there = [(self.zoom.itemText(at), self.zoom.itemData(at)) for at in places]
        if zooms != there:
            self.zoom.clear()
            for text, zoom in zooms:
                self.zoom.addItem(text, zoom)


def _zooms_of(source: BasemapSource, zoom: int, y: float) -> list[tuple[str, int]]:
    """The useful ones and the chosen one, each with what is said of it."""
    text = translate("GeoSAM", "{zoom} (pixels of {size} m)")
    sizes = {
        offered: ground_size(offered, source.tile_px, y)
        for offered in range(source.min_zoom, source.max_zoom + 1)
    }
    return [
        (text.format(zoom=offered, size=_rounded(size)), offered)
        for offered, size in sizes.items()
        if FINEST_M / 2 <= size <= COARSEST_M or offered == zoom
    ]


def _rounded(size: float) -> str:
    """To two digits, without an exponent."""
    return f"{size:.2g}" if size < 10 else f"{round(size, 1 - floor(log10(size))):,.0f}"
