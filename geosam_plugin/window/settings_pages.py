"""GeoSAM's page in QGIS's options."""

from __future__ import annotations

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from geosam_plugin.install.installer import Installer
from geosam_plugin.paths import icon
from geosam_plugin.window.engine_page import EnginePage

PAGE_NAME = "geosamOptions"
"""For `iface.showOptionsDialog(currentPage=PAGE_NAME)`."""


class OptionsPage(QgsOptionsPageWidget):
    """The Engine page, scrolled where the screen is small."""

    def __init__(self, installer: Installer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(PAGE_NAME)
        self._engine = EnginePage(installer)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self._engine)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def apply(self) -> None:
        """QGIS calls this when the options are accepted."""
        self._engine.save()


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page; register it with `iface.registerOptionsWidgetFactory`.

    installer: the plugin's one, so that an installation goes on when the options are closed
    """

    def __init__(self, installer: Installer) -> None:
        super().__init__("GeoSAM", QIcon(icon("geosam")))
        self._installer = installer

    def createWidget(self, parent: QWidget | None) -> OptionsPage:
        return OptionsPage(self._installer, parent)
