"""How fine a web map is looked at, and whose it is."""

from __future__ import annotations

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
        self.zoom.clear()
        if source is None:
            return
        self.attribution.setText(source.attribution)
        self.attribution.setVisible(bool(source.attribution))
        for offered in range(source.min_zoom, source.max_zoom + 1):
            size = ground_size(offered, source.tile_px, y)
            is_useful = FINEST_M / 2 <= size <= COARSEST_M
            if is_useful or offered == zoom:
                text = translate("GeoSAM", "{zoom} (pixels of {size} m)")
                self.zoom.addItem(text.format(zoom=offered, size=f"{size:.2g}"), offered)
        self.zoom.setCurrentIndex(self.zoom.findData(zoom))
