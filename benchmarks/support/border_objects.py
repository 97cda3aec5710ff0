"""Things of a scene that lie across patch borders, and the same things whole in a patch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from affine import Affine
from rasterio.windows import Window as RasterWindow

from encoder_tool.cache.manifest import Manifest
from encoder_tool.cache.store import open_cache
from encoder_tool.encode import EncodeRequest, plan_encode, run_encode
from encoder_tool.locate import choose_patch
from encoder_tool.metrics import innermost_point
from encoder_tool.prompts import PixelPrompt
from encoder_tool.segment import MapPrompt, Segmenter
from encoder_tool.stitch import Limits
from encoder_tool.truth import read_truth
from encoder_tool.types import PATCH_SIZE, XY, BoundsMap, PatchId

SMALLEST_PX, LARGEST_PX = 24.0, 900.0
"""Across. What is larger fits no patch with its surroundings."""

PATIENT = Limits(seconds=600.0)
"""Accuracy does not depend on the machine's speed."""


@dataclass(frozen=True, eq=False)
class BorderObject:
    """polygon: in the raster's CRS; click: inside of it, as far from its outline as can be"""

    class_name: str
    polygon: shapely.Geometry
    click: XY

    @property
    def prompts(self) -> dict[str, MapPrompt]:
        return {
            "click": MapPrompt(include=(self.click,)),
            "box": MapPrompt(box=BoundsMap(*self.polygon.bounds)),
        }


def encoded(
    raster: Path, model: str, checkpoint: Path | None, levels: int | None, first: int = 0
) -> Segmenter:
    """first: the finest level of which there is anything, whatever levels the cache has"""
    out = raster.with_suffix(".sam2.zarr")
    request = EncodeRequest(
        raster, out=out, model=model, checkpoint=checkpoint, levels=levels, stretch="none",
        restart=True,
    )  # fmt: skip

    def choose(manifest: Manifest) -> list[PatchId]:
        return [patch for patch in manifest.pyramid.patches() if patch.level >= first]

    cache = open_cache(run_encode(plan_encode(request, choose=choose)).cache)
    return Segmenter(cache, limits=PATIENT)


def border_objects(segmenter: Segmenter, truth: Path) -> Iterator[BorderObject]:
    """Those that the patch which answers a click on them does not hold."""
    affine = segmenter.manifest.affine
    for item in read_truth(truth, segmenter.manifest.raster.crs_wkt):
        to_pixels = _mover(~affine)
        pixels = shapely.transform(item.geometry, to_pixels)
        xmin, ymin, xmax, ymax = pixels.bounds
        if not (SMALLEST_PX <= max(xmax - xmin, ymax - ymin) <= LARGEST_PX):
            continue
        point = innermost_point(pixels)
        click = PixelPrompt(np.array([point]), np.empty((0, 2)), None)
        window = segmenter.window(choose_patch(segmenter.cache, click, 0))
        patch = shapely.box(window.col_off, window.row_off, window.col_end, window.row_end)
        if not patch.contains(pixels):
            yield BorderObject(item.class_name or "", item.geometry, XY(*(affine @ point)))


def cut_out(raster: Path, polygon: shapely.Geometry, out: Path) -> Path:
    """The part of a raster that one patch holds, with the object in its middle."""
    with rasterio.open(raster) as source:
        (xmin, ymin, xmax, ymax), to_pixels = polygon.bounds, ~source.transform
        x, y = to_pixels @ ((xmin + xmax) / 2, (ymin + ymax) / 2)
        left = int(np.clip(x - PATCH_SIZE / 2, 0, source.width - PATCH_SIZE))
        top = int(np.clip(y - PATCH_SIZE / 2, 0, source.height - PATCH_SIZE))
        window = RasterWindow(left, top, PATCH_SIZE, PATCH_SIZE)
        profile = {
            **source.profile, "width": PATCH_SIZE, "height": PATCH_SIZE,
            "transform": source.window_transform(window),
        }  # fmt: skip
        with rasterio.open(out, "w", **profile) as target:
            target.write(source.read(window=window))
    return out


def _mover(affine: Affine) -> Callable[[np.ndarray], np.ndarray]:
    a, b, c, d, e, f = affine[:6]
    return lambda xy: np.column_stack(
        [a * xy[:, 0] + b * xy[:, 1] + c, d * xy[:, 0] + e * xy[:, 1] + f]
    )
