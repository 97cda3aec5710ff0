"""Run by a test, in a QGIS of its own: `plugin_lives.py PLUGINS_FOLDER RASTER ENGINE_PYTHON`.

Loads, uses and unloads the plugin as the plugin manager does, five times, and once more with a
click on its way as QGIS is closed; says as JSON what it found after each life.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "plugin"))

from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject
from qgis.PyQt.QtCore import QPoint
from qgis.testing import start_app
from qgis_window import Window, raster_layer, settle, wait_for

NAME = "geosam_plugin"

MIDDLE = QPoint(300, 300)


def main(plugins: str, raster: str, engine: str) -> list[dict[str, object]]:
    start_app()
    sys.path[:0] = [plugins, f"{QgsApplication.pkgDataPath()}/python/plugins"]
    import qgis.utils

    window = Window()
    qgis.utils.iface = window
    qgis.utils.plugin_paths = [plugins]
    qgis.utils.available_plugins = [NAME]  # whose modules are forgotten with the plugin
    layer = raster_layer(Path(raster), QgsProject.instance())
    window.show_layer(layer, QgsCoordinateReferenceSystem("EPSG:32633"))
    lives = [live(window, engine) for _ in range(5)]
    start(window, engine)
    window.click(MIDDLE)
    assert qgis.utils.unloadPlugin(NAME)
    window.close()
    QgsProject.instance().clear()
    return lives


def live(window: Window, engine: str) -> dict[str, object]:
    import qgis.utils

    session = start(window, engine)
    window.click(MIDDLE)
    wait_for(lambda: session.draft.candidate is not None)
    score = session.draft.candidate.score
    assert qgis.utils.unloadPlugin(NAME)
    settle()
    return {
        "modules": modules(),
        "providers": sum(p.id() == "geosam" for p in providers()),
        "actions": len(window.menu.actions()) + len(window.toolbar.actions()),
        "answered": score > 0,
    }


def start(window: Window, engine: str) -> object:
    """Load the plugin, and begin to click; the session."""
    import qgis.utils

    assert qgis.utils.loadPlugin(NAME)
    from geosam_plugin.settings import EngineSettings

    EngineSettings(python=engine, is_complete=True).save()
    assert qgis.utils.startPlugin(NAME)
    plugin = qgis.utils.plugins[NAME]
    plugin.show_workspace()
    wait_for(lambda: bool(plugin.workspace.controller.described))
    plugin.workspace.dock.prompt.clicking.setChecked(True)
    return plugin.workspace.controller.session


def modules() -> int:
    """Those of the plugin that QGIS did not forget; packages, which are empty, it does not know."""
    return sum(
        name.partition(".")[0] == NAME and not hasattr(module, "__path__")
        for name, module in sys.modules.items()
    )


def providers() -> list:
    return QgsApplication.processingRegistry().providers()


if __name__ == "__main__":
    lives = main(*sys.argv[1:])
    sys.stdout.write(f"\n{json.dumps({'lives': lives})}\n")
