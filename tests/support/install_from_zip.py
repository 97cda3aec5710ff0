"""Run by a test, in a QGIS of its own: `install_from_zip.py ZIP PLUGINS_FOLDER`.

Installs with the code behind QGIS's "Install from ZIP", which loads and starts the plugin; says
as JSON what it found.
"""

from __future__ import annotations

import json
import sys
from unittest.mock import Mock

from qgis.core import QgsApplication
from qgis.gui import QgisInterface, QgsMapCanvas
from qgis.PyQt.QtWidgets import QMainWindow
from qgis.testing import start_app

HEAVY = ("torch", "sam2", "onnxruntime", "zarr", "rasterio", "shapely", "cv2", "encoder_tool")


def main(package: str, plugins: str) -> dict[str, object]:
    start_app()
    sys.path.insert(0, f"{QgsApplication.pkgDataPath()}/python")
    sys.path.insert(0, plugins)
    import qgis.utils

    window = QMainWindow()
    qgis.utils.iface = Mock(spec=QgisInterface)
    qgis.utils.iface.mainWindow.return_value = window
    qgis.utils.iface.mapCanvas.return_value = QgsMapCanvas(window)
    qgis.utils.home_plugin_path = qgis.utils.HOME_PLUGIN_PATH = plugins  # up to 3.34, and since
    qgis.utils.plugin_paths = [plugins]
    from pyplugin_installer.installer import QgsPluginInstaller

    know_the_plugin_managers_settings()
    QgsPluginInstaller().installFromZipFile(package)
    message = qgis.utils.iface.pluginManagerInterface().pushMessage.call_args.args[0]

    import geosam_plugin
    from geosam_plugin import paths

    found = {
        "message": message,
        "available": list(qgis.utils.available_plugins),
        "active": list(qgis.utils.active_plugins),
        "name": qgis.utils.pluginMetadata("geosam_plugin", "name"),
        "package": str(paths.PACKAGE),
        "engine": str(paths.engine_source()),
        "has_icon": paths.resource("icons", "geosam.svg").is_file(),
        "has_entry": hasattr(geosam_plugin, "classFactory"),
        "heavy": [name for name in HEAVY if name in sys.modules],
    }
    if "geosam_plugin" in qgis.utils.active_plugins:
        found["unloaded"] = qgis.utils.unloadPlugin("geosam_plugin")
    return found


def know_the_plugin_managers_settings() -> None:
    """From QGIS 3.38 on, its main window declares them, which is not here."""
    from qgis import core

    if not hasattr(core, "QgsSettingsTree") or core.QgsSettingsTree.node("plugin-manager"):
        return
    node = core.QgsSettingsTree.treeRoot().createChildNode("plugin-manager")
    for name, kind, value in (
        ("automatically-check-for-updates", core.QgsSettingsEntryBool, False),
        ("allow-experimental", core.QgsSettingsEntryBool, False),
        ("allow-deprecated", core.QgsSettingsEntryBool, False),
        ("last-zip-directory", core.QgsSettingsEntryString, ""),
        ("seen-plugins", core.QgsSettingsEntryStringList, []),
    ):
        KEPT.append(kind(name, node, value))


KEPT: list[object] = []
"""The tree does not own its entries."""


if __name__ == "__main__":
    report = main(*sys.argv[1:])
    sys.stdout.write(f"\n{json.dumps(report)}\n")
