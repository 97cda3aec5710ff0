"""GeoSAM for QGIS: the shell around the engine, which runs in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from geosam_plugin.plugin import GeoSamPlugin


def classFactory(iface: QgisInterface) -> GeoSamPlugin:
    """QGIS calls this to load the plugin."""
    from geosam_plugin.plugin import GeoSamPlugin

    return GeoSamPlugin(iface)
