"""The picture of a web map that is clicked, taken in a real QGIS: `make docs-screenshots`.

    python docs/screenshots/take_basemap.py [--out docs/images]

The map is a procedural scene, served on loopback (tests/support/tile_site.py): no server of
anybody's is asked.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent))

from qgis_scene import Camera, Scene
from take import ROOT, compress

MIDDLE_PX = (448, 448)
"""Of the picture, in pixels of the scene."""
SEEN_PX = 480
SAVED = 7


# --- outside of QGIS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", type=Path, default=ROOT / "docs" / "images", help="folder of the picture"
    )
    out = parser.parse_args().out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        site = subprocess.Popen(
            [sys.executable, "-m", "tests.support.tile_site", folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        url = site.stdout.readline().strip()
        kept = {"ENCODER_TOOL_PLACES": f"{folder}/places", "ENCODER_TOOL_TILES": f"{folder}/tiles"}
        command = [sys.executable, str(ROOT / ".ci" / "in_qgis.py"), "--limit", "300", __file__]
        done = subprocess.run(
            [*command, url, folder],
            check=False,
            env={**os.environ, **kept, "NO_PROXY": "127.0.0.1"},
        )
        site.stdin.close()
        site.wait()
        if done.returncode == 0:
            compress(Path(folder, "basemap.png"), out / "basemap.png")
    return done.returncode


# --- inside of QGIS


def run(iface: Any, arguments: list[str]) -> None:
    url, folder = arguments
    scene = WebScene(iface, Path(folder), url)
    scene.open()
    scene.click_now()
    scene.start_clicking()
    *saved, pending = scene.buildings()
    for building in saved[-SAVED:]:
        scene.box_and_save(building)
    scene.click(pending)
    iface.messageBar().clearWidgets()
    Camera(Path(folder))(iface.mainWindow(), "basemap")


class WebScene(Scene):
    """An XYZ layer in QGIS's window, clicked without a file."""

    def __init__(self, iface: Any, folder: Path, url: str) -> None:
        super().__init__(iface, folder)
        self._url = url

    def _make_layer(self) -> Any:
        from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer

        template = quote(f"{self._url}/{{z}}/{{x}}/{{y}}.jpg", safe=":/")
        layer = QgsRasterLayer(f"type=xyz&zmin=0&zmax=19&url={template}", "Aerial basemap", "wms")
        layer.setAttribution("© Example Mapping Agency")
        QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
        return layer

    def _view(self) -> Any:
        from qgis.core import QgsPointXY, QgsRectangle

        from geosam_plugin.basemap.tile_grid import HALF_WORLD_M, pixel_size

        pixel = pixel_size(18, 256)
        column, row = 140_000 * 256 + MIDDLE_PX[0], 76_796 * 256 + MIDDLE_PX[1]
        middle = QgsPointXY(column * pixel - HALF_WORLD_M, HALF_WORLD_M - row * pixel)
        width = SEEN_PX * pixel
        height = width * self._canvas.height() / self._canvas.width()
        return QgsRectangle.fromCenterAndSize(middle, width, height)

    def _truth(self) -> list[Any]:
        from qgis.core import QgsVectorLayer

        truth = QgsVectorLayer(str(self._folder / "truth.geojson"), "truth")
        return [item.geometry() for item in truth.getFeatures("\"class\" = 'building'")]

    def click_now(self) -> None:
        """Until what the map shows is encoded."""
        self.dock_widget.image.click_now.click()
        self._until(lambda: self._workspace.on_demand.fill.is_waiting, 120)
        self._iface.messageBar().clearWidgets()


if __name__ == "__main__":
    sys.exit(main())
