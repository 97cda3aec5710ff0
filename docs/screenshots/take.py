"""The pictures of README.md and the user guide, taken in a real QGIS: `make docs-screenshots`.

    python docs/screenshots/take.py [--out docs/images]

Draws the sample scene, encodes it through the dock's own dialog, boxes and clicks some of its
buildings, reviews an old map of them, and takes pictures on the way.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))  # QGIS runs this file, too

import web_map
from qgis_scene import Camera, Scene

ROOT = Path(__file__).resolve().parents[2]
COLOURS = 256
MAX_BYTES = 300_000

OLD_MAP_M = (1.8, -1.4)
"""By so much its buildings are shifted."""


# --- outside of QGIS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--out", type=Path, default=ROOT / "docs" / "images", help="folder of the pictures"
    )
    out = parser.parse_args().out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sample = [sys.executable, "-m", "encoder_tool", "sample", folder, "--size", "1024"]
        subprocess.run([*sample, "--quiet"], check=True)
        _refine(Path(folder))
        taken = Path(folder) / "taken"
        taken.mkdir()
        command = [sys.executable, str(ROOT / ".ci" / "in_qgis.py"), "--limit", "600", __file__]
        with web_map.scene_server() as url:
            if subprocess.run([*command, folder, str(taken), url], check=False).returncode:
                return 1
        for picture in sorted(taken.glob("*.png")):
            compress(picture, out / picture.name)
    basemap = [sys.executable, str(Path(__file__).with_name("take_basemap.py")), "--out", str(out)]
    return subprocess.run(basemap, check=False).returncode


def _refine(folder: Path) -> None:
    """An old map of the sample's buildings, every third one drawn as a plain rectangle, and what
    the engine proposes to correct of it."""
    import numpy as np
    import pyogrio.raw
    import shapely
    from shapely import affinity

    meta, _, wkb, (classes,) = pyogrio.raw.read(folder / "truth.gpkg", columns=["class"])
    true = shapely.from_wkb(wkb[classes == "building"])
    drawn = [shapely.oriented_envelope(one) if i % 3 == 0 else one for i, one in enumerate(true)]
    old = [affinity.translate(one, *OLD_MAP_M) for one in drawn]
    buildings, cache = folder / "footprints.gpkg", folder / "refining" / "scene.sam2.zarr"
    pyogrio.raw.write(
        buildings, shapely.to_wkb(old), [np.array(["yes"] * len(old), object)], ["building"],
        geometry_type="Polygon", crs=meta["crs"],
    )  # fmt: skip
    engine = [sys.executable, "-m", "encoder_tool"]
    encode = [*engine, "encode", str(folder / "scene.tif"), "--out", str(cache), "--quiet"]
    subprocess.run(encode, check=True)
    # Here the image is right: it shows the truth.
    refine = [*engine, "refine", str(cache), str(buildings), "--trust", "imagery"]
    out = ["--out", str(folder / "refined.gpkg"), "--quiet"]
    subprocess.run([*refine, *out], check=True)


def compress(source: Path, target: Path) -> None:
    """In so few colours that an aerial image gets small, chosen so that the rare ones stay: the
    prompts and the outlines are thin."""
    from PIL import Image

    with Image.open(source) as picture:
        few = picture.convert("RGB").quantize(
            COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE
        )
        few.save(target, optimize=True)
    size = target.stat().st_size
    sys.stdout.write(f"{target.name}: {size / 1000:.0f} kB\n")
    if size > MAX_BYTES:
        raise SystemExit(f"{target.name} is larger than {MAX_BYTES / 1000:.0f} kB.")


# --- inside of QGIS


def run(iface: Any, arguments: list[str]) -> None:
    folder, out = map(Path, arguments[:2])
    scene = Scene(iface, folder)
    take = Camera(out)
    take(scene.settings_page(), "engine-page")
    scene.open()
    take(scene.dock_widget, "dock-first")
    dialog = scene.open_encode_dialog()
    take(dialog, "encode-dialog")
    scene.encode(dialog)
    scene.start_clicking()
    *saved, pending = scene.buildings()
    for building in saved:
        scene.box_and_save(building)
    scene.click(pending)
    take(iface.mainWindow(), "window")
    take(scene.dock_widget, "dock")
    take(scene.around(pending), "map")
    scene.review()
    take(iface.mainWindow(), "review")
    scene.leave_review()
    scene.segment_everything()
    take(iface.mainWindow(), "everything")
    take(scene.raster_of(arguments[2]), "layer-to-raster")


if __name__ == "__main__":
    sys.exit(main())
