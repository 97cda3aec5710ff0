"""A web map in QGIS, for `take.py`: the dialog that makes a raster of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]

ZOOM = 18
PLACE_PX = (140_000 * 256 + 150, 76_800 * 256 + 220)
"""Of the zoom's world, in the scene that the server shows."""
SIZE_PX = (1200, 800)
ATTRIBUTION = "© Town of Example, CC BY 4.0"


@contextmanager
def scene_server() -> Iterator[str]:
    """The address of a web map of a drawn scene, until it is not needed any more."""
    program = ROOT / "tests" / "support" / "serve_tiles.py"
    server = subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdin is not None and server.stdout is not None
    try:
        url = server.stdout.readline().strip()
        server.stdin.write('{"reply": "scene"}\n')
        server.stdin.flush()
        server.stdout.readline()
        yield url
    finally:
        server.communicate("")


def raster_dialog(url: str, until: Callable[[Callable[[], bool]], None]) -> Any:
    """Processing's dialog, filled in. It has made the raster, so what it shows is true.

    until: waits for something while QGIS goes on
    """
    import processing
    from qgis.core import QgsProject, QgsRasterLayer

    address = quote(f"{url}/{{z}}/{{x}}/{{y}}.jpg", safe=":/")
    layer = QgsRasterLayer(f"type=xyz&url={address}&zmin=0&zmax=19", "Orthophoto", "wms")
    metadata = layer.metadata()
    metadata.setRights([ATTRIBUTION])
    layer.setMetadata(metadata)
    QgsProject.instance().addMapLayer(layer, False)
    given = {"INPUT": layer.id(), "EXTENT": _extent(), "ZOOM": ZOOM}
    dialog = processing.createAlgorithmDialog("geosam:layertoraster", given)
    dialog.show()
    dialog.resize(820, 560)
    ended: list[dict[str, Any]] = []
    dialog.algorithmFinished.connect(lambda _is_fine, results: ended.append(results))
    dialog.runButton().click()
    until(lambda: bool(ended))
    assert ended[0]["COLUMNS"], "the raster was made"
    dialog.showParameters()
    return dialog


def _extent() -> str:
    half_world_m = 20037508.342789244
    size_m = 2 * half_world_m / (256 << ZOOM)
    left, top = PLACE_PX[0] * size_m - half_world_m, half_world_m - PLACE_PX[1] * size_m
    right, bottom = left + SIZE_PX[0] * size_m, top - SIZE_PX[1] * size_m
    return f"{left:.4f},{right:.4f},{bottom:.4f},{top:.4f} [EPSG:3857]"
