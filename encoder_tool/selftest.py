"""Does this engine work? `python -m encoder_tool.selftest [--torch]`.

Draws a small GeoTIFF, encodes it with the embedded model, boxes the drawn roof and compares the
polygon with it, then clicks: that takes every package a base installation needs through its real
work. With `--torch` a sam2 model is built and run as well. Says what it found as one JSON line on
stdout; exit code 0 when all is well.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from affine import Affine

from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.errors import EngineError
from encoder_tool.prompts import MapPrompt
from encoder_tool.segment import Segmenter, SegmentRequest
from encoder_tool.types import XY, BoundsMap
from encoder_tool.vector_out import Provenance, write_objects
from encoder_tool.version import version

SIDE_PX = 256
ROOF_PX = (80, 90, 170, 150)
GRASS, TILES = (88, 110, 70), (190, 95, 70)
GSD_M = 0.3
WEST_M, NORTH_M = 500_000.0, 4_650_000.0
MIN_IOU = 0.75

TORCH_MODEL = "sam2.1-tiny"


class SelfTestError(Exception):
    """The engine runs, but gives a wrong result; the message says which."""


def check_base(folder: Path) -> dict[str, Any]:
    """Encode and click in `folder`; raises SelfTestError or EngineError when that fails."""
    transform = Affine(GSD_M, 0.0, WEST_M, 0.0, -GSD_M, NORTH_M)
    raster, cache_path = folder / "roof.tif", folder / "roof.sam2.zarr"
    _draw(raster, transform)
    left, top, right, bottom = ROOF_PX
    roof = shapely.box(*(transform @ (left, bottom)), *(transform @ (right, top)))

    started = time.perf_counter()
    run_encode(plan_encode(EncodeRequest(raster, out=cache_path, device="cpu")))
    encoded = time.perf_counter()
    segmenter = Segmenter(open_cache(cache_path))
    # What a click means is for the model to guess; a box leaves no choice.
    box = MapPrompt(box=BoundsMap(*roof.bounds))
    found = segmenter.segment(SegmentRequest(box)).objects[0].geometry
    click = MapPrompt(include=(XY(roof.centroid.x, roof.centroid.y),))
    abroad = segmenter.segment(SegmentRequest(click, candidate="all", out_crs="EPSG:4326")).objects
    clicked = time.perf_counter()
    write_objects(abroad, folder / "roof.gpkg", Provenance.of(segmenter.manifest))

    iou = roof.intersection(found).area / roof.union(found).area
    if iou < MIN_IOU:
        raise SelfTestError(f"The drawn roof was found with an IoU of {iou:.2f} only.")
    return {
        "iou": round(iou, 3),
        "encode_s": round(encoded - started, 2),
        "click_s": round(clicked - encoded, 2),
    }


def _draw(path: Path, transform: Affine) -> None:
    left, top, right, bottom = ROOF_PX
    image = np.empty((3, SIDE_PX, SIDE_PX), np.uint8)
    image.T[:] = GRASS
    image.T[left:right, top:bottom] = TILES
    with rasterio.open(
        path, "w", driver="GTiff", width=SIDE_PX, height=SIDE_PX, count=3, dtype="uint8",
        crs="EPSG:32633", transform=transform,
    ) as raster:  # fmt: skip
        raster.write(image)


def check_torch() -> dict[str, Any]:
    """Build a sam2 model with random weights and run its image encoder once."""
    import torch

    from encoder_tool.model.build import ImageModel
    from encoder_tool.model.registry import get_spec

    with torch.inference_mode():
        model = ImageModel(get_spec(TORCH_MODEL).structure)
        features = model.image_encoder(torch.zeros(1, 3, 1024, 1024))
    if not torch.isfinite(features["vision_features"]).all():
        raise SelfTestError("The image encoder of sam2 gives no numbers.")
    return {
        "torch": torch.__version__,
        "sam2": metadata.version("sam2"),
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }


def main(arguments: list[str]) -> int:
    report: dict[str, Any] = {"engine": version(), "python": platform.python_version()}
    try:
        with tempfile.TemporaryDirectory(prefix="geosam-") as folder:
            report |= check_base(Path(folder))
        if "--torch" in arguments:
            report |= check_torch()
    except (SelfTestError, EngineError, ImportError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(report) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
